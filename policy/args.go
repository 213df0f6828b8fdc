package policy

import "strconv"

// A Binder takes the literals of a condition. Filter.SQL asks it for the
// expression that stands for each of them, so that no literal is ever printed.
type Binder interface {
	// Bind takes a value and gives an expression of an SQL type for it.
	Bind(value any, sqlType string) string
}

// Args collects the parameters of an SQL statement.
type Args struct {
	// Values are the parameters, $1 first. They are of types that pgx binds as they are: string, bool, int64,
	// time.Time, [16]byte and slices of them.
	Values []any

	places map[any]string // of what was taken by Once
}

var _ Binder = (*Args)(nil)

// Add takes a parameter and gives its place in the statement, such as "$3".
func (a *Args) Add(v any) string {
	a.Values = append(a.Values, v)
	return "$" + strconv.Itoa(len(a.Values))
}

// Bind takes a parameter and gives its place with its type, such as
// "$3::uuid".
func (a *Args) Bind(value any, sqlType string) string { return a.Add(value) + "::" + sqlType }

// Once is [Args.Add] for a parameter that a statement may name several times:
// it is taken the first time that its key is seen. The key is comparable, and
// the value the same each time.
func (a *Args) Once(key, value any) string {
	place, known := a.places[key]
	if !known {
		if a.places == nil {
			a.places = map[any]string{}
		}
		place = a.Add(value)
		a.places[key] = place
	}
	return place
}
