package partners

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// A sight is what somebody saw of a row.
type sight struct {
	mask      schema.Mask
	reached   bool
	uncertain bool // more may have been seen, by a value that was erased
	paths     []SeerPath
}

// sight holds a row against a view, path by path: one that rests on an erased
// value shows nothing for certain.
func (q *past) sight(ctx context.Context, view policy.View, r *pastRow) sight {
	var s sight
	every, paths := view.Kind.Every(), view.Paths
	var open schema.Mask // what paths would show that cannot be judged
	doubt := false
	for i := range paths {
		if q.doubtful(ctx, &paths[i], r) {
			open, doubt = open|paths[i].Mask&every, true
			continue
		}
		view.Paths = paths[i : i+1]
		mask, ok := view.Match(r.entity, q.parents(ctx), q.granted(ctx))
		if !ok {
			continue
		}
		s.reached, s.mask = true, s.mask|mask&every
		s.paths = append(s.paths, SeerPath{paths[i].Type, paths[i].Agreement, mask & every})
	}
	s.uncertain = doubt && (!s.reached || open&^s.mask != 0)
	return s
}

// doubtful tells whether a path's answer to a row rests on a value that was
// erased.
func (q *past) doubtful(ctx context.Context, p *policy.Path, r *pastRow) bool {
	k := schema.KindOf(r.entity)
	if r.erased&rests(p, k) != 0 {
		return true
	}
	if p.Type != policy.Parent {
		return false
	}
	id, ok := k.Parent.Value(r.entity).(schema.ID)
	if !ok {
		return false
	}
	up := q.parent(ctx, k.Parent.Target(), id)
	return up != nil && slices.ContainsFunc(p.Parent, func(above policy.Path) bool { return q.doubtful(ctx, &above, up) })
}

// rests gives the fields of a row by which a path decides.
func rests(p *policy.Path, k *schema.Kind) schema.Mask {
	var m schema.Mask
	need := func(names ...string) {
		for _, name := range names {
			if f := k.FieldNamed(name); f != nil {
				m = m.With(f.Bit)
			}
		}
	}
	if p.Named {
		need("audienceFirms")
	}
	switch p.Type {
	case policy.Member:
		if k.HasAudience && !p.AllTeams {
			need("audience", "audienceTeam")
		}
		if f := policy.KeeperField(k); f != nil && p.Within != policy.FirmRows {
			m = m.With(f.Bit)
		}
	case policy.Agreement, policy.Grant:
		m |= p.Filter.Fields()
	case policy.Addressed:
		need("addressedTo", "sentAt")
	case policy.Parent, policy.ParentOwned:
		m = m.With(k.Parent.Bit)
	}
	return m
}

// candidates lists who may turn out to have seen a row.
func (q *past) candidates(ctx context.Context, r *pastRow) ([]Viewer, error) {
	if err := q.learn(ctx); err != nil {
		return nil, err
	}
	var list []Viewer
	for user := range q.crew.people {
		list = append(list, Viewer{User: user})
	}
	firms, err := q.others(ctx)
	if err != nil {
		return nil, err
	}
	further, err := q.passedTo(ctx)
	if err != nil {
		return nil, err
	}
	for _, firm := range further {
		if !slices.Contains(firms, firm) {
			firms = append(firms, firm)
		}
	}
	if a := schema.AddressOf(r.entity); a != nil && !a.AddressedTo.IsZero() && a.AddressedTo != q.principal.Firm && !slices.Contains(firms, a.AddressedTo) {
		firms = append(firms, a.AddressedTo)
	}
	for _, firm := range firms {
		list = append(list, Viewer{Firm: firm})
	}
	slices.SortFunc(list, func(a, b Viewer) int {
		x, y := a.ID(), b.ID()
		return bytes.Compare(x[:], y[:])
	})
	return list, nil
}

// others lists the firms that ever had a partnership with the asking one.
func (q *past) others(ctx context.Context) ([]schema.FirmID, error) {
	const statement = `
		SELECT DISTINCT CASE p.owner_firm_id WHEN $1 THEN p.addressed_to ELSE p.owner_firm_id END AS partner
		FROM partnerships p
		WHERE (p.owner_firm_id = $1 OR p.addressed_to = $1) AND p.addressed_to IS NOT NULL AND p.created_at <= $2
		ORDER BY partner`
	return firmsOf(ctx, q.tx, statement, uuid(q.principal.Firm.ID()), q.at)
}

