package policy

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fondaco/schema"
)

// The decision table is read in review: who may do what on which kind, with
// the first letters of the classes of fields.
func TestShippedDecisions(t *testing.T) {
	t.Parallel()
	s := compile(t, Rules{})
	var b strings.Builder
	for _, k := range schema.Kinds() {
		fmt.Fprintf(&b, "%s\n", k)
		for _, who := range everybody() {
			var cells []string
			for _, a := range Actions() {
				if v := s.Decide(who.p, k, a); v.Allowed {
					cells = append(cells, fmt.Sprintf("%s=%s", a, letters(k, v.Mask)))
				}
			}
			if len(cells) > 0 {
				fmt.Fprintf(&b, "  %-16s %s\n", who.name, strings.Join(cells, " "))
			}
		}
	}
	golden(t, "decisions.txt", b.String())
}

type named struct {
	name string
	p    Principal
}

func everybody() []named {
	list := []named{{"SYSTEM", System(home)}, {"EDI", Principal{Firm: home, Actor: ActorEDI}}}
	for _, role := range schema.Role("").Values() {
		list = append(list, named{role, person(schema.Role(role))})
	}
	return list
}

func letters(k *schema.Kind, m schema.Mask) string {
	var b strings.Builder
	for _, c := range schema.Classes() {
		if m&k.FieldsOf(c) != 0 {
			b.WriteByte(c[0])
		}
	}
	return b.String()
}

func TestDecideDeniesWhatNoRuleAllows(t *testing.T) {
	t.Parallel()
	s := compile(t, Rules{})
	admin := person(schema.Administrator)
	for _, test := range []struct {
		name   string
		p      Principal
		kind   *schema.Kind
		action Action
	}{
		{"a person of another firm", Principal{Firm: vend, Actor: ActorUser, Roles: admin.Roles}, schema.Customers, Read},
		{"a person without a role", person(), schema.Customers, Read},
		{"a role that is not known", person("OWNER"), schema.Customers, Read},
		{"the role of the node given to a person", person(schema.Role(roleSystem)), schema.Customers, Read},
		{"the role of mailboxes given to a person", person(schema.Role(roleEDI)), schema.Interchanges, Read},
		{"the base role given to a person", person(schema.Role(roleMember)), schema.Customers, Read},
		{"an empty role", person(""), schema.Customers, Read},
		{"a principal of no sort", Principal{Firm: home, Roles: admin.Roles}, schema.Customers, Read},
		{"a principal of an unknown sort", Principal{Firm: home, Actor: "ROOT", Roles: admin.Roles}, schema.Customers, Read},
		{"the zero principal", Principal{}, schema.Customers, Read},
		{"a node, which is no member", Node(home), schema.Customers, Read},
		{"a node with roles", Principal{Firm: home, Actor: ActorNode, Roles: admin.Roles}, schema.Customers, Read},
		{"a mailbox with a person's roles", Principal{Firm: home, Actor: ActorEDI, Roles: admin.Roles}, schema.Users, Read},
		{"an action that is not known", admin, schema.Customers, "drop"},
		{"an empty action", admin, schema.Customers, ""},
		{"the action of all", admin, schema.Customers, every},
		{"a kind that is not registered", admin, &schema.Kind{Name: "Customer"}, Read},
		{"a person narrowed to nothing", Principal{Firm: home, Actor: ActorUser, Roles: admin.Roles, Scopes: []Scope{}}, schema.Customers, Read},
		{"a token that is scoped to nothing", tokenOf(schema.Administrator, []Scope{}...), schema.Customers, Read},
		{"a token for another kind", tokenOf(schema.Administrator, Scope{"Contact", Read}), schema.Customers, Read},
		{"a token for another action", tokenOf(schema.Administrator, Scope{"Customer", Edit}), schema.Customers, Read},
		{"a token for more than its owner may", tokenOf(schema.ReadOnly, Scope{every, every}), schema.Customers, Edit},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for range 2 { // before and after it is remembered
				if v := s.Decide(test.p, test.kind, test.action); v != (Verdict{}) && (v.Allowed || v.Mask != 0) {
					t.Errorf("Decide(%+v, %s, %q) = %+v, want a no", test.p, test.kind.Name, test.action, v)
				}
				if v := s.View(test.p, test.kind, test.action, noon); len(v.Paths) != 0 {
					t.Errorf("View(%+v, %s, %q) has the paths %+v, want none", test.p, test.kind.Name, test.action, v.Paths)
				}
			}
		})
	}
}

