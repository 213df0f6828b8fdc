package operation

import (
	"encoding/json"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// CodeInput marks errors of variables and arguments.
const CodeInput = "BAD_USER_INPUT"

// Operation is an operation of a document with the variables of one request.
type Operation struct {
	Def    *ast.OperationDefinition
	schema *ast.Schema
	doc    *ast.QueryDocument
	vars   map[string]any
}

// Operation chooses the operation with this name, the only one if name is
// empty, and coerces its variables.
func (d *Document) Operation(name string, variables map[string]json.RawMessage) (*Operation, *gqlerror.Error) {
	def, err := d.choose(name)
	if err != nil {
		return nil, err
	}
	op := &Operation{Def: def, schema: d.schema, doc: d.ast}
	if op.vars, err = coerceVariables(d.schema, def, variables); err != nil {
		return nil, err
	}
	return op, nil
}

// Kind tells whether the operation with this name, or the only one if name is
// empty, reads, writes or follows; empty if there is none.
func (d *Document) Kind(name string) ast.Operation {
	def, err := d.choose(name)
	if err != nil {
		return ""
	}
	return def.Operation
}

func (d *Document) choose(name string) (*ast.OperationDefinition, *gqlerror.Error) {
	if name == "" && len(d.ast.Operations) == 1 {
		return d.ast.Operations[0], nil
	}
	def := d.ast.Operations.ForName(name)
	if def == nil || name == "" {
		e := gqlerror.Errorf("The document has no operation of the name that was asked for; give operationName.")
		e.Extensions = map[string]any{"code": "OPERATION_RESOLUTION_FAILURE"}
		return nil, e
	}
	return def, nil
}

// inputError is an error of a variable or an argument.
func inputError(pos *ast.Position, format string, args ...any) *gqlerror.Error {
	e := gqlerror.ErrorPosf(pos, format, args...)
	e.Extensions = map[string]any{"code": CodeInput}
	return e
}

// RootType is the type whose fields the operation selects.
func (op *Operation) RootType() *ast.Definition {
	switch op.Def.Operation {
	case ast.Mutation:
		return op.schema.Mutation
	case ast.Subscription:
		return op.schema.Subscription
	default:
		return op.schema.Query
	}
}

// Root gathers the fields of the operation itself.
func (op *Operation) Root() []Group { return op.Collect(op.RootType(), op.Def.SelectionSet) }

// Group is a field of a response: its key, and all the selections of it,
// which the rules found to agree.
type Group struct {
	Key   string
	Field *ast.Field         // the first
	Sets  []ast.SelectionSet // what is selected of it, by all
}

// Collect gathers the fields of an object type that the sets select, in the
// order in which they are first named.
func (op *Operation) Collect(on *ast.Definition, sets ...ast.SelectionSet) []Group {
	c := collector{op: op, on: on}
	for _, set := range sets {
		c.set(set)
	}
	return c.groups
}

type collector struct {
	op     *Operation
	on     *ast.Definition
	groups []Group
	spread map[string]bool
}

func (c *collector) set(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if c.op.included(s.Directives) {
				c.add(s)
			}
		case *ast.InlineFragment:
			if c.op.included(s.Directives) && c.applies(s.TypeCondition) {
				c.set(s.SelectionSet)
			}
		case *ast.FragmentSpread:
			if !c.op.included(s.Directives) || c.spread[s.Name] {
				continue
			}
			if c.spread == nil {
				c.spread = map[string]bool{}
			}
			c.spread[s.Name] = true
			if f := c.op.doc.Fragments.ForName(s.Name); c.applies(f.TypeCondition) {
				c.set(f.SelectionSet)
			}
		}
	}
}

func (c *collector) add(f *ast.Field) {
	for i := range c.groups {
		if c.groups[i].Key == f.Alias {
			c.groups[i].Sets = append(c.groups[i].Sets, f.SelectionSet)
			return
		}
	}
	g := Group{Key: f.Alias, Field: f}
	if len(f.SelectionSet) > 0 {
		g.Sets = []ast.SelectionSet{f.SelectionSet}
	}
	c.groups = append(c.groups, g)
}

// applies tells whether a fragment on a type concerns the object type.
func (c *collector) applies(condition string) bool {
	if condition == "" || condition == c.on.Name {
		return true
	}
	for _, t := range c.op.schema.PossibleTypes[condition] {
		if t.Name == c.on.Name {
			return true
		}
	}
	return false
}

// included resolves @skip and @include. Their conditions were found to be of
// type Boolean! when the document was validated and the variables coerced.
func (op *Operation) included(list ast.DirectiveList) bool {
	for _, d := range list {
		condition := true
		if arg := d.Arguments.ForName("if"); arg != nil {
			switch arg.Value.Kind {
			case ast.Variable:
				condition, _ = op.vars[arg.Value.Raw].(bool)
			default:
				condition = arg.Value.Raw == "true"
			}
		}
		if d.Name == "skip" && condition || d.Name == "include" && !condition {
			return false
		}
	}
	return true
}

// Type gives a type of the schema by its name.
func (op *Operation) Type(name string) *ast.Definition { return op.schema.Types[name] }
