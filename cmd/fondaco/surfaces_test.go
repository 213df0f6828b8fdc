package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"fondaco/gateway/web"
)

// A surface is a way by which something leaves a node: a route of HTTP, a root
// field of GraphQL, a subject or stream of NATS, a command. Each is driven by a
// test of two worlds, or a reason stands here why it cannot show one firm what
// is another's. The lists of what there is come from what is registered, never
// from here, so that a surface that comes to it fails until something is said
// of it. Root fields are in gateway/surfaces_test.go, subjects and streams in
// exchange/federation/surfaces_test.go.

// routeCovers tells of each route, by the package that registers it, which test
// drives it, or why none does.
var routeCovers = map[string]string{
	"gateway /graphql":                                       "gateway.TestTwoWorldsByTheGateway, gateway.TestTwoWorldsByStreams",
	"gateway PUT /upload/{ticket}":                           "gateway.TestTwoWorldsByTheGateway",
	"gateway GET /download/{ticket}":                         "gateway.TestTwoWorldsByTheGateway",
	"gateway GET /graphiql":                                  "gateway.TestTwoWorldsByTheGateway",
	"gateway GET /graphiql/{file}":                           "gateway.TestTwoWorldsByTheGateway",
	"gateway GET /healthz":                                   "gateway.TestTwoWorldsByTheGateway",
	"gateway GET /readyz":                                    "gateway.TestTwoWorldsByTheGateway",
	"gateway/auth POST /auth/sign-in":                        "gateway/auth.TestTwoWorldsBySigningIn",
	"gateway/auth POST /auth/sign-out":                       "gateway/auth.TestTwoWorldsBySigningIn",
	"gateway/auth GET /auth/session":                         "gateway/auth.TestTwoWorldsBySigningIn",
	"gateway/auth GET /auth/link":                            "gateway/auth.TestTwoWorldsBySigningIn",
	"gateway/auth GET /auth/sessions":                        "gateway/auth.TestTwoWorldsBySigningIn",
	"gateway/auth DELETE /auth/sessions/{id}":                "gateway/auth.TestTwoWorldsBySigningIn",
	"exchange/trading POST /edi/in":                          "exchange/trading.TestTwoWorldsByEDI",
	"exchange/trading GET /edi/in/{receipt}":                 "exchange/trading.TestTwoWorldsByEDI",
	"exchange/trading GET /edi/out":                          "exchange/trading.TestTwoWorldsByEDI",
	"exchange/trading GET /edi/out/{id}":                     "exchange/trading.TestTwoWorldsByEDI",
	"exchange/trading POST /trading/drop":                    "exchange/trading.TestTwoWorldsByEDI",
	"exchange/trading GET /trading/receipts/{receipt}":       "exchange/trading.TestTwoWorldsByEDI",
	"exchange/trading GET /trading/interchanges/{id}/raw":    "exchange/trading.TestTwoWorldsByEDI",
	"cmd/fondaco /":                                          noRecords,
	"exchange/trading GET /trading/sent":                     "exchange/trading.TestTwoWorldsByEDI",
	"gateway/authzen GET /.well-known/authzen-configuration": "gateway.TestTwoWorldsByTheGateway",
	"gateway/authzen POST /access/v1/evaluation":             "gateway.TestTwoWorldsByTheGateway",
	"gateway/authzen POST /access/v1/evaluations":            "gateway.TestTwoWorldsByTheGateway",
	"gateway/authzen POST /access/v1/search/action":          "gateway.TestTwoWorldsByTheGateway",
	"gateway/authzen POST /access/v1/search/resource":        "gateway.TestTwoWorldsByTheGateway",
	"gateway/authzen POST /access/v1/search/subject":         "gateway.TestTwoWorldsByTheGateway",
	"exchange/trading POST /trading/findings":                givenBack,
	"cmd/fondaco /help/":                                     noRecords,
	"cmd/fondaco /auth/":                                     mount,
	"cmd/fondaco /edi/":                                      mount,
	"cmd/fondaco /trading/":                                  mount,
	"cmd/fondaco POST /invite":                               operatorOnly,
	"cmd/fondaco POST /join":                                 operatorOnly,
	"cmd/fondaco POST /accept":                               operatorOnly,
	"cmd/fondaco POST /host":                                 operatorOnly,
	"cmd/fondaco POST /list":                                 operatorOnly,
	"cmd/fondaco POST /trading-list":                         operatorOnly,
	"cmd/fondaco POST /trading-add":                          operatorOnly,
	"cmd/fondaco POST /trading-set":                          operatorOnly,
	"cmd/fondaco POST /trading-token":                        operatorOnly,
	"cmd/fondaco POST /trading-send":                         operatorOnly,
	"cmd/fondaco POST /trading-sent":                         operatorOnly,
}

