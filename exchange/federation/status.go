package federation

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/exchange/federation/link"
	"fondaco/schema"
)

// Link tells how it stands with a pairing.
type Link struct {
	Firm        schema.FirmID `json:"firm"`
	Peer        schema.FirmID `json:"peer"`
	Name        string        `json:"name"`
	Fingerprint string        `json:"fingerprint"`
	// Hub is where the mailboxes are; "" is this node.
	Hub      string    `json:"hub"`
	PairedAt time.Time `json:"pairedAt"`
	// State is that of the sending side.
	State link.State `json:"state"`
	// Broken is why nothing is taken from the peer any more; Mend ends that.
	Broken string `json:"broken,omitempty"`
	// Alarm is what a person should look at.
	Alarm   string     `json:"alarm,omitempty"`
	AlarmAt *time.Time `json:"alarmAt,omitempty"`
	// HeardAt is when the peer reported last.
	HeardAt *time.Time `json:"heardAt,omitempty"`
	// Pending counts the records to be looked at, Unconfirmed the batches under way.
	Pending     int `json:"pending"`
	Unconfirmed int `json:"unconfirmed"`
	// Held counts the peer's records here, Shared ours there, Withdrawn those that the peer has confirmed to be gone.
	Held      int `json:"held"`
	Shared    int `json:"shared"`
	Withdrawn int `json:"withdrawn"`
	// Quarantined counts the records that could not be taken or sent.
	Quarantined int `json:"quarantined"`
}

// Links lists all pairings of the firms on this node.
func (n *Node) Links(ctx context.Context) ([]Link, error) {
	list, err := n.store.peerings(ctx)
	if err != nil {
		return nil, err
	}
	links := make([]Link, len(list))
	for i, p := range list {
		links[i] = Link{
			Firm: p.Firm, Peer: p.Peer, Name: p.Name, Fingerprint: Fingerprint(p.Key), Hub: p.Hub, PairedAt: p.PairedAt,
			State: p.Sender.State, Broken: p.Broken, Alarm: p.Alarm, AlarmAt: p.AlarmAt, HeardAt: p.HeardAt,
			Unconfirmed: len(p.Sender.Flight),
		}
		if err := n.store.count(ctx, p.pair, &links[i]); err != nil {
			return nil, err
		}
	}
	return links, nil
}

func (s *store) count(ctx context.Context, l pair, to *Link) error {
	const statement = `
		SELECT
			(SELECT count(*) FROM federation_pending p WHERE p.firm_id = $1 AND p.peer_id = $2),
			(SELECT count(*) FROM federation_copies c WHERE c.firm_id = $1 AND c.peer_id = $2),
			(SELECT count(*) FROM federation_exposures x WHERE x.firm_id = $1 AND x.peer_id = $2 AND x.redacted_at IS NULL),
			(SELECT count(*) FROM federation_exposures x WHERE x.firm_id = $1 AND x.peer_id = $2 AND x.redacted_at IS NOT NULL),
			(SELECT count(*) FROM federation_quarantine q WHERE q.firm_id = $1 AND q.peer_id = $2)`
	err := s.pool.QueryRow(ctx, statement, l.Firm, l.Peer).Scan(&to.Pending, &to.Held, &to.Shared, &to.Withdrawn, &to.Quarantined)
	if err != nil {
		return fmt.Errorf("count what is linked: %w", err)
	}
	return nil
}

// Confirm lets a fenced link go on: a person has seen that the restored
// backup shares what it should.
func (n *Node) Confirm(ctx context.Context, firm, peer schema.FirmID) error {
	return n.store.set(ctx, pair{firm, peer}, "confirmed = true, alarm = '', alarm_at = NULL")
}

// Mend lets a broken link take messages again: a person has found out why
// some were forged or could not be read.
func (n *Node) Mend(ctx context.Context, firm, peer schema.FirmID) error {
	return n.store.set(ctx, pair{firm, peer}, "broken = '', alarm = '', alarm_at = NULL")
}

// Exposure is what a firm on another node received of a record.
type Exposure struct {
	Peer schema.FirmID
	// Mask has the fields that it received at any time, Shown those that it holds now.
	Mask, Shown         schema.Mask
	Version             int64
	FirstSent, LastSent time.Time
	// RedactedAt is when the peer confirmed that it holds no copy any more; Receipt is the message that says so, as
	// the peer has signed it.
	RedactedAt *time.Time
	Receipt    []byte
}

// Exposures tells who ever received anything of a record of a firm here.
func (n *Node) Exposures(ctx context.Context, firm schema.FirmID, id schema.ID) ([]Exposure, error) {
	const statement = `
		SELECT x.peer_id, x.mask, x.shown, x.version, x.first_sent, x.last_sent, x.redacted_at, r.message
		FROM federation_exposures x
		LEFT JOIN federation_receipts r ON r.receipt = x.receipt AND x.redacted_at IS NOT NULL
		WHERE x.id = $2 AND x.firm_id = $1
		ORDER BY x.first_sent, x.peer_id`
	rows, err := n.store.pool.Query(ctx, statement, firm, id)
	if err != nil {
		return nil, fmt.Errorf("read exposures: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (x Exposure, err error) {
		var mask, shown int64
		err = row.Scan(&x.Peer, &mask, &shown, &x.Version, &x.FirstSent, &x.LastSent, &x.RedactedAt, &x.Receipt)
		x.Mask, x.Shown = schema.Mask(mask), schema.Mask(shown)
		return x, err
	})
	if err != nil {
		return nil, fmt.Errorf("read exposures: %w", err)
	}
	return list, nil
}

// Settle returns when all that was committed on this node before the call is
// at the peers, and confirmed by them. It waits as long as a peer is away.
func (n *Node) Settle(ctx context.Context) error {
	for {
		changed := n.progress.wait()
		settled, err := n.settled(ctx)
		if settled || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the peers: %w", context.Cause(ctx))
		case <-changed:
		}
	}
}

func (n *Node) settled(ctx context.Context) (bool, error) {
	from, known, err := n.store.cursor(ctx)
	if err != nil || !known {
		return false, err
	}
	lines, _, err := n.service.Tail(ctx, from, 1)
	if err != nil || len(lines) > 0 {
		return false, err
	}
	// In the order in which a record goes its way, from the ledger to what is pending and into flight: looked at the
	// other way round, one could pass by unseen.
	list, err := n.store.peerings(ctx)
	if err != nil {
		return false, err
	}
	for _, p := range list {
		if due, err := n.store.due(ctx, p.pair); err != nil || len(due) > 0 {
			return false, err
		}
	}
	if list, err = n.store.peerings(ctx); err != nil {
		return false, err
	}
	for _, p := range list {
		s := &p.Sender
		if s.State != link.Open || s.PurgeDue || s.Snapshot || len(s.Flight) > 0 || p.Filling || p.Rescan {
			return false, nil
		}
	}
	return true, nil
}