func tokenOf(role schema.Role, scopes ...Scope) Principal {
	if scopes == nil {
		scopes = []Scope{}
	}
	return Principal{Firm: home, Actor: ActorToken, Roles: []schema.Role{role}, Scopes: scopes}
}

func TestTokenIsNarrowedByItsScopes(t *testing.T) {
	t.Parallel()
	s := compile(t, Rules{})
	for _, scopes := range [][]Scope{{{"Customer", Read}}, {{every, Read}}, {{"Customer", every}}, {{"Task", Edit}, {"Customer", Read}}} {
		got := s.Decide(tokenOf(schema.Sales, scopes...), schema.Customers, Read)
		if want := s.Decide(person(schema.Sales), schema.Customers, Read); got != want || !got.Allowed {
			t.Errorf("with scopes %v: got %+v, want %+v", scopes, got, want)
		}
	}
	open := tokenOf(schema.Sales)
	open.Scopes = nil
	if !s.Decide(open, schema.Customers, Edit).Allowed {
		t.Error("a token without scopes is narrowed, want all that its owner may")
	}
}

func TestDecideNamesTheRule(t *testing.T) {
	t.Parallel()
	s := compile(t, Rules{Overrides: "\np, role:SALES, " + home.String() + ", Customer, read, firm, commercial, deny\n"})
	v := s.Decide(person(schema.Sales), schema.Customers, Read)
	want := []string{"overrides:2: p, role:SALES", "people.csv:", "p, role:MEMBER, *, Customer|Contact"}
	for _, text := range want {
		if !strings.Contains(v.Rule, text) {
			t.Errorf("rule %q lacks %q", v.Rule, text)
		}
	}
	if !strings.HasPrefix(v.Rule, "overrides:2") {
		t.Errorf("rule %q does not begin with the line that denies", v.Rule)
	}
	if v.Mask&schema.Customers.FieldsOf(schema.Commercial) != 0 || !v.Allowed {
		t.Errorf("got %+v, want a read without class commercial", v)
	}
}

func TestDenyWinsOverOtherRoles(t *testing.T) {
	t.Parallel()
	line := "p, role:SUPPORT, " + home.String() + ", Customer, edit, firm, *, deny"
	s := compile(t, Rules{Overrides: line})
	if v := s.Decide(person(schema.Sales, schema.Support), schema.Customers, Edit); v.Allowed {
		t.Errorf("got %+v for SALES and SUPPORT, want the deny of SUPPORT to win", v)
	}
	if v := s.Decide(person(schema.Sales), schema.Customers, Edit); !v.Allowed {
		t.Errorf("got %+v for SALES, want it untouched by a deny of SUPPORT", v)
	}
	all := compile(t, Rules{Overrides: strings.ReplaceAll(line, "SUPPORT", "MEMBER")})
	for _, role := range schema.Role("").Values() {
		if v := all.Decide(person(schema.Role(role)), schema.Customers, Edit); v.Allowed {
			t.Errorf("got %+v for %s, want the deny of MEMBER to reach everybody", v, role)
		}
	}
	if !all.Decide(System(home), schema.Customers, Edit).Allowed {
		t.Error("the deny of MEMBER reaches the node's own rules")
	}
}

