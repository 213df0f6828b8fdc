package main

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
)

// manual is also served at /help.
//
//go:embed help/*.md
var manual embed.FS

type helpCommand struct {
	Page string `arg:"" optional:"" help:"The page; without one, all pages are listed."`
}

// Run shows a page of the manual.
func (h *helpCommand) Run(c console) error {
	if h.Page == "" {
		return listPages(c)
	}
	text, err := manual.ReadFile("help/" + h.Page + ".md")
	if err != nil {
		return fail(exitUsage, err, "there is no page %q; 'fondaco help' lists them", h.Page)
	}
	_, err = c.out.Write(text)
	return err
}

func listPages(c console) error {
	pages, err := fs.ReadDir(manual, "help")
	if err != nil {
		return err
	}
	for _, p := range pages {
		text, err := manual.ReadFile("help/" + p.Name())
		if err != nil {
			return err
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
		fmt.Fprintf(c.out, "%-12s %s\n", strings.TrimSuffix(p.Name(), ".md"), title)
	}
	return nil
}

// serveManual shows the manual's pages at /help/, as the text that they are.
func serveManual(w http.ResponseWriter, r *http.Request) {
	page := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/help/"), "/")
	text, err := manual.ReadFile("help/" + page + ".md")
	if err != nil {
		var list strings.Builder
		if err := listPages(console{out: &list}); err != nil {
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		text = []byte("Pages of the manual, each at /help/NAME:\n\n" + list.String())
		if page != "" {
			w.WriteHeader(http.StatusNotFound)
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(text) //nolint:gosec // pages of our own, as plain text; a reader who has gone needs no answer
}
