package federation_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"fondaco/exchange/exchangetest"
	"fondaco/exchange/federation"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// What a copy may hold hangs on other records than its own. These tests look at
// a record just while another one, on which it hangs, is in another state than
// before and after.

// lookAt lets a side's node look at a record for the peer, and returns when it has.
func lookAt(t *testing.T, s *exchangetest.Side, peer schema.FirmID, k *schema.Kind, id schema.ID) {
	t.Helper()
	if !look(t, s, peer, k, id, exchangetest.Patience) {
		t.Fatalf("%s %s is not looked at", k, id)
	}
}

// look is lookAt with a limit to its patience; it tells whether it was in time.
func look(t *testing.T, s *exchangetest.Side, peer schema.FirmID, k *schema.Kind, id schema.ID, patience time.Duration) bool {
	t.Helper()
	c := conn(t, s)
	defer c.Close(t.Context())
	const statement = `
		INSERT INTO federation_pending AS p (firm_id, peer_id, kind, id, lane)
		VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (firm_id, peer_id, id) DO UPDATE SET seq = excluded.seq`
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	_, err := c.Exec(ctx, statement, s.Admin.Firm, peer, k.Name, id)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for left := true; err == nil && left; {
		err = c.QueryRow(ctx, "SELECT EXISTS (SELECT FROM federation_pending p WHERE p.id = $1)", id).Scan(&left)
		<-tick.C
	}
	if err != nil && ctx.Err() == nil {
		t.Fatalf("look at %s %s: %v", k, id, err)
	}
	return err == nil
}

// windowTerms let the peer see customers in Portugal with their contacts,
// ovens, and all promotions.
const windowTerms = `[
	{"kind":"Customer","level":"FILTER","filter":{"field":"country","op":"eq","value":"PT"},"actions":["read"],"classes":["personal"]},
	{"kind":"Contact","level":"CHILDREN","actions":["read"],"classes":["personal"]},
	{"kind":"Document","level":"CHILDREN","actions":["read"]},
	{"kind":"DocumentVersion","level":"CHILDREN","actions":["read"]},
	{"kind":"Product","level":"FILTER","filter":{"field":"family","op":"eq","value":"ovens"},"actions":["read"]},
	{"kind":"Promotion","level":"ALL","actions":["read"]}]`

// window is a pair with a record that hangs on another one. While tail is held,
// A's node does not read its ledger.
type window struct {
	*exchangetest.Two
	tail *sync.Mutex
	t    *testing.T
}

func newWindow(t *testing.T) *window {
	t.Helper()
	var tail sync.Mutex
	return &window{exchangetest.Pair(t, federation.GateTail(&tail)), &tail, t}
}

func (w *window) set(k *schema.Kind, id schema.ID, field, value string) {
	w.A.Do(w.A.Admin, partners.Command{Verb: partners.Update, Kind: k, ID: id, Values: partners.Values{field: value}})
}

func (w *window) look(k *schema.Kind, id schema.ID) {
	w.t.Helper()
	lookAt(w.t, w.A, w.B.Admin.Firm, k, id)
}

func (w *window) promotion(product schema.ID) schema.ID {
	day := schema.Date{Year: 2026, Month: 3, Day: 1}
	return w.A.Create(w.A.Admin, schema.Promotions, partners.Values{"name": "Spring", "startsOn": day, "endsOn": day, "products": []schema.ID{product}})
}

func (w *window) customerIn(country string) schema.ID {
	return w.A.Create(w.A.Admin, schema.Customers, partners.Values{"name": "Padaria", "customerType": "ORGANISATION", "status": "ACTIVE", "country": country})
}

func (w *window) contactOf(customer schema.ID) schema.ID {
	return w.A.Create(w.A.Admin, schema.Contacts, partners.Values{"customer": customer, "name": "Ana"})
}

// documents makes a document of a customer's and a version of it, which hangs
// on the customer by way of the document.
func (w *window) documents(customer schema.ID) (document, version schema.ID) {
	document = w.A.Create(w.A.Admin, schema.Documents, partners.Values{
		"customer": customer, "title": "Price list", "documentType": "PRICE_LIST", "status": "ACTIVE",
		"audience": "FIRMS", "audienceFirms": []schema.ID{w.B.Admin.Firm.ID()},
	})
	body, err := w.A.PutBody(policy.With(w.t.Context(), w.A.Admin), strings.NewReader("Preise 2026"), 1<<10)
	if err != nil {
		w.t.Fatal(err)
	}
	version = w.A.Do(w.A.Admin, partners.Command{
		Verb: partners.Create, Kind: schema.DocumentVersions, Body: &body, Values: partners.Values{"document": document, "fileName": "prices.txt"},
	})
	return document, version
}

