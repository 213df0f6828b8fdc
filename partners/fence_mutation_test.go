package partners_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// TestFenceHoldsWithoutTheView: with the visible view of every reader turned
// into one that opens everything, or into that of another firm, a reader
// still gets no row of a firm outside its fence. The same readers, behind the
// fence of the firm whose rows they are, get them: they are no empty test.
func TestFenceHoldsWithoutTheView(t *testing.T) {
	t.Parallel()
	w := newWorld(t, max(*seed, 7))
	for len(w.firms) < 4 { // strangers, with rows of their own
		w.addFirm(fmt.Sprintf("Stranger %d", len(w.firms)))
		w.create(w.firms[len(w.firms)-1], schema.Customers)
		w.create(w.firms[len(w.firms)-1], schema.Products)
	}
	m := newModel(t, w)
	var everything []schema.SharingTerm
	for _, k := range schema.Kinds() {
		if !k.Private {
			everything = append(everything, schema.SharingTerm{Kind: k.Name, Level: schema.ShareAll, Actions: []string{"read", "export"}, Classes: []schema.Class{schema.Personal, schema.Commercial}})
		}
	}
	var mutants, leaks, control int
	for _, reader := range w.firms {
		var others []schema.FirmID
		for _, f := range w.firms {
			if f != reader {
				others = append(others, f.id)
			}
		}
		fence, err := w.Misjudge(t.Context(), reader.id, others, everything)
		if err != nil {
			t.Fatal(err)
		}
		for _, reached := range append(everyWay(t, m, reader.people[0], fence), byNode(t, m, reader.id, fence)...) {
			mutants++
			leaks += outside(t, reached, fence)
		}
		w.Honest(reader.id)
		for _, other := range w.firms {
			if slices.Contains(fence, other.id) {
				continue
			}
			for _, behind := range [][]schema.FirmID{fence, {other.id}} {
				if err := w.Misfence(t.Context(), other.id, behind); err != nil {
					t.Fatal(err)
				}
				for _, reached := range append(everyWay(t, m, policy.System(other.id), behind), byNode(t, m, other.id, behind)...) {
					mutants++
					leaks += outside(t, reached, behind)
					control += len(reached.holders)
				}
			}
			w.Honest(other.id)
		}
	}
	t.Logf("%d mutants, %d foreign rows, %d rows behind the right fence", mutants, leaks, control)
	if control == 0 {
		t.Error("no reader got a row behind the fence of its own firm: the test tests nothing")
	}
}

// reached are the holders of the rows that one way of reading led to, without
// those that were sent to a firm within the fence.
type reached struct {
	way     string
	holders []schema.FirmID
}

// outside counts the rows whose holder is outside the fence.
func outside(t *testing.T, r reached, fence []schema.FirmID) int {
	t.Helper()
	n := 0
	for _, h := range r.holders {
		if !slices.Contains(fence, h) {
			n++
		}
	}
	if n > 0 {
		t.Errorf("%s gives %d rows of firms outside the fence", r.way, n)
	}
	return n
}

// everyWay reads by every way that the service has.
func everyWay(t *testing.T, m *model, p policy.Principal, fence []schema.FirmID) []reached {
	t.Helper()
	ctx := policy.With(t.Context(), p)
	var plans []*partners.Plan
	for _, k := range schema.Kinds() {
		plans = append(plans,
			&partners.Plan{Kind: k, First: partners.PageLimit, CountMax: partners.PageLimit},
			&partners.Plan{Kind: k, Order: []partners.Order{{Desc: true}}, Last: partners.PageLimit},
			&partners.Plan{Kind: k, IDs: (&asker{model: m}).every(k)},
			&partners.Plan{Kind: k, First: partners.PageLimit, Search: "o"},
			&partners.Plan{Kind: k, First: partners.PageLimit, Search: "porto"})
		for _, child := range k.Children() {
			plans = append(plans, &partners.Plan{Kind: k, First: partners.PageLimit, Children: []*partners.Child{
				{Link: child.Parent, Plan: &partners.Plan{Kind: child, First: partners.PageLimit, CountMax: partners.PageLimit}},
			}})
		}
	}
	pages, err := m.w.Read(ctx, plans...)
	if err != nil {
		t.Fatalf("read everything: %v", err)
	}
	list := make([]reached, 0, len(plans)+1)
	for i, plan := range plans {
		r := reached{way: fmt.Sprintf("reading %s, %d ids, search %q", plan.Kind, len(plan.IDs), plan.Search)}
		for _, row := range pages[i].Rows {
			r.add(m, plan.Kind, row.ID, row.Holder, fence)
			for j, page := range row.Children {
				for _, below := range page.Rows {
					r.add(m, plan.Children[j].Plan.Kind, below.ID, below.Holder, fence)
				}
			}
		}
		// A count may be read from the points of granted records without the records: it must not tell of one that the
		// list does not have.
		if plan.CountMax > 0 && pages[i].Count != len(pages[i].Rows) {
			t.Errorf("%s lists %d and counts %d", r.way, len(pages[i].Rows), pages[i].Count)
		}
		list = append(list, r)
	}
	return append(list, byBody(ctx, t, m))
}

// add notes a row, unless it was sent to a firm within the fence.
func (r *reached) add(m *model, k *schema.Kind, id schema.ID, holder schema.FirmID, fence []schema.FirmID) {
	if k.HasAddress {
		a := schema.AddressOf(m.own[id])
		if !a.SentAt.IsZero() && slices.Contains(fence, a.AddressedTo) {
			return
		}
	}
	r.holders = append(r.holders, holder)
}

// byNode reads what goes to a firm's node.
func byNode(t *testing.T, m *model, firm schema.FirmID, fence []schema.FirmID) []reached {
	t.Helper()
	var list []reached
	for _, k := range schema.Kinds() {
		list = append(list, kindByNode(t, m, firm, k, fence)...)
	}
	return list
}

func kindByNode(t *testing.T, m *model, firm schema.FirmID, k *schema.Kind, fence []schema.FirmID) []reached {
	t.Helper()
	ids := (&asker{model: m}).every(k)
	projected, err := m.w.Project(t.Context(), firm, k, ids)
	if err != nil {
		t.Fatal(err)
	}
	reachable, err := m.w.Reachable(t.Context(), firm, k, schema.ID{}, partners.PageLimit)
	if err != nil {
		t.Fatal(err)
	}
	list := []reached{{way: "projecting " + k.Name}, {way: "reachable " + k.Name}}
	for _, p := range projected {
		list[0].add(m, k, p.ID, p.Owner, fence)
	}
	for _, id := range reachable {
		list[1].add(m, k, id, m.own[id].Header().Owner, fence)
	}
	return list
}

// byBody opens the bytes of documents.
func byBody(ctx context.Context, t *testing.T, m *model) reached {
	t.Helper()
	r := reached{way: "opening bodies"}
	for _, e := range m.rows[schema.DocumentVersions] {
		f, v, err := m.w.OpenBody(ctx, e.Header().ID)
		if err != nil {
			continue
		}
		r.holders = append(r.holders, v.Holder)
		var head bytes.Buffer
		if _, err := head.ReadFrom(f); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return r
}
