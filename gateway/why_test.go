package gateway_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/gateway/gatewaytest"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

const whyQuery = `query($id: ID!, $as: ID, $node: Boolean, $field: String, $action: AccessAction) {
	why(recordId: $id, as: $as, node: $node, field: $field, action: $action) {
		allowed fields
		reasons { ...R }
		nearest { ...R }
	}
}
fragment R on AccessReason {
	path holds fields rules clauses { code text holds } missing { code text }
	agreement { id name version grantorId grantor { legalName } sharingAgreement { name } term standing purpose from until }
}`

type reason struct {
	Path             string
	Holds            bool
	Fields, Rules    []string
	Clauses, Missing []struct {
		Code, Text string
	}
	Agreement *struct {
		ID, Name, Purpose *string
		Version, Term     *int
		GrantorID         string
		Standing          string
		Grantor           struct{ LegalName string }
		SharingAgreement  *struct{ Name string }
	}
}

type explanation struct {
	Why struct {
		Allowed bool
		Fields  []string
		Reasons []reason
		Nearest *reason
	}
}

const portuguese = `[{"kind":"Customer","level":"FILTER","filter":{"field":"country","op":"eq","value":"PT"},"actions":["read"],"classes":["commercial"]}]`

func TestWhyTellsReasonsToWhomItMay(t *testing.T) {
	t.Parallel()
	h := open(t)
	shared := gid(schema.Customers, h.customer(h.maker, "Shared", partners.Values{"country": "PT", "email": "a@example.com"}))
	hidden := gid(schema.Customers, h.customer(h.maker, "Hidden", partners.Values{"country": "PL"}))
	none := gid(schema.Customers, schema.NewID())
	agreement := gid(schema.SharingAgreements, h.Share(h.maker, h.partner, h.partnership, portuguese))
	partner, seller := gid(schema.Firms, h.partner.Firm.ID()), h.Person(h.partner.Firm, "Seller", schema.Sales)
	why := func(p policy.Principal, v vars) explanation {
		t.Helper()
		var x explanation
		h.As(p).Must(whyQuery, v, &x)
		return x
	}

	x := why(h.partner, vars{"id": shared})
	if !x.Why.Allowed || len(x.Why.Reasons) != 1 || x.Why.Nearest != nil || !slices.Contains(x.Why.Fields, "annualRevenue") || slices.Contains(x.Why.Fields, "email") {
		t.Fatalf("the partner's administrator is told %+v", x.Why)
	}
	r := x.Why.Reasons[0]
	if r.Path != "AGREEMENT" || !r.Holds || r.Agreement == nil || *r.Agreement.ID != agreement || r.Agreement.Standing != "ACCEPTED" || *r.Agreement.Term != 1 ||
		r.Agreement.Grantor.LegalName != "Maker" || r.Agreement.SharingAgreement == nil || len(r.Missing) != 0 || len(r.Rules) == 0 {
		t.Errorf("its reason is %+v", r)
	}
	x = why(seller, vars{"id": shared})
	if r = x.Why.Reasons[0]; !x.Why.Allowed || r.Agreement == nil || r.Agreement.ID != nil || r.Agreement.SharingAgreement != nil || len(r.Rules) != 0 {
		t.Errorf("its seller is told %+v, want nothing of what the agreement says", r)
	}
	if x = why(h.partner, vars{"id": shared, "field": "email"}); x.Why.Allowed {
		t.Errorf("a hidden field is told as %+v", x.Why)
	}
	if x = why(h.partner, vars{"id": shared, "action": "EDIT"}); x.Why.Allowed {
		t.Errorf("an edit that is not allowed is told as %+v", x.Why)
	}
	// Who owns the record is told what is missing, for the firm and for its node.
	for _, node := range []bool{false, true} {
		x = why(h.maker, vars{"id": hidden, "as": partner, "node": node})
		if x.Why.Allowed || x.Why.Nearest == nil || len(x.Why.Nearest.Missing) != 1 || x.Why.Nearest.Missing[0].Code != "filter" {
			t.Errorf("why not, for the node %t, is told as %+v", node, x.Why)
		}
		if x = why(h.maker, vars{"id": shared, "as": partner, "node": node}); !x.Why.Allowed {
			t.Errorf("why, for the node %t, is told as %+v", node, x.Why)
		}
	}
	colleague := h.Person(h.maker.Firm, "Colleague", schema.Sales)
	if x = why(h.maker, vars{"id": hidden, "as": gid(schema.Users, colleague.User.ID())}); !x.Why.Allowed || x.Why.Reasons[0].Path != "MEMBER" {
		t.Errorf("a colleague's reasons are told as %+v", x.Why)
	}
	// What is out of reach is answered by the same bytes as what does not exist.
	for _, p := range []policy.Principal{h.partner, seller, h.stranger} {
		got, want := h.As(p).Do(whyQuery, vars{"id": hidden}), h.As(p).Do(whyQuery, vars{"id": none})
		if diff := cmp.Diff(want.Body, got.Body); diff != "" || len(got.Errors) > 0 {
			t.Errorf("hidden and absent records differ (-absent +hidden):\n%s", diff)
		}
	}
}

