package partners

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// lock finds and locks the row that a command is about, and decides whether
// the principal may do this to it.
func (w *writer) lock(ctx context.Context, c Command, action policy.Action) (schema.Entity, policy.Verdict, error) {
	var none policy.Verdict
	e, err := loadRow(ctx, w.tx, c.Kind, w.principal.Firm, c.ID, true)
	if err != nil {
		return nil, none, err
	}
	seen, err := w.seen(ctx, c.Kind, policy.Read, c.ID)
	if err != nil {
		return nil, none, err
	}
	row, visible := seen[c.ID]
	if !visible {
		return nil, none, schema.NotFound(c.Kind.Name)
	}
	if e == nil || !e.Header().Own() {
		return nil, none, denied(c.Kind, "belongs to another firm, which alone can change it; add a note to it instead")
	}
	verdict := w.rules.DecideOn(w.principal, e, action) // some rules reach the records of some people alone
	if !verdict.Allowed {
		return nil, none, denied(c.Kind, fmt.Sprintf("may not be changed by your roles (%s); ask an administrator of your firm", action))
	}
	if c.ExpectedVersion != 0 && c.ExpectedVersion != row.Version {
		cause := &VersionConflict{Current: row.Version}
		return nil, none, &schema.Error{Code: schema.CodeConflict, Field: "expectedVersion", Message: cause.Error(), Err: cause}
	}
	return e, verdict, nil
}

// seen reads, in the transaction, which of the records the principal reaches.
func (w *writer) seen(ctx context.Context, k *schema.Kind, action policy.Action, wanted ...schema.ID) (map[schema.ID]Row, error) {
	r := &reader{service: w.service, tx: w.tx, rules: w.rules, principal: w.principal, now: w.now, lens: w.lens}
	pages, err := r.roots(ctx, []*Plan{{Kind: k, Action: action, IDs: wanted}})
	if err != nil {
		return nil, err
	}
	rows := make(map[schema.ID]Row, len(wanted))
	for _, row := range pages[0].Rows {
		rows[row.ID] = row
	}
	return rows, nil
}

// assign puts values into the fields of e, of which writable may be written.
func (w *writer) assign(e schema.Entity, values Values, writable schema.Mask, isNew bool) error {
	var errs schema.Errors
	k := schema.KindOf(e)
	refuse := func(field, message string) {
		errs = append(errs, &schema.Error{Code: schema.CodeInvalid, Kind: k.Name, Field: field, Message: message})
	}
	byRule := w.principal.Actor == policy.ActorSystem
	for name, value := range values {
		f := k.FieldNamed(name)
		switch {
		case f == nil:
			refuse(name, "there is no such field")
		case f.System && !byRule:
			refuse(name, "is set by the system alone")
		case f.Frozen && !isNew && !schema.SameValue(f.Value(e), value):
			refuse(name, "cannot be changed any more")
		case !writable.Has(f.Bit):
			errs = append(errs, &schema.Error{Code: schema.CodeDenied, Kind: k.Name, Field: name, Message: "may not be written by your roles"})
		default:
			if err := f.Set(e, value); err != nil {
				refuse(name, err.Error())
			}
		}
	}
	return errs.Err()
}

// editable refuses a change of fields that the record's state does not allow.
func (w *writer) editable(old, e schema.Entity) error {
	k := schema.KindOf(e)
	if k.Lifecycle == nil || w.principal.Actor == policy.ActorSystem {
		return nil
	}
	state, _ := k.FieldNamed(k.Lifecycle.Field).Value(old).(string)
	var errs schema.Errors
	changed := difference(old, e)
	for _, f := range k.Fields {
		if changed.Has(f.Bit) && !k.Lifecycle.MayEdit(state, f.Name) {
			errs = append(errs, &schema.Error{Code: schema.CodeConflict, Kind: k.Name, Field: f.Name, Message: "cannot be changed while the " + k.Name + " is " + state})
		}
	}
	return errs.Err()
}

