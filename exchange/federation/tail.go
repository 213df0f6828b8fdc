package federation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/schema"
)

// The tailer reads the ledger of the node, once for all links, and notes for
// each link which records to look at. It notes ids alone: what is sent is made
// up when it is sent.

// tailPage is how many lines are read at once.
const tailPage = 5000

// tail works until the context ends.
func (n *Node) tail(ctx context.Context) error {
	pause := backoff{least: 50 * time.Millisecond, most: 5 * time.Second}
	for ctx.Err() == nil {
		news := n.service.News()
		read, err := n.tailOnce(ctx)
		switch {
		case err != nil:
			if !pause.wait(ctx, n.log, "tail of the ledger", err) {
				return nil
			}
		case read == 0:
			pause.reset()
			n.progress.tell()
			if !n.listen(ctx, news) {
				return nil
			}
		default:
			pause.reset()
			n.quiet = 0
		}
	}
	return nil
}

// listen waits for news in this process, or until another process may have
// written: 5 ms after something happened, and longer and longer while nothing does.
func (n *Node) listen(ctx context.Context, news <-chan struct{}) bool {
	n.quiet = min(max(2*n.quiet, 5*time.Millisecond), n.idle)
	select {
	case <-ctx.Done():
		return false
	case <-news:
	case <-time.After(n.quiet):
	}
	return true
}

// tailOnce takes one page of the ledger to what is pending.
func (n *Node) tailOnce(ctx context.Context) (int, error) {
	if n.tailGate != nil {
		n.tailGate.Lock()
		defer n.tailGate.Unlock()
	}
	if n.cursor == "" {
		from, known, err := n.store.cursor(ctx)
		if err != nil {
			return 0, err
		}
		if !known {
			return 0, n.tailAnew(ctx)
		}
		n.cursor = from
	}
	lines, next, err := n.service.Tail(ctx, n.cursor, tailPage)
	if errors.Is(err, partners.ErrHistory) {
		n.cursor = ""
		n.log.Error("federation: the database was restored; all links look at everything")
		return 0, n.tailAnew(ctx)
	}
	if err != nil {
		return 0, err
	}
	if len(lines) == 0 {
		n.cursor = next // of a quiet ledger, which need not be durable
		return 0, nil
	}
	relays := n.relays()
	page := &page{node: n, lines: lines, concerned: map[key][]partners.Concern{}, grants: map[schema.ID]key{}}
	work := make(map[*relay]*notes, len(relays))
	for _, r := range relays {
		if work[r], err = page.note(ctx, r); err != nil {
			return 0, err
		}
	}
	var b pgx.Batch
	for _, r := range relays {
		work[r].save(&b, r.pair)
	}
	saveCursor(&b, next)
	if err := commit(ctx, n.store.pool, "note what to look at", &b); err != nil {
		return 0, err
	}
	n.cursor = next
	for _, r := range relays {
		work[r].tell(r)
	}
	return len(lines), nil
}

// tailAnew begins at the present end of the ledger, and lets every link look
// at everything.
func (n *Node) tailAnew(ctx context.Context) error {
	end, err := n.service.Position(ctx)
	if err != nil {
		return err
	}
	var b pgx.Batch
	b.Queue("UPDATE federation_links SET rescan = true")
	saveCursor(&b, end)
	if err := commit(ctx, n.store.pool, "begin at the end of the ledger", &b); err != nil {
		return err
	}
	for _, r := range n.relays() {
		r.asked.Store(true)
		r.rouse()
	}
	return nil
}

// notes are what lines of the ledger mean for one link.
type notes struct {
	records []noted
	rescan  bool
}

// ruling are the kinds that decide what a peer may see, whichever of the two
// firms owns them.
var ruling = map[*schema.Kind]bool{
	schema.Partnerships: true, schema.SharingAgreements: true, schema.Acceptances: true, schema.Agreements: true,
}

// A page is a stretch of the ledger that is looked at for all links.
type page struct {
	node  *Node
	lines []schema.Change
	// As far as it was asked: whom ruling records concern, and what grants open.
	concerned map[key][]partners.Concern
	grants    map[schema.ID]key // without a kind if nothing is known of the grant any more
}

// rules tells whether a line may change what the peer sees of the firm. What
// a firm rules towards others must leave no trace on the link, not even
// another look at what is shared.
func (p *page) rules(ctx context.Context, r *relay, c schema.Change) (bool, error) {
	if !ruling[c.Kind] {
		return false, nil
	}
	if c.Holder == r.Firm && c.Owner == r.Peer {
		return true, nil
	}
	at := key{c.Kind.Name, c.ID}
	list, known := p.concerned[at]
	if !known {
		var err error
		if list, err = p.node.service.Concerned(ctx, c.Kind, c.ID); err != nil {
			return false, fmt.Errorf("whom %s %s concerns: %w", c.Kind, c.ID, err)
		}
		p.concerned[at] = list
	}
	return slices.Contains(list, partners.Concern{Owner: r.Firm, To: r.Peer}), nil
}

// note picks what concerns a link.
func (p *page) note(ctx context.Context, r *relay) (*notes, error) {
	w := &notes{}
	for _, c := range p.lines {
		if c.Kind == nil {
			continue
		}
		rules, err := p.rules(ctx, r, c)
		if err != nil {
			return nil, err
		}
		w.rescan = w.rescan || rules
		if c.Holder != r.Firm || c.Owner != r.Firm || c.Kind.Private {
			continue
		}
		look := noted{key: key{c.Kind.Name, c.ID}, fields: partners.MovedBy(c)}
		if look.fields != 0 {
			look.since = c.Seq
		}
		w.records = append(w.records, look)
		if c.Kind != schema.Grants {
			continue
		}
		granted, known, err := p.granted(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		if known {
			w.records = append(w.records, noted{key: granted, fields: partners.Moved})
		}
		// A grant of which nothing is known any more may have opened anything.
		w.rescan = w.rescan || !known
	}
	return w, nil
}

func (w *notes) save(b *pgx.Batch, l pair) {
	if w.rescan {
		b.Queue("UPDATE federation_links SET rescan = true WHERE firm_id = $1 AND peer_id = $2", l.Firm, l.Peer)
	}
	enqueue(b, l, laneLive, w.records)
}

func (w *notes) tell(r *relay) {
	if w.rescan {
		r.asked.Store(true)
	}
	if w.rescan || len(w.records) > 0 {
		r.rouse()
	}
}

// granted gives the record that a grant opens or opened, if that is known.
func (p *page) granted(ctx context.Context, grant schema.ID) (key, bool, error) {
	if k, asked := p.grants[grant]; asked {
		return k, k.Kind != "", nil
	}
	n, known, err := p.node.service.Granted(ctx, grant)
	if err != nil {
		return key{}, false, fmt.Errorf("read grant %s: %w", grant, err)
	}
	var k key
	if known {
		k = key{n.Kind.Name, n.ID}
	}
	p.grants[grant] = k
	return k, known, nil
}

// cursor reads how far the ledger was read.
func (s *store) cursor(ctx context.Context) (partners.Cursor, bool, error) {
	var cursor string
	err := s.pool.QueryRow(ctx, "SELECT t.cursor FROM federation_tail t").Scan(&cursor)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("read cursor: %w", err)
	}
	return partners.Cursor(cursor), true, nil
}

func saveCursor(b *pgx.Batch, cursor partners.Cursor) {
	const statement = `
		INSERT INTO federation_tail (cursor)
		VALUES ($1)
		ON CONFLICT (single) DO UPDATE
		SET cursor = excluded.cursor`
	b.Queue(statement, string(cursor))
}
