package partners_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// TestWhyWhoWhat: in worlds that arose at random, why gives a reason exactly
// for what is visible, and for its fields; what lists exactly what is visible;
// and who is what, looked at from the other side.
func TestWhyWhoWhat(t *testing.T) {
	t.Parallel()
	seeds := worldSeeds(21, 1)
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed)
			q := &questioner{model: newModel(t, w), t: t, what: map[partners.Viewer]map[schema.ID]schema.Mask{}}
			for _, f := range w.firms {
				people := q.people(f)
				q.askWhat(f, people)
				for _, p := range people {
					q.askWhy(f, p)
				}
				q.askWho(f)
			}
			t.Logf("%d firms: %d reasons of %d questions why, %d of other firms; %d who see %d records, %d of them other firms; %d sights of people of other firms",
				len(w.firms), q.reasons, q.whys, q.foreign, q.seers, q.whos, q.seeingFirms, q.strangers)
			if q.reasons == 0 || q.reasons == q.whys || q.foreign == 0 || q.seeingFirms == 0 || q.strangers == 0 {
				t.Error("the world tests too little")
			}
		})
	}
}

// questioner asks the questions, and holds the answers against the model.
type questioner struct {
	*model
	t *testing.T
	// what has, for the firm that asks, all records of all kinds that its people and other firms see.
	what                                                        map[partners.Viewer]map[schema.ID]schema.Mask
	whys, reasons, foreign, whos, seers, seeingFirms, strangers int
}

// people gives those of a firm's people who still can sign in, with the
// roles and teams that they have now.
func (q *questioner) people(f *worldFirm) []policy.Principal {
	q.t.Helper()
	var list []policy.Principal
	for _, p := range f.people {
		now, err := q.w.Principal(q.t.Context(), p.User.ID())
		if schema.Code(err) == schema.CodeNotFound {
			continue
		}
		if err != nil {
			q.t.Fatal(err)
		}
		list = append(list, now)
	}
	return list
}

// askWhat lists all that each person of a firm sees, and all that each other
// firm sees of it.
func (q *questioner) askWhat(f *worldFirm, people []policy.Principal) {
	q.t.Helper()
	clear(q.what)
	s := q.snapshot(q.t, f.id)
	for _, p := range people {
		v := partners.Viewer{User: p.User}
		q.what[v] = q.listAll(f, v)
		want := map[schema.ID]schema.Mask{}
		for _, k := range schema.Kinds() {
			for id, r := range q.visible(s, p, k) {
				want[id] = r.mask
			}
		}
		if diff := gocmp.Diff(want, q.what[v]); diff != "" {
			q.t.Errorf("what %v of firm %s sees (-want +got):\n%s", p.Roles, f.id, diff)
		}
	}
	for _, other := range q.w.firms {
		if other != f {
			v := partners.Viewer{Firm: other.id}
			q.what[v] = q.listAll(f, v)
			q.checkOpened(f, other, q.what[v])
			q.askPeopleOf(f, other)
		}
	}
}

// askPeopleOf asks what single people of another firm see of a firm's records:
// what policy says of each of these, if the two were ever partners.
func (q *questioner) askPeopleOf(f, other *worldFirm) {
	q.t.Helper()
	s := q.snapshot(q.t, other.id)
	for _, p := range q.people(other) {
		v := partners.Viewer{User: p.User}
		if !q.acquainted(f, other) {
			ctx := policy.With(q.t.Context(), policy.System(f.id))
			if _, err := q.w.What(ctx, v, schema.Customers, partners.Span{First: 1}); schema.Code(err) != schema.CodeNotFound {
				q.t.Errorf("what a person of a firm that was never a partner sees: %v, want not found", err)
			}
			continue
		}
		want := map[schema.ID]schema.Mask{}
		for _, k := range schema.Kinds() {
			for id, r := range q.visible(s, p, k) {
				if q.own[id].Header().Owner == f.id {
					want[id] = r.mask
				}
			}
		}
		if diff := gocmp.Diff(want, q.listAll(f, v)); diff != "" {
			q.t.Errorf("what %v of firm %s sees of firm %s (-want +got):\n%s", p.Roles, other.id, f.id, diff)
		}
		q.strangers += len(want)
	}
}

// acquainted tells whether there is a partnership of two firms, in whatever state.
func (q *questioner) acquainted(f, other *worldFirm) bool {
	for _, e := range q.own {
		if p, is := e.(*schema.Partnership); is && p.DeletedAt.IsZero() &&
			(p.Owner == f.id && p.AddressedTo == other.id || p.Owner == other.id && p.AddressedTo == f.id) {
			return true
		}
	}
	return false
}

// checkOpened wants that another firm sees these records of a firm, and that
// these are all that its node may hold of them; teams of it may see more.
func (q *questioner) checkOpened(f, other *worldFirm, got map[schema.ID]schema.Mask) {
	q.t.Helper()
	s := q.snapshot(q.t, other.id)
	for _, k := range schema.Kinds() {
		most := q.visible(s, policy.System(other.id), k)
		for id, mask := range got {
			e := q.own[id]
			if schema.KindOf(e) != k {
				continue
			}
			if e.Header().Owner != f.id || mask&^most[id].mask != 0 {
				q.t.Errorf("firm %s is said to see %s %s with %b, it sees %b", other.id, k, id, mask, most[id].mask)
			}
		}
	}
}

