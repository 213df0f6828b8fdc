package gateway_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"fondaco/gateway/gatewaytest"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

var revocations = flag.Int("races", 5, "how many revocations race with reads")

// race is a customer that is shown and taken back again, while it is read in
// all ways.
type race struct {
	*gatewaytest.Server
	t             *testing.T
	maker, viewer policy.Principal
	agreement     schema.ID
	customer      schema.ID
	version       schema.ID // of a document that belongs to the customer
	grant         schema.ID
	name          string       // that the customer has as long as it is shown
	url           string       // of the bytes, asked for while it was shown
	revoked       atomic.Bool  // set once the commit has returned
	reads, late   atomic.Int64 // how many reads ended, and how many began after the commit
}

func newRace(t *testing.T) *race {
	t.Helper()
	r := &race{Server: gatewaytest.Serve(t, partnerstest.Open(t)), t: t}
	r.maker, r.viewer = r.Firm("Maker", "PL"), r.Firm("Viewer", "PT")
	r.agreement = r.Share(r.maker, r.viewer, r.Partnership(r.maker, r.viewer), `[
		{"kind": "Customer", "level": "FILTER", "filter": {"field": "country", "op": "eq", "value": "PT"}, "actions": ["read", "comment", "export"]},
		{"kind": "Customer", "level": "GRANTED", "actions": ["read", "comment", "export"]},
		{"kind": "Document", "level": "CHILDREN", "actions": ["read"]}, {"kind": "DocumentVersion", "level": "CHILDREN", "actions": ["read"]}]`)
	r.customer = r.Create(r.maker, schema.Customers, partners.Values{"name": "First", "customerType": "ORGANISATION", "status": "ACTIVE", "country": "DE"})
	document := r.Create(r.maker, schema.Documents, partners.Values{"customer": r.customer, "title": "Prices", "documentType": "PRICE_LIST",
		"status": "ACTIVE", "audience": "FIRMS", "audienceFirms": []schema.ID{r.viewer.Firm.ID()}})
	body, err := r.PutBody(policy.With(t.Context(), r.maker), strings.NewReader("secret bytes"), 100)
	if err != nil {
		t.Fatal(err)
	}
	r.version = r.Do(r.maker, partners.Command{Verb: partners.Create, Kind: schema.DocumentVersions, Body: &body,
		Values: partners.Values{"document": document, "fileName": "prices.txt"}})
	return r
}

func (r *race) update(values partners.Values) {
	r.Do(r.maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: r.customer, Values: values})
}

func (r *race) step(verb string) {
	r.Do(r.maker, partners.Command{Verb: verb, Kind: schema.SharingAgreements, ID: r.agreement})
}

func (r *race) give() {
	r.grant = r.Create(r.maker, schema.Grants, partners.Values{"sharingAgreement": r.agreement, "recordKind": "Customer", "recordId": r.customer.String()})
}

func (r *race) takeBack() {
	r.Do(r.maker, partners.Command{Verb: partners.Delete, Kind: schema.Grants, ID: r.grant})
}

// ways are how something is shown, how that is taken back, and how all is as before.
func (r *race) ways() [][3]func() {
	none := func() {}
	return [][3]func(){
		{r.give, r.takeBack, none},
		{func() { r.update(partners.Values{"country": "PT"}) }, func() { r.update(partners.Values{"country": "DE"}) }, none},
		{r.give, func() { r.step("suspend") }, func() { r.step("resume"); r.takeBack() }},
		{func() { r.update(partners.Values{"country": "PT"}) }, func() { r.step("suspend") }, func() { r.step("resume"); r.update(partners.Values{"country": "DE"}) }},
	}
}

// readers are ways to read the customer. Each gives what it got.
func (r *race) readers(c *gatewaytest.Client) map[string]func() string {
	id := sdl.GlobalID(schema.Customers, r.customer)
	ask := func(query string) func() string { return func() string { return c.Do(query, nil).Body } }
	return map[string]func() string{
		"a query by id": ask(fmt.Sprintf(`{ node(id: %q) { ... on Customer { name } } }`, id)),
		"a list":        ask(`{ customers(first: 100) { nodes { name } totalCount { value } } }`),
		"a search":      ask(fmt.Sprintf(`{ customers(first: 10, search: %q) { nodes { name } } }`, r.name)),
		"a mutation":    ask(fmt.Sprintf(`mutation { createInteraction(input: {customer: %q, interactionType: NOTE, occurredAt: "2026-01-01T00:00:00Z", subject: "x"}) { interaction { customer { name } } userErrors { message } } }`, id)),
		"an order":      ask(`{ customers(last: 100, orderBy: {field: NAME, direction: DESC}) { edges { node { name documents(first: 5) { nodes { title } } } } } }`),
		"a download": func() string {
			_, _, raw := c.Send(http.MethodGet, r.url, nil)
			return string(raw)
		},
		"an address of bytes": ask(fmt.Sprintf(`{ documentVersion(id: %q) { fileName download { url } } }`, sdl.GlobalID(schema.DocumentVersions, r.version))),
	}
}