// who asks the candidates in their order, until the page is full.
func (q *past) who(ctx context.Context, r *pastRow, list []Viewer, span Span, found *PastSeers) error {
	for _, v := range list {
		if id := v.ID(); bytes.Compare(id[:], span.After[:]) <= 0 {
			continue
		}
		who, err := q.viewer(ctx, v)
		if schema.Code(err) == schema.CodeNotFound {
			continue // somebody without a role
		}
		if err != nil {
			return err
		}
		s := q.sight(ctx, who.view(schema.KindOf(r.entity), policy.Read, q.at), r)
		if !s.reached && !s.uncertain {
			continue
		}
		if len(found.List)+len(found.Uncertain) >= span.First {
			found.HasNext = true
			return nil
		}
		if s.uncertain {
			found.Uncertain = append(found.Uncertain, v)
		}
		if s.reached {
			found.List = append(found.List, Seer{v, s.mask, s.paths})
		}
	}
	return nil
}

// A pastPage is records of a kind that somebody saw.
type pastPage struct {
	who     *subject
	kind    *schema.Kind
	list    []pastSeen
	hasNext bool
	through schema.ID
}

type pastSeen struct {
	PastSighting
	row *pastRow
}

// judge takes a row in, if it was seen or may have been.
func (q *past) judge(ctx context.Context, page *pastPage, r *pastRow) {
	if r == nil {
		return
	}
	s := q.sight(ctx, page.who.view(page.kind, policy.Read, q.at), r)
	if s.reached || s.uncertain {
		h := r.entity.Header()
		page.list = append(page.list, pastSeen{PastSighting{Sighting{h.ID, h.Owner, s.mask}, s.mask & r.erased, s.uncertain}, r})
	}
}

// pastBatch is how many records are rebuilt at once.
const pastBatch = 250

// walk rebuilds the asking firm's records of a kind in the order of their
// ids, until the page is full or PastLimit were looked at.
func (p *Past) walk(ctx context.Context, viewer Viewer, kind *schema.Kind, span Span, done func(*past, *pastPage) error) error {
	if err := span.check(); err != nil {
		return err
	}
	return p.inquire(ctx, Command{Verb: askedPast, Kind: kind}, func(q *past) error {
		who, err := q.viewer(ctx, viewer)
		if err != nil {
			return err
		}
		page := &pastPage{who: who, kind: kind, through: span.After}
		for looked := 0; ; looked += pastBatch {
			if looked >= PastLimit {
				page.hasNext = true
				break
			}
			more, err := q.batch(ctx, page, span.First)
			if err != nil {
				return err
			}
			if !more {
				break
			}
		}
		return done(q, page)
	})
}

// batch looks at the next records, and tells whether to go on.
func (q *past) batch(ctx context.Context, page *pastPage, most int) (bool, error) {
	const statement = `
		SELECT r.id
		FROM records r
		WHERE r.owner_firm_id = $1 AND r.kind = $2 AND r.id > $3
		ORDER BY r.id
		LIMIT $4`
	rows, err := q.tx.Query(ctx, statement, uuid(q.principal.Firm.ID()), page.kind.Name, [16]byte(page.through), pastBatch)
	if err != nil {
		return false, err
	}
	next, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err != nil || len(next) == 0 {
		return false, err
	}
	found, err := pastRows(ctx, q.tx, page.kind, ids(next), q.at)
	if err != nil {
		return false, err
	}
	for _, id := range next {
		if r := found[id]; r.there() && r.entity.Header().Own() {
			before := len(page.list)
			q.judge(ctx, page, r)
			if len(page.list) > most {
				page.list, page.hasNext = page.list[:before], true
				return false, nil
			}
		}
		page.through = id
	}
	return len(next) == pastBatch, nil
}

// latest gives how often fields of a row were given a value, as a reader of
// these fields is told its version, and when the last of them was.
func latest(h *schema.Record, seen schema.Mask) (version int64, at time.Time) {
	version, at = 1, h.CreatedAt
	for bit, count := range h.FieldVersions {
		if seen.Has(bit) && bit < len(h.FieldTimes) {
			version += max(count-1, 0)
			if h.FieldTimes[bit].After(at) {
				at = h.FieldTimes[bit]
			}
		}
	}
	return version, at
}