func (q *questioner) listAll(f *worldFirm, v partners.Viewer) map[schema.ID]schema.Mask {
	q.t.Helper()
	all := map[schema.ID]schema.Mask{}
	ctx := policy.With(q.t.Context(), policy.System(f.id))
	for _, k := range schema.Kinds() {
		span := partners.Span{First: 1 + q.w.rng.IntN(40)}
		for more := true; more; {
			page, err := q.w.What(ctx, v, k, span)
			if err != nil {
				q.t.Fatalf("what of %s: %v", k, err)
			}
			for _, s := range page.List {
				if _, twice := all[s.ID]; twice || bytes.Compare(s.ID[:], span.After[:]) <= 0 {
					q.t.Errorf("what of %s has %s twice, or not in order", k, s.ID)
				}
				all[s.ID], span.After = s.Mask, s.ID
			}
			more = page.HasNext
		}
	}
	return all
}

// sample gives some records of each kind, whoever holds them, and one that
// does not exist.
func (q *questioner) sample(most int) []partners.Record {
	var list []partners.Record
	for _, k := range schema.Kinds() {
		rows := slices.Clone(q.rows[k])
		q.w.rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, e := range rows[:min(len(rows), most)] {
			list = append(list, partners.Record{Kind: k, ID: e.Header().ID})
		}
	}
	return append(list, partners.Record{Kind: schema.Customers, ID: schema.NewID()})
}

func (q *questioner) askWhy(f *worldFirm, p policy.Principal) {
	q.t.Helper()
	ctx := policy.With(q.t.Context(), p)
	admin := slices.Contains(p.Roles, schema.Administrator)
	sees := q.what[partners.Viewer{User: p.User}]
	for _, r := range q.sample(3) {
		mask, seen := sees[r.ID]
		q.why(f, r, p, nil, mask, seen)
		field := one(q.w, r.Kind.Fields)
		x, err := q.w.Why(ctx, r, field, policy.Read, nil)
		if err != nil || x.Allowed != (seen && mask.Has(field.Bit)) {
			q.t.Errorf("%v of %s: why %s of %s %s is %t (%v), want %t", p.Roles, f.id, field.Name, r.Kind, r.ID, x.Allowed, err, seen && mask.Has(field.Bit))
		}
		if !admin {
			if _, err := q.w.Why(ctx, r, nil, policy.Read, &f.people[0]); schema.Code(err) != schema.CodeDenied {
				q.t.Errorf("%v asks why an administrator sees: %v, want denied", p.Roles, err)
			}
			continue
		}
		for _, other := range q.w.firms {
			if other != f {
				as := policy.System(other.id)
				mask, seen := q.what[partners.Viewer{Firm: other.id}][r.ID]
				q.why(f, r, p, &as, mask, seen)
			}
		}
	}
}

// why asks once, and wants a reason exactly if the record is seen.
func (q *questioner) why(f *worldFirm, r partners.Record, p policy.Principal, as *policy.Principal, mask schema.Mask, seen bool) {
	q.t.Helper()
	x, err := q.w.Why(policy.With(q.t.Context(), p), r, nil, policy.Read, as)
	if err != nil {
		q.t.Fatal(err)
	}
	holding := len(x.Why())
	if x.Allowed != seen || (holding > 0) != seen || x.Mask&r.Kind.Every() != mask {
		q.t.Errorf("%v of %s as %v: why %s %s is %t by %d reasons with %b; want %t with %b\n%+v", p.Roles, f.id, as, r.Kind, r.ID, x.Allowed, holding, x.Mask, seen, mask, x.Reasons)
	}
	e := q.own[r.ID]
	if whole := e != nil && e.Header().Owner == f.id && slices.Contains(p.Roles, schema.Administrator); !whole && holding < len(x.Reasons) {
		q.t.Errorf("%v of %s is told reasons that do not hold for %s %s: %+v", p.Roles, f.id, r.Kind, r.ID, x.Reasons)
	}
	q.whys++
	q.reasons += count(seen)
	if as != nil {
		q.foreign += holding
	}
}

func (q *questioner) askWho(f *worldFirm) {
	q.t.Helper()
	ctx := policy.With(q.t.Context(), policy.System(f.id))
	for _, r := range q.sample(2) {
		want, got := map[partners.Viewer]schema.Mask{}, map[partners.Viewer]schema.Mask{}
		for v, sees := range q.what {
			if mask, ok := sees[r.ID]; ok {
				want[v] = mask
			}
		}
		span := partners.Span{First: 1 + q.w.rng.IntN(4)}
		for more := true; more; {
			page, err := q.w.Who(ctx, r, span)
			if err != nil {
				q.t.Fatalf("who sees %s: %v", r.Kind, err)
			}
			for _, s := range page.List {
				got[s.Viewer], span.After = s.Mask, s.ID()
				q.seeingFirms += count(s.User.IsZero())
				var byPaths schema.Mask
				for _, p := range s.Paths {
					byPaths |= p.Mask
				}
				if byPaths != s.Mask || len(s.Paths) == 0 {
					q.t.Errorf("%s %s: %v sees %b, by its paths %b", r.Kind, r.ID, s.Viewer, s.Mask, byPaths)
				}
			}
			more = page.HasNext
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			q.t.Errorf("who sees %s %s of %v, asked by firm %s (-what +who):\n%s", r.Kind, r.ID, q.own[r.ID].Header().Owner, f.id, diff)
		}
		q.whos, q.seers = q.whos+1, q.seers+len(slices.Collect(maps.Keys(got)))
	}
}
