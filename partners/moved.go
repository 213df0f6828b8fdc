package partners

import (
	"context"
	"encoding/json"
	"slices"

	"fondaco/policy"
	"fondaco/schema"
)

// moved picks the records that the writer's firm may have come to see, or seen
// no more, or seen by other ways, since they were looked at last. An ordinary
// edit moves nothing, and costs nothing here.
func (w *writer) moved(ctx context.Context, from schema.FirmID, k *schema.Kind, wanted []Wanted) ([]Wanted, error) {
	always := placing(k)
	var filters []*policy.Filter
	var compared schema.Mask
	for _, p := range w.rules.View(w.principal, k, policy.Read, w.now).Paths {
		if p.Filter != nil {
			filters, compared = append(filters, p.Filter), compared|p.Filter.Fields()
		}
	}
	var moved, asked []Wanted
	for _, one := range wanted {
		switch {
		case one.Changed&always != 0, one.Changed&compared != 0 && one.Since == 0:
			moved = append(moved, one)
		case one.Changed&compared != 0:
			asked = append(asked, one)
		}
	}
	if len(asked) == 0 {
		return moved, nil
	}
	crossed, err := w.crossed(ctx, from, k, asked, filters, compared)
	return append(moved, crossed...), err
}

// placing gives the fields that say, whatever the rules are, where a record
// belongs and for whom it is meant; with them Moved.
func placing(k *schema.Kind) schema.Mask {
	mask := Moved
	add := func(f *schema.Field) {
		if f != nil {
			mask = mask.With(f.Bit)
		}
	}
	add(k.Parent)
	if k.HasAudience {
		add(k.FieldNamed("audience"))
		add(k.FieldNamed("audienceFirms"))
	}
	if k.HasAddress {
		add(k.FieldNamed("addressedTo"))
		add(k.FieldNamed("sentAt"))
	}
	return mask
}

// crossed picks the records that matched one of the filters at some time since
// they were looked at last, and at another time did not. They are led back
// through the ledger, change by change.
func (w *writer) crossed(ctx context.Context, from schema.FirmID, k *schema.Kind, asked []Wanted, filters []*policy.Filter, compared schema.Mask) ([]Wanted, error) {
	rows := make(map[schema.ID]Row, len(asked))
	for _, one := range asked {
		rows[one.ID] = Row{ID: one.ID, Holder: from}
	}
	records, err := w.load(ctx, k, rows)
	if err != nil {
		return nil, err
	}
	steps, err := w.stepsBack(ctx, k, asked, compared)
	if err != nil {
		return nil, err
	}
	var list []Wanted
	for _, one := range asked {
		e, there := records[one.ID]
		if !there || crosses(e, steps[one.ID], filters) {
			list = append(list, one)
		}
	}
	return list, nil
}

// step is one change of a record: what stood before it in the fields that
// filters compare. Without before it is not known, because it was erased.
type step struct {
	fields schema.Mask
	before map[int]json.RawMessage // by bit number
}

// stepsBack gives the changes of records since they were looked at last, the
// latest first.
func (w *writer) stepsBack(ctx context.Context, k *schema.Kind, asked []Wanted, compared schema.Mask) (map[schema.ID][]step, error) {
	var ids [][16]byte
	var since []int64
	for _, one := range asked {
		ids, since = append(ids, one.ID), append(since, one.Since)
	}
	var bits []int16
	for _, f := range k.Fields {
		if compared.Has(f.Bit) {
			bits = append(bits, int16(f.Bit))
		}
	}
	const statement = `
		SELECT c.id, c.fields & $4, (
				SELECT json_object_agg(v.field, coalesce(v.before, 'null'))
				FROM change_values v
				WHERE v.seq = c.seq AND v.field = ANY ($5))
		FROM unnest($1::uuid[], $2::bigint[]) AS u (id, since)
		JOIN changes c ON c.id = u.id AND c.seq >= u.since
		WHERE c.kind = $3 AND c.fields & $4 <> 0 AND c.holder_firm_id = c.owner_firm_id
		ORDER BY c.id, c.seq DESC`
	rows, err := w.tx.Query(ctx, statement, ids, since, k.Name, int64(compared), bits)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[schema.ID][]step{}
	for rows.Next() {
		var id schema.ID
		var fields int64
		var one step
		if err := rows.Scan((*[16]byte)(&id), &fields, &one.before); err != nil {
			return nil, err
		}
		one.fields = schema.Mask(fields)
		all[id] = append(all[id], one)
	}
	return all, rows.Err()
}

// crosses leads a record back, and tells whether one of the filters says
// another thing on the way than in the end. What is not known counts as a yes.
func crosses(e schema.Entity, steps []step, filters []*policy.Filter) bool {
	match := func() []bool {
		list := make([]bool, len(filters))
		for i, f := range filters {
			list[i] = f.Match(e)
		}
		return list
	}
	now := match()
	for _, s := range steps {
		if !s.undo(e) || !slices.Equal(now, match()) {
			return true
		}
	}
	return false
}

// undo puts back what stood before a step; false if that is not known.
func (s step) undo(e schema.Entity) bool {
	for _, f := range schema.KindOf(e).Fields {
		if !s.fields.Has(f.Bit) {
			continue
		}
		before, known := s.before[f.Bit]
		if !known {
			return false
		}
		value, err := f.DecodeValue(before)
		if err != nil || f.Set(e, value) != nil {
			return false
		}
	}
	return true
}
