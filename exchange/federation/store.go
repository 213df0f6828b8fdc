package federation

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"fondaco/exchange/federation/link"
	"fondaco/schema"
)

// store keeps what the links remember, in tables of this package alone.
type store struct{ pool *pgxpool.Pool }

// pair is a firm on this node and a firm on another one.
type pair struct{ Firm, Peer schema.FirmID }

// peering is a pairing as it is stored.
type peering struct {
	pair
	Name      string
	Key       ed25519.PublicKey
	Transport string
	Hub       string // "" for our own server
	Pin       string
	PairedAt  time.Time
	Broken    string
	Alarm     string
	AlarmAt   *time.Time
	HeardAt   *time.Time
	Sender    link.Sender
	Steps     int64
	Filling   bool
	Rescan    bool
	Until     *time.Time
	Receiver  link.Position
}

const peeringColumns = `
	l.firm_id, l.peer_id, l.peer_name, l.peer_key, l.peer_transport, l.hub, l.pin, l.paired_at, l.broken, l.alarm, l.alarm_at,
	l.heard_at, l.sender, l.steps, l.filling, l.rescan, l.until, l.epoch, l.number, l.token, l.withdrawn`

func scanPeering(row pgx.CollectableRow) (p peering, err error) {
	var key, sender, token []byte
	err = row.Scan(&p.Firm, &p.Peer, &p.Name, &key, &p.Transport, &p.Hub, &p.Pin, &p.PairedAt, &p.Broken, &p.Alarm, &p.AlarmAt,
		&p.HeardAt, &sender, &p.Steps, &p.Filling, &p.Rescan, &p.Until, &p.Receiver.Epoch, &p.Receiver.Number, &token, &p.Receiver.Withdrawn)
	if err != nil {
		return p, err
	}
	p.Key = key
	copy(p.Receiver.Token[:], token)
	return p, json.Unmarshal(sender, &p.Sender)
}

// peerings lists all pairings.
func (s *store) peerings(ctx context.Context) ([]peering, error) {
	rows, err := s.pool.Query(ctx, "SELECT "+peeringColumns+" FROM federation_links l ORDER BY l.firm_id, l.peer_id")
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanPeering)
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	return list, nil
}

// peering reads one pairing.
func (s *store) peering(ctx context.Context, l pair) (peering, error) {
	rows, err := s.pool.Query(ctx, "SELECT "+peeringColumns+" FROM federation_links l WHERE l.firm_id = $1 AND l.peer_id = $2", l.Firm, l.Peer)
	if err != nil {
		return peering{}, fmt.Errorf("read link: %w", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, scanPeering)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, notPaired(l)
	}
	if err != nil {
		return p, fmt.Errorf("read link: %w", err)
	}
	return p, nil
}

// add stores a new pairing. One that exists gets the new keys and address,
// and is whole again.
func (s *store) add(ctx context.Context, p peering) error {
	sender, err := json.Marshal(p.Sender)
	if err != nil {
		return fmt.Errorf("encode link: %w", err)
	}
	const statement = `
		INSERT INTO federation_links (firm_id, peer_id, peer_name, peer_key, peer_transport, hub, pin, paired_at, sender)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (firm_id, peer_id) DO UPDATE
		SET peer_name = excluded.peer_name,
			peer_key = excluded.peer_key,
			peer_transport = excluded.peer_transport,
			hub = excluded.hub,
			pin = excluded.pin,
			paired_at = excluded.paired_at,
			broken = ''`
	_, err = s.pool.Exec(ctx, statement, p.Firm, p.Peer, p.Name, []byte(p.Key), p.Transport, p.Hub, p.Pin, p.PairedAt, sender)
	if err != nil {
		return fmt.Errorf("store link: %w", err)
	}
	return nil
}

