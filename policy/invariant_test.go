package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	"pgregory.net/rapid"

	"fondaco/schema"
)

// oracleModel says the same as model.conf in another way: wildcards are left
// to the matcher, and people are given roles, so that Casbin itself adds up
// what several roles allow and deny.
const oracleModel = `
[request_definition]
r = sub, typ, act, scope, fields
[policy_definition]
p = sub, typ, act, scope, fields, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = (r.typ == p.typ || p.typ == "*") && (r.act == p.act || p.act == "*") && (r.fields == p.fields || p.fields == "*") && reaches(p.scope, r.scope) && g(r.sub, p.sub)
`

// reachesNaively tells in the words of the rules whether a rule of one scope
// speaks of a row that lies in another one, and in none narrower.
func reachesNaively(rule, row string) bool {
	distance := map[string]int{"own": 0, "team": 1, "subtree": 2, "firm": 3}
	if beyond, ok := strings.CutPrefix(rule, "beyond:"); ok {
		return distance[row] > distance[beyond]
	}
	return distance[row] <= distance[rule] || rule == "firm"
}

// oracle is one Casbin enforcer with the firm's lines on a kind, as they are.
func oracle(t *rapid.T, s *Snapshot, p Principal, k *schema.Kind) *casbin.Enforcer {
	m, err := model.NewModelFromString(oracleModel)
	if err != nil {
		t.Fatal(err)
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		t.Fatal(err)
	}
	e.AddFunction("reaches", func(args ...any) (any, error) { return reachesNaively(args[0].(string), args[1].(string)), nil })
	for _, l := range s.lines() {
		if l.typ != k.Name && l.typ != every {
			continue
		}
		// A line that stands twice is not added twice.
		if _, err := e.AddPolicy(l.sub, l.typ, l.act, l.scope, l.fields, l.eft); err != nil {
			t.Fatal(err)
		}
	}
	for _, g := range s.firm.edges {
		if _, err := e.AddGroupingPolicy(g.role, g.from); err != nil {
			t.Fatal(err)
		}
	}
	for _, role := range p.Roles {
		if _, err := e.AddGroupingPolicy("anna", "role:"+string(role)); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func TestMemoIsFreshCasbin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, err := Compile(Rules{Firm: home, Overrides: drawOverrides(t, rapid.IntRange(0, 8).Draw(t, "n"))})
		if err != nil {
			t.Fatal(err)
		}
		p := person()
		for _, role := range schema.Role("").Values() {
			if rapid.IntRange(0, 1).Draw(t, role) == 0 {
				p.Roles = append(p.Roles, schema.Role(role))
			}
		}
		k := rapid.SampledFrom(append([]*schema.Kind{schema.Customers, schema.Customers, schema.Documents}, schema.Kinds()...)).Draw(t, "kind")
		fresh := oracle(t, s, p, k)
		for range 5 {
			a := rapid.SampledFrom(append([]Action{Read, Read, Read, Export, Comment}, Actions()...)).Draw(t, "action")
			var want Verdict
			for r := range want.Within {
				want.Within[r] = askOracle(t, fresh, k, a, RowScope(r).String())
				want.Mask |= want.Within[r]
			}
			want.Allowed = want.Mask != 0
			for range 2 {
				got := s.Decide(p, k, a)
				if got.Rule = ""; got != want {
					t.Fatalf("Decide(%v, %s, %s) = %+v, want %+v\nwith overrides\n%s", p.Roles, k, a, got, want, s.rules.Overrides)
				}
			}
		}
	})
}

// askOracle asks about each class and each set by itself.
func askOracle(t *rapid.T, fresh *casbin.Enforcer, k *schema.Kind, a Action, scope string) schema.Mask {
	names := map[string]schema.Mask{}
	for _, c := range schema.Classes() {
		names[string(c)] = k.FieldsOf(c)
	}
	for _, set := range FieldSets(k) {
		names[set.Name] = set.Fields
	}
	var allowed, denied schema.Mask
	for name, fields := range names {
		yes, decisive, err := fresh.EnforceEx("anna", k.Name, string(a), scope, name)
		switch {
		case err != nil:
			t.Fatal(err)
		case yes:
			allowed |= fields
		case len(decisive) > 0:
			denied |= fields
		}
	}
	if allowed &^= denied; a == Read && allowed&k.FieldsOf(schema.Basic) == 0 {
		return 0
	}
	return allowed
}

