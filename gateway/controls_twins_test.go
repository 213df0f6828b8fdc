package gateway_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// leaky is a driver that tells one thing more, as a door with a fault would.
type leaky struct {
	partnerstest.Driver
	t    *testing.T
	tell string // a statement of one text
}

// Run carries out an operation of the driver, and gives away what it should not.
func (l leaky) Run(n *partnerstest.Node, viewer policy.Principal, op uint64) []byte {
	ctx := l.t.Context()
	answer := l.Driver.Run(n, viewer, op)
	conn, err := pgx.Connect(ctx, n.DSN)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var text string
	if err := conn.QueryRow(ctx, l.tell).Scan(&text); err != nil {
		l.t.Fatal(err)
	}
	return append(answer, text...)
}

// notes takes what a test says is wrong.
type notes struct {
	testing.TB
	errors []string
}

// Errorf notes an error, and fails nothing.
func (n *notes) Errorf(format string, args ...any) {
	n.errors = append(n.errors, fmt.Sprintf(format, args...))
}

// TestTwoWorldsFindALeak holds the comparison of two worlds against doors with
// a fault, each of a family that is known from other products.
func TestTwoWorldsFindALeak(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	sound := &webDriver{pair: p, used: map[string]bool{}, answers: map[string]int{}, readsOnly: true}
	hidden := p.veil.Hidden[schema.Customers][0]
	p.Pass(time.Second)
	did := partnerstest.Secret{Name: "a hidden customer more, and another changed", Do: func(n *partnerstest.Node) bool {
		n.Create(p.veil.Maker, schema.Customers, partners.Values{"name": "!first of all", "customerType": "PERSON", "status": "ACTIVE", "country": "DE"})
		n.Do(p.veil.Maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: hidden, Values: partners.Values{"name": "Changed unseen"}})
		return true
	}}
	viewers, ops := p.veil.Viewers[:1], sound.sweep()[:4]
	if n := p.Compare(t, did, viewers, []partnerstest.Driver{sound}, ops); n == 0 || t.Failed() {
		t.Fatal("a sound door is said to leak")
	}
	// What is left is what the leaky doors tell.
	nothing := partnerstest.Secret{Name: did.Name, Do: func(*partnerstest.Node) bool { return true }}
	for name, tell := range map[string]string{
		"a count of all":               "SELECT count(*)::text FROM customers",
		"a version":                    fmt.Sprintf("SELECT version::text FROM customers WHERE id = '%s'", hidden),
		"the first in an order of all": "SELECT left(name, 5) FROM customers ORDER BY name LIMIT 1",
		"a number of a sequence":       "SELECT max(seq)::text FROM changes",
		"what is found by words":       "SELECT EXISTS (SELECT FROM customers WHERE name LIKE '%unseen%')::text",
		"the latest change":            "SELECT string_agg(id::text, '' ORDER BY updated_at DESC, id) FROM (SELECT id, updated_at FROM customers ORDER BY updated_at DESC, id LIMIT 3) x",
		"a facet":                      "SELECT string_agg(n::text, ',') FROM (SELECT count(*) AS n FROM customers GROUP BY country ORDER BY country) x",
		"whether an id exists":         "SELECT (count(*) % 2)::text FROM records",
	} {
		n := &notes{TB: t}
		p.Compare(n, nothing, viewers, []partnerstest.Driver{leaky{Driver: sound, t: t, tell: tell}}, ops)
		if len(n.errors) == 0 {
			t.Errorf("a door that tells %s is not found out", name)
		}
	}
}

// TestWhatOthersDidAtTheGatewayShowsInNothing: keys of idempotency, uploads and
// budgets are kept apart, each for its firm or its person.
func TestWhatOthersDidAtTheGatewayShowsInNothing(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	d := &webDriver{pair: p, used: map[string]bool{}, answers: map[string]int{}}
	create := func(name, key string) string {
		return fmt.Sprintf(`mutation { createCustomer(input: {name: %q, customerType: ORGANISATION, status: ACTIVE, idempotencyKey: %q}) { customer { name version } userErrors { __typename code message path } } }`, name, key)
	}
	did := partnerstest.Secret{Name: "what the maker and the rival did by the gateway", Do: func(n *partnerstest.Node) bool {
		for _, other := range []policy.Principal{p.veil.Maker, p.veil.Rival} {
			c := p.as(n, other)
			for _, key := range []string{"k1", "k2", "k3"} {
				c.Do(create("Other", key), nil)
			}
			c.Do("{ customers(first: 100) { nodes { id name interactions(first: 50) { nodes { id } } } } }", nil)
			var got struct {
				CreateDocumentUpload struct{ Upload struct{ URL string } }
			}
			c.Must(fmt.Sprintf(`mutation { createDocumentUpload(input: {document: %q, fileName: "a.txt", size: "3"}) { upload { url } } }`, sdl.GlobalID(schema.Documents, p.veil.Hidden[schema.Documents][0])), nil, &got)
			if url := got.CreateDocumentUpload.Upload.URL; url != "" {
				d.send(c, "bytes", "PUT", url, nil)
			}
		}
		return true
	}}
	asked := &script{d: d, documents: []string{
		create("Mine", "k1"), create("Mine", "k1"), create("Another", "k1"), create("Other", "k2"),
		"{ customers(first: 100) { nodes { name } totalCount { value isExact } } viewer { firmId userId } }",
	}}
	n := p.Compare(t, did, p.veil.Viewers, []partnerstest.Driver{asked}, []uint64{0, 1, 2, 3, 4})
	t.Logf("%d operations", n)
}

// script is a driver of fixed documents.
type script struct {
	d         *webDriver
	documents []string
}

// Name names the driver.
func (*script) Name() string { return "fixed documents" }

// Run sends the document of that number.
func (s *script) Run(n *partnerstest.Node, viewer policy.Principal, op uint64) []byte {
	return s.d.ask(s.d.as(n, viewer), s.documents[op])
}
