package policy

import (
	"errors"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"fondaco/schema"
)

// Each test shows a trap of Casbin, where that can be shown, and that it is
// closed here.

// plainCasbin is Casbin as one would use it without this package.
func plainCasbin(t *testing.T, conf string, rules ...[]string) *casbin.Enforcer {
	t.Helper()
	m, err := model.NewModelFromString(conf)
	if err != nil {
		t.Fatal(err)
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		if _, err := e.AddPolicy(r); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

const plainModel = "[request_definition]\nr = sub, obj\n[policy_definition]\np = sub, obj, eft\n" +
	"[policy_effect]\ne = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n" +
	"[matchers]\nm = r.sub == p.sub && r.obj == p.obj\n"

func TestTrap01AnswersOutliveARevocation(t *testing.T) {
	t.Parallel()
	before := compile(t, Rules{Agreements: []AgreementRules{agreementOf(9, vend, shareTerm("Customer", schema.ShareAll))}})
	p := person(schema.Sales)
	for range 2 {
		if len(before.View(p, schema.Customers, Read, noon).Paths) != 2 {
			t.Fatal("want a member path and an agreement path")
		}
	}
	after := compile(t, Rules{})
	if v := after.View(p, schema.Customers, Read, noon); len(v.Paths) != 1 || v.Paths[0].Type != Member {
		t.Errorf("after the revocation the view has %+v, want the member path alone", v.Paths)
	}
	if v := after.Decide(person(), schema.Customers, Read); v.Allowed {
		t.Errorf("after the last role is gone Decide = %+v, want a no", v)
	}
}

func TestTrap02KeysOfACacheCanBeForged(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"d$$o", "a\x00b", "a\rb", `a"b`} {
		if err := CheckOverrides(home, "p, role:SALES, "+home.String()+", Customer, read, firm, "+bad+", allow"); err == nil {
			t.Errorf("CheckOverrides() takes the token %q", bad)
		}
	}
	for path, file := range sourceFiles(t) {
		for _, forbidden := range []string{"CachedEnforcer", "SyncedEnforcer", "DistributedEnforcer", "EnableEnforce(", "SetWatcher("} {
			if strings.Contains(file, "casbin."+forbidden) || strings.Contains(file, ".New"+forbidden) || strings.Contains(file, "."+forbidden) {
				t.Errorf("%s uses %s", path, forbidden)
			}
		}
	}
}

func TestTrap03AnEmptyPolicyAllowsEmptyTexts(t *testing.T) {
	t.Parallel()
	if yes, _ := plainCasbin(t, plainModel).Enforce("", ""); !yes {
		t.Log("Casbin no longer falls into this trap")
	}
	empty := newShard(home.String(), nil)
	if c, err := empty.ask("role:SALES", schema.Customers, Read); err != nil || c.alone.Allowed {
		t.Errorf("a shard without rules answers %+v, %v", c, err)
	}
	full := compile(t, Rules{}).firm
	for _, ask := range []struct {
		subject string
		action  Action
	}{{"", Read}, {"role:SALES", ""}, {"", ""}} {
		if _, err := full.ask(ask.subject, schema.Customers, ask.action); err == nil {
			t.Errorf("ask(%q, %q) = nil error, want it refused", ask.subject, ask.action)
		}
	}
	if _, err := readTemplates(os.DirFS(t.TempDir())); err == nil {
		t.Error("a program without rules starts")
	}
}

func TestTrap04AMatcherThatDoesNotNameTheRule(t *testing.T) {
	t.Parallel()
	root := strings.Replace(plainModel, "m = ", `m = r.sub == "root" || `, 1)
	if yes, _ := plainCasbin(t, root).Enforce("root", "anything"); !yes {
		t.Log("Casbin no longer falls into this trap")
	}
	_, matcher, _ := strings.Cut(modelText, "[matchers]\nm = ")
	if strings.ContainsAny(matcher, `"'|!`) {
		t.Errorf("the matcher has a constant, an or or a not: %s", matcher)
	}
	for part := range strings.SplitSeq(matcher, "&&") {
		if !strings.Contains(part, "p.") {
			t.Errorf("part %q of the matcher does not name the rule", part)
		}
	}
}

func TestTrap05OnlyDenyMeansAllowTheRest(t *testing.T) {
	t.Parallel()
	lax := strings.Replace(plainModel, "some(where (p.eft == allow)) && ", "", 1)
	if yes, err := plainCasbin(t, lax, []string{"x", "y", "deny"}).Enforce("unknown", "y"); err != nil || !yes {
		t.Log("Casbin no longer falls into this trap")
	}
	if !strings.Contains(modelText, "\ne = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n") {
		t.Error("the effect is not allow-and-deny")
	}
	s := compile(t, Rules{})
	if c, err := s.firm.ask("role:NOBODY", schema.Customers, Read); err != nil || c.alone.Allowed {
		t.Errorf("an unknown subject gets %+v, %v", c, err)
	}
}

func TestTrap06AMisspeltEffectIsAnAllow(t *testing.T) {
	t.Parallel()
	e := plainCasbin(t, plainModel, []string{"a", "b", "allow"}, []string{"a", "b", "Deny"})
	if yes, _ := e.Enforce("a", "b"); !yes {
		t.Log("Casbin no longer falls into this trap")
	}
	for _, eft := range []string{"Deny", "DENY", "denied", "Allow", "yes", "*"} {
		err := CheckOverrides(home, "p, role:SALES, "+home.String()+", Customer, read, firm, *, "+eft)
		if err == nil || !strings.Contains(err.Error(), "overrides:1") || !strings.Contains(err.Error(), "allow, deny") {
			t.Errorf("effect %q: got error %v, want one that names line and remedy", eft, err)
		}
	}
}

func TestTrap07OneBadLineLocksTheFirmOut(t *testing.T) {
	t.Parallel()
	good := compile(t, Rules{Epoch: 1})
	bad := Rules{Firm: home, Epoch: 2, Overrides: "p, role:SALES"}
	if s, err := Compile(bad); s != nil || err == nil {
		t.Fatalf("Compile() = %v, %v, want no snapshot and an error", s, err)
	}
	if !good.Decide(person(schema.Sales), schema.Customers, Read).Allowed {
		t.Error("the last good snapshot no longer answers")
	}
	// A partner's bad term closes itself, and nothing else.
	broken := agreementOf(8, vend, schema.SharingTerm{Kind: "Spaceship", Level: schema.ShareAll, Actions: []string{"read"}},
		shareTerm("Product", schema.ShareAll))
	s, err := Compile(Rules{Firm: home, Agreements: []AgreementRules{broken}})
	if err != nil || len(s.Problems()) != 1 {
		t.Fatalf("Compile() = %v with problems %v, want one problem", err, s.Problems())
	}
	if len(s.View(person(schema.Sales), schema.Products, Read, noon).Paths) != 2 {
		t.Error("the good term beside the bad one opens nothing")
	}
}

func TestTrap08DeepRolesAreCutOff(t *testing.T) {
	t.Parallel()
	chain := func(n int) []edge {
		var edges []edge
		for i := range n {
			edges = append(edges, edge{"role:" + string(rune('A'+i)), "role:" + string(rune('A'+i+1))})
		}
		return edges
	}
	if err := checkInheritance(chain(maxDepth)); err != nil {
		t.Errorf("a chain of %d steps: %v", maxDepth, err)
	}
	// What the loader lets through, Casbin links to its end.
	s := newShard("d", chain(maxDepth), byTopic([]line{{"role:" + string(rune('A'+maxDepth)), "d", "Customer", "read", scopeFirm, "basic", effectAllow, 15, "x"}}))
	if c, err := s.ask("role:A", schema.Customers, Read); err != nil || !c.alone.Allowed {
		t.Errorf("the end of a chain of %d steps gets %+v, %v", maxDepth, c, err)
	}
	if err := checkInheritance(chain(maxDepth + 1)); err == nil {
		t.Errorf("a chain of %d steps is taken", maxDepth+1)
	}
	circle := append(chain(3), edge{"role:D", "role:A"})
	if err := checkInheritance(circle); err == nil || !strings.Contains(err.Error(), "inherits from itself") {
		t.Errorf("a circle: got %v", err)
	}
}

func TestTrap09EnforcementCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	// No exported name of this package gives an enforcer away; TestTrap02 looks for the switch.
	for path, file := range sourceFiles(t) {
		for l := range strings.SplitSeq(file, "\n") {
			if strings.HasPrefix(l, "func ") && strings.Contains(l, "casbin.") && !strings.HasPrefix(l, "func newEnforcer(") {
				t.Errorf("%s: %s gives an enforcer away", path, l)
			}
		}
	}
}

