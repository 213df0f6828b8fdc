package operation

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// checkCycles finds fragments that spread themselves, by whatever detour. It
// comes before every rule that follows spreads, and does not recurse deeper
// than there are levels of selections and fragments, both of which are bounded.
func checkCycles(doc *ast.QueryDocument) *gqlerror.Error {
	c := cycles{doc: doc, state: map[string]visit{}}
	for _, f := range doc.Fragments {
		if pos := c.fragment(f.Name); pos != nil {
			return gqlerror.ErrorPosf(pos, "Cannot spread fragment %q within itself.", f.Name)
		}
	}
	return nil
}

type visit uint8

const (
	underway visit = iota + 1
	done
)

type cycles struct {
	doc   *ast.QueryDocument
	state map[string]visit
}

// fragment gives the place of a spread that closes a cycle, or nil.
func (c *cycles) fragment(name string) *ast.Position {
	f := c.doc.Fragments.ForName(name)
	if f == nil || c.state[name] == done {
		return nil
	}
	c.state[name] = underway
	pos := c.set(f.SelectionSet)
	c.state[name] = done
	return pos
}

func (c *cycles) set(set ast.SelectionSet) *ast.Position {
	for _, selection := range set {
		var pos *ast.Position
		switch s := selection.(type) {
		case *ast.Field:
			pos = c.set(s.SelectionSet)
		case *ast.InlineFragment:
			pos = c.set(s.SelectionSet)
		case *ast.FragmentSpread:
			if c.state[s.Name] == underway {
				return s.Position
			}
			pos = c.fragment(s.Name)
		}
		if pos != nil {
			return pos
		}
	}
	return nil
}
