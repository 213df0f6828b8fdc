package socket_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"fondaco/gateway/socket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// engine answers "one" with one result, "fail" with errors, and "forever"
// with results until it is stopped.
type engine struct {
	stopped chan struct{} // closed when "forever" has ended
	watch   func(context.Context) error
}

func (e *engine) Init(ctx context.Context, payload json.RawMessage) (context.Context, error) {
	if strings.Contains(string(payload), "bad") {
		return nil, errors.New("sign in first")
	}
	return ctx, nil
}

func (e *engine) Run(ctx context.Context, r socket.Request, next func([]byte) error) []byte {
	switch r.Query {
	case "one":
		_ = next([]byte(`{"data":1}`))
	case "fail":
		return []byte(`[{"message":"no"}]`)
	case "flood":
		for next([]byte(`{"data":"`+strings.Repeat("x", 10000)+`"}`)) == nil {
		}
	default:
		_ = next([]byte(`{"data":"first"}`))
		<-ctx.Done()
		close(e.stopped)
	}
	return nil
}

func (e *engine) Watch(ctx context.Context) error {
	if e.watch != nil {
		return e.watch(ctx)
	}
	<-ctx.Done()
	return nil
}

type client struct {
	*websocket.Conn
	t *testing.T
}

func dial(t *testing.T, e *engine, o socket.Options) client {
	t.Helper()
	if e.stopped == nil {
		e.stopped = make(chan struct{})
	}
	served := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(served)
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{socket.Protocol}})
		if err != nil {
			t.Error(err)
			return
		}
		socket.Serve(r.Context(), conn, e, o)
	}))
	//nolint:bodyclose // the body is that of the connection
	conn, _, err := websocket.Dial(t.Context(), server.URL, &websocket.DialOptions{Subprotocols: []string{socket.Protocol}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.CloseNow()
		<-served
		server.Close()
	})
	return client{conn, t}
}

func (c client) send(text string) {
	c.t.Helper()
	if err := c.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c client) want(text string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 5*time.Second)
	defer cancel()
	_, got, err := c.Read(ctx)
	if err != nil || string(got) != text {
		c.t.Fatalf("received %s, %v; want %s", got, err, text)
	}
}

func (c client) wantClose(code websocket.StatusCode) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
	defer cancel()
	for {
		_, got, err := c.Read(ctx)
		if err == nil && (code == socket.CloseLater || code == socket.CloseForbidden) {
			continue // what was sent before
		}
		if websocket.CloseStatus(err) != code {
			c.t.Fatalf("received %s, %v; want to be closed with %d", got, err, code)
		}
		return
	}
}

const hello, acked = `{"type":"connection_init"}`, `{"type":"connection_ack"}`

func TestAnOperationIsAnswered(t *testing.T) {
	t.Parallel()
	c := dial(t, &engine{}, socket.Options{})
	c.send(hello)
	c.want(acked)
	c.send(`{"type":"subscribe","id":"a","payload":{"query":"one"}}`)
	c.want(`{"type":"next","id":"a","payload":{"data":1}}`)
	c.want(`{"type":"complete","id":"a"}`)
	c.send(`{"type":"subscribe","id":"a","payload":{"query":"fail"}}`)
	c.want(`{"type":"error","id":"a","payload":[{"message":"no"}]}`)
}

func TestACompletedSubscriptionStopsAndFreesItsID(t *testing.T) {
	t.Parallel()
	e := &engine{}
	c := dial(t, e, socket.Options{})
	c.send(hello)
	c.want(acked)
	c.send(`{"type":"subscribe","id":"a","payload":{"query":"forever"}}`)
	c.want(`{"type":"next","id":"a","payload":{"data":"first"}}`)
	c.send(`{"type":"complete","id":"a"}`)
	<-e.stopped
	c.send(`{"type":"subscribe","id":"a","payload":{"query":"one"}}`)
	c.want(`{"type":"next","id":"a","payload":{"data":1}}`)
	c.want(`{"type":"complete","id":"a"}`)
}

func TestALeavingClientStopsItsSubscriptions(t *testing.T) {
	t.Parallel()
	e := &engine{}
	c := dial(t, e, socket.Options{})
	c.send(hello)
	c.want(acked)
	c.send(`{"type":"subscribe","id":"a","payload":{"query":"forever"}}`)
	c.want(`{"type":"next","id":"a","payload":{"data":"first"}}`)
	_ = c.Close(websocket.StatusNormalClosure, "")
	<-e.stopped
}