func TestTrap10RegularExpressionsInPolicyPanic(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"(Cust.*", "Cust*", "^Customer$", "Customer.*"} {
		if err := CheckOverrides(home, "p, role:SALES, "+home.String()+", "+pattern+", read, firm, *, deny"); err == nil {
			t.Errorf("the pattern %q is taken for a type", pattern)
		}
	}
	if strings.Contains(modelText, "regexMatch") || strings.Contains(modelText, "keyMatch") || strings.Contains(modelText, "eval(") {
		t.Error("the matcher uses patterns")
	}
}

func TestTrap11OneReasonOfSeveral(t *testing.T) {
	t.Parallel()
	lines := "p, role:SALES, " + home.String() + ", Customer, delete, firm, *, deny\n" +
		"p, role:MEMBER, " + home.String() + ", Customer|Contact, delete, firm, *, deny\n" +
		"p, role:SALES, " + home.String() + ", Customer, delete, firm, basic, allow\n"
	v := compile(t, Rules{Overrides: lines}).Decide(person(schema.Sales), schema.Customers, Delete)
	for _, source := range []string{"overrides:1", "overrides:2", "overrides:3"} {
		if !strings.Contains(v.Rule, source) {
			t.Errorf("rule %q lacks %s", v.Rule, source)
		}
	}
}

