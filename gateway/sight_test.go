package gateway_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fondaco/gateway"
	"fondaco/gateway/gatewaytest"
	"fondaco/gateway/socket"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// cutOff is a service whose database can be taken away from it.
type cutOff struct {
	*clock
	pool   *pgxpool.Pool
	away   atomic.Bool
	failed chan struct{} // gets a token for each connection that could not be made, if somebody takes it
}

// separable gives a node whose database can be taken away from its service,
// and not from the test.
func separable(t *testing.T) (*partnerstest.Node, *cutOff) {
	t.Helper()
	c := &cutOff{clock: newClock(), failed: make(chan struct{})}
	return partnerstest.Open(t, func(o *partners.Options) {
		config := o.Pool.Config()
		dial := config.ConnConfig.DialFunc
		config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
			if !c.away.Load() {
				return dial(ctx, network, address)
			}
			select {
			case c.failed <- struct{}{}:
			default:
			}
			return nil, errors.New("the database is away")
		}
		var err error
		if c.pool, err = pgxpool.NewWithConfig(t.Context(), config); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.pool.Close)
		o.Pool, o.Now = c.pool, c.now
	}), c
}

// take takes the database away. No connection that was made is used any more.
func (c *cutOff) take() {
	c.away.Store(true)
	c.pool.Reset()
}

// looked waits until the database was looked for, in vain, some times more.
func (c *cutOff) looked(t *testing.T) {
	t.Helper()
	for range 5 {
		select {
		case <-c.failed:
		case <-time.After(20 * time.Second):
			t.Fatal("nobody looks for the database")
		}
	}
}

// TestStreamsEndWhenNoEpochCanBeRead: a database that is away for less than
// five seconds ends no stream; after five seconds all are ended with a code by
// which clients come again, none begins, and when it is back they go on without
// loss.
func TestStreamsEndWhenNoEpochCanBeRead(t *testing.T) {
	t.Parallel()
	node, cut := separable(t)
	s := gatewaytest.Serve(t, node, func(o *gateway.Options) { o.Look = 5 * time.Millisecond })
	h := &house{Server: s, maker: s.Firm("Maker", "PL")}
	c := s.As(h.maker)
	stream := h.follow(t, c)
	id := h.customer(h.maker, "Pump", nil)
	next(t, stream)

	cut.take()
	cut.pass(4 * second)
	cut.looked(t)
	cut.away.Store(false)
	h.update(h.maker, id, "city", "Gdynia")
	last := next(t, stream)
	if last.Changes.Operation != "UPDATE" {
		t.Errorf("after four seconds without a database the stream goes on with %+v", last)
	}

	cut.take()
	cut.pass(6 * second)
	if code := stream.Closed(); code != socket.CloseLater {
		t.Errorf("closed with %d, want %d", code, socket.CloseLater)
	}
	if raw := c.Subscribe(follow, vars{"after": last.Changes.Cursor}).Ending(); !strings.Contains(raw, "UNAVAILABLE") && raw != "1013" {
		t.Errorf("a stream that begins without a database ends with %s", raw)
	}

	cut.away.Store(false)
	h.update(h.maker, id, "city", "Sopot") // reads an epoch
	again := c.Subscribe(follow, vars{"kinds": []string{"CUSTOMER"}, "after": last.Changes.Cursor})
	if e := next(t, again); *e.Changes.Record.City != "Sopot" {
		t.Errorf("the stream goes on with %+v", e)
	}
}