// tells says whether an answer shows anything of the customer.
func (r *race) tells(answer string) bool {
	return strings.Contains(answer, r.name) || strings.Contains(answer, "secret bytes") || strings.Contains(answer, "prices.txt")
}

// run lets one revocation happen at some moment of many reads.
func (r *race) run(rng *rand.Rand, way [3]func(), stream *gatewaytest.Stream) {
	r.name = fmt.Sprintf("Shown%d", rng.IntN(1_000_000))
	r.revoked.Store(false)
	r.reads.Store(0)
	r.late.Store(0)
	r.update(partners.Values{"name": r.name})
	way[0]()
	c := r.As(r.viewer)
	var got struct {
		DocumentVersion struct{ Download struct{ URL string } }
	}
	c.Must(fmt.Sprintf(`{ documentVersion(id: %q) { download { url } } }`, sdl.GlobalID(schema.DocumentVersions, r.version)), nil, &got)
	r.url = got.DocumentVersion.Download.URL
	readers := r.readers(c)
	var wait sync.WaitGroup
	progress := make(chan struct{}, 1)
	for what, read := range readers {
		wait.Go(func() {
			for after := 0; after < 2; {
				began := r.revoked.Load()
				answer := read()
				if began {
					after++
					r.late.Add(1)
				}
				if began && r.tells(answer) {
					r.t.Errorf("%s that began after the revocation had committed shows %s", what, answer)
				}
				r.reads.Add(1)
				select {
				case progress <- struct{}{}:
				default:
				}
			}
		})
	}
	for moment := int64(rng.IntN(3 * len(readers))); r.reads.Load() < moment; {
		<-progress
	}
	way[1]()
	r.revoked.Store(true)
	wait.Wait()
	r.update(partners.Values{"name": "After " + r.name})
	r.follow(c, stream)
	way[2]()
}

// follow reads a stream up to a record of the viewer's own, and looks for what
// was written after the revocation.
func (r *race) follow(c *gatewaytest.Client, stream *gatewaytest.Stream) {
	var got struct {
		CreateCustomer struct{ Customer struct{ ID string } }
	}
	c.Must(`mutation { createCustomer(input: {name: "Mark", customerType: ORGANISATION, status: ACTIVE}) { customer { id } } }`, nil, &got)
	for {
		raw := stream.Next()
		if strings.Contains(string(raw), "After "+r.name) {
			r.t.Errorf("a subscription tells %s, which was written after the revocation had committed", raw)
		}
		if bytes.Contains(raw, []byte(`"id":"`+got.CreateCustomer.Customer.ID+`"`)) {
			return
		}
	}
}

// TestNothingIsShownAfterARevocation: no query, list, search, mutation or
// download that begins when a revocation has committed shows anything that it
// took back, and no subscription tells what comes later.
func TestNothingIsShownAfterARevocation(t *testing.T) {
	t.Parallel()
	r := newRace(t)
	c := r.As(r.viewer)
	var got struct{ Cursor string }
	c.Must("{ cursor }", nil, &got)
	stream := c.Subscribe(`subscription($after: String) { changes(after: $after) { record { __typename id ... on Customer { name } } } }`, gatewaytest.Vars{"after": got.Cursor})
	rng := rand.New(rand.NewPCG(*twinSeed, 31))
	reads, late := int64(0), int64(0)
	for i := range *revocations {
		r.run(rng, r.ways()[i%len(r.ways())], stream)
		reads, late = reads+r.reads.Load(), late+r.late.Load()
		if t.Failed() {
			return
		}
	}
	t.Logf("%d revocations, %d reads, of which %d began after a commit", *revocations, reads, late)
	if late == 0 || late == reads {
		t.Error("nothing was read before, or nothing after: the test tests nothing")
	}
}