// checkLinks refuses a reference to a record that the principal cannot see,
// in the words for one that does not exist, and a record below a parent to
// which the principal may add nothing.
func (w *writer) checkLinks(ctx context.Context, e schema.Entity, changed schema.Mask) error {
	if w.principal.Actor == policy.ActorSystem {
		return nil
	}
	for _, f := range schema.KindOf(e).Fields {
		if !changed.Has(f.Bit) || f.Target() == nil {
			continue
		}
		var wanted []schema.ID
		switch v := f.Value(e).(type) {
		case schema.ID:
			wanted = []schema.ID{v}
		case []schema.ID:
			wanted = v
		default:
			continue
		}
		if err := w.checkLink(ctx, f, wanted); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) checkLink(ctx context.Context, f *schema.Field, wanted []schema.ID) error {
	missing := &schema.Error{Code: schema.CodeInvalid, Kind: f.Kind.Name, Field: f.Name, Message: "no such " + f.Target().Name}
	if f.Target() == schema.Firms {
		if f.Kind == schema.Partnerships || f.Kind == schema.Acceptances || f.Kind == schema.Partners {
			return nil // by these, firms come to know each other
		}
		for _, id := range wanted {
			if firm := schema.FirmID(id); firm != w.rules.Firm() && !slices.Contains(w.rules.Partners(), firm) {
				missing.Message = "no such partner firm; a partnership with it must be active"
				return missing
			}
		}
		return nil
	}
	rows, err := w.seen(ctx, f.Target(), policy.Read, wanted...)
	if err != nil {
		return err
	}
	for _, id := range wanted {
		row, ok := rows[id]
		if !ok {
			return missing
		}
		if f.Parent && row.Owner != w.principal.Firm {
			if err := w.checkParent(ctx, f, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkParent asks whether the principal may add something below a record of
// another firm.
func (w *writer) checkParent(ctx context.Context, f *schema.Field, id schema.ID) error {
	action := policy.Comment
	if f.Kind == schema.Documents {
		action = policy.Attach
	}
	rows, err := w.seen(ctx, f.Target(), action, id)
	if err != nil {
		return err
	}
	// A copy was sent under an agreement that lives at its owner's node; the owner takes what is added or refuses it.
	if row, ok := rows[id]; ok || row.Holder == w.principal.Firm {
		return nil
	}
	return &schema.Error{
		Code: schema.CodeDenied, Kind: f.Kind.Name, Field: f.Name,
		Message: fmt.Sprintf("the firm that shares this %s does not let yours add a %s to it", f.Target(), f.Kind),
	}
}

// delete withdraws a record and what hangs below it. Records of other firms
// below it stay theirs, on an id that is gone.
func (w *writer) delete(ctx context.Context, c Command) (schema.Entity, error) {
	old, _, err := w.lock(ctx, c, policy.Delete)
	if err != nil {
		return nil, err
	}
	e := clone(old)
	e.Header().DeletedAt = w.now
	if l := c.Kind.Lifecycle; l != nil && w.principal.Actor != policy.ActorSystem {
		if state, _ := c.Kind.FieldNamed(l.Field).Value(old).(string); state != l.Start {
			return nil, &schema.Error{Code: schema.CodeConflict, Field: l.Field, Message: fmt.Sprintf("is %s; only a %s that is %s can be deleted", state, c.Kind, l.Start)}
		}
	}
	return e, w.change(ctx, c, old, e)
}

// bury forgets the words of a withdrawn record, leaves a tombstone, and
// withdraws its children that lie with the same firm.
func (w *writer) bury(ctx context.Context, e schema.Entity) error {
	k, h := schema.KindOf(e), e.Header()
	if err := dropText(ctx, w.tx, h); err != nil {
		return err
	}
	if _, err := w.tx.Exec(ctx, "UPDATE records SET deleted_at = $2 WHERE id = $1", uuid(h.ID), h.DeletedAt); err != nil {
		return err
	}
	if _, err := w.tx.Exec(ctx, "DELETE FROM reach WHERE record_id = $1", uuid(h.ID)); err != nil {
		return err
	}
	for _, child := range k.Children() {
		if err := w.buryChildren(ctx, child, h); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) buryChildren(ctx context.Context, child *schema.Kind, h *schema.Record) error {
	statement := fmt.Sprintf("SELECT %s\nFROM %s\nWHERE %s = $1 AND holder_firm_id = $2 AND owner_firm_id = $2 AND deleted_at IS NULL\nFOR UPDATE",
		entityColumns(child), child.Table, child.Parent.Column)
	rows, err := w.tx.Query(ctx, statement, uuid(h.ID), uuid(h.Holder.ID()))
	if err != nil {
		return err
	}
	children, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (schema.Entity, error) { return scanEntity(child, row) })
	if err != nil {
		return err
	}
	for _, old := range children {
		e := clone(old)
		e.Header().DeletedAt = h.DeletedAt
		if err := w.store(ctx, Command{Verb: Delete, Kind: child, ID: old.Header().ID}, old, e, 0); err != nil {
			return err
		}
	}
	return nil
}
