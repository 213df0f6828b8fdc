package gateway

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/authzen"
	"fondaco/policy"
	"fondaco/schema"
)

// The paths that the gateway serves.
const (
	graphqlPath  = "/graphql"
	uploadPath   = "/upload/"
	downloadPath = "/download/"
	graphiqlPath = "/graphiql"
	healthPath   = "/healthz"
	readyPath    = "/readyz"
)

// Paths lists the patterns of net/http.ServeMux under which [Gateway.Handler]
// is to be mounted.
func Paths() []string {
	return append(authzen.Paths(), graphqlPath, graphiqlPath, graphiqlPath+"/", uploadPath, downloadPath, healthPath, readyPath)
}

// Handler serves all paths of the gateway: /graphql by HTTP and WebSocket,
// /graphiql, /upload, /download, /access/v1 and its metadata, /healthz and
// /readyz. Pages of other origins cannot make browsers change anything through
// it.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(graphqlPath, g.serveGraphQL)
	mux.HandleFunc("PUT "+uploadPath+"{ticket}", g.receive)
	mux.HandleFunc("GET "+downloadPath+"{ticket}", g.deliver)
	mux.HandleFunc("GET "+graphiqlPath, g.serveGraphiQL)
	mux.HandleFunc("GET "+graphiqlPath+"/{file}", g.serveGraphiQLFile)
	mux.HandleFunc("GET "+healthPath, func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET "+readyPath, g.serveReady)
	g.mountDecisions(mux)
	cross := http.NewCrossOriginProtection()
	for _, origin := range g.options.Origins {
		if err := cross.AddTrustedOrigin(origin); err != nil {
			g.log.Error("an origin cannot be trusted", slog.String("origin", origin), slog.Any("error", err))
		}
	}
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.refuseHTTP(w, r, http.StatusForbidden, codeDenied, "the request comes from a page of another origin")
	}))
	return g.identify(cross.Handler(mux))
}

// identify gives each request an id, under which it is logged.
func (g *Gateway) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()[:16]
		w.Header().Set("X-Request-ID", id)
		ctx := context.WithValue(r.Context(), keyRequestID, id)
		if key := r.Header.Get("Idempotency-Key"); key != "" {
			ctx = context.WithValue(ctx, keyHeaderKey, key)
		}
		r = r.WithContext(ctx)
		defer g.recovered(w, r)
		next.ServeHTTP(w, r)
	})
}

// recovered answers a request whose handling panicked. net/http would close
// the connection without a word.
func (g *Gateway) recovered(w http.ResponseWriter, r *http.Request) {
	switch v := recover(); v {
	case nil:
	case http.ErrAbortHandler:
		panic(v)
	default:
		g.failHTTP(w, r, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
	}
}

func (g *Gateway) serveGraphQL(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "" && r.Method == http.MethodGet {
		g.serveSocket(w, r)
		return
	}
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		w.Header().Set("Allow", "GET, POST")
		g.refuseHTTP(w, r, http.StatusMethodNotAllowed, codeBadRequest, "send a POST, or a GET for a query")
		return
	}
	ctx, ok := g.authenticate(r.Context(), w, r)
	if !ok {
		return
	}
	mediaType, ok := accepted(r)
	if !ok {
		g.refuseHTTP(w, r, http.StatusNotAcceptable, codeBadRequest, "the answer is "+typeGraphQL+" or "+typeJSON)
		return
	}
	request, err := readRequest(w, r)
	if refused, ok := errors.AsType[*httpError](err); ok {
		if refused.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", "POST")
		}
		g.refuseHTTP(w, r, refused.status, codeBadRequest, refused.message)
		return
	}
	g.send(w, r, mediaType, g.answerHTTP(ctx, r.Method, request))
}

// answerHTTP carries out a request by HTTP.
func (g *Gateway) answerHTTP(ctx context.Context, method string, request request) *response {
	op, resp := g.prepare(ctx, request)
	if resp != nil {
		return resp
	}
	switch {
	case op.Def.Operation == ast.Subscription:
		return failed(http.StatusBadRequest, responseError{
			Message: "subscriptions go by WebSocket with the protocol graphql-transport-ws", Extensions: errorExtensions{Code: codeBadRequest}})
	case op.Def.Operation == ast.Mutation && method == http.MethodGet:
		return failed(http.StatusMethodNotAllowed, responseError{Message: "send a mutation by POST", Extensions: errorExtensions{Code: codeBadRequest}})
	}
	return g.execute(ctx, request, op)
}

// authenticate puts into the context who asks, or answers the request.
// Nothing of what a stranger sent is looked at before.
func (g *Gateway) authenticate(ctx context.Context, w http.ResponseWriter, r *http.Request) (context.Context, bool) {
	ctx, err := g.identity(ctx, r)
	if err == nil {
		return ctx, true
	}
	if schema.Code(err) == schema.CodeDenied {
		w.Header().Set("WWW-Authenticate", `Bearer realm="fondaco"`)
		e, _ := errors.AsType[*schema.Error](err)
		g.refuseHTTP(w, r, http.StatusUnauthorized, codeUnauthenticated, e.Message)
		return nil, false
	}
	g.failHTTP(w, r, err)
	return nil, false
}

// identity puts who makes a request into the context.
func (g *Gateway) identity(ctx context.Context, r *http.Request) (context.Context, error) {
	p, err := g.options.Authenticator.Authenticate(r)
	if err != nil {
		return nil, err
	}
	p.Via, p.Cause = "gateway", requestID(ctx)
	return policy.With(ctx, p), nil
}

// serveReady tells whether the node can serve: whether its database answers.
func (g *Gateway) serveReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	err := g.partners.Pool().Ping(ctx)
	if err == nil && g.options.Ready != nil {
		err = g.options.Ready(ctx)
	}
	if err != nil {
		g.log.WarnContext(ctx, "not ready", slog.Any("error", err))
		plain(w, http.StatusServiceUnavailable, "not ready\n")
		return
	}
	plain(w, http.StatusOK, "ready\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // the client may have left
}
