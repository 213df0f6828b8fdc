// Package gateway is the door by which people and programs work with the
// records of a node: GraphQL over HTTP and WebSocket.
//
// The schema is printed from the kinds (package sdl), so that a new kind needs
// nothing here. A request goes one way down and back:
//
//	authenticate   who asks; nothing of a stranger is looked at before
//	operation      limits, parse, cycles, rules, variables, cost
//	compile        selections become partners.Plans (select.go, page.go, filter.go)
//	partners.Read  one snapshot, one statement a level and a count, policy joined in
//	write          binary rows become JSON in the order of the query (write.go, encode)
//
// Nothing is decided here about who may see what: the pages that partners
// gives hold what this reader may see and nothing else, and what is hidden in
// them is null. Nothing is read per row: the number of statements depends on
// the document alone.
//
// A mutation is a partners.Command for each of its fields, carried out by
// graphql-go's executor one after another (executor.go), with the row of its
// idempotency key in the same transaction; its payload is read back by the
// planner of queries. What a user can do something about is in userErrors,
// typed; errors are for requests that are broken and for faults of ours.
//
// A subscription follows the ledger. One reader of the ledger serves all of
// them (hub.go); each page of changes is read once for all subscribers who
// have the same view and the same document (change.go). A cursor goes with
// each change: whoever comes back with it misses nothing and gets nothing
// twice (subscription.go).
//
// What a subscription tells is judged when it is told: read in a transaction
// that began after the change was committed, shared for a tenth of a second at
// most, and with nobody for whom the rules make it depend on the person. A
// change of memberships has its readers proved anew, and while no epoch of the
// rules can be read all streams are ended (sight.go).
//
// Who sees what, and why, is asked of partners as well (why.go, who.go, past.go,
// shape.go); how many records others have, so often and no more (probe.go,
// allowance.go); a firm's own rules are tried and put into force (rules.go). The
// same decision for other programs is package authzen (decisions.go).
//
// Bytes of documents do not go through GraphQL. A mutation gives a place to
// send them to, a field a place to fetch them from (upload.go, download.go).
//
// Not here: how somebody proves who it is (package auth), the web application
// (package web), rules about records (package partners).
package gateway
