package sdl

import (
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/schema"
)

// Text is the schema in GraphQL's schema definition language, sorted. It is
// the same for every call and every process of one version.
var Text = sync.OnceValue(func() string {
	p := &printer{types: map[string]string{}}
	p.common()
	p.roots()
	for _, k := range schema.Kinds() {
		p.record(k)
		p.connection(k)
		p.filter(k)
		p.order(k)
	}
	for _, c := range Commands() {
		p.command(c)
	}
	return p.text()
})

// Schema is [Text] as the parser understands it. It is shared: do not change it.
var Schema = sync.OnceValue(func() *ast.Schema {
	s := gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphql", Input: Text()})
	delete(s.Directives, "defer") // the parser knows it; we do not carry it out
	return s
})
