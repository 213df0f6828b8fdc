package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestSentencesAreSaidInEveryLanguage: the sentences by which the node explains
// conditions, hindrances and gaps are those that the app says in other
// languages. One that it did not know would be shown in English.
func TestSentencesAreSaidInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		table, files, by string
		argument, least  int
	}{
		{"conditions", "../../policy/explain_*.go", "clause", 2, 20},
		{"hindrances", "../../partners/scene.go", "hinder", 0, 5},
		{"gaps", "../../partners/past*.go", "cannot be told", 0, 3},
	} {
		t.Run(test.table, func(t *testing.T) {
			t.Parallel()
			known, said := formsOfApp(t, test.table), formsOfNode(t, test.files, test.by, test.argument)
			if len(said) < test.least {
				t.Fatalf("the node has %q; this test does not find them any more", said)
			}
			for _, form := range said {
				if !slices.Contains(known, form) {
					t.Errorf("the app does not know the sentence %q", form)
				}
			}
			for _, form := range known {
				if !slices.Contains(said, form) {
					t.Errorf("there is no sentence %q any more", form)
				}
			}
		})
	}
}

// formsOfApp lists the sentences in one of the app's tables.
func formsOfApp(t *testing.T, name string) []string {
	t.Helper()
	source, err := os.ReadFile("app/sentences.ts")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(source), "const "+name+":")
	table, _, _ = strings.Cut(table, "\n};")
	var known []string
	for _, m := range regexp.MustCompile(`(?m)^  ("(?:[^"\\]|\\.)*"): \{`).FindAllStringSubmatch(table, -1) {
		form, err := strconv.Unquote(m[1])
		if err != nil {
			t.Fatal(err)
		}
		known = append(known, form)
	}
	return known
}

// formsOfNode lists the sentences that the node forms: an argument of the calls
// of a method, or constants that contain some words.
func formsOfNode(t *testing.T, pattern, by string, argument int) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	add := func(e ast.Expr) {
		literal, ok := e.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			t.Errorf("%s: a sentence is no constant", by)
			return
		}
		form, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		if form == "%s" { // it is put together: the agreement, and why it is not in force
			form = "agreement %q, version %d, is in force%s"
		}
		if !slices.Contains(list, form) {
			list = append(list, form)
		}
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if method, ok := n.Fun.(*ast.SelectorExpr); ok && method.Sel.Name == by && len(n.Args) > argument {
					add(n.Args[argument])
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING && strings.Contains(by, " ") && strings.Contains(n.Value, by) {
					add(n)
				}
			}
			return true
		})
	}
	return list
}
