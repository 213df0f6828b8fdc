package policy

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fondaco/schema"
)

// Why tells a reason exactly for what is visible, and without the agreements
// that it names nothing is left of them.
func TestExplainIsTheView(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t).compiled(t)
		p := drawPrincipal(t)
		a := rapid.SampledFrom([]Action{Read, Read, Read, Comment, Export}).Draw(t, "action")
		for _, e := range w.rows {
			k := schema.KindOf(e)
			q := Question{Principal: p, Record: e, Action: a, Now: noon, Parents: w.row, Granted: w.granted}
			x, seen := w.snap.Explain(q), w.sees(p, e, a)
			if x.Allowed != (seen != 0) || x.Mask != seen&^reachedBit || len(x.Why()) > 0 != x.Allowed {
				t.Fatalf("%s: Explain = %v %x, the view shows %x\n%+v\nunder %+v", k, x.Allowed, uint64(x.Mask), uint64(seen), x.Reasons, w.rules)
			}
			f := rapid.SampledFrom(k.Fields).Draw(t, "field")
			q.Field = f
			if x := w.snap.Explain(q); x.Allowed != (seen != 0 && seen.Has(f.Bit)) {
				t.Fatalf("%s: Explain = %v, the view shows %x\n%+v", f, x.Allowed, uint64(seen), x.Reasons)
			}
			checkReasons(t, x)
			w.checkWithout(t, q, x)
		}
	})
}

func checkReasons(t *rapid.T, x Explanation) {
	missing := 0
	for _, r := range x.Reasons {
		n := len(r.Missing())
		if r.Holds != (n == 0) || n < missing || len(r.Clauses) == 0 || r.Agreement == nil && r.Path == "grant" {
			t.Fatalf("reason %+v after one that lacks %d", r, missing)
		}
		missing = n
	}
	if r, ok := x.WhyNot(); ok == x.Allowed && len(x.Reasons) > 0 || ok && r.Holds {
		t.Fatalf("WhyNot = %+v, %v of %+v", r, ok, x)
	}
}

func (w *world) checkWithout(t *rapid.T, q Question, x Explanation) {
	less := *w
	less.rules.Agreements = slices.DeleteFunc(slices.Clone(w.rules.Agreements), func(a AgreementRules) bool {
		return slices.ContainsFunc(x.Why(), func(r Reason) bool { return r.Agreement != nil && r.Agreement.ID == a.ID })
	})
	if len(less.rules.Agreements) == len(w.rules.Agreements) {
		return
	}
	q.Field = nil
	for _, r := range less.compiled(t).snap.Explain(q).Reasons {
		if r.Holds && r.Agreement != nil {
			t.Fatalf("without the agreements of %+v there is %+v", x.Why(), r)
		}
	}
}