func TestWhyRefuses(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := gid(schema.Customers, h.customer(h.maker, "One", nil))
	seller := h.Person(h.maker.Firm, "Seller", schema.Sales)
	for name, test := range map[string]struct {
		by   policy.Principal
		vars vars
		code string
	}{
		"a field that there is not":          {h.maker, vars{"id": id, "field": "nothing"}, "BAD_USER_INPUT"},
		"no id":                              {h.maker, vars{"id": "x"}, "BAD_USER_INPUT"},
		"node without a firm":                {h.maker, vars{"id": id, "node": true}, "BAD_USER_INPUT"},
		"one's own firm":                     {h.maker, vars{"id": id, "as": gid(schema.Firms, h.maker.Firm.ID())}, "BAD_USER_INPUT"},
		"a record as viewer":                 {h.maker, vars{"id": id, "as": id}, "BAD_USER_INPUT"},
		"a colleague, by a seller":           {seller, vars{"id": id, "as": gid(schema.Users, h.maker.User.ID())}, "DENIED"},
		"nobody, by a seller":                {seller, vars{"id": id, "as": gid(schema.Users, schema.NewID())}, "DENIED"},
		"a person of another firm":           {h.maker, vars{"id": id, "as": gid(schema.Users, h.partner.User.ID())}, "NOT_FOUND"},
		"a person that there is not":         {h.maker, vars{"id": id, "as": gid(schema.Users, schema.NewID())}, "NOT_FOUND"},
		"the node of a person":               {h.maker, vars{"id": id, "as": gid(schema.Users, seller.User.ID()), "node": true}, "BAD_USER_INPUT"},
		"a person of another firm, its node": {h.maker, vars{"id": id, "as": gid(schema.Users, h.partner.User.ID()), "node": true}, "BAD_USER_INPUT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := h.As(test.by).Do(whyQuery, test.vars)
			if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != test.code {
				t.Errorf("answer %s, want an error of code %s", r.Body, test.code)
			}
		})
	}
	as := func(id schema.ID) string {
		r := h.As(h.maker).Do(whyQuery, vars{"id": gid(schema.Customers, schema.NewID()), "as": gid(schema.Users, id)})
		return r.Errors[0].Message
	}
	if foreign, absent := as(h.partner.User.ID()), as(schema.NewID()); foreign != absent {
		t.Errorf("a foreign person is answered %q, an absent one %q", foreign, absent)
	}
}

const whoQuery = `query($id: ID!, $n: Int!, $after: String) { who(recordId: $id, first: $n, after: $after) {
	nodes { user { name } userId firm { legalName } firmId fields paths { path agreementId agreement { name } fields } }
	edges { cursor node { userId firmId } }
	pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
} }`

type whoPage struct {
	Who struct {
		Nodes []struct {
			User           *struct{ Name string }
			Firm           *struct{ LegalName string }
			UserID, FirmID *string
			Fields         []string
			Paths          []struct {
				Path        string
				AgreementID *string
				Agreement   *struct{ Name string }
				Fields      []string
			}
		}
		Edges    []struct{ Cursor string }
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
	}
}

const whatQuery = `query($v: ID!, $k: RecordKind!, $n: Int!, $after: String) { what(viewerId: $v, kind: $k, first: $n, after: $after) {
	nodes { id fields ownerId owner { legalName } record { id ... on Customer { name } } } pageInfo { hasNextPage endCursor } } }`

