package gateway

import (
	"context"
	"net/http"
	"strings"

	"fondaco/gateway/authzen"
)

// decisionCost is what one decision for others costs of a firm's budget.
const decisionCost = 20

// mountDecisions serves the API by which others ask for decisions, to who
// proves itself as for everything else.
func (g *Gateway) mountDecisions(mux *http.ServeMux) {
	h := authzen.New(authzen.Options{
		Partners: g.partners, Address: strings.TrimSuffix(g.options.PublicURL, "/"),
		Spend: func(ctx context.Context, decisions int) (int, error) {
			p, err := principal(ctx)
			if err != nil {
				return 0, err
			}
			_, wait := g.budgets.spend(p.Firm, decisions*decisionCost)
			return wait, nil
		},
		Seal: func(v any) string { return g.sealer.seal(forSearch, v) },
		Open: func(token string, v any) error { return g.sealer.open(forSearch, token, v) },
		Fail: func(ctx context.Context, err error) (int, string) {
			return statusOfError(err), translate(ctx, g.log, err).Message + " (request " + requestID(ctx) + ")"
		},
	})
	proved := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		authzen.Identify(w, r)
		ctx, ok := g.authenticate(r.Context(), w, r)
		if !ok {
			return
		}
		ctx, cancel := context.WithTimeout(ctx, g.options.Timeout)
		defer cancel()
		h.ServeHTTP(w, r.WithContext(ctx))
	})
	for _, path := range authzen.Paths() {
		if path == authzen.MetadataPath {
			mux.Handle(path, h)
			continue
		}
		mux.Handle(path, proved)
	}
}