// everySeen gives what a principal sees of each row.
func (w *world) everySeen(p Principal, a Action) []schema.Mask {
	var all []schema.Mask
	for _, e := range w.rows {
		all = append(all, w.sees(p, e, a))
	}
	return all
}

func TestTakingAwayNeverShowsMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		p := drawPrincipal(t)
		a := rapid.SampledFrom([]Action{Read, Comment, Export}).Draw(t, "action")
		before := w.compiled(t).everySeen(p, a)
		less, q, what := *w, p, ""
		switch rapid.IntRange(0, 4).Draw(t, "taken") {
		case 0:
			what = "an agreement"
			if n := len(w.rules.Agreements); n > 0 {
				i := rapid.IntRange(0, n-1).Draw(t, "which")
				less.rules.Agreements = slices.Delete(slices.Clone(w.rules.Agreements), i, i+1)
			}
		case 1:
			what = "a term"
			for i := range w.rules.Agreements {
				less.rules.Agreements = slices.Clone(w.rules.Agreements)
				less.rules.Agreements[i].Terms = w.rules.Agreements[i].Terms[1:]
			}
		case 2:
			what = "the grants"
			less.grants = nil
		case 3:
			what = "a role that no rule denies anything"
			for i, role := range p.Roles {
				if denied := strings.Contains(w.rules.Overrides, string(role)); !denied {
					q.Roles = slices.Delete(slices.Clone(p.Roles), i, i+1)
				}
			}
		case 4:
			what = "what a deny takes"
			less.rules.Overrides += drawOverride(t, effectDeny)
		}
		after := less.compiled(t).everySeen(q, a)
		for i := range before {
			if more := after[i] &^ before[i]; more != 0 {
				t.Fatalf("taking away %s shows %x more of %s to %+v", what, uint64(more), schema.KindOf(w.rows[i]), p)
			}
		}
	})
}

func TestOrderOfLinesDecidesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.rules.Overrides = drawOverrides(t, 5)
		p := drawPrincipal(t)
		turned := *w
		lines := strings.Split(strings.TrimSpace(w.rules.Overrides), "\n")
		turned.rules.Overrides = strings.Join(rapid.Permutation(lines).Draw(t, "lines"), "\n")
		turned.rules.Agreements = rapid.Permutation(w.rules.Agreements).Draw(t, "agreements")
		for i := range turned.rules.Agreements {
			a := &turned.rules.Agreements[i]
			a.Terms = rapid.Permutation(a.Terms).Draw(t, "terms")
		}
		one, other := w.compiled(t), turned.compiled(t)
		if a, b := one.everySeen(p, Read), other.everySeen(p, Read); !slices.Equal(a, b) {
			t.Fatalf("in one order %x, in another %x", a, b)
		}
		for _, k := range []*schema.Kind{schema.Customers, schema.DocumentVersions, schema.SalesReportLines} {
			if a, b := one.snap.View(p, k, Read, noon).Class, other.snap.View(p, k, Read, noon).Class; a != b {
				t.Fatalf("in one order the class is %s, in another %s", a, b)
			}
		}
	})
}

// Whatever the rules, what leaves a firm has no internal field, and kinds that
// are private do not leave it.
func TestInternalAndPrivateStayInside(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t).compiled(t)
		p := drawPrincipal(t)
		a := rapid.SampledFrom(Actions()).Draw(t, "action")
		for _, k := range rapid.SliceOfN(rapid.SampledFrom(schema.Kinds()), 4, 4).Draw(t, "kinds") {
			checkPaths(t, k, w.snap.View(p, k, a, noon).Paths, true)
		}
		for _, e := range w.rows {
			k := schema.KindOf(e)
			if m := w.sees(p, e, a); e.Header().Holder != home && (m&k.FieldsOf(schema.Internal) != 0 || m != 0 && k.Private) {
				t.Fatalf("%s of another firm shows %x", k, uint64(m))
			}
		}
	})
}

