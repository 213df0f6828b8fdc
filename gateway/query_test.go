package gateway_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/gateway/gatewaytest"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

type vars = gatewaytest.Vars

// house is a node with a maker, and a partner to whom the maker shares.
type house struct {
	*gatewaytest.Server
	maker, partner, stranger policy.Principal
	partnership              schema.ID
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Server: gatewaytest.Serve(t, partnerstest.Open(t))}
	h.maker, h.partner, h.stranger = h.Firm("Maker", "PL"), h.Firm("Partner", "PT"), h.Firm("Stranger", "ES")
	h.partnership = h.Partnership(h.maker, h.partner)
	return h
}

func (h *house) customer(p policy.Principal, name string, more partners.Values) schema.ID {
	values := partners.Values{"name": name, "customerType": "ORGANISATION", "status": "ACTIVE"}
	maps.Copy(values, more)
	return h.Create(p, schema.Customers, values)
}

func gid(k *schema.Kind, id schema.ID) string { return sdl.GlobalID(k, id) }

// same compares JSON by its text, order included.
func same(t *testing.T, got json.RawMessage, want string) {
	t.Helper()
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("data (-want +got):\n%s", diff)
	}
}

func TestAPageIsReadInTheOrderOfTheQuery(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i := range 5 {
		h.customer(h.maker, fmt.Sprintf("Customer %d", i), partners.Values{"country": "PL", "city": "Łódź \"x\""})
	}
	r := h.As(h.maker).Do(`query($n: Int!, $no: Boolean!) {
		z: customers(first: $n, filter: {country: {eq: "PL"}}, orderBy: [{field: NAME, direction: DESC}]) {
			pageInfo { hasNextPage hasPreviousPage }
			totalCount(max: 3) { isExact value }
			nodes { city name hidden: email @skip(if: true) ...F country @include(if: $no) }
			__typename
		}
	} fragment F on Customer { kind: __typename type: customerType name }`, vars{"n": 2, "no": false})
	same(t, r.Data, `{"z":{"pageInfo":{"hasNextPage":true,"hasPreviousPage":false},"totalCount":{"isExact":false,"value":3},"nodes":[`+
		`{"city":"Łódź \"x\"","name":"Customer 4","kind":"Customer","type":"ORGANISATION"},`+
		`{"city":"Łódź \"x\"","name":"Customer 3","kind":"Customer","type":"ORGANISATION"}],"__typename":"CustomerConnection"}}`)
}

func TestPagesFollowEachOtherInBothDirections(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i := range 7 {
		h.customer(h.maker, fmt.Sprintf("Customer %d", i), nil)
	}
	c := h.As(h.maker)
	type page struct {
		Customers struct {
			PageInfo struct {
				HasNextPage, HasPreviousPage bool
				StartCursor, EndCursor       *string
			}
			Nodes []struct{ Name string }
		}
	}
	var names []string
	var p page
	for after := (*string)(nil); ; after = p.Customers.PageInfo.EndCursor {
		p = page{}
		c.Must(`query($after: String) { customers(first: 3, after: $after) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { name } } }`,
			vars{"after": after}, &p)
		for _, n := range p.Customers.Nodes {
			names = append(names, n.Name[9:])
		}
		if !p.Customers.PageInfo.HasNextPage {
			break
		}
	}
	if got := strings.Join(names, ""); got != "0123456" {
		t.Errorf("forwards the pages hold %s, want 0123456", got)
	}
	c.Must(`query($before: String) { customers(last: 3, before: $before) { pageInfo { hasNextPage hasPreviousPage } nodes { name } } }`,
		vars{"before": p.Customers.PageInfo.StartCursor}, &p)
	if got := fmt.Sprint(p.Customers.Nodes); got != "[{Customer 3} {Customer 4} {Customer 5}]" {
		t.Errorf("backwards the page holds %s", got)
	}
}

func TestAnEmptyPageHasNoCursors(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := h.As(h.maker).Do(`{customers(first: 1) { edges { cursor } pageInfo { startCursor endCursor hasNextPage } totalCount { value isExact } }}`, nil)
	same(t, r.Data, `{"customers":{"edges":[],"pageInfo":{"startCursor":null,"endCursor":null,"hasNextPage":false},"totalCount":{"value":0,"isExact":true}}}`)
}