// What a new kind needs of the rules: a read by somebody, and the rules
// between firms that its facts call for.
func TestShippedRulesKnowEveryKind(t *testing.T) {
	t.Parallel()
	s := compile(t, Rules{})
	for _, k := range schema.Kinds() {
		if !s.Decide(person(schema.Auditor), k, Read).Allowed {
			t.Errorf("%s: the auditor cannot read it", k)
		}
		types := map[PathType]bool{}
		for _, p := range s.View(Node(home), k, Read, noon).Paths {
			types[p.Type] = true
		}
		if k.HasAddress != types[Addressed] {
			t.Errorf("%s: HasAddress is %v and the Addressed path is %v: add it to between_firms.csv", k, k.HasAddress, types[Addressed])
		}
		if child := k.Parent != nil && k.HasAudience; child != types[ParentOwned] {
			t.Errorf("%s: a kind with parent and audience: %v, its ParentOwned path: %v: add child:%s to between_firms.csv", k, child, types[ParentOwned], k)
		}
		if k.Parent != nil && k.Parent.Target().HasAddress && !types[Parent] {
			t.Errorf("%s belongs to records that are addressed, and has no path with them: add child:%s to between_firms.csv", k, k)
		}
		if k.Private && len(types) > 0 {
			t.Errorf("%s is private and has the paths %v", k, types)
		}
	}
}

// The memo is numbered by hand-written switches.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for i, role := range schema.Role("").Values() {
		if got := rolePlace(schema.Role(role)); got != i || roleNames[got] != role {
			t.Errorf("rolePlace(%s) = %d, want %d", role, got, i)
		}
	}
	for place, role := range map[int]string{placeEDI: roleEDI, placeSystem: roleSystem, placeMember: roleMember} {
		if roleNames[place] != role || rolePlace(schema.Role(role)) != -1 {
			t.Errorf("place %d is %s, want %s, and no role of a person", place, roleNames[place], role)
		}
	}
	if len(roleNames) != placeAddressed {
		t.Errorf("there are %d roles, and %d places for them", len(roleNames), placeAddressed)
	}
	for i, a := range Actions() {
		if got := actionPlace(a); got != i {
			t.Errorf("actionPlace(%s) = %d, want %d", a, got, i)
		}
	}
	if len(Actions()) != actionCount {
		t.Errorf("there are %d actions, and %d places for them", len(Actions()), actionCount)
	}
	for i, k := range schema.Kinds() {
		if k.Place != i {
			t.Errorf("place of %s = %d, want %d", k, k.Place, i)
		}
	}
}

//nolint:paralleltest // it counts allocations
func TestDecideAllocatesNothing(t *testing.T) {
	s := compile(t, Rules{})
	one, three := person(schema.Sales), person(schema.Sales, schema.Support, schema.Finance)
	for _, p := range []Principal{one, three, System(home)} {
		s.Decide(p, schema.Customers, Read)
		if n := testing.AllocsPerRun(100, func() { s.Decide(p, schema.Customers, Read) }); n != 0 {
			t.Errorf("Decide for %v allocates %v times, want 0", p.Roles, n)
		}
	}
}

// BenchmarkJudge is the memoised decision without copies, for people with one
// role and with three. Where others use the machine too, cpu-ns/op is the figure
// to look at.
func BenchmarkJudge(b *testing.B) {
	s := compile(b, Rules{})
	for name, p := range map[string]Principal{
		"one": person(schema.Sales), "three": person(schema.Sales, schema.Support, schema.Marketing),
	} {
		b.Run(name, func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			j := s.For(&p)
			b.ReportAllocs()
			start := cpuClock()
			for b.Loop() {
				j.Judge(schema.Customers, Read)
			}
			b.ReportMetric(float64(cpuClock()-start)/float64(b.N), "cpu-ns/op")
		})
	}
}

func BenchmarkDecide(b *testing.B) {
	s := compile(b, Rules{})
	p := person(schema.Sales)
	s.Decide(p, schema.Customers, Read)
	b.ReportAllocs()
	for b.Loop() {
		s.Decide(p, schema.Customers, Read)
	}
}

// twoHundredLines are as many rules as a firm may write: half of them speak of
// the question that is asked most.
func twoHundredLines() string {
	var b strings.Builder
	for i := range maxOverrides {
		role := schema.Role("").Values()[1+i%7]
		kind, action := schema.Kinds()[i%len(schema.Kinds())].Name, Actions()[i%actionCount]
		if i%2 == 0 {
			kind, action = "Customer", Read
		}
		scope, effect := "team", effectAllow
		if i%3 == 0 {
			scope, effect = "beyond:team", effectDeny
		}
		fmt.Fprintf(&b, "p, role:%s, %s, %s, %s, %s, %s, %s\n", role, home, kind, action, scope, schema.Classes()[i%4], effect)
	}
	return b.String()
}

