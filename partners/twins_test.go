package partners_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// serviceDriver is the service itself as a way to get something.
type serviceDriver struct {
	w         *world
	readsOnly bool
}

// Name names the driver.
func (serviceDriver) Name() string { return "the service" }

// Run carries out one operation that op draws from the schema.
func (d serviceDriver) Run(n *partnerstest.Node, viewer policy.Principal, op uint64) []byte {
	// The draw is the same at both twins: it looks at the schema and at the ids, hidden ones too, and at no rows.
	w := *d.w
	w.Node, w.rng = n, rand.New(rand.NewPCG(op, 3))
	ctx := policy.With(w.t.Context(), viewer)
	k := one(&w, schema.Kinds())
	var got any
	var err error
	draw := w.rng.IntN(9)
	if d.readsOnly {
		draw %= 3
	}
	switch draw {
	case 8:
		if w.rng.IntN(3) == 0 {
			got, err = n.Why(ctx, partners.Record{Kind: k, ID: w.pick(k)}, nil, policy.Read, nil)
			break
		}
		if k = one(&w, shared); w.rng.IntN(2) == 0 {
			got, err = n.Counts(ctx, k, nil)
			break
		}
		got, err = n.Overlaps(ctx, k, partners.Overlap{}, 1+w.rng.IntN(30))
	case 0, 1, 2:
		got, err = n.Read(ctx, w.plan(k, 2))
	case 3:
		got, err = n.Project(ctx, viewer.Firm, k, w.some(k))
	case 4:
		got, err = n.Reachable(ctx, viewer.Firm, k, schema.ID{}, 1+w.rng.IntN(50))
	case 5:
		to := one(&w, w.firms).id
		record := partners.Record{Kind: k, ID: w.pick(k)}
		var view *partners.SharedView
		view, err = n.SharedView(ctx, to, record, partners.Supposition{})
		got = view
		if w.rng.IntN(2) == 0 && err != nil {
			got, err = n.Preview(ctx, to, partners.Supposition{}, 3)
		}
	default:
		c := w.command(viewer, k)
		if viewer.Actor != policy.ActorNode {
			got, err = n.Write(ctx, []partners.Command{c})
		}
	}
	return said(got, err)
}

// said puts what a viewer got into bytes: the values, or the error with all
// that a door tells of it.
func said(got any, err error) []byte {
	if err != nil {
		var all schema.Errors
		if e, ok := errors.AsType[*schema.Error](err); ok {
			all = schema.Errors{e}
		}
		if list, ok := errors.AsType[schema.Errors](err); ok {
			all = list
		}
		texts := []string{string(schema.Code(err))}
		for _, e := range all {
			texts = append(texts, fmt.Sprintf("%s %s %s %s %s", e.Code, e.Op, e.Kind, e.Field, e.Message))
		}
		slices.Sort(texts) // fields are checked in the order of a map
		got = texts
	}
	raw, err := json.Marshal(withoutKinds(got))
	if err != nil {
		panic(err)
	}
	return raw
}

// withoutKinds leaves the kinds out of what is marshalled: they are the same
// for everybody, and refer to each other.
func withoutKinds(got any) any {
	switch v := got.(type) {
	case []partners.Projection:
		for i := range v {
			v[i].Kind = nil
		}
	case []partners.Outcome:
		for i := range v {
			v[i].Kind = nil
		}
	case *partners.SharedView:
		for _, p := range []*partners.Projection{v.Before, v.After} {
			if p != nil {
				p.Kind = nil
			}
		}
	case *partners.Preview:
		for i := range v.Kinds {
			v.Kinds[i].Kind = nil
			withoutKinds(v.Kinds[i].Sample)
		}
	}
	return got
}

// some gives some ids of a kind, and one that nobody has.
func (w *world) some(k *schema.Kind) []schema.ID {
	list := slices.Clone(w.ids[k])
	w.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return append(list[:min(len(list), 20)], schema.ID{1})
}

// plan draws a plan from the schema: any kind, field, filter, order, page,
// count, words and children.
func (w *world) plan(k *schema.Kind, deep int) *partners.Plan {
	p := &partners.Plan{Kind: k, Fields: k.Fields, First: 1 + w.rng.IntN(30)}
	if w.rng.IntN(4) == 0 {
		p.First, p.Last = 0, 1+w.rng.IntN(10)
	}
	if w.rng.IntN(2) == 0 {
		p.CountMax = 1 + w.rng.IntN(50)
	}
	switch w.rng.IntN(4) {
	case 0:
		p.IDs, p.First, p.Last = w.some(k), 0, 0
	case 1:
		p.Search = one(w, []string{w.word(), w.word() + " " + w.word(), "o", "zz"})
	}
	f := one(w, k.Fields)
	if w.rng.IntN(2) == 0 && len(policy.FilterOps(f)) > 0 {
		p.Where = w.where(f)
	}
	if f = one(w, k.Fields); f.Sort {
		p.Order = []partners.Order{{Field: f, Desc: w.rng.IntN(2) == 0}}
	}
	if children := k.Children(); deep > 0 && len(children) > 0 {
		child := one(w, children)
		p.Children = []*partners.Child{{Link: child.Parent, Plan: w.plan(child, deep-1)}}
		p.Children[0].Plan.IDs = nil
		if p.Children[0].Plan.First+p.Children[0].Plan.Last == 0 {
			p.Children[0].Plan.First = 5
		}
	}
	return p
}

