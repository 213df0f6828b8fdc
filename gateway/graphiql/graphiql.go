// Package graphiql holds GraphiQL, the page on which people write and run
// queries, as its makers built it, with the page and the few lines that start
// it. Nothing is fetched from elsewhere: the node may have no way out.
package graphiql

import (
	"embed"
	"net/http"
	"path"
	"strings"
)

//go:embed page.html start.js start.css dist/*.gz dist/*.LICENSE
var files embed.FS

// policy lets the page run its own scripts alone, and reach this node alone.
// GraphiQL sets styles within the page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// ServePage serves the page.
func ServePage(w http.ResponseWriter, _ *http.Request) {
	serve(w, "page.html", "text/html; charset=utf-8", "")
}

// ServeFile serves one of the files that the page names.
func ServeFile(w http.ResponseWriter, r *http.Request, name string) {
	types := map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
	kind := types[path.Ext(name)]
	switch {
	case name != path.Base(name) || kind == "":
		http.NotFound(w, r)
	case strings.HasPrefix(name, "start."):
		serve(w, name, kind, "")
	default:
		if _, err := files.Open("dist/" + name + ".gz"); err != nil {
			http.NotFound(w, r)
			return
		}
		// Every browser takes gzip; the files are kept no other way.
		serve(w, "dist/"+name+".gz", kind, "gzip")
	}
}

func serve(w http.ResponseWriter, name, kind, encoding string) {
	body, err := files.ReadFile(name)
	if err != nil {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, max-age=3600")
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	_, _ = w.Write(body) // the client may have left
}