// The reasons.
const (
	// mount: what stands below is a door's handler, whose routes are in this list themselves.
	mount = "the routes below it are listed by themselves"
	// noRecords: it is given no service, no database and no folder, so that it has nothing to show.
	noRecords = "is made of nothing but the program"
	// givenBack: it says what the caller sends in other words, and reads nothing.
	givenBack = "tells the caller what the caller told"
	// operatorOnly: it is at the socket that the owner of the data folder alone can open, who has the database too.
	operatorOnly = "the operator's, behind the rights of the data folder"
)

// What is said to have no records is given none.
var (
	_ func() http.Handler                          = web.Handler
	_ func(w http.ResponseWriter, r *http.Request) = serveManual
)

func TestEveryRouteHasATestOfTwoWorlds(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	found := map[string]bool{}
	for dir, files := range sources(t, root) {
		for _, f := range files {
			for _, pattern := range routesOf(t, files, f) {
				found[dir+" "+pattern] = true
			}
		}
	}
	known := testsOf(t, root)
	for _, route := range slices.Sorted(maps.Keys(found)) {
		if strings.Contains(route, " "+pathsOf) {
			continue // the handler of another package is mounted, whose routes are found by themselves
		}
		cover, said := routeCovers[route]
		if !said {
			t.Errorf("the route %q has no test of two worlds: add it to a driver, and say here to which; or say why it shows no firm what is another's", route)
			continue
		}
		if slices.Contains([]string{mount, noRecords, givenBack, operatorOnly}, cover) {
			continue
		}
		for test := range strings.SplitSeq(cover, ", ") {
			if !known[test] {
				t.Errorf("the route %q is said to be driven by %s, which is not there", route, test)
			}
		}
	}
	for route := range routeCovers {
		if !found[route] {
			t.Errorf("the route %q is not registered any more: take it off the list", route)
		}
	}
	t.Logf("%d routes", len(found))
}

// sources parses the Go files of all packages below a folder, but for tests and
// what tests alone import.
func sources(t *testing.T, root string) map[string][]*ast.File {
	t.Helper()
	packages := map[string][]*ast.File{}
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || strings.HasSuffix(name, "test")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		packages[filepath.ToSlash(dir)] = append(packages[filepath.ToSlash(dir)], f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

// testsOf lists the tests of all packages, as package.Test.
func testsOf(t *testing.T, root string) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	set := token.NewFileSet()
	for _, dir := range []string{"gateway", "gateway/auth", "exchange/trading", "exchange/federation", "partners", "cmd/fondaco"} {
		entries, err := os.ReadDir(filepath.Join(root, dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), "_test.go") {
				continue
			}
			f, err := parser.ParseFile(set, filepath.Join(root, dir, e.Name()), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") {
					known[dir+"."+fn.Name.Name] = true
				}
			}
		}
	}
	return known
}

// routesOf lists the patterns that a file registers, whatever the mux is named.
func routesOf(t *testing.T, all []*ast.File, f *ast.File) []string {
	t.Helper()
	var patterns []string
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || method.Sel.Name != "Handle" && method.Sel.Name != "HandleFunc" {
			return true
		}
		values := textsOf(all, f, call.Args[0])
		if len(values) == 0 {
			t.Errorf("in package %s a route is registered whose pattern this test cannot read; write it as a constant", f.Name)
		}
		patterns = append(patterns, values...)
		return true
	})
	return patterns
}

// textsOf gives the texts that an expression can be: a constant, a sum of
// some, or the variable of a loop over some.
func textsOf(all []*ast.File, f *ast.File, e ast.Expr) []string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return []string{text}
		}
	case *ast.BinaryExpr:
		var sums []string
		for _, left := range textsOf(all, f, e.X) {
			for _, right := range textsOf(all, f, e.Y) {
				sums = append(sums, left+right)
			}
		}
		return sums
	case *ast.Ident:
		if looped := loopTexts(all, f, e); looped != nil {
			return looped
		}
		return constantTexts(all, e.Name)
	}
	return nil
}

// pathsOf stands before a function that gives the paths of another handler.
const pathsOf = "each of "