// BenchmarkFirstQuestion asks what nobody asked before, of a firm with 200
// rules of its own beside the shipped ones: all roles, kinds and actions of
// which some rule speaks, ten thousand questions or more. Of shard "new" nobody
// has asked anything, so that every question is put to Casbin; "one" is asked
// all of them one after another. The figures to look at are p50-ns and p99-ns,
// and where others use the machine too cpu-p99-ns: the same by the clock of the
// thread's own work. nothing-p99-ns is what the clocks give for no question.
func BenchmarkFirstQuestion(b *testing.B) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	whole := compile(b, Rules{Overrides: twoHundredLines()}).firm
	for _, name := range []string{"new", "one"} {
		b.Run(name, func(b *testing.B) {
			var wall, cpu, nothing []time.Duration
			measure := func(ask func() error) (time.Duration, time.Duration) {
				start, work := time.Now(), cpuClock()
				err := ask()
				worked, took := cpuClock()-work, time.Since(start)
				if err != nil {
					b.Fatal(err)
				}
				return took, worked
			}
			round := func() {
				s := newShard(whole.domain, whole.edges, whole.books...)
				for _, role := range schema.Role("").Values() {
					for t := range shipped().about {
						if len(s.concerning(s.inherited(rolePrefix+role), t)) == 0 {
							continue
						}
						if name == "new" {
							s = newShard(whole.domain, whole.edges, whole.books...)
						}
						took, worked := measure(func() error { _, err := s.ask(rolePrefix+role, t.kind, t.action); return err })
						wall, cpu = append(wall, took), append(cpu, worked)
						took, _ = measure(func() error { return nil })
						nothing = append(nothing, took)
					}
				}
			}
			// A round makes more shards than a node in a day, and what is left of them would be cleared away at the
			// expense of the questions.
			untidy := func() {
				runtime.GC()
				defer debug.SetGCPercent(debug.SetGCPercent(-1))
				round()
			}
			for b.Loop() {
				untidy()
			}
			for len(wall) < 10_000 {
				untidy()
			}
			for _, list := range [][]time.Duration{wall, cpu, nothing} {
				slices.Sort(list)
			}
			b.ReportMetric(float64(wall[len(wall)/2]), "p50-ns")
			b.ReportMetric(float64(wall[len(wall)*99/100]), "p99-ns")
			b.ReportMetric(float64(cpu[len(cpu)/2]), "cpu-p50-ns")
			b.ReportMetric(float64(cpu[len(cpu)*99/100]), "cpu-p99-ns")
			b.ReportMetric(float64(nothing[len(nothing)*99/100]), "nothing-p99-ns")
		})
	}
}

// BenchmarkGrowth is a decision among few firms and among many: each has a
// snapshot of its own, so that what others have cannot weigh on it.
func BenchmarkGrowth(b *testing.B) {
	for _, firms := range []int{10, 10_000} {
		b.Run(strconv.Itoa(firms), func(b *testing.B) {
			snapshots := map[schema.FirmID]*Snapshot{}
			var people []Principal
			for i := range firms {
				f := schema.FirmID{0: 1, 13: byte(i >> 16), 14: byte(i >> 8), 15: byte(i)}
				s := compile(b, Rules{Firm: f})
				p := Principal{Firm: f, Actor: ActorUser, Roles: []schema.Role{schema.Sales}}
				s.Decide(p, schema.Customers, Read)
				snapshots[f] = s
				people = append(people, p)
			}
			p := &people[firms/2]
			judge := snapshots[p.Firm].For(p)
			b.ReportAllocs()
			for b.Loop() {
				judge.Judge(schema.Customers, Read)
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	shipped()
	for b.Loop() {
		compile(b, Rules{})
	}
}