func TestChildrenLinksAndNodes(t *testing.T) {
	t.Parallel()
	h := open(t)
	customer := h.customer(h.maker, "Pump", partners.Values{"annualRevenue": money(t, "12", "EUR"), "assignee": h.maker.User.ID()})
	for i := range 3 {
		h.Create(h.maker, schema.Interactions, partners.Values{
			"customer": customer, "interactionType": "CALL", "occurredAt": instant(t, fmt.Sprintf("2026-01-0%dT10:00:00Z", i+1)),
			"subject": fmt.Sprint("Call ", i), "participants": []string{"A", "B"},
		})
	}
	r := h.As(h.maker).Do(`query($id: ID!, $none: ID!) {
		node(id: $id) { __typename id ... on Customer {
			annualRevenue { currency amount } assigneeId assignee { name }
			interactions(first: 2, orderBy: {field: OCCURRED_AT, direction: DESC}) { nodes { subject occurredAt participants customer { name } } totalCount { value } }
			overlays(first: 1) { nodes { id } }
			maskedFields
		} ... on Contact { jobTitle } }
		nodes(ids: [$none, $id]) { id ... on Record { ownerId version } }
		gone: customer(id: $none) { name }
	}`, vars{"id": gid(schema.Customers, customer), "none": gid(schema.Customers, schema.NewID())})
	same(t, r.Data, fmt.Sprintf(`{"node":{"__typename":"Customer","id":%q,"annualRevenue":{"currency":"EUR","amount":"12.00"},"assigneeId":%q,`+
		`"assignee":{"name":"Admin of Maker"},"interactions":{"nodes":[`+
		`{"subject":"Call 2","occurredAt":"2026-01-03T10:00:00Z","participants":["A","B"],"customer":{"name":"Pump"}},`+
		`{"subject":"Call 1","occurredAt":"2026-01-02T10:00:00Z","participants":["A","B"],"customer":{"name":"Pump"}}],"totalCount":{"value":3}},`+
		`"overlays":{"nodes":[]},"maskedFields":[]},"nodes":[null,{"id":%q,"ownerId":%q,"version":1}],"gone":null}`,
		gid(schema.Customers, customer), gid(schema.Users, h.maker.User.ID()), gid(schema.Customers, customer), gid(schema.Firms, h.maker.Firm.ID())))
}

func TestFiltersAndSearch(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.customer(h.maker, "Águas do Norte", partners.Values{"country": "PT", "segment": "Water"})
	h.customer(h.maker, "Brno Water", partners.Values{"country": "CZ"})
	h.customer(h.maker, "Cologne Gas", partners.Values{"country": "DE", "segment": "Gas"})
	for _, c := range []struct{ args, want string }{
		{`filter: {country: {in: ["PT", "CZ"]}}`, "[{Águas do Norte} {Brno Water}]"},
		{`filter: {country: {eq: "PT"}, segment: {eq: "Gas"}}`, "[]"},
		{`filter: {or: [{country: {eq: "PT"}}, {segment: {eq: "Gas"}}]}`, "[{Águas do Norte} {Cologne Gas}]"},
		{`filter: {not: {country: {eq: "PT"}}}`, "[{Brno Water} {Cologne Gas}]"},
		{`filter: {segment: {isNull: true}}`, "[{Brno Water}]"},
		{`filter: {segment: {ne: "Gas"}}`, "[{Águas do Norte}]"},
		{`filter: {name: {startsWith: "Águas"}}`, "[{Águas do Norte}]"},
		{`filter: {name: {contains: "WATER"}}`, "[{Brno Water}]"},
		{`filter: {and: [{status: {eq: ACTIVE}}, {customerType: {ne: PERSON}}, {country: {in: ["DE"]}}]}`, "[{Cologne Gas}]"},
		{`filter: {}`, "[{Águas do Norte} {Brno Water} {Cologne Gas}]"},
		{`search: "agua norte"`, "[{Águas do Norte}]"},
		{`orderBy: {field: COUNTRY}`, "[{Brno Water} {Cologne Gas} {Águas do Norte}]"},
		{`orderBy: {field: CREATED_AT, direction: DESC}`, "[{Cologne Gas} {Brno Water} {Águas do Norte}]"},
	} {
		var got struct {
			Customers struct{ Nodes []struct{ Name string } }
		}
		h.As(h.maker).Must(`{customers(first: 10, `+c.args+`) { nodes { name } }}`, nil, &got)
		if text := fmt.Sprint(got.Customers.Nodes); text != c.want {
			t.Errorf("customers(%s) = %s, want %s", c.args, text, c.want)
		}
	}
}

func TestMistakesInArgumentsNameTheField(t *testing.T) {
	t.Parallel()
	h := open(t)
	other := gid(schema.Contacts, schema.NewID())
	for _, c := range []struct{ query, message string }{
		{`{customers{nodes{id}}}`, "give first or last"},
		{`{customers(first:1,last:1){nodes{id}}}`, "not both"},
		{`{customers(first:0){nodes{id}}}`, "1 to 100"},
		{`{customers(first:101){nodes{id}}}`, "1 to 100"},
		{`{customers(first:1,before:"x"){nodes{id}}}`, "before with last"},
		{`{customers(first:1,after:"x"){nodes{id}}}`, "cursor"},
		{`{customers(first:1){totalCount(max:0){value}}}`, "1 to 10001"},
		{`{customers(first:1,orderBy:[{field:NAME},{field:COUNTRY}]){nodes{id}}}`, "one entry"},
		{`{customers(first:1,filter:{name:{eq:null}}){nodes{id}}}`, "isNull"},
		{`{customers(first:1,filter:{assignee:{eq:"x"}}){nodes{id}}}`, "not an id"},
		{`{customer(id:"x"){id}}`, "not an id"},
		{`{customer(id:"` + other + `"){id}}`, "want one of a Customer"},
		{`{customers(first:1){nodes{interactions{nodes{id}}}}}`, "give first or last"},
	} {
		r := h.As(h.maker).Do(c.query, nil)
		if len(r.Errors) != 1 || !strings.Contains(r.Errors[0].Message, c.message) {
			t.Errorf("%s: %s, want an error that says %q", c.query, r.Body, c.message)
		}
	}
	r := h.As(h.maker).Do(`{viewer{firmId} bad: customers(first:1){nodes{interactions{nodes{id}}}}}`, nil)
	if len(r.Errors) != 1 || fmt.Sprint(r.Errors[0].Path) != "[bad nodes interactions]" || !strings.Contains(string(r.Data), `"bad":null`) ||
		!strings.Contains(string(r.Data), `"firmId"`) {
		t.Errorf("one bad root field gives %s", r.Body)
	}
}

