package partners_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// TestPersonalSight: a rule for the records of some people makes what is seen
// of that kind personal, for the role of which it speaks.
func TestPersonalSight(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	seller := n.Person(maker.Firm, "Seller", schema.Sales)
	lines := "p, role:SALES, " + maker.Firm.String() + ", Customer, read, beyond:own, *, deny\n"
	if err := n.SetOverrides(policy.With(t.Context(), maker), lines); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		by    policy.Principal
		kinds []*schema.Kind
		want  bool
	}{
		{seller, []*schema.Kind{schema.Customers}, true}, {seller, []*schema.Kind{schema.Contacts, schema.Customers}, true}, {seller, nil, true},
		{seller, []*schema.Kind{schema.Contacts}, false}, {maker, nil, false}, {policy.Node(maker.Firm), nil, false},
	} {
		if got, err := n.Personal(policy.With(t.Context(), test.by), test.kinds...); err != nil || got != test.want {
			t.Errorf("Personal(%v) by %v = %t, %v, want %t", test.kinds, test.by.Roles, got, err, test.want)
		}
	}
}

// TestHooksOfOwnRules: a hook sees the rules as they stand, runs for the same
// text too, and what it refuses is not set.
func TestHooksOfOwnRules(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	ctx := policy.With(t.Context(), maker)
	first := "p, role:SALES, " + maker.Firm.String() + ", Customer, export, firm, *, deny\n"
	refused := errors.New("refused")
	var seen []string
	note := func(_ context.Context, _ pgx.Tx, before string) error {
		seen = append(seen, before)
		return nil
	}
	refuse := func(context.Context, pgx.Tx, string) error { return refused }
	if err := n.SetOverrides(ctx, first, note); err != nil {
		t.Fatal(err)
	}
	if err := n.SetOverrides(ctx, first, note); err != nil {
		t.Fatal(err)
	}
	if err := n.SetOverrides(ctx, "", note, refuse); !errors.Is(err, refused) {
		t.Errorf("a hook refuses: %v, want its own error", err)
	}
	if text, err := n.Overrides(ctx); err != nil || text != first {
		t.Errorf("rules %q, %v; want the first ones still", text, err)
	}
	if len(seen) != 3 || seen[0] != "" || seen[1] != first || seen[2] != first {
		t.Errorf("the hook saw %q", seen)
	}
}
