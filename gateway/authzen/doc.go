// Package authzen answers by the OpenID AuthZEN Authorization API 1.0, over
// the very decision by which the rest of the program reads and writes: whoever
// enforces access elsewhere, as an API gateway or a document store, can ask
// here.
//
//	POST /access/v1/evaluation        may this subject do this with that resource?
//	POST /access/v1/evaluations       the same, for up to 100 at once
//	POST /access/v1/search/subject    who may?
//	POST /access/v1/search/resource   with what?
//	POST /access/v1/search/action     and what else?
//	GET  /.well-known/authzen-configuration
//
// The words of the standard stand for ours so:
//
//	subject   {"type": "user", "id": ...}    a person of one's own firm, by the global id of the API
//	          {"type": "firm", "id": ...}    another firm: what somebody or other of its people may see
//	          {"type": "node", "id": ...}    another firm's node: what may be sent to it
//	action    {"name": "read"}               an action of package policy
//	resource  {"type": "Customer", "id": ..., "properties": {"field": "email"}}
//	          a record, by its kind and global id; with a field, that field of it
//
// One decision takes one way: [Handler] reads and checks the question, finds the
// subject (subject.go), and asks Why, Who or What of package partners. These
// decide what the caller may ask: about itself everybody, about others
// administrators, for lists auditors too. Properties of subjects and contexts
// that a caller states decide nothing, since what is true of a person or a
// record is known here; they are ignored, as the standard wants of what is not
// known.
//
// A decision of false names in its context what is missing, to those alone who
// are told that by Why. An unknown record is denied by the same bytes as one out
// of reach, and so is an unknown person and one of another firm.
//
// The standard is the final one of January 2026, whose sections are named where
// something follows from them. A search goes through those who see, a page at a
// time, so that a page can hold fewer than its limit, or none, and be followed by
// others; the total is not told. A limit above 100 is served by pages of 100.
//
// Not here: who the caller is (the gateway authenticates, and bounds how much is
// asked), signed metadata, and partial evaluation.
package authzen
