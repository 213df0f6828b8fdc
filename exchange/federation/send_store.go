package federation

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/exchange/federation/link"
	"fondaco/schema"
)

// What the sending side of a link keeps beside what is pending: which batches
// carried which records, and who ever received what.

// keptBatches is how many confirmed batches of a link are remembered. A
// receiver that was set back further needs a snapshot.
const keptBatches = 1000

// exposure is what is known of what a peer received of a record.
type exposure struct {
	Shown       schema.Mask
	Fingerprint []byte // nil while it is not known what the peer holds
	LastNumber  int64
	Redacted    bool
}

// exposures reads what the peer received of these records.
func (s *store) exposures(ctx context.Context, l pair, keys []key) (map[key]exposure, error) {
	_, ids := columns(keys)
	const statement = `
		SELECT x.kind, x.id, x.shown, x.fingerprint, x.last_number, x.redacted_at IS NOT NULL
		FROM federation_exposures x
		WHERE x.firm_id = $1 AND x.peer_id = $2 AND x.id = ANY ($3)`
	rows, err := s.pool.Query(ctx, statement, l.Firm, l.Peer, ids)
	if err != nil {
		return nil, fmt.Errorf("read exposures: %w", err)
	}
	found := map[key]exposure{}
	var k key
	var x exposure
	var shown int64
	_, err = pgx.ForEachRow(rows, []any{&k.Kind, &k.ID, &shown, &x.Fingerprint, &x.LastNumber, &x.Redacted}, func() error {
		x.Shown = schema.Mask(shown)
		found[k] = x
		x.Fingerprint = nil
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read exposures: %w", err)
	}
	return found, nil
}

// sent is one record of a batch, as it is remembered.
type sent struct {
	key
	mask        schema.Mask
	version     int64
	fingerprint []byte
}

// expose remembers what a batch shows, before it is published: the peer never
// holds anything that we do not know of.
func expose(b *pgx.Batch, l pair, h link.Header, list []sent, now time.Time) {
	n := len(list)
	keys := make([]key, n)
	masks, versions, prints := make([]int64, n), make([]int64, n), make([][]byte, n)
	withdraws := false
	for i, s := range list {
		keys[i], masks[i], versions[i], prints[i] = s.key, int64(s.mask), s.version, s.fingerprint
		withdraws = withdraws || s.mask == 0
	}
	kinds, ids := columns(keys)
	const statement = `
		INSERT INTO federation_exposures AS x (firm_id, peer_id, kind, id, mask, shown, version, fingerprint, first_sent, last_sent, last_number)
		SELECT $1, $2, k.kind, k.id, k.mask, k.mask, k.version, k.fingerprint, $7, $7, $8
		FROM unnest($3::text[], $4::uuid[], $5::bigint[], $6::bigint[], $9::bytea[]) AS k (kind, id, mask, version, fingerprint)
		ON CONFLICT (firm_id, peer_id, id) DO UPDATE
		SET mask = x.mask | excluded.mask,
			shown = excluded.shown,
			version = excluded.version,
			fingerprint = excluded.fingerprint,
			last_sent = excluded.last_sent,
			last_number = excluded.last_number,
			redacted_at = NULL`
	b.Queue(statement, l.Firm, l.Peer, kinds, ids, masks, versions, now, h.Number, prints)
	const memo = `
		INSERT INTO federation_batches (firm_id, peer_id, number, epoch, token, kinds, ids, withdraws, built_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	b.Queue(memo, l.Firm, l.Peer, h.Number, h.Epoch, h.Token[:], kinds, ids, withdraws, now)
}

// remembered finds a reported token among the batches of a link.
func (s *store) remembered(ctx context.Context, l pair, token link.Token, last int64) (link.Memory, error) {
	const statement = `
		SELECT o.oldest, coalesce(b.epoch, 0), coalesce(b.number, 0), b.token IS NOT NULL
		FROM (
			SELECT coalesce(min(b.number), $4) AS oldest
			FROM federation_batches b
			WHERE b.firm_id = $1 AND b.peer_id = $2) o
		LEFT JOIN federation_batches b ON b.firm_id = $1 AND b.peer_id = $2 AND b.token = $3`
	var m link.Memory
	err := s.pool.QueryRow(ctx, statement, l.Firm, l.Peer, token[:], last+1).Scan(&m.Oldest, &m.Epoch, &m.Number, &m.Known)
	if err != nil {
		return m, fmt.Errorf("read batches: %w", err)
	}
	return m, nil
}

// carry does what a step of the sender asks for. message is the signed report
// that led to it, or nil.
func carry(b *pgx.Batch, l pair, e link.Effect, message []byte, now time.Time) {
	if len(e.Confirmed) > 0 {
		confirm(b, l, e.Confirmed, message, now)
	}
	switch {
	case e.Everything:
		everything(b, l)
	case e.Requeue:
		requeue(b, l, e.After)
	}
}

// confirm notes that batches were committed by the peer. The signed report is
// the receipt for what they took back.
func confirm(b *pgx.Batch, l pair, numbers []int64, message []byte, now time.Time) {
	const statement = `
		WITH confirmed AS (
			UPDATE federation_batches b
			SET confirmed_at = $4
			WHERE b.firm_id = $1 AND b.peer_id = $2 AND b.number = ANY ($3)
			RETURNING b.number, b.ids, b.withdraws),
		receipt AS (
			INSERT INTO federation_receipts (firm_id, peer_id, message, received_at)
			SELECT $1, $2, $5, $4
			WHERE EXISTS (SELECT FROM confirmed c WHERE c.withdraws)
			RETURNING receipt)
		UPDATE federation_exposures x
		SET redacted_at = $4, receipt = r.receipt
		FROM confirmed c, receipt r
		WHERE c.withdraws
			AND x.firm_id = $1 AND x.peer_id = $2 AND x.id = ANY (c.ids)
			AND x.shown = 0 AND x.last_number = c.number AND x.fingerprint IS NOT NULL`
	b.Queue(statement, l.Firm, l.Peer, numbers, now, message)
}

// requeue makes pending what batches after a number carried.
func requeue(b *pgx.Batch, l pair, after int64) {
	const statement = `
		WITH carried AS (
			SELECT DISTINCT ON (k.id) k.kind, k.id
			FROM federation_batches b, unnest(b.kinds, b.ids) AS k (kind, id)
			WHERE b.firm_id = $1 AND b.peer_id = $2 AND b.number > $3
			ORDER BY k.id),
		forgotten AS (
			UPDATE federation_exposures x
			SET fingerprint = NULL, redacted_at = NULL
			WHERE x.firm_id = $1 AND x.peer_id = $2 AND x.id = ANY (ARRAY(SELECT c.id FROM carried c)))
		INSERT INTO federation_pending AS p (firm_id, peer_id, kind, id, lane)
		SELECT $1, $2, c.kind, c.id, 2
		FROM carried c
		ON CONFLICT (firm_id, peer_id, id) DO UPDATE
		SET seq = excluded.seq, lane = CASE p.lane WHEN 2 THEN 2 ELSE 1 END`
	b.Queue(statement, l.Firm, l.Peer, after)
}

// everything makes pending what the peer may hold, and lets the filler add
// what it may see.
func everything(b *pgx.Batch, l pair) {
	const statement = `
		WITH held AS (
			UPDATE federation_exposures x
			SET fingerprint = NULL
			WHERE x.firm_id = $1 AND x.peer_id = $2 AND x.redacted_at IS NULL
			RETURNING x.kind, x.id)
		INSERT INTO federation_pending AS p (firm_id, peer_id, kind, id, lane)
		SELECT $1, $2, h.kind, h.id, 2
		FROM held h
		ON CONFLICT (firm_id, peer_id, id) DO UPDATE
		SET seq = excluded.seq, lane = CASE p.lane WHEN 2 THEN 2 ELSE 1 END`
	b.Queue(statement, l.Firm, l.Peer)
	filling(b, l, true)
}

// filling marks that the ids of what the peer may see are being collected.
func filling(b *pgx.Batch, l pair, on bool) {
	b.Queue("UPDATE federation_links SET filling = $3 WHERE firm_id = $1 AND peer_id = $2", l.Firm, l.Peer, on)
}

// prune forgets batches that were confirmed long ago.
func (s *store) prune(ctx context.Context, l pair, acked int64) error {
	const statement = "DELETE FROM federation_batches b WHERE b.firm_id = $1 AND b.peer_id = $2 AND b.number <= $3"
	if _, err := s.pool.Exec(ctx, statement, l.Firm, l.Peer, acked-keptBatches); err != nil {
		return fmt.Errorf("forget batches: %w", err)
	}
	return nil
}

// setAside notes a record that could not be sent or taken.
func setAside(b *pgx.Batch, l pair, flow string, k key, record []byte, reason string, now time.Time) {
	const statement = `
		INSERT INTO federation_quarantine (firm_id, peer_id, flow, kind, id, record, reason, schema, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (firm_id, peer_id, flow, id) DO UPDATE
		SET record = excluded.record, reason = excluded.reason, schema = excluded.schema, at = excluded.at`
	b.Queue(statement, l.Firm, l.Peer, flow, k.Kind, k.ID, record, reason, schemaVersion, now)
}

// beginRescan makes pending all that the peer holds, ahead of all else, and
// lets the filler add what it may see. until is when that has to be done again.
func beginRescan(b *pgx.Batch, l pair, until *time.Time) {
	const held = `
		INSERT INTO federation_pending AS p (firm_id, peer_id, kind, id, lane)
		SELECT x.firm_id, x.peer_id, x.kind, x.id, 0
		FROM federation_exposures x
		WHERE x.firm_id = $1 AND x.peer_id = $2 AND x.redacted_at IS NULL
		ON CONFLICT (firm_id, peer_id, id) DO UPDATE
		SET seq = excluded.seq, lane = CASE p.lane WHEN 0 THEN 0 ELSE 1 END`
	b.Queue(held, l.Firm, l.Peer)
	const begin = "UPDATE federation_links SET rescan = false, filling = true, until = $3 WHERE firm_id = $1 AND peer_id = $2"
	b.Queue(begin, l.Firm, l.Peer, until)
}
