// Package sdl prints the GraphQL schema from the kinds of package schema, so
// that it is written once.
//
// The nouns are [Member], a field of a record's type and what it stands for;
// [Command], a mutation and what it does to which kind; and the text itself,
// [Text], which [Schema] gives in the form of the parser. The printer and
// whoever plans or executes a request read the same members and commands, and
// so cannot disagree.
//
// The text is sorted, every element is described by the comment of the Go
// declaration that it comes from, and gateway/testdata/schema.graphql holds
// it for review: whoever adds a kind or a field runs the tests with -update
// and reads the difference.
//
// Rules of naming: a field has the name that it has in schema. A Link named
// customer appears as the object customer and as its bare id customerId,
// since a record may be named that cannot be seen. A list of links is a list
// of ids. The records that name another one by a Link are a connection on
// that one: the plural of their kind, without the name of the parent
// (Document.versions, SalesReport.lines).
package sdl