// alarm notes what a person should look at; broken besides that nothing is
// taken from the peer any more.
func (s *store) alarm(ctx context.Context, l pair, broken bool, text string, now time.Time) error {
	const statement = `
		UPDATE federation_links
		SET alarm = $3, alarm_at = $4, broken = CASE WHEN $5 THEN $3 ELSE broken END
		WHERE firm_id = $1 AND peer_id = $2`
	if _, err := s.pool.Exec(ctx, statement, l.Firm, l.Peer, text, now, broken); err != nil {
		return fmt.Errorf("note alarm: %w", err)
	}
	return nil
}

// takeConfirmation tells whether a person has confirmed that a fenced link may
// go on, and takes that word away.
func (s *store) takeConfirmation(ctx context.Context, l pair) (bool, error) {
	const statement = "UPDATE federation_links SET confirmed = false WHERE firm_id = $1 AND peer_id = $2 AND confirmed"
	tag, err := s.pool.Exec(ctx, statement, l.Firm, l.Peer)
	if err != nil {
		return false, fmt.Errorf("read link: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// set changes one thing of a link on a person's word.
func (s *store) set(ctx context.Context, l pair, assignment string) error {
	tag, err := s.pool.Exec(ctx, "UPDATE federation_links SET "+assignment+" WHERE firm_id = $1 AND peer_id = $2", l.Firm, l.Peer)
	if err != nil {
		return fmt.Errorf("change link: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return notPaired(l)
	}
	return nil
}

func notPaired(l pair) error {
	return &schema.Error{
		Code: schema.CodeNotFound, Op: "link",
		Message: fmt.Sprintf("firm %s is not paired with firm %s; fondaco node list shows the pairs", l.Firm, l.Peer),
	}
}

// errOvertaken tells that the sending side of a link stands elsewhere than
// thought: what was stored last had an answer that got lost, or comes from
// another run of the link.
var errOvertaken = errors.New("the link stands elsewhere than thought: an answer of the database was lost, or another process " +
	"serves the same firm; if this is said again and again, stop one of the two")

// saveSender stores the state of the sending side after so many steps, and
// when the peer was heard, if it was. The transaction fails with errOvertaken
// if other steps were stored.
func saveSender(b *pgx.Batch, l pair, s *link.Sender, steps int64, heard *time.Time) error {
	state, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode link: %w", err)
	}
	const statement = `
		UPDATE federation_links
		SET sender = $3, steps = steps + 1, heard_at = coalesce($4, heard_at)
		WHERE firm_id = $1 AND peer_id = $2 AND steps = $5`
	b.Queue(statement, l.Firm, l.Peer, state, heard, steps).Exec(overtaken)
	return nil
}

// holdSender lets a transaction that leaves the sender as it is fail with
// errOvertaken if other than so many steps of it were stored.
func holdSender(b *pgx.Batch, l pair, steps int64) {
	const statement = "SELECT FROM federation_links WHERE firm_id = $1 AND peer_id = $2 AND steps = $3 FOR SHARE"
	b.Queue(statement, l.Firm, l.Peer, steps).Exec(overtaken)
}

func overtaken(tag pgconn.CommandTag) error {
	if tag.RowsAffected() != 1 {
		return errOvertaken
	}
	return nil
}

// sender runs batches: the pool, or a transaction of somebody else's.
type sender interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// commit carries out a batch in one round trip. On the pool that is one
// transaction, which an error of the database undoes; what a statement's own
// function finds wrong comes too late for it.
func commit(ctx context.Context, to sender, what string, b *pgx.Batch) error {
	if b.Len() == 0 {
		return nil
	}
	if err := to.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// carryOut carries out a batch in a transaction that also what a statement's
// own function finds wrong undoes.
func (s *store) carryOut(ctx context.Context, what string, b *pgx.Batch) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return commit(ctx, tx, what, b) })
}

// key names a record.
type key struct {
	Kind string
	ID   schema.ID
}

// columns turns keys into the two arrays that SQL takes.
func columns(keys []key) (kinds []string, ids [][16]byte) {
	kinds, ids = make([]string, len(keys)), make([][16]byte, len(keys))
	for i, k := range keys {
		kinds[i], ids[i] = k.Kind, k.ID
	}
	return kinds, ids
}
