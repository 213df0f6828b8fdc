package federation

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"fondaco/exchange/federation/link"
)

// backoff waits longer after each failure in a row.
type backoff struct{ least, most, now time.Duration }

// wait logs what failed and waits; it tells false when the context ends.
func (b *backoff) wait(ctx context.Context, log *slog.Logger, what string, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	b.now = min(max(2*b.now, b.least), b.most)
	log.Warn("federation: trying again", slog.String("what", what), slog.Duration("in", b.now), slog.Any("cause", err))
	select {
	case <-ctx.Done():
		return false
	case <-time.After(b.now):
		return true
	}
}

func (b *backoff) reset() { b.now = 0 }

// bell tells whoever waits that something has changed.
type bell struct {
	mu   sync.Mutex
	next chan struct{}
}

func newBell() *bell { return &bell{next: make(chan struct{})} }

func (b *bell) tell() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.next)
	b.next = make(chan struct{})
}

// wait gives a channel that is closed at the next change.
func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.next
}

func newToken() (t link.Token) {
	_, _ = rand.Read(t[:]) // never fails since Go 1.24
	return t
}
