package gateway_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/gatewaytest"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// redTeam is a gateway with a maker that shares the customers of one country
// with a viewer, but for their phone numbers and its own notes on them.
type redTeam struct {
	*gatewaytest.Server
	t                      *testing.T
	maker, viewer          policy.Principal
	c                      *gatewaytest.Client // the viewer
	agreement              schema.ID
	shown, hidden          schema.ID // customers
	note                   schema.ID // the maker's, on the shown customer, for its own people
	document, version      schema.ID // of the hidden customer
	shownGlobal, hidGlobal string
}

func newRedTeam(t *testing.T) *redTeam {
	t.Helper()
	r := &redTeam{Server: gatewaytest.Serve(t, partnerstest.Open(t)), t: t}
	r.maker, r.viewer = r.Firm("Maker", "PL"), r.Firm("Viewer", "PT")
	r.agreement = r.Share(r.maker, r.viewer, r.Partnership(r.maker, r.viewer), `[
		{"kind": "Customer", "level": "FILTER", "filter": {"field": "country", "op": "eq", "value": "PT"}, "actions": ["read", "comment"]},
		{"kind": "Interaction", "level": "CHILDREN", "actions": ["read"]}]`)
	customer := func(country, name, phone string) schema.ID {
		return r.Create(r.maker, schema.Customers, partners.Values{"name": name, "customerType": "ORGANISATION", "status": "ACTIVE", "country": country,
			"phone": phone, "email": "x" + phone + "@example.com", "description": "quietly " + phone, "vatId": "V" + phone})
	}
	for i := range 4 {
		customer("PT", fmt.Sprint("Shown ", i), strconv.Itoa(90-i)) // by phone in the other order
		customer("DE", fmt.Sprint("Hidden ", i), strconv.Itoa(10+i))
	}
	r.shown, r.hidden = customer("PT", "Shown last", "777"), customer("DE", "Hidden last", "888")
	r.note = r.Create(r.maker, schema.Interactions, partners.Values{"customer": r.shown, "interactionType": "NOTE", "occurredAt": r.Now(), "subject": "Whispered", "audience": "FIRM"})
	r.document = r.Create(r.maker, schema.Documents, partners.Values{"customer": r.hidden, "title": "Contract", "documentType": "CONTRACT", "status": "ACTIVE", "audience": "FIRM"})
	body, err := r.PutBody(policy.With(t.Context(), r.maker), strings.NewReader("secret bytes"), 100)
	if err != nil {
		t.Fatal(err)
	}
	r.version = r.Do(r.maker, partners.Command{Verb: partners.Create, Kind: schema.DocumentVersions, Body: &body, Values: partners.Values{"document": r.document, "fileName": "c.txt"}})
	r.c = r.As(r.viewer)
	r.shownGlobal, r.hidGlobal = sdl.GlobalID(schema.Customers, r.shown), sdl.GlobalID(schema.Customers, r.hidden)
	return r
}

// ask gives the body of the answer to a document; ids in it stand as %[1]s, of
// the shown customer, and %[2]s, of the hidden one.
func (r *redTeam) ask(document string) string {
	r.t.Helper()
	return r.c.Do(strings.NewReplacer("SHOWN", r.shownGlobal, "HIDDEN", r.hidGlobal).Replace(document), nil).Body
}

// none fails if an answer tells anything that is hidden.
func (r *redTeam) none(t *testing.T, answers ...string) {
	t.Helper()
	for _, a := range answers {
		for _, secret := range []string{"Hidden", "Whispered", "quietly", "secret bytes", "888", "777", "Contract"} {
			if strings.Contains(a, secret) {
				t.Errorf("the answer tells %q: %s", secret, a)
			}
		}
	}
}

// alike fails unless both answers are equal, but for the id of the request.
func alike(t *testing.T, what, a, b string) {
	t.Helper()
	if a, b = string(plainAnswer([]byte(a))), string(plainAnswer([]byte(b))); a != b {
		t.Errorf("%s:\n%s\n%s", what, a, b)
	}
}

