package operation

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
)

// Limits bound a document. The zero value of a limit forbids; take [DefaultLimits].
type Limits struct {
	Bytes              int // length of the text
	Tokens             int
	Nesting            int // braces and brackets of all sorts within each other, before parsing
	Depth              int // selections within each other, data
	IntrospectionDepth int // selections within each other below __schema and __type
	ListDepth          int // list literals within each other
	Aliases            int
	Directives         int
	DirectivesAt       int // directives at one place
	Repeats            int // the same key, or the same fragment, in one selection
	Operations         int
	Variables          int
	Fields             int // fields after all fragments are expanded
	Cost               int // see [Operation.Cost]
}

// DefaultLimits are wide enough for any screen and any report.
func DefaultLimits() Limits {
	return Limits{
		Bytes: 16 << 10, Tokens: 2000, Nesting: 64, Depth: 12, IntrospectionDepth: 20, ListDepth: 5, Aliases: 30,
		Directives: 50, DirectivesAt: 5, Repeats: 10, Operations: 5, Variables: 100, Fields: 5000, Cost: 1000,
	}
}

// CodeLimit marks errors of a document that goes beyond a limit.
const CodeLimit = "LIMIT"

func beyond(pos *ast.Position, format string, args ...any) *gqlerror.Error {
	e := gqlerror.ErrorPosf(pos, format, args...)
	e.Extensions = map[string]any{"code": CodeLimit}
	return e
}

// checkText bounds a text before it is parsed, by its tokens.
func (l *Limits) checkText(text string) *gqlerror.Error {
	if len(text) > l.Bytes {
		return beyond(nil, "The document has %d bytes; at most %d are allowed.", len(text), l.Bytes)
	}
	lex := lexer.New(&ast.Source{Input: text})
	for tokens, nesting := 1, 0; ; tokens++ {
		token, invalid := lex.ReadToken()
		if invalid != nil || token.Kind == lexer.EOF {
			return nil //nolint:nilerr // the parser says what is wrong, and where
		}
		if tokens > l.Tokens {
			return beyond(&token.Pos, "The document has more than %d tokens.", l.Tokens)
		}
		switch token.Kind {
		case lexer.BraceL, lexer.BracketL, lexer.ParenL:
			if nesting++; nesting > l.Nesting {
				return beyond(&token.Pos, "The document nests deeper than %d levels.", l.Nesting)
			}
		case lexer.BraceR, lexer.BracketR, lexer.ParenR:
			nesting--
		}
	}
}

// checkParsed bounds a parsed document without cycles.
func (l *Limits) checkParsed(doc *ast.QueryDocument) *gqlerror.Error {
	if n := len(doc.Operations); n > l.Operations {
		return beyond(doc.Operations[n-1].Position, "The document has %d operations; at most %d are allowed.", n, l.Operations)
	}
	c := counter{Limits: l, doc: doc, sizes: map[string]size{}}
	for _, op := range doc.Operations {
		if n := len(op.VariableDefinitions); n > l.Variables {
			return beyond(op.Position, "The operation has %d variables; at most %d are allowed.", n, l.Variables)
		}
		c.directives(op.Position, op.Directives)
		for _, v := range op.VariableDefinitions {
			c.directives(v.Position, v.Directives)
			c.value(v.DefaultValue, 0)
		}
		c.set(op.SelectionSet)
		s := c.measure(op.SelectionSet)
		if s.fields > l.Fields {
			c.fail(op.Position, "The operation has more than %d fields, fragments expanded.", l.Fields)
		}
		if s.depth > l.Depth {
			c.fail(op.Position, "The operation nests selections %d deep; at most %d are allowed.", s.depth, l.Depth)
		}
		if s.introspection > l.IntrospectionDepth {
			c.fail(op.Position, "The operation nests introspection %d deep; at most %d are allowed.", s.introspection, l.IntrospectionDepth)
		}
	}
	for _, f := range doc.Fragments {
		c.directives(f.Position, f.Directives)
		c.set(f.SelectionSet)
	}
	return c.err
}

// counter counts what a document holds, each fragment once.
type counter struct {
	*Limits
	doc                 *ast.QueryDocument
	aliases, directived int
	sizes               map[string]size
	err                 *gqlerror.Error
}

func (c *counter) fail(pos *ast.Position, format string, args ...any) {
	if c.err == nil {
		c.err = beyond(pos, format, args...)
	}
}

func (c *counter) directives(pos *ast.Position, list ast.DirectiveList) {
	if c.directived += len(list); c.directived > c.Directives {
		c.fail(pos, "The document has more than %d directives.", c.Directives)
	}
	if len(list) > c.DirectivesAt {
		c.fail(pos, "There are %d directives at one place; at most %d are allowed.", len(list), c.DirectivesAt)
	}
	for _, d := range list {
		c.arguments(d.Arguments)
	}
}

func (c *counter) arguments(list ast.ArgumentList) {
	for _, a := range list {
		c.value(a.Value, 0)
	}
}

func (c *counter) value(v *ast.Value, depth int) {
	if v == nil {
		return
	}
	if v.Kind == ast.ListValue {
		depth++
	}
	if depth > c.ListDepth {
		c.fail(v.Position, "A value nests lists deeper than %d levels.", c.ListDepth)
		return
	}
	for _, child := range v.Children {
		c.value(child.Value, depth)
	}
}

// set counts one selection set and those within it, keys of inline fragments
// with those around them.
func (c *counter) set(set ast.SelectionSet) { c.repeats(set, map[string]int{}) }

func (c *counter) repeats(set ast.SelectionSet, seen map[string]int) {
	count := func(pos *ast.Position, key string) {
		if seen[key]++; seen[key] > c.Repeats {
			c.fail(pos, "%q is selected more than %d times at one place.", key, c.Repeats)
		}
	}
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Alias != s.Name {
				if c.aliases++; c.aliases > c.Aliases {
					c.fail(s.Position, "The document has more than %d aliases.", c.Aliases)
				}
			}
			count(s.Position, s.Alias)
			c.directives(s.Position, s.Directives)
			c.arguments(s.Arguments)
			c.set(s.SelectionSet)
		case *ast.InlineFragment:
			c.directives(s.Position, s.Directives)
			c.repeats(s.SelectionSet, seen)
		case *ast.FragmentSpread:
			c.directives(s.Position, s.Directives)
			count(s.Position, "..."+s.Name)
		}
	}
}

// size is how large a selection set is with all fragments expanded.
type size struct{ depth, introspection, fields int }

// measure computes the size of a set. The sum of fields stops growing at ten
// times the limit, so that fragments that double each other cannot overflow it.
func (c *counter) measure(set ast.SelectionSet) size {
	var total size
	for _, selection := range set {
		var s size
		switch x := selection.(type) {
		case *ast.Field:
			s = c.measure(x.SelectionSet)
			s.depth, s.fields = s.depth+1, s.fields+1
			if x.Name == "__schema" || x.Name == "__type" {
				s.introspection, s.depth = s.depth, 1
			}
		case *ast.InlineFragment:
			s = c.measure(x.SelectionSet)
		case *ast.FragmentSpread:
			s = c.fragment(x.Name)
		}
		total.depth = max(total.depth, s.depth)
		total.introspection = max(total.introspection, s.introspection)
		total.fields = min(total.fields+s.fields, 10*c.Fields)
	}
	return total
}

func (c *counter) fragment(name string) size {
	if s, known := c.sizes[name]; known {
		return s
	}
	var s size
	if f := c.doc.Fragments.ForName(name); f != nil {
		s = c.measure(f.SelectionSet)
	}
	c.sizes[name] = s
	return s
}