func TestPingIsAnsweredWithItsPayload(t *testing.T) {
	t.Parallel()
	c := dial(t, &engine{}, socket.Options{})
	c.send(`{"type":"ping","payload":{"a":1}}`)
	c.want(`{"type":"pong","payload":{"a":1}}`)
	c.send(hello)
	c.want(acked)
	c.send(`{"type":"pong"}`)
	c.send(`{"type":"ping"}`)
	c.want(`{"type":"pong"}`)
}

func TestTheServerPings(t *testing.T) {
	t.Parallel()
	c := dial(t, &engine{}, socket.Options{PingEvery: 20 * time.Millisecond})
	c.want(`{"type":"ping"}`)
}

func TestViolationsCloseWithTheirCodes(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name     string
		messages []string
		acked    bool
		code     websocket.StatusCode
	}{
		{"no JSON", []string{`hello`}, false, 4400},
		{"no type", []string{`{}`}, false, 4400},
		{"an unknown type", []string{`{"type":"start"}`}, false, 4400},
		{"an unknown type after the acknowledgment", []string{hello, `{"type":"start"}`}, true, 4400},
		{"subscribe without an id", []string{hello, `{"type":"subscribe","payload":{"query":"one"}}`}, true, 4400},
		{"subscribe without a query", []string{hello, `{"type":"subscribe","id":"a","payload":{}}`}, true, 4400},
		{"subscribe before the acknowledgment", []string{`{"type":"subscribe","id":"a","payload":{"query":"one"}}`}, false, 4401},
		{"a refused client", []string{`{"type":"connection_init","payload":{"token":"bad"}}`}, false, 4403},
		{"no connection_init", nil, false, 4408},
		{"a second connection_init", []string{hello, hello}, true, 4429},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, &engine{}, socket.Options{InitTimeout: 100 * time.Millisecond})
			for _, m := range x.messages {
				c.send(m)
			}
			if x.acked {
				c.want(acked)
			}
			c.wantClose(x.code)
		})
	}
}

func TestAnIDInUseClosesTheConnection(t *testing.T) {
	t.Parallel()
	c := dial(t, &engine{}, socket.Options{})
	c.send(hello)
	c.want(acked)
	c.send(`{"type":"subscribe","id":"a","payload":{"query":"forever"}}`)
	c.want(`{"type":"next","id":"a","payload":{"data":"first"}}`)
	c.send(`{"type":"subscribe","id":"a","payload":{"query":"one"}}`)
	c.wantClose(4409)
}

func TestTooManyOperationsAreRefusedOneByOne(t *testing.T) {
	t.Parallel()
	c := dial(t, &engine{}, socket.Options{Operations: 1})
	c.send(hello)
	c.want(acked)
	c.send(`{"type":"subscribe","id":"a","payload":{"query":"forever"}}`)
	c.want(`{"type":"next","id":"a","payload":{"data":"first"}}`)
	c.send(`{"type":"subscribe","id":"b","payload":{"query":"one"}}`)
	c.want(`{"type":"error","id":"b","payload":[{"message":"too many operations on one connection","extensions":{"code":"LIMIT"}}]}`)
}

func TestASlowReaderIsClosed(t *testing.T) {
	t.Parallel()
	c := dial(t, &engine{}, socket.Options{Queue: 4})
	c.SetReadLimit(1 << 20)
	c.send(hello)
	c.want(acked)
	c.send(`{"type":"subscribe","id":"a","payload":{"query":"flood"}}`)
	c.wantClose(socket.CloseLater)
}

func TestAClientThatIsNoLongerAllowedIsClosed(t *testing.T) {
	t.Parallel()
	c := dial(t, &engine{watch: func(context.Context) error { return errors.New("signed out") }}, socket.Options{})
	c.send(hello)
	c.wantClose(socket.CloseForbidden)
}

// What waited too long for its reader was judged too long ago.
func TestWhatHasWaitedTooLongIsNotSent(t *testing.T) {
	t.Parallel()
	c := dial(t, &engine{}, socket.Options{Stale: time.Nanosecond})
	c.send(hello)
	c.wantClose(socket.CloseLater)
}

func TestTheEngineNamesTheCodeOfItsClosing(t *testing.T) {
	t.Parallel()
	c := dial(t, &engine{watch: func(context.Context) error {
		return fmt.Errorf("watch: %w", &socket.ClosingError{Code: socket.CloseLater, Reason: "come again"})
	}}, socket.Options{})
	c.send(hello)
	c.wantClose(socket.CloseLater)
}
