package policy

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cedar-policy/cedar-go"

	"fondaco/schema"
)

// cases is how many random questions the independent oracles are asked. For a
// longer look: go test ./policy -run Oracle -cases 10000000 -timeout 0.
var cases = flag.Int("cases", 20_000, "random questions to independent oracles")

// cedarText says in the language of Cedar what a line says. How far a rule
// reaches is said again here, in other words.
func cedarText(l line) string {
	when := []string{fmt.Sprintf("%q == context.fields", l.fields), cedarScope(l.scope) + ".contains(context.scope)"}
	if l.fields == every {
		when = when[1:]
	}
	if l.typ != every {
		when = append(when, fmt.Sprintf("resource == Kind::%q", l.typ))
	}
	action := "action"
	if l.act != every {
		action = fmt.Sprintf("action == Action::%q", l.act)
	}
	effect := map[string]string{"allow": "permit", "deny": "forbid"}[l.eft]
	return fmt.Sprintf("%s (principal in Role::%q, %s, resource) when { %s };\n", effect, l.sub, action, strings.Join(when, " && "))
}

func cedarScope(scope string) string {
	return map[string]string{
		"own": `["own"]`, "team": `["own","team"]`, "subtree": `["own","team","subtree"]`, "firm": `["own","team","subtree","firm"]`,
		"beyond:own": `["team","subtree","firm"]`, "beyond:team": `["subtree","firm"]`, "beyond:subtree": `["firm"]`,
		"children": `["firm"]`, "addressed": `["firm"]`,
	}[scope]
}

// A cedarOracle holds the lines on one kind, and on one action or all, translated.
type cedarOracle struct {
	policies *cedar.PolicySet
	entities cedar.EntityMap
	lines    []line
}

func newCedarOracle(t testing.TB, lines []line, k *schema.Kind, a Action) *cedarOracle {
	t.Helper()
	var text strings.Builder
	o := &cedarOracle{entities: cedar.EntityMap{}}
	for _, l := range lines {
		if (l.typ == every || l.typ == k.Name) && (a == every || l.act == every || l.act == string(a)) {
			o.lines = append(o.lines, l)
			text.WriteString(cedarText(l))
		}
	}
	var err error
	if o.policies, err = cedar.NewPolicySetFromBytes("rules.cedar", []byte(text.String())); err != nil {
		t.Fatal(err)
	}
	for _, e := range shipped().edges {
		uid := cedar.NewEntityUID("Role", cedar.String(e.role))
		o.entities[uid] = cedar.Entity{UID: uid, Parents: cedar.NewEntityUIDSet(cedar.NewEntityUID("Role", cedar.String(e.from)))}
	}
	return o
}

// ask puts the questions about one row scope, a class or a set at a time.
func (o *cedarOracle) ask(subjects []string, k *schema.Kind, a Action, scope string) (mask schema.Mask) {
	var roles []cedar.EntityUID
	for _, s := range subjects {
		roles = append(roles, cedar.NewEntityUID("Role", cedar.String(s)))
	}
	anna := cedar.NewEntityUID("User", "anna")
	o.entities[anna] = cedar.Entity{UID: anna, Parents: cedar.NewEntityUIDSet(roles...)}
	var denied schema.Mask
	for name, fields := range allFields(k) {
		yes, why := cedar.Authorize(o.policies, o.entities, cedar.Request{
			Principal: anna, Action: cedar.NewEntityUID("Action", cedar.String(a)), Resource: cedar.NewEntityUID("Kind", cedar.String(k.Name)),
			Context: cedar.NewRecord(cedar.RecordMap{"fields": cedar.String(name), "scope": cedar.String(scope)}),
		})
		switch {
		case yes == cedar.Allow:
			mask |= fields
		case len(why.Reasons) > 0:
			denied |= fields
		}
	}
	return readable(k, a, mask&^denied)
}

// naiveAsk is the same in plain Go.
func (o *cedarOracle) naiveAsk(subjects []string, k *schema.Kind, a Action, scope string) schema.Mask {
	subjects = slices.Clone(subjects)
	for _, e := range shipped().edges { // no role inherits over more than one step
		if slices.Contains(subjects, e.role) {
			subjects = append(subjects, e.from)
		}
	}
	var allowed, denied schema.Mask
	for _, l := range o.lines {
		speaks := slices.Contains(subjects, l.sub) && (l.act == every || l.act == string(a)) && strings.Contains(cedarScope(l.scope), `"`+scope+`"`)
		for name, fields := range allFields(k) {
			switch {
			case !speaks || l.fields != every && l.fields != name:
			case l.eft == "deny":
				denied |= fields
			default:
				allowed |= fields
			}
		}
	}
	return readable(k, a, allowed&^denied)
}

