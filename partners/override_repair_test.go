package partners_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// TestOwnRulesAfterAnUpgrade: rules of a firm that this version cannot take do
// not lock the firm out. What they deny stays denied, what they allow is not
// given, an administrator sees which lines are refused and sets them anew.
func TestOwnRulesAfterAnUpgrade(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	n := partnerstest.Open(t, func(o *partners.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	maker := n.Firm("Wisła Pompy", "PL")
	seller, marketer := n.Person(maker.Firm, "Seller", schema.Sales), n.Person(maker.Firm, "Marketer", schema.Marketing)
	n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	firm := maker.Firm.String()
	old := strings.Join([]string{
		"p, role:SALES, " + firm + ", Customer, read, firm, personal, deny",
		"p, role:MARKETING, " + firm + ", Customer, delete, firm, *, allow",
		"p, role:SALES, " + firm + ", Customer|Zeppelin, export, firm, *, deny",
	}, "\n")
	// The version before has stored them.
	if _, err := owner(t, n).Exec(t.Context(), "INSERT INTO policy_overrides VALUES ($1, $2)", maker.Firm, old); err != nil {
		t.Fatal(err)
	}
	n.Honest(maker.Firm) // as after a restart, nothing is remembered

	for range 3 {
		pages, err := n.Read(policy.With(t.Context(), seller), &partners.Plan{Kind: schema.Customers, First: 1, Fields: []*schema.Field{schema.Customers.FieldNamed("phone")}})
		if err != nil || len(pages[0].Rows) != 1 || pages[0].Rows[0].Cells[0] != nil {
			t.Fatalf("a seller reads %v, %v; want the customer without its telephone number", pages, err)
		}
		n.Honest(maker.Firm)
	}
	for _, test := range []struct {
		by     policy.Principal
		action policy.Action
	}{{seller, policy.Export}, {marketer, policy.Delete}} {
		if may, err := n.May(policy.With(t.Context(), test.by), schema.Customers, test.action); err != nil || may {
			t.Errorf("%v may %s customers: %t, %v", test.by.Roles, test.action, may, err)
		}
	}
	if times := strings.Count(log.String(), "level=WARN"); times != 1 || !strings.Contains(log.String(), "Zeppelin") {
		t.Errorf("the log says it %d times, want once:\n%s", times, &log)
	}
	refused, err := n.OverrideRefusals(policy.With(t.Context(), maker))
	if err != nil {
		t.Fatal(err)
	}
	var lines []int
	for _, r := range refused {
		lines = append(lines, r.Line)
	}
	if fmt.Sprint(lines) != "[2 3]" || !strings.Contains(refused[1].InForce, "Customer, export") {
		t.Errorf("refusals %v, want lines 2 and 3, and the export of customers denied", refused)
	}
	if _, err := n.OverrideRefusals(policy.With(t.Context(), seller)); schema.Code(err) != schema.CodeDenied {
		t.Errorf("a seller asks for them: %v, want denied", err)
	}
	if err := n.SetOverrides(policy.With(t.Context(), maker), strings.Replace(old, "|Zeppelin", "", 1)); err != nil {
		t.Fatal(err)
	}
	if refused, err = n.OverrideRefusals(policy.With(t.Context(), maker)); err != nil || len(refused) > 0 {
		t.Errorf("after the rules were mended, refusals %v, %v", refused, err)
	}
	if may, err := n.May(policy.With(t.Context(), marketer), schema.Customers, policy.Delete); err != nil || !may {
		t.Errorf("what the mended rules allow is given: %t, %v", may, err)
	}
}
