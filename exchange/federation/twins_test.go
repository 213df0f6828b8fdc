package federation_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fondaco/exchange/exchangetest"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

var (
	twinSecrets = flag.Int("twins", 10, "how many secrets the test of two worlds keeps")
	twinSeed    = flag.Uint64("twins.seed", 1, "seed of the test of two worlds")
)

// farWorld is a pair of nodes, with all that was heard between them.
type farWorld struct {
	*exchangetest.Two
	caught func() // returns when all was heard that has gone through
	mu     sync.Mutex
	heard  []string
}

// listen gathers what goes into the peer's mailbox.
func (w *farWorld) listen(t *testing.T) {
	t.Helper()
	caught, stop, err := w.Server.Overhear(func(subject, text string) {
		to, from := w.B.Admin.Firm.String(), w.A.Admin.Firm.String()
		// A probe asks for the position when it was quiet for a while.
		if subject != "fondaco.batch."+to+"."+from || strings.Contains(text, "probe true") {
			return
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.heard = append(w.heard, text)
	})
	if err != nil {
		t.Fatal(err)
	}
	w.caught = caught
	t.Cleanup(stop)
}

// take gives what was heard since it was taken last: the records in the order
// in which they came. How they were cut into batches is a matter of time, and
// so is whether one was sent again that nobody had confirmed.
func (w *farWorld) take() []string {
	w.caught()
	w.mu.Lock()
	defer w.mu.Unlock()
	var lines []string
	for _, text := range w.heard {
		for _, line := range strings.Split(text, "\n")[1:] {
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	if len(w.heard) > 0 && len(lines) == 0 {
		lines = append(lines, "a batch without records")
	}
	w.heard = nil
	return lines
}

// held is all that the peer's node holds of the other firm: its copies with
// every column, what the link remembers of them, and what was set aside.
func (w *farWorld) held(t *testing.T) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.B.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	statements := []string{
		"SELECT 'copy ' || c.kind || ' ' || c.id::text FROM federation_copies c ORDER BY 1",
		"SELECT 'aside ' || q::text FROM federation_quarantine q ORDER BY 1",
		"SELECT 'body ' || b.sha256 FROM bodies b ORDER BY 1",
		"SELECT 'known ' || r.id::text || r.kind FROM records r ORDER BY 1",
		"SELECT 'text ' || s.id::text || s.text FROM search_texts s ORDER BY 1",
	}
	for _, k := range schema.Kinds() {
		statements = append(statements, fmt.Sprintf("SELECT '%s ' || x::text FROM %s x WHERE x.owner_firm_id <> x.holder_firm_id ORDER BY 1", k, k.Table))
	}
	var lines []string
	for _, s := range statements {
		rows, err := conn.Query(t.Context(), s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		some, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		lines = append(lines, some...)
	}
	return lines
}

// farVeil makes the maker's records on the node of one side of a pair.
func farVeil(p *exchangetest.Two) *partnerstest.Veil {
	return partnerstest.NewFarVeil(p.A.Node, *twinSeed, p.A.Admin, p.B.Admin, p.Partnership, p.Share)
}

// known does something at random that the peer's firm sees, or that takes
// something from it. It is the same at both worlds: it has its ids with it.
func known(v *partnerstest.Veil, seed uint64) (string, []policy.Principal, []partners.Command) {
	r := rand.New(rand.NewPCG(seed, 15))
	k := partnerstest.One(r, []*schema.Kind{schema.Customers, schema.Contacts, schema.Products, schema.Promotions, schema.PriceLists, schema.Documents})
	id := partnerstest.One(r, v.Shown[k])
	draw := &partnerstest.Draw{Rand: r, Words: partnerstest.Words(), Link: func(f *schema.Field) schema.ID {
		if list := v.Shown[f.Target()]; len(list) > 0 {
			return partnerstest.One(r, list)
		}
		return schema.ID{}
	}}
	one := func(c partners.Command) []partners.Command { return []partners.Command{c} }
	by := []policy.Principal{v.Maker}
	switch r.IntN(8) {
	case 0, 1, 2:
		var free []*schema.Field
		for _, f := range k.Fields {
			if f.Class == schema.Basic && !f.System && !f.Frozen && f.Name != "country" {
				free = append(free, f)
			}
		}
		f := partnerstest.One(r, free)
		return "change " + f.String(), by, one(partners.Command{Verb: partners.Update, Kind: k, ID: id, Values: partners.Values{f.Name: draw.Value(f)}})
	case 3:
		country := partnerstest.One(r, []string{"PT", "DE"})
		return "customer moves to " + country, by, one(partners.Command{Verb: partners.Update, Kind: schema.Customers,
			ID: partnerstest.One(r, v.Shown[schema.Customers]), Values: partners.Values{"country": country}})
	case 4:
		return "new contact", by, one(partners.Command{Verb: partners.Create, Kind: schema.Contacts, ID: schema.NewID(),
			Values: partners.Values{"customer": partnerstest.One(r, v.Shown[schema.Customers]), "name": "Ana", "email": "ana@example.com"}})
	case 5:
		return "delete " + k.Name, []policy.Principal{policy.System(v.Maker.Firm)}, one(partners.Command{Verb: partners.Delete, Kind: k, ID: id})
	case 6:
		return "rest", by, one(partners.Command{Verb: "suspend", Kind: schema.SharingAgreements, ID: v.Spared[0]})
	default:
		return "resume", by, one(partners.Command{Verb: "resume", Kind: schema.SharingAgreements, ID: v.Spared[0]})
	}
}

// TestTwoWorldsByFederation: of two nodes that differ in what a partner may not
// know, the partner's node gets the same records in the same order, and nothing
// where nothing was changed that it knows; and in the end it holds the same,
// row by row and byte by byte.
func TestTwoWorldsByFederation(t *testing.T) {
	t.Parallel()
	var veil *partnerstest.Veil
	first, second := exchangetest.Twins(t, func(p *exchangetest.Two) { veil = farVeil(p) })
	a, b := &farWorld{Two: first}, &farWorld{Two: second}
	a.listen(t)
	b.listen(t)
	settle := func() {
		a.A.Settle()
		b.A.Settle()
	}
	settle()
	a.take()
	b.take()
	base := a.held(t)
	if diff := cmp.Diff(base, b.held(t)); diff != "" || len(base) == 0 {
		t.Fatalf("the twins are not equal to begin with (-first +second):\n%s", diff)
	}
	secrets, did, records := 0, 0, 0
	seed := *twinSeed << 32
	for secrets < *twinSecrets && !t.Failed() {
		name, done := veil.Secret(b.A.Node, seed)
		if seed++; !done {
			continue
		}
		secrets++
		b.A.Settle()
		if told := b.take(); len(told) > 0 {
			t.Errorf("after the secret %q the peer was sent\n%s", name, strings.Join(told, "\n"))
		}
		what, by, commands := known(veil, seed)
		for _, w := range []*farWorld{a, b} {
			_, err := w.A.Write(policy.With(t.Context(), by[0]), slices.Clone(commands))
			if err == nil {
				did++
			}
		}
		settle()
		sentA, sentB := a.take(), b.take()
		records += len(sentA)
		if diff := cmp.Diff(sentA, sentB); diff != "" {
			t.Errorf("after the secret %q, %s sends another thing (-without +with):\n%s", name, what, diff)
		}
	}
	if diff := cmp.Diff(a.held(t), b.held(t)); diff != "" {
		t.Errorf("the peer holds another thing (-without +with):\n%s", diff)
	}
	// Held against what is no secret, the comparison must bite.
	for _, w := range []*farWorld{a, b} {
		_, _ = w.A.Write(policy.With(t.Context(), veil.Maker), []partners.Command{{Verb: "resume", Kind: schema.SharingAgreements, ID: veil.Spared[0]}}) // if it rests
	}
	settle()
	a.take()
	b.take()
	b.A.Do(veil.Maker, partners.Command{Verb: partners.Create, Kind: schema.Customers, Values: partners.Values{
		"name": "At one alone", "customerType": "PERSON", "status": "ACTIVE", "country": "PT",
	}})
	settle()
	if len(b.take()) == 0 || cmp.Equal(a.held(t), b.held(t)) {
		t.Error("what the peer may see of one alone of the twins is not found: the test tests nothing")
	}
	t.Logf("%d secrets, %d operations that the peer may know of sent it %d records; it held %d lines at first and %d in the end", secrets, did, records, len(base), len(a.held(t)))
	if records == 0 || secrets == 0 {
		t.Error("nothing was sent, or nothing was kept secret: the test tests nothing")
	}
}

// TestBytesOfHiddenDocumentsAreNobodys: who asks another firm's node for bytes
// gets those of what it sees, and of what it does not see the same answer as of
// what is not there.
func TestBytesOfHiddenDocumentsAreNobodys(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	veil := farVeil(p)
	p.A.Settle()
	ask := func(id schema.ID) string {
		content, err := p.B.Federation.AskBody(t.Context(), p.B.Admin.Firm, p.A.Admin.Firm, id)
		return fmt.Sprintf("%q, %v", content, err)
	}
	nothing := ask(schema.ID{1})
	given := 0
	for _, id := range veil.Shown[schema.DocumentVersions] {
		if got := ask(id); got != nothing {
			given++
		}
	}
	hidden := append(slices.Clone(veil.Hidden[schema.DocumentVersions]), veil.Hidden[schema.Documents]...)
	for _, id := range hidden {
		if got := ask(id); got != nothing {
			t.Errorf("the bytes of a hidden version: %s; want %s, as of one that is not there", got, nothing)
		}
	}
	if given == 0 || len(hidden) == 0 {
		t.Errorf("%d shown, %d hidden, and the answer to all is %s: the test tests nothing", given, len(hidden), nothing)
	}
}
