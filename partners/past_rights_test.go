package partners_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// pastOf asks what another firm saw of the customers of the asking person's
// firm, by id.
func pastOf(t *testing.T, n *partnerstest.Node, by policy.Principal, at time.Time, v partners.Viewer) map[schema.ID]partners.PastRecord {
	t.Helper()
	page, err := n.At(at).Read(policy.With(t.Context(), by), v, schema.Customers, partners.Span{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	found := map[schema.ID]partners.PastRecord{}
	for _, r := range page.List {
		found[r.ID] = r
	}
	return found
}

// TestPastSurvivesWhatEnded: what another firm saw is told after the grant, the
// agreement and the record itself have ended; and that it sees nothing now.
func TestPastSurvivesWhatEnded(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t, ticking)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	v := partners.Viewer{Firm: distributor.Firm}
	partnership := n.Partnership(maker, distributor)
	all := n.Share(maker, distributor, partnership, portugueseCustomers)
	single := n.Share(maker, distributor, partnership, `[{"kind": "Customer", "level": "GRANTED", "actions": ["read"]}]`)
	pt, pl := n.Create(maker, schema.Customers, customer("Águas", "PT")), n.Create(maker, schema.Customers, customer("Wodociągi", "PL"))
	none := n.Now()
	granted := n.Create(maker, schema.Grants, partners.Values{"sharingAgreement": single, "recordKind": "Customer", "recordId": pl.String()})
	both := n.Now()
	n.Do(maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: pt, Values: partners.Values{"name": "Águas do Porto"}})
	n.Do(policy.System(maker.Firm), partners.Command{Verb: partners.Delete, Kind: schema.Grants, ID: granted})
	renamed := n.Now()
	n.Do(maker, partners.Command{Verb: "suspend", Kind: schema.SharingAgreements, ID: all})
	suspended := n.Now()
	n.Do(maker, partners.Command{Verb: "resume", Kind: schema.SharingAgreements, ID: all})
	resumed := n.Now()
	n.Do(maker, partners.Command{Verb: partners.Delete, Kind: schema.Customers, ID: pt})
	n.Do(maker, partners.Command{Verb: "end", Kind: schema.Partnerships, ID: partnership})
	for _, test := range []struct {
		name string
		at   time.Time
		want map[schema.ID]string
	}{
		{"before the grant", none, map[schema.ID]string{pt: "Águas"}},
		{"with the grant", both, map[schema.ID]string{pt: "Águas", pl: "Wodociągi"}},
		{"renamed, and the grant taken back", renamed, map[schema.ID]string{pt: "Águas do Porto"}},
		{"suspended", suspended, nil},
		{"resumed", resumed, map[schema.ID]string{pt: "Águas do Porto"}},
		{"now", n.Now().Add(time.Hour), nil},
	} {
		got := pastOf(t, n, maker, test.at, v)
		if len(got) != len(test.want) {
			t.Errorf("%s: %d customers were seen, want %d", test.name, len(got), len(test.want))
		}
		for id, name := range test.want {
			if r := got[id]; !strings.Contains(string(r.Fields), `"`+name+`"`) || r.Withheld != 0 || strings.Contains(string(r.Fields), "1200000") {
				t.Errorf("%s: %s was seen as %s, want it as %q and without its revenue", test.name, id, r.Fields, name)
			}
		}
	}
	seers, err := n.At(both).Who(policy.With(t.Context(), maker), partners.Record{Kind: schema.Customers, ID: pl}, partners.Span{First: 10})
	if err != nil {
		t.Fatal(err)
	}
	by := map[partners.Viewer]schema.ID{}
	for _, s := range seers.List {
		by[s.Viewer] = s.Paths[0].Agreement
	}
	if by[v] != single {
		t.Errorf("who saw it: %v, want the distributor by agreement %s", by, single)
	}
	record := partners.Record{Kind: schema.Customers, ID: pt}
	x, err := n.At(suspended).Why(policy.With(t.Context(), maker), record, nil, policy.Read, v)
	if err != nil || x.Allowed || !slices.ContainsFunc(x.Reasons, func(r policy.Reason) bool {
		return r.Agreement != nil && r.Agreement.ID == all && r.Agreement.Standing == policy.StandsSuspended
	}) {
		t.Errorf("why not while suspended: %+v, %v", x, err)
	}
}