func TestAPartnerSeesWhatIsSharedAndNothingElse(t *testing.T) {
	t.Parallel()
	h := open(t)
	shared := h.customer(h.maker, "Shared", partners.Values{"country": "PT", "email": "secret@example.com", "customerNumber": "K-1", "annualRevenue": money(t, "5", "EUR")})
	hidden := h.customer(h.maker, "Hidden", partners.Values{"country": "PL"})
	agreement := h.Share(h.maker, h.partner, h.partnership,
		`[{"kind":"Customer","level":"FILTER","filter":{"field":"country","op":"eq","value":"PT"},"actions":["read"],"classes":["commercial"]}]`)

	partner := h.As(h.partner)
	const list = `{customers(first: 10) { totalCount { value } nodes { id name email customerNumber annualRevenue { amount } maskedFields owner { legalName } ownerId version } }}`
	r := partner.Do(list, nil)
	var got struct {
		Customers struct {
			Nodes []struct {
				ID, Name     string
				Email        *string
				MaskedFields []string
				OwnerID      string
			}
		}
	}
	if err := json.Unmarshal(r.Data, &got); err != nil || len(got.Customers.Nodes) != 1 {
		t.Fatalf("the partner sees %s", r.Body)
	}
	n := got.Customers.Nodes[0]
	if n.Name != "Shared" || n.Email != nil || n.OwnerID != gid(schema.Firms, h.maker.Firm.ID()) {
		t.Errorf("the partner sees %s", r.Body)
	}
	if diff := cmp.Diff([]string{"assignee", "creditLimit", "customerNumber", "description", "email", "phone"}, n.MaskedFields); diff != "" {
		t.Errorf("maskedFields (-want +got):\n%s", diff)
	}
	for _, secret := range []string{"secret@example.com", "K-1", "Hidden"} {
		if strings.Contains(r.Body, secret) {
			t.Errorf("the partner gets %q: %s", secret, r.Body)
		}
	}
	// What is forbidden and what does not exist are answered alike.
	const one = `query($id: ID!) {node(id: $id) { id } customer(id: $id) { name }}`
	forbidden := partner.Do(one, vars{"id": gid(schema.Customers, hidden)})
	missing := partner.Do(one, vars{"id": gid(schema.Customers, schema.NewID())})
	if forbidden.Body != missing.Body {
		t.Errorf("a forbidden record answers %s, a missing one %s", forbidden.Body, missing.Body)
	}
	if r := h.As(h.stranger).Do(list, nil); !strings.Contains(r.Body, `"nodes":[]`) {
		t.Errorf("a stranger sees %s", r.Body)
	}
	// The owner is told exactly what the partner sees.
	var view struct {
		SharedView *struct {
			Visible      bool
			Fields       map[string]any
			HiddenFields []string
		}
	}
	const as = `query($id: ID!, $firm: ID!) {sharedView(id: $id, firmId: $firm) { visible fields hiddenFields }}`
	firm := gid(schema.Firms, h.partner.Firm.ID())
	h.As(h.maker).Must(as, vars{"id": gid(schema.Customers, shared), "firm": firm}, &view)
	if view.SharedView == nil || !view.SharedView.Visible || view.SharedView.Fields["name"] != "Shared" || view.SharedView.Fields["email"] != nil {
		t.Errorf("sharedView = %+v", view.SharedView)
	}
	if diff := cmp.Diff(n.MaskedFields, view.SharedView.HiddenFields); diff != "" {
		t.Errorf("the owner is told other hidden fields than the partner (-partner +owner):\n%s", diff)
	}
	view.SharedView = nil
	h.As(h.stranger).Must(as, vars{"id": gid(schema.Customers, shared), "firm": firm}, &view)
	if view.SharedView != nil {
		t.Errorf("a stranger is told what a partner sees: %+v", view.SharedView)
	}
	h.Do(h.maker, partners.Command{Verb: "revoke", Kind: schema.SharingAgreements, ID: agreement})
	if r := partner.Do(list, nil); !strings.Contains(r.Body, `"nodes":[]`) {
		t.Errorf("after the agreement was revoked the partner sees %s", r.Body)
	}
}
