package partners

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// appendLedger writes the line of one change, in the transaction that made
// it at an instant. before is nil for a new record. It is called after the row
// is locked or written, so that the order of seq is the order of the changes
// of a record.
func appendLedger(ctx context.Context, tx pgx.Tx, p policy.Principal, at time.Time, op schema.Op, before, after schema.Entity, fields schema.Mask) error {
	line := ledgerEntry{principal: p, at: at, op: op, kind: schema.KindOf(after), header: after.Header(), fields: fields}
	if line.header.Own() || remembered(line.kind) {
		if err := line.addValues(before, after); err != nil {
			return err
		}
	}
	return line.write(ctx, tx)
}

// remembered tells of which kinds the values of a copy are kept in its history
// too. The history of a record is its owner's, and of a copy no value is kept
// beside it, so that it can be taken back whole; but what another firm said to
// this one about what the two share decides who saw what here, and stays.
func remembered(k *schema.Kind) bool {
	return k == schema.Partnerships || k == schema.Acceptances || k == schema.Agreements
}

// ledgerEntry is a line of the ledger that is about to be written.
type ledgerEntry struct {
	principal policy.Principal
	at        time.Time // by this node's clock: a copy bears its owner's times
	op        schema.Op
	kind      *schema.Kind
	header    *schema.Record
	fields    schema.Mask
	values    []changedValue // in the order of the bits
	hashes    []byte
}

// write appends the line with its values.
func (l *ledgerEntry) write(ctx context.Context, tx pgx.Tx) error {
	// One statement for the line and its values: a write has many, and each waits for an answer.
	const statement = `
		WITH line AS (
			INSERT INTO changes (at, holder_firm_id, owner_firm_id, kind, id, version, op, fields, actor, actor_firm_id, via, cause, hashes)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
			RETURNING seq
		)
		INSERT INTO change_values (seq, field, holder_firm_id, before, after, salt)
		SELECT l.seq, v.field, $2, v.before::jsonb, v.after::jsonb, v.salt
		FROM line l
		CROSS JOIN unnest($14::smallint[], $15::text[], $16::text[], $17::bytea[]) AS v (field, before, after, salt)`
	n, h, p := len(l.values), l.header, &l.principal
	places, befores, afters, salts := make([]int16, n), make([]*string, n), make([]*string, n), make([][]byte, n)
	for i, v := range l.values {
		places[i], befores[i], afters[i], salts[i] = v.field, textOf(v.before), textOf(v.after), v.salt
	}
	hashes := l.hashes
	if hashes == nil {
		hashes = []byte{} // nil would be NULL
	}
	_, err := tx.Exec(ctx, statement, l.at, uuid(h.Holder.ID()), uuid(h.Owner.ID()), l.kind.Name, uuid(h.ID), h.Version, string(l.op),
		int64(l.fields), uuid(p.User.ID()), uuid(p.Firm.ID()), p.Via, p.Cause, hashes, places, befores, afters, salts)
	if err != nil {
		return fmt.Errorf("append to the ledger: %w", err)
	}
	return nil
}

// textOf gives JSON as text, nil for NULL.
func textOf(raw json.RawMessage) *string {
	if raw == nil {
		return nil
	}
	s := string(raw)
	return &s
}

type changedValue struct {
	field         int16
	before, after json.RawMessage
	salt          []byte
}

// newChangedValue salts a value: its hash stays in the line when the value and
// its salt are erased.
func newChangedValue(field int, before, after json.RawMessage) changedValue {
	v := changedValue{field: int16(field), before: before, after: after, salt: make([]byte, 16)}
	_, _ = rand.Read(v.salt) // never fails since Go 1.24
	return v
}

// add puts a value into the line, with its hash.
func (l *ledgerEntry) add(v changedValue) {
	sum := valueHash(v.salt, v.before, v.after)
	l.values, l.hashes = append(l.values, v), append(l.hashes, sum[:]...)
}

// addValues adds the values of the changed fields.
func (l *ledgerEntry) addValues(before, after schema.Entity) error {
	for _, f := range l.kind.Fields {
		if !l.fields.Has(f.Bit) {
			continue
		}
		is, err := f.EncodeValue(f.Value(after))
		if err != nil {
			return err
		}
		var was json.RawMessage
		if before != nil {
			if was, err = f.EncodeValue(f.Value(before)); err != nil {
				return err
			}
		}
		l.add(newChangedValue(f.Bit, was, is))
	}
	return nil
}

// Cursor is a place in the ledger: which transactions had ended when it was
// taken, and in which history. A number would not do: transactions commit in
// another order than they take their numbers.
type Cursor string

// ErrHistory tells that a cursor belongs to another history of the database,
// as after a restore. Its reader begins anew.
var ErrHistory = errors.New("the cursor belongs to another history of this database, which was restored; read all anew")