// TestPastOfAFirmElsewhere: what a firm on another node answered counts from
// when it arrived until it was taken back, and is told after that.
func TestPastOfAFirmElsewhere(t *testing.T) {
	t.Parallel()
	a, b, maker, distributor := pair(t)
	v := partners.Viewer{Firm: distributor.Firm}
	id := a.Create(maker, schema.Customers, customer("Águas", "PT"))
	open := a.Now()
	if got := pastOf(t, a, maker, open, v); len(got) != 1 {
		t.Fatalf("%d customers were seen, want one", len(got))
	}
	before := pastOf(t, a, maker, open.Add(-time.Hour), v)
	// The distributor takes its acceptance back.
	pages, err := b.Read(policy.With(t.Context(), distributor), &partners.Plan{Kind: schema.SharingAgreements, First: 10})
	if err != nil || len(pages[0].Rows) == 0 {
		t.Fatalf("agreements at the distributor's: %v", err)
	}
	answer := b.Create(distributor, schema.Acceptances, partners.Values{"sharingAgreement": pages[0].Rows[0].ID, "answer": "WITHDRAWN"})
	carry(t, b, a, distributor.Firm, maker.Firm, schema.Acceptances, answer)
	closed := a.Now()
	applied, err := a.Apply(t.Context(), partners.Incoming{From: distributor.Firm, To: maker.Firm, Redactions: []partners.Redaction{{Kind: schema.Acceptances, ID: answer}}})
	if err != nil || len(applied.Refused) > 0 {
		t.Fatalf("redact: %v, %v", applied, err)
	}
	if got := pastOf(t, a, maker, open, v); len(before) != 0 || len(got) != 1 || got[id].Version != 1 {
		t.Errorf("%v were seen an hour before, %v while it was open; want none and one", before, got)
	}
	if got := pastOf(t, a, maker, closed, v); len(got) != 0 {
		t.Errorf("%v were seen after the acceptance was taken back", got)
	}
}

// TestPastIsForThoseWhoMay: administrators and auditors ask, about records of
// their own firm, and get no value that they could not read themselves.
func TestPastIsForThoseWhoMay(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t, ticking)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	seller, auditor := n.Person(maker.Firm, "Seller", schema.Sales), n.Person(maker.Firm, "Auditor", schema.Auditor)
	stranger := n.Firm("Stranger", "ES")
	n.Share(maker, distributor, n.Partnership(maker, distributor), portugueseCustomers)
	id := n.Create(maker, schema.Customers, customer("Águas", "PT"))
	at := n.Now()
	record := partners.Record{Kind: schema.Customers, ID: id}
	past := n.At(at)
	for _, test := range []struct {
		by     policy.Principal
		viewer partners.Viewer
		want   schema.ErrorCode
	}{
		{maker, partners.Viewer{User: seller.User}, ""}, {auditor, partners.Viewer{Firm: distributor.Firm}, ""}, {policy.System(maker.Firm), partners.Viewer{User: seller.User}, ""},
		{seller, partners.Viewer{User: seller.User}, schema.CodeDenied}, {policy.Node(maker.Firm), partners.Viewer{Firm: distributor.Firm}, schema.CodeDenied},
		// The record is the maker's: its partner learns nothing of it by looking back, not even for its own people.
		{distributor, partners.Viewer{User: distributor.User}, schema.CodeNotFound},
		{maker, partners.Viewer{User: distributor.User}, ""},
		// People of firms that have nothing to do with the asking one are unknown to it.
		{maker, partners.Viewer{User: stranger.User}, schema.CodeNotFound},
		{maker, partners.Viewer{}, schema.CodeInvalid},
		{maker, partners.Viewer{Firm: maker.Firm}, schema.CodeInvalid},
	} {
		if _, err := past.Record(policy.With(t.Context(), test.by), test.viewer, record); schema.Code(err) != test.want {
			t.Errorf("%v asks for %+v: %v, want %q", test.by.Roles, test.viewer, err, test.want)
		}
	}
	if _, err := past.Why(policy.With(t.Context(), maker), record, nil, policy.Read, partners.Viewer{User: distributor.User}); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("why a person of another firm saw it: %v, want that this is for the other firm to ask", err)
	}
	// From now on auditors may not read personal fields.
	lines := "p, role:AUDITOR, " + maker.Firm.String() + ", Customer, read, firm, personal, deny\n"
	if err := n.SetOverrides(policy.With(t.Context(), maker), lines); err != nil {
		t.Fatal(err)
	}
	phone := schema.Customers.FieldNamed("phone")
	got := pastOf(t, n, auditor, at, partners.Viewer{User: seller.User})[id]
	if !got.Mask.Has(phone.Bit) || !got.Withheld.Has(phone.Bit) || strings.Contains(string(got.Fields), "+351") {
		t.Errorf("the auditor is given %s, withheld %b; want that a seller saw the telephone number, and not which", got.Fields, got.Withheld)
	}
}

