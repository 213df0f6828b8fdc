package policy

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fondaco/schema"
)

var (
	shareCustomers = schema.SharingTerm{
		Kind: "Customer", Level: schema.ShareFilter, Actions: []string{"read", "comment"},
		Filter: []byte(`{"field":"country","op":"eq","value":"PT"}`), Classes: []schema.Class{schema.Personal},
	}
	grantCustomers = schema.SharingTerm{
		Kind: "Customer", Level: schema.ShareGranted, Actions: []string{"read"}, Classes: []schema.Class{schema.Commercial},
	}
)

// The views of typical readers are read in review.
func TestViews(t *testing.T) {
	t.Parallel()
	s := compile(t, Rules{Agreements: []AgreementRules{agreementOf(9, vend, shareCustomers, grantCustomers,
		shareTerm("Contact", schema.ShareChildren), shareTerm("Document", schema.ShareChildren),
		shareTerm("DocumentVersion", schema.ShareChildren), shareTerm("Interaction", schema.ShareAll),
	), agreementOf(8, third, shareTerm("Product", schema.ShareAll))}})
	var b strings.Builder
	for _, who := range append(everybody(), named{"NODE", Node(home)}) {
		for _, k := range []*schema.Kind{
			schema.Customers, schema.Contacts, schema.Documents, schema.DocumentVersions, schema.Interactions,
			schema.Products, schema.DealRegistrations, schema.SalesReportLines, schema.CustomerOverlays,
		} {
			v := s.View(who.p, k, Read, noon)
			fmt.Fprintf(&b, "%s reads %s\n", who.name, v.Class)
			describe(&b, k, v.Paths, "  ")
		}
	}
	golden(t, "views.txt", b.String())
}

func describe(b *strings.Builder, k *schema.Kind, paths []Path, indent string) {
	for _, p := range paths {
		fmt.Fprintf(b, "%s%s %s", indent, p.Type, letters(k, p.Mask))
		if !p.Owner.IsZero() {
			fmt.Fprintf(b, " of %d", p.Owner[15])
		}
		if !p.Agreement.IsZero() {
			fmt.Fprintf(b, " under %d", p.Agreement[15])
		}
		if p.Filter != nil {
			fmt.Fprintf(b, " where %s", p.Filter)
		}
		if p.Named {
			b.WriteString(" named")
		}
		b.WriteString("\n")
		if len(p.Parent) > 0 {
			describe(b, k.Parent.Target(), p.Parent, indent+"    ")
		}
	}
}

func TestViewIsNarrowedByTheReadersOwnRoles(t *testing.T) {
	t.Parallel()
	s := compile(t, Rules{
		Agreements: []AgreementRules{agreementOf(9, vend, grantCustomers, shareTerm("SalesReport", schema.ShareAll))},
		Overrides:  "p, role:FINANCE, " + home.String() + ", SalesReport, read, firm, *, deny",
	})
	commercial := schema.Customers.FieldsOf(schema.Commercial)
	for _, test := range []struct {
		name   string
		p      Principal
		kind   *schema.Kind
		action Action
		want   schema.Mask // of the path of the agreement; 0 for no path
	}{
		{"sales sees revenues", person(schema.Sales), schema.Customers, Read, schema.Customers.FieldsOf(schema.Basic, schema.Commercial)},
		{"support does not", person(schema.Support), schema.Customers, Read, schema.Customers.FieldsOf(schema.Basic)},
		{"the firm's node does", Node(home), schema.Customers, Read, schema.Customers.FieldsOf(schema.Basic) | commercial},
		{"a denied role sees nothing", person(schema.Finance), schema.SalesReports, Read, 0},
		{"an action that the terms lack", person(schema.Sales), schema.Customers, Edit, 0},
		{"a token for another kind", tokenOf(schema.Sales, Scope{"Product", every}), schema.Customers, Read, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got schema.Mask
			for _, p := range s.View(test.p, test.kind, test.action, noon).Paths {
				if p.Type == Grant || p.Type == Agreement {
					got |= p.Mask
				}
			}
			if got != test.want {
				t.Errorf("View(%s, %s) shows %x, want %x", test.kind, test.action, uint64(got), uint64(test.want))
			}
		})
	}
}

// To change what belongs to a record one must see that record, and need not be
// allowed to change it.
func TestAParentNeedsOnlyBeRead(t *testing.T) {
	t.Parallel()
	s := compile(t, Rules{Agreements: []AgreementRules{agreementOf(9, vend,
		shareTerm("Customer", schema.ShareAll), shareTerm("Contact", schema.ShareChildren, "edit"), shareTerm("Goal", schema.ShareChildren))}})
	for kind, want := range map[*schema.Kind]int{schema.Contacts: 1, schema.Customers: 0, schema.Goals: 0} {
		if got := s.View(Node(home), kind, Edit, noon).Paths; len(got) != want {
			t.Errorf("to edit a %s there are %d paths, want %d", kind, len(got), want)
		}
	}
	orphan := compile(t, Rules{Agreements: []AgreementRules{agreementOf(9, vend, shareTerm("Contact", schema.ShareChildren))}})
	if got := orphan.View(Node(home), schema.Contacts, Read, noon).Paths; len(got) != 0 {
		t.Errorf("what belongs to records that are not open has the paths %+v", got)
	}
}

