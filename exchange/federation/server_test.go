package federation

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"

	"fondaco/schema"
)

func newFirm() schema.FirmID { return schema.FirmID(schema.NewID()) }

func newIdentity(t *testing.T, firm schema.FirmID) *Identity {
	t.Helper()
	id, err := OpenIdentity(t.TempDir(), firm)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// hubWith starts a server that hosts one firm and admits another, and gives
// the transports of both.
func hubWith(t *testing.T, host, guest *Identity) (s *Server, own, peer *transport) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	log := slog.New(slog.DiscardHandler)
	s, err := StartServer(ctx, ServerOptions{Folder: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.admit([]access{{guest.TransportKey, guest.Firm, []schema.FirmID{host.Firm}}})
	if own, err = dialOwn(s, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(own.close)
	for _, firm := range []schema.FirmID{host.Firm, guest.Firm} {
		if err := own.ensureMailbox(ctx, firm); err != nil {
			t.Fatal(err)
		}
	}
	purges, err := own.servePurges(t.Context(), func(f schema.FirmID) bool { return f == host.Firm }, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = purges.Unsubscribe() })
	if peer, err = dialPeer(s.Address(), s.Pin(), guest, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(peer.close)
	return s, own, peer
}

func waiting(t *testing.T, hub *transport, firm schema.FirmID) uint64 {
	t.Helper()
	stream, err := hub.js.Stream(t.Context(), mailboxName(firm))
	if err != nil {
		t.Fatal(err)
	}
	return stream.CachedInfo().State.Msgs
}

func TestPartnerSendsAndFetchesInItsOwnNameOnly(t *testing.T) {
	t.Parallel()
	ours, theirs := newFirm(), newFirm()
	_, own, peer := hubWith(t, newIdentity(t, ours), newIdentity(t, theirs))
	ctx := t.Context()

	if err := peer.publish(ctx, ours, theirs, []byte("a message")); err != nil {
		t.Fatalf("publish in the own name: %v", err)
	}
	if got := waiting(t, own, ours); got != 1 {
		t.Fatalf("the mailbox holds %d messages; want 1", got)
	}
	if err := own.publish(ctx, theirs, ours, []byte("an answer")); err != nil {
		t.Fatal(err)
	}
	consumer, err := peer.js.Consumer(ctx, mailboxName(theirs), consumerName)
	if err != nil {
		t.Fatalf("open the own mailbox: %v", err)
	}
	message, err := consumer.Next(jetstream.FetchMaxWait(5 * time.Second))
	if err != nil || string(message.Data()) != "an answer" {
		t.Fatalf("fetch from the own mailbox: %v", err)
	}
	if err := message.DoubleAck(ctx); err != nil {
		t.Fatalf("acknowledge: %v", err)
	}
	if got := waiting(t, own, theirs); got != 0 {
		t.Fatalf("after the acknowledgment the mailbox holds %d messages; want 0", got)
	}
	if err := peer.purge(ctx, ours, theirs); err != nil {
		t.Fatalf("purge what was sent: %v", err)
	}
	if got := waiting(t, own, ours); got != 0 {
		t.Fatalf("after the purge the mailbox holds %d messages; want 0", got)
	}
}

func TestPartnerIsRefusedWhatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	ours, theirs, third := newFirm(), newFirm(), newFirm()
	_, own, peer := hubWith(t, newIdentity(t, ours), newIdentity(t, theirs))
	if err := own.publish(t.Context(), ours, third, []byte("secret")); err != nil {
		t.Fatal(err)
	}
	var tries sync.WaitGroup
	for name, try := range map[string]func(context.Context) error{
		"publish in another firm's name":          func(ctx context.Context) error { return peer.publish(ctx, ours, third, nil) },
		"publish to a firm without a partnership": func(ctx context.Context) error { return peer.publish(ctx, third, theirs, nil) },
		"open another firm's mailbox": func(ctx context.Context) error {
			_, err := peer.js.Consumer(ctx, mailboxName(ours), consumerName)
			return err
		},
		"purge in another firm's name": func(ctx context.Context) error { return peer.purge(ctx, ours, third) },
		"manage a stream":              func(ctx context.Context) error { return peer.js.DeleteStream(ctx, mailboxName(ours)) },
	} {
		tries.Go(func() {
			// A server that refuses does not answer: each try has a time of its own.
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if try(ctx) == nil {
				t.Errorf("%s: it is allowed; want it refused", name)
			}
		})
	}
	tries.Wait()
	if got := waiting(t, own, ours); got != 1 {
		t.Errorf("the mailbox holds %d messages; want the 1 that was in it", got)
	}
}

func TestPartnerCannotListenToOthers(t *testing.T) {
	t.Parallel()
	ours, theirs := newFirm(), newFirm()
	_, _, peer := hubWith(t, newIdentity(t, ours), newIdentity(t, theirs))
	for _, subject := range []string{">", "fondaco.>", everyone(topicReport, ours), "_INBOX.>", "$JS.>"} {
		sub, err := peer.conn.SubscribeSync(subject)
		if err != nil {
			continue
		}
		if _, err := sub.NextMsg(2 * time.Second); !errors.Is(err, nats.ErrPermissionViolation) {
			t.Errorf("subscribe %q: %v; want %v", subject, err, nats.ErrPermissionViolation)
		}
	}
}

func TestConnectionsAreOfKnownFirmsOnly(t *testing.T) {
	t.Parallel()
	guest := newIdentity(t, newFirm())
	s, _, _ := hubWith(t, newIdentity(t, newFirm()), guest)

	t.Run("a stranger's key is refused", func(t *testing.T) {
		t.Parallel()
		stranger, err := dialPeer(s.Address(), s.Pin(), newIdentity(t, newFirm()), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer stranger.close()
		if err := stranger.conn.FlushTimeout(500 * time.Millisecond); err == nil {
			t.Error("a stranger is connected")
		}
	})
	t.Run("a firm's key without its private half is refused", func(t *testing.T) {
		t.Parallel()
		thief, err := nkeys.CreateUser()
		if err != nil {
			t.Fatal(err)
		}
		conn, err := nats.Connect("tls://"+s.Address(), nats.Secure(pinned(s.Pin())), nats.Nkey(guest.TransportKey, thief.Sign))
		if err == nil {
			conn.Close()
			t.Error("it is connected")
		}
	})
	t.Run("who names no key is refused", func(t *testing.T) {
		t.Parallel()
		conn, err := nats.Connect("tls://"+s.Address(), nats.Secure(pinned(s.Pin())))
		if err == nil {
			conn.Close()
			t.Error("it is connected")
		}
	})
	t.Run("the node's own key is refused over a socket", func(t *testing.T) {
		t.Parallel()
		key, err := s.own.PublicKey()
		if err != nil {
			t.Fatal(err)
		}
		conn, err := nats.Connect("tls://"+s.Address(), nats.Secure(pinned(s.Pin())), nats.Nkey(key, s.own.Sign))
		if err == nil {
			conn.Close()
			t.Error("it is connected")
		}
	})
	t.Run("a server with another key is refused", func(t *testing.T) {
		t.Parallel()
		_, err := nats.Connect("tls://"+s.Address(), nats.Secure(pinned(strings.Repeat("A", 43))))
		if err == nil || !strings.Contains(err.Error(), "another key") {
			t.Errorf("connect: %v; want a word on the other key", err)
		}
	})
}

func TestFirmThatIsNoLongerAdmittedIsCutOff(t *testing.T) {
	t.Parallel()
	s, _, peer := hubWith(t, newIdentity(t, newFirm()), newIdentity(t, newFirm()))
	gone := make(chan struct{}, 1)
	peer.conn.SetDisconnectErrHandler(func(*nats.Conn, error) { gone <- struct{}{} })
	s.admit(nil)
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		t.Error("it is connected still")
	}
}

// TestFirmWithAnotherPartnershipMayDoMoreAtOnce: what a firm asks for before
// it may is not answered; it does not wait for that once it connects with its
// new rights.
func TestFirmWithAnotherPartnershipMayDoMoreAtOnce(t *testing.T) {
	t.Parallel()
	ours, second, theirs, others := newFirm(), newFirm(), newIdentity(t, newFirm()), newIdentity(t, newFirm())
	s, own, peer := hubWith(t, newIdentity(t, ours), theirs)
	if err := own.ensureMailbox(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	with := func(hosts ...schema.FirmID) []access {
		return []access{{theirs.TransportKey, theirs.Firm, hosts}, {others.TransportKey, others.Firm, []schema.FirmID{ours}}}
	}
	s.admit(with(ours))
	other, err := dialPeer(s.Address(), s.Pin(), others, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.close)
	if !other.connected(t.Context()) {
		t.Fatal("the other firm is not connected")
	}
	refused := make(chan struct{}, 1)
	peer.conn.SetErrorHandler(func(*nats.Conn, *nats.Subscription, error) { refused <- struct{}{} })
	asked := make(chan error, 1)
	go func() { asked <- peer.publish(t.Context(), second, theirs.Firm, []byte("too early")) }()
	<-refused
	s.admit(with(ours, second))
	if err := <-asked; !errors.Is(err, context.Canceled) {
		t.Errorf("what was asked for too early: %v; want %v, since the connection is another", err, context.Canceled)
	}
	if err := peer.publish(t.Context(), second, theirs.Firm, []byte("now")); err != nil {
		t.Errorf("publish to the second firm: %v", err)
	}
	if n := other.conn.Stats().Reconnects; n != 0 {
		t.Errorf("the connection of a firm with the same rights as before was cut %d times", n)
	}
}

func TestServerKeepsItsPort(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	start := func() string {
		s, err := StartServer(t.Context(), ServerOptions{Folder: folder, Listen: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		return s.Address()
	}
	if first, second := start(), start(); first != second {
		t.Errorf("the server listens on %s first and on %s after a restart; partners know the first", first, second)
	}
}

func TestServerWithoutAddressOpensNoSocket(t *testing.T) {
	t.Parallel()
	s, err := StartServer(t.Context(), ServerOptions{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Address() != "" {
		t.Errorf("it listens on %s", s.Address())
	}
	own, err := dialOwn(s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer own.close()
	if err := own.ensureMailbox(t.Context(), newFirm()); err != nil {
		t.Errorf("in process: %v", err)
	}
}

func TestServerNamesAnAddressItCannotUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, err = StartServer(ctx, ServerOptions{Folder: t.TempDir(), Listen: taken.Addr().String()})
	if err == nil || !strings.Contains(err.Error(), taken.Addr().String()) {
		t.Errorf("StartServer on a taken port: %v; want an error that names the address", err)
	}
}
