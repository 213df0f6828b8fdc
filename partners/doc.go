// Package partners is the one room where records are read and written.
//
// # Nouns
//
// A [Service] works on the records of all firms on a node, for the
// policy.Principal that a door has put into the context. A [Plan] says what to
// read, and a [Page] of [Row]s comes of it. A [Command] says what to write, and
// an [Outcome] comes of it. The ledger tells what was changed, to whoever
// reads it from a [Cursor]. A [Projection] is a record as another firm may
// hold it.
//
// # One flow down and back
//
//	Read   -> the rules of the reader's firm, compiled (rules.go)
//	       -> policy.View: the paths by which rows are reached
//	       -> one statement: a branch for each path, masked, paged (visible.go, statement.go)
//	       -> rows in PostgreSQL's binary form, with all that is hidden null already
//	Write  -> lock the row, decide, check, write, append to the ledger, commit (write.go, ledger.go)
//	       -> the rule of the kind before and after (rule.go; deal.go, document.go, sharing_rule.go ...)
//	       -> News wakes the ledger's readers: subscriptions, federation
//	Apply  -> records of another firm's node, each taken or refused by itself (apply.go)
//
// A door that must commit rows of its own with the records, such as the key
// that makes a repetition harmless, passes a [Hook].
//
//	s, err := partners.New(partners.Options{Pool: pool, Bodies: bodies, CursorKey: key})
//	pages, err := s.Read(policy.With(ctx, principal), &partners.Plan{
//		Kind: schema.Customers, Fields: []*schema.Field{schema.Customers.Label}, First: 20, Search: "pump",
//	})
//
// # Why it is so
//
// What may be seen is part of the statement, never a check behind it: lists,
// counts, single records, children, search and what goes to other nodes are
// all printed by the same printer from the same view, and visible_test.go
// holds them together in worlds made at random. Behind that stands a fence:
// the service works as a role under row-level security, and each transaction
// names the firms whose rows it may touch.
//
// The rules that decide are compiled once and kept, but each transaction reads
// the epoch of the rules in its own snapshot first, and begins anew when it is
// another one. So a rule that was taken away is gone for every transaction that
// begins after its commit, whether any notice arrived or not.
//
// The ledger is the only log. It has no values, which lie apart so that they
// can be erased, and a place in it is a snapshot of PostgreSQL's, since
// transactions commit in another order than they take their numbers.
//
// What a partner would see of an agreement or a grant is asked of the same
// statements under rules that are supposed (preview.go, scene.go, lens.go), so
// that a preview is exact by construction.
//
// What is read across firms is noted, and each firm's lines of the ledger and
// of those notes are sealed in a Merkle tree (audit.go, audit_seal.go). Who
// edits, deletes, moves or slips in a line is found by the seal, and who
// rewrites the seal too, by a [Checkpoint] kept elsewhere.
//
// Why somebody sees a record, who sees it and what somebody sees are answered
// from the rules that decide (inquiry.go, why.go, who.go, what.go): why and who
// in Go, record by record, what by the printed view, and inquiry_test.go holds
// them against each other. Counts and overlaps are the two questions that tell
// of records that the reader cannot read (count.go). The same questions as at
// a past time are answered from the ledger alone (past.go), by the same views.
//
// Records are keyed by holder and id. A holder that is not the owner has a
// copy, which another node sent and takes back; firms on one node need none.
//
// # Not here
//
// How somebody proves who it is, and in which form answers go out: the doors.
// What a rule says: package policy. What a record is: package schema.
package partners
