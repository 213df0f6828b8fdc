package authzen

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// evaluate answers one question.
func (h *Handler) evaluate(ctx context.Context, t *tuple) (any, error) {
	if err := h.spend(ctx, 1); err != nil {
		return nil, err
	}
	d, err := h.decide(ctx, *t)
	if f, ok := errors.AsType[*failure](err); ok && f.Status == http.StatusNotFound {
		return unanswered(f), nil // nobody may do nothing
	}
	return d, err
}

// decide answers a question, with an error where it cannot be answered.
func (h *Handler) decide(ctx context.Context, t tuple) (decision, error) {
	var q question
	if err := errors.Join(subject(ctx, t.Subject, &q), act(t.Action, &q), resource(t.Resource, &q)); err != nil {
		return decision{}, first(err)
	}
	if err := h.resolve(ctx, &q); err != nil {
		return decision{}, err
	}
	x, err := h.why(ctx, &q, q.record.ID, q.action)
	if err != nil {
		return decision{}, err
	}
	d := decision{Decision: x.Allowed}
	if nearest, ok := x.WhyNot(); ok {
		d.Context = &remark{ReasonAdmin: map[string]string{"en": missing(nearest)}}
	}
	return d, nil
}

// first gives the first of several errors.
func first(err error) error {
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		return list.Unwrap()[0]
	}
	return err
}

// why asks for one record and action.
func (h *Handler) why(ctx context.Context, q *question, id schema.ID, a policy.Action) (*policy.Explanation, error) {
	x, err := h.Partners.Why(ctx, partners.Record{Kind: q.resource, ID: id}, q.field, a, q.as)
	if schema.Code(err) == schema.CodeDenied {
		return nil, errOthers
	}
	return x, err
}

func missing(r policy.Reason) string {
	var list []string
	for _, c := range r.Missing() {
		list = append(list, c.Text)
	}
	return "missing: " + strings.Join(list, "; ")
}

// unanswered is the decision where there is none.
func unanswered(f *failure) decision { return decision{Context: &remark{Error: f}} }

// The semantics of several evaluations.
const (
	executeAll          = "execute_all"
	denyOnFirstDeny     = "deny_on_first_deny"
	permitOnFirstPermit = "permit_on_first_permit"
)

// evaluateAll answers several questions in their order. One that cannot be
// answered is denied, with the reason, and leaves the others alone.
func (h *Handler) evaluateAll(ctx context.Context, all *evaluations) (any, error) {
	if len(all.Evaluations) == 0 {
		return h.evaluate(ctx, &all.tuple)
	}
	if len(all.Evaluations) > maxEvaluations {
		return nil, bad("evaluations: there are %d; at most %d are answered at once", len(all.Evaluations), maxEvaluations)
	}
	semantic := all.Options.Semantic
	switch semantic {
	case "", executeAll, denyOnFirstDeny, permitOnFirstPermit:
	default:
		return nil, bad("options: there is no evaluations_semantic %q; write %s, %s or %s", semantic, executeAll, denyOnFirstDeny, permitOnFirstPermit)
	}
	if err := h.spend(ctx, len(all.Evaluations)); err != nil {
		return nil, err
	}
	list := []decision{}
	for _, t := range all.Evaluations {
		d, err := h.decide(ctx, t.or(all.tuple))
		if f, ok := errors.AsType[*failure](err); ok {
			d = unanswered(f)
		} else if err != nil {
			return nil, err
		}
		list = append(list, d)
		if semantic == denyOnFirstDeny && !d.Decision || semantic == permitOnFirstPermit && d.Decision {
			break
		}
	}
	return map[string]any{"evaluations": list}, nil
}