// TestLookWithinAWindow: a record on which another one hangs leaves and comes
// back, or comes and leaves, and the other one is looked at in between. The
// copy is in the end as if it had not been.
func TestLookWithinAWindow(t *testing.T) {
	t.Parallel()
	countries := map[bool]string{true: "PT", false: "DE"}
	families := map[bool]string{true: "ovens", false: "mixers"}
	for _, c := range []struct {
		name string
		// make makes the one that shows or not, and those that hang on it in the order in which they are looked at.
		make func(w *window, shown bool) (turn func(shown bool), looks []func())
	}{
		{"a named record", func(w *window, shown bool) (func(bool), []func()) {
			product := w.A.Create(w.A.Admin, schema.Products, partners.Values{"name": "Oven", "partNumber": "OV-1", "family": families[shown]})
			promotion := w.promotion(product)
			return func(shown bool) { w.set(schema.Products, product, "family", families[shown]) },
				[]func(){func() { w.look(schema.Promotions, promotion) }}
		}},
		{"a child", func(w *window, shown bool) (func(bool), []func()) {
			customer := w.customerIn(countries[shown])
			contact := w.contactOf(customer)
			return func(shown bool) { w.set(schema.Customers, customer, "country", countries[shown]) },
				[]func(){func() { w.look(schema.Contacts, contact) }}
		}},
		{"a grandchild", func(w *window, shown bool) (func(bool), []func()) {
			customer := w.customerIn(countries[shown])
			_, version := w.documents(customer)
			return func(shown bool) { w.set(schema.Customers, customer, "country", countries[shown]) },
				[]func(){func() { w.look(schema.DocumentVersions, version) }}
		}},
		{"a child and a grandchild", func(w *window, shown bool) (func(bool), []func()) {
			customer := w.customerIn(countries[shown])
			document, version := w.documents(customer)
			return func(shown bool) { w.set(schema.Customers, customer, "country", countries[shown]) },
				[]func(){func() { w.look(schema.Documents, document) }, func() { w.look(schema.DocumentVersions, version) }}
		}},
	} {
		for _, shown := range []bool{true, false} {
			t.Run(c.name+map[bool]string{true: " leaves and comes back", false: " comes and leaves"}[shown], func(t *testing.T) {
				t.Parallel()
				w := newWindow(t)
				turn, looks := c.make(w, shown)
				w.Share(windowTerms)
				w.A.Settle()
				before := checkCopies(t, w.A, w.B)
				w.tail.Lock()
				turn(!shown)
				for _, look := range looks {
					look()
				}
				turn(shown)
				w.tail.Unlock()
				w.A.Settle()
				if after := checkCopies(t, w.A, w.B); after != before {
					t.Errorf("the peer holds %d copies; want %d as before", after, before)
				}
			})
		}
	}
}

// secondTerms let the peer see customers by another agreement than that which
// opens their contacts.
const secondTerms = `[{"kind":"Customer","level":"ALL","actions":["read"]}]`

// TestChildrenOfOnePathGoWithIt: a customer that the peer sees by two
// agreements leaves the one that shows its contacts, and comes back. It is in
// sight all the time, and its contacts are not.
func TestChildrenOfOnePathGoWithIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		terms string
		open  func(w *window, agreement, customer schema.ID) (shut func())
	}{
		"a filter": {windowTerms, func(w *window, _, customer schema.ID) func() {
			w.set(schema.Customers, customer, "country", "PT")
			return func() { w.set(schema.Customers, customer, "country", "DE") }
		}},
		"a grant": {
			`[{"kind":"Customer","level":"GRANTED","actions":["read"]},{"kind":"Contact","level":"CHILDREN","actions":["read"],"classes":["personal"]}]`,
			func(w *window, agreement, customer schema.ID) func() {
				grant := w.A.Create(w.A.Admin, schema.Grants, partners.Values{"sharingAgreement": agreement, "recordKind": "Customer", "recordId": customer.String()})
				return func() { w.A.Do(w.A.Admin, partners.Command{Verb: partners.Delete, Kind: schema.Grants, ID: grant}) }
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWindow(t)
			customer := w.customerIn("DE")
			contact := w.contactOf(customer)
			w.Share(secondTerms)
			agreement := w.Share(c.terms)
			w.A.Settle()
			there := func(want bool) {
				t.Helper()
				w.A.Settle()
				checkCopies(t, w.A, w.B)
				if got := len(w.B.Rows(schema.Contacts)) == 1; got != want {
					t.Errorf("the contact %s is at the peer: %v; want %v", contact, got, want)
				}
			}
			there(false)
			shut := c.open(w, agreement, customer)
			there(true)
			shut()
			there(false)
		})
	}
}
