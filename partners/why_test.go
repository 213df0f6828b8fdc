package partners_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// TestWhyTellsToWhomItMay: who shares learns all, also what is missing; the
// other firm's people learn what holds, those who may not read agreements
// nothing of what these say, and a record out of reach is like none.
func TestWhyTellsToWhomItMay(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	seller := n.Person(distributor.Firm, "Seller", schema.Sales)
	shared := partners.Record{Kind: schema.Customers, ID: n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))}
	hidden := partners.Record{Kind: schema.Customers, ID: n.Create(maker, schema.Customers, customer("Wodociągi Kraków", "PL"))}
	partnership := n.Partnership(maker, distributor)
	agreement := n.Share(maker, distributor, partnership, portugueseCustomers)
	n.Share(maker, distributor, partnership, portugueseCustomers)
	why := func(by policy.Principal, r partners.Record, as *policy.Principal) string {
		t.Helper()
		x, err := n.Why(policy.With(t.Context(), by), r, nil, policy.Read, as)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	has := func(name, text string, wanted, unwanted []string) {
		t.Helper()
		for _, s := range wanted {
			if !strings.Contains(text, s) {
				t.Errorf("%s: %q is missing in %s", name, s, text)
			}
		}
		for _, s := range unwanted {
			if strings.Contains(text, s) {
				t.Errorf("%s: %q is told in %s", name, s, text)
			}
		}
	}
	node, people := policy.Node(distributor.Firm), policy.System(distributor.Firm)
	has("the other firm's manager", why(distributor, shared, nil), []string{agreement.String(), "country", `"holds":true`}, []string{`"holds":false`})
	has("the other firm's seller", why(seller, shared, nil), []string{maker.Firm.String(), `"holds":true`},
		[]string{agreement.String(), "country", `"holds":false`, "Agreement\"", `"rules"`})
	if got := strings.Count(why(seller, shared, nil), `"path"`); got != 1 {
		t.Errorf("the seller is told %d reasons: how many agreements there are is not for everybody", got)
	}
	for _, by := range []policy.Principal{distributor, seller} {
		none := why(by, partners.Record{Kind: schema.Customers, ID: schema.NewID()}, nil)
		if got := why(by, hidden, nil); got != none {
			t.Errorf("of a hidden record is told %s, of none %s", got, none)
		}
	}
	for _, as := range []*policy.Principal{&node, &people} {
		has("why not, for who shares", why(maker, hidden, as), []string{"country", `"holds":false`, `"allowed":false`}, []string{`"allowed":true`})
		has("why, for who shares", why(maker, shared, as), []string{`"allowed":true`, agreement.String()}, nil)
	}
	n.Do(maker, partners.Command{Verb: "suspend", Kind: schema.SharingAgreements, ID: agreement})
	has("a suspended agreement", why(maker, hidden, &node), []string{"resume it", "SUSPENDED"}, nil)
	n.Do(maker, partners.Command{Verb: "suspend", Kind: schema.Partnerships, ID: partnership})
	has("a suspended partnership", why(maker, shared, &node), []string{`"partnership"`, `"allowed":false`}, []string{`"allowed":true`})
	if got := why(distributor, shared, nil); got != why(distributor, hidden, nil) {
		t.Errorf("when the partnership is suspended, is told %s", got)
	}
	if _, err := n.Why(policy.With(t.Context(), maker), shared, nil, policy.Read, &seller); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("what a single person of another firm sees: %v, want it refused", err)
	}
}

// TestWhoAndWhatAreForThoseWhoAudit: others are denied, another firm's record
// tells of the own people alone, and pages end where the list does.
func TestWhoAndWhatAreForThoseWhoAudit(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	seller := n.Person(distributor.Firm, "Seller", schema.Sales)
	stranger := n.Firm("Stranger", "ES")
	r := partners.Record{Kind: schema.Customers, ID: n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))}
	n.Share(maker, distributor, n.Partnership(maker, distributor), portugueseCustomers)
	who := func(by policy.Principal, first int) (*partners.Seers, error) {
		return n.Who(policy.With(t.Context(), by), r, partners.Span{First: first})
	}
	ids := func(s *partners.Seers, err error) (list []schema.ID) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range s.List {
			list = append(list, one.ID())
		}
		return list
	}
	all := []schema.ID{maker.User.ID(), distributor.Firm.ID()}
	slices.SortFunc(all, func(a, b schema.ID) int { return strings.Compare(a.String(), b.String()) })
	if got := ids(who(maker, 10)); !slices.Equal(got, all) {
		t.Errorf("who sees it, asked by its owner: %v, want %v", got, all)
	}
	if page, err := who(maker, 1); err != nil || !page.HasNext || !slices.Equal(ids(page, nil), all[:1]) {
		t.Errorf("a page of one: %+v, %v", page, err)
	}
	if got := ids(who(distributor, 10)); len(got) != 2 || slices.Contains(got, maker.User.ID()) {
		t.Errorf("who sees it, asked by the other firm: %v, want its two people", got)
	}
	if _, err := who(seller, 10); schema.Code(err) != schema.CodeDenied {
		t.Errorf("who, asked by a seller: %v, want denied", err)
	}
	what := func(by policy.Principal, v partners.Viewer) error {
		_, err := n.What(policy.With(t.Context(), by), v, schema.Customers, partners.Span{First: 10})
		return err
	}
	for name, test := range map[string]struct {
		by   policy.Principal
		of   partners.Viewer
		want schema.ErrorCode
	}{
		"a seller":               {seller, partners.Viewer{User: seller.User}, schema.CodeDenied},
		"nobody":                 {maker, partners.Viewer{}, schema.CodeInvalid},
		"the own firm":           {maker, partners.Viewer{Firm: maker.Firm}, schema.CodeInvalid},
		"a person of a partner":  {maker, partners.Viewer{User: seller.User}, ""},
		"a person of a stranger": {maker, partners.Viewer{User: stranger.User}, schema.CodeNotFound},
		"both":                   {maker, partners.Viewer{User: maker.User, Firm: distributor.Firm}, schema.CodeInvalid},
	} {
		if err := what(test.by, test.of); schema.Code(err) != test.want {
			t.Errorf("what of %s: %v, want %s", name, err, test.want)
		}
	}
}
