// Package socket speaks graphql-transport-ws, the protocol of GraphQL over
// WebSockets, as a server.
//
// It knows no schema: [Serve] reads messages from one connection and calls an
// [Engine] for what they ask. Every operation runs in a goroutine of its own;
// Serve returns when all of them have ended. Messages go out through a queue
// of fixed size: a client that reads too slowly is closed, and never holds up
// others.
//
// The protocol is that of the npm package graphql-ws, PROTOCOL.md: the client
// sends connection_init, subscribe, complete and ping, the server answers
// with connection_ack, next, error, complete and pong. Violations end the
// connection with 4400 (no such message), 4401 (subscribe before
// connection_ack), 4403 (refused), 4408 (no connection_init in time), 4409
// (an id that is in use) or 4429 (a second connection_init). Code 1013 is no
// fault of the client: it comes again, and resumes after the last cursor.
package socket

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// Protocol is the name of the subprotocol.
const Protocol = "graphql-transport-ws"

// The codes with which a connection is closed.
const (
	CloseInvalid      websocket.StatusCode = 4400
	CloseUnauthorized websocket.StatusCode = 4401
	CloseForbidden    websocket.StatusCode = 4403
	CloseInitTimeout  websocket.StatusCode = 4408
	CloseDuplicate    websocket.StatusCode = 4409
	CloseTooManyInits websocket.StatusCode = 4429
	// CloseLater is "try again later", as IANA registers it: resume after the last cursor. It ends the connection of a
	// client that reads too slowly, and those of all while what they may see is not known.
	CloseLater = websocket.StatusTryAgainLater
)

// ClosingError is an error of an [Engine] that names the code with which the
// connection is closed. Any other closes it with [CloseForbidden].
type ClosingError struct {
	Code   websocket.StatusCode
	Reason string
}

func (c *ClosingError) Error() string { return c.Reason }

// Request is the payload of a subscribe message.
type Request struct {
	Query         string                     `json:"query"`
	OperationName string                     `json:"operationName"`
	Variables     map[string]json.RawMessage `json:"variables"`
	Extensions    map[string]json.RawMessage `json:"extensions"`
}

// Engine answers what clients ask. Its methods are called by several
// goroutines at once.
type Engine interface {
	// Init judges the payload of connection_init, which may be empty. The context that it gives is that of all
	// operations. An error refuses the connection; see [ClosingError].
	Init(ctx context.Context, payload json.RawMessage) (context.Context, error)
	// Run carries out an operation until it ends or ctx does. It calls next with each result, a JSON object with data
	// or errors. If it gives errors, a JSON list, they end the operation in place of a completion.
	Run(ctx context.Context, r Request, next func(result []byte) error) (errs []byte)
	// Watch returns when ctx ends, or when the connection must be closed, with the reason; see [ClosingError]. What waits
	// to be sent then is not sent.
	Watch(ctx context.Context) error
}

// Options bound a connection; zero fields take the defaults.
type Options struct {
	InitTimeout time.Duration // 5 s
	PingEvery   time.Duration // 25 s; a client that sends nothing for twice that time is gone
	MaxMessage  int64         // bytes of a message from the client, 128 KiB
	Queue       int           // messages that wait for the client, 512
	Stale       time.Duration // how long a message may wait for the client, 5 s: it was judged when it was made
	Operations  int           // at once, 100
}

func (o Options) orDefaults() Options {
	if o.InitTimeout == 0 {
		o.InitTimeout = 5 * time.Second
	}
	if o.PingEvery == 0 {
		o.PingEvery = 25 * time.Second
	}
	if o.MaxMessage == 0 {
		o.MaxMessage = 128 << 10
	}
	if o.Queue == 0 {
		o.Queue = 512
	}
	if o.Stale == 0 {
		o.Stale = 5 * time.Second
	}
	if o.Operations == 0 {
		o.Operations = 100
	}
	return o
}

// Serve speaks with one client until it leaves, ctx ends, or it breaks the
// protocol, and closes the connection.
func Serve(ctx context.Context, conn *websocket.Conn, e Engine, o Options) {
	o = o.orDefaults()
	conn.SetReadLimit(o.MaxMessage)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	c := &connection{conn: conn, engine: e, Options: o, cancel: cancel, out: make(chan waiting, o.Queue), running: map[string]context.CancelFunc{}}
	var done sync.WaitGroup
	// To end the context of a read or a write ends the connection without a word. So nothing but this closes it, when
	// all is written, and that also wakes the reader.
	done.Go(func() {
		c.write(ctx)
		c.close(context.Cause(ctx))
	})
	cancel(c.read(ctx))
	c.operations.Wait()
	done.Wait()
}

// waiting is a message that waits for the client, and since when.
type waiting struct {
	message []byte
	since   time.Time
}

// violation is a reason to close with a code of its own. Silent means that
// what waits is not sent any more.
type violation struct {
	code   websocket.StatusCode
	reason string
	silent bool
}

func slow() error {
	return &violation{CloseLater, "reading too slowly; resume after the last cursor", true}
}

// violationOf gives how an error of the engine closes the connection.
func violationOf(err error) *violation {
	if c, ok := errors.AsType[*ClosingError](err); ok {
		return &violation{c.Code, reason(c), true}
	}
	return &violation{CloseForbidden, reason(err), true}
}

func (v *violation) Error() string { return v.reason }

func (c *connection) close(err error) {
	v, ok := errors.AsType[*violation](err)
	switch {
	case ok:
		_ = c.conn.Close(v.code, v.reason)
	case errors.Is(err, context.Canceled):
		_ = c.conn.Close(websocket.StatusGoingAway, "the server is stopping")
	default:
		_ = c.conn.CloseNow()
	}
}

type connection struct {
	Options
	conn   *websocket.Conn
	engine Engine
	cancel context.CancelCauseFunc
	out    chan waiting

	mu         sync.Mutex
	running    map[string]context.CancelFunc // by the client's id; also bounds the number
	operations sync.WaitGroup
}

// send queues a message. A full queue means that the client reads too slowly.
func (c *connection) send(m []byte) error {
	select {
	case c.out <- waiting{m, time.Now()}:
		return nil
	default:
		err := slow()
		c.cancel(err)
		return err
	}
}

// write sends what is queued, and pings, until ctx ends.
func (c *connection) write(ctx context.Context) {
	ping := time.NewTicker(c.PingEvery)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			c.flush(ctx)
			return
		case m := <-c.out:
			if time.Since(m.since) > c.Stale {
				c.cancel(slow())
				continue
			}
			c.writeOne(ctx, m.message, c.PingEvery)
		case <-ping.C:
			c.writeOne(ctx, []byte(`{"type":"ping"}`), c.PingEvery)
		}
	}
}

func (c *connection) writeOne(ctx context.Context, m []byte, patience time.Duration) {
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := c.conn.Write(deadline, websocket.MessageText, m); err != nil {
		c.cancel(err)
	}
}

// flush sends what was queued before a violation of the client, so that it
// learns what came before it. A client that reads slowly is not waited for, and
// one that may not see any more what it saw gets nothing more.
func (c *connection) flush(ctx context.Context) {
	v, ok := errors.AsType[*violation](context.Cause(ctx))
	if !ok || v.silent {
		return
	}
	for {
		select {
		case m := <-c.out:
			c.writeOne(ctx, m.message, time.Second)
		default:
			return
		}
	}
}
