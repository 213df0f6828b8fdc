package federation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"

	"fondaco/exchange/federation/link"
	"fondaco/partners"
	"fondaco/schema"
)

// An intake empties the mailbox of one firm at one hub. It alone changes the
// receiving side of the links whose batches arrive there.
type intake struct {
	node *Node
	firm schema.FirmID
	from *transport
	log  *slog.Logger
	// boot names this run in the reports.
	boot  link.Token
	links map[schema.FirmID]*inflow
}

// inflow is the receiving side of one link.
type inflow struct {
	peering
	receiver link.Receiver
	gap      *link.Header
	reported time.Time
}

// maxCommit is how many records go into one transaction: waiting batches are
// taken together, since a transaction costs far more than a record.
const maxCommit = 2000

// reportEvery is how often a receiver reports unasked. A report may get lost,
// and the sender notices a lost mailbox by what it hears.
const reportEvery = 5 * time.Second

func newIntake(n *Node, firm schema.FirmID, from *transport, list []peering) *intake {
	in := &intake{
		node: n, firm: firm, from: from, boot: newToken(), log: n.log.With(slog.Any("firm", firm)), links: map[schema.FirmID]*inflow{},
	}
	for _, p := range list {
		in.links[p.Peer] = &inflow{peering: p, receiver: link.Receiver{Position: p.Receiver, Boot: in.boot}}
	}
	return in
}

// run works until the context ends.
func (in *intake) run(ctx context.Context) error {
	pause := backoff{least: 50 * time.Millisecond, most: 5 * time.Second}
	for ctx.Err() == nil {
		err := in.session(ctx, &pause)
		if err != nil && !pause.wait(ctx, in.log, "mailbox", err) {
			return nil
		}
	}
	return nil
}

// session pulls until something is wrong with the connection or the mailbox.
func (in *intake) session(ctx context.Context, pause *backoff) error {
	if !in.from.connected(ctx) {
		return nil
	}
	mail, err := openPull(ctx, in.from, in.firm)
	if err != nil {
		return err
	}
	defer mail.close()
	if err := in.look(ctx); err != nil {
		return err
	}
	for _, flow := range in.links {
		if err := in.retry(ctx, flow); err != nil {
			return err
		}
	}
	in.reportAll(ctx)
	tick := time.NewTicker(in.node.reportEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-mail.broken:
			return fmt.Errorf("pull from the mailbox: %w", err)
		case <-tick.C:
			if err := in.mended(ctx); err != nil {
				return err
			}
			in.reportAll(ctx)
		case m := <-mail.arrived:
			if err := in.takeOrGiveBack(ctx, mail.with(m)); err != nil {
				return err
			}
			pause.reset()
		}
	}
}

// look reads where the links stand: something may have been committed whose
// answer got lost, or by an earlier run that was just being ended.
func (in *intake) look(ctx context.Context) error {
	list, err := in.node.store.peerings(ctx)
	if err != nil {
		return err
	}
	for _, p := range list {
		if flow := in.links[p.Peer]; flow != nil && flow.pair == p.pair {
			flow.receiver.Position, flow.Broken = p.Receiver, p.Broken
		}
	}
	return nil
}

// takeOrGiveBack deals with what arrived; what could not be taken comes again
// at once.
func (in *intake) takeOrGiveBack(ctx context.Context, list []jetstream.Msg) error {
	err := in.take(ctx, list)
	if err != nil {
		for _, m := range list {
			_ = m.Nak() // what was acknowledged before stays so
		}
	}
	return err
}

// parcel is a message whose signature was checked.
type parcel struct {
	message jetstream.Msg
	batch   *batch
}

