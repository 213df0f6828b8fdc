package gateway

import (
	"context"
	"strconv"
	"time"

	"fondaco/gateway/encode"
	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// why compiles the reasons for which somebody may do something.
func (q *query) why(ctx context.Context, args map[string]any, g operation.Group) (func(*rowWriter), error) {
	k, id, err := sdl.ParseGlobalID(args["recordId"].(string))
	if err != nil {
		return nil, refuse("recordId: %v", err)
	}
	var field *schema.Field
	if name, ok := args["field"].(string); ok {
		if field = k.FieldNamed(name); field == nil {
			return nil, refuse("field: there is no field %q of a %s", name, k)
		}
	}
	node, _ := args["node"].(bool)
	var x *partners.PastExplanation
	record, action := partners.Record{Kind: k, ID: id}, sdl.ActionOf(args["action"].(string))
	if then, past := args["at"].(time.Time); past {
		x, err = q.whyThen(ctx, then, record, field, action, args["as"], node)
	} else {
		x, err = q.whyNow(ctx, record, field, action, args["as"], node)
	}
	if err != nil {
		return nil, err
	}
	s, err := q.explanation(k, x, g)
	return func(w *rowWriter) { s.write(w, x) }, err
}

func (q *query) whyNow(ctx context.Context, r partners.Record, f *schema.Field, a policy.Action, as any, node bool) (*partners.PastExplanation, error) {
	who, err := q.subject(ctx, as, node)
	if err != nil {
		return nil, err
	}
	x, err := q.gateway.partners.Why(ctx, r, f, a, who)
	if err != nil {
		return nil, err
	}
	return &partners.PastExplanation{Explanation: *x}, nil
}

// subject finds whose reasons are asked for; nil for those of who asks.
func (q *query) subject(ctx context.Context, arg any, node bool) (*policy.Principal, error) {
	text, given := arg.(string)
	if !given {
		if node {
			return nil, refuse("node goes with as: name the firm to whose node something may be sent")
		}
		return nil, nil
	}
	// Asked first, so that who may not ask does not learn who is there.
	may, err := q.gateway.partners.May(ctx, schema.Firms, policy.Administer)
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, &schema.Error{Code: schema.CodeDenied, Field: "as", Message: "looking at what somebody else may do is for administrators of your firm"}
	}
	return q.gateway.subjectOf(ctx, text, node)
}

// subjectOf finds a person of the principal's own firm, or another firm, by
// a global id.
func (g *Gateway) subjectOf(ctx context.Context, text string, node bool) (*policy.Principal, error) {
	own, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	k, id, err := sdl.ParseGlobalID(text)
	if err != nil {
		return nil, refuse("as: %v", err)
	}
	switch {
	case k == schema.Users && !node:
		p, err := g.partners.Principal(ctx, id)
		if code := schema.Code(err); err != nil && code != schema.CodeNotFound && code != schema.CodeDenied {
			return nil, err
		}
		if err != nil || p.Firm != own.Firm {
			return nil, &schema.Error{Code: schema.CodeNotFound, Field: "as",
				Message: "there is no such person in your firm who can sign in; of another firm, ask for the firm as such"}
		}
		return &p, nil
	case k == schema.Firms && schema.FirmID(id) != own.Firm:
		as := policy.System(schema.FirmID(id))
		if node {
			as = policy.Node(schema.FirmID(id))
		}
		return &as, nil
	}
	return nil, refuse("as: want the id of a person of your firm, or of another firm")
}

func (q *query) explanation(k *schema.Kind, x *partners.PastExplanation, g operation.Group) (shape[*partners.PastExplanation], error) {
	reasons := func(part operation.Group) (shape[*policy.Reason], error) {
		return shapeOf(q, "AccessReason", part.Sets, func(inner operation.Group) (func(*rowWriter, *policy.Reason), error) {
			return q.reason(k, x, inner)
		})
	}
	return shapeOf(q, "AccessExplanation", g.Sets, func(part operation.Group) (func(*rowWriter, *partners.PastExplanation), error) {
		switch part.Field.Name {
		case "allowed":
			return func(w *rowWriter, x *partners.PastExplanation) { w.bool(x.Allowed) }, nil
		case "fields":
			return func(w *rowWriter, x *partners.PastExplanation) { w.names(shownNames(k, x.Mask)) }, nil
		case "gaps":
			return func(w *rowWriter, x *partners.PastExplanation) { w.names(x.Gaps) }, nil
		case "uncertain":
			return func(w *rowWriter, x *partners.PastExplanation) { w.bool(x.Uncertain) }, nil
		case "nearest":
			s, err := reasons(part)
			return func(w *rowWriter, x *partners.PastExplanation) {
				if r, ok := x.WhyNot(); ok {
					s.write(w, &r)
				} else {
					w.null()
				}
			}, err
		default:
			s, err := reasons(part)
			return func(w *rowWriter, x *partners.PastExplanation) {
				list := make([]*policy.Reason, len(x.Reasons))
				for i := range x.Reasons {
					list[i] = &x.Reasons[i]
				}
				s.list(w, list)
			}, err
		}
	})
}