// where compares a field with a value.
func (w *world) where(f *schema.Field) *policy.Filter {
	op := one(w, policy.FilterOps(f))
	value := w.value(one(w, w.firms), f)
	values := []any{value}
	switch op {
	case policy.OpIsNull:
		values = []any{w.rng.IntN(2) == 0}
	case policy.OpBetween:
		values = []any{value, value}
	case policy.OpHas:
		values = []any{entry(value)}
	}
	filter, err := policy.Compare(f, op, values...)
	if err != nil {
		panic(err)
	}
	return filter
}

// command draws a command on any record, seen or hidden, with any value.
func (w *world) command(viewer policy.Principal, k *schema.Kind) partners.Command {
	var by *worldFirm
	for _, f := range w.firms {
		if f.id == viewer.Firm {
			by = f
		}
	}
	f := one(w, k.Fields)
	c := partners.Command{Verb: partners.Update, Kind: k, ID: w.pick(k), Values: partners.Values{f.Name: w.value(by, f)}}
	switch w.rng.IntN(4) {
	case 0:
		c.Verb, c.Values = partners.Delete, nil
	case 1:
		if k.Lifecycle != nil {
			c.Verb, c.Values = one(w, k.Lifecycle.Transitions).Action, nil
		}
	case 2:
		c.Verb, c.ID = partners.Create, schema.ID{}
		for _, other := range k.Fields {
			if !other.System && (other.Required || w.rng.IntN(3) == 0) {
				c.Values[other.Name] = w.value(by, other)
			}
		}
	}
	return c
}

// sightOf is all that a viewer sees by the model, which knows no SQL.
func (m *model) sightOf(t *testing.T, viewer policy.Principal) string {
	t.Helper()
	s := m.snapshot(t, viewer.Firm)
	all := map[string]map[schema.ID]string{}
	for _, k := range schema.Kinds() {
		rows := map[schema.ID]string{}
		for id, r := range m.visible(s, viewer, k) {
			raw, err := schema.EncodeFields(r.entity, r.mask)
			if err != nil {
				t.Fatal(err)
			}
			rows[id] = fmt.Sprintf("%b %d %v %s", r.mask, r.version(), r.entity.Header().Holder, raw)
		}
		for i, c := range m.counts(s, viewer, k, nil) {
			rows[schema.ID{0, byte(i)}] = fmt.Sprint(c)
		}
		for i, o := range m.overlaps(s, viewer, k) {
			rows[schema.ID{1, byte(i)}] = fmt.Sprint(o)
		}
		all[k.Name] = rows
	}
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestTwoWorlds: what is done at one of two nodes that are else the same, and
// that a viewer does not see by the model of policy, changes nothing in what
// the viewer gets: no list, count, order, cursor, search, projection, preview,
// error or effect of a command.
func TestTwoWorlds(t *testing.T) {
	t.Parallel()
	rounds := *twinRounds
	if testing.Short() {
		rounds = 3
	}
	var w *world
	first := max(*seed, 11)
	twins := partnerstest.NewTwins(t, func(n *partnerstest.Node) {
		w = populate(t, n, first)
		w.know()
	})
	atB := *w
	atB.Node = twins.B
	hidden, differing := 0, 0
	for round := range rounds {
		h, d := twinRound(t, twins, &atB, uint64(round))
		hidden, differing = hidden+h, differing+d
	}
	t.Logf("%d operations by those who do not see the secrets, without a difference; %d differences for those who do", hidden, differing)
	if hidden == 0 || differing == 0 {
		t.Error("no secret was hidden, or none was seen: the test tests nothing")
	}
}

var twinRounds = flag.Int("twins", 3, "how many secrets the test of two worlds keeps")

// twinRound does something at B alone, and compares what those get who do not
// see it. Secrets stay: who sees one is asked no more.
func twinRound(t *testing.T, twins *partnerstest.Twins, atB *world, round uint64) (hidden, differing int) {
	t.Helper()
	var viewers []policy.Principal
	for _, f := range atB.firms {
		viewers = append(viewers, f.people[0], f.people[1], policy.Node(f.id))
	}
	atA := *atB
	atA.Node = twins.A
	before := make([]string, len(viewers))
	m := newModel(t, &atA)
	for i, v := range viewers {
		before[i] = m.sightOf(t, v)
	}
	done := maps.Clone(atB.tried)
	secret := partnerstest.Secret{Name: fmt.Sprintf("step %d", round), Do: func(*partnerstest.Node) bool { atB.step(); return true }}
	secret.Do(twins.B)
	for what, n := range atB.tried {
		if n > done[what] {
			secret.Name += ", " + what
		}
	}
	secret.Do = func(*partnerstest.Node) bool { return true } // done
	var blind, seeing []policy.Principal
	m = newModel(t, atB)
	for i, v := range viewers {
		if m.sightOf(t, v) == before[i] {
			blind = append(blind, v)
		} else {
			seeing = append(seeing, v)
		}
	}
	rng := rand.New(rand.NewPCG(round, 5))
	ops := make([]uint64, 12)
	for i := range ops {
		ops[i] = rng.Uint64()
	}
	// Most operations do not meet the secret, so that those who see it are asked more often.
	more := make([]uint64, 60)
	for i := range more {
		more[i] = rng.Uint64()
	}
	differing = twins.Differing(t, seeing, []partnerstest.Driver{serviceDriver{w: atB, readsOnly: true}}, more)
	return twins.Compare(t, secret, blind, []partnerstest.Driver{serviceDriver{w: atB}}, ops), differing
}
