package partners_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// passable are terms of a first firm that let the second pass things on.
const passable = `[
	{"kind": "Customer", "level": "FILTER", "filter": {"field": "country", "op": "ne", "value": "PL"}, "actions": ["read", "comment"], "classes": ["personal"], "reshare": true},
	{"kind": "Contact", "level": "CHILDREN", "actions": ["read"], "classes": ["personal"], "reshare": true},
	{"kind": "Interaction", "level": "CHILDREN", "actions": ["read"], "reshare": true},
	{"kind": "Product", "level": "ALL", "actions": ["read"]}]`

// A chain is a maker that shares with a distributor, which passes on to a
// dealer. The dealer and the maker are no partners.
type chain struct {
	*partnerstest.Node
	maker, distributor, dealer policy.Principal
	first, last                schema.ID // the partnerships
	paper, source, passed      schema.ID // the agreements
	seen, hidden, contact      schema.ID
}

func newChain(t *testing.T, change ...func(*partners.Options)) *chain {
	t.Helper()
	n := partnerstest.Open(t, change...)
	c := &chain{Node: n, maker: n.Firm("Wisła Pompy", "PL"), distributor: n.Firm("Lusitânia", "PT"), dealer: n.Firm("Bombas do Douro", "PT")}
	c.first, c.last = n.Partnership(c.maker, c.distributor), n.Partnership(c.distributor, c.dealer)
	c.paper = n.Create(c.maker, schema.Agreements, partners.Values{
		"name": "NDA", "addressedTo": c.distributor.Firm.ID(), "agreementType": "NDA", "effectiveOn": schema.DateOf(n.Now()).AddDays(-10),
	})
	c.source = n.Create(c.maker, schema.SharingAgreements, partners.Values{
		"name": "First", "addressedTo": c.distributor.Firm.ID(), "partnership": c.first, "terms": raw(passable), "requires": c.paper,
	})
	n.Do(c.maker, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: c.source})
	n.Create(c.distributor, schema.Acceptances, partners.Values{"sharingAgreement": c.source, "answer": "ACCEPTED"})
	c.seen = n.Create(c.maker, schema.Customers, customer("Águas do Porto", "PT"))
	c.hidden = n.Create(c.maker, schema.Customers, customer("Wodociągi Kraków", "PL"))
	c.contact = n.Create(c.maker, schema.Contacts, partners.Values{"customer": c.seen, "name": "Ana", "email": "ana@example.com"})
	c.passed = c.passOn(t, `[{"kind": "Customer", "level": "ALL", "actions": ["read"]}, {"kind": "Contact", "level": "CHILDREN", "actions": ["read"], "classes": ["personal"]}]`)
	return c
}

// passOn makes an agreement of the distributor with the dealer that rests on
// the maker's, and has it accepted.
func (c *chain) passOn(t *testing.T, terms string) schema.ID {
	t.Helper()
	id := c.Create(c.distributor, schema.SharingAgreements, c.passing(terms))
	c.Do(c.distributor, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: id})
	c.Create(c.dealer, schema.Acceptances, partners.Values{"sharingAgreement": id, "answer": "ACCEPTED"})
	return id
}

func (c *chain) passing(terms string) partners.Values {
	return partners.Values{"name": "Passed on", "addressedTo": c.dealer.Firm.ID(), "partnership": c.last, "terms": raw(terms), "restsOn": c.source}
}

// names gives the labels of what a principal reads of a kind, by list and by
// id, and wants counts and search to agree.
func (c *chain) names(t *testing.T, p policy.Principal, k *schema.Kind, ids ...schema.ID) []string {
	t.Helper()
	fields := []*schema.Field{k.Label}
	pages, err := c.Read(policy.With(t.Context(), p), &partners.Plan{Kind: k, Fields: fields, First: 50, CountMax: 50}, &partners.Plan{Kind: k, Fields: fields, IDs: ids},
		&partners.Plan{Kind: k, Fields: fields, First: 50, Search: "a"})
	if err != nil {
		t.Fatal(err)
	}
	var list [3][]string
	for i, page := range pages {
		for _, r := range page.Rows {
			list[i] = append(list[i], string(r.Cells[0]))
		}
		slices.Sort(list[i])
	}
	if len(ids) > 0 && !slices.Equal(list[0], list[1]) || !slices.Equal(list[0], list[2]) || pages[0].Count != len(list[0]) {
		t.Errorf("%s: the list has %q, by id %q, by search %q, counted %d", k, list[0], list[1], list[2], pages[0].Count)
	}
	return list[0]
}

