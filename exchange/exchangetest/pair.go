// Package exchangetest gives tests two firms on two nodes, linked for real:
// two databases, a nats-server that speaks TLS, and a wire between them that
// can be cut.
package exchangetest

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"fondaco/exchange/federation"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// Side is one of the two firms and its node.
type Side struct {
	*partnerstest.Node
	// Admin is the firm's administrator.
	Admin policy.Principal
	// Folder holds the firm's keys.
	Folder string
	// Federation is the node's door to the other; it is another one after Restart.
	Federation *federation.Node

	t       testing.TB
	options federation.Options
	stop    func()
}

// Two are two paired firms. A invited and runs the nats-server with the
// mailboxes; B joined and connects to it over Wire.
type Two struct {
	A, B *Side
	Wire *Wire
	// Partnership is the active partnership of the two.
	Partnership schema.ID
	// Server is A's.
	Server *federation.Server
	t      testing.TB
	folder string // of the nats-server
}

// Pair gives two firms that are paired and whose partnership is active. Both
// nodes run. All of it is gone when the test ends.
func Pair(t testing.TB, change ...func(*federation.Options)) *Two {
	t.Helper()
	p := &Two{t: t, folder: filepath.Join(t.TempDir(), "nats")}
	p.serve()
	a, b := partnerstest.Open(t), partnerstest.Open(t)
	p.A = side(a, t.TempDir(), a.Firm("Wisła Works", "PL"), p.own(), change)
	p.B = side(b, t.TempDir(), b.Firm("Tejo Distribuição", "PT"), federation.Options{}, change)
	p.A.Start()
	p.B.Start()
	p.pair()
	return p
}

// serve starts the nats-server, and lays the wire to it.
func (p *Two) serve() {
	p.t.Helper()
	p.startServer()
	p.Wire = newWire(p.t, p.Server.Address())
}

// RestartServer starts the nats-server after it was closed, with the same
// mailboxes, and A's node with it.
func (p *Two) RestartServer() {
	p.t.Helper()
	p.A.Stop()
	p.startServer()
	p.Wire.lead(p.Server.Address()) // another, if somebody else has taken its port
	p.A.options.Server = p.Server
	p.A.Start()
}

func (p *Two) startServer() {
	p.t.Helper()
	var err error
	p.Server, err = federation.StartServer(p.t.Context(), federation.ServerOptions{Folder: p.folder, Listen: "127.0.0.1:0"})
	if err != nil {
		p.t.Fatalf("start nats-server: %v", err)
	}
	p.t.Cleanup(p.Server.Close)
}

// own are the options of the side that runs the server.
func (p *Two) own() federation.Options {
	return federation.Options{Server: p.Server, Advertise: p.Wire.Address()}
}

func side(node *partnerstest.Node, folder string, admin policy.Principal, o federation.Options, change []func(*federation.Options)) *Side {
	t := node.T()
	s := &Side{Node: node, Folder: folder, t: t, Admin: admin}
	o.Service, o.Folder = node.Service, s.Folder
	if testing.Verbose() {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil)).With(slog.String("node", admin.Firm.String()))
	}
	for _, c := range change {
		c(&o)
	}
	s.options = o
	return s
}

