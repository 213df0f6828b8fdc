package partners_test

import (
	"strings"
	"sync"
	"testing"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// TestOwnRulesAreActivated: a firm's own rules bind the next read of every
// process, rules that are wrong or break an invariant leave the last good ones
// in force, and who changed them from what to what is in the sealed ledger.
func TestOwnRulesAreActivated(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	seller, auditor := n.Person(maker.Firm, "Seller", schema.Sales), n.Person(maker.Firm, "Auditor", schema.Auditor)
	n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	other := second(t, n)
	phone := func() bool {
		t.Helper()
		pages, err := other.Read(policy.With(t.Context(), seller),
			&partners.Plan{Kind: schema.Customers, First: 1, Fields: []*schema.Field{schema.Customers.FieldNamed("phone")}})
		if err != nil || len(pages[0].Rows) != 1 {
			t.Fatalf("read by another process: %v", err)
		}
		return pages[0].Rows[0].Cells[0] != nil
	}
	line := "p, role:SALES, " + maker.Firm.String() + ", Customer, read, firm, personal, deny\n"
	set := func(by policy.Principal, text string) error {
		return n.SetOverrides(policy.With(t.Context(), by), text)
	}

	if !phone() {
		t.Fatal("the telephone number is hidden before")
	}
	if err := set(maker, line); err != nil {
		t.Fatal(err)
	}
	if phone() {
		t.Error("the read that another process began after the commit still shows the telephone number")
	}
	from, err := n.Position(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, refused := range map[string]struct {
		by   policy.Principal
		text string
		code schema.ErrorCode
	}{
		"a role that does not exist":    {maker, strings.Replace(line, "SALES", "SALE", 1), schema.CodeInvalid},
		"the domain of another firm":    {maker, strings.Replace(line, maker.Firm.String(), schema.NewID().String(), 1), schema.CodeInvalid},
		"nobody could administer":       {maker, "p, role:ADMINISTRATOR, " + maker.Firm.String() + ", Firm, administer, firm, *, deny\n", schema.CodeInvalid},
		"an auditor who changes":        {maker, "p, role:AUDITOR, " + maker.Firm.String() + ", Customer, edit, own, *, allow\n", schema.CodeInvalid},
		"by somebody who may not":       {seller, "", schema.CodeDenied},
		"by an auditor":                 {auditor, "", schema.CodeDenied},
		"by the firm's node":            {policy.Node(maker.Firm), "", schema.CodeDenied},
		"by a token without the action": {token(maker, policy.Scope{Kind: "*", Action: policy.Edit}), "", schema.CodeDenied},
	} {
		if err := set(refused.by, refused.text); schema.Code(err) != refused.code {
			t.Errorf("%s: %v, want %s", name, err, refused.code)
		}
	}
	if err := set(maker, line); err != nil { // the same again
		t.Errorf("the same again: %v", err)
	}
	if changes, _, err := n.Tail(t.Context(), from, 10); err != nil || len(changes) != 0 {
		t.Errorf("refused rules and the same ones again left %d lines in the ledger (%v), want none", len(changes), err)
	}
	if phone() {
		t.Error("the last good rules are not in force any more")
	}
	for _, by := range []policy.Principal{maker, auditor} {
		if got, err := n.Overrides(policy.With(t.Context(), by)); got != line || err != nil {
			t.Errorf("rules as %v reads them: %q, %v; want %q", by.Roles, got, err, line)
		}
	}
	if _, err := n.Overrides(policy.With(t.Context(), seller)); schema.Code(err) != schema.CodeDenied {
		t.Errorf("rules as a seller reads them: %v, want denied", err)
	}
	if err := set(maker, ""); err != nil || !phone() {
		t.Errorf("the rules are taken back (%v), and the telephone number is still hidden", err)
	}
	checkOverridesTrace(t, n, maker, line)
}

func token(p policy.Principal, scopes ...policy.Scope) policy.Principal {
	p.Actor, p.Scopes = policy.ActorToken, scopes
	return p
}

// checkOverridesTrace wants two lines in the ledger, with values and a seal.
func checkOverridesTrace(t *testing.T, n *partnerstest.Node, by policy.Principal, line string) {
	t.Helper()
	const statement = `
		SELECT string_agg(coalesce(v.before #>> '{}', '-') || '>' || (v.after #>> '{}') || ' by ' || c.actor, '|' ORDER BY c.seq)
		FROM changes c JOIN change_values v ON v.seq = c.seq
		WHERE c.kind = 'Firm' AND v.field = $1 AND c.fields = 1::bigint << $1 AND c.op = 'UPDATE'`
	var got string
	if err := owner(t, n).QueryRow(t.Context(), statement, partners.OverridesBit).Scan(&got); err != nil {
		t.Fatal(err)
	}
	who := " by " + by.User.String()
	if want := ">" + line + who + "|" + line + ">" + who; got != want {
		t.Errorf("the ledger says %q, want %q", got, want)
	}
	if _, err := n.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	report, err := n.VerifyAudit(policy.With(t.Context(), by), nil)
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("the audit finds %v, %v", report, err)
	}
}

// TestOwnRulesOneAfterTheOther: of administrators who set rules at once each
// is followed by the next, and the ledger's chain of before and after has no
// gap.
func TestOwnRulesOneAfterTheOther(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	var all sync.WaitGroup
	for _, kind := range []string{"Customer", "Contact", "Task"} {
		all.Go(func() {
			text := "p, role:SALES, " + maker.Firm.String() + ", " + kind + ", delete, firm, *, deny\n"
			if err := n.SetOverrides(policy.With(t.Context(), maker), text); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	const gaps = `
		SELECT count(*), count(*) FILTER (WHERE x.before <> x.was)
		FROM (SELECT v.before, lag(v.after, 1, '""'::jsonb) OVER (ORDER BY v.seq) AS was FROM change_values v WHERE v.field = $1) x`
	var lines, broken int
	if err := owner(t, n).QueryRow(t.Context(), gaps, partners.OverridesBit).Scan(&lines, &broken); err != nil {
		t.Fatal(err)
	}
	if lines != 3 || broken != 0 {
		t.Errorf("%d lines, of which %d do not follow from the one before; want 3 and none", lines, broken)
	}
}
