package policy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fondaco/schema"
)

// An upgrade that no longer takes a line leaves the firm its denials, and its
// administrators the way to mend the rest.
func TestSalvageKeepsWhatDenies(t *testing.T) {
	t.Parallel()
	firm := home.String()
	text := strings.Join([]string{
		"# ours",
		"p, role:SUPPORT, " + firm + ", Customer, read, firm, commercial, deny",
		"p, role:SALES, " + firm + ", Customer|Spaceship, export, firm, *, deny",
		"p, role:SALES, " + firm + ", Customer, edit, firm, contact@99, deny",
		"p, role:MARKETING, " + firm + ", Customer, edit, firm, basic, allow",
		"p, role:SALES, " + firm + ", Spaceship, read, firm, *, deny",
		"p, role:MEMBER, " + firm + ", Firm|Spaceship, read, firm, *, deny",
	}, "\n")
	if _, err := Compile(Rules{Firm: home, Overrides: text}); err == nil {
		t.Fatal("these rules compile: there is nothing to salvage")
	}
	s, err := Salvage(Rules{Firm: home, Epoch: 3, Overrides: text})
	if err != nil {
		t.Fatal(err)
	}
	shipped := compile(t, Rules{})
	commercial := schema.Customers.FieldsOf(schema.Commercial)
	if got, before := s.Decide(person(schema.Support), schema.Customers, Read), shipped.Decide(person(schema.Support), schema.Customers, Read); got.Mask != before.Mask&^commercial {
		t.Errorf("support reads %b of customers, want %b without the commercial fields", got.Mask, before.Mask)
	}
	for _, test := range []struct {
		role schema.Role
		kind *schema.Kind
		act  Action
		want bool
	}{
		{schema.Sales, schema.Customers, Export, false}, {schema.Sales, schema.Customers, Edit, false}, {schema.Sales, schema.Customers, Read, true},
		{schema.Marketing, schema.Customers, Edit, shipped.Decide(person(schema.Marketing), schema.Customers, Edit).Allowed},
		{schema.Sales, schema.Firms, Read, false}, {schema.Administrator, schema.Firms, Read, true}, {schema.Administrator, schema.Firms, Administer, true},
	} {
		if got := s.Decide(person(test.role), test.kind, test.act).Allowed; got != test.want {
			t.Errorf("%s may %s %s: %t, want %t", test.role, test.act, test.kind, got, test.want)
		}
	}
	var lines []string
	for _, r := range s.Refusals() {
		r.Reason, _, _ = strings.Cut(r.Reason, ": write one of")
		lines = append(lines, strings.ReplaceAll(r.String(), firm, "FIRM"))
	}
	golden(t, "refusals.txt", strings.Join(lines, "\n")+"\n")
	if s.Epoch() != 3 {
		t.Errorf("epoch %d, want 3", s.Epoch())
	}
}

// Good rules are not touched, and a fault elsewhere is told.
func TestSalvageIsCompileForGoodRules(t *testing.T) {
	t.Parallel()
	s, err := Salvage(Rules{Firm: home, Overrides: lineFor("SALES", "Customer", "export", "firm", "*", "allow")})
	if err != nil || len(s.Refusals()) > 0 || !s.Decide(person(schema.Sales), schema.Customers, Export).Allowed {
		t.Errorf("Salvage of good rules = %v, refusals %v", err, s.Refusals())
	}
	wrong := agreementOf(8, vend, shareTerm("Product", schema.ShareAll))
	wrong.Recipient = third
	if _, err := Salvage(Rules{Firm: home, Overrides: "p", Agreements: []AgreementRules{wrong}}); err == nil {
		t.Error("an agreement of other firms is taken")
	}
}

// Whatever words of good rules a later version does not know, nobody may do
// more than before.
func TestSalvageNeverGrantsMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := drawOverrides(t, rapid.IntRange(1, 8).Draw(t, "n"))
		before, err := Compile(Rules{Firm: home, Overrides: text})
		if err != nil {
			t.Fatal(err)
		}
		after, err := Salvage(Rules{Firm: home, Overrides: forget(t, text)})
		if err != nil {
			t.Fatal(err)
		}
		for _, role := range []schema.Role{schema.Administrator, schema.Sales, schema.Support, schema.Finance, schema.Auditor} {
			for _, k := range []*schema.Kind{schema.Customers, schema.Contacts, schema.DocumentVersions, schema.SalesReports, schema.Firms} {
				for _, a := range []Action{Read, Edit, Comment, Export, Administer} {
					was, is := before.Decide(person(role), k, a), after.Decide(person(role), k, a)
					for r := range is.Within {
						if is.Within[r]&^was.Within[r] != 0 {
							t.Fatalf("%s may %s %s: %b, before %b\nrules\n%s", role, a, k, is.Within[r], was.Within[r], after.rules.Overrides)
						}
					}
				}
			}
		}
	})
}

// forget makes words of some lines unknown, at least of one.
func forget(t *rapid.T, text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := range lines {
		if i > 0 && rapid.IntRange(0, 2).Draw(t, "keep") == 0 {
			continue
		}
		entries := strings.Split(lines[i], ", ")
		place := rapid.SampledFrom([]int{1, 3, 4, 5, 6}).Draw(t, "entry")
		switch place {
		case 5:
			entries[place] = "beyond:galaxy"
		case 6:
			entries[place] = "retired@1"
		default:
			entries[place] += "|SPACESHIP" // beside those that stay
		}
		lines[i] = strings.Join(entries, ", ")
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestLintNamesEveryLineOnce(t *testing.T) {
	t.Parallel()
	var got []string
	for _, f := range Lint(Rules{Firm: home, Overrides: "p, role:SALES\n# fine\np, role:SALES, x\n"}) {
		got = append(got, f.Source+" "+f.Message[:len("has 3 entries")])
	}
	if diff := cmp.Diff([]string{"overrides:1 has 2 entries", "overrides:3 has 3 entries"}, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	locked := Lint(Rules{Firm: home, Overrides: lineFor("ADMINISTRATOR", "Firm", "read", "firm", "*", "deny")})
	if len(locked) == 0 || strings.Contains(locked[0].String(), "overrides: overrides") {
		t.Errorf("findings %v, want one that names its source once", locked)
	}
}
