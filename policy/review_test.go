package policy

import (
	"strings"
	"testing"
	"time"

	"fondaco/schema"
)

func lineFor(role, types, actions, scope, classes, effect string) string {
	return strings.Join([]string{"p", "role:" + role, home.String(), types, actions, scope, classes, effect}, ", ") + "\n"
}

// What a firm may not write, though every line of it is well formed.
func TestOverridesCannotBreakAnInvariant(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"an auditor who changes":         {lineFor("AUDITOR", "Customer", "edit", "own", "*", "allow"), "who audits changes nothing"},
		"everybody changes":              {lineFor("MEMBER", "Task", "edit", "firm", "*", "allow"), "who audits changes nothing"},
		"sales changes the rules":        {lineFor("SALES", "Firm", "administer", "firm", "*", "allow"), "nobody else changes the rules"},
		"sales gives roles":              {lineFor("SALES", "Membership", "edit", "own", "basic", "allow"), "nobody else gives people their roles"},
		"the auditor sees no agreements": {lineFor("AUDITOR", "SharingAgreement", "read", "firm", "basic", "deny"), "an auditor sees who shares"},
		"administrators see themselves":  {lineFor("ADMINISTRATOR", "Membership", "edit", "firm", "*", "deny"), "nobody could change the rules again"},
		"administrators keep their own":  {lineFor("ADMINISTRATOR", "Membership", "edit", "beyond:own", "*", "deny"), ""},
		"support sees no particulars":    {lineFor("SUPPORT", "Customer|Contact", "read", "firm", "contact@1", "deny"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := CheckOverrides(home, test.text)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("CheckOverrides(%q) = %v, want an error with %q", test.text, err, test.want)
			}
		})
	}
}

func TestRunTestsTellsWhatFailed(t *testing.T) {
	t.Parallel()
	suite, err := ParseSuite("x.yaml", []byte(`
about: Three questions, of which two are answered otherwise.
rules: "p, role:SALES, home, Customer, read, beyond:own, *, deny"
rows:
  theirs: {kind: Customer, owner: home, keeper: somebody, values: {name: A}}
tests:
  - {name: right, who: SALES, may: read, on: Customer, expect: allow, sees: [name]}
  - {name: denied, who: SALES, may: read, on: theirs, expect: allow}
  - {name: shown, who: [SUPPORT, FINANCE], may: read, on: theirs, expect: allow, hides: [annualRevenue], path: member}
`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := RunTests(home, "", suite)
	if err != nil {
		t.Fatal(err)
	}
	if r.Ran != 4 || len(r.Failures) != 2 || r.CellsHit != 3 || r.LinesHit == 0 || r.LinesHit+len(r.Silent) != r.Lines {
		t.Errorf("RunTests() = %+v", r)
	}
	for i, want := range []string{"x.yaml: denied: SALES read theirs: is denied", "x.yaml: shown: FINANCE read theirs: field annualRevenue is shown: true, want false"} {
		if i < len(r.Failures) && r.Failures[i].String() != want {
			t.Errorf("failure %q, want %q", r.Failures[i], want)
		}
	}
}

func TestParseSuiteRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"abuot: x": "abuot",
		"tests: [{name: a, who: SALES, may: read, on: Customer}]":                               "expect",
		"tests: [{name: a, who: SALES, may: raed, on: Customer, expect: allow}]":                `action "raed"`,
		"tests: [{name: a, who: SELLER, may: read, on: Customer, expect: allow}]":               `role "SELLER"`,
		"tests: [{name: a, who: SALES, may: read, on: nothing, expect: allow}]":                 "no kind and no row",
		"tests: [{name: a, may: read, on: Customer, expect: allow}]":                            "one of who and roles",
		"{invariant: true, rules: 'p, role:SALES, home, Customer, read, firm, *, deny'}":        "take rules out",
		"tests: [{name: a, who: SALES, roles: [SALES], may: read, on: Customer, expect: deny}]": "one of who and roles",
	} {
		if _, err := ParseSuite("x.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseSuite(%q) = %v, want an error with %q", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"{rows: {a: {kind: Spaceship, owner: home}}}":                             "Spaceship",
		"{rows: {a: {kind: Customer, owner: home, values: {nick: x}}}}":           "nick",
		"{rows: {a: {kind: Customer, owner: home, parent: b}}}":                   "belongs to no other record",
		"{rows: {a: {kind: Customer, owner: home, team: b}}}":                     "has no audience",
		"{rows: {a: {kind: Customer, owner: home, to: b}}}":                       "addressed to nobody",
		"{agreements: [{name: a, from: b, terms: [{kind: Customer, level: x}]}]}": "level",
		"{rules: 'p, role:SALES, home, Customer'}":                                "has 4 entries",
	} {
		s, err := ParseSuite("x.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := RunTests(home, "", s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("RunTests(%q) = %v, want an error with %q", text, err, want)
		}
	}
}

func TestDiffTellsAllAndNothingElse(t *testing.T) {
	t.Parallel()
	was := agreementOf(9, vend, shareTerm("Customer", schema.ShareAll), shareTerm("Product", schema.ShareAll))
	is := agreementOf(9, vend, shareTerm("Customer", schema.ShareAll, "edit"))
	is.Until = time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC)
	before := Rules{Firm: home, Agreements: []AgreementRules{was}}
	after := Rules{
		Firm: home, Agreements: []AgreementRules{is},
		Overrides: lineFor("SALES", "Customer", "read", "beyond:own", "commercial", "deny") + lineFor("SUPPORT", "Task", "approve", "own", "basic", "allow"),
	}
	d, err := Diff(before, after)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "diff.txt", d.String())
	back, err := Diff(after, before)
	if err != nil || len(back.Cells) != len(d.Cells) || len(back.Terms) != len(d.Terms) || back.Asked != d.Asked {
		t.Errorf("the other way round there are %d and %d differences, %v", len(back.Cells), len(back.Terms), err)
	}
	if same, err := Diff(after, after); err != nil || !same.Empty() || same.String() != "" || same.Asked < 5000 {
		t.Errorf("Diff of a policy with itself = %v, %v", same, err)
	}
	if _, err := Diff(before, Rules{Firm: home, Overrides: "p"}); err == nil {
		t.Error("a policy that cannot be compiled is compared")
	}
}

