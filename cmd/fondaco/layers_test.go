package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// row says what a package may import of ours and of others, in its own files; tests may import more, see mayTest.
type row struct {
	ours []string
	// foreign are prefixes of import paths beside the standard library; nil allows any.
	foreign []string
}

// Shorthands for the table. A language is what the foundations are written in.
var (
	language = []string{"github.com/shopspring/decimal", "golang.org/x/text/", "github.com/google/uuid"}
	database = []string{"github.com/jackc/pgx/v5", "github.com/pressly/goose/v3"}
	common   = slices.Concat(language, database, []string{
		"golang.org/x/", "github.com/gabriel-vasile/mimetype", "github.com/google/renameio/v2", "github.com/gofrs/flock",
	})
	graphql = []string{"github.com/graphql-go/graphql", "github.com/vektah/gqlparser/v2", "github.com/coder/websocket"}
	bundler = []string{"github.com/evanw/esbuild"}
	nats    = []string{"github.com/nats-io/"}

	room = []string{"partners", "policy", "schema"}
	// editor is the language of documents with all of its parts.
	editor = []string{"edi", "edi/guide", "edi/ack", "edi/sets", "edi/x9", "edi/mapping"}
)

// rows are the house from its foundations upwards. A package imports only rows below it; inside a row nobody imports a
// neighbour; the doors, gateway and exchange, never meet.
var rows = map[string]row{
	"schema":              {foreign: language},
	"edi":                 {foreign: slices.Concat(language, []string{"golang.org/x/sys/cpu"})}, // what the processor can do
	"edi/guide":           {ours: []string{"edi"}, foreign: language},
	"edi/guide/directory": {ours: []string{"edi", "edi/guide"}, foreign: language},
	"edi/ack":             {ours: []string{"edi"}, foreign: language},
	"edi/sets":            {ours: []string{"edi"}, foreign: language},
	"edi/x9":              {ours: []string{"edi"}, foreign: language},

	"edi/mapping": {ours: []string{"schema", "edi", "edi/guide"}, foreign: language},

	"policy": {ours: []string{"schema"}, foreign: slices.Concat(language, []string{"github.com/casbin/", "go.yaml.in/yaml/v3"})},

	"partners/postgres": {foreign: []string{"github.com/jackc/pgx/v5", "github.com/gofrs/flock", "golang.org/x/sys/"}},
	"partners/blob":     {ours: []string{"schema"}, foreign: common},
	"partners":          {ours: []string{"policy", "schema", "partners/blob"}, foreign: common},

	// The parts of a door stand on one another, in this order.
	"gateway/auth":      {ours: room, foreign: common},
	"gateway/operation": {ours: room, foreign: slices.Concat(common, graphql)},
	"gateway/sdl":       {ours: room, foreign: slices.Concat(common, graphql)},
	"gateway/encode":    {ours: slices.Concat(room, []string{"gateway/sdl"}), foreign: slices.Concat(common, graphql)},
	"gateway/introspect": {
		ours:    slices.Concat(room, []string{"gateway/encode", "gateway/operation", "gateway/sdl"}),
		foreign: slices.Concat(common, graphql),
	},
	"gateway/socket":     {foreign: slices.Concat(common, graphql)},
	"gateway/typesystem": {ours: []string{"gateway/sdl"}, foreign: slices.Concat(common, graphql)},
	"gateway/graphiql":   {foreign: common},
	"gateway/web":        {ours: room, foreign: slices.Concat(common, graphql, bundler)},
	"gateway/authzen":    {ours: slices.Concat(room, []string{"gateway/sdl"}), foreign: common},
	"gateway": {
		ours: slices.Concat(room, []string{"gateway/auth", "gateway/authzen", "gateway/encode", "gateway/graphiql", "gateway/introspect",
			"gateway/operation", "gateway/sdl", "gateway/socket", "gateway/typesystem", "gateway/web"}),
		foreign: slices.Concat(common, graphql),
	},

	"exchange/federation/link": {ours: room, foreign: slices.Concat(common, nats)},
	"exchange/federation": {
		ours: slices.Concat(room, []string{"exchange/federation/link"}), foreign: slices.Concat(common, nats),
	},
	"exchange/trading/mailbox": {ours: slices.Concat(room, editor), foreign: common},
	"exchange/trading": {
		ours: slices.Concat(room, editor, []string{"exchange/trading/mailbox"}), foreign: common,
	},

	// What tests alone import. Each builds on those of the rows below.
	"partners/postgres/postgrestest": {ours: []string{"partners/postgres"}},
	"partners/partnerstest": {ours: slices.Concat(room,
		[]string{"partners/blob", "partners/postgres", "partners/postgres/postgrestest"})},
	"gateway/web/browsertest": {foreign: []string{"github.com/chromedp/"}},
	"gateway/gatewaytest": {ours: slices.Concat(room,
		[]string{"gateway", "gateway/auth", "gateway/sdl", "partners/blob", "partners/partnerstest", "partners/postgres/postgrestest"})},
	"exchange/exchangetest": {ours: slices.Concat(room, editor, []string{"exchange/federation", "exchange/federation/link",
		"exchange/trading", "partners/blob", "exchange/trading/mailbox", "partners/partnerstest", "partners/postgres/postgrestest"})},
}

// top is all that may stand beside the rooms. Names that begin with a dot are free, and so is what git ignores.
var top = []string{
	"gateway", "partners", "exchange", "edi", "policy", "schema", "cmd", "go.mod", "go.sum", "README.md", "LICENSE",
}

// module is the prefix of our own import paths.
const module = "fondaco/"

// command is the package that may import everything but what tests alone import.
const command = "cmd/fondaco"

