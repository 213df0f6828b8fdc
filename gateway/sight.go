package gateway

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"fondaco/gateway/socket"
	"fondaco/partners"
	"fondaco/schema"
)

// errBlind ends the connections of all subscribers while no epoch of the rules
// can be read: what they would get is not known to be allowed. They come back,
// and resume after their last cursor.
var errBlind = &socket.ClosingError{
	Code:   socket.CloseLater,
	Reason: "what you may see could not be looked up for 5 s; come again, and resume after the last cursor",
}

// sight tells all connections when it is not known any more what may be seen.
type sight struct {
	mu   sync.Mutex
	gone chan struct{}
}

func newSight() *sight { return &sight{gone: make(chan struct{})} }

// lost gives a channel that is closed the next time that sight is lost.
func (s *sight) lost() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gone
}

func (s *sight) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.gone)
	s.gone = make(chan struct{})
}

// watch reads an epoch each tick while somebody subscribes, until ctx ends, and
// ends all subscriptions when none can be read for longer than
// partners.EpochLimit; while that lasts, those too that have begun since.
func (g *Gateway) watch(ctx context.Context) {
	looks := make(chan time.Time)
	var ticking sync.WaitGroup
	defer ticking.Wait()
	ticking.Go(func() { g.tick(ctx, looks) })
	var told time.Time // when sight was lost
	for ctx.Err() == nil {
		if err := g.partners.Watch(ctx, looks); errors.Is(err, partners.ErrBlind) {
			// While it lasts, Watch ends at each tick: that is told once a minute.
			if now := time.Now(); now.Sub(told) >= time.Minute {
				g.log.WarnContext(ctx, "subscriptions are ended", slog.Any("error", err))
				told = now
			}
			g.sight.lose()
			g.hub.dismiss()
		}
	}
}

// tick asks for a look as often as the options say, while somebody subscribes.
func (g *Gateway) tick(ctx context.Context, looks chan<- time.Time) {
	ticker := time.NewTicker(g.options.Look)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			if g.hub.idle() {
				continue
			}
			select {
			case <-ctx.Done():
				return
			case looks <- now:
			}
		}
	}
}

// sees tells whether an epoch can be read. While nobody subscribes nobody
// looks, so that the first one to come does.
func (g *Gateway) sees(ctx context.Context) error {
	if !g.partners.Blind() {
		return nil
	}
	if _, err := g.partners.Personal(ctx); err != nil && schema.Code(err) != schema.CodeUnavailable {
		return err
	}
	if g.partners.Blind() {
		return errUnseen
	}
	return nil
}
