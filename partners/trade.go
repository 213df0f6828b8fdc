package partners

import (
	"context"
	"slices"

	"fondaco/policy"
	"fondaco/schema"
)

// A paperRule is what is particular to a kind of trade paper that a firm
// writes and then lets another firm see.
type paperRule struct {
	kind *schema.Kind
	// sends are the steps by which the firm addressed comes to see the paper.
	sends []string
	// decides are the steps that decide on what the other firm asks for.
	decides []string
}

// paperRules lists the kinds. A decision on a claim is its own announcement;
// a price authorisation is granted first, and told when it is activated.
var paperRules = []paperRule{
	{kind: schema.PriceAuthorizations, sends: []string{"activate"}, decides: []string{"approve", "reject", "revoke"}},
	{kind: schema.PriceLists, sends: []string{"publish"}},
	{kind: schema.RebateClaims, sends: []string{"submit"}},
	{
		kind: schema.ClaimResponses, sends: []string{"approve", "approvePartly", "reject"},
		decides: []string{"approve", "approvePartly", "reject"},
	},
}

func paperRuleOf(k *schema.Kind) (paperRule, bool) {
	i := slices.IndexFunc(paperRules, func(r paperRule) bool { return r.kind == k })
	if i < 0 {
		return paperRule{}, false
	}
	return paperRules[i], true
}

// action gives the action of policy that a step needs. Who may decide may
// tell the decision.
func (r paperRule) action(verb string) policy.Action {
	switch {
	case slices.Contains(r.decides, verb):
		return policy.Approve
	case slices.Contains(r.sends, verb):
		return policy.Send
	}
	return policy.Edit
}

// beforePaper notes when a paper is sent. One that came as a file was there
// before, and keeps its time.
func beforePaper(_ context.Context, w *writer, c Command, _, e schema.Entity) error {
	a := schema.AddressOf(e)
	if a.AddressedTo == w.principal.Firm {
		return invalid("addressedTo", "a %s is addressed to another firm; name the firm on the other side", c.Kind)
	}
	if r, _ := paperRuleOf(c.Kind); slices.Contains(r.sends, c.Verb) && a.SentAt.IsZero() {
		a.SentAt = w.now
	}
	return nil
}

// beforePaperLine refuses to change a line of a paper that is frozen, or to
// add one or take one away: what the other firm was told stays as it is.
func beforePaperLine(ctx context.Context, w *writer, c Command, old, e schema.Entity) error {
	if claimed, ok := e.(*schema.RebateClaimLine); ok && claimed.CheckState == "" {
		claimed.CheckState = schema.ClaimLineReceived
	}
	if w.principal.Actor == policy.ActorSystem {
		return nil
	}
	parents := []schema.Entity{e}
	if old != nil {
		parents = append(parents, old) // a line is not moved out of a frozen paper either
	}
	for _, line := range parents {
		if err := w.checkPaperOpen(ctx, c.Kind, line); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) checkPaperOpen(ctx context.Context, k *schema.Kind, line schema.Entity) error {
	id, ok := k.Parent.Value(line).(schema.ID)
	if !ok {
		return nil // the check of required fields tells it
	}
	above := k.Parent.Target()
	// Locked, so that nobody sends the paper meanwhile.
	paper, err := loadRow(ctx, w.tx, above, w.principal.Firm, id, true)
	if err != nil {
		return err
	}
	if paper == nil || !paper.Header().Own() {
		return invalid(k.Parent.Name, "no such %s of your firm", above)
	}
	state, _ := above.FieldNamed(above.Lifecycle.Field).Value(paper).(string)
	if _, bound := above.Lifecycle.Editable[state]; bound {
		return &schema.Error{
			Code: schema.CodeConflict, Field: k.Parent.Name,
			Message: "the " + above.Name + " is " + state + ", and its lines cannot be changed any more; make a new one",
		}
	}
	return nil
}
