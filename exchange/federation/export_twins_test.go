package federation

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"fondaco/schema"
)

// Overhear hands over every message that goes through the server. The first
// function that it gives returns when all that has gone through so far was
// handed over, the second ends it. What is said of a batch's place in its
// chain, which holds random tokens, is left out of the text: what is left must
// be the same wherever the same may be known.
func (s *Server) Overhear(to func(subject, text string)) (caught, stop func(), err error) {
	t, err := dialOwn(s, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, err
	}
	const mark = "overheard"
	marked := make(chan struct{})
	heard := make(chan *overheard, 1<<16)
	subs, err := t.conn.Subscribe(">", func(m *nats.Msg) { heard <- &overheard{m.Subject, m.Data} })
	if err == nil {
		err = t.conn.Flush()
	}
	if err != nil {
		t.close()
		return nil, nil, fmt.Errorf("overhear: %w", err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for m := range heard {
			if m.subject == mark {
				marked <- struct{}{}
				continue
			}
			to(m.subject, plainMessage(m))
		}
	}()
	caught = func() {
		if t.conn.Publish(mark, nil) == nil {
			<-marked
		}
	}
	return caught, func() {
		_ = subs.Drain()
		_ = t.conn.Flush()
		t.close()
		close(heard)
		<-done
	}, nil
}

type overheard struct {
	subject string
	data    []byte
}

// plainMessage gives a message as its receiver reads it.
func plainMessage(m *overheard) string {
	_, body, _ := strings.Cut(string(m.data), "\n")
	if strings.HasPrefix(m.subject, "fondaco."+topicBatch+".") {
		b, err := decodeBatch([]byte(body))
		if err != nil {
			return "unreadable: " + err.Error()
		}
		text := fmt.Sprintf("batch of %d, start %t, end %t, probe %t", b.Count, b.Link.Start, b.Link.End, b.Link.Probe())
		for _, it := range b.Items {
			text += "\n" + string(it.append(nil))
		}
		return text
	}
	return body
}

// Surfaces lists the subjects to which anybody listens, in every account of the
// server, and the streams.
func (s *Server) Surfaces(ctx context.Context) (subjects, streams []string, err error) {
	list, err := s.nats.Subsz(&server.SubszOptions{Subscriptions: true, Limit: 100_000})
	if err != nil {
		return nil, nil, err
	}
	for _, sub := range list.Subs {
		subjects = append(subjects, sub.Subject)
	}
	err = s.do(func(t *transport) error {
		names := t.js.ListStreams(ctx)
		for info := range names.Info() {
			streams = append(streams, info.Config.Name)
			subjects = append(subjects, info.Config.Subjects...)
		}
		return names.Err()
	})
	return subjects, streams, err
}

// AskBody asks a peer's node for bytes of a document's version, as one that
// holds a copy of it does.
func (n *Node) AskBody(ctx context.Context, firm, peer schema.FirmID, version schema.ID) ([]byte, error) {
	n.mu.Lock()
	f := n.fetchers[pair{firm, peer}]
	n.mu.Unlock()
	if f == nil {
		return nil, fmt.Errorf("firm %s is not paired with %s", firm, peer)
	}
	return f.ask(ctx, version, 0)
}
