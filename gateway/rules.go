package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/policy"
	"fondaco/schema"
)

// ownRules are the rules that a firm has set beside the shipped ones.
type ownRules struct {
	firm schema.FirmID
	text string
}

// version stands for the text. Equal text is the same version, whatever was
// there in between: what a client replaces is then still what it has seen.
func (r ownRules) version() string {
	sum := sha256.Sum256([]byte(r.text))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

func (r ownRules) findings() []policy.Finding {
	return policy.Lint(policy.Rules{Firm: r.firm, Overrides: r.text})
}

// ruleChange is what came of replacing a firm's rules.
type ruleChange struct {
	now        ownRules
	findings   []policy.Finding
	difference *policy.Differences
}

// rulesConflictError tells that the rules were changed meanwhile.
type rulesConflictError struct{ now ownRules }

func (e *rulesConflictError) Error() string { return "the rules were changed since version was read" }

// policyRules compiles the rules of the reader's firm.
func (q *query) policyRules(ctx context.Context, g operation.Group) (func(*rowWriter), error) {
	text, err := q.gateway.partners.Overrides(ctx)
	if err != nil {
		return nil, err
	}
	s, err := q.ownRules(ctx, g)
	return func(w *rowWriter) { s.write(w, ownRules{q.principal.Firm, text}) }, err
}

func (q *query) ownRules(ctx context.Context, g operation.Group) (shape[ownRules], error) {
	return shapeOf(q, "PolicyRules", g.Sets, func(part operation.Group) (func(*rowWriter, ownRules), error) {
		switch part.Field.Name {
		case "findings":
			s, err := q.findings(part)
			return func(w *rowWriter, r ownRules) { s.list(w, r.findings()) }, err
		case "refusals":
			return q.refusals(ctx, part)
		case "text":
			return func(w *rowWriter, r ownRules) { w.text(r.text) }, nil
		default:
			return func(w *rowWriter, r ownRules) { w.text(r.version()) }, nil
		}
	})
}

// refusals compiles those of the rules that are in force.
func (q *query) refusals(ctx context.Context, g operation.Group) (func(*rowWriter, ownRules), error) {
	list, err := q.gateway.partners.OverrideRefusals(ctx)
	if err != nil {
		return nil, err
	}
	s, err := shapeOf(q, "PolicyRefusal", g.Sets, func(part operation.Group) (func(*rowWriter, policy.Refusal), error) {
		switch part.Field.Name {
		case "inForce":
			return func(w *rowWriter, r policy.Refusal) { w.textOrNull(r.InForce) }, nil
		case "line":
			return func(w *rowWriter, r policy.Refusal) { w.number(int64(r.Line)) }, nil
		case "reason":
			return func(w *rowWriter, r policy.Refusal) { w.text(r.Reason) }, nil
		default:
			return func(w *rowWriter, r policy.Refusal) { w.text(r.Text) }, nil
		}
	})
	return func(w *rowWriter, _ ownRules) { s.list(w, list) }, err
}

func (q *query) findings(g operation.Group) (shape[policy.Finding], error) {
	return shapeOf(q, "PolicyFinding", g.Sets, func(part operation.Group) (func(*rowWriter, policy.Finding), error) {
		switch part.Field.Name {
		case "line":
			return func(w *rowWriter, f policy.Finding) { w.numberOrNull(ruleLine(f)) }, nil
		case "message":
			return func(w *rowWriter, f policy.Finding) { w.text(f.Message) }, nil
		default:
			return func(w *rowWriter, f policy.Finding) { w.bool(f.Wrong) }, nil
		}
	})
}

// ruleAt is how policy names a line of a firm's own rules.
var ruleAt = regexp.MustCompile(`\boverrides:(\d+)\b`)

// ruleLine gives the line that a finding is about, 0 for none.
func ruleLine(f policy.Finding) int64 {
	for _, text := range []string{f.Source, f.Message} {
		if found := ruleAt.FindStringSubmatch(text); found != nil {
			n, err := strconv.ParseInt(found[1], 10, 32)
			if err == nil {
				return n
			}
		}
	}
	return 0
}

// replaceRules puts a firm's own rules into force, or tells what would come
// of it. What stands in the way of the rules themselves is in the result.
func (g *Gateway) replaceRules(ctx context.Context, once *once, input map[string]any) (result, error) {
	p, err := principal(ctx)
	if err != nil {
		return result{}, err
	}
	// Asked before the rules are looked at, which takes its time: nobody else shall cause it.
	may, err := g.partners.May(ctx, schema.Firms, policy.Administer)
	if err != nil {
		return result{}, err
	}
	if !may {
		return result{}, &schema.Error{Code: schema.CodeDenied, Field: "text", Message: "a firm's rules are replaced by its administrators"}
	}
	before := ownRules{firm: p.Firm}
	if before.text, err = g.partners.Overrides(ctx); err != nil {
		return result{}, err
	}
	after := ownRules{p.Firm, input["text"].(string)}
	expected := input["expectedVersion"].(string)
	if before.version() != expected {
		return result{}, &rulesConflictError{before}
	}
	change := &ruleChange{now: before, findings: after.findings()}
	r := result{kind: schema.Firms, rules: change, errors: refusedRules(change.findings)}
	if len(r.errors) > 0 {
		return r, nil
	}
	if change.difference, err = differences(before, after); err != nil {
		return result{}, err
	}
	if dry, _ := input["dryRun"].(bool); dry {
		return r, nil
	}
	r.id = p.Firm.ID()
	if err := g.setRules(ctx, once, after, expected); err != nil {
		return result{}, err
	}
	change.now = after
	return r, nil
}

// differences tells what two sets of rules decide differently; nothing when
// those before cannot be understood any more.
func differences(before, after ownRules) (*policy.Differences, error) {
	old := policy.Rules{Firm: before.firm, Overrides: before.text}
	if _, err := policy.Compile(old); err != nil {
		return nil, nil //nolint:nilerr // rules of an older program: there is nothing to compare with
	}
	return policy.Diff(old, policy.Rules{Firm: after.firm, Overrides: after.text})
}

func refusedRules(findings []policy.Finding) []userError {
	var list []userError
	for _, f := range findings {
		if f.Wrong {
			list = append(list, userError{typ: "PolicyRuleError", code: codeInvalid, message: f.Message, path: []string{"input", "text"}, line: ruleLine(f)})
		}
	}
	return list
}

// setRules replaces the rules, if they are still those that were expected,
// with the row of the idempotency key.
func (g *Gateway) setRules(ctx context.Context, once *once, after ownRules, expected string) error {
	remember := once.hookFor(g.now, schema.Firms, after.firm.ID())
	return g.partners.SetOverrides(ctx, after.text, func(ctx context.Context, tx pgx.Tx, text string) error {
		if now := (ownRules{after.firm, text}); now.version() != expected {
			return &rulesConflictError{now}
		}
		return remember(ctx, tx)
	})
}

// replacedEarlier gives what is to be told of rules that were replaced by an
// earlier request with the same key.
func (g *Gateway) replacedEarlier(ctx context.Context, r result) (result, error) {
	p, err := principal(ctx)
	if err != nil {
		return result{}, err
	}
	text, err := g.partners.Overrides(ctx)
	if err != nil {
		return result{}, err
	}
	now := ownRules{p.Firm, text}
	r.rules = &ruleChange{now: now, findings: now.findings()}
	return r, nil
}

// rulePayload compiles a field of the payload of replacePolicyRules.
func (q *query) rulePayload(ctx context.Context, c *ruleChange, part operation.Group) (func(*rowWriter), error) {
	switch part.Field.Name {
	case "policyRules":
		s, err := q.ownRules(ctx, part)
		return func(w *rowWriter) {
			if c == nil {
				w.null()
			} else {
				s.write(w, c.now)
			}
		}, err
	case "findings":
		s, err := q.findings(part)
		return func(w *rowWriter) {
			if c == nil {
				s.list(w, nil)
			} else {
				s.list(w, c.findings)
			}
		}, err
	default:
		s, err := q.difference(part)
		return func(w *rowWriter) {
			if c == nil || c.difference == nil {
				w.null()
			} else {
				s.write(w, c.difference)
			}
		}, err
	}
}

func (q *query) difference(g operation.Group) (shape[*policy.Differences], error) {
	return shapeOf(q, "PolicyDifference", g.Sets, func(part operation.Group) (func(*rowWriter, *policy.Differences), error) {
		if part.Field.Name == "asked" {
			return func(w *rowWriter, d *policy.Differences) { w.number(int64(d.Asked)) }, nil
		}
		s, err := shapeOf(q, "PolicyCell", part.Sets, q.policyCell)
		return func(w *rowWriter, d *policy.Differences) { s.list(w, d.Cells) }, err
	})
}

func (q *query) policyCell(part operation.Group) (func(*rowWriter, policy.CellDifference), error) {
	switch part.Field.Name {
	case "action":
		return func(w *rowWriter, c policy.CellDifference) { w.text(sdl.AccessEnum(c.Action)) }, nil
	case "after":
		return func(w *rowWriter, c policy.CellDifference) { w.names(stated(c.After)) }, nil
	case "before":
		return func(w *rowWriter, c policy.CellDifference) { w.names(stated(c.Before)) }, nil
	case "gained":
		s, err := shapeOf(q, "PolicyReach", part.Sets, policyReach)
		return func(w *rowWriter, c policy.CellDifference) { s.list(w, reaches(c.Kind, c.Gained[:])) }, err
	case "lost":
		s, err := shapeOf(q, "PolicyReach", part.Sets, policyReach)
		return func(w *rowWriter, c policy.CellDifference) { s.list(w, reaches(c.Kind, c.Lost[:])) }, err
	case "kind":
		return func(w *rowWriter, c policy.CellDifference) { w.text(sdl.KindEnum(schema.KindNamed(c.Kind))) }, nil
	default:
		return func(w *rowWriter, c policy.CellDifference) { w.text(c.Subject) }, nil
	}
}

// stated leaves out what stands for no rule.
func stated(rules []string) []string {
	return slices.DeleteFunc(slices.Clone(rules), func(rule string) bool { return rule == "" })
}

// reach is fields of the rows within a scope.
type reach struct {
	rows   policy.RowScope
	fields []string
}

func reaches(kind string, byScope []schema.Mask) (list []reach) {
	for i, mask := range byScope {
		if mask != 0 {
			list = append(list, reach{policy.RowScope(i), shownNames(schema.KindNamed(kind), mask)})
		}
	}
	return list
}

func policyReach(part operation.Group) (func(*rowWriter, reach), error) {
	if part.Field.Name == "fields" {
		return func(w *rowWriter, r reach) { w.names(r.fields) }, nil
	}
	return func(w *rowWriter, r reach) { w.text(strings.ToUpper(r.rows.String())) }, nil
}

// rulesUserError gives the user error of rules that were changed meanwhile.
func rulesUserError(err error) ([]userError, bool) {
	c, ok := errors.AsType[*rulesConflictError](err)
	if !ok {
		return nil, false
	}
	return []userError{{
		typ: "PolicyRulesConflict", code: codeConflict, path: []string{"input", "expectedVersion"}, rules: &c.now,
		message: "the rules were changed since you read them; look at them as they are now, and decide again",
	}}, true
}