// TestPastWithoutWhatWasErased: an erased value is told as erased, and where it
// decided, the answer as uncertain.
func TestPastWithoutWhatWasErased(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t, ticking)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	v := partners.Viewer{Firm: distributor.Firm}
	agreement := n.Share(maker, distributor, n.Partnership(maker, distributor), `[
		{"kind": "Customer", "level": "FILTER", "filter": {"field": "country", "op": "eq", "value": "PT"}, "actions": ["read"], "classes": ["personal"]},
		{"kind": "Contact", "level": "CHILDREN", "actions": ["read"]}]`)
	one, two := n.Create(maker, schema.Customers, customer("One", "PT")), n.Create(maker, schema.Customers, customer("Two", "PT"))
	contact := n.Create(maker, schema.Contacts, partners.Values{"customer": two, "name": "Ana"})
	at := n.Now()
	n.Do(maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: one, Values: partners.Values{"phone": "2", "country": "ES"}})
	conn := owner(t, n)
	erase := func(kind *schema.Kind, id schema.ID, field string) {
		t.Helper()
		tag, err := conn.Exec(t.Context(), "DELETE FROM change_values v USING changes c WHERE c.seq = v.seq AND c.id = $1 AND v.field = $2", id, kind.FieldNamed(field).Bit)
		if err != nil || tag.RowsAffected() == 0 {
			t.Fatalf("erase %s: %v rows, %v", field, tag.RowsAffected(), err)
		}
	}
	erase(schema.Customers, one, "phone")
	erase(schema.Customers, two, "country")
	got := pastOf(t, n, maker, at, v)
	phone := schema.Customers.FieldNamed("phone")
	if r := got[one]; r.Uncertain || !r.Mask.Has(phone.Bit) || !r.Erased.Has(phone.Bit) || strings.Contains(string(r.Fields), "phone") || !strings.Contains(string(r.Fields), "One") {
		t.Errorf("of one is told %s, erased %b, uncertain %t; want its name, and that its telephone number was seen and erased", r.Fields, r.Erased, r.Uncertain)
	}
	if r, there := got[two]; !there || !r.Uncertain || r.Mask != 0 || strings.Contains(string(r.Fields), "Two") {
		t.Errorf("of two is told %+v (%s); want that it may have been seen, and nothing else", r, r.Fields)
	}
	seers, err := n.At(at).Who(policy.With(t.Context(), maker), partners.Record{Kind: schema.Customers, ID: two}, partners.Span{First: 10})
	if err != nil || len(seers.Uncertain) != 1 || seers.Uncertain[0] != v {
		t.Errorf("who saw two for certain: %v, uncertain: %v, %v; want the distributor uncertain", seers.List, seers.Uncertain, err)
	}
	below, err := n.At(at).What(policy.With(t.Context(), maker), v, schema.Contacts, partners.Span{First: 10})
	if err != nil || len(below.List) != 1 || !below.List[0].Uncertain || below.List[0].ID != contact || below.List[0].Mask != 0 {
		t.Errorf("contacts that were seen: %+v, %v; want one that is uncertain", below, err)
	}
	erase(schema.SharingAgreements, agreement, "terms")
	what, err := n.At(at).What(policy.With(t.Context(), maker), v, schema.Customers, partners.Span{First: 10})
	if err != nil || len(what.Gaps) != 1 || !strings.Contains(what.Gaps[0], agreement.String()) {
		t.Errorf("without the terms of the agreement: %+v, %v; want a gap that names it", what, err)
	}
}
