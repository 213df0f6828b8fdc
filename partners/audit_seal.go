package partners

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"fondaco/schema"
)

// sealPage is how many lines are sealed in one transaction.
const sealPage = 1000

// beginning is a snapshot that has seen nothing.
const beginning = "3:3:"

// Seal seals what the ledger gained since the last time, for each firm in the
// order of the tail, and says how many lines. A line that commits late is
// sealed late, and never left out.
func (s *Service) Seal(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := s.sealPage(ctx)
		total += n
		if err != nil || n < sealPage {
			return total, err
		}
	}
}

// lockSeal waits for the turn to seal, and gives the place up to which the
// ledger is sealed and the ledger's epoch.
func lockSeal(ctx context.Context, tx pgx.Tx) (cursor Cursor, epoch string, err error) {
	const statement = `
		SELECT t.cursor, e.epoch::text, set_config('fondaco.tail', 'on', true)
		FROM audit_tail t
		CROSS JOIN ledger_epoch e
		FOR UPDATE OF t`
	var on string
	err = tx.QueryRow(ctx, statement).Scan(&cursor, &epoch, &on)
	return cursor, epoch, err
}

func (s *Service) sealPage(ctx context.Context) (int, error) {
	sealed := 0
	err := s.transact(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		cursor, epoch, err := lockSeal(ctx, tx)
		if err != nil {
			return err
		}
		var until string
		if err := tx.QueryRow(ctx, "SELECT pg_current_snapshot()::text").Scan(&until); err != nil {
			return err
		}
		from, after, err := splitCursor(cursor)
		if err != nil || from.epoch != epoch {
			from, after = position{from: beginning}, 0 // the first time, or after a restore: what is sealed already is passed over
		}
		if from.until != "" {
			until = from.until
		}
		lines, err := unsealed(ctx, tx, from.from, until, after)
		if err != nil {
			return err
		}
		next := until + "/" + epoch
		if sealed = len(lines); sealed == sealPage {
			next = fmt.Sprintf("%s/%s/%s/%d", from.from, epoch, until, lines[sealed-1].Seq)
		}
		leaves := make([]leaf, sealed)
		for i := range lines {
			leaves[i] = lines[i].leaf()
		}
		if err := seal(ctx, tx, leaves); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE audit_tail SET cursor = $1", next)
		return err
	})
	return sealed, err
}

// unsealed gives the lines between two snapshots that no leaf names yet.
func unsealed(ctx context.Context, tx pgx.Tx, from, until string, after int64) ([]ledgerLine, error) {
	const statement = `
		SELECT ` + ledgerColumns + `
		FROM changes c
		WHERE c.xid >= pg_snapshot_xmin($1::pg_snapshot)
			AND NOT pg_visible_in_snapshot(c.xid, $1::pg_snapshot)
			AND pg_visible_in_snapshot(c.xid, $2::pg_snapshot)
			AND c.seq > $3
			AND NOT EXISTS (SELECT FROM audit_leaves l WHERE l.line = c.seq AND l.source = 0)
		ORDER BY c.seq
		LIMIT $4`
	rows, err := tx.Query(ctx, statement, from, until, after, sealPage)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanLedgerLine)
}

// A tree is a firm's Merkle tree, of which the hashes that are needed to go
// on are known: for each level that of the last subtree that is complete.
type tree struct {
	size int64
	last [64]struct {
		number int64 // of the subtree, from 1; 0 for none
		hash   tlog.Hash
	}
}

// ReadHashes gives known hashes to package tlog.
func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, number := tlog.SplitStoredHashIndex(index)
		if t.last[level].number != number+1 {
			return nil, fmt.Errorf("the seal lacks its hash %d", index)
		}
		list[i] = t.last[level].hash
	}
	return list, nil
}

// add takes a line in, and gives the hashes to be stored with it.
func (t *tree) add(record tlog.Hash) ([]tlog.Hash, error) {
	hashes, err := tlog.StoredHashesForRecordHash(t.size, record, t)
	if err != nil {
		return nil, err
	}
	t.learn(t.size, hashes)
	t.size++
	return hashes, nil
}

