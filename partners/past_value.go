package partners

import (
	"context"

	"fondaco/policy"
	"fondaco/schema"
)

// read answers with a page of records.
func (q *past) read(ctx context.Context, page *pastPage, found *PastRecords) error {
	list, err := q.values(ctx, page)
	*found = PastRecords{q.answer(), list, page.hasNext, page.through}
	return err
}

// values gives the records of a page with what was seen of them: without what
// was erased, what the asking person may not read, and references to records
// that another firm saw nothing of.
func (q *past) values(ctx context.Context, page *pastPage) ([]PastRecord, error) {
	may, err := q.readable(ctx, page)
	if err != nil {
		return nil, err
	}
	list := make([]PastRecord, len(page.list))
	for i, seen := range page.list {
		h := seen.row.entity.Header()
		r := &list[i]
		r.PastSighting, r.CreatedAt = seen.PastSighting, h.CreatedAt
		r.Version, r.UpdatedAt = latest(h, seen.Mask)
		if seen.Mask == page.kind.Every() {
			r.Version, r.UpdatedAt = h.Version, h.UpdatedAt
		}
		r.Withheld = seen.Mask &^ may[i]
		if err := q.dropUnseen(ctx, page.who, seen.row.entity); err != nil {
			return nil, err
		}
		if r.Fields, err = schema.EncodeFields(seen.row.entity, seen.Mask&^seen.Erased&^r.Withheld); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// readable gives, for each record of a page, the fields that the asking person
// may read today: of the record as it is, and as it was.
func (q *past) readable(ctx context.Context, page *pastPage) ([]schema.Mask, error) {
	view := q.rules.View(q.principal, page.kind, policy.Read, q.now)
	none := func(*schema.Kind, schema.ID) (schema.Entity, bool) { return nil, false }
	list := make([]schema.Mask, len(page.list))
	for i, seen := range page.list {
		was := q.sight(ctx, view, seen.row)
		now, err := loadRow(ctx, q.tx, page.kind, q.principal.Firm, seen.ID, false)
		if err != nil {
			return nil, err
		}
		if now == nil {
			continue // purged: there is nothing left to be read of it
		}
		is, _ := view.Match(now, none, func(schema.ID, schema.ID) bool { return false })
		list[i] = was.mask & is
	}
	return list, nil
}

// dropUnseen clears references to records that another firm neither saw nor
// owned, as they are cleared in what is sent to it: an id alone tells that
// there is something. To a person of the own firm they stood as they were.
func (q *past) dropUnseen(ctx context.Context, who *subject, e schema.Entity) error {
	if who.lens.owner.IsZero() {
		return nil
	}
	for _, f := range schema.KindOf(e).Fields {
		open := map[schema.ID]bool{}
		for _, id := range linkedIDs(f, e) {
			r := q.parent(ctx, f.Target(), id)
			switch {
			case r == nil:
			case r.entity.Header().Owner == who.principal.Firm:
				open[id] = true
			case r.entity.Header().Own(): // the asking firm's, and there
				open[id] = q.sight(ctx, who.view(f.Target(), policy.Read, q.at), r).reached
			}
		}
		if err := keepLinks(f, e, open); err != nil {
			return err
		}
	}
	return nil
}