type listed struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func TestPackagesImportOnlyRowsBelow(t *testing.T) {
	t.Parallel()
	packages := list(t)
	if len(packages) < 2 {
		t.Fatalf("go list found %d packages, want the house", len(packages))
	}
	for _, p := range packages {
		name := strings.TrimPrefix(p.ImportPath, module)
		if _, known := rows[owner(name)]; !known && owner(name) != command {
			t.Errorf("package %s stands in no row: add it to the table of this test and to its room's doc.go", name)
			continue
		}
		for _, imported := range p.Imports {
			if reason := refuse(name, imported); reason != "" {
				t.Errorf("%s imports %s: %s", name, imported, reason)
			}
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			if ours, ok := strings.CutPrefix(imported, module); ok && !mayTest(name, ours) {
				t.Errorf("a test of %s imports %s, which its row does not reach", name, imported)
			}
		}
	}
}

// list asks go for the packages of the module.
func list(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
}

// refuse tells why a package may not import another, or nothing.
func refuse(name, imported string) string {
	ours, isOurs := strings.CutPrefix(imported, module)
	switch {
	case isOurs && isTestSupport(ours) && !isTestSupport(name):
		return "that one is for tests"
	case owner(name) == command:
		return ""
	case isOurs && !reaches(name, ours):
		return "that edge is outside the rows"
	case !isOurs && isForeign(imported) && !allowsForeign(name, imported):
		return "that dependency belongs to another room"
	}
	return ""
}

// owner is the package whose row counts: an internal package is a part of the one that it stands under.
func owner(name string) string {
	before, _, _ := strings.Cut(name, "/internal/")
	return before
}

func reaches(name, ours string) bool {
	return owner(name) == owner(ours) || slices.Contains(rows[owner(name)].ours, owner(ours))
}

func isForeign(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return strings.Contains(first, ".")
}

func allowsForeign(name, imported string) bool {
	allowed := rows[owner(name)].foreign
	return allowed == nil || slices.ContainsFunc(allowed, func(prefix string) bool {
		return imported == prefix || strings.HasPrefix(imported, strings.TrimSuffix(prefix, "/")+"/")
	})
}

func isTestSupport(name string) bool { return strings.HasSuffix(name, "test") }

// mayTest reports whether a test of a package may import another of ours: what the package may, its own room, and the test
// support of the rooms that it reaches. A database is open to all: the schema's tables are tested in one.
func mayTest(name, ours string) bool {
	switch {
	case owner(name) == command, reaches(name, ours), roomOf(name) == roomOf(ours):
		return true
	case ours == "partners/postgres/postgrestest":
		return true
	case ours == "partners/partnerstest":
		return reaches(name, "partners")
	case ours == "exchange/exchangetest":
		return strings.HasPrefix(name, "exchange/")
	}
	return false
}

// roomOf is the first part of a name; the two halves of exchange are rooms of their own, which never meet.
func roomOf(name string) string {
	parts := strings.Split(name, "/")
	if parts[0] == "exchange" && len(parts) > 1 {
		return path.Join(parts[0], parts[1])
	}
	return parts[0]
}

func TestRowsHaveNoCircleAndNoUnknownName(t *testing.T) {
	t.Parallel()
	var visit func(name string, path []string)
	visit = func(name string, path []string) {
		if slices.Contains(path, name) {
			t.Fatalf("the rows go in a circle: %s", strings.Join(append(path, name), " -> "))
		}
		r, known := rows[name]
		if !known {
			t.Fatalf("%s names %s, which stands in no row", path[len(path)-1], name)
		}
		for _, below := range r.ours {
			visit(below, append(slices.Clone(path), name))
		}
	}
	for name := range rows {
		visit(name, nil)
	}
}

func TestDoorsNeverMeet(t *testing.T) {
	t.Parallel()
	for _, edge := range []struct {
		name, imported string
		allowed        bool
	}{
		{"gateway", "exchange/federation", false},
		{"exchange/trading", "gateway/auth", false},
		{"exchange/federation", "exchange/trading", false},
		{"exchange/federation", "edi", false},
		{"exchange/trading", "edi/mapping", true},
		{"gateway", "edi", false},
		{"partners", "gateway", false},
		{"partners", "edi", false},
		{"policy", "partners", false},
		{"schema", "policy", false},
		{"edi", "schema", false},
		{"edi/mapping", "schema", true},
		{"gateway", "partners", true},
		{"gateway", "partners/partnerstest", false},
		{"edi/internal/generate", "edi", true},
		{"edi/internal/generate", "schema", false},
		{"cmd/fondaco", "gateway", true},
		{"cmd/fondaco", "partners/partnerstest", false},
	} {
		if got := refuse(edge.name, module+edge.imported) == ""; got != edge.allowed {
			t.Errorf("%s may import %s: %v, want %v", edge.name, edge.imported, got, edge.allowed)
		}
	}
}

func TestTopLevelHoldsTheAgreedNamesAlone(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	ignored := ignoredByGit(t, filepath.Join(root, ".gitignore"))
	for _, entry := range entries {
		name := entry.Name()
		free := strings.HasPrefix(name, ".") || slices.ContainsFunc(ignored, func(pattern string) bool {
			matched, err := path.Match(pattern, name)
			return matched && err == nil
		})
		if !free && !slices.Contains(top, name) {
			t.Errorf("%s stands at the top level, where only %s do", name, strings.Join(top, ", "))
		}
	}
}

// ignoredByGit reads the simple patterns that our .gitignore is made of.
func ignoredByGit(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	for line := range strings.Lines(string(text)) {
		if line = strings.Trim(strings.TrimSpace(line), "/"); line != "" && !strings.HasPrefix(line, "#") {
			patterns = append(patterns, line)
		}
	}
	return patterns
}
