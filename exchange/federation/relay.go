package federation

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/exchange/federation/link"
	"fondaco/schema"
)

// A relay is the sending side of one link while the node runs: it hears the
// receiver's reports, and sends what is pending. It alone changes the link's
// sender, so that nothing needs a lock. Only the relay that began last stores
// anything: what an earlier one had still on its way to the database, be it of
// a process that was killed, is refused.
type relay struct {
	pair
	node   *Node
	peer   peering
	to     *transport
	log    *slog.Logger
	sender link.Sender
	steps  int64 // of the sender, that were stored
	wake   chan struct{}
	asked  atomic.Bool // the rules towards the peer changed

	// report is the last one that was not looked at yet; those before it are worth nothing.
	mu     sync.Mutex
	report *heard

	filler    *filler
	published time.Time  // when the last batch or probe was sent
	until     *time.Time // when the rules change by themselves, since an agreement begins or ends that day
	looked    time.Time  // when a fenced link was looked at last
}

// heard is a report with the message that bears its signature.
type heard struct {
	report  *report
	message []byte
}

func newRelay(n *Node, p peering, to *transport) *relay {
	return &relay{
		pair: p.pair, node: n, peer: p, to: to, wake: make(chan struct{}, 1),
		log: n.log.With(slog.Any("firm", p.Firm), slog.Any("peer", p.Peer)),
	}
}

// hear hands a report over; it replaces one that waits.
func (r *relay) hear(h heard) {
	r.mu.Lock()
	if old := r.report; old != nil && old.report.Gap && old.report.Token == h.report.Token && !h.report.Gap {
		h.report.Gap, h.report.Try = true, old.report.Try // the gap is there still
	}
	r.report = &h
	r.mu.Unlock()
	r.rouse()
}

// waiting takes the report that waits, if one does.
func (r *relay) waiting() *heard {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.report
	r.report = nil
	return h
}

// rouse tells the relay that something is pending.
func (r *relay) rouse() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// run works until the context ends. What goes wrong is tried again: nothing
// is lost meanwhile, since all that is to be sent stays pending.
func (r *relay) run(ctx context.Context) error {
	pause := backoff{least: 50 * time.Millisecond, most: 5 * time.Second}
	next := r.begin
	for ctx.Err() == nil {
		worked, err := next(ctx)
		switch {
		case err == nil:
			next = r.step
		case errors.Is(err, errOvertaken):
			next = r.begin
		}
		switch {
		case err != nil:
			if !pause.wait(ctx, r.log, "relay", err) {
				return nil
			}
		case worked:
			pause.reset()
		default:
			pause.reset()
			r.node.progress.tell()
			if !r.rest(ctx) {
				return nil
			}
		}
	}
	return nil
}

// begin takes the link over from whichever run of it was the last, where that
// one left it.
func (r *relay) begin(ctx context.Context) (bool, error) {
	p, err := r.node.store.peering(ctx, r.pair)
	if err != nil {
		return false, err
	}
	r.sender, r.steps, r.until, r.filler = p.Sender, p.Steps, p.Until, nil
	if p.Filling {
		r.filler = &filler{}
	}
	if p.Rescan || p.Sender.State == link.Fresh {
		r.asked.Store(true)
	}
	return true, r.change(ctx, func(s *link.Sender) link.Effect {
		if s.State == link.Fresh {
			return s.Begin()
		}
		return s.Restart()
	}, nil)
}

// rest waits for something to do.
func (r *relay) rest(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-r.wake:
	case <-time.After(r.node.idle):
	}
	return true
}

// step does the most urgent thing. It tells whether there was one.
func (r *relay) step(ctx context.Context) (bool, error) {
	if h := r.waiting(); h != nil {
		return true, r.take(ctx, h)
	}
	if r.asked.Load() || r.until != nil && !r.node.now().Before(*r.until) {
		return true, r.rescan(ctx)
	}
	if r.sender.State == link.Fenced {
		if confirmed, err := r.confirmed(ctx); confirmed || err != nil {
			return confirmed, err
		}
	}
	if r.sender.PurgeDue {
		return r.purge(ctx)
	}
	filled, err := r.fill(ctx)
	if err != nil || !r.sender.MayFly() || !r.to.conn.IsConnected() {
		return filled, err
	}
	built, err := r.build(ctx)
	return filled || built, err
}

