// Package operation reads GraphQL requests of strangers: it bounds, parses and
// validates documents, coerces variables and arguments, gathers the fields
// that are asked for and tells beforehand what they cost.
//
// The nouns are [Document], a text that was found good or bad once;
// [Operation], one of its operations with the variables of one request; and
// [Group], a field of the response with all its selections.
//
//	doc := store.Document(text)          // limits, parse, cycles, limits, rules; kept
//	op, err := doc.Operation(name, vars) // coerces the variables
//	for _, g := range op.Root() { ... }  // @skip, @include and fragments are resolved
//
// The order of the steps is the point. A document of 85 bytes with two
// fragments that name each other makes some validators recurse until the
// process dies, and lists nested a thousand deep keep one busy for half a
// minute. So the tokens are counted before the parser sees them, cycles are
// looked for before any rule runs, and what is counted afterwards is counted
// over the expanded document: fragments do not hide anything.
package operation
