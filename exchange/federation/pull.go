package federation

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"fondaco/exchange/federation/link"
	"fondaco/schema"
)

// A pull hands over what is in one mailbox until it is closed.
type pull struct {
	arrived chan jetstream.Msg
	broken  chan error // why nothing more comes
	consume jetstream.ConsumeContext
}

// pullAhead is how many batches wait in this process.
const pullAhead = link.MaxFlight

// openPull begins to empty a firm's mailbox, and makes the mailbox where that
// is for us to do. The context is that of the session, not of the opening.
func openPull(ctx context.Context, from *transport, firm schema.FirmID) (*pull, error) {
	if from.hub {
		if err := from.ensureMailbox(ctx, firm); err != nil {
			return nil, err
		}
	}
	consumer, err := from.js.Consumer(ctx, mailboxName(firm), consumerName)
	if err != nil {
		return nil, fmt.Errorf("open the mailbox: %w", err)
	}
	p := &pull{arrived: make(chan jetstream.Msg, pullAhead), broken: make(chan error, 1)}
	arrive := func(m jetstream.Msg) {
		select {
		case p.arrived <- m:
		case <-ctx.Done():
		}
	}
	fail := func(_ jetstream.ConsumeContext, err error) {
		select {
		case p.broken <- err:
		default: // one cause is enough
		}
	}
	p.consume, err = consumer.Consume(arrive,
		jetstream.PullMaxMessages(pullAhead), jetstream.PullHeartbeat(2*time.Second), jetstream.PullExpiry(10*time.Second),
		jetstream.ConsumeErrHandler(fail))
	if err != nil {
		return nil, fmt.Errorf("pull from the mailbox: %w", err)
	}
	return p, nil
}

// with gives a message and those that wait behind it.
func (p *pull) with(first jetstream.Msg) []jetstream.Msg {
	list := []jetstream.Msg{first}
	for len(list) < pullAhead {
		select {
		case m := <-p.arrived:
			list = append(list, m)
		default:
			return list
		}
	}
	return list
}

// close ends the pull and gives back what nobody took.
func (p *pull) close() {
	p.consume.Stop()
	for {
		select {
		case m := <-p.arrived: // arrive may be waiting for room
			_ = m.Nak() // comes again at once; if that is lost, a little later
		case <-p.consume.Closed():
			return
		}
	}
}