type whatPage struct {
	What struct {
		Nodes []struct {
			ID     string
			Fields []string
			Owner  struct{ LegalName string }
			Record *struct{ Name string }
		}
		PageInfo struct {
			HasNextPage bool
			EndCursor   *string
		}
	}
}

// TestWhoIsTheInverseOfWhat: whoever who lists for a record finds it in what,
// page by page.
func TestWhoIsTheInverseOfWhat(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Share(h.maker, h.partner, h.partnership, portuguese)
	h.Person(h.maker.Firm, "Auditor", schema.Auditor)
	ids := []string{}
	for i, country := range []string{"PT", "PL", "PT"} {
		ids = append(ids, gid(schema.Customers, h.customer(h.maker, fmt.Sprintf("Customer %d", i), partners.Values{"country": country})))
	}
	c := h.As(h.maker)
	seen := map[string][]string{} // by viewer
	for _, id := range ids {
		var after *string
		for more := true; more; {
			var page whoPage
			c.Must(whoQuery, vars{"id": id, "n": 1, "after": after}, &page)
			p := page.Who
			if len(p.Nodes) != 1 || len(p.Edges) != 1 || p.PageInfo.HasPreviousPage != (after != nil) || *p.PageInfo.EndCursor == "" || len(p.Nodes[0].Paths) == 0 {
				t.Fatalf("a page of one is %+v", p)
			}
			n := p.Nodes[0]
			viewer := ""
			switch {
			case n.UserID != nil && n.User != nil && n.User.Name != "" && n.FirmID == nil && n.Firm == nil:
				viewer = *n.UserID
			case n.FirmID != nil && n.Firm != nil && n.Firm.LegalName == "Partner" && n.Paths[0].Agreement != nil && n.Paths[0].Path == "AGREEMENT":
				viewer = *n.FirmID
			default:
				t.Fatalf("who sees it is %+v", n)
			}
			seen[viewer] = append(seen[viewer], id+fmt.Sprint(n.Fields))
			after, more = p.PageInfo.EndCursor, p.PageInfo.HasNextPage
		}
	}
	if len(seen) != 3 || len(seen[gid(schema.Firms, h.partner.Firm.ID())]) != 2 {
		t.Fatalf("who sees what: %v, want two people and the partner, who sees two", seen)
	}
	for viewer, want := range seen {
		var got []string
		var after *string
		for more := true; more; {
			var page whatPage
			c.Must(whatQuery, vars{"v": viewer, "k": "CUSTOMER", "n": 2, "after": after}, &page)
			for _, n := range page.What.Nodes {
				if n.Record == nil || n.Record.Name == "" || n.Owner.LegalName != "Maker" {
					t.Errorf("a sighting is %+v", n)
				}
				got = append(got, n.ID+fmt.Sprint(n.Fields))
			}
			after, more = page.What.PageInfo.EndCursor, page.What.PageInfo.HasNextPage
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("what %s sees (-who +what):\n%s", viewer, diff)
		}
	}
}

