package partners

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// The verbs that every kind has, unless it is read-only. The other verbs of a
// kind are the actions of its life-cycle.
const (
	Create = "create"
	Update = "update"
	Delete = "delete"
)

// Write carries out the commands for the principal of the context: all of
// them, or none. It locks, decides, checks, writes, appends to the ledger,
// runs the hooks and commits, in one transaction.
//
// Errors are [schema.Error]s, or [schema.Errors] where several fields are
// wrong. What the principal may not see is not found; what it may see but not
// change is denied; what was changed since is a conflict whose cause is a
// [VersionConflict].
func (s *Service) Write(ctx context.Context, commands []Command, hooks ...Hook) ([]Outcome, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	var outcomes []Outcome
	var last Command
	var rules *ruleSet
	err = s.transactWith(ctx, p.Firm, pgx.TxOptions{}, &rules, func(tx pgx.Tx) error {
		w := &writer{service: s, tx: tx, rules: rules, principal: p, now: s.Now()}
		outcomes = make([]Outcome, 0, len(commands))
		for _, c := range commands {
			last = c
			o, err := w.do(ctx, c)
			if err != nil {
				return err
			}
			outcomes = append(outcomes, o)
		}
		for _, h := range hooks {
			if err := h(ctx, tx, outcomes); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		if len(outcomes) < len(commands) {
			s.noteRefusal(&p, last, err)
		}
		return nil, err
	}
	s.news.tell()
	return outcomes, nil
}

// writer carries out commands of one principal in one transaction.
type writer struct {
	service   *Service
	tx        pgx.Tx
	rules     *ruleSet
	principal policy.Principal
	now       time.Time
	lens      lens
}

// as gives a writer for a rule of the node that works for a firm hosted here,
// in the same transaction. The fence is moved, and back when done is called.
// The rules are read in this transaction too: to wait for a second connection
// while holding one is how a pool locks itself up.
func (w *writer) as(ctx context.Context, firm schema.FirmID) (*writer, func() error, error) {
	raw, err := loadRules(ctx, w.tx, firm)
	if err != nil {
		return nil, nil, err
	}
	rules, err := compile(raw)
	if err != nil {
		return nil, nil, err
	}
	p := policy.System(firm)
	p.Cause = w.principal.Cause
	back := func() error { return fence(ctx, w.tx, w.rules.fence...) }
	return &writer{service: w.service, tx: w.tx, rules: rules, principal: p, now: w.now}, back, fence(ctx, w.tx, rules.fence...)
}

// hosted tells whether a firm lives on this node.
func (w *writer) hosted(ctx context.Context, firm schema.FirmID) (bool, error) {
	var here bool
	err := w.tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM hosted_firms h WHERE h.firm_id = $1)", uuid(firm.ID())).Scan(&here)
	return here, err
}

func (w *writer) do(ctx context.Context, c Command) (Outcome, error) {
	e, err := w.carryOut(ctx, c)
	if err != nil {
		return Outcome{}, withOp(err, c)
	}
	return Outcome{c.Kind, e.Header().ID, e.Header().Version}, nil
}

func (w *writer) carryOut(ctx context.Context, c Command) (schema.Entity, error) {
	byRule := w.principal.Actor == policy.ActorSystem
	if c.Kind.ReadOnly && !byRule && (c.Verb == Create || c.Verb == Update || c.Verb == Delete) {
		return nil, denied(c.Kind, "is kept by rules of the node and cannot be written directly")
	}
	switch c.Verb {
	case Create:
		return w.create(ctx, c)
	case Update:
		return w.update(ctx, c)
	case Delete:
		return w.delete(ctx, c)
	}
	return w.act(ctx, c)
}

// withOp notes in the errors which command failed.
func withOp(err error, c Command) error {
	note := func(e *schema.Error) {
		if e.Op == "" {
			e.Op = c.Verb + " " + c.Kind.Name
		}
		if e.Kind == "" {
			e.Kind = c.Kind.Name
		}
	}
	if e, ok := errors.AsType[*schema.Error](err); ok {
		note(e)
	}
	if all, ok := errors.AsType[schema.Errors](err); ok {
		for _, e := range all {
			note(e)
		}
	}
	return err
}

func denied(k *schema.Kind, message string) error {
	return &schema.Error{Code: schema.CodeDenied, Kind: k.Name, Message: "this " + k.Name + " " + message}
}

func invalid(field, format string, args ...any) error {
	return &schema.Error{Code: schema.CodeInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

func (w *writer) create(ctx context.Context, c Command) (schema.Entity, error) {
	verdict := w.rules.Decide(w.principal, c.Kind, policy.Create)
	if !verdict.Allowed {
		return nil, &schema.Error{Code: schema.CodeDenied, Message: fmt.Sprintf("your roles do not let you create a %s; ask an administrator of your firm", c.Kind)}
	}
	e := c.Kind.New()
	h := e.Header()
	*h = schema.Record{
		ID: c.ID, Owner: w.principal.Firm, Holder: w.principal.Firm, Version: 1, Mask: schema.AllFields,
		CreatedAt: w.now, CreatedBy: w.principal.User, UpdatedAt: w.now, UpdatedBy: w.principal.User, Provenance: provenance(w.principal),
	}
	if h.ID.IsZero() {
		h.ID = schema.NewID()
	}
	if l := c.Kind.Lifecycle; l != nil {
		if err := c.Kind.FieldNamed(l.Field).Set(e, l.Start); err != nil {
			return nil, err
		}
	}
	if a := schema.AudienceOf(e); a != nil {
		a.Audience = schema.AudienceIsFirm
	}
	if err := w.assign(e, c.Values, verdict.Mask, true); err != nil {
		return nil, err
	}
	if r := ruleOf(c.Kind); r.before != nil {
		if err := r.before(ctx, w, c, nil, e); err != nil {
			return nil, err
		}
	}
	schema.Normalize(e)
	if err := schema.Check(e); err != nil {
		return nil, err
	}
	if err := w.checkLinks(ctx, e, c.Kind.Every()); err != nil {
		return nil, err
	}
	return e, w.store(ctx, c, nil, e, stated(e))
}

// stated gives the fields of a new record that have a value; where none has,
// the whole record counts as changed.
func stated(e schema.Entity) schema.Mask {
	var m schema.Mask
	for _, f := range schema.KindOf(e).Fields {
		if f.Value(e) != nil {
			m = m.With(f.Bit)
		}
	}
	return m
}

func provenance(p policy.Principal) schema.Provenance {
	switch {
	case p.Via == "trading":
		return schema.ByEDI
	case p.Actor == policy.ActorSystem:
		return schema.BySystem
	case p.Actor == policy.ActorToken:
		return schema.ByGraphQL
	}
	return schema.ByPortal
}

func (w *writer) update(ctx context.Context, c Command) (schema.Entity, error) {
	old, verdict, err := w.lock(ctx, c, policy.Edit)
	if err != nil {
		return nil, err
	}
	e := clone(old)
	if err := w.assign(e, c.Values, verdict.Mask, false); err != nil {
		return nil, err
	}
	if err := w.editable(old, e); err != nil {
		return nil, err
	}
	return e, w.change(ctx, c, old, e)
}

// act makes a step of the life-cycle.
func (w *writer) act(ctx context.Context, c Command) (schema.Entity, error) {
	l := c.Kind.Lifecycle
	action := policyAction(c)
	if l == nil || action == "" {
		return nil, invalid("", "a %s has no action %q", c.Kind, c.Verb)
	}
	old, verdict, err := w.lock(ctx, c, action)
	if err != nil {
		return nil, err
	}
	field := c.Kind.FieldNamed(l.Field)
	state, _ := field.Value(old).(string)
	step, ok := l.Step(state, c.Verb)
	if !ok {
		return nil, &schema.Error{
			Code: schema.CodeConflict, Field: field.Name,
			Message: fmt.Sprintf("is %s; from there it cannot %s, but only: %v", state, c.Verb, l.Actions(state)),
		}
	}
	e := clone(old)
	if err := w.assign(e, c.Values, verdict.Mask, false); err != nil {
		return nil, err
	}
	if err := field.Set(e, step.To); err != nil {
		return nil, err
	}
	return e, w.change(ctx, c, old, e)
}

// policyAction gives the action of policy that a verb of a life-cycle needs,
// or none for a verb that the kind does not have.
func policyAction(c Command) policy.Action {
	if c.Kind.Lifecycle == nil {
		return ""
	}
	known := false
	for _, t := range c.Kind.Lifecycle.Transitions {
		known = known || t.Action == c.Verb
	}
	switch {
	case !known:
		return ""
	case c.Kind == schema.DealDecisions:
		return policy.Approve
	case c.Kind == schema.SharingAgreements, c.Kind == schema.Partnerships:
		return policy.Share
	case c.Kind == schema.DealRegistrations && c.Verb == "submit":
		return policy.Send
	}
	if paper, ok := paperRuleOf(c.Kind); ok {
		return paper.action(c.Verb)
	}
	return policy.Edit
}

// change checks and writes a record that was changed from old to e.
func (w *writer) change(ctx context.Context, c Command, old, e schema.Entity) error {
	if r := ruleOf(c.Kind); r.before != nil {
		if err := r.before(ctx, w, c, old, e); err != nil {
			return err
		}
	}
	schema.Normalize(e)
	if err := schema.Check(e); err != nil {
		return err
	}
	changed := difference(old, e)
	if changed == 0 && e.Header().DeletedAt.Equal(old.Header().DeletedAt) {
		return nil // nothing is new: no version, no line in the ledger, nothing sent
	}
	if err := w.checkLinks(ctx, e, changed); err != nil {
		return err
	}
	return w.store(ctx, c, old, e, changed)
}

// store writes a row, its words, its line in the ledger and what follows from
// it. old is nil for a new record.
func (w *writer) store(ctx context.Context, c Command, old, e schema.Entity, changed schema.Mask) error {
	h := e.Header()
	op := schema.OpCreate
	if old != nil {
		op = schema.OpUpdate
		h.Version++
		h.UpdatedAt, h.UpdatedBy = w.now, w.principal.User
	}
	stamp(h, c.Kind, changed)
	var err error
	if old == nil {
		err = insertRow(ctx, w.tx, e)
	} else {
		err = updateRow(ctx, w.tx, e, changed)
	}
	if err != nil {
		return err
	}
	if !h.DeletedAt.IsZero() {
		op = schema.OpDelete
		err = w.bury(ctx, e)
	} else if old == nil || changed&searched(c.Kind) != 0 {
		err = indexText(ctx, w.tx, e)
	}
	if err != nil {
		return err
	}
	if err := appendLedger(ctx, w.tx, w.principal, w.now, op, old, e, changed); err != nil {
		return err
	}
	return w.after(ctx, c, old, e)
}

// after runs what follows from a change: the rule of the kind, and a new
// epoch where the change decides who may do what.
func (w *writer) after(ctx context.Context, c Command, old, e schema.Entity) error {
	if ruleOf(c.Kind).decides {
		firms := []schema.FirmID{e.Header().Owner}
		if a := schema.AddressOf(e); a != nil {
			firms = append(firms, a.AddressedTo)
		}
		if err := w.raise(ctx, c.Kind, firms); err != nil {
			return err
		}
	}
	if r := ruleOf(c.Kind); r.after != nil {
		return r.after(ctx, w, c, old, e)
	}
	return nil
}

// stamp counts a change of each of the changed fields, and notes its time. It
// is counted by field, so that what a viewer is told of a record, which is the
// sum over the fields it sees, says nothing of the others: a number taken from
// the record's own count would jump over the hidden edits at the next one that
// is seen.
func stamp(h *schema.Record, k *schema.Kind, changed schema.Mask) {
	for len(h.FieldVersions) < len(k.Fields) {
		h.FieldVersions = append(h.FieldVersions, 1)
		h.FieldTimes = append(h.FieldTimes, h.CreatedAt)
	}
	for _, f := range k.Fields {
		if changed.Has(f.Bit) {
			h.FieldTimes[f.Bit] = h.UpdatedAt
			if h.Version > 1 {
				h.FieldVersions[f.Bit]++
			}
		}
	}
}

func searched(k *schema.Kind) schema.Mask {
	var m schema.Mask
	for _, f := range k.Fields {
		if f.Search {
			m = m.With(f.Bit)
		}
	}
	return m
}

// difference gives the fields in which two states of a record differ.
func difference(old, e schema.Entity) schema.Mask {
	var m schema.Mask
	for _, f := range schema.KindOf(e).Fields {
		if !schema.SameValue(f.Value(old), f.Value(e)) {
			m = m.With(f.Bit)
		}
	}
	return m
}

// clone copies a record; lists are shared, and are replaced as a whole.
func clone(e schema.Entity) schema.Entity {
	c := schema.KindOf(e).New()
	*c.Header() = *e.Header()
	c.Header().FieldVersions = append([]int64(nil), e.Header().FieldVersions...)
	c.Header().FieldTimes = append([]time.Time(nil), e.Header().FieldTimes...)
	for _, f := range schema.KindOf(e).Fields {
		if err := f.Set(c, f.Value(e)); err != nil {
			panic("partners: a canonical value is always accepted: " + err.Error())
		}
	}
	return c
}
