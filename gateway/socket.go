package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/socket"
	"fondaco/policy"
)

// serveSocket speaks graphql-transport-ws. Browsers prove themselves by the
// cookie that comes with the request, and may come from our own pages alone;
// programs by a token in the payload of connection_init.
func (g *Gateway) serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{socket.Protocol}, OriginPatterns: g.originHosts()})
	if err != nil {
		g.log.DebugContext(r.Context(), "no WebSocket", slog.Any("error", err))
		return
	}
	if conn.Subprotocol() != socket.Protocol {
		_ = conn.Close(4406, "want the subprotocol "+socket.Protocol)
		return
	}
	socket.Serve(r.Context(), conn, &session{gateway: g, request: r}, socket.Options{})
}

func (g *Gateway) originHosts() []string {
	var hosts []string
	for _, origin := range g.options.Origins {
		if u, err := url.Parse(origin); err == nil {
			hosts = append(hosts, u.Host)
		}
	}
	return hosts
}

// session is one connection: who has it, proved anew now and then.
type session struct {
	gateway   *Gateway
	request   *http.Request
	principal atomic.Pointer[policy.Principal]
}

var _ socket.Engine = (*session)(nil)

// Init authenticates by the payload's token, or else by the request itself.
func (s *session) Init(ctx context.Context, payload json.RawMessage) (context.Context, error) {
	var given struct {
		Authorization string `json:"authorization"`
		Upper         string `json:"Authorization"`
	}
	if len(payload) > 0 && string(payload) != "null" {
		if err := json.Unmarshal(payload, &given); err != nil {
			return nil, refuse("the payload must be a JSON object")
		}
	}
	s.request = s.request.Clone(ctx)
	if token := given.Authorization + given.Upper; token != "" {
		s.request.Header.Set("Authorization", token)
	}
	return s.authenticate(ctx)
}

func (s *session) authenticate(ctx context.Context) (context.Context, error) {
	ctx, err := s.gateway.identity(ctx, s.request)
	if err != nil {
		return nil, refuse("%s", translate(s.request.Context(), s.gateway.log, err).Message)
	}
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	s.principal.Store(&p)
	return ctx, nil
}

// Watch proves the session anew, until that fails.
func (s *session) Watch(ctx context.Context) error {
	again := time.NewTicker(s.gateway.options.Recheck)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
			if _, err := s.authenticate(ctx); err != nil {
				return err
			}
		}
	}
}

// Run carries out one operation of the connection. It runs in a goroutine of
// its own, where a panic would end the process.
func (s *session) Run(ctx context.Context, r socket.Request, next func([]byte) error) (errs []byte) {
	g := s.gateway
	defer func() {
		if r := recover(); r != nil {
			errs = errorsJSON(failed(0, translate(ctx, g.log, fmt.Errorf("panic: %v\n%s", r, debug.Stack()))))
		}
	}()
	q := request{r.Query, r.OperationName, r.Variables, r.Extensions}
	ctx = policy.With(ctx, *s.principal.Load())
	op, resp := g.prepare(ctx, q)
	if resp != nil {
		return errorsJSON(resp)
	}
	if op.Def.Operation != ast.Subscription {
		_ = next(g.execute(ctx, q, op).appendTo(nil)) // a client that has left needs no answer
		return nil
	}
	if err := g.follow(ctx, op, q, s.refresh, next); err != nil && ctx.Err() == nil {
		return errorsJSON(failed(0, translate(ctx, g.log, err)))
	}
	return nil
}

func (s *session) refresh() policy.Principal { return *s.principal.Load() }
