package federation

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"

	"fondaco/schema"
)

// The topics of a link. Each has one subject for a pair of firms; no subject
// names a record.
const (
	topicBatch  = "batch"  // records, into the mailbox
	topicReport = "report" // the receiver's position, not stored
	topicBody   = "body"   // asks for bytes of a document
	topicPurge  = "purge"  // asks the hub to empty what this sender has in a mailbox
)

const consumerName = "node"

func subject(topic string, to, from schema.FirmID) string {
	return "fondaco." + topic + "." + to.String() + "." + from.String()
}

// everyone is the subject of a topic for messages to a firm from any other.
func everyone(topic string, to schema.FirmID) string {
	return "fondaco." + topic + "." + to.String() + ".*"
}

func mailboxName(firm schema.FirmID) string { return "FONDACO_" + firm.String() }

func inbox(firm schema.FirmID) string { return "_INBOX_" + firm.String() }

// transport is a connection to the hub of a link: to our own server, where
// the node acts for all its firms, or to a partner's, for one firm.
type transport struct {
	conn *nats.Conn
	js   jetstream.JetStream
	hub  bool  // we may manage streams there
	up   *bell // rings when the connection is there, for the first time or again
}

// reconnectDelay is how long to wait after so many passes over the servers in vain: hardly at all at first, since a firm
// that joined is often accepted a moment later, and in the end up to three seconds, of which chance takes off a third so
// that the partners of a server that was away don't all come back at once.
func reconnectDelay(passes int) time.Duration {
	const first, last, doublings = 10 * time.Millisecond, 3 * time.Second, 9
	wait := min(first<<min(passes, doublings), last)
	return wait - rand.N(wait/3) //nolint:gosec,mnd // chance, not a secret
}

func options(name string, up *bell, log *slog.Logger) []nats.Option {
	return []nats.Option{
		nats.ConnectHandler(func(*nats.Conn) { up.tell() }), nats.ReconnectHandler(func(*nats.Conn) { up.tell() }),
		nats.Name(name), nats.MaxReconnects(-1), nats.CustomReconnectDelay(reconnectDelay),
		nats.RetryOnFailedConnect(true), nats.Timeout(5 * time.Second), nats.PingInterval(10 * time.Second),
		// Nothing may leave later than we think: what was published while the connection was away could come after a purge.
		nats.ReconnectBufSize(-1), nats.PermissionErrOnSubscribe(true),
		// A firm that joined may knock before the other has accepted.
		nats.IgnoreAuthErrorAbort(),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log.Warn("federation: connection lost", slog.String("hub", name), slog.Any("cause", err))
			}
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			log.Warn("federation: transport", slog.String("hub", name), slog.Any("cause", err))
		}),
	}
}

// dialOwn connects to the server in this process.
func dialOwn(s *Server, log *slog.Logger) (*transport, error) {
	up := newBell()
	conn, err := s.connect(options("own", up, log)...)
	return newTransport(conn, up, true, err)
}

// dialURL connects to a server that this node administers but does not run.
func dialURL(url string, log *slog.Logger) (*transport, error) {
	up := newBell()
	conn, err := nats.Connect(url, options("NATS_URL", up, log)...)
	return newTransport(conn, up, true, err)
}

// dialPeer connects to a partner's server as one firm. The server is known by
// the key that was pinned at pairing, not by a name.
func dialPeer(address, pin string, id *Identity, log *slog.Logger) (*transport, error) {
	pair, err := nkeys.FromSeed(id.transport)
	if err != nil {
		return nil, fmt.Errorf("transport key of firm %s: %w", id.Firm, err)
	}
	up := newBell()
	opts := append(options(address, up, log), nats.CustomInboxPrefix(inbox(id.Firm)),
		nats.Nkey(id.TransportKey, pair.Sign), nats.Secure(pinned(pin)))
	conn, err := nats.Connect("tls://"+address, opts...)
	return newTransport(conn, up, false, err)
}

func newTransport(conn *nats.Conn, up *bell, hub bool, err error) (*transport, error) {
	if err != nil {
		return nil, fmt.Errorf("connect to the hub: %w", err)
	}
	js, err := jetstream.New(conn, jetstream.WithDefaultTimeout(5*time.Second))
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("connect to the hub: %w", err)
	}
	return &transport{conn: conn, js: js, hub: hub, up: up}, nil
}

// connected waits until the connection is there; false when the context ends.
func (t *transport) connected(ctx context.Context) bool {
	for {
		up := t.up.wait()
		if t.conn.IsConnected() {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-up:
		}
	}
}

// pinned accepts exactly the server whose public key has this hash.
func pinned(pin string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		// No authority vouches for the certificate; VerifyConnection compares its key instead.
		InsecureSkipVerify: true, //nolint:gosec // see above
		VerifyConnection: func(cs tls.ConnectionState) error {
			sum := sha256.Sum256(cs.PeerCertificates[0].RawSubjectPublicKeyInfo)
			got := base64.RawURLEncoding.EncodeToString(sum[:])
			if subtle.ConstantTimeCompare([]byte(got), []byte(pin)) != 1 {
				return errors.New("the partner's server has another key than the one given at pairing; ask the partner, and pair anew")
			}
			return nil
		},
	}
}

func (t *transport) close() { t.conn.Close() }

// whileConnected gives a context for a question and its answer: five seconds,
// but no longer than this connection lasts. One that is made anew brings no
// answer to what was asked before; and it is made anew when the hub lets a
// firm do more than before, which until then it had left unanswered.
func (t *transport) whileConnected(ctx context.Context) (_ context.Context, done func()) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	before := t.conn.Stats().Reconnects
	var watch sync.WaitGroup
	watch.Go(func() {
		defer cancel()
		for ctx.Err() == nil {
			up := t.up.wait()
			if t.conn.Stats().Reconnects != before {
				return
			}
			select {
			case <-up:
			case <-ctx.Done():
			}
		}
	})
	return ctx, func() {
		cancel()
		watch.Wait()
	}
}

// publish puts a message into the mailbox of a firm, and returns when it is
// on disk there.
func (t *transport) publish(ctx context.Context, to, from schema.FirmID, message []byte) error {
	ctx, done := t.whileConnected(ctx)
	defer done()
	_, err := t.js.Publish(ctx, subject(topicBatch, to, from), message, jetstream.WithRetryAttempts(0))
	if err != nil {
		return fmt.Errorf("publish to the mailbox of %s: %w", to, err)
	}
	return nil
}

// purge takes out of a firm's mailbox what another has in there, and returns
// when it is gone.
func (t *transport) purge(ctx context.Context, to, from schema.FirmID) error {
	if t.hub {
		return t.purgeHere(ctx, to, from)
	}
	ctx, done := t.whileConnected(ctx)
	defer done()
	answer, err := t.conn.RequestWithContext(ctx, subject(topicPurge, to, from), nil)
	if err != nil {
		return fmt.Errorf("purge the mailbox of %s: %w", to, err)
	}
	if string(answer.Data) != purgedAnswer {
		return fmt.Errorf("purge the mailbox of %s: the hub answers %.100q", to, answer.Data)
	}
	return nil
}

// report tells the sender of a link something; it may get lost.
func (t *transport) report(to, from schema.FirmID, message []byte) error {
	return t.conn.Publish(subject(topicReport, to, from), message)
}
