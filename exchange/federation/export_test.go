package federation

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"fondaco/partners"
	"fondaco/schema"
)

// What tests outside the package may break.

// FailAfterCommit lets the node's intake end with an error after a commit and
// before it knows of it, as if the answer had been lost, while do says so.
func FailAfterCommit(do func() error) func(*Options) {
	return func(o *Options) { o.afterCommit = do }
}

// FailAfterStep does the same for what the node's relays store.
func FailAfterStep(do func() error) func(*Options) {
	return func(o *Options) { o.afterStep = do }
}

// ReportOften lets a node report, and look after its mailboxes, several times
// a second: what a test has broken is noticed that much sooner.
func ReportOften(o *Options) { o.reportEvery = 200 * time.Millisecond }

// GateTail lets the holder of a lock keep the node with the nats-server from
// reading its ledger.
func GateTail(gate sync.Locker) func(*Options) {
	return func(o *Options) {
		if o.Server != nil {
			o.tailGate = gate
		}
	}
}

// LoseMailbox deletes a firm's mailbox, as a lost disk does.
func (s *Server) LoseMailbox(ctx context.Context, firm schema.FirmID) error {
	return s.do(func(t *transport) error { return t.js.DeleteStream(ctx, mailboxName(firm)) })
}

// Forge puts a message into a mailbox in another firm's name.
func (s *Server) Forge(ctx context.Context, to, from schema.FirmID, message []byte) error {
	return s.do(func(t *transport) error { return t.publish(ctx, to, from, message) })
}

// Clean empties what a firm has in another's mailbox.
func (s *Server) Clean(ctx context.Context, to, from schema.FirmID) error {
	return s.do(func(t *transport) error { return t.purgeHere(ctx, to, from) })
}

func (s *Server) do(what func(*transport) error) error {
	t, err := dialOwn(s, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer t.close()
	return what(t)
}

// PrintOf is that by which a record is known that was sent already.
func PrintOf(p partners.Projection) ([]byte, error) {
	_, sum, err := encodeRecord(p)
	return sum, err
}
