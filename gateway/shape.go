package gateway

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/encode"
	"fondaco/gateway/operation"
	"fondaco/schema"
)

// shape is what is selected of objects of one type that are no records. It is
// compiled once, whatever their number, so that what they name is read
// together.
type shape[T any] []shaped[T]

type shaped[T any] struct {
	key   []byte
	write func(*rowWriter, T)
}

// shapeOf compiles what sets select of a type; member compiles one field.
func shapeOf[T any](q *query, typ string, sets []ast.SelectionSet, member func(operation.Group) (func(*rowWriter, T), error)) (shape[T], error) {
	var s shape[T]
	for _, part := range q.compiler.op.Collect(q.compiler.op.Type(typ), sets...) {
		write := func(w *rowWriter, _ T) { w.text(typ) } // __typename
		if part.Field.Name != "__typename" {
			var err error
			if write, err = member(part); err != nil {
				return nil, at(part.Key, err)
			}
		}
		s = append(s, shaped[T]{keyOf(part.Key), write})
	}
	return s, nil
}

func (s shape[T]) write(w *rowWriter, v T) {
	w.b = append(w.b, '{')
	for i := range s {
		w.comma(i)
		w.b = append(w.b, s[i].key...)
		s[i].write(w, v)
	}
	w.b = append(w.b, '}')
}

func (s shape[T]) list(w *rowWriter, list []T) {
	w.b = append(w.b, '[')
	for i, v := range list {
		w.comma(i)
		s.write(w, v)
	}
	w.b = append(w.b, ']')
}

// linked compiles what sets select of records of a kind that other objects
// name. They are read by one statement, and written by their ids; one that the
// reader does not see, or the zero id, is null.
func (q *query) linked(k *schema.Kind, ids []schema.ID, sets []ast.SelectionSet) (func(*rowWriter, schema.ID), error) {
	var wanted []schema.ID
	for _, id := range ids {
		if !id.IsZero() && !slices.Contains(wanted, id) {
			wanted = append(wanted, id)
		}
	}
	if len(wanted) == 0 {
		return func(w *rowWriter, _ schema.ID) { w.null() }, nil
	}
	record, n, err := q.records(k, wanted, sets)
	if err != nil {
		return nil, err
	}
	return func(w *rowWriter, id schema.ID) { w.byID(record, q.pages[n], id) }, nil
}

// id writes a global id, null for the zero id.
func (w *rowWriter) id(k *schema.Kind, id schema.ID) {
	if id.IsZero() {
		w.null()
		return
	}
	w.b = encode.ID(w.b, k, id[:])
}

// plainPage is a page of a list of objects that are no records. Such lists go
// forward alone.
type plainPage[T any] struct {
	list        []T
	cursor      func(T) string
	hasNext     bool
	hasPrevious bool
	// end is the cursor from which the next page goes on, if it is not that of the last entry.
	end string
	// more compiles fields of the connection that other connections have not; nil if there are none.
	more func(operation.Group) (func(*rowWriter), error)
}

// connection compiles a page; member compiles one field of an entry.
func connection[T any](q *query, node string, g operation.Group, page plainPage[T], member func(operation.Group) (func(*rowWriter, T), error),
) (func(*rowWriter), error) {
	nodes := func(sets []ast.SelectionSet) (shape[T], error) { return shapeOf(q, node, sets, member) }
	whole, err := shapeOf(q, node+"Connection", g.Sets, func(part operation.Group) (func(*rowWriter, *plainPage[T]), error) {
		switch part.Field.Name {
		case "nodes":
			s, err := nodes(part.Sets)
			return func(w *rowWriter, p *plainPage[T]) { s.list(w, p.list) }, err
		case "edges":
			s, err := edgesOf(q, node, part, page.cursor, nodes)
			return func(w *rowWriter, p *plainPage[T]) { s.list(w, p.list) }, err
		case "pageInfo":
			s, err := shapeOf(q, "PageInfo", part.Sets, func(inner operation.Group) (func(*rowWriter, *plainPage[T]), error) {
				return plainPageInfo[T](inner), nil
			})
			return func(w *rowWriter, p *plainPage[T]) { s.write(w, p) }, err
		default:
			write, err := page.more(part)
			return func(w *rowWriter, _ *plainPage[T]) { write(w) }, err
		}
	})
	return func(w *rowWriter) { whole.write(w, &page) }, err
}

func edgesOf[T any](q *query, node string, g operation.Group, cursor func(T) string, nodes func([]ast.SelectionSet) (shape[T], error)) (shape[T], error) {
	return shapeOf(q, node+"Edge", g.Sets, func(part operation.Group) (func(*rowWriter, T), error) {
		if part.Field.Name == "cursor" {
			return func(w *rowWriter, v T) { w.text(cursor(v)) }, nil
		}
		s, err := nodes(part.Sets)
		return s.write, err
	})
}

func plainPageInfo[T any](part operation.Group) func(*rowWriter, *plainPage[T]) {
	switch part.Field.Name {
	case "hasNextPage":
		return func(w *rowWriter, p *plainPage[T]) { w.bool(p.hasNext) }
	case "hasPreviousPage":
		return func(w *rowWriter, p *plainPage[T]) { w.bool(p.hasPrevious) }
	case "startCursor":
		return func(w *rowWriter, p *plainPage[T]) {
			if len(p.list) == 0 {
				w.null()
				return
			}
			w.text(p.cursor(p.list[0]))
		}
	default:
		return func(w *rowWriter, p *plainPage[T]) {
			switch {
			case p.end != "":
				w.text(p.end)
			case len(p.list) == 0:
				w.null()
			default:
				w.text(p.cursor(p.list[len(p.list)-1]))
			}
		}
	}
}