func TestLintFindings(t *testing.T) {
	t.Parallel()
	if found := Lint(Rules{Firm: home}); len(found) > 0 {
		t.Errorf("of the shipped rules: %v", found)
	}
	for name, test := range map[string]struct{ text, want string }{
		"said already":         {lineFor("SALES", "Customer", "edit", "firm", "personal", "allow"), "says what is said already by people.csv"},
		"said twice":           {lineFor("SALES", "Goal", "approve", "firm", "basic", "allow") + "# again\n" + lineFor("SALES", "Goal", "approve", "own", "basic", "allow"), "says what is said already by overrides:1"},
		"allowed and denied":   {lineFor("MEMBER", "Goal", "export", "firm", "*", "deny") + lineFor("FINANCE", "Goal", "export", "firm", "basic", "allow"), "allows what is denied by overrides:1"},
		"denied for nothing":   {lineFor("SUPPORT", "Product", "edit", "firm", "*", "deny"), "denies what nothing allows"},
		"broken":               {lineFor("AUDITOR", "Goal", "edit", "own", "*", "allow"), "who audits changes nothing"},
		"not to be understood": {"p, role:SALES\n", "has 2 entries"},
		"nothing to say":       {lineFor("SALES", "Customer", "read", "beyond:own", "commercial", "deny"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all []string
			for _, f := range Lint(Rules{Firm: home, Overrides: test.text}) {
				all = append(all, f.String())
			}
			if got := strings.Join(all, "\n"); test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("Lint(%q) = %q, want a finding with %q", test.text, got, test.want)
			}
		})
	}
}

func TestLintOfAgreements(t *testing.T) {
	t.Parallel()
	personal := shareTerm("Customer", schema.ShareAll, "edit")
	personal.Classes = []schema.Class{schema.Personal}
	passed := shareTerm("Customer", schema.ShareAll)
	team := shareTerm("Product", schema.ShareAll)
	team.Reshare, team.Teams = true, []schema.ID{id(3)}
	a := agreementOf(9, vend, personal, shareTerm("DocumentVersion", schema.ShareChildren), shareTerm("Customer", schema.ShareGranted), team,
		schema.SharingTerm{Kind: "Spaceship", Level: schema.ShareAll})
	source := AgreementRules{ID: id(4), Owner: vend, Recipient: third, Terms: []schema.SharingTerm{shareTerm("Customer", schema.ShareAll)}, Name: "first"}
	b := agreementOf(8, third, passed)
	b.RestsOn, b.Until = &source, noon
	var all []string
	for _, f := range Lint(Rules{Firm: home, Agreements: []AgreementRules{a, b}}) {
		all = append(all, f.String())
	}
	golden(t, "lint.txt", strings.Join(all, "\n")+"\n")
}
