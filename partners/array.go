package partners

import "github.com/jackc/pgx/v5/pgtype"

// An array is a list among the parameters of statements. That of a way stands
// in each statement for its reader, so its elements are made ready once in the
// form in which pgx writes them without another step.
type array struct {
	dimensions []pgtype.ArrayDimension
	elements   []any
	kind       any // one element, for pgx to see what they are
}

var _ pgtype.ArrayGetter = (*array)(nil)

func newArray[E any](list []E) *array {
	var none E
	a := &array{
		dimensions: []pgtype.ArrayDimension{{Length: int32(len(list)), LowerBound: 1}},
		elements:   make([]any, len(list)), kind: element(none),
	}
	for i, e := range list {
		a.elements[i] = element(e)
	}
	return a
}

// element gives an id as pgx has it; the others it takes as they are.
func element(e any) any {
	if id, is := e.([16]byte); is {
		return pgtype.UUID{Bytes: id, Valid: true}
	}
	return e
}

// Dimensions tells pgx that there is one.
func (a *array) Dimensions() []pgtype.ArrayDimension { return a.dimensions }

// Index gives pgx an element.
func (a *array) Index(i int) any { return a.elements[i] }

// IndexType gives pgx something of the type of all elements.
func (a *array) IndexType() any { return a.kind }