func TestWhatIsPassedOn(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	if got := c.names(t, c.dealer, schema.Customers, c.seen, c.hidden); !slices.Equal(got, []string{"Águas do Porto"}) {
		t.Errorf("the dealer sees %q, want the one that the maker shares", got)
	}
	if got := c.names(t, c.dealer, schema.Contacts, c.contact); !slices.Equal(got, []string{"Ana"}) {
		t.Errorf("the dealer sees the contacts %q", got)
	}
	row := list(t, c.Node, c.dealer)["Águas do Porto"]
	phone := schema.Customers.FieldNamed("phone")
	if row.Owner != c.maker.Firm || row.Mask.Has(phone.Bit) {
		t.Errorf("the customer is of %s with mask %b; want it the maker's, without the telephone number, which was not passed on", row.Owner, row.Mask)
	}
	// Comments are not passed on, and nothing goes to the dealer's node.
	if _, err := c.Write(policy.With(t.Context(), c.dealer), []partners.Command{{Verb: partners.Create, Kind: schema.Interactions, Values: partners.Values{
		"customer": c.seen, "interactionType": "NOTE", "subject": "x",
	}}}); schema.Code(err) != schema.CodeDenied {
		t.Errorf("the dealer adds a note: %v, want denied", err)
	}
	projected, err := c.Project(t.Context(), c.dealer.Firm, schema.Customers, []schema.ID{c.seen})
	if err != nil || len(projected) > 0 {
		t.Errorf("to the dealer's node go %v, %v; want nothing", projected, err)
	}
	// That it reads the maker's records makes the maker no partner.
	if _, err := c.Write(policy.With(t.Context(), c.dealer), []partners.Command{{Verb: partners.Create, Kind: schema.Tasks, Values: partners.Values{
		"name": "Call", "customer": c.seen, "audience": "FIRMS", "audienceFirms": []schema.ID{c.maker.Firm.ID()},
	}}}); schema.Code(err) == "" {
		t.Error("the dealer names the maker in an audience, and is no partner of it")
	}
	if got := c.names(t, c.dealer, schema.Firms); slices.Contains(got, "Wisła Pompy") {
		t.Errorf("the dealer sees the firms %q, and is no partner of the maker", got)
	}
}

// TestPassingOnDiesWithItsParent: whatever ends the first agreement ends the
// one that rests on it, for the next read; and what begins again, begins again.
func TestPassingOnDiesWithItsParent(t *testing.T) {
	t.Parallel()
	verb := func(verb string, k *schema.Kind, of func(*chain) (policy.Principal, schema.ID)) func(*chain) {
		return func(c *chain) {
			p, id := of(c)
			c.Do(p, partners.Command{Verb: verb, Kind: k, ID: id})
		}
	}
	source := func(c *chain) (policy.Principal, schema.ID) { return c.maker, c.source }
	first := func(c *chain) (policy.Principal, schema.ID) { return c.maker, c.first }
	passed := func(c *chain) (policy.Principal, schema.ID) { return c.distributor, c.passed }
	paper := func(field string, days int) func(*chain) {
		return func(c *chain) {
			c.Do(c.maker, partners.Command{Verb: partners.Update, Kind: schema.Agreements, ID: c.paper, Values: partners.Values{field: schema.DateOf(c.Now()).AddDays(days)}})
		}
	}
	for _, test := range []struct {
		name  string
		ends  func(*chain)
		again func(*chain) // nil for what ends for good
	}{
		{"suspended", verb("suspend", schema.SharingAgreements, source), verb("resume", schema.SharingAgreements, source)},
		{"revoked", verb("revoke", schema.SharingAgreements, source), nil},
		{"the paper ended", paper("terminatedOn", -1), func(c *chain) {
			c.Do(c.maker, partners.Command{Verb: partners.Update, Kind: schema.Agreements, ID: c.paper, Values: partners.Values{"terminatedOn": nil}})
		}},
		{"the paper begins later", paper("effectiveOn", 2), paper("effectiveOn", -2)},
		{"the paper is gone", verb(partners.Delete, schema.Agreements, func(c *chain) (policy.Principal, schema.ID) { return policy.System(c.maker.Firm), c.paper }), nil},
		{"the acceptance withdrawn", func(c *chain) {
			c.Create(c.distributor, schema.Acceptances, partners.Values{"sharingAgreement": c.source, "answer": "WITHDRAWN"})
		}, func(c *chain) {
			c.Create(c.distributor, schema.Acceptances, partners.Values{"sharingAgreement": c.source, "answer": "ACCEPTED"})
		}},
		{"the partnership of the first suspended", verb("suspend", schema.Partnerships, first), verb("resume", schema.Partnerships, first)},
		{"the partnership of the first ended", verb("end", schema.Partnerships, first), nil},
		{"itself suspended", verb("suspend", schema.SharingAgreements, passed), verb("resume", schema.SharingAgreements, passed)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newChain(t)
			if got := c.names(t, c.dealer, schema.Customers, c.seen); len(got) != 1 {
				t.Fatalf("before, the dealer sees %q", got)
			}
			test.ends(c)
			if got := append(c.names(t, c.dealer, schema.Customers, c.seen), c.names(t, c.dealer, schema.Contacts, c.contact)...); len(got) > 0 {
				t.Errorf("the dealer still sees %q", got)
			}
			if test.again == nil {
				return
			}
			test.again(c)
			if got := c.names(t, c.dealer, schema.Customers, c.seen); len(got) != 1 {
				t.Errorf("after it began again, the dealer sees %q", got)
			}
		})
	}
}

