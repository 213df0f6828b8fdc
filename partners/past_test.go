package partners_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// ticking is a clock that goes on by a millisecond whenever it is read: no two
// transactions have one time.
func ticking(o *partners.Options) {
	var ticks atomic.Int64
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	o.Now = func() time.Time { return start.Add(time.Duration(ticks.Add(1)) * time.Millisecond) }
}

// TestPastIsWhatWasAnswered: worlds change at random, with people who come and
// go, teams that move and rules that are replaced. What was answered on the way
// about what somebody sees, who sees and why is answered again at the end,
// out of the ledger.
func TestPastIsWhatWasAnswered(t *testing.T) {
	t.Parallel()
	seeds := worldSeeds(41, 1)
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := populate(t, partnerstest.Open(t, ticking), seed)
			h := &historian{world: w, t: t}
			for range 3 {
				h.record()
				for range 15 {
					w.upheaval()
				}
			}
			h.record()
			for _, m := range h.moments {
				h.ask(m)
			}
			changed := 0 // else it would be enough to answer as things stand
			for i, then := range h.moments[0].what {
				if !gocmp.Equal(then.seen, h.moments[len(h.moments)-1].what[i].seen) {
					changed++
				}
			}
			t.Logf("%d moments, %d answers of the first are not those of the last: %d sightings of people, %d of other firms, %d values compared, %d seers, %d reasons; commands %v",
				len(h.moments), changed, h.people, h.foreign, h.values, h.seers, h.reasons, w.tried)
			if changed == 0 || h.people == 0 || h.foreign == 0 || h.values == 0 || h.seers == 0 || h.reasons == 0 {
				t.Error("the world tests too little")
			}
		})
	}
}

// upheaval changes who may see what, or anything at all.
func (w *world) upheaval() {
	f := one(w, w.firms)
	switch w.rng.IntN(8) {
	case 0:
		text := ""
		for range w.rng.IntN(3) {
			text += fmt.Sprintf("p, role:%s, %s, %s, read, %s, %s, deny\n", one(w, []string{"SALES", "MARKETING", "MEMBER"}), f.id,
				one(w, []string{"Customer", "Contact|Interaction", "Document", "Task"}), one(w, []string{"firm", "beyond:own", "beyond:team", "beyond:subtree"}),
				one(w, []string{"*", "personal", "commercial"}))
		}
		if err := w.SetOverrides(policy.With(w.t.Context(), f.people[0]), text); err != nil && schema.Code(err) != schema.CodeInvalid {
			w.t.Fatal(err)
		}
	case 1:
		team := w.do(f, partners.Command{Verb: partners.Create, Kind: schema.Teams, Values: partners.Values{"name": w.word(), "parent": one(w, f.own[schema.Teams])}})
		w.do(f, partners.Command{Verb: partners.Create, Kind: schema.Memberships, Values: partners.Values{"member": one(w, f.people[1:]).User.ID(), "team": team}})
	case 2:
		w.do(f, partners.Command{Verb: partners.Create, Kind: schema.Memberships, Values: partners.Values{
			"member": one(w, f.people[1:]).User.ID(), "roles": []string{one(w, []string{"SALES", "SUPPORT", "READ_ONLY"})},
		}})
	case 3:
		w.do(f, partners.Command{Verb: partners.Update, Kind: schema.Users, ID: one(w, f.people[1:]).User.ID(), Values: partners.Values{"active": w.rng.IntN(2) == 0}})
	case 4:
		w.share()
		w.passOn()
	case 5:
		w.act()
	default:
		w.step()
	}
}

// A moment is what was answered at an instant.
type moment struct {
	at   time.Time
	what []whatThen
	who  []whoThen
	why  []whyThen
}

type whatThen struct {
	by     *worldFirm
	viewer partners.Viewer
	kind   *schema.Kind
	seen   map[schema.ID]schema.Mask
	fields map[schema.ID]string // of what a person saw, as they lay in the tables
	gone   bool                 // the person could not sign in
}

type whoThen struct {
	by     *worldFirm
	record partners.Record
	seers  *partners.Seers
}

type whyThen struct {
	by     *worldFirm
	record partners.Record
	viewer partners.Viewer
	held   *policy.Explanation
}

// historian records answers, and asks for them again.
type historian struct {
	*world
	t                                       *testing.T
	moments                                 []moment
	people, foreign, values, seers, reasons int
}

var pastKinds = []*schema.Kind{
	schema.Customers, schema.Contacts, schema.Interactions, schema.Documents, schema.DocumentVersions, schema.Tasks, schema.Goals,
	schema.Products, schema.DealRegistrations, schema.SharingAgreements, schema.Acceptances, schema.Grants, schema.Users,
}

// record asks as things stand.
func (h *historian) record() {
	h.t.Helper()
	m := moment{}
	rows := newModel(h.t, h.world)
	for _, f := range h.firms {
		ctx := policy.With(h.t.Context(), policy.System(f.id))
		for _, v := range h.viewers(f) {
			for _, k := range pastKinds {
				m.what = append(m.what, h.recordWhat(rows, f, v, k))
			}
		}
		for _, k := range pastKinds[:6] {
			if len(f.own[k]) == 0 {
				continue
			}
			record := partners.Record{Kind: k, ID: one(h.world, f.own[k])}
			seers, err := h.Who(ctx, record, partners.Span{First: partners.PageLimit})
			if err != nil {
				h.t.Fatal(err)
			}
			m.who = append(m.who, whoThen{f, record, seers})
			for _, v := range h.viewers(f) {
				if !v.Firm.IsZero() {
					as := policy.System(v.Firm)
					held, err := h.Why(ctx, record, nil, policy.Read, &as)
					if err != nil {
						h.t.Fatal(err)
					}
					m.why = append(m.why, whyThen{f, record, v, held})
				}
			}
		}
	}
	m.at = h.Now()
	h.moments = append(h.moments, m)
}