// Position gives the present end of the ledger.
func (s *Service) Position(ctx context.Context) (Cursor, error) {
	var cursor string
	err := s.pool.QueryRow(ctx, "SELECT pg_current_snapshot()::text || '/' || e.epoch FROM ledger_epoch e").Scan(&cursor)
	return Cursor(cursor), classify(err)
}

// Tail gives what was committed since the cursor, at most so many lines in
// the order of the ledger, and the cursor behind them. It never skips a
// change, however late its transaction commits, and never waits for a
// transaction that is still open. No lines and no error: there is no news.
func (s *Service) Tail(ctx context.Context, from Cursor, most int) ([]schema.Change, Cursor, error) {
	var changes []schema.Change
	var next Cursor
	err := s.transact(ctx, readOnly, func(tx pgx.Tx) error {
		position, offset, err := splitCursor(from)
		if err != nil {
			return err
		}
		var epoch, now string
		// The tail is the node's own and reads the lines of all firms, which the fence allows to whom says so.
		const begin = "SELECT e.epoch::text, pg_current_snapshot()::text, set_config('fondaco.tail', 'on', true) FROM ledger_epoch e"
		var on string
		sent := s.Now()
		if err := tx.QueryRow(ctx, begin).Scan(&epoch, &now, &on); err != nil {
			return err
		}
		s.sighted(sent)
		if position.epoch != epoch {
			return ErrHistory
		}
		// A large gap is paged between two fixed snapshots: the one at which the reader stands and the one at which paging began.
		until := now
		if position.until != "" {
			until = position.until
		}
		changes, err = tailBetween(ctx, tx, position.from, until, offset, most+1)
		if err != nil {
			return err
		}
		if len(changes) > most {
			changes = changes[:most]
			next = Cursor(fmt.Sprintf("%s/%s/%s/%d", position.from, epoch, until, changes[most-1].Seq))
			return nil
		}
		next = Cursor(until + "/" + epoch)
		return nil
	})
	return changes, next, err
}

type position struct{ from, epoch, until string }

// splitCursor reads "snapshot/epoch" or, inside a large gap,
// "snapshot/epoch/until/seq".
func splitCursor(c Cursor) (position, int64, error) {
	parts := strings.Split(string(c), "/")
	switch len(parts) {
	case 2:
		return position{from: parts[0], epoch: parts[1]}, 0, nil
	case 4:
		var seq int64
		if _, err := fmt.Sscan(parts[3], &seq); err == nil {
			return position{parts[0], parts[1], parts[2]}, seq, nil
		}
	}
	return position{}, 0, &schema.Error{Code: schema.CodeInvalid, Op: "tail", Field: "cursor", Message: "this is no cursor of the ledger"}
}

func tailBetween(ctx context.Context, tx pgx.Tx, from, until string, after int64, most int) ([]schema.Change, error) {
	const statement = `
		SELECT c.seq, c.at, c.holder_firm_id, c.owner_firm_id, c.kind, c.id, c.version, c.op, c.fields,
			coalesce(c.actor, '00000000-0000-0000-0000-000000000000'), c.actor_firm_id, c.via, c.cause
		FROM changes c
		WHERE c.xid >= pg_snapshot_xmin($1::pg_snapshot)
			AND NOT pg_visible_in_snapshot(c.xid, $1::pg_snapshot)
			AND pg_visible_in_snapshot(c.xid, $2::pg_snapshot)
			AND c.seq > $3
		ORDER BY c.seq
		LIMIT $4`
	rows, err := tx.Query(ctx, statement, from, until, after, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanChange)
}

func scanChange(row pgx.CollectableRow) (c schema.Change, err error) {
	var kind, op string
	var fields int64
	err = row.Scan(&c.Seq, &c.At, (*[16]byte)(&c.Holder), (*[16]byte)(&c.Owner), &kind, (*[16]byte)(&c.ID), &c.Version, &op, &fields,
		(*[16]byte)(&c.Actor), (*[16]byte)(&c.Firm), &c.Via, &c.Cause)
	c.Kind, c.Op, c.Fields, c.At = schema.KindNamed(kind), schema.Op(op), schema.Mask(fields), c.At.UTC()
	return c, err
}

// news tells waiting readers of the ledger, within this process, that a
// transaction has committed.
type news struct {
	mu   sync.Mutex
	next chan struct{}
}

func (n *news) tell() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.next)
	n.next = make(chan struct{})
}

// News gives a channel that is closed when the next write of this process has
// committed. Take it before you read the ledger, so that nothing falls
// between. Other processes' writes need a poll beside it.
func (s *Service) News() <-chan struct{} {
	s.news.mu.Lock()
	defer s.news.mu.Unlock()
	return s.news.next
}
