package gateway

import (
	"context"
	"encoding/json"
	"errors"
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
	"fondaco/schema"
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
	s := &session{gateway: g, request: r, ended: make(chan error, 1), doubt: make(chan struct{}, 1)}
	defer s.leave()
	socket.Serve(r.Context(), conn, s, socket.Options{})
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

// session is one connection: who has it, proved anew now and then, and when
// something is heard that may have changed it.
type session struct {
	gateway   *Gateway
	request   *http.Request
	principal atomic.Pointer[policy.Principal]
	ended     chan error    // one that ends the connection
	doubt     chan struct{} // a token when its proof may have been taken back
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
	known, err := s.authenticate(ctx)
	if err == nil {
		s.gateway.sessions.join(s, s.reader().User.ID())
	}
	return known, err
}

// leave ends what Init began, if it did.
func (s *session) leave() {
	if p := s.principal.Load(); p != nil {
		s.gateway.sessions.leave(s, p.User.ID())
	}
}

// doubtIt has the connection proved anew at once.
func (s *session) doubtIt() {
	select {
	case s.doubt <- struct{}{}:
	default:
	}
}

func (s *session) authenticate(ctx context.Context) (context.Context, error) {
	ctx, err := s.gateway.identity(ctx, s.request)
	if err != nil {
		told := translate(s.request.Context(), s.gateway.log, err).Message
		if schema.Code(err) == schema.CodeDenied {
			return nil, refuse("%s", told)
		}
		return nil, &socket.ClosingError{Code: socket.CloseLater, Reason: told}
	}
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	s.principal.Store(&p)
	return ctx, nil
}

// Watch proves the session anew, until that fails, and ends it when it is not
// known what its reader may see. A database that is away for a moment proves
// nothing, and ends nothing.
func (s *session) Watch(ctx context.Context) error {
	again := time.NewTicker(s.gateway.options.Recheck)
	defer again.Stop()
	blind := s.gateway.sight.lost()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-blind:
			return errBlind
		case err := <-s.ended:
			return err
		case <-s.doubt:
			if err := s.prove(ctx); err != nil && !errors.Is(err, errUnproved) {
				return err
			}
		case <-again.C:
			if err := s.prove(ctx); err != nil && !errors.Is(err, errUnproved) {
				return err
			}
		}
	}
}

// errUnproved tells that nobody could be asked whether a reader may still read.
var errUnproved = &schema.Error{Code: schema.CodeUnavailable, Message: "who reads could not be proved; resume after the last cursor"}

// prove finds out anew who has the session. Whoever may not read any more has
// its connection ended.
func (s *session) prove(ctx context.Context) error {
	_, err := s.authenticate(ctx)
	if _, later := errors.AsType[*socket.ClosingError](err); later {
		return errUnproved
	}
	if err != nil {
		select {
		case s.ended <- err:
		default:
		}
	}
	return err
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
	if err := g.follow(ctx, op, q, s, next); err != nil && ctx.Err() == nil {
		return errorsJSON(failed(0, translate(ctx, g.log, err)))
	}
	return nil
}

// reader gives who reads, as it was proved last.
func (s *session) reader() policy.Principal { return *s.principal.Load() }