// learn notes the hashes stored with a line, which are those of the subtrees
// that end with it.
func (t *tree) learn(number int64, hashes []tlog.Hash) {
	for level, h := range hashes {
		if complete := (number + 1) >> level; complete >= t.last[level].number {
			t.last[level].number, t.last[level].hash = complete, h
		}
	}
}

func (t *tree) root() (tlog.Hash, error) { return tlog.TreeHash(t.size, t) }

// seal appends the leaves to their firms' trees. The caller holds the lock.
func seal(ctx context.Context, tx pgx.Tx, leaves []leaf) error {
	if len(leaves) == 0 {
		return nil
	}
	trees, err := loadTrees(ctx, tx, leaves)
	if err != nil {
		return err
	}
	firms, numbers, hashes := make([][16]byte, len(leaves)), make([]int64, len(leaves)), make([][]byte, len(leaves))
	sources, lines, times := make([]int16, len(leaves)), make([]int64, len(leaves)), make([]time.Time, len(leaves))
	for i, l := range leaves {
		t := trees[l.firm]
		firms[i], numbers[i], sources[i], lines[i], times[i] = l.firm, t.size, l.source, l.line, l.at
		stored, err := t.add(tlog.RecordHash(l.data))
		if err != nil {
			return err
		}
		for _, h := range stored {
			hashes[i] = append(hashes[i], h[:]...)
		}
	}
	const statement = `
		INSERT INTO audit_leaves (firm_id, number, source, line, at, hashes)
		SELECT u.firm, u.number, u.source, u.line, u.at, u.hashes
		FROM unnest($1::uuid[], $2::bigint[], $3::smallint[], $4::bigint[], $5::timestamptz[], $6::bytea[]) AS u (firm, number, source, line, at, hashes)`
	_, err = tx.Exec(ctx, statement, firms, numbers, sources, lines, times, hashes)
	return err
}

// loadTrees reads, for the firms of the leaves, where their trees end.
func loadTrees(ctx context.Context, tx pgx.Tx, leaves []leaf) (map[schema.FirmID]*tree, error) {
	trees := map[schema.FirmID]*tree{}
	var firms [][16]byte
	for _, l := range leaves {
		if trees[l.firm] == nil {
			trees[l.firm], firms = &tree{}, append(firms, l.firm)
		}
	}
	const ends = `
		SELECT f.id, coalesce((SELECT l.number + 1 FROM audit_leaves l WHERE l.firm_id = f.id ORDER BY l.number DESC LIMIT 1), 0)
		FROM unnest($1::uuid[]) AS f (id)`
	rows, err := tx.Query(ctx, ends, firms)
	if err != nil {
		return nil, err
	}
	var of [][16]byte
	var at []int64
	var firm schema.FirmID
	var size int64
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&firm), &size}, func() error {
		trees[firm].size = size
		// The last line below each full subtree has that subtree's hash.
		for level := 0; size>>level > 0; level++ {
			if size>>level&1 == 1 {
				of, at = append(of, [16]byte(firm)), append(at, size>>level<<level-1)
			}
		}
		return nil
	})
	if err != nil || len(of) == 0 {
		return trees, err
	}
	const frontier = `
		SELECT l.firm_id, l.number, l.hashes
		FROM unnest($1::uuid[], $2::bigint[]) AS u (firm, number)
		JOIN audit_leaves l ON l.firm_id = u.firm AND l.number = u.number`
	if rows, err = tx.Query(ctx, frontier, of, at); err != nil {
		return nil, err
	}
	var number int64
	var stored []byte
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&firm), &number, &stored}, func() error {
		trees[firm].learn(number, splitHashes(stored))
		return nil
	})
	return trees, err
}

// splitHashes takes stored hashes apart.
func splitHashes(stored []byte) []tlog.Hash {
	list := make([]tlog.Hash, len(stored)/tlog.HashSize)
	for i := range list {
		copy(list[i][:], stored[i*tlog.HashSize:])
	}
	return list
}
