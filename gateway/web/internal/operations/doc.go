// Package operations turns the app's GraphQL documents into TypeScript: it
// checks each against the schema, writes its text without what only people
// need, and derives the types of its variables and of its answer. So a screen
// that asks for a field which the API does not have cannot be built.
//
// Fragments may be used in any file; an operation carries those that it
// spreads, so that each text stands alone.
package operations