// take deals with what arrived, link by link.
func (in *intake) take(ctx context.Context, list []jetstream.Msg) error {
	var order []*inflow
	parcels := map[*inflow][]parcel{}
	for _, m := range list {
		flow, b, err := in.open(m)
		if err != nil {
			if err := in.refuse(ctx, m, flow, err); err != nil {
				return err
			}
			continue
		}
		if parcels[flow] == nil {
			order = append(order, flow)
		}
		parcels[flow] = append(parcels[flow], parcel{m, b})
	}
	var failed error
	for _, flow := range order {
		if err := in.apply(ctx, flow, parcels[flow]); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// open checks who a message is from and reads it.
func (in *intake) open(m jetstream.Msg) (*inflow, *batch, error) {
	to, from, err := parties(m.Subject())
	if err != nil || to != in.firm {
		return nil, nil, fmt.Errorf("a message on the subject %q is not for firm %s", m.Subject(), in.firm)
	}
	flow := in.links[from]
	if flow == nil {
		return nil, nil, fmt.Errorf("a message from firm %s, which is not paired", from)
	}
	if flow.Broken != "" {
		return flow, nil, errBroken
	}
	body, err := unseal(batchType, flow.Key, m.Data())
	if err != nil {
		return flow, nil, err
	}
	b, err := decodeBatch(body)
	if err == nil && (b.From != from || b.To != to) {
		err = errForged // signed for somebody else, and put here by a third
	}
	return flow, b, err
}

// errBroken tells that nothing is taken from a link until a person has looked.
var errBroken = errors.New("the link is broken")

// refuse leaves a message unacknowledged. One that is forged or cannot be
// read breaks its link: people have to look.
func (in *intake) refuse(ctx context.Context, m jetstream.Msg, flow *inflow, cause error) error {
	if err := m.NakWithDelay(30 * time.Second); err != nil {
		return fmt.Errorf("refuse a message: %w", err)
	}
	if flow == nil {
		in.log.Error("federation: a message from nobody known", slog.Any("cause", cause))
		return nil
	}
	if errors.Is(cause, errBroken) {
		return nil
	}
	flow.Broken = cause.Error()
	in.log.Error("federation: link broken", slog.Any("peer", flow.Peer), slog.Any("cause", cause))
	return in.node.store.alarm(ctx, flow.pair, true, flow.Broken, in.node.now())
}

// apply commits what continues the chain of a link, acknowledges it all, and
// reports.
func (in *intake) apply(ctx context.Context, flow *inflow, list []parcel) error {
	for len(list) > 0 {
		rest, err := in.applySome(ctx, flow, list)
		if err != nil {
			return err
		}
		list = rest
	}
	return in.report(flow)
}

// applySome takes as many batches as fit into one transaction.
func (in *intake) applySome(ctx context.Context, flow *inflow, list []parcel) ([]parcel, error) {
	g := gathering{flow: flow, next: flow.receiver}
	n := 0
	for n < len(list) && (n == 0 || g.size+len(list[n].batch.Items) <= maxCommit) {
		g.add(list[n].batch)
		n++
	}
	if g.applied > 0 {
		if err := in.commit(ctx, &g); err != nil {
			return nil, err
		}
	}
	if g.gap != nil {
		flow.gap = g.gap
	}
	for _, p := range list[:n] {
		// Also what leaves a gap: the sender repeats it. An acknowledgment that gets lost only means that it comes once more.
		if err := p.message.Ack(); err != nil {
			return nil, fmt.Errorf("acknowledge: %w", err)
		}
	}
	in.node.progress.tell()
	return list[n:], nil
}

// commit applies what was gathered, and moves the link on in the same transaction.
func (in *intake) commit(ctx context.Context, g *gathering) error {
	l := g.flow.pair
	if g.sweep > 0 {
		swept, err := in.node.store.unmentioned(ctx, l, g)
		if err != nil {
			return err
		}
		for _, k := range swept {
			g.want(item{Op: take, Kind: k.Kind, ID: k.ID}, g.sweep)
		}
	}
	incoming, unread := g.incoming()
	incoming.Cause = fmt.Sprintf("batch %d", g.next.Number)
	_, err := in.node.service.Apply(ctx, incoming, func(ctx context.Context, tx pgx.Tx, applied partners.Applied) error {
		var b pgx.Batch
		mention(&b, l, g)
		in.setAside(&b, g, incoming, applied.Refused, unread)
		moveOn(&b, l, g.flow.receiver.Position, g.next.Position)
		return commit(ctx, tx, "move the link on", &b)
	})
	if err != nil {
		return fmt.Errorf("apply batch %d of %s: %w", g.next.Number, g.flow.Peer, err)
	}
	if in.node.afterCommit != nil {
		if err := in.node.afterCommit(); err != nil {
			return err
		}
	}
	g.flow.receiver.Position = g.next.Position
	if len(incoming.Redactions) > 0 {
		// The bytes of documents that were taken back go with them.
		if _, err := in.node.service.SweepBodies(ctx); err != nil {
			return err
		}
	}
	if concernsBodies(incoming) {
		in.node.fetchBodies(l)
	}
	return nil
}

// concernsBodies tells whether versions of documents came or went.
func concernsBodies(in partners.Incoming) bool {
	return slices.ContainsFunc(in.Puts, func(p partners.Projection) bool { return p.Kind == schema.DocumentVersions }) ||
		slices.ContainsFunc(in.Redactions, func(r partners.Redaction) bool { return r.Kind == schema.DocumentVersions })
}

// retry takes once more what an older version of this program could not.
func (in *intake) retry(ctx context.Context, flow *inflow) error {
	for {
		list, err := in.node.store.asideSince(ctx, flow.pair)
		if err != nil || len(list) == 0 {
			return err
		}
		g := &gathering{flow: flow, next: flow.receiver}
		for _, it := range list {
			g.want(it, flow.receiver.Epoch)
		}
		incoming, unread := g.incoming()
		incoming.Cause = "what was set aside"
		_, err = in.node.service.Apply(ctx, incoming, func(ctx context.Context, tx pgx.Tx, applied partners.Applied) error {
			var b pgx.Batch
			mention(&b, flow.pair, g)
			in.setAside(&b, g, incoming, applied.Refused, unread)
			return commit(ctx, tx, "take what was set aside", &b)
		})
		if err != nil {
			return fmt.Errorf("take what was set aside: %w", err)
		}
	}
}

// setAside keeps records that could not be taken, so that the link goes on
// without them.
func (in *intake) setAside(b *pgx.Batch, g *gathering, incoming partners.Incoming, refused []partners.Refused, unread []unread) {
	now, l := in.node.now(), g.flow.pair
	for _, u := range unread {
		in.log.Error("federation: a record was set aside",
			slog.Any("peer", l.Peer), slog.String("kind", u.item.Kind), slog.Any("id", u.item.ID), slog.Any("cause", u.err))
		setAside(b, l, "IN", key{u.item.Kind, u.item.ID}, u.item.Record, u.err.Error(), now)
	}
	for _, r := range refused {
		var k key
		var text json.RawMessage // none for what was taken back
		if i := r.Place - len(incoming.Puts); i >= 0 {
			k = key{incoming.Redactions[i].Kind.Name, incoming.Redactions[i].ID}
		} else {
			p := incoming.Puts[r.Place]
			k = key{p.Kind.Name, p.ID}
			text = g.order[g.place[k]].item.Record
		}
		in.log.Error("federation: a record was set aside",
			slog.Any("peer", l.Peer), slog.String("kind", k.Kind), slog.Any("id", k.ID), slog.Any("cause", r.Err))
		setAside(b, l, "IN", k, text, r.Err.Error(), now)
	}
}
