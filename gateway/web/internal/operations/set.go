package operations

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// Set is all documents of the app, checked.
type Set struct {
	schema *ast.Schema
	files  []file
	all    *ast.QueryDocument
}

type file struct {
	name       string // customers
	operations ast.OperationList
	fragments  ast.FragmentDefinitionList
}

// Load reads the *.graphql files of dir and checks them against the schema.
func Load(sdl string, dir fs.FS) (*Set, error) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: sdl})
	if err != nil {
		return nil, fmt.Errorf("load schema: %w", err)
	}
	s := &Set{schema: schema, all: &ast.QueryDocument{}}
	names, err := fs.Glob(dir, "*.graphql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	for _, name := range names {
		if err := s.add(dir, name); err != nil {
			return nil, err
		}
	}
	if errs := validator.ValidateWithRules(schema, s.all, nil); len(errs) > 0 {
		return nil, fmt.Errorf("documents of the app against the schema: %w", errs)
	}
	return s, nil
}

func (s *Set) add(dir fs.FS, name string) error {
	text, err := fs.ReadFile(dir, name)
	if err != nil {
		return err
	}
	doc, err := parser.ParseQuery(&ast.Source{Name: name, Input: string(text)})
	if err != nil {
		return fmt.Errorf("parse %s: %w", name, err)
	}
	f := file{name: strings.TrimSuffix(path.Base(name), ".graphql"), operations: doc.Operations, fragments: doc.Fragments}
	for _, op := range doc.Operations {
		if op.Name == "" {
			return fmt.Errorf("%s: an operation has no name", name)
		}
	}
	s.files = append(s.files, f)
	s.all.Operations = append(s.all.Operations, doc.Operations...)
	s.all.Fragments = append(s.all.Fragments, doc.Fragments...)
	return nil
}

// Texts gives the text of each operation, as it is sent, by its name.
func (s *Set) Texts() map[string]string {
	texts := map[string]string{}
	for _, op := range s.all.Operations {
		texts[op.Name] = s.text(op)
	}
	return texts
}

// spread lists the fragments that a selection needs, each once, in the order
// of first use.
func (s *Set) spread(set ast.SelectionSet, have ast.FragmentDefinitionList) ast.FragmentDefinitionList {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			have = s.spread(sel.SelectionSet, have)
		case *ast.InlineFragment:
			have = s.spread(sel.SelectionSet, have)
		case *ast.FragmentSpread:
			def := s.all.Fragments.ForName(sel.Name)
			if !slices.Contains(have, def) {
				have = s.spread(def.SelectionSet, append(have, def))
			}
		}
	}
	return have
}
