package federation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"fondaco/exchange/federation/link"
	"fondaco/partners"
	"fondaco/schema"
)

// A gathering is what several batches of one link come to: of each record
// only what was said last.
type gathering struct {
	flow    *inflow
	next    link.Receiver // where the link will stand
	gap     *link.Header
	applied int
	size    int
	// sweep is the epoch whose snapshot ended, or 0: what older epochs alone have mentioned goes.
	sweep int64
	// order holds what is wanted, a record once; place finds it by its key.
	order []wanted
	place map[key]int
}

type wanted struct {
	item  item
	epoch int64
}

// add judges a batch, and takes its records in if it continues the chain.
func (g *gathering) add(b *batch) {
	switch g.next.Judge(b.Link) {
	case link.Gap:
		g.gap = &b.Link
	case link.Apply:
		g.applied++
		g.size += len(b.Items)
		for _, it := range b.Items {
			g.want(it, b.Link.Epoch)
		}
		g.gap = nil
		if g.next.Take(b.Link) {
			g.sweep = b.Link.Epoch
		}
	}
}

// want notes what a record shall become; an earlier word on it counts no more.
func (g *gathering) want(it item, epoch int64) {
	if g.place == nil {
		g.place = map[key]int{}
	}
	k := key{it.Kind, it.ID}
	if i, known := g.place[k]; known {
		g.order[i] = wanted{it, epoch}
		return
	}
	g.place[k] = len(g.order)
	g.order = append(g.order, wanted{it, epoch})
}

// unread is an item that this version cannot read.
type unread struct {
	item item
	err  error
}

// incoming turns what is wanted into what partners applies.
func (g *gathering) incoming() (partners.Incoming, []unread) {
	in := partners.Incoming{From: g.flow.Peer, To: g.flow.Firm}
	var failed []unread
	for _, w := range g.order {
		if w.item.Op == take {
			// A kind that is not known has no copies.
			if k := schema.KindNamed(w.item.Kind); k != nil {
				in.Redactions = append(in.Redactions, partners.Redaction{Kind: k, ID: w.item.ID})
			}
			continue
		}
		p, err := decodeRecord(g.flow.Peer, w.item)
		if err != nil {
			failed = append(failed, unread{w.item, err})
			continue
		}
		in.Puts = append(in.Puts, p)
	}
	return in, failed
}

// unmentioned lists the copies that the epoch, whose snapshot ends in the
// gathering, has not mentioned.
func (s *store) unmentioned(ctx context.Context, l pair, g *gathering) ([]key, error) {
	const statement = `
		SELECT c.kind, c.id
		FROM federation_copies c
		WHERE c.firm_id = $1 AND c.peer_id = $2 AND c.epoch < $3
		ORDER BY c.kind, c.id`
	rows, err := s.pool.Query(ctx, statement, l.Firm, l.Peer, g.sweep)
	if err != nil {
		return nil, fmt.Errorf("read copies: %w", err)
	}
	old, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k key, err error) { return k, row.Scan(&k.Kind, &k.ID) })
	if err != nil {
		return nil, fmt.Errorf("read copies: %w", err)
	}
	var list []key
	for _, k := range old {
		if i, named := g.place[k]; !named || g.order[i].epoch < g.sweep {
			list = append(list, k)
		}
	}
	for _, w := range g.order {
		// Brought by an older epoch in the same gathering, and not mentioned again.
		if k := (key{w.item.Kind, w.item.ID}); w.epoch < g.sweep && w.item.Op == put {
			list = append(list, k)
		}
	}
	return list, nil
}

// mention keeps which copies are held, and which epoch named each last.
func mention(b *pgx.Batch, l pair, g *gathering) {
	var held, gone []key
	var epochs []int64
	for _, w := range g.order {
		k := key{w.item.Kind, w.item.ID}
		if w.item.Op == take {
			gone = append(gone, k)
			continue
		}
		held, epochs = append(held, k), append(epochs, w.epoch)
	}
	kinds, ids := columns(held)
	const keep = `
		INSERT INTO federation_copies AS c (firm_id, peer_id, kind, id, epoch)
		SELECT $1, $2, k.kind, k.id, k.epoch
		FROM unnest($3::text[], $4::uuid[], $5::bigint[]) AS k (kind, id, epoch)
		ON CONFLICT (firm_id, peer_id, id) DO UPDATE
		SET epoch = excluded.epoch
		WHERE c.epoch <> excluded.epoch`
	b.Queue(keep, l.Firm, l.Peer, kinds, ids, epochs)
	_, ids = columns(gone)
	b.Queue("DELETE FROM federation_copies c WHERE c.firm_id = $1 AND c.peer_id = $2 AND c.id = ANY ($3)", l.Firm, l.Peer, ids)
	// What was set aside before is overtaken by what is said now.
	_, ids = columns(append(held, gone...))
	const overtaken = "DELETE FROM federation_quarantine q WHERE q.firm_id = $1 AND q.peer_id = $2 AND q.flow = 'IN' AND q.id = ANY ($3)"
	b.Queue(overtaken, l.Firm, l.Peer, ids)
}

// moveOn stores the place of the receiving side, in the transaction that
// applies the records. That it was where we think proves that nobody else
// takes from this mailbox.
func moveOn(b *pgx.Batch, l pair, from, to link.Position) {
	const statement = `
		UPDATE federation_links
		SET epoch = $3, number = $4, token = $5, withdrawn = $6
		WHERE firm_id = $1 AND peer_id = $2 AND token = $7 AND epoch = $8`
	b.Queue(statement, l.Firm, l.Peer, to.Epoch, to.Number, to.Token[:], to.Withdrawn, from.Token[:], from.Epoch).
		Exec(func(tag pgconn.CommandTag) error {
			if tag.RowsAffected() != 1 {
				return fmt.Errorf("another process takes from the mailbox of firm %s; stop one of the two", l.Firm)
			}
			return nil
		})
}

// asideSince lists what was set aside by an older version of this program.
func (s *store) asideSince(ctx context.Context, l pair) ([]item, error) {
	const statement = `
		SELECT q.kind, q.id, q.record
		FROM federation_quarantine q
		WHERE q.firm_id = $1 AND q.peer_id = $2 AND q.flow = 'IN' AND q.schema < $3 AND q.record IS NOT NULL
		ORDER BY q.id
		LIMIT $4`
	rows, err := s.pool.Query(ctx, statement, l.Firm, l.Peer, schemaVersion, maxCommit)
	if err != nil {
		return nil, fmt.Errorf("read what was set aside: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (item, error) {
		it := item{Op: put}
		err := row.Scan(&it.Kind, &it.ID, &it.Record)
		return it, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what was set aside: %w", err)
	}
	return list, nil
}