func allFields(k *schema.Kind) map[string]schema.Mask {
	names := map[string]schema.Mask{}
	for _, c := range schema.Classes() {
		names[string(c)] = k.FieldsOf(c)
	}
	for _, set := range FieldSets(k) {
		names[set.Name] = set.Fields
	}
	return names
}

func readable(k *schema.Kind, a Action, mask schema.Mask) schema.Mask {
	if a == Read && mask&k.FieldsOf(schema.Basic) == 0 {
		return 0
	}
	return mask
}

// The shipped rules, asked whole: every role, kind, action and class.
func TestOracleCedarOfTheShippedMatrix(t *testing.T) {
	t.Parallel()
	s, asked := compile(t, Rules{}), 0
	for _, k := range schema.Kinds() {
		o := newCedarOracle(t, s.lines(), k, every)
		for place := range subjectCount {
			subject := subjectNamed(place, k)
			for _, a := range Actions() {
				want := o.ask([]string{subject}, k, a, "firm")
				got := s.cell((k.Place*actionCount+actionPlace(a))*subjectCount+place, k, a).alone.Within[FirmRows]
				if place >= placeAddressed {
					want &^= k.FieldsOf(schema.Internal)
				}
				if asked++; got != want || o.naiveAsk([]string{subject}, k, a, "firm") != want && place < placeAddressed {
					t.Errorf("%s %s %s: Casbin %x, Cedar %x", subject, a, k, uint64(got), uint64(want))
				}
			}
		}
	}
	t.Logf("%d cells", asked)
}

// Casbin's answers, remembered and fresh, are Cedar's and those of plain Go,
// whatever rules a firm adds.
func TestOracleCedarOfRandomRules(t *testing.T) {
	t.Parallel()
	asked, seed := 0, rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	for asked < *cases {
		text := randomRules(r)
		s := compile(t, Rules{Overrides: text})
		k := schema.Kinds()[r.IntN(len(schema.Kinds()))]
		if r.IntN(2) == 0 {
			k = []*schema.Kind{schema.Customers, schema.Contacts}[r.IntN(2)]
		}
		a := Actions()[r.IntN(actionCount)]
		if r.IntN(2) == 0 {
			a = Read
		}
		o := newCedarOracle(t, s.lines(), k, a)
		for range 100 {
			p, subjects := person(), []string(nil)
			for _, role := range schema.Role("").Values() {
				if r.IntN(3) == 0 {
					p.Roles, subjects = append(p.Roles, schema.Role(role)), append(subjects, rolePrefix+role)
				}
			}
			scope := RowScope(r.IntN(rowScopes))
			got, want := s.Decide(p, k, a).Within[scope], o.ask(subjects, k, a, scope.String())
			if naive := o.naiveAsk(subjects, k, a, scope.String()); got != want || naive != want {
				t.Fatalf("seed %d: %v %s %s %s: Casbin %x, Cedar %x, naive %x, with\n%s", seed, p.Roles, a, k, scope, uint64(got), uint64(want), uint64(naive), text)
			}
			if again := s.Decide(p, k, a).Within[scope]; again != got {
				t.Fatalf("asked again %x, before %x", uint64(again), uint64(got))
			}
			asked++
		}
	}
	t.Logf("%d decisions", asked)
}

// randomRules writes up to 12 lines of a firm's own.
func randomRules(r *rand.Rand) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	var b strings.Builder
	for range r.IntN(13) {
		effect, scope := "allow", pick(scopeNames...)
		if r.IntN(2) == 0 {
			effect, scope = "deny", pick(append([]string{"firm"}, beyondNames...)...)
		}
		types := pick(append([]string{every, "Customer", "Customer|Contact"}, kindNames...)...)
		fields := pick("basic", "personal", "commercial|internal", "basic|personal|commercial|internal", every)
		if types == "Customer" || types == "Customer|Contact" {
			fields = pick(fields, "contact@1", "contact@1|basic")
		}
		// Denying administrators their own rules is refused when it is compiled.
		fmt.Fprintf(&b, "p, role:%s, %s, %s, %s, %s, %s, %s\n", pick("SALES", "SUPPORT|MARKETING", "FINANCE", "READ_ONLY", "AUDITOR", "CHANNEL_MANAGER"),
			home, types, pick(append([]string{every, "read|export"}, actionNames...)...), scope, fields, effect)
	}
	return b.String()
}
