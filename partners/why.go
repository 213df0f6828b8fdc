package partners

import (
	"context"
	"slices"

	"fondaco/policy"
	"fondaco/schema"
)

// Why tells by which reasons somebody may do something with a record, or with
// a field of it; as nil asks for the principal of the context. An
// administrator may ask for any person of its firm, and, about its firm's own
// records, for another firm: policy.Node is what may be sent to that firm's
// node, policy.System what somebody or other at that firm may see.
//
// An administrator of the firm that owns the record gets all reasons, those
// too that do not hold, with what is missing. Everybody else gets those that
// hold: of a record that is out of reach nothing, as of one that does not
// exist. What agreements say in detail is told to those alone who may read
// them, and the firm's rules to its administrators and auditors.
func (s *Service) Why(ctx context.Context, record Record, field *schema.Field, action policy.Action, as *policy.Principal) (*policy.Explanation, error) {
	if field != nil && field.Kind != record.Kind {
		return nil, invalid("field", "there is no such field of a %s", record.Kind)
	}
	found := &policy.Explanation{}
	err := s.inquire(ctx, Command{Verb: askedWhy, Kind: record.Kind, ID: record.ID}, func(q *inquiry) error {
		who, err := q.asked(ctx, as)
		if err != nil {
			return err
		}
		e, err := q.row(ctx, record)
		if err != nil || e == nil {
			return err
		}
		own := e.Header().Owner == q.principal.Firm
		if !who.lens.owner.IsZero() && !own {
			return nil
		}
		*found = who.explain(policy.Question{Record: e, Field: field, Action: action, Now: q.now, Parents: q.parents(ctx), Granted: q.granted(ctx)})
		if !own || !q.administers() {
			q.withhold(found)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// asked finds whose reasons are asked for, and whether they may be.
func (q *inquiry) asked(ctx context.Context, as *policy.Principal) (*subject, error) {
	switch {
	case as == nil:
		return q.member(q.principal), nil
	case !q.administers():
		return nil, denied(schema.Firms, "may not be looked at as somebody else by your roles; ask an administrator of your firm")
	case as.Firm == q.principal.Firm:
		return q.member(*as), nil
	case as.Actor != policy.ActorNode && as.Actor != policy.ActorSystem:
		return nil, reasonsAreTheirs()
	}
	return q.firm(ctx, *as)
}

// reasonsAreTheirs refuses the reasons why a person of another firm sees
// something: they are its roles, its teams and its firm's own rules.
func reasonsAreTheirs() error {
	return invalid("as", "why single people of another firm see something is for that firm to ask; ask what they see, or ask for the firm as such")
}

// explain gives all reasons, but those that third firms opened.
func (s *subject) explain(question policy.Question) policy.Explanation {
	question.Principal = s.principal
	kind := schema.KindOf(question.Record)
	x := s.rules.Explain(question)
	if s.lens.owner.IsZero() {
		return x
	}
	told := policy.Explanation{}
	for _, r := range x.Reasons {
		if r.Agreement != nil && r.Agreement.Owner != s.lens.owner {
			continue
		}
		passedOn := r.Agreement != nil && r.Agreement.Grantor != s.lens.owner
		if s.apart && !kind.HasAddress && !passedOn {
			r.Clauses = append(r.Clauses, policy.Clause{Code: "partnership", Text: "the partnership of the two firms is active"})
			r.Holds, r.Mask = false, 0
		}
		r.Mask &= kind.Every()
		told.Allowed, told.Mask = told.Allowed || r.Holds, told.Mask|r.Mask
		told.Reasons = append(told.Reasons, r)
	}
	return told
}

// withhold leaves the reasons that hold, and of these what the asking person
// may know.
func (q *inquiry) withhold(x *policy.Explanation) {
	terms := schema.SharingAgreements.FieldNamed("terms")
	mayRead := q.rules.Decide(q.principal, schema.SharingAgreements, policy.Read).Within[policy.FirmRows]
	var told []policy.Reason
	for _, r := range x.Why() {
		switch {
		case r.Agreement != nil && !mayRead.Has(terms.Bit):
			r = outline(r, x.Mask)
			if slices.ContainsFunc(told, func(o policy.Reason) bool { return o.Agreement != nil && o.Agreement.Grantor == r.Agreement.Grantor }) {
				continue // how many agreements there are is in them
			}
		case !q.audits():
			r.Rules = nil
		}
		told = append(told, r)
	}
	x.Reasons = told
}

// outline tells that agreements open a record, and none of what they say.
func outline(r policy.Reason, mask schema.Mask) policy.Reason {
	return policy.Reason{
		Path: policy.Agreement.String(), Agreement: &policy.Basis{Grantor: r.Agreement.Grantor, Standing: r.Agreement.Standing},
		Clauses: []policy.Clause{{Code: "agreement", Text: "the firm that owns the record, or the one to which it belongs, shares it with yours", Holds: true}},
		Holds:   true, Mask: mask,
	}
}