func (q *query) reason(k *schema.Kind, x *partners.PastExplanation, part operation.Group) (func(*rowWriter, *policy.Reason), error) {
	switch part.Field.Name {
	case "agreement":
		s, err := q.basis(x, part)
		return func(w *rowWriter, r *policy.Reason) {
			if r.Agreement == nil {
				w.null()
				return
			}
			s.write(w, r.Agreement)
		}, err
	case "clauses", "missing":
		s, err := shapeOf(q, "AccessClause", part.Sets, clause)
		if part.Field.Name == "missing" {
			return func(w *rowWriter, r *policy.Reason) { s.list(w, r.Missing()) }, err
		}
		return func(w *rowWriter, r *policy.Reason) { s.list(w, r.Clauses) }, err
	case "fields":
		return func(w *rowWriter, r *policy.Reason) { w.names(shownNames(k, r.Mask)) }, nil
	case "holds":
		return func(w *rowWriter, r *policy.Reason) { w.bool(r.Holds) }, nil
	case "path":
		return func(w *rowWriter, r *policy.Reason) { w.text(sdl.AccessEnum(r.Path)) }, nil
	default:
		return func(w *rowWriter, r *policy.Reason) { w.names(r.Rules) }, nil
	}
}

func clause(part operation.Group) (func(*rowWriter, policy.Clause), error) {
	switch part.Field.Name {
	case "code":
		return func(w *rowWriter, c policy.Clause) { w.text(c.Code) }, nil
	case "text":
		return func(w *rowWriter, c policy.Clause) { w.text(c.Text) }, nil
	default:
		return func(w *rowWriter, c policy.Clause) { w.bool(c.Holds) }, nil
	}
}

// basis compiles the agreements of all reasons together.
func (q *query) basis(x *partners.PastExplanation, g operation.Group) (shape[*policy.Basis], error) {
	var grantors, agreements []schema.ID
	for _, r := range x.Reasons {
		if r.Agreement != nil {
			grantors, agreements = append(grantors, r.Agreement.Grantor.ID()), append(agreements, r.Agreement.ID)
		}
	}
	return shapeOf(q, "AccessBasis", g.Sets, func(part operation.Group) (func(*rowWriter, *policy.Basis), error) {
		switch part.Field.Name {
		case "from":
			return func(w *rowWriter, b *policy.Basis) { w.instant(b.From) }, nil
		case "until":
			return func(w *rowWriter, b *policy.Basis) { w.instant(b.Until) }, nil
		case "grantor":
			firm, err := q.linked(schema.Firms, grantors, part.Sets)
			return func(w *rowWriter, b *policy.Basis) { firm(w, b.Grantor.ID()) }, err
		case "grantorId":
			return func(w *rowWriter, b *policy.Basis) { w.id(schema.Firms, b.Grantor.ID()) }, nil
		case "id":
			return func(w *rowWriter, b *policy.Basis) { w.id(schema.SharingAgreements, b.ID) }, nil
		case "sharingAgreement":
			agreement, err := q.linked(schema.SharingAgreements, agreements, part.Sets)
			return func(w *rowWriter, b *policy.Basis) { agreement(w, b.ID) }, err
		case "name":
			return func(w *rowWriter, b *policy.Basis) { w.textOrNull(b.Name) }, nil
		case "purpose":
			return func(w *rowWriter, b *policy.Basis) { w.textOrNull(b.Purpose) }, nil
		case "standing":
			return func(w *rowWriter, b *policy.Basis) { w.text(string(b.Standing)) }, nil
		case "term":
			return func(w *rowWriter, b *policy.Basis) { w.numberOrNull(int64(b.Term)) }, nil
		default:
			return func(w *rowWriter, b *policy.Basis) { w.numberOrNull(b.Version) }, nil
		}
	})
}

func (w *rowWriter) textOrNull(s string) {
	if s == "" {
		w.null()
		return
	}
	w.text(s)
}

func (w *rowWriter) number(n int64) { w.b = strconv.AppendInt(w.b, n, 10) }

func (w *rowWriter) numberOrNull(n int64) {
	if n == 0 {
		w.null()
		return
	}
	w.number(n)
}

func (w *rowWriter) instant(t time.Time) {
	if t.IsZero() {
		w.null()
		return
	}
	w.b = encode.Time(w.b, t)
}