func (h *historian) viewers(f *worldFirm) []partners.Viewer {
	var list []partners.Viewer
	for _, p := range f.people {
		list = append(list, partners.Viewer{User: p.User})
	}
	for _, other := range h.firms {
		if other != f {
			list = append(list, partners.Viewer{Firm: other.id}, partners.Viewer{User: other.people[h.rng.IntN(len(other.people))].User})
		}
	}
	return list
}

func (h *historian) recordWhat(rows *model, f *worldFirm, v partners.Viewer, k *schema.Kind) whatThen {
	h.t.Helper()
	then := whatThen{by: f, viewer: v, kind: k, seen: map[schema.ID]schema.Mask{}, fields: map[schema.ID]string{}}
	list, err := h.What(policy.With(h.t.Context(), policy.System(f.id)), v, k, partners.Span{First: partners.PageLimit})
	if then.gone = schema.Code(err) == schema.CodeNotFound; then.gone {
		return then
	}
	if err != nil {
		h.t.Fatal(err)
	}
	for _, s := range list.List {
		if s.Owner != f.id {
			continue // what other firms showed is in no history
		}
		then.seen[s.ID] = s.Mask
		if slices.ContainsFunc(f.people, func(p policy.Principal) bool { return p.User == v.User }) { // others are not shown all links
			fields, err := schema.EncodeFields(rows.own[s.ID], s.Mask)
			if err != nil {
				h.t.Fatal(err)
			}
			then.fields[s.ID] = string(fields)
		}
	}
	return then
}

// ask asks as at a moment.
func (h *historian) ask(m moment) {
	h.t.Helper()
	past := h.At(m.at)
	for _, then := range m.what {
		h.askWhat(past, m, then)
	}
	for _, then := range m.who {
		got, err := past.Who(policy.With(h.t.Context(), policy.System(then.by.id)), then.record, partners.Span{First: partners.PageLimit})
		if err != nil {
			h.t.Fatal(err)
		}
		if diff := gocmp.Diff(then.seers, &got.Seers); diff != "" || len(got.Uncertain)+len(got.Gaps) > 0 {
			h.t.Errorf("at %s who saw %s %s (-then +now), uncertain %v, gaps %v:\n%s", m.at, then.record.Kind, then.record.ID, got.Uncertain, got.Gaps, diff)
		}
		h.seers += len(got.List)
	}
	for _, then := range m.why {
		got, err := past.Why(policy.With(h.t.Context(), policy.System(then.by.id)), then.record, nil, policy.Read, then.viewer)
		if err != nil {
			h.t.Fatal(err)
		}
		if diff := gocmp.Diff(told(then.held), told(&got.Explanation)); diff != "" {
			h.t.Errorf("at %s why firm %s saw %s %s (-then +now):\n%s", m.at, then.viewer.Firm, then.record.Kind, then.record.ID, diff)
		}
		h.reasons += len(got.Reasons)
	}
}

// told is what an explanation says, in the order of its words: of two reasons
// that lack as much, either may stand first.
func told(x *policy.Explanation) []string {
	list := []string{fmt.Sprint(x.Allowed, x.Mask)}
	for _, r := range x.Reasons {
		basis := ""
		if r.Agreement != nil {
			basis = fmt.Sprintf("%+v", *r.Agreement)
		}
		list = append(list, fmt.Sprintf("%s %s %v %v %b %v", r.Path, basis, r.Clauses, r.Holds, r.Mask, r.Rules))
	}
	slices.Sort(list[1:])
	return list
}

func (h *historian) askWhat(past *partners.Past, m moment, then whatThen) {
	h.t.Helper()
	ctx := policy.With(h.t.Context(), policy.System(then.by.id))
	list, err := past.Read(ctx, then.viewer, then.kind, partners.Span{First: partners.PageLimit})
	if then.gone || err != nil {
		if then.gone != (schema.Code(err) == schema.CodeNotFound) {
			h.t.Errorf("at %s what %s saw: %v; it could not sign in: %t", m.at, then.viewer.ID(), err, then.gone)
		}
		return
	}
	seen := map[schema.ID]schema.Mask{}
	for _, r := range list.List {
		seen[r.ID] = r.Mask
		if fields, ok := then.fields[r.ID]; ok && r.Withheld == 0 {
			h.values++
			if !sameJSON(h.t, fields, string(r.Fields)) {
				h.t.Errorf("at %s %s %s was %s, and is told as %s", m.at, then.kind, r.ID, fields, r.Fields)
			}
		}
	}
	if diff := gocmp.Diff(then.seen, seen); diff != "" || len(list.Gaps) > 0 {
		h.t.Errorf("at %s what %+v of %s saw of %s (-then +now), gaps %v:\n%s", m.at, then.viewer, then.by.id, then.kind, list.Gaps, diff)
	}
	if then.viewer.User.IsZero() {
		h.foreign += len(seen)
	} else {
		h.people += len(seen)
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	return strings.Join(strings.Fields(canonical(t, a)), "") == strings.Join(strings.Fields(canonical(t, b)), "")
}
