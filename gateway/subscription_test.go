package gateway_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fondaco/gateway"
	"fondaco/gateway/gatewaytest"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

type change struct {
	Changes struct {
		Cursor, Kind, ID, Operation string
		At                          time.Time
		ChangedFields               []string
		ByFirmID                    *string
		Record                      *struct{ Name, City *string }
	}
}

func next(t *testing.T, s *gatewaytest.Stream) change {
	t.Helper()
	var c change
	if err := json.Unmarshal(s.Next(), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

const follow = `subscription($kinds: [RecordKind!], $after: String, $watch: [ID!]) { changes(kinds: $kinds, after: $after, watch: $watch) {
	cursor at kind id operation changedFields byFirmId record { id ... on Customer { name city } } } }`

// follow subscribes a client to customers, from now on.
func (h *house) follow(t *testing.T, c *gatewaytest.Client, watch ...schema.ID) *gatewaytest.Stream {
	t.Helper()
	ids := []string{}
	for _, id := range watch {
		ids = append(ids, gid(schema.Customers, id))
	}
	return c.Subscribe(follow, vars{"kinds": []string{"CUSTOMER"}, "after": place(c), "watch": ids})
}

func place(c *gatewaytest.Client) string {
	var now struct{ Cursor string }
	c.Must(`{cursor}`, nil, &now)
	return now.Cursor
}

func (h *house) update(p policy.Principal, id schema.ID, field string, value any) {
	h.Do(p, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: id, Values: partners.Values{field: value}})
}

func TestChangesAreFollowed(t *testing.T) {
	t.Parallel()
	h := open(t)
	s := h.follow(t, h.As(h.maker))
	h.Create(h.maker, schema.Teams, partners.Values{"name": "Not followed"})
	id := h.customer(h.maker, "Pump", partners.Values{"city": "Porto"})
	c := next(t, s)
	if c.Changes.Operation != "CREATE" || c.Changes.Kind != "CUSTOMER" || c.Changes.ID != gid(schema.Customers, id) || *c.Changes.Record.Name != "Pump" ||
		!slices.Contains(c.Changes.ChangedFields, "city") || *c.Changes.ByFirmID != gid(schema.Firms, h.maker.Firm.ID()) {
		t.Errorf("the creation comes as %+v", c)
	}
	h.update(h.maker, id, "city", nil)
	if c = next(t, s); c.Changes.Operation != "UPDATE" || fmt.Sprint(c.Changes.ChangedFields) != "[city]" || c.Changes.Record.City != nil {
		t.Errorf("the update comes as %+v", c)
	}
	h.Do(h.maker, partners.Command{Verb: partners.Delete, Kind: schema.Customers, ID: id})
	if c = next(t, s); c.Changes.Operation != "DELETE" || c.Changes.Record != nil || c.Changes.ByFirmID != nil || len(c.Changes.ChangedFields) != 0 {
		t.Errorf("the deletion comes as %+v", c)
	}
}

func TestWhatIsHiddenIsNotTold(t *testing.T) {
	t.Parallel()
	h := open(t)
	agreement := h.Share(h.maker, h.partner, h.partnership,
		`[{"kind":"Customer","level":"FILTER","filter":{"field":"country","op":"eq","value":"PT"},"actions":["read"]}]`)
	id := h.customer(h.maker, "Shared", partners.Values{"country": "PT"})
	hidden := h.customer(h.maker, "Hidden", partners.Values{"country": "PL"})
	s := h.follow(t, h.As(h.partner), id, hidden)
	expect := func(operation, fields string) {
		t.Helper()
		c := next(t, s)
		if c.Changes.ID != gid(schema.Customers, id) || c.Changes.Operation != operation || fmt.Sprint(c.Changes.ChangedFields) != fields {
			t.Errorf("received %+v, want %s of %s", c, operation, fields)
		}
	}
	h.customer(h.maker, "Elsewhere", partners.Values{"country": "PL"})
	h.update(h.maker, hidden, "city", "Gdynia")
	h.update(h.maker, id, "customerNumber", "internal")
	h.update(h.maker, id, "city", "Faro")
	expect("UPDATE", "[city]")
	// The record leaves the view when it no longer meets the filter, and comes back with it.
	h.update(h.maker, id, "country", "PL")
	expect("DELETE", "[]")
	h.update(h.maker, id, "country", "PT")
	expect("UPDATE", "[country]")
	// And it leaves when the agreement is revoked, though it was not changed itself.
	h.Do(h.maker, partners.Command{Verb: "revoke", Kind: schema.SharingAgreements, ID: agreement})
	expect("DELETE", "[]")
	h.update(h.maker, id, "city", "Braga")
	h.Share(h.maker, h.partner, h.partnership, `[{"kind":"Customer","level":"ALL","actions":["read"]}]`)
	h.update(h.maker, id, "city", "Beja")
	expect("UPDATE", "[city]")
}

func TestASubscriptionResumesWithoutLossOrRepetition(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.As(h.maker)
	last := place(c)
	const total = 450 // more than two pages of the tail
	var want, got []string
	for i := range total {
		want = append(want, fmt.Sprintf("Customer %03d", i))
	}
	made := make(chan struct{})
	go func() {
		defer close(made)
		for _, name := range want {
			h.customer(h.maker, name, nil)
		}
	}()
	for len(got) < total {
		s := c.Subscribe(follow, vars{"kinds": []string{"CUSTOMER"}, "after": last})
		for range 1 + len(got)%60 {
			e := next(t, s)
			last = e.Changes.Cursor
			if got = append(got, *e.Changes.Record.Name); len(got) == total {
				break
			}
		}
		s.Close()
	}
	<-made
	if !slices.Equal(got, want) {
		t.Errorf("received %v", got)
	}
	// All at once, of which the tail gives several pages.
	s := c.Subscribe(follow, vars{"kinds": []string{"CUSTOMER"}, "after": last})
	var commands []partners.Command
	for i := range total {
		commands = append(commands, partners.Command{Verb: partners.Create, Kind: schema.Customers, Values: partners.Values{
			"name": fmt.Sprintf("Bulk %03d", i), "customerType": "PERSON", "status": "ACTIVE"}})
	}
	if _, err := h.Write(policy.With(t.Context(), h.maker), commands); err != nil {
		t.Fatal(err)
	}
	for i := range total {
		if i == 123 || i == 322 { // within a page, and within the next
			s.Close()
			s = c.Subscribe(follow, vars{"kinds": []string{"CUSTOMER"}, "after": last})
		}
		e := next(t, s)
		last = e.Changes.Cursor
		if want := fmt.Sprintf("Bulk %03d", i); *e.Changes.Record.Name != want {
			t.Fatalf("received %s, want %s", *e.Changes.Record.Name, want)
		}
	}
}

func TestAForeignCursorIsRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	s := h.As(h.maker).Subscribe(follow, vars{"after": "nonsense"})
	if raw := s.Failure(); !strings.Contains(raw, "after") {
		t.Errorf("the errors are %s", raw)
	}
}