// TestPassingOnEndsInTime: the first agreement's last day is the last of all
// that rests on it.
func TestPassingOnEndsInTime(t *testing.T) {
	t.Parallel()
	var ahead time.Duration
	start := time.Now()
	c := newChain(t, func(o *partners.Options) { o.Now = func() time.Time { return start.Add(ahead) } })
	c.Do(c.maker, partners.Command{Verb: partners.Update, Kind: schema.Agreements, ID: c.paper, Values: partners.Values{"expiresOn": schema.DateOf(start.UTC()).AddDays(3)}})
	if got := c.names(t, c.dealer, schema.Customers, c.seen); len(got) != 1 {
		t.Fatalf("on its first day the dealer sees %q", got)
	}
	ahead = 5 * 24 * time.Hour
	if got := c.names(t, c.dealer, schema.Customers, c.seen); len(got) != 0 {
		t.Errorf("after the last day of the paper the dealer sees %q", got)
	}
}

// TestPassingOnIsForbiddenUnlessSaid: terms that pass on more than was allowed
// are refused, and so is a chain.
func TestPassingOnIsForbiddenUnlessSaid(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	further := c.Firm("Rega", "ES")
	beyond := c.Partnership(c.dealer, further)
	create := func(p policy.Principal, values partners.Values) error {
		_, err := c.Write(policy.With(t.Context(), p), []partners.Command{{Verb: partners.Create, Kind: schema.SharingAgreements, Values: values}})
		return err
	}
	for _, test := range []struct{ name, terms, want string }{
		{"a kind that may not be passed on", `[{"kind": "Product", "level": "ALL", "actions": ["read"]}]`, "may not be passed on"},
		{"a kind that is not shared", `[{"kind": "Promotion", "level": "ALL", "actions": ["read"]}]`, "may not be passed on"},
		{"an action that is not shared", `[{"kind": "Customer", "level": "ALL", "actions": ["read", "export"]}]`, "action export"},
		{"fields that are not shared", `[{"kind": "Customer", "level": "ALL", "actions": ["read"], "classes": ["commercial"]}]`, "fields"},
		{"grants", `[{"kind": "Customer", "level": "GRANTED", "actions": ["read"]}]`, "level GRANTED cannot be passed on"},
		{"all of what hangs below", `[{"kind": "Contact", "level": "ALL", "actions": ["read"]}]`, "rests on level CHILDREN"},
		{"what names firms", `[{"kind": "Interaction", "level": "CHILDREN", "actions": ["read"]}]`, "meant for the firms that it names"},
		{"a further link", `[{"kind": "Customer", "level": "ALL", "actions": ["read"], "reshare": true}]`, "cannot be passed on again"},
	} {
		if err := create(c.distributor, c.passing(test.terms)); schema.Code(err) != schema.CodeInvalid || !strings.Contains(fmt.Sprint(err), test.want) {
			t.Errorf("%s: %v, want it refused with %q", test.name, err, test.want)
		}
	}
	fine := `[{"kind": "Customer", "level": "ALL", "actions": ["read"]}]`
	values := partners.Values{"name": "Chain", "addressedTo": further.Firm.ID(), "partnership": beyond, "terms": raw(fine), "restsOn": c.passed}
	if err := create(c.dealer, values); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("what was passed on once is passed on: %v, want invalid", err)
	}
	values["restsOn"] = c.source
	if err := create(c.dealer, values); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("somebody else's agreement is passed on: %v, want invalid", err)
	}
	back := c.passing(fine)
	back["addressedTo"], back["partnership"] = c.maker.Firm.ID(), c.first
	if err := create(c.distributor, back); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("records are passed back to whose they are: %v, want invalid", err)
	}
	// A draft can be written at any time, and offered while the first is in force.
	c.Do(c.maker, partners.Command{Verb: "suspend", Kind: schema.SharingAgreements, ID: c.source})
	draft := c.Create(c.distributor, schema.SharingAgreements, c.passing(fine))
	_, err := c.Write(policy.With(t.Context(), c.distributor), []partners.Command{{Verb: "offer", Kind: schema.SharingAgreements, ID: draft}})
	if schema.Code(err) != schema.CodeConflict {
		t.Errorf("offered while the first is suspended: %v, want a conflict", err)
	}
}