// change makes a step of the sender durable, together with what it asks for.
func (r *relay) change(ctx context.Context, step func(*link.Sender) link.Effect, message []byte) error {
	next := r.sender
	effect := step(&next)
	now := r.node.now()
	var heard *time.Time
	if message != nil {
		heard = &now
	}
	err := r.keep(ctx, "store a step of the link", next, heard, func(b *pgx.Batch) {
		carry(b, r.pair, effect, message, now)
	})
	if err != nil {
		return err
	}
	if effect.Everything {
		r.filler = &filler{}
	}
	if effect.Fenced {
		return r.fenced(ctx)
	}
	return nil
}

// keep stores the next state of the sender with what belongs to it, in one
// transaction.
func (r *relay) keep(ctx context.Context, what string, next link.Sender, heard *time.Time, more func(*pgx.Batch)) error {
	var b pgx.Batch
	if err := saveSender(&b, r.pair, &next, r.steps, heard); err != nil {
		return err
	}
	more(&b)
	if err := r.node.store.carryOut(ctx, what, &b); err != nil {
		return err
	}
	if r.node.afterStep != nil {
		if err := r.node.afterStep(); err != nil {
			return err
		}
	}
	r.sender, r.steps = next, r.steps+1
	return nil
}

func (r *relay) fenced(ctx context.Context) error {
	text := "this node's database was set back to an older backup; all that is shared is sent anew"
	if r.sender.State == link.Fenced {
		text = "this node's database was set back to an older backup, and something was taken back since; " +
			"look through what is shared, then run: fondaco node confirm " + r.Peer.String()
	}
	r.log.Error("federation: fenced", slog.String("state", string(r.sender.State)))
	return r.node.store.alarm(ctx, r.pair, false, text, r.node.now())
}

// take looks at a report whose signature was checked.
func (r *relay) take(ctx context.Context, h *heard) error {
	memory, err := r.node.store.remembered(ctx, r.pair, h.report.Token, r.sender.Number)
	if err != nil {
		return err
	}
	before := r.sender.Acked.Number
	step := func(s *link.Sender) link.Effect { return s.Report(h.report.Report, memory) }
	if err := r.change(ctx, step, h.message); err != nil {
		return err
	}
	if r.sender.Acked.Number/100 != before/100 {
		if err := r.node.store.prune(ctx, r.pair, r.sender.Acked.Number); err != nil {
			return err
		}
	}
	return r.probe(ctx)
}

// probeAfter is how long batches may be under way before the receiver, which
// reports, is asked whether they arrived.
const probeAfter = 2 * time.Second

// probe asks when batches are under way for long: the mailbox may have lost them.
func (r *relay) probe(ctx context.Context) error {
	h, ok := r.sender.Probe()
	if !ok || time.Since(r.published) < probeAfter || !r.to.conn.IsConnected() {
		return nil
	}
	r.published = time.Now()
	message, err := r.seal(h, nil)
	if err != nil {
		return err
	}
	return r.to.publish(ctx, r.Peer, r.Firm, message)
}

func (r *relay) purge(ctx context.Context) (bool, error) {
	if !r.to.conn.IsConnected() {
		return false, nil
	}
	if err := r.to.purge(ctx, r.Peer, r.Firm); err != nil {
		return false, err
	}
	return true, r.change(ctx, func(s *link.Sender) link.Effect { s.Purged(); return link.Effect{} }, nil)
}

