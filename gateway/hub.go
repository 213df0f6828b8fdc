package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"fondaco/partners"
	"fondaco/schema"
)

// hub is the one reader of the ledger for all subscriptions of the process.
// While there are any it follows the ledger's tail, and hands each page of
// changes to every one of them.
type hub struct {
	partners *partners.Service
	log      *slog.Logger
	most     int // subscriptions of one firm

	mu          sync.Mutex
	cursor      partners.Cursor // where the tail stands; empty while nobody follows
	subscribers map[*subscriber]schema.FirmID
	joined      chan struct{} // a token when the first one has come
}

// batch is a page of changes. It is shared: what it holds does not change but
// for what subscribers with one and the same view have rendered of it.
type batch struct {
	from, next partners.Cursor
	changes    []schema.Change

	mu       sync.Mutex
	rendered map[string]*rendering
}

// subscriber is one subscription's end of the hub.
type subscriber struct {
	batches chan *batch
	lost    chan struct{} // closed when it did not keep up, or the tail ended
}

// The size of a page of the tail, and how many pages wait for a subscriber.
const (
	tailPage      = 200
	waitingPages  = 64
	pollBusy      = 5 * time.Millisecond
	pollIdle      = 250 * time.Millisecond
	tailRetryWait = time.Second
)

func newHub(o Options) *hub {
	return &hub{partners: o.Partners, log: o.Log, most: o.MaxSubscriptions, subscribers: map[*subscriber]schema.FirmID{}, joined: make(chan struct{}, 1)}
}

// join takes a subscriber of a firm in. It gets everything behind the cursor
// returned.
func (h *hub) join(ctx context.Context, firm schema.FirmID) (*subscriber, partners.Cursor, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	running := 0
	for _, other := range h.subscribers {
		if other == firm {
			running++
		}
	}
	if running >= h.most {
		return nil, "", &schema.Error{Code: schema.CodeLimit, Message: fmt.Sprintf("your firm has %d subscriptions running; end some before you begin another", running)}
	}
	if h.cursor == "" {
		var err error
		if h.cursor, err = h.partners.Position(ctx); err != nil {
			return nil, "", err
		}
	}
	s := &subscriber{batches: make(chan *batch, waitingPages), lost: make(chan struct{})}
	h.subscribers[s] = firm
	select {
	case h.joined <- struct{}{}:
	default:
	}
	return s, h.cursor, nil
}

func (h *hub) leave(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subscribers, s)
	if len(h.subscribers) == 0 {
		h.cursor = "" // nobody follows: the next one to join begins at the end
	}
}

// idle tells whether nobody follows.
func (h *hub) idle() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subscribers) == 0
}

// place gives where the tail stands, empty while nobody follows it.
func (h *hub) place() partners.Cursor {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.cursor
}

// run follows the ledger until ctx ends.
func (h *hub) run(ctx context.Context) {
	wait := pollBusy
	for ctx.Err() == nil {
		news := h.partners.News() // before reading, so that nothing falls between
		from := h.place()
		if from == "" {
			select {
			case <-ctx.Done():
			case <-h.joined:
			}
			continue
		}
		n, err := h.step(ctx, from)
		switch {
		case err != nil && ctx.Err() == nil:
			h.log.WarnContext(ctx, "the ledger cannot be followed; trying again", slog.Any("error", err))
			wait = tailRetryWait
		case n > 0:
			wait = pollBusy
			continue
		default:
			wait = min(2*wait, pollIdle)
		}
		select {
		case <-ctx.Done():
		case <-news:
			wait = pollBusy
		case <-time.After(wait):
		}
	}
	h.dismiss()
}

// step reads one page and hands it out.
func (h *hub) step(ctx context.Context, from partners.Cursor) (int, error) {
	changes, next, err := h.partners.Tail(ctx, from, tailPage)
	if errors.Is(err, partners.ErrHistory) {
		h.dismiss() // the ledger is another one: subscribers begin anew
		return 0, err
	}
	if err != nil {
		return 0, fmt.Errorf("follow the ledger: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.cursor != from {
		return 0, nil // all left meanwhile, and perhaps somebody new came
	}
	h.cursor = next
	if len(changes) == 0 {
		return 0, nil
	}
	b := &batch{from: from, next: next, changes: changes, rendered: map[string]*rendering{}}
	for s := range h.subscribers {
		select {
		case s.batches <- b:
		default:
			close(s.lost)
			delete(h.subscribers, s)
		}
	}
	return len(changes), nil
}

// dismiss ends all subscriptions.
func (h *hub) dismiss() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subscribers {
		close(s.lost)
		delete(h.subscribers, s)
	}
	h.cursor = ""
}