func TestWhoAndWhatRefuse(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := gid(schema.Customers, h.customer(h.maker, "One", nil))
	seller := h.Person(h.maker.Firm, "Seller", schema.Sales)
	other := gid(schema.Firms, h.partner.Firm.ID())
	h.customer(h.maker, "Two", nil)
	var page whatPage
	h.As(h.maker).Must(whatQuery, vars{"v": gid(schema.Users, h.maker.User.ID()), "k": "CUSTOMER", "n": 1}, &page)
	foreign := *page.What.PageInfo.EndCursor
	for name, test := range map[string]struct {
		by    policy.Principal
		query string
		vars  vars
		code  string
	}{
		"who, by a seller":                 {seller, whoQuery, vars{"id": id, "n": 1}, "DENIED"},
		"what, by a seller":                {seller, whatQuery, vars{"v": gid(schema.Users, seller.User.ID()), "k": "CUSTOMER", "n": 1}, "DENIED"},
		"who, no page":                     {h.maker, whoQuery, vars{"id": id, "n": 0}, "BAD_USER_INPUT"},
		"who, too large a page":            {h.maker, whoQuery, vars{"id": id, "n": 101}, "BAD_USER_INPUT"},
		"who, a cursor of another list":    {h.maker, whoQuery, vars{"id": id, "n": 1, "after": foreign}, "BAD_USER_INPUT"},
		"what, a cursor of another viewer": {h.maker, whatQuery, vars{"v": other, "k": "CUSTOMER", "n": 1, "after": foreign}, "BAD_USER_INPUT"},
		"what, a cursor of another kind":   {h.maker, whatQuery, vars{"v": gid(schema.Users, h.maker.User.ID()), "k": "TEAM", "n": 1, "after": foreign}, "BAD_USER_INPUT"},
		"what, a record as viewer":         {h.maker, whatQuery, vars{"v": id, "k": "CUSTOMER", "n": 1}, "BAD_USER_INPUT"},
		"what, one's own firm":             {h.maker, whatQuery, vars{"v": gid(schema.Firms, h.maker.Firm.ID()), "k": "CUSTOMER", "n": 1}, "INVALID"},
		"what, a person of a stranger":     {h.maker, whatQuery, vars{"v": gid(schema.Users, h.stranger.User.ID()), "k": "CUSTOMER", "n": 1}, "NOT_FOUND"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := h.As(test.by).Do(test.query, test.vars)
			if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != test.code {
				t.Errorf("answer %s, want an error of code %s", r.Body, test.code)
			}
		})
	}
	answer := func(query string, v vars) string {
		r := h.As(h.maker).Do(query, v)
		for i := range r.Errors {
			delete(r.Errors[i].Extensions, "requestId")
		}
		raw, err := json.Marshal([]any{r.Data, r.Errors})
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	for name, pair := range map[string][2]string{
		"who":  {answer(whoQuery, vars{"id": gid(schema.Customers, h.customer(h.stranger, "Hidden", nil)), "n": 5}), answer(whoQuery, vars{"id": gid(schema.Customers, schema.NewID()), "n": 5})},
		"what": {answer(whatQuery, vars{"v": gid(schema.Users, h.stranger.User.ID()), "k": "CUSTOMER", "n": 5}), answer(whatQuery, vars{"v": gid(schema.Users, schema.NewID()), "k": "CUSTOMER", "n": 5})},
		"firm": {answer(whatQuery, vars{"v": gid(schema.Firms, h.stranger.Firm.ID()), "k": "CUSTOMER", "n": 5}), answer(whatQuery, vars{"v": gid(schema.Firms, schema.NewID()), "k": "CUSTOMER", "n": 5})},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: what is hidden is answered %s, what is absent %s", name, pair[0], pair[1])
		}
	}
}

// TestStatementsOfAccessDoNotGrowWithRows: what the entries of a page name is
// read together.
func TestStatementsOfAccessDoNotGrowWithRows(t *testing.T) {
	t.Parallel()
	node, count := counted(t)
	s := gatewaytest.Serve(t, node)
	h := &house{Server: s, maker: s.Firm("Maker", "PL"), partner: s.Firm("Partner", "PT")}
	h.partnership = s.Partnership(h.maker, h.partner)
	s.Share(h.maker, h.partner, h.partnership, portuguese)
	first := ""
	for i := range 40 {
		id := h.customer(h.maker, fmt.Sprintf("Customer %02d", i), partners.Values{"country": "PT"})
		if i == 0 {
			first = gid(schema.Customers, id)
		}
		s.Person(h.maker.Firm, fmt.Sprintf("Person %02d", i), schema.Sales)
	}
	for name, test := range map[string]struct { //nolint:paralleltest // statements are counted
		query string
		vars  vars
	}{
		"who, people":  {whoQuery, vars{"id": first}},
		"what, a firm": {whatQuery, vars{"v": gid(schema.Firms, h.partner.Firm.ID()), "k": "CUSTOMER"}},
	} {
		t.Run(name, func(t *testing.T) {
			statements := map[int]int64{}
			for _, n := range []int{2, 40} {
				test.vars["n"] = n
				c := s.As(h.maker)
				var ignored json.RawMessage
				c.Must(test.query, test.vars, &ignored)
				before := count.statements.Load()
				c.Must(test.query, test.vars, &ignored)
				statements[n] = count.statements.Load() - before
			}
			// The one firm among those who see it is asked about on one page, and not on the other.
			const firm = 12
			if grown := statements[40] - statements[2]; grown > firm || grown < -firm {
				t.Errorf("a page of 2 takes %d statements, one of 40 takes %d", statements[2], statements[40])
			}
		})
	}
}