// build sends one batch of what is pending, if anything of it has to be sent.
func (r *relay) build(ctx context.Context) (bool, error) {
	list, err := r.node.store.due(ctx, r.pair)
	if err != nil {
		return false, err
	}
	d, err := r.draft(ctx, list)
	if err != nil {
		return false, err
	}
	if d.narrows {
		return true, r.change(ctx, (*link.Sender).Narrow, nil)
	}
	end := false
	if r.sender.MayEnd() && r.filler == nil {
		// What this batch carries is off the list only after its transaction.
		if end, err = r.last(ctx, d.looked); err != nil {
			return false, err
		}
	}
	if len(d.items) == 0 && !end {
		var b pgx.Batch
		holdSender(&b, r.pair, r.steps)
		r.settle(&b, d)
		err := r.node.store.carryOut(ctx, "take off what was looked at", &b)
		r.rouseOthers(d, err)
		return len(d.looked) > 0, err
	}
	return true, r.send(ctx, d, end)
}

// last tells whether nothing of the snapshot is left beside what was looked at.
func (r *relay) last(ctx context.Context, looked []pending) (bool, error) {
	again := 0
	for _, p := range looked {
		if p.lane != laneLive {
			again++
		}
	}
	left, err := r.node.store.again(ctx, r.pair)
	return left == again, err
}

// send notes what the batch shows, and only then publishes it.
func (r *relay) send(ctx context.Context, d *draft, end bool) error {
	next := r.sender
	h := next.Next(newToken(), d.withdraws, end)
	message, err := r.seal(h, d.items)
	if err != nil {
		return err
	}
	err = r.keep(ctx, "note a batch", next, nil, func(b *pgx.Batch) {
		expose(b, r.pair, h, d.sent, r.node.now())
		r.settle(b, d)
	})
	if err != nil {
		return err
	}
	r.published = time.Now()
	r.rouseOthers(d, nil)
	if err := r.to.publish(ctx, r.Peer, r.Firm, message); err != nil {
		// Whether it arrived is not known; the chain copes with both.
		undo := func(s *link.Sender) link.Effect { return s.Unpublished(h.Number) }
		err = errors.Join(err, r.change(ctx, undo, nil))
		if r.to.hub {
			err = errors.Join(err, r.to.ensureMailbox(ctx, r.Peer)) // its store may be lost
		}
		return err
	}
	return nil
}

// settle takes off the list what was looked at, and puts on it what hangs on it.
func (r *relay) settle(b *pgx.Batch, d *draft) {
	if len(d.looked) > 0 {
		done(b, r.pair, d.looked)
	}
	for _, u := range d.unsendable {
		setAside(b, r.pair, "OUT", u.key, nil, u.reason, r.node.now())
	}
	enqueueChildren(b, r.Peer, d.children)
	enqueueReferrers(b, r.Peer, d.referrers)
}

// rouseOthers tells the links of other firms here with the same peer that
// something of theirs hangs on what was looked at, and was put on their lists.
func (r *relay) rouseOthers(d *draft, err error) {
	if err != nil {
		return
	}
	told := map[schema.FirmID]bool{r.Firm: true}
	for _, n := range slices.Concat(d.children, d.referrers) {
		if told[n.Owner] {
			continue
		}
		told[n.Owner] = true
		if other := r.node.relay(pair{n.Owner, r.Peer}); other != nil {
			other.rouse()
		}
	}
}

func (r *relay) seal(h link.Header, items []item) ([]byte, error) {
	id, err := r.node.identity(r.Firm)
	if err != nil {
		return nil, err
	}
	b := &batch{From: r.Firm, To: r.Peer, Schema: schemaVersion, Link: h, Items: items}
	text, err := b.encode()
	if err != nil {
		return nil, err
	}
	return seal(batchType, id.signing, text), nil
}

// confirmed looks, once a second, whether a person has confirmed that what
// the restored backup shares is as it should be.
func (r *relay) confirmed(ctx context.Context) (bool, error) {
	if time.Since(r.looked) < time.Second {
		return false, nil
	}
	r.looked = time.Now()
	yes, err := r.node.store.takeConfirmation(ctx, r.pair)
	if !yes || err != nil {
		return false, err
	}
	return true, r.change(ctx, (*link.Sender).Confirm, nil)
}
