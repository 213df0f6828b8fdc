package gateway_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"fondaco/gateway"
	"fondaco/gateway/gatewaytest"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

var (
	twinSecrets = flag.Int("twins", 10, "how many secrets the tests of two worlds keep")
	twinOps     = flag.Int("twins.ops", 2, "how many random operations each viewer carries out after every few secrets")
	twinSeed    = flag.Uint64("twins.seed", 1, "seed of the tests of two worlds")
)

// pair are the gateways of two nodes that were one.
type pair struct {
	*partnerstest.Twins
	veil    *partnerstest.Veil
	servers map[*partnerstest.Node]*gatewaytest.Server
	clients map[*partnerstest.Node]map[string]*gatewaytest.Client
}

func newPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{servers: map[*partnerstest.Node]*gatewaytest.Server{}, clients: map[*partnerstest.Node]map[string]*gatewaytest.Client{}}
	p.Twins = partnerstest.NewTwins(t, func(n *partnerstest.Node) { p.veil = partnerstest.NewVeil(n, *twinSeed) })
	for _, n := range []*partnerstest.Node{p.A, p.B} {
		p.clients[n] = map[string]*gatewaytest.Client{}
		p.servers[n] = gatewaytest.Serve(t, n, func(o *gateway.Options) {
			// The twins' clock stands still, so that a budget is never filled again.
			o.Now, o.CostBurst, o.PublicURL = n.Now, 1<<40, "https://node.example"
		})
	}
	return p
}

// as gives the client of a viewer at one of the twins.
func (p *pair) as(n *partnerstest.Node, viewer policy.Principal) *gatewaytest.Client {
	name := fmt.Sprint(viewer.User, viewer.Actor, viewer.Firm)
	if p.clients[n][name] == nil {
		p.clients[n][name] = p.servers[n].As(viewer)
	}
	return p.clients[n][name]
}

// known lets the maker change, at both, something that the viewers see.
func (p *pair) known(seed uint64) {
	r := rand.New(rand.NewPCG(seed, 29))
	k := partnerstest.One(r, schema.Kinds())
	id := schema.ID{}
	if list := p.veil.Shown[k]; len(list) > 0 {
		id = partnerstest.One(r, list)
	}
	f := partnerstest.One(r, k.Fields)
	if id.IsZero() || f.System || f.Frozen || f.Class != schema.Basic || f.Name == "country" || slices.Contains(p.veil.Spared, id) {
		return
	}
	draw := &partnerstest.Draw{Rand: r, Words: partnerstest.Words(), Link: func(f *schema.Field) schema.ID {
		if list := p.veil.Shown[f.Target()]; len(list) > 0 {
			return partnerstest.One(r, list)
		}
		return schema.ID{}
	}}
	c := partners.Command{Verb: partners.Update, Kind: k, ID: id, Values: partners.Values{f.Name: draw.Value(f)}}
	for _, n := range []*partnerstest.Node{p.A, p.B} {
		_, _ = n.Write(policy.With(context.Background(), p.veil.Maker), []partners.Command{c}) // refused at both, or at none
	}
}

// TestTwoWorldsByTheGateway: of two nodes that differ in what a viewer may not
// see, the viewer gets the same by every request: the same bytes, in the same
// order, with the same status and header fields.
func TestTwoWorldsByTheGateway(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	d := &webDriver{pair: p, used: map[string]bool{}, answers: map[string]int{}}
	reads := &webDriver{pair: p, used: map[string]bool{}, answers: map[string]int{}, readsOnly: true}
	secrets, compared := 0, 0
	seed := *twinSeed << 32
	for secrets < *twinSecrets {
		var names []string
		for range 5 {
			name, done := p.veil.Secret(p.B, seed)
			if seed++; done {
				names = append(names, name)
				secrets++
			}
		}
		p.Pass(time.Second)
		for i := range uint64(5) {
			p.known(seed*10 + i)
		}
		did := partnerstest.Secret{Name: strings.Join(names, ", "), Do: func(*partnerstest.Node) bool { return true }}
		ops := make([]uint64, *twinOps)
		for i := range ops {
			ops[i] = seed<<16 + 1<<20 + uint64(i)
		}
		compared += p.Compare(t, did, p.veil.Viewers, []partnerstest.Driver{d}, ops)
		if t.Failed() {
			return
		}
	}
	p.Pass(time.Second)
	all := partnerstest.Secret{Name: "all of them", Do: func(*partnerstest.Node) bool { return true }}
	compared += p.Compare(t, all, p.veil.Viewers[:1], []partnerstest.Driver{d}, d.sweep())
	if *twinSecrets > 100 { // these take their time
		compared += p.Compare(t, all, p.veil.Viewers[1:], []partnerstest.Driver{reads}, reads.sweep())
	}
	differing := p.Differing(t, []policy.Principal{p.veil.Maker}, []partnerstest.Driver{reads}, reads.sweep()[:30])
	t.Logf("%d secrets, %d operations by those who do not see them, without a difference; %d differences for those who do", secrets, compared, differing)
	d.report(t)
	if compared == 0 || differing == 0 {
		t.Error("nothing was compared, or no secret can be seen: the test tests nothing")
	}
}

// report tells what was answered, and fails on a fault and on a part of the
// schema that no document had.
func (d *webDriver) report(t *testing.T) {
	t.Helper()
	for _, what := range slices.Sorted(maps.Keys(d.answers)) {
		if strings.HasPrefix(what, "a fault") {
			t.Error(what)
			continue
		}
		t.Logf("%5d %s", d.answers[what], what)
	}
	var missing []string
	for _, root := range []string{"query", "mutation"} {
		for _, f := range gatewaytest.Roots(root) {
			if name := map[string]string{"query": "Query.", "mutation": "Mutation."}[root] + f.Name; !d.used[name] {
				missing = append(missing, name)
			}
		}
	}
	for _, k := range schema.Kinds() {
		for _, m := range sdl.Members(k) {
			if m.Role == sdl.RoleValue && m.Field.Type != schema.Amount && !d.used[k.Name+"."+m.Name] {
				missing = append(missing, k.Name+"."+m.Name)
			}
		}
		if def := sdl.Schema().Types[k.Name+"Filter"]; def != nil {
			for _, f := range def.Fields {
				if !d.used[def.Name+"."+f.Name] {
					missing = append(missing, def.Name+"."+f.Name)
				}
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("no document had %s", strings.Join(missing, ", "))
	}
}