func checkPaths(t *rapid.T, k *schema.Kind, paths []Path, top bool) {
	for _, p := range paths {
		switch {
		case p.Type == Member && top:
			continue
		case p.Type == Member:
			t.Fatalf("%s: a row of another firm is reached by way of the reader's own", k)
		case k.Private:
			t.Fatalf("%s is private, and has the path %+v", k, p)
		case p.Mask == 0 || p.Mask&k.FieldsOf(schema.Internal) != 0 || p.Mask&^k.Every() != 0:
			t.Fatalf("%s: path %v shows %x", k, p.Type, uint64(p.Mask))
		case p.Named != k.HasAudience:
			t.Fatalf("%s: path %v is named: %v, the kind has an audience: %v", k, p.Type, p.Named, k.HasAudience)
		case p.Rule == "":
			t.Fatalf("%s: path %v names no rule", k, p.Type)
		case (p.Type == Parent) != (len(p.Parent) > 0):
			t.Fatalf("%s: path %v has %d paths to a parent", k, p.Type, len(p.Parent))
		}
		if p.Type == Parent {
			checkPaths(t, k.Parent.Target(), p.Parent, false)
		}
	}
}

// A token never does what its owner does not, and people in fewer teams never
// see more.
func TestATokenIsWithinItsOwner(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t).compiled(t)
		a := rapid.SampledFrom(Actions()).Draw(t, "action")
		owner := Principal{Firm: home, Actor: ActorUser, User: me, Teams: teams, TeamMembers: []schema.Ref[schema.User]{colleague}}
		for _, role := range schema.Role("").Values() {
			if rapid.IntRange(0, 3).Draw(t, role) == 0 {
				owner.Roles = append(owner.Roles, schema.Role(role))
			}
		}
		token := owner
		token.Actor, token.Scopes = ActorToken, []Scope{}
		for range rapid.IntRange(0, 4).Draw(t, "scopes") {
			token.Scopes = append(token.Scopes, Scope{
				Kind:   rapid.SampledFrom([]string{every, "Customer", "Contact", "Interaction", "Document"}).Draw(t, "kind"),
				Action: rapid.SampledFrom(append([]Action{every}, Actions()...)).Draw(t, "act"),
			})
		}
		alone := owner
		alone.Teams, alone.TeamMembers = nil, nil
		whole, less, few := w.everySeen(owner, a), w.everySeen(token, a), w.everySeen(alone, a)
		for i, e := range w.rows {
			if more := (less[i] | few[i]) &^ whole[i]; more != 0 {
				t.Fatalf("%s: %x more than the owner sees", schema.KindOf(e), uint64(more))
			}
			if k := schema.KindOf(e); less[i] != 0 && !token.scoped(k, a) {
				t.Fatalf("%s: shown to a token without a scope for %s", k, a)
			}
		}
	})
}

// Whatever is passed on was shown to who passes it on, with the same fields.
func TestWhatIsPassedOnWasShown(t *testing.T) {
	t.Parallel()
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		a := rapid.SampledFrom([]Action{Read, Read, Comment, Export}).Draw(t, "action")
		for _, g := range w.rules.Agreements {
			if g.RestsOn == nil {
				continue
			}
			one, source := *w, *w
			one.rules = Rules{Firm: home, Agreements: []AgreementRules{g}}
			source.rules = Rules{Firm: third, Agreements: []AgreementRules{*g.RestsOn}}
			last, first := one.compiled(t), source.compiled(t)
			for _, e := range w.rows {
				// Other kinds are reached without agreements too, or name each firm by itself.
				if k := schema.KindOf(e); k != schema.Customers && k != schema.Contacts || e.Header().Owner != vend || !e.Header().Own() {
					continue
				}
				if last.sees(Node(home), e, a) != 0 {
					t.Fatalf("%s: a copy of what is passed on goes to a node, by\n%+v", schema.KindOf(e), g.Terms)
				}
				more := last.sees(System(home), e, a) &^ first.sees(System(third), e, a)
				if more != 0 {
					t.Fatalf("%s: %x is passed on and was not shown, by\n%+v\nwhich rests on\n%+v", schema.KindOf(e), uint64(more), g.Terms, g.RestsOn.Terms)
				}
				if last.sees(System(home), e, a) != 0 {
					shown++
				}
			}
		}
	})
	t.Logf("%d rows were passed on", shown)
}
