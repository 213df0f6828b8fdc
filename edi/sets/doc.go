// Package sets carries the definitions of transaction sets and messages that the
// engine knows by itself, as data:
//
//	x12/004010/dictionary      elements, composites and segments of the version
//	x12/004010/867/guide       the structure of one set, in the format of package guide
//	x12/004010/867/sample.edi  a document that shows it at work
//	x12/004010/867/sample.golden  everything the engine says of the sample
//	edifact/d96a/ORDERS/guide  the same of a message, with edifact/d96a/dictionary
//
// To add a set, add its folder and what the dictionary lacks, and run the tests
// of this package with -update; the golden file is the review. Nothing else has
// to be touched, since the test walks the folder and guide.Library reads a guide
// when a document first needs it.
//
// The definitions of X12 are compact and written from facts (identifiers, order,
// requirement, types, lengths, dependencies) that partners' public guides state;
// names and meanings are our own words. A place, a rule, or the type of an element
// that no public guide confirms is marked unconfirmed and only ever yields a
// warning.
//
// Those of EDIFACT have the structure of the directories D.96A and D.01B as
// UNECE publishes them, read by package guide/directory, and of their code lists
// the values that trade in goods lives on; a test compares them with the
// directories where these are at hand. CONTRL is in none of them: it stands in
// the folders of the syntax that describes it, d3 for versions 1 to 3 and 41 for
// version 4.
package sets