// loopTexts gives what the variable of a loop over a literal is.
func loopTexts(all []*ast.File, f *ast.File, name *ast.Ident) (texts []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		loop, ok := n.(*ast.RangeStmt)
		if !ok || loop.Pos() > name.Pos() || loop.End() < name.End() {
			return true
		}
		if call, ok := loop.X.(*ast.CallExpr); ok {
			if value, ok := loop.Value.(*ast.Ident); ok && value.Name == name.Name {
				texts = append(texts, pathsOf+types.ExprString(call.Fun))
			}
			return true
		}
		list, ok := loop.X.(*ast.CompositeLit)
		if !ok {
			return true
		}
		for _, element := range list.Elts {
			pair, keyed := element.(*ast.KeyValueExpr)
			key, isKey := loop.Key.(*ast.Ident)
			value, isValue := loop.Value.(*ast.Ident)
			switch {
			case keyed && isKey && key.Name == name.Name:
				texts = append(texts, textsOf(all, f, pair.Key)...)
			case !keyed && isValue && value.Name == name.Name:
				texts = append(texts, textsOf(all, f, element)...)
			}
		}
		return true
	})
	return texts
}

// constantTexts gives the constant of a package with this name.
func constantTexts(all []*ast.File, name string) []string {
	for _, f := range all {
		for _, d := range f.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.CONST {
				continue
			}
			for _, s := range decl.Specs {
				spec, ok := s.(*ast.ValueSpec)
				if !ok {
					continue
				}
				for i, id := range spec.Names {
					if id.Name == name && i < len(spec.Values) {
						return textsOf(all, f, spec.Values[i])
					}
				}
			}
		}
	}
	return nil
}

// commandCovers tells of each command why it shows no firm what is another's.
var commandCovers = map[string]string{
	"demo": byOperator, "serve": byOperator, "migrate": byOperator, "doctor": byOperator,
	"user add": byOperator, "user password": byOperator, "user link": byOperator,
	"token create": byOperator, "token list": byOperator, "token revoke": byOperator,
	"node host": byOperator, "node list": byOperator, "node invite": byOperator, "node join": byOperator, "node accept": byOperator,
	"policy apply": byOperator, "policy explain why": byOperator, "policy explain who": byOperator, "policy explain what": byOperator,
	"audit verify": byOperator, "audit checkpoint": byOperator, "audit reads": byOperator, "audit denials": byOperator,
	"policy test": byFile, "policy lint": byFile, "policy diff": byFile,
	"edi inspect": byFile, "edi validate": byFile, "edi ack": byFile, "edi json": byFile, "edi write": byFile, "edi sample": byFile, "edi diff": byFile,
	"edi guide list": byFile, "edi guide show": byFile, "edi guide check": byFile, "edi directory import": byFile,
	"schema print": byFile, "config explain": byFile, "help": byFile, "version": byFile,
	"bench start": byFile, "bench memory": byFile, "bench latency": byFile,
	"edi drop":        byToken,
	"edi partner add": byOperator, "edi partner list": byOperator, "edi partner set": byOperator, "edi partner token": byOperator,
	"edi send": byOperator, "edi sent": byOperator,
}

// The reasons, each with what proves it: whether the command can be given a
// database or a data folder, and whether an address of a node.
const (
	// byOperator: who runs it holds the database or the data folder of the node, and so all that is in it.
	byOperator = "the operator's"
	// byFile: it is given neither, so that it has no records to show.
	byFile = "opens no node"
	// byToken: it is a client of a route in the list above, with a token of its own.
	byToken = "a client of routes that are listed"
)

func TestEveryCommandHasAReason(t *testing.T) {
	t.Parallel()
	k, err := kong.New(&app{}, kong.Vars{"version": "", "data": ""})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, leaf := range k.Model.Leaves(false) {
		path := leaf.Path()
		if cut := strings.IndexAny(path, "<["); cut >= 0 {
			path = strings.TrimSpace(path[:cut])
		}
		found[path] = true
		opens, dials := false, false
		for _, group := range leaf.AllFlags(false) {
			for _, f := range group {
				opens = opens || f.Name == "database-url" || f.Name == "data"
				dials = dials || f.Name == "url" || f.Name == "token"
			}
		}
		switch cover := commandCovers[path]; {
		case cover == "":
			t.Errorf("of the command %q nothing is said: can it show one firm what is another's?", path)
		case cover == byFile && opens:
			t.Errorf("the command %q is said to open no node, and can be given a database or a data folder", path)
		case cover == byOperator && !opens:
			t.Errorf("the command %q is said to be the operator's, and is given neither a database nor a data folder", path)
		case cover == byToken && (opens || !dials):
			t.Errorf("the command %q is said to be a client with a token, and is given %s", path, "something else")
		}
	}
	for path := range commandCovers {
		if !found[path] {
			t.Errorf("there is no command %q any more: take it off the list", path)
		}
	}
	t.Logf("%d commands", len(found))
}