func TestViewUntil(t *testing.T) {
	t.Parallel()
	with := func(n byte, from, until time.Time) AgreementRules {
		a := agreementOf(n, vend, shareTerm("Customer", schema.ShareAll))
		a.From, a.Until = from, until
		return a
	}
	hour := time.Hour
	for _, test := range []struct {
		name        string
		from, until time.Time
		open        bool
		turns       time.Time
	}{
		{"without limits", time.Time{}, time.Time{}, true, time.Time{}},
		{"begins later", noon.Add(hour), time.Time{}, false, noon.Add(hour)},
		{"begins now", noon, time.Time{}, true, time.Time{}},
		{"ends later", noon.Add(-hour), noon.Add(hour), true, noon.Add(hour)},
		{"ends now", noon.Add(-hour), noon, false, time.Time{}},
		{"is over", noon.Add(-2 * hour), noon.Add(-hour), false, time.Time{}},
		{"begins and ends later", noon.Add(hour), noon.Add(2 * hour), false, noon.Add(hour)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := compile(t, Rules{Agreements: []AgreementRules{with(9, test.from, test.until)}}).
				View(Node(home), schema.Customers, Read, noon)
			if open := len(v.Paths) == 1; open != test.open || !v.Until.Equal(test.turns) {
				t.Errorf("got open %v until %v, want %v until %v", open, v.Until, test.open, test.turns)
			}
		})
	}
	many := compile(t, Rules{Agreements: []AgreementRules{
		with(1, noon.Add(3*hour), time.Time{}), with(2, time.Time{}, noon.Add(2*hour)), with(3, noon.Add(-hour), time.Time{}),
	}})
	if got := many.View(Node(home), schema.Customers, Read, noon).Until; !got.Equal(noon.Add(2 * hour)) {
		t.Errorf("of several Until = %v, want the first, %v", got, noon.Add(2*hour))
	}
}

func TestClassLeavesOutIDsAndLiterals(t *testing.T) {
	t.Parallel()
	class := func(agreements ...AgreementRules) string {
		return compile(t, Rules{Agreements: agreements}).View(person(schema.Sales), schema.Customers, Read, noon).Class
	}
	filter := func(country string) schema.SharingTerm {
		term := shareTerm("Customer", schema.ShareFilter)
		term.Filter = []byte(`{"field":"country","op":"in","value":[` + country + `]}`)
		return term
	}
	all := shareTerm("Customer", schema.ShareAll)
	base := class(agreementOf(9, vend, filter(`"PT"`)), agreementOf(8, third, all))
	for name, same := range map[string]string{
		"other literals":        class(agreementOf(9, vend, filter(`"ES","FR"`)), agreementOf(8, third, all)),
		"other ids":             class(agreementOf(7, firm(40), filter(`"PT"`)), agreementOf(6, firm(41), all)),
		"owners the other way":  class(agreementOf(9, third, filter(`"PT"`)), agreementOf(8, vend, all)),
		"loaded the other way":  class(agreementOf(8, third, all), agreementOf(9, vend, filter(`"PT"`))),
		"a term on another one": class(agreementOf(9, vend, shareTerm("Product", schema.ShareAll), filter(`"PT"`)), agreementOf(8, third, all)),
	} {
		if diff := cmp.Diff(base, same); diff != "" {
			t.Errorf("%s: the class differs (-base +got):\n%s", name, diff)
		}
	}
	wide := all
	wide.Classes = []schema.Class{schema.Personal}
	for name, other := range map[string]string{
		"more fields":   class(agreementOf(9, vend, filter(`"PT"`)), agreementOf(8, third, wide)),
		"one owner":     class(agreementOf(9, vend, filter(`"PT"`)), agreementOf(8, vend, all)),
		"one agreement": class(agreementOf(9, vend, filter(`"PT"`))),
		"another level": class(agreementOf(9, vend, filter(`"PT"`)), agreementOf(8, third, shareTerm("Customer", schema.ShareGranted))),
	} {
		if base == other {
			t.Errorf("%s: the class is the same, %s", name, base)
		}
	}
}

// Views of one class take the same parameters in the same order.
func TestPathsStandInTheOrderOfTheClass(t *testing.T) {
	t.Parallel()
	a := compile(t, Rules{Agreements: []AgreementRules{agreementOf(9, vend, shareCustomers), agreementOf(8, third, grantCustomers)}})
	b := compile(t, Rules{Agreements: []AgreementRules{agreementOf(8, vend, grantCustomers), agreementOf(9, third, shareCustomers)}})
	va, vb := a.View(Node(home), schema.Customers, Read, noon), b.View(Node(home), schema.Customers, Read, noon)
	if va.Class != vb.Class || len(va.Paths) != len(vb.Paths) {
		t.Fatalf("classes differ: %s and %s", va.Class, vb.Class)
	}
	for i := range va.Paths {
		if va.Paths[i].Type != vb.Paths[i].Type || va.Paths[i].Mask != vb.Paths[i].Mask {
			t.Errorf("path %d is %v here and %v there", i, va.Paths[i].Type, vb.Paths[i].Type)
		}
	}
}

// A chain of parents must end, or the paths to it would not.
func TestParentsEnd(t *testing.T) {
	t.Parallel()
	for _, k := range schema.Kinds() {
		steps := 0
		for up := k; up.Parent != nil; up = up.Parent.Target() {
			if steps++; steps > len(schema.Kinds()) {
				t.Fatalf("the parents of %s go round in a circle", k)
			}
		}
	}
}

func BenchmarkView(b *testing.B) {
	r := Rules{Firm: home}
	for i := range byte(50) {
		r.Agreements = append(r.Agreements, agreementOf(100+i, firm(100+i%20), shareCustomers))
	}
	s := compile(b, r)
	b.ReportAllocs()
	for b.Loop() {
		s.View(person(schema.Sales), schema.Customers, Read, noon)
	}
}
