package partners_test

import (
	"testing"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// TestRuleForOnesOwnRecords: a firm's rule that lets sellers see and edit the
// records that they keep alone holds for lists and for writes, and a team's
// members are known.
func TestRuleForOnesOwnRecords(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	one, two := n.Person(maker.Firm, "One", schema.Sales), n.Person(maker.Firm, "Two", schema.Sales)
	team := n.Create(maker, schema.Teams, partners.Values{"name": "Field"})
	for _, p := range []policy.Principal{one, two} {
		n.Create(maker, schema.Memberships, partners.Values{"member": p.User.ID(), "team": team})
	}
	mine := n.Create(one, schema.Customers, customer("Mine", "PL"))
	theirs := n.Create(two, schema.Customers, customer("Theirs", "PL"))
	lines := "p, role:SALES, " + maker.Firm.String() + ", Customer, edit, beyond:own, *, deny\n"
	if err := n.SetOverrides(policy.With(t.Context(), maker), lines); err != nil {
		t.Fatal(err)
	}
	as, err := n.Principal(t.Context(), one.User.ID())
	if err != nil {
		t.Fatal(err)
	}
	if len(as.TeamMembers) != 2 {
		t.Errorf("the principal knows %d members of its team, want 2", len(as.TeamMembers))
	}
	edit := func(id schema.ID) error {
		_, err := n.Write(policy.With(t.Context(), as), []partners.Command{
			{Verb: partners.Update, Kind: schema.Customers, ID: id, Values: partners.Values{"phone": "1"}},
		})
		return err
	}
	if err := edit(mine); err != nil {
		t.Errorf("edit of the own record: %v", err)
	}
	if err := edit(theirs); schema.Code(err) != schema.CodeDenied {
		t.Errorf("edit of a colleague's record: %v, want denied", err)
	}
}