// TestOwnerSeesToWhomItIsPassedOn: the firm whose records they are is told who
// sees them, by which agreement and why, now and as at a past time; and finds
// the reads in its audit.
func TestOwnerSeesToWhomItIsPassedOn(t *testing.T) {
	t.Parallel()
	c := newChain(t, ticking)
	ctx := policy.With(t.Context(), c.maker)
	record := partners.Record{Kind: schema.Customers, ID: c.seen}
	dealer := partners.Viewer{Firm: c.dealer.Firm}
	who := func(seers *partners.Seers, err error) schema.ID {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range seers.List {
			if s.Viewer == dealer {
				return s.Paths[0].Agreement
			}
		}
		return schema.ID{}
	}
	if by := who(c.Who(ctx, record, partners.Span{First: 20})); by != c.passed {
		t.Errorf("the dealer sees it by %s, want %s", by, c.passed)
	}
	what, err := c.What(ctx, dealer, schema.Customers, partners.Span{First: 20})
	if err != nil || len(what.List) != 1 || what.List[0].ID != c.seen {
		t.Errorf("what the dealer sees: %+v, %v; want the one customer", what, err)
	}
	as := policy.System(c.dealer.Firm)
	why, err := c.Why(ctx, record, nil, policy.Read, &as)
	if err != nil || !why.Allowed || why.Why()[0].Agreement.Grantor != c.distributor.Firm || why.Why()[0].Agreement.Owner != c.maker.Firm {
		t.Errorf("why the dealer sees it: %+v, %v", why, err)
	}
	list(t, c.Node, c.dealer)
	if err := c.NoteReads(t.Context()); err != nil {
		t.Fatal(err)
	}
	reads, err := c.ReadsOf(ctx, &record, 0, 10)
	if err != nil || len(reads) != 1 || reads[0].Reader != c.dealer.Firm || !slices.Equal(reads[0].Agreements, []schema.ID{c.passed}) {
		t.Errorf("reads of the customer: %+v, %v; want the dealer's by the agreement that passes on", reads, err)
	}
	at := c.Now()
	c.Do(c.maker, partners.Command{Verb: "suspend", Kind: schema.SharingAgreements, ID: c.source})
	if by := who(c.Who(ctx, record, partners.Span{First: 20})); !by.IsZero() {
		t.Errorf("while the first is suspended the dealer sees it by %s", by)
	}
	past, err := c.At(at).Who(ctx, record, partners.Span{First: 20})
	if err != nil {
		t.Fatal(err)
	}
	if by := who(&past.Seers, nil); by != c.passed || len(past.Gaps) > 0 {
		t.Errorf("before, it saw it by %s, gaps %v", by, past.Gaps)
	}
	then, err := c.At(at).What(ctx, dealer, schema.Customers, partners.Span{First: 20})
	if err != nil || len(then.List) != 1 {
		t.Errorf("what the dealer saw: %+v, %v", then, err)
	}
	now, err := c.At(c.Now()).What(ctx, dealer, schema.Customers, partners.Span{First: 20})
	if err != nil || len(now.List) != 0 {
		t.Errorf("what the dealer sees while suspended: %+v, %v", now, err)
	}
}

// TestGrantedRecordsArePassedOn: what was granted one by one to who passes on
// is reached by that very list, and goes with the grant.
func TestGrantedRecordsArePassedOn(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	single := c.Share(c.maker, c.distributor, c.first, `[{"kind": "Product", "level": "GRANTED", "actions": ["read"], "reshare": true}]`)
	one := c.Create(c.maker, schema.Products, partners.Values{"name": "Pump A", "partNumber": "A"})
	c.Create(c.maker, schema.Products, partners.Values{"name": "Pump B", "partNumber": "B"})
	grant := c.Create(c.maker, schema.Grants, partners.Values{"sharingAgreement": single, "recordKind": "Product", "recordId": one.String()})
	values := c.passing(`[{"kind": "Product", "level": "ALL", "actions": ["read"]}]`)
	values["restsOn"] = single
	id := c.Create(c.distributor, schema.SharingAgreements, values)
	c.Do(c.distributor, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: id})
	c.Create(c.dealer, schema.Acceptances, partners.Values{"sharingAgreement": id, "answer": "ACCEPTED"})
	if diff := cmp.Diff([]string{"Pump A"}, c.names(t, c.dealer, schema.Products, one)); diff != "" {
		t.Errorf("products that the dealer sees (-want +got):\n%s", diff)
	}
	c.Do(c.maker, partners.Command{Verb: partners.Delete, Kind: schema.Grants, ID: grant})
	if got := c.names(t, c.dealer, schema.Products, one); len(got) > 0 {
		t.Errorf("after the grant was taken back the dealer sees %q", got)
	}
}