var leakFamilies = []struct {
	name string
	try  func(t *testing.T, r *redTeam)
}{
	{"a count ignores the row rule", func(t *testing.T, r *redTeam) {
		got := r.ask(`{ customers(first: 1) { totalCount { value isExact } } }`)
		alike(t, "the count is not that of the shown", got, `{"data":{"customers":{"totalCount":{"value":5,"isExact":true}}}}`)
	}},
	{"a count after a condition is denied", func(t *testing.T, r *redTeam) {
		got := r.ask(`{ customers(first: 1, filter: {country: {eq: "DE"}}) { totalCount { value } } }`)
		alike(t, "customers of the other country are counted", got, `{"data":{"customers":{"totalCount":{"value":0}}}}`)
	}},
	{"a filter by a hidden field", func(t *testing.T, r *redTeam) {
		// description, phone and e-mail are no filters at all; the number that the firm gives is one, and never matches.
		hit := r.ask(`{ customers(first: 9, filter: {customerNumber: {startsWith: "8"}}) { nodes { id } } }`)
		alike(t, "a filter by a hidden field matches", hit, r.ask(`{ customers(first: 9, filter: {customerNumber: {startsWith: "none"}}) { nodes { id } } }`))
	}},
	{"an order by a hidden field", func(t *testing.T, _ *redTeam) {
		for _, k := range schema.Kinds() {
			for _, f := range k.Fields {
				if f.Sort && f.Class != schema.Basic {
					t.Errorf("lists can be ordered by %s, which may be hidden: try here that it tells nothing", f)
				}
			}
		}
	}},
	{"a search over a hidden field", func(t *testing.T, r *redTeam) {
		for _, words := range []string{"quietly", "777", "x777@example.com", "Hidden", "Whispered"} {
			got := r.ask(fmt.Sprintf(`{ customers(first: 9, search: %q) { nodes { name } totalCount { value } } interactions(first: 9, search: %q) { nodes { id } totalCount { value } } }`, words, words))
			alike(t, "a search for "+words+" finds something", got, `{"data":{"customers":{"nodes":[],"totalCount":{"value":0}},"interactions":{"nodes":[],"totalCount":{"value":0}}}}`)
		}
	}},
	{"facets and statistics", func(t *testing.T, _ *redTeam) {
		statistics := regexp.MustCompile(`(?i)facet|aggregat|groupBy|average|argMax|sumOf|histogram`)
		for name, def := range sdl.Schema().Types {
			for _, f := range def.Fields {
				if statistics.MatchString(f.Name) {
					t.Errorf("%s.%s is there: try here that it counts nothing hidden", name, f.Name)
				}
			}
		}
	}},
	{"a relation ignores the child's rule", func(t *testing.T, r *redTeam) {
		got := r.ask(`{ customer(id: "SHOWN") { interactions(first: 9) { nodes { subject } totalCount { value } } documents(first: 9) { totalCount { value } } } }`)
		alike(t, "the shown customer tells of hidden children", got, `{"data":{"customer":{"interactions":{"nodes":[],"totalCount":{"value":0}},"documents":{"totalCount":{"value":0}}}}}`)
		r.none(t, r.ask(`{ interactions(first: 9, filter: {customer: {eq: "HIDDEN"}}) { nodes { subject } totalCount { value } } }`))
	}},
	{"an alias confuses the check", func(t *testing.T, r *redTeam) {
		r.none(t, r.ask(`{ a: customer(id: "SHOWN") { name: phone id: description x: email } b: customers(first: 9) { nodes { phone: name name: phone } } }`),
			r.ask(`{ node(id: "SHOWN") { ... on Customer { name: description } ... on Record { id } } }`))
	}},
	{"a subscription is shared or has no scope", func(t *testing.T, r *redTeam) {
		var got struct{ Cursor string }
		r.c.Must("{ cursor }", nil, &got)
		owner := r.As(r.maker)
		const document = `subscription($after: String) { changes(after: $after) { id changedFields record { ... on Customer { name phone description } ... on Interaction { subject } } } }`
		mine, theirs := r.c.Subscribe(document, gatewaytest.Vars{"after": got.Cursor}), owner.Subscribe(document, gatewaytest.Vars{"after": got.Cursor})
		r.Do(r.maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: r.shown, Values: partners.Values{"description": "quietly 778"}})
		r.Do(r.maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: r.hidden, Values: partners.Values{"phone": "889"}})
		r.Do(r.maker, partners.Command{Verb: partners.Update, Kind: schema.Interactions, ID: r.note, Values: partners.Values{"body": "Whispered more"}})
		r.Do(r.maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: r.shown, Values: partners.Values{"city": "Faro", "phone": "779"}})
		event := string(mine.Next()) // the first that the viewer is told of
		r.none(t, event)
		if strings.Contains(event, "779") || strings.Contains(event, `"phone"]`) || !strings.Contains(event, `"changedFields":["city"]`) {
			t.Errorf("the viewer is told %s, want the town alone", event)
		}
		if told := string(theirs.Next()); !strings.Contains(told, "quietly 778") {
			t.Errorf("the owner is told %s first, want the description", told)
		}
	}},
	{"notes outside the rules", func(t *testing.T, r *redTeam) {
		id := sdl.GlobalID(schema.Interactions, r.note)
		r.none(t, r.ask(`{ interactions(first: 99) { nodes { subject body } } }`), r.ask(fmt.Sprintf(`{ interaction(id: %q) { subject } node(id: %q) { id } }`, id, id)))
	}},
	{"an attachment is reached by its address", func(t *testing.T, r *redTeam) {
		id := sdl.GlobalID(schema.DocumentVersions, r.version)
		alike(t, "the address of hidden bytes is told", r.ask(fmt.Sprintf(`{ documentVersion(id: %q) { download { url } } }`, id)), `{"data":{"documentVersion":null}}`)
		var got struct {
			DocumentVersion struct{ Download struct{ URL string } }
		}
		r.As(r.maker).Must(fmt.Sprintf(`{ documentVersion(id: %q) { download { url } } }`, id), nil, &got)
		url := got.DocumentVersion.Download.URL
		for what, path := range map[string]string{"with the id": "/download/" + id, "with a changed ticket": url[:len(url)-2] + "AA", "as an upload": strings.Replace(url, "download", "upload", 1)} {
			status, _, raw := r.c.Send(http.MethodGet, path, nil)
			if r.none(t, string(raw)); status == http.StatusOK {
				t.Errorf("%s: %d", what, status)
			}
		}
	}},
	{"exports and mass actions skip the check", func(t *testing.T, _ *redTeam) {
		mass := regexp.MustCompile(`(?i)export|report$|pdf|batch|bulk|import|job`)
		allowed := regexp.MustCompile(`(?i)(sales|inventory)Report`)
		for _, list := range []ast.FieldList{gatewaytest.Roots("query"), gatewaytest.Roots("mutation")} {
			for _, f := range list {
				if mass.MatchString(f.Name) && !allowed.MatchString(f.Name) {
					t.Errorf("%s is there: try here that it takes nothing hidden along", f.Name)
				}
			}
		}
	}},
	{"a unique key tells that a value exists", func(t *testing.T, r *redTeam) {
		create := func(vat string) string {
			return r.ask(fmt.Sprintf(`mutation { createCustomer(input: {name: "Mine", customerType: ORGANISATION, status: ACTIVE, vatId: %q}) { customer { name } userErrors { message code } } }`, vat))
		}
		alike(t, "a number that the maker has is answered otherwise than one that nobody has", create("V888"), create("V000"))
	}},
	{"an upsert into a hidden record", func(t *testing.T, r *redTeam) {
		write := func(id string) string {
			return r.ask(fmt.Sprintf(`mutation { updateCustomer(input: {id: %q, expectedVersion: 1, name: "Taken"}) { customer { name } userErrors { __typename message code path ... on VersionConflict { currentVersion current { id } } } } }`, id))
		}
		alike(t, "a hidden record is refused otherwise than one that is not there", write(r.hidGlobal), write(sdl.GlobalID(schema.Customers, schema.ID{9})))
	}},
	{"pages with holes", func(t *testing.T, r *redTeam) {
		for _, size := range []string{"first", "last"} {
			got := r.ask(fmt.Sprintf(`{ customers(%s: 5, filter: {country: {eq: "PT"}}) { nodes { name } pageInfo { hasNextPage hasPreviousPage } } }`, size))
			if strings.Count(got, `"name"`) != 5 || strings.Contains(got, "true") {
				t.Errorf("the page of five is %s", got)
			}
		}
	}},
	{"a cache outlives a revocation", func(t *testing.T, r *redTeam) {
		const document = `{ customers(first: 9) { nodes { name } totalCount { value } } node(id: "SHOWN") { id } }`
		before := r.ask(document)
		r.Do(r.maker, partners.Command{Verb: "suspend", Kind: schema.SharingAgreements, ID: r.agreement})
		after := r.ask(document)
		r.Do(r.maker, partners.Command{Verb: "resume", Kind: schema.SharingAgreements, ID: r.agreement})
		if !strings.Contains(before, "Shown last") || strings.Contains(after, "Shown") || strings.Contains(after, r.shownGlobal) {
			t.Errorf("before %s, and after the suspension %s", before, after)
		}
	}},
	{"an id that exists is answered otherwise", func(t *testing.T, r *redTeam) {
		for _, k := range schema.Kinds() {
			ask := func(id schema.ID) string {
				global := sdl.GlobalID(k, id)
				return r.ask(fmt.Sprintf(`{ a: %s(id: %q) { id } node(id: %q) { id } nodes(ids: [%q]) { id } }`, k.Field, global, global, global))
			}
			alike(t, "of "+k.Name, ask(r.hidden), ask(schema.ID{9}))
		}
	}},
	{"hidden edits show in version, time or order", func(t *testing.T, r *redTeam) {
		const document = `{ customer(id: "SHOWN") { version updatedAt } customers(first: 99, orderBy: {field: CREATED_AT}) { nodes { id version updatedAt } } }`
		before := r.ask(document)
		for i := range 3 {
			r.Do(r.maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: r.shown, Values: partners.Values{"phone": fmt.Sprint("77", i)}})
		}
		alike(t, "an edit of what is hidden shows", before, r.ask(document))
		version := func() (n int) {
			var got struct{ Customer struct{ Version int } }
			r.c.Must(fmt.Sprintf(`{ customer(id: %q) { version } }`, r.shownGlobal), nil, &got)
			return got.Customer.Version
		}
		was := version()
		r.Do(r.maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: r.shown, Values: partners.Values{"city": "Tavira"}})
		if is := version(); is != was+1 {
			t.Errorf("one edit that is seen, after three that are not, takes the version from %d to %d", was, is)
		}
	}},
}

// TestLeakFamilies tries, at the gateway, each of the ways by which products of
// this kind have told what they should not, and gets nothing.
func TestLeakFamilies(t *testing.T) {
	t.Parallel()
	r := newRedTeam(t)
	//nolint:paralleltest // they change one and the same scene, one after another
	for _, family := range leakFamilies {
		t.Run(family.name, func(t *testing.T) { family.try(t, r) })
	}
	var count struct {
		Customers struct{ TotalCount struct{ Value int } }
	}
	if r := r.As(r.maker).Do(`{ customers(first: 1) { totalCount { value } } }`, nil); json.Unmarshal(r.Data, &count) != nil || count.Customers.TotalCount.Value != 10 {
		t.Errorf("the maker has %s, want its ten customers: the test tests nothing", r.Body)
	}
}
