package federation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/schema"
)

// What is pending of a link are records to look at: because they were changed,
// because something on which they hang was, or because all is looked at.
// Whatever may have changed what the peer may hold of a record puts it on the
// list after it was committed; a look before that, at whatever moment, does no
// harm.

// The lanes of what is pending.
const (
	laneLive  = 0
	laneBoth  = 1 // a live change of what a snapshot has yet to mention
	laneAgain = 2 // a snapshot, or what a rewind repeats
)

// noted is a record to look at, with what is known to have been changed in it.
type noted struct {
	key
	// As in partners.Wanted.
	fields schema.Mask
	since  int64
}

// pending is a record to look at.
type pending struct {
	noted
	seq  int64
	lane int
}

// due lists what to look at next: live changes first, with room left for a
// snapshot that runs beside them.
func (s *store) due(ctx context.Context, l pair) ([]pending, error) {
	const statement = `
		(SELECT p.kind, p.id, p.fields, coalesce(p.since, 0), p.seq, p.lane
		FROM federation_pending p
		WHERE p.firm_id = $1 AND p.peer_id = $2 AND p.lane IN (0, 1)
		ORDER BY p.lane, p.seq
		LIMIT $4)
		UNION ALL
		(SELECT p.kind, p.id, p.fields, coalesce(p.since, 0), p.seq, p.lane
		FROM federation_pending p
		WHERE p.firm_id = $1 AND p.peer_id = $2 AND p.lane = 2
		ORDER BY p.seq
		LIMIT $3)`
	rows, err := s.pool.Query(ctx, statement, l.Firm, l.Peer, maxItems, maxItems*4/5)
	if err != nil {
		return nil, fmt.Errorf("read what is pending: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p pending, err error) {
		var fields int64
		err = row.Scan(&p.Kind, &p.ID, &fields, &p.since, &p.seq, &p.lane)
		p.fields = schema.Mask(fields)
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what is pending: %w", err)
	}
	return list[:min(len(list), maxItems)], nil
}

// done takes records off the list, unless they changed again meanwhile.
func done(b *pgx.Batch, l pair, list []pending) {
	ids, seqs := make([][16]byte, len(list)), make([]int64, len(list))
	for i, p := range list {
		ids[i], seqs[i] = p.ID, p.seq
	}
	// A number belongs to one record, so that two lists are as good as a list of pairs.
	const statement = `
		DELETE FROM federation_pending p
		WHERE p.firm_id = $1 AND p.peer_id = $2 AND p.id = ANY ($3) AND p.seq = ANY ($4)`
	b.Queue(statement, l.Firm, l.Peer, ids, seqs)
}

// again counts, up to one batch and one more, what is pending of a snapshot or
// a repetition.
func (s *store) again(ctx context.Context, l pair) (int, error) {
	const statement = `
		SELECT count(*)
		FROM (
			SELECT FROM federation_pending p
			WHERE p.firm_id = $1 AND p.peer_id = $2 AND p.lane > 0
			LIMIT $3) q`
	var n int
	if err := s.pool.QueryRow(ctx, statement, l.Firm, l.Peer, maxItems+1).Scan(&n); err != nil {
		return 0, fmt.Errorf("read what is pending: %w", err)
	}
	return n, nil
}

// enqueue makes records pending for a link. What is pending already is looked
// at again, even if it is being sent just now.
func enqueue(b *pgx.Batch, l pair, lane int, list []noted) {
	if len(list) == 0 {
		return
	}
	kinds, ids := make([]string, len(list)), make([][16]byte, len(list))
	fields, since := make([]int64, len(list)), make([]int64, len(list))
	for i, k := range list {
		kinds[i], ids[i], fields[i], since[i] = k.Kind, k.ID, int64(k.fields), k.since
	}
	const statement = `
		INSERT INTO federation_pending AS p (firm_id, peer_id, kind, id, lane, fields, since)
		SELECT $1::uuid, $2::uuid, min(k.kind), k.id, $5::smallint, bit_or(k.fields), min(nullif(k.since, 0))
		FROM unnest($3::text[], $4::uuid[], $6::bigint[], $7::bigint[]) AS k (kind, id, fields, since)
		GROUP BY k.id
		ORDER BY k.id
		ON CONFLICT (firm_id, peer_id, id) DO UPDATE
		SET seq = excluded.seq, lane = CASE p.lane WHEN excluded.lane THEN p.lane ELSE 1 END,
			fields = p.fields | excluded.fields, since = least(p.since, excluded.since)` // of NULL and a number, the number
	b.Queue(statement, l.Firm, l.Peer, kinds, ids, lane, fields, since)
}

// enqueueChildren makes pending, on the links of their owners, what belongs to
// a record that has moved. They have moved with it.
func enqueueChildren(b *pgx.Batch, peer schema.FirmID, list []partners.Neighbour) {
	if len(list) == 0 {
		return
	}
	firms, kinds, ids := neighbours(list)
	moved := partners.Moved
	const statement = `
		INSERT INTO federation_pending AS p (firm_id, peer_id, kind, id, lane, fields)
		SELECT k.firm, $1::uuid, k.kind, k.id, $5::smallint, $6::bigint
		FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS k (firm, kind, id)
		JOIN federation_links l ON l.firm_id = k.firm AND l.peer_id = $1
		ORDER BY k.firm, k.id
		ON CONFLICT (firm_id, peer_id, id) DO UPDATE
		SET seq = excluded.seq, fields = p.fields | excluded.fields, lane = CASE p.lane WHEN excluded.lane THEN p.lane ELSE 1 END`
	b.Queue(statement, peer, firms, kinds, ids, laneLive, int64(moved))
}

// enqueueReferrers makes pending, on the links of their owners, what names a
// record that has moved, if the peer holds it or it is being sent just now:
// whoever sees it later is sent it as it is then.
func enqueueReferrers(b *pgx.Batch, peer schema.FirmID, list []partners.Neighbour) {
	if len(list) == 0 {
		return
	}
	firms, kinds, ids := neighbours(list)
	const statement = `
		INSERT INTO federation_pending AS p (firm_id, peer_id, kind, id, lane)
		SELECT DISTINCT ON (k.firm, k.id) k.firm, $1::uuid, k.kind, k.id, $5::smallint
		FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS k (firm, kind, id)
		WHERE EXISTS (SELECT FROM federation_exposures x WHERE x.firm_id = k.firm AND x.peer_id = $1 AND x.id = k.id AND x.shown <> 0)
			OR EXISTS (SELECT FROM federation_pending q WHERE q.firm_id = k.firm AND q.peer_id = $1 AND q.id = k.id)
		ORDER BY k.firm, k.id
		ON CONFLICT (firm_id, peer_id, id) DO UPDATE
		SET seq = excluded.seq, lane = CASE p.lane WHEN excluded.lane THEN p.lane ELSE 1 END`
	b.Queue(statement, peer, firms, kinds, ids, laneLive)
}

// neighbours turns neighbours into the arrays that SQL takes.
func neighbours(list []partners.Neighbour) (firms [][16]byte, kinds []string, ids [][16]byte) {
	for _, n := range list {
		firms, kinds, ids = append(firms, n.Owner), append(kinds, n.Kind.Name), append(ids, n.ID)
	}
	return firms, kinds, ids
}
