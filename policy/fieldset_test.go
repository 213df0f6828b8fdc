package policy

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fondaco/schema"
)

// A set that was released has the same fields for ever: firms agreed on it.
// The golden file grows by new sets; a line of it never changes.
func TestReleasedFieldSetsNeverChange(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, k := range schema.Kinds() {
		for _, set := range FieldSets(k) {
			fmt.Fprintf(&b, "%s %s %x %s\n", k, set.Name, uint64(set.Fields), strings.Join(FieldNames(k, set.Fields), " "))
		}
	}
	if *update { // the release before must live on in what is written
		before, err := os.ReadFile(filepath.Join("testdata", "fieldsets.txt"))
		if err == nil {
			for line := range strings.Lines(string(before)) {
				if !strings.Contains(b.String(), line) {
					t.Fatalf("set %q was released and cannot change: write its next version", strings.TrimSpace(line))
				}
			}
		}
	}
	golden(t, "fieldsets.txt", b.String())
}

func TestParseFieldSetsRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Customer, contact@1":                                    "has 2 entries",
		"Spaceship, contact@1, email":                            `kind "Spaceship"`,
		"Customer, contact@1, mail":                              `no field "mail"`,
		"Customer, contact@1, email|creditLimit":                 "is internal",
		"Customer, contact@1, email|email":                       "stands twice",
		"Customer, contact, email":                               "write its name and version",
		"Customer, contact@01, email":                            "write its name and version",
		"Customer, @1, email":                                    "write its name and version",
		"Customer, contact@2, email":                             "contact@1",
		"Customer, contact@1, email\nCustomer, contact@1, phone": "2: ",
		"Customer, , email":                                      "empty entry",
	} {
		if _, err := parseFieldSets(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseFieldSets(%q) = %v, want an error with %q", text, err, want)
		}
	}
	sets, err := parseFieldSets("# why\n\nCustomer, contact@1, email\nCustomer, contact@2, email|phone\nContact, contact@1, email\n")
	if err != nil || len(sets[schema.Customers]) != 2 || len(sets[schema.Contacts]) != 1 {
		t.Errorf("parseFieldSets() = %v, %v", sets, err)
	}
}

// What a term names as a set does not grow with the class.
func TestATermShowsTheSetAndNoMore(t *testing.T) {
	t.Parallel()
	term := shareTerm("Contact", schema.ShareAll)
	term.FieldSets = []string{"contact@1"}
	v := compile(t, Rules{Agreements: []AgreementRules{agreementOf(9, vend, term)}}).View(Node(home), schema.Contacts, Read, noon)
	want := schema.Contacts.FieldsOf(schema.Basic)
	for _, name := range []string{"email", "phone", "contactPreference"} {
		want = want.With(schema.Contacts.FieldNamed(name).Bit)
	}
	if len(v.Paths) != 1 || v.Paths[0].Mask != want {
		t.Errorf("View() has %+v, want one path with %x", v.Paths, uint64(want))
	}
}
