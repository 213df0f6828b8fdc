package gateway

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"fondaco/schema"
)

// Revoker is an Authenticator that tells what it took back. With one that does
// not, an open connection ends when it is proved anew; see Options.Recheck.
type Revoker interface {
	// Ended lists of whom a proof was taken back in the last while, by any process, each under a number of its own.
	Ended(ctx context.Context) (map[int64]schema.ID, error)
	// Revoked gives a channel that is closed the next time that this process takes one back.
	Revoked() <-chan struct{}
}

// sessions are the open connections, by the people who have them.
type sessions struct {
	mu     sync.Mutex
	open   map[schema.ID]map[*session]struct{}
	ended  map[int64]schema.ID // what is known to have been taken back lately
	joined chan struct{}       // a token when the first one has come
}

func newSessions() *sessions {
	return &sessions{open: map[schema.ID]map[*session]struct{}{}, joined: make(chan struct{}, 1)}
}

// join takes a connection in that was proved. If a proof of its person was
// taken back lately, that may have been this one, meanwhile.
func (l *sessions) join(s *session, user schema.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[user] == nil {
		l.open[user] = map[*session]struct{}{}
	}
	l.open[user][s] = struct{}{}
	for _, other := range l.ended {
		if other == user {
			s.doubtIt()
		}
	}
	select {
	case l.joined <- struct{}{}:
	default:
	}
}

func (l *sessions) leave(s *session, user schema.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open[user], s)
	if len(l.open[user]) == 0 {
		delete(l.open, user)
	}
	if len(l.open) == 0 {
		l.ended = nil // nobody follows any more: who joins next hears of all again
	}
}

func (l *sessions) idle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open) == 0
}

// hear has those prove themselves anew of whom a proof was taken back since it
// heard last.
func (l *sessions) hear(ended map[int64]schema.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for number, user := range ended {
		if _, known := l.ended[number]; known {
			continue
		}
		for s := range l.open[user] {
			s.doubtIt()
		}
	}
	l.ended = ended
}

// followRevocations ends connections whose proof was taken back, until ctx
// ends. While there are none it asks nothing.
func (g *Gateway) followRevocations(ctx context.Context) {
	revoker, tells := g.options.Authenticator.(Revoker)
	if !tells {
		return
	}
	for ctx.Err() == nil {
		if g.sessions.idle() {
			select {
			case <-ctx.Done():
			case <-g.sessions.joined:
			}
			continue
		}
		revoked, wait := revoker.Revoked(), pollIdle
		ended, err := revoker.Ended(ctx)
		switch {
		case err == nil:
			g.sessions.hear(ended)
		case ctx.Err() == nil:
			g.log.WarnContext(ctx, "what was revoked cannot be read; open connections are proved now and then", slog.Any("error", err))
			wait = tailRetryWait
		}
		select {
		case <-ctx.Done():
		case <-revoked:
		case <-time.After(wait):
		}
	}
}