// TestARevocationElsewhereSilencesAStream: another process takes the sight
// away, and nothing but the database tells the gateway.
func TestARevocationElsewhereSilencesAStream(t *testing.T) {
	t.Parallel()
	h := open(t)
	agreement := h.Share(h.maker, h.partner, h.partnership, `[{"kind":"Customer","level":"ALL","actions":["read"]}]`)
	id := h.customer(h.maker, "Pump", nil)
	stream := h.follow(t, h.As(h.partner), id)
	pool, err := partners.Connect(t.Context(), h.DSN, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	elsewhere, err := partners.New(partners.Options{Pool: pool, CursorKey: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	write := func(c partners.Command) {
		t.Helper()
		if _, err := elsewhere.Write(policy.With(t.Context(), h.maker), []partners.Command{c}); err != nil {
			t.Fatal(err)
		}
	}
	pages, err := elsewhere.Read(policy.With(t.Context(), h.maker), &partners.Plan{Kind: schema.SharingAgreements, IDs: []schema.ID{agreement}},
		&partners.Plan{Kind: schema.Customers, IDs: []schema.ID{id}})
	if err != nil {
		t.Fatal(err)
	}
	write(partners.Command{Verb: "suspend", Kind: schema.SharingAgreements, ID: agreement, ExpectedVersion: pages[0].Rows[0].Version})
	write(partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: id, ExpectedVersion: pages[1].Rows[0].Version, Values: partners.Values{"city": "Hidden"}})
	if e := next(t, stream); e.Changes.Operation != "DELETE" || e.Changes.Record != nil {
		t.Errorf("after the revocation came %+v", e)
	}
	h.Do(h.maker, partners.Command{Verb: "resume", Kind: schema.SharingAgreements, ID: agreement})
	h.update(h.maker, id, "city", "Seen")
	e := next(t, stream)
	if e.Changes.Record != nil && *e.Changes.Record.City == "Hidden" {
		e = next(t, stream) // the loss was told by itself, and the change in between only when the record could be seen again
	}
	if e.Changes.Record == nil || *e.Changes.Record.City != "Seen" {
		t.Errorf("what came next is %+v", e)
	}
}

// asNow authenticates by the server's tokens, and gives each person as it is now.
type asNow struct {
	gateway.Authenticator
	node *partnerstest.Node
}

func (a asNow) Authenticate(r *http.Request) (policy.Principal, error) {
	p, err := a.Authenticator.Authenticate(r)
	if err != nil {
		return p, err
	}
	now, err := a.node.Principal(r.Context(), p.User.ID())
	if code := schema.Code(err); err != nil && (code == schema.CodeNotFound || code == schema.CodeDenied) {
		return now, &schema.Error{Code: schema.CodeDenied, Message: "this person may not sign in any more"}
	}
	return now, err
}

// TestWhoIsNobodyAnyMoreIsClosed: a person who is made inactive, or loses its
// role, gets nothing more, without waiting for the next proof.
func TestWhoIsNobodyAnyMoreIsClosed(t *testing.T) {
	t.Parallel()
	node := partnerstest.Open(t)
	s := gatewaytest.Serve(t, node, func(o *gateway.Options) {
		o.Authenticator, o.Recheck = asNow{o.Authenticator, node}, 24*time.Hour
	})
	h := &house{Server: s, maker: s.Firm("Maker", "PL")}
	leaver, changer := s.Person(h.maker.Firm, "Leaver", schema.Sales), s.Person(h.maker.Firm, "Changer", schema.Administrator)
	id := h.customer(h.maker, "Pump", partners.Values{"email": "a@example.com"})
	streams := map[string]*gatewaytest.Stream{"leaver": h.follow(t, s.As(leaver), id), "changer": h.follow(t, s.As(changer), id), "maker": h.follow(t, s.As(h.maker), id)}

	h.Do(h.maker, partners.Command{Verb: partners.Update, Kind: schema.Users, ID: leaver.User.ID(), Values: partners.Values{"active": false}})
	h.update(h.maker, id, "city", "Gdynia")
	if code := streams["leaver"].Closed(); code != socket.CloseForbidden {
		t.Errorf("who was made inactive is closed with %d, want %d", code, socket.CloseForbidden)
	}
	for _, name := range []string{"changer", "maker"} {
		if e := next(t, streams[name]); e.Changes.Record == nil || *e.Changes.Record.City != "Gdynia" {
			t.Errorf("%s gets %+v", name, e)
		}
	}
}

// TestAFirmsRulesReachItsStreams: what a firm's own rules take away leaves the
// streams of its people when they are put into force, and what they leave to one
// person is not told to another by the same document.
func TestAFirmsRulesReachItsStreams(t *testing.T) {
	t.Parallel()
	h := open(t)
	first, second := h.Person(h.maker.Firm, "First", schema.Sales), h.Person(h.maker.Firm, "Second", schema.Sales)
	own := func(p policy.Principal, name string) schema.ID {
		return h.customer(h.maker, name, partners.Values{"assignee": p.User.ID()})
	}
	ones, twos := own(first, "First's"), own(second, "Second's")
	streams := []*gatewaytest.Stream{h.follow(t, h.As(first), ones, twos), h.follow(t, h.As(second), ones, twos)}
	rule := "p, role:SALES, " + h.maker.Firm.String() + ", Customer, read, beyond:own, *, deny\n"
	if r := h.replace(t, h.maker, vars{"t": rule, "v": h.rules(t, h.maker).Version}); len(r.P.UserErrors) > 0 {
		t.Fatalf("the rules are refused: %+v", r.P)
	}
	for i, gone := range []schema.ID{twos, ones} {
		if e := next(t, streams[i]); e.Changes.Operation != "DELETE" || e.Changes.ID != gid(schema.Customers, gone) {
			t.Errorf("when the rules change, %d is told %+v", i, e)
		}
	}
	h.update(h.maker, ones, "city", "One")
	h.update(h.maker, twos, "city", "Two")
	for i, want := range []schema.ID{ones, twos} {
		if e := next(t, streams[i]); e.Changes.ID != gid(schema.Customers, want) || e.Changes.Record == nil {
			t.Errorf("%d is told %+v", i, e)
		}
	}
}
