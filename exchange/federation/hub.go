package federation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"fondaco/schema"
)

// The bounds of a mailbox. What does not fit is refused, which pauses the
// sender's link and no other.
const (
	mailboxPerLink = 64
	mailboxBytes   = 256 << 20
)

// ackWait is how long a message waits for its acknowledgment before it is
// delivered once more: to a node that was killed and is back, it should not
// be long. A message delivered twice does no harm.
const ackWait = 4 * time.Second

const purgedAnswer = "purged"

// ensureMailbox makes a firm's mailbox, if the store has none: a store that
// was lost is so replaced by an empty one, and the links repair themselves.
func (t *transport) ensureMailbox(ctx context.Context, firm schema.FirmID) error {
	_, err := t.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: mailboxName(firm), Subjects: []string{everyone(topicBatch, firm)},
		// What was acknowledged leaves the disk at once.
		Retention: jetstream.WorkQueuePolicy, Storage: jetstream.FileStorage,
		Discard: jetstream.DiscardNew, DiscardNewPerSubject: true, MaxMsgsPerSubject: mailboxPerLink,
		MaxBytes: mailboxBytes, MaxMsgSize: MaxMessage + 4096, MaxConsumers: 1,
	})
	if err == nil {
		_, err = t.js.CreateOrUpdateConsumer(ctx, mailboxName(firm), jetstream.ConsumerConfig{
			Durable: consumerName, AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait,
			MaxAckPending: 1000, MaxDeliver: -1,
		})
	}
	if err != nil {
		return fmt.Errorf("make the mailbox of firm %s: %w", firm, err)
	}
	return nil
}

func (t *transport) purgeHere(ctx context.Context, to, from schema.FirmID) error {
	stream, err := t.js.Stream(ctx, mailboxName(to))
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return t.ensureMailbox(ctx, to) // a new one is empty
	}
	if err == nil {
		err = stream.Purge(ctx, jetstream.WithPurgeSubject(subject(topicBatch, to, from)))
	}
	if err != nil {
		return fmt.Errorf("purge the mailbox of %s: %w", to, err)
	}
	return nil
}

// servePurges answers partners who connect here and want what they sent taken
// out of a mailbox. The server lets each ask in its own name only: the
// subject is the proof.
func (t *transport) servePurges(ctx context.Context, hosts func(schema.FirmID) bool, log *slog.Logger) (*nats.Subscription, error) {
	return t.conn.Subscribe("fondaco."+topicPurge+".*.*", func(m *nats.Msg) {
		to, from, err := parties(m.Subject)
		if err == nil && !hosts(to) {
			err = fmt.Errorf("firm %s has no mailbox here", to)
		}
		if err == nil {
			err = t.purgeHere(ctx, to, from)
		}
		answer := purgedAnswer
		if err != nil {
			answer = "refused"
			log.Warn("federation: a partner's mailbox was not purged", slog.Any("firm", from), slog.Any("cause", err))
		}
		_ = m.Respond([]byte(answer)) // whoever asked asks again
	})
}

// parties reads the firms out of a subject.
func parties(subject string) (to, from schema.FirmID, err error) {
	parts := strings.Split(subject, ".")
	if len(parts) != 4 {
		return to, from, fmt.Errorf("subject %q names no two firms", subject)
	}
	if err := to.UnmarshalText([]byte(parts[2])); err != nil {
		return to, from, err
	}
	return to, from, from.UnmarshalText([]byte(parts[3]))
}
