package partners

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// Projection is a record as one firm may hold it: the fields that are shown
// to that firm, and no others.
type Projection struct {
	Kind      *schema.Kind
	ID        schema.ID
	Owner     schema.FirmID
	Version   int64 // the highest over the fields shown
	Mask      schema.Mask
	Fields    json.RawMessage // schema.EncodeFields of the fields shown
	Versions  []int64         // by bit number; 0 where a field is not shown
	Times     []time.Time     // by bit number; the zero time where a field is not shown
	CreatedAt time.Time
	UpdatedAt time.Time // the latest over the fields shown
}

// Project gives what a firm may hold now of the records with these ids that
// firms on this node own: what a reader of the firm would see here. An id
// that is not among the results is nothing that the firm may hold.
func (s *Service) Project(ctx context.Context, to schema.FirmID, kind *schema.Kind, wanted []schema.ID) ([]Projection, error) {
	var list []Projection
	var rules *ruleSet
	err := s.transactWith(ctx, to, readOnly, &rules, func(tx pgx.Tx) error {
		w := &writer{service: s, tx: tx, rules: rules, principal: policy.Node(to), now: s.Now()}
		var err error
		list, err = w.projections(ctx, kind, wanted)
		return err
	})
	return list, err
}

// projections gives the records as the writer's principal may hold them.
func (w *writer) projections(ctx context.Context, kind *schema.Kind, wanted []schema.ID) ([]Projection, error) {
	seen, err := w.seen(ctx, kind, policy.Read, wanted...)
	if err != nil {
		return nil, err
	}
	entities, err := w.load(ctx, kind, seen)
	if err != nil {
		return nil, err
	}
	if err := w.dropLinks(ctx, entities); err != nil {
		return nil, err
	}
	list := make([]Projection, 0, len(entities))
	for _, id := range wanted {
		e, ok := entities[id]
		if !ok {
			continue
		}
		p, err := project(e, seen[id])
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

func project(e schema.Entity, row Row) (Projection, error) {
	k, h := schema.KindOf(e), e.Header()
	p := Projection{
		Kind: k, ID: h.ID, Owner: h.Owner, Version: row.Version, Mask: row.Mask, CreatedAt: h.CreatedAt, UpdatedAt: row.UpdatedAt,
		Versions: make([]int64, len(k.Fields)), Times: make([]time.Time, len(k.Fields)),
	}
	for i := range k.Fields {
		if row.Mask.Has(i) && i < len(h.FieldVersions) {
			p.Versions[i], p.Times[i] = h.FieldVersions[i], h.FieldTimes[i].UTC()
		}
	}
	var err error
	p.Fields, err = schema.EncodeFields(e, row.Mask)
	return p, err
}

// load reads whole rows that the principal was found to reach.
func (w *writer) load(ctx context.Context, k *schema.Kind, seen map[schema.ID]Row) (map[schema.ID]schema.Entity, error) {
	var holders, all []schema.ID
	for id, row := range seen {
		holders, all = append(holders, row.Holder.ID()), append(all, id)
	}
	statement := fmt.Sprintf("SELECT %s\nFROM %s\nWHERE (holder_firm_id, id) IN (SELECT u.holder, u.id FROM unnest($1::uuid[], $2::uuid[]) AS u (holder, id))", entityColumns(k), k.Table)
	rows, err := w.tx.Query(ctx, statement, uuids(holders), uuids(all))
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (schema.Entity, error) { return scanEntity(k, row) })
	entities := make(map[schema.ID]schema.Entity, len(list))
	for _, e := range list {
		entities[e.Header().ID] = e
	}
	return entities, err
}

// dropLinks clears references to records that the reader neither sees nor
// owns: an id alone tells that there is something, and since when.
func (w *writer) dropLinks(ctx context.Context, entities map[schema.ID]schema.Entity) error {
	linked := map[*schema.Kind][]schema.ID{}
	for _, e := range entities {
		for _, f := range schema.KindOf(e).Fields {
			if ids := linkedIDs(f, e); len(ids) > 0 {
				linked[f.Target()] = append(linked[f.Target()], ids...)
			}
		}
	}
	open := map[schema.ID]bool{}
	for k, ids := range linked {
		if err := w.open(ctx, k, ids, open); err != nil {
			return err
		}
	}
	for _, e := range entities {
		for _, f := range schema.KindOf(e).Fields {
			if err := keepLinks(f, e, open); err != nil {
				return err
			}
		}
	}
	return nil
}

// linkedIDs gives the ids of the records to which a field refers, but not of
// firms, whose ids are no secret.
func linkedIDs(f *schema.Field, e schema.Entity) []schema.ID {
	if f.Target() == nil || f.Target() == schema.Firms {
		return nil
	}
	switch v := f.Value(e).(type) {
	case schema.ID:
		return []schema.ID{v}
	case []schema.ID:
		return v
	}
	return nil
}

// keepLinks takes out of a field the references to records that are not open.
func keepLinks(f *schema.Field, e schema.Entity, open map[schema.ID]bool) error {
	ids := linkedIDs(f, e)
	kept := slices.DeleteFunc(slices.Clone(ids), func(id schema.ID) bool { return !open[id] })
	switch {
	case len(kept) == len(ids):
		return nil
	case f.Type == schema.LinkList:
		return f.Set(e, kept)
	}
	return f.Set(e, nil)
}

// open notes which of the records the reader sees or owns.
func (w *writer) open(ctx context.Context, k *schema.Kind, wanted []schema.ID, open map[schema.ID]bool) error {
	rows, err := w.tx.Query(ctx, "SELECT r.id FROM records r WHERE r.id = ANY ($1) AND r.owner_firm_id = $2", uuids(wanted), uuid(w.principal.Firm.ID()))
	if err != nil {
		return err
	}
	own, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err != nil {
		return err
	}
	for _, id := range own {
		open[id] = true
	}
	seen, err := w.seen(ctx, k, policy.Read, wanted...)
	for id := range seen {
		open[id] = true
	}
	return err
}

// Reachable lists, in the order of their ids and from behind after, records
// of a kind that a firm may hold now.
func (s *Service) Reachable(ctx context.Context, to schema.FirmID, kind *schema.Kind, after schema.ID, limit int) ([]schema.ID, error) {
	plan := &Plan{Kind: kind, Order: []Order{{}}, First: min(limit, PageLimit)}
	if !after.IsZero() {
		key := after.String()
		plan.After = s.seal(place{Order: orderName(kind, plan.Order), Key: &key, ID: after})
	}
	pages, err := s.readFor(ctx, policy.Node(to), []*Plan{plan})
	if err != nil {
		return nil, err
	}
	list := make([]schema.ID, len(pages[0].Rows))
	for i, row := range pages[0].Rows {
		list[i] = row.ID
	}
	return list, nil
}

// Until gives the instant at which, by its days, an agreement that opens
// records to a firm begins or ends next; the zero time if none does.
func (s *Service) Until(ctx context.Context, to schema.FirmID) (time.Time, error) {
	var until time.Time
	var rules *ruleSet
	err := s.transactWith(ctx, to, readOnly, &rules, func(pgx.Tx) error {
		until = rules.View(policy.Node(to), schema.Customers, policy.Read, s.Now()).Until
		return nil
	})
	return until, err
}
