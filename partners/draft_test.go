package partners_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// drafting is a firm that shows another one some customers, with what belongs
// to them, and follows its ledger as the sender of a link does.
type drafting struct {
	*partnerstest.Node
	t                  *testing.T
	maker, distributor policy.Principal
	cursor             partners.Cursor
}

func newDrafting(t *testing.T) *drafting {
	t.Helper()
	d := &drafting{Node: partnerstest.Open(t), t: t}
	d.maker, d.distributor = d.Firm("Wisła Pompy", "PL"), d.Firm("Lusitânia", "PT")
	d.Node.Share(d.maker, d.distributor, d.Partnership(d.maker, d.distributor), `[
		{"kind":"Customer","level":"FILTER","filter":{"or":[
			{"field":"country","op":"in","value":["PT","ES"]},
			{"and":[{"field":"country","op":"eq","value":"FR"},{"field":"status","op":"eq","value":"ACTIVE"}]}]},"actions":["read"]},
		{"kind":"Document","level":"CHILDREN","actions":["read"]}]`)
	d.follow()
	return d
}

// follow gives what happened since it was called last, and to which records,
// each once.
func (d *drafting) follow() []partners.Wanted {
	d.t.Helper()
	if d.cursor == "" {
		cursor, err := d.Position(d.t.Context())
		if err != nil {
			d.t.Fatal(err)
		}
		d.cursor = cursor
		return nil
	}
	lines, next, err := d.Tail(d.t.Context(), d.cursor, 1000)
	if err != nil {
		d.t.Fatal(err)
	}
	d.cursor = next
	var list []partners.Wanted
	for _, c := range lines {
		changed := partners.MovedBy(c)
		i := slices.IndexFunc(list, func(w partners.Wanted) bool { return w.ID == c.ID })
		if i < 0 {
			i, list = len(list), append(list, partners.Wanted{Kind: c.Kind, ID: c.ID})
		}
		list[i].Changed |= changed
		if changed != 0 && list[i].Since == 0 {
			list[i].Since = c.Seq
		}
	}
	return list
}

// moved drafts what happened, and gives the ids of what has moved and of what
// the other firm may hold.
func (d *drafting) moved() (moved, shown []schema.ID) {
	d.t.Helper()
	draft, err := d.Draft(d.t.Context(), d.maker.Firm, d.distributor.Firm, d.follow())
	if err != nil {
		d.t.Fatal(err)
	}
	for _, w := range draft.Moved {
		moved = append(moved, w.ID)
	}
	for _, p := range draft.Projections {
		shown = append(shown, p.ID)
	}
	return moved, shown
}

func (d *drafting) set(id schema.ID, values partners.Values) {
	d.Do(d.maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: id, Values: values})
}

// TestDraftTellsWhatMoved: a record has moved if a filter has said another
// thing of it at any time since the last look, whatever it says now, and not
// by any other edit.
func TestDraftTellsWhatMoved(t *testing.T) {
	t.Parallel()
	d := newDrafting(t)
	active := func(country string) partners.Values { return partners.Values{"country": country, "status": "ACTIVE"} }
	for _, c := range []struct {
		name         string
		edits        []partners.Values // the first one is how it was at the last look
		moved, shown bool
	}{
		{"an ordinary edit", []partners.Values{active("PT"), {"phone": "1"}}, false, true},
		{"a hidden one's", []partners.Values{active("DE"), {"phone": "1"}}, false, false},
		{"within the filter", []partners.Values{active("PT"), {"country": "ES"}}, false, true},
		{"beyond the filter", []partners.Values{active("DE"), {"country": "PL"}}, false, false},
		{"it leaves", []partners.Values{active("PT"), {"country": "DE"}}, true, false},
		{"it comes", []partners.Values{active("DE"), {"country": "PT"}}, true, true},
		{"it leaves and comes back", []partners.Values{active("PT"), {"country": "DE"}, {"country": "PT"}}, true, true},
		{"it comes and leaves", []partners.Values{active("DE"), {"country": "PT"}, {"phone": "1"}, {"country": "DE"}}, true, false},
		{"a field of two, which decides", []partners.Values{active("FR"), {"status": "PROSPECT"}}, true, false},
		{"a field of two, which does not", []partners.Values{active("PT"), {"status": "PROSPECT"}}, false, true},
		{"two fields one after the other", []partners.Values{active("FR"), {"status": "PROSPECT"}, {"country": "PT"}}, true, true},
		{"two fields at once", []partners.Values{active("FR"), {"status": "PROSPECT", "country": "PT"}}, false, true},
		{"from nothing", []partners.Values{{"status": "ACTIVE"}, {"country": "PT"}}, true, true},
		{"to nothing", []partners.Values{active("PT"), {"country": nil}}, true, false},
	} {
		values := partners.Values{"name": c.name, "customerType": "ORGANISATION"}
		maps.Copy(values, c.edits[0])
		id := d.Create(d.maker, schema.Customers, values)
		if moved, _ := d.moved(); len(moved) > 0 {
			t.Errorf("%s: a new record has moved; nobody can have named it before", c.name)
		}
		for _, edit := range c.edits[1:] {
			d.set(id, edit)
		}
		moved, shown := d.moved()
		if got := slices.Contains(moved, id); got != c.moved {
			t.Errorf("%s: moved %v; want %v", c.name, got, c.moved)
		}
		if got := slices.Contains(shown, id); got != c.shown {
			t.Errorf("%s: shown %v; want %v", c.name, got, c.shown)
		}
	}
}

