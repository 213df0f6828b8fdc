package partners

import (
	"context"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// Wanted is a record to look at for another firm, with what happened to it
// since it was looked at last.
type Wanted struct {
	Kind *schema.Kind
	ID   schema.ID
	// Changed has the fields that were changed, and Moved.
	Changed schema.Mask
	// Since is the place in the ledger of the first of these changes; 0 if that is not known.
	Since int64
}

// Moved stands among changed fields for what may change who sees a record
// without changing a field of it: that it was withdrawn, a grant, or something
// that happened to the record to which it belongs. No field has this bit.
const Moved schema.Mask = 1 << 63

// MovedBy gives what a change in the ledger says of its record, as
// [Wanted.Changed] takes it. A new record has not moved: who names it has been
// written later, or together with it.
func MovedBy(c schema.Change) schema.Mask {
	switch {
	case c.Op == schema.OpCreate:
		return 0
	case c.Op == schema.OpUpdate && c.Fields != 0:
		return c.Fields
	}
	return Moved
}

// Draft is what a firm may hold of some records.
type Draft struct {
	// Projections are what the firm may hold of the records; of one that is not among them it is nothing.
	Projections []Projection
	// Moved are those of the records that the firm may have come to see, or seen no more, or seen by other ways, at
	// some time since they were looked at last; also if it is all as it was. What is shown of those that belong to
	// them, and of those that name them, may be another thing now. See [Service.Children] and [Service.Referrers].
	Moved []Wanted
}

// Draft gives what a firm may hold now of records that another firm, on this
// node, owns, of all at the same instant, and which of them have moved.
//
// Of which fields it depends whether a firm sees a record is told by the rules
// of this instant. That they were others when a field was changed makes no
// difference to who follows a change of the rules by looking at all again.
func (s *Service) Draft(ctx context.Context, from, to schema.FirmID, wanted []Wanted) (*Draft, error) {
	byKind := map[*schema.Kind][]Wanted{}
	for _, w := range wanted {
		byKind[w.Kind] = append(byKind[w.Kind], w)
	}
	d := &Draft{}
	var rules *ruleSet
	err := s.transactWith(ctx, to, readOnly, &rules, func(tx pgx.Tx) error {
		*d = Draft{} // of a transaction that is tried again
		w := &writer{service: s, tx: tx, rules: rules, principal: policy.Node(to), now: s.Now()}
		for _, k := range schema.Kinds() {
			if err := w.draft(ctx, d, from, k, byKind[k]); err != nil {
				return err
			}
		}
		return nil
	})
	return d, err
}

// draft adds the records of one kind.
func (w *writer) draft(ctx context.Context, d *Draft, from schema.FirmID, k *schema.Kind, wanted []Wanted) error {
	if len(wanted) == 0 {
		return nil
	}
	ids := make([]schema.ID, len(wanted))
	for i := range wanted {
		ids[i] = wanted[i].ID
	}
	list, err := w.projections(ctx, k, ids)
	if err != nil {
		return err
	}
	moved, err := w.moved(ctx, from, k, wanted)
	d.Projections, d.Moved = append(d.Projections, list...), append(d.Moved, moved...)
	return err
}