func TestAFirmHasSoManySubscriptionsAndNoMore(t *testing.T) {
	t.Parallel()
	server := gatewaytest.Serve(t, partnerstest.Open(t), func(o *gateway.Options) { o.MaxSubscriptions = 1 })
	h := &house{Server: server, maker: server.Firm("Maker", "PL"), stranger: server.Firm("Stranger", "ES")}
	first := h.follow(t, h.As(h.maker))
	h.customer(h.maker, "Pump", nil)
	next(t, first)
	if raw := h.follow(t, h.As(h.maker)).Failure(); !strings.Contains(raw, "LIMIT") {
		t.Errorf("the second subscription ends with %s", raw)
	}
	other := h.follow(t, h.As(h.stranger))
	h.customer(h.stranger, "Pump", nil)
	next(t, other)
}

func TestASignedOutClientIsClosed(t *testing.T) {
	t.Parallel()
	server := gatewaytest.Serve(t, partnerstest.Open(t), func(o *gateway.Options) { o.Recheck = 20 * time.Millisecond })
	c := server.As(server.Firm("Maker", "PL"))
	s := c.Subscribe(follow, nil)
	c.SignOut()
	if code := s.Closed(); code != 4403 {
		t.Errorf("closed with %d, want 4403", code)
	}
}

func TestManySubscribersShareOneReadOfEachChange(t *testing.T) {
	t.Parallel()
	node, count := counted(t)
	// What is read is shared for a moment, which here lasts as long as the test.
	h := &house{Server: gatewaytest.Serve(t, node, func(o *gateway.Options) { o.Now, o.Look = newClock().now, time.Hour })}
	h.maker = h.Firm("Maker", "PL")
	var all []*gatewaytest.Stream
	colleagues := make([]*gatewaytest.Client, 20)
	for i := range colleagues {
		colleagues[i] = h.As(h.Person(h.maker.Firm, "Colleague", schema.Sales))
	}
	from := place(h.As(h.maker))
	warm := h.customer(h.maker, "Warm", nil)
	for _, c := range colleagues {
		s := c.Subscribe(follow, vars{"kinds": []string{"CUSTOMER"}, "after": from, "watch": []string{gid(schema.Customers, schema.NewID())}})
		if e := next(t, s); e.Changes.ID != gid(schema.Customers, warm) {
			t.Fatalf("received %+v", e)
		}
		all = append(all, s)
	}
	before := count.statements.Load()
	h.customer(h.maker, "Once", nil)
	for _, s := range all {
		if e := next(t, s); *e.Changes.Record.Name != "Once" {
			t.Fatalf("received %+v", e)
		}
	}
	// The write takes some 20 statements, and the idle tail a few; 20 reads of the event would take 80 more.
	if got := count.statements.Load() - before; got > 60 {
		t.Errorf("one change for 20 subscribers took %d statements", got)
	}
}
