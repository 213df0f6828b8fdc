package policy

import "strconv"

// Args collects the parameters of an SQL statement.
type Args struct {
	// Values are the parameters, $1 first. They are of types that pgx binds as they are: string, bool, int64,
	// time.Time, [16]byte and slices of them.
	Values []any
}

// Add takes a parameter and gives its place in the statement, such as "$3".
func (a *Args) Add(v any) string {
	a.Values = append(a.Values, v)
	return "$" + strconv.Itoa(len(a.Values))
}