// Start lets the side's node run.
func (s *Side) Start() {
	s.t.Helper()
	node, err := federation.New(s.options)
	if err != nil {
		s.t.Fatalf("open federation: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- node.Run(ctx) }()
	var once bool
	s.Federation = node
	s.stop = func() {
		if once {
			return
		}
		once = true
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("federation: %v", err)
		}
	}
	s.t.Cleanup(s.stop)
}

// Stop ends the side's node and waits until it has ended.
func (s *Side) Stop() { s.stop() }

// Restart ends the side's node and lets it run again.
func (s *Side) Restart() {
	s.t.Helper()
	s.Stop()
	s.Start()
}

// pair goes through the steps that people take.
func (p *Two) pair() {
	p.t.Helper()
	ctx := p.t.Context()
	invitation, err := p.A.Federation.Invite(ctx, p.A.Admin.Firm)
	if err != nil {
		p.t.Fatalf("invite: %v", err)
	}
	answer, err := p.B.Federation.Join(ctx, p.B.Admin.Firm, invitation)
	if err != nil {
		p.t.Fatalf("join: %v", err)
	}
	if err := p.A.Federation.Accept(policy.With(ctx, p.A.Admin), p.A.Admin.Firm, answer); err != nil {
		p.t.Fatalf("accept: %v", err)
	}
	offered := p.B.Await("the partnership arrives", schema.Partnerships, func(rows []partners.Row) bool { return len(rows) == 1 })
	p.Partnership = offered[0].ID
	p.B.Create(p.B.Admin, schema.Acceptances, partners.Values{"partnership": p.Partnership, "answer": "ACCEPTED"})
	for _, s := range []*Side{p.A, p.B} {
		s.Await("the partnership is active", schema.Partnerships, func(rows []partners.Row) bool {
			return len(rows) == 1 && string(rows[0].Cells[fieldPlace(schema.Partnerships, "state")]) == "ACTIVE"
		})
	}
}

// Share lets B see what the terms say of A's records, and returns when it is
// accepted on both nodes.
func (p *Two) Share(terms string) schema.ID {
	p.t.Helper()
	return p.A.ShareWith(p.B, p.Partnership, terms)
}

// ShareWith lets the other side see what the terms say of this side's records,
// and returns when it is accepted on both nodes.
func (s *Side) ShareWith(with *Side, partnership schema.ID, terms string) schema.ID {
	s.t.Helper()
	id := s.Create(s.Admin, schema.SharingAgreements, partners.Values{
		"name": "Agreement", "addressedTo": with.Admin.Firm.ID(), "partnership": partnership, "terms": json.RawMessage(terms),
	})
	s.Do(s.Admin, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: id})
	with.Await("the offer arrives", schema.SharingAgreements, has(id))
	acceptance := with.Create(with.Admin, schema.Acceptances, partners.Values{"sharingAgreement": id, "answer": "ACCEPTED"})
	s.Await("the acceptance arrives", schema.Acceptances, has(acceptance))
	return id
}

// has looks for a record among rows.
func has(id schema.ID) func([]partners.Row) bool {
	return func(rows []partners.Row) bool { return find(rows, id) != nil }
}

func find(rows []partners.Row, id schema.ID) *partners.Row {
	for i := range rows {
		if rows[i].ID == id {
			return &rows[i]
		}
	}
	return nil
}

// Patience is how long a test waits for what must come.
const Patience = 20 * time.Second

// Rows lists what the side's administrator sees of a kind, with all fields,
// up to a page.
func (s *Side) Rows(kind *schema.Kind) []partners.Row {
	s.t.Helper()
	pages, err := s.Read(policy.With(s.t.Context(), s.Admin), &partners.Plan{Kind: kind, Fields: kind.Fields, First: partners.PageLimit})
	if err != nil {
		s.t.Fatalf("read %s: %v", kind, err)
	}
	return pages[0].Rows
}

// Await returns the rows of a kind as soon as they are as wanted.
func (s *Side) Await(what string, kind *schema.Kind, wanted func([]partners.Row) bool) []partners.Row {
	s.t.Helper()
	deadline := time.After(Patience)
	for {
		news := s.News()
		rows := s.Rows(kind)
		if wanted(rows) {
			return rows
		}
		select {
		case <-news:
		case <-deadline:
			s.t.Fatalf("%s: not within %v; there are %d", what, Patience, len(rows))
		}
	}
}

// AwaitRecord returns a record's row as soon as the side has it.
func (s *Side) AwaitRecord(kind *schema.Kind, id schema.ID) partners.Row {
	s.t.Helper()
	return *find(s.Await(kind.Name+" arrives", kind, has(id)), id)
}

// AwaitGone returns as soon as the side has a record no more.
func (s *Side) AwaitGone(kind *schema.Kind, id schema.ID) {
	s.t.Helper()
	s.Await(kind.Name+" goes", kind, func(rows []partners.Row) bool { return find(rows, id) == nil })
}

// Text gives the text of a field in a row made by Rows.
func Text(kind *schema.Kind, row partners.Row, field string) string {
	return string(row.Cells[fieldPlace(kind, field)])
}

// fieldPlace is where a field's first cell stands.
func fieldPlace(kind *schema.Kind, name string) int {
	place := 0
	for _, f := range kind.Fields {
		if f.Name == name {
			return place
		}
		place += len(f.Columns())
	}
	panic("exchangetest: " + kind.Name + " has no field " + name)
}

// Settle returns when all that the side has committed is at the other side.
func (s *Side) Settle() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), Patience)
	defer cancel()
	if err := s.Federation.Settle(ctx); err != nil {
		links, _ := s.Federation.Links(s.t.Context())
		s.t.Fatalf("settle: %v; links: %+v", err, links)
	}
}
