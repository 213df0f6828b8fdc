package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/gateway/web/internal/bundle"
	"fondaco/gateway/web/internal/operations"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
)

func get(path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w
}

func schemaText(t *testing.T) string {
	t.Helper()
	sdl, err := os.ReadFile("../testdata/schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	return string(sdl)
}

func TestCommittedBuildIsThatOfTheSources(t *testing.T) {
	t.Parallel()
	sources, err := bundle.Sources(".", schemaText(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range sources {
		compare(t, name, want)
	}
	built, err := bundle.Build(".")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range built {
		compare(t, filepath.Join("dist", name), want)
	}
	err = filepath.WalkDir("dist", func(name string, d fs.DirEntry, err error) error {
		if rel, _ := filepath.Rel("dist", name); err == nil && !d.IsDir() && built[filepath.ToSlash(rel)] == nil {
			t.Errorf("%s is in nothing that the sources build", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// compare holds a committed file against what is built now. Of a compressed
// one the content counts: compressors differ from one release to the next.
func compare(t *testing.T, name string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil {
		t.Errorf("%v: run go generate ./gateway/web", err)
		return
	}
	if strings.HasSuffix(name, ".gz") {
		got, want = unpack(t, got), unpack(t, want)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale: run go generate ./gateway/web", name)
	}
}

func unpack(t *testing.T, packed []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// TestDocumentsAreWithinTheLimits holds what the app asks for against the
// schema, and against what the gateway allows, with the largest pages.
func TestDocumentsAreWithinTheLimits(t *testing.T) {
	t.Parallel()
	set, err := operations.Load(schemaText(t), os.DirFS("app/operations"))
	if err != nil {
		t.Fatal(err)
	}
	limits := operation.DefaultLimits()
	texts := set.Texts()
	for name, text := range texts {
		document := operation.Parse(sdl.Schema(), limits, asSent(t, text))
		if len(document.Errors) > 0 {
			t.Errorf("%s: %v", name, document.Errors)
			continue
		}
		if strings.HasPrefix(text, "mutation ") {
			continue
		}
		op, err := document.Operation(name, map[string]json.RawMessage{
			"first": []byte("100"), "id": []byte(`"Q3VzdG9tZXI6MQ"`), "firm": []byte(`"RmlybTox"`), "ids": []byte(`["Q3VzdG9tZXI6MQ"]`),
			"text": []byte(`"pump"`), "record": []byte(`"1"`), "agreement": []byte(`"U2hhcmluZ0FncmVlbWVudDox"`),
			"ended": []byte("false"), "granted": []byte("true"), "kind": []byte(`"CUSTOMER"`), "action": []byte(`"READ"`), "viewer": []byte(`"RmlybTox"`),
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if op.Cost() > limits.Cost {
			t.Errorf("%s costs up to %d, more than the %d that the gateway allows", name, op.Cost(), limits.Cost)
		}
	}
	if len(texts) < 20 {
		t.Errorf("%d operations found; where are the others?", len(texts))
	}
}

// asSent is a document as the app's cache sends it: it asks everywhere for the
// name of the type.
func asSent(t *testing.T, text string) string {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatal(err)
	}
	var named func(ast.SelectionSet) ast.SelectionSet
	named = func(set ast.SelectionSet) ast.SelectionSet {
		if len(set) == 0 {
			return set
		}
		known := false
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				known = known || sel.Name == "__typename"
				sel.SelectionSet = named(sel.SelectionSet)
			case *ast.InlineFragment:
				sel.SelectionSet = named(sel.SelectionSet)
			}
		}
		if known {
			return set
		}
		return append(set, &ast.Field{Name: "__typename", Alias: "__typename"})
	}
	for _, op := range doc.Operations {
		for _, sel := range op.SelectionSet {
			if f, ok := sel.(*ast.Field); ok {
				f.SelectionSet = named(f.SelectionSet)
			}
		}
	}
	for _, f := range doc.Fragments {
		f.SelectionSet = named(f.SelectionSet)
	}
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithCompacted()).FormatQueryDocument(doc)
	return b.String()
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	asset := firstLoad(t)[1]
	tests := map[string]struct {
		path   string
		status int
		media  string
		cache  string
	}{
		"the page":                 {"/", 200, "text/html; charset=utf-8", "no-cache"},
		"an address of the app":    {"/customers/Q3VzdG9tZXI6MQ", 200, "text/html; charset=utf-8", "no-cache"},
		"a file with a hash":       {asset, 200, "", "public, max-age=31536000, immutable"},
		"a file that is gone":      {"/assets/main-OLD.js", 404, "text/plain; charset=utf-8", ""},
		"an asset without ending":  {"/assets/main", 404, "text/plain; charset=utf-8", ""},
		"a file that is not there": {"/favicon.ico", 404, "text/plain; charset=utf-8", ""},
		"the icon":                 {"/icon.svg", 200, "image/svg+xml", "no-cache"},
		"the manifest":             {"/app.webmanifest", 200, "application/manifest+json", "no-cache"},
		"the licences":             {"/licenses.txt", 200, "text/plain; charset=utf-8", "no-cache"},
		"a way out of the folder":  {"/assets/../../web.go", 404, "text/plain; charset=utf-8", ""},
		"a compressed twin":        {"/index.html.gz", 404, "text/plain; charset=utf-8", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := get(test.path)
			if r.Code != test.status || r.Header().Get("Cache-Control") != test.cache {
				t.Errorf("GET %s = %d, Cache-Control %q; want %d, %q", test.path, r.Code, r.Header().Get("Cache-Control"), test.status, test.cache)
			}
			if got := r.Header().Get("Content-Type"); test.media != "" && got != test.media {
				t.Errorf("GET %s: Content-Type %q, want %q", test.path, got, test.media)
			}
		})
	}
}

func TestCompressionAndConditions(t *testing.T) {
	t.Parallel()
	plain := get("/").Body.String()
	packed := get("/", "Accept-Encoding", "br, gzip;q=0.8")
	if packed.Header().Get("Content-Encoding") != "gzip" || string(unpack(t, packed.Body.Bytes())) != plain {
		t.Error("the compressed page is not the page")
	}
	for _, encoding := range []string{"gzip;q=0", "br", "identity"} {
		if r := get("/", "Accept-Encoding", encoding); r.Header().Get("Content-Encoding") != "" || r.Body.String() != plain {
			t.Errorf("with Accept-Encoding %q the page is encoded %q", encoding, r.Header().Get("Content-Encoding"))
		}
	}
	again := get("/", "Accept-Encoding", "gzip", "If-None-Match", packed.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.String() != "" {
		t.Errorf("a page that is known: %d, want 304 without a body", again.Code)
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST / = %d, want 405", w.Code)
	}
}

func TestContentPolicy(t *testing.T) {
	t.Parallel()
	r := get("/")
	policy := r.Header().Get("Content-Security-Policy")
	for _, bad := range []string{"unsafe-inline", "unsafe-eval", "*", "http:"} {
		if strings.Contains(policy, bad) {
			t.Errorf("policy %q allows %s", policy, bad)
		}
	}
	if !strings.Contains(policy, "'sha256-") {
		t.Errorf("policy %q does not know the page's own script", policy)
	}
	if page := r.Body.String(); strings.Contains(page, "style=") || strings.Contains(page, " onload=") || strings.Contains(page, "{{") {
		t.Error("the page has something inline that its policy forbids, or a place that was not filled")
	}
}

// forms are the plural categories that whole numbers take in each language.
var forms = map[string][]string{
	"en": {"one", "other"}, "pt": {"many", "one", "other"}, "es": {"many", "one", "other"}, "fr": {"many", "one", "other"},
	"pl": {"few", "many", "one", "other"},
}

func TestCataloguesAreComplete(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"app/locales/", "app/locales/later/"} {
		english := catalogue(t, folder+"en.json")
		names, err := filepath.Glob(folder + "*.json")
		if err != nil || len(names) != len(forms) {
			t.Fatalf("catalogues %v, %v", names, err)
		}
		for _, name := range names {
			compareCatalogues(t, name, english, catalogue(t, name))
		}
	}
	both := catalogue(t, "app/locales/later/en.json")
	for _, key := range keys(catalogue(t, "app/locales/en.json")) {
		if both[key] != nil {
			t.Errorf("%s is in both catalogues", key)
		}
	}
}

func compareCatalogues(t *testing.T, name string, english, texts map[string]any) {
	t.Helper()
	language := strings.TrimSuffix(filepath.Base(name), ".json")
	if diff := cmp.Diff(keys(english), keys(texts)); diff != "" {
		t.Errorf("%s has other keys than English (-en +%s):\n%s", name, language, diff)
	}
	for key, entry := range texts {
		if diff := cmp.Diff(places(english[key]), places(entry)); diff != "" {
			t.Errorf("%s: %s has other places to fill than in English (-en +%s):\n%s", name, key, language, diff)
		}
		plural, ok := entry.(map[string]any)
		if ok && !slices.Equal(keys(plural), forms[language]) {
			t.Errorf("%s: %s has the plural forms %v, want %v", name, key, keys(plural), forms[language])
		}
	}
}

// english is all that the app says in English.
func english(t *testing.T) map[string]any {
	t.Helper()
	all := catalogue(t, "app/locales/en.json")
	maps.Copy(all, catalogue(t, "app/locales/later/en.json"))
	return all
}

// places lists what a text has to be filled with; of a text with several forms, all together.
func places(entry any) []string {
	var list []string
	switch entry := entry.(type) {
	case string:
		list = regexp.MustCompile(`\{\w+\}`).FindAllString(entry, -1)
	case map[string]any:
		for _, form := range entry {
			list = append(list, places(form)...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestNoTextIsLeftUnused(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	err := filepath.WalkDir("app", func(name string, _ fs.DirEntry, err error) error {
		if err == nil && (strings.HasSuffix(name, ".ts") || strings.HasSuffix(name, ".tsx")) {
			text, err := os.ReadFile(name)
			all.Write(text)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	families := families(all.String())
	for _, key := range keys(english(t)) {
		built := slices.ContainsFunc(families, func(f string) bool { return strings.HasPrefix(key, f) })
		if !built && !strings.Contains(all.String(), `"`+key+`"`) {
			t.Errorf("no source uses the text %s", key)
		}
	}
}

func catalogue(t *testing.T, name string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]any
	if err := json.Unmarshal(text, &texts); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return texts
}

func keys(m map[string]any) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}