func TestTrap12QuestionsSideBySide(t *testing.T) {
	t.Parallel()
	rules := Rules{
		Agreements: []AgreementRules{agreementOf(9, vend, shareTerm("Customer", schema.ShareAll))},
		Overrides:  "p, role:SALES, " + home.String() + ", Customer|Contact, delete, beyond:team, *, deny\n",
	}
	type question struct {
		role schema.Role
		kind *schema.Kind
		act  Action
	}
	want := map[question]Verdict{}
	alone, together := compile(t, rules), compile(t, rules)
	for _, role := range schema.Role("").Values() {
		for _, k := range schema.Kinds() {
			for _, a := range Actions() {
				want[question{schema.Role(role), k, a}] = alone.Decide(person(schema.Role(role)), k, a)
			}
		}
	}
	var wait sync.WaitGroup
	for range 8 { // each goes through the questions in an order of its own
		wait.Go(func() {
			for q, v := range want {
				if got := together.Decide(person(q.role), q.kind, q.act); got != v {
					t.Errorf("%s may %s %s: among others %+v, alone %+v", q.role, q.act, q.kind, got, v)
				}
			}
		})
	}
	wait.Wait()
}

func TestTrap13ASnapshotKnowsItsEpoch(t *testing.T) {
	t.Parallel()
	if got := compile(t, Rules{Epoch: 41}).Epoch(); got != 41 {
		t.Errorf("Epoch() = %d, want 41: who holds it can tell that it is behind", got)
	}
}

func TestTrap14ReloadingInPlace(t *testing.T) {
	t.Parallel()
	files := sourceFiles(t)
	for path, file := range files {
		for _, call := range []string{"LoadPolicy", "LoadFilteredPolicy", "SavePolicy", "ClearPolicy", "RemovePolicy", "SetModel", "SetAdapter"} {
			if strings.Contains(file, "."+call+"(") {
				t.Errorf("%s calls %s", path, call)
			}
		}
	}
	if len(files) < 10 {
		t.Errorf("only %d files were read", len(files))
	}
}

// sourceFiles gives the package's own files without tests, so that what must not
// be used can be looked for.
func sourceFiles(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		_, bad := parser.ParseFile(token.NewFileSet(), path, text, 0)
		if err := errors.Join(err, bad); err != nil {
			t.Fatal(err)
		}
		files[path] = string(text)
	}
	return files
}
