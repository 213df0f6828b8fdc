package gateway

import (
	"net/http"

	"fondaco/gateway/graphiql"
)

// serveGraphiQL serves GraphiQL to whoever has signed in.
func (g *Gateway) serveGraphiQL(w http.ResponseWriter, r *http.Request) {
	if _, ok := g.authenticate(r.Context(), w, r); ok {
		graphiql.ServePage(w, r)
	}
}

func (g *Gateway) serveGraphiQLFile(w http.ResponseWriter, r *http.Request) {
	if _, ok := g.authenticate(r.Context(), w, r); ok {
		graphiql.ServeFile(w, r, r.PathValue("file"))
	}
}