// TestDraftOfWhatIsNotKnown: what was withdrawn has moved; and so has a record
// of which the ledger knows no more what stood in it, or since when.
func TestDraftOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	d := newDrafting(t)
	values := partners.Values{"name": "Padaria", "customerType": "ORGANISATION", "status": "ACTIVE", "country": "PT"}
	customer := d.Create(d.maker, schema.Customers, values)
	document := d.Create(d.maker, schema.Documents, partners.Values{
		"customer": customer, "title": "Price list", "documentType": "PRICE_LIST", "status": "ACTIVE",
		"audience": "FIRMS", "audienceFirms": []schema.ID{d.distributor.Firm.ID()},
	})
	d.follow()
	expect := func(what string, want ...schema.ID) {
		t.Helper()
		moved, _ := d.moved()
		if diff := cmp.Diff(want, moved); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	d.set(customer, partners.Values{"country": "ES"})
	list := d.follow()
	list[0].Since = 0
	draft, err := d.Draft(t.Context(), d.maker.Firm, d.distributor.Firm, list)
	if err != nil || len(draft.Moved) != 1 {
		t.Errorf("of a change at an unknown time %d have moved, %v; want the record", len(draft.Moved), err)
	}
	d.set(customer, partners.Values{"country": "PT"})
	const erase = "DELETE FROM change_values v USING changes c WHERE c.seq = v.seq AND c.id = $1"
	if _, err := owner(t, d.Node).Exec(t.Context(), erase, customer); err != nil {
		t.Fatal(err)
	}
	expect("after its values were erased", customer)
	d.Do(d.maker, partners.Command{
		Verb: partners.Update, Kind: schema.Documents, ID: document, Values: partners.Values{"audience": "FIRM", "audienceFirms": []schema.ID{}},
	})
	expect("after another audience", document)
	d.Do(d.maker, partners.Command{Verb: partners.Delete, Kind: schema.Customers, ID: customer})
	if moved, shown := d.moved(); len(moved) != 2 || len(shown) > 0 {
		t.Errorf("after it was withdrawn with its document %v have moved, and %v are shown; want both, and none", moved, shown)
	}
}

// TestGrantedOfAGrant: what a grant opens is known as long as the grant's row
// is kept, also after it was withdrawn.
func TestGrantedOfAGrant(t *testing.T) {
	t.Parallel()
	d := newDrafting(t)
	agreement := d.Node.Share(d.maker, d.distributor, d.Partnership(d.maker, d.distributor), `[{"kind":"Product","level":"GRANTED","actions":["read"]}]`)
	product := d.Create(d.maker, schema.Products, partners.Values{"name": "Oven", "partNumber": "OV-1"})
	grant := d.Create(d.maker, schema.Grants, partners.Values{"sharingAgreement": agreement, "recordKind": "Product", "recordId": product.String()})
	want := partners.Neighbour{Kind: schema.Products, ID: product, Owner: d.maker.Firm}
	for range 2 {
		if got, known, err := d.Granted(t.Context(), grant); got != want || !known || err != nil {
			t.Errorf("the grant opens %v, known %v, %v; want the product", got, known, err)
		}
		_, _ = d.Write(policy.With(t.Context(), d.maker), []partners.Command{{Verb: partners.Delete, Kind: schema.Grants, ID: grant}})
	}
	if got, known, err := d.Granted(t.Context(), product); known || err != nil {
		t.Errorf("of what is no grant: %v, known %v, %v; want that nothing is known", got, known, err)
	}
}
