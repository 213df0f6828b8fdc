package federation

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/schema"
)

// rescan follows a change of the rules towards the peer: all that it holds or
// may hold is looked at, and nothing that was sent before is delivered any
// more.
func (r *relay) rescan(ctx context.Context) error {
	// First the word is taken away: one that comes from now on is for another look.
	r.asked.Store(false)
	err := r.lookAtEverything(ctx)
	if err != nil {
		r.asked.Store(true)
	}
	return err
}

func (r *relay) lookAtEverything(ctx context.Context) error {
	var until *time.Time
	at, err := r.node.service.Until(ctx, r.Peer)
	if err != nil {
		return err
	}
	if !at.IsZero() {
		until = &at
	}
	next := r.sender
	effect := next.Narrow()
	err = r.keep(ctx, "look at everything", next, nil, func(b *pgx.Batch) {
		carry(b, r.pair, effect, nil, r.node.now())
		beginRescan(b, r.pair, until)
	})
	if err != nil {
		return err
	}
	r.filler, r.until = &filler{}, until
	return nil
}

// filler collects the ids of what the peer may see, kind by kind.
type filler struct {
	kind  int
	after schema.ID
}

// fill collects one page.
func (r *relay) fill(ctx context.Context) (bool, error) {
	if r.filler == nil {
		return false, nil
	}
	var b pgx.Batch
	holdSender(&b, r.pair, r.steps)
	kinds, f := sharedKinds, *r.filler
	if f.kind == len(kinds) {
		filling(&b, r.pair, false)
		err := r.node.store.carryOut(ctx, "collect ids", &b)
		if err == nil {
			r.filler = nil
		}
		return true, err
	}
	kind := kinds[f.kind]
	page, err := r.node.service.Reachable(ctx, r.Peer, kind, f.after, partners.PageLimit)
	if err != nil {
		return false, fmt.Errorf("collect what %s may see: %w", r.Peer, err)
	}
	if len(page) == 0 {
		f.kind, f.after = f.kind+1, schema.ID{}
	} else {
		f.after = page[len(page)-1]
	}
	list := make([]noted, len(page))
	for i, id := range page {
		list[i].key = key{kind.Name, id}
	}
	enqueue(&b, r.pair, laneAgain, list)
	err = r.node.store.carryOut(ctx, "collect ids", &b)
	if err == nil {
		r.filler = &f
	}
	return true, err
}

// sharedKinds are the kinds that can ever leave a node.
var sharedKinds = func() (list []*schema.Kind) {
	for _, k := range schema.Kinds() {
		if !k.Private {
			list = append(list, k)
		}
	}
	return list
}()
