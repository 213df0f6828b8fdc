// Package federation keeps the records that firms on different nodes share
// with each other in step, over NATS.
//
// Each record has one owner, the firm that states it, and only the owner
// changes it. What a partner may see of it is copied to the partner's node,
// kept in step, and taken back when sharing ends. A partner adds records of
// its own, such as a note on a shared customer, and these travel the other way
// by the same means. So there is nothing to merge, and no clock decides.
//
// # Nouns
//
// A link joins a firm on this node with a firm on another one, in both
// directions. The protocol of one direction is package link: batches that
// form a chain, proved against every loss by a simulator. A mailbox is a
// bounded JetStream stream, one for each firm, with one subject for each link.
// The hub is the node whose nats-server holds the mailboxes of a link: that of
// the firm that invited.
//
// # A change on its way
//
//	partners.Write commits a record and its line of the ledger
//	  tail.go     one reader of the ledger notes for each link: look at this id
//	  pending.go  keeps the ids, and what was changed in each
//	  relay.go    the link's sender takes ids, and
//	  draft.go    projects them as the partner may see them now; what it holds already is left out
//	  send_store  what will be shown is noted, durable, before
//	  transport   the signed batch goes into the partner's mailbox
//	  intake.go   the partner checks the signature and the chain, and
//	  gathering   applies all that waits in one transaction, together with the link's new place;
//	              only then it acknowledges, and reports its place, signed
//	  relay.go    the report confirms the batch, and is the receipt for what it took back
//
// Nothing in NATS is needed to be right: a mailbox that is lost, or set back,
// is noticed by the chain and filled again from the database. Payload is never
// queued: a batch that must be repeated is made up again, so that it cannot
// carry what was taken back meanwhile.
//
// # What hangs on other records
//
// A contact is seen along with its customer, and a promotion names a product
// only to who sees the product. So a record is looked at again after any change
// that may have moved one on which it hangs into or out of the peer's sight, or
// onto another way to it: the withdrawal of that one, a grant, another audience,
// or a field by which a filter has decided otherwise. What counts are the
// changes, and not how the record is seen before and after: it may have left and
// come back, and those that hang on it may have been looked at in between. The
// ledger tells whether a filter was ever crossed, so that an ordinary edit of a
// record to which many belong costs one look. Those that hang on it may be
// another firm's on this node; then they are looked at for that firm's link.
//
// # Taking back
//
// When the rules towards a partner change, all that it holds is looked at.
// Batches that were not delivered are purged from its mailbox before anything
// else goes. What it may no longer hold is named in a batch; the partner
// deletes the copy, and the bytes of documents with it, and its next signed
// report is kept as the receipt. Which firm ever received which fields of
// which record is on record too: see [Node.Exposures]. No node can make
// another one forget; an honest one does, and says so.
//
// # Bytes of documents
//
// They are fetched by whoever holds a copy of the document's version, piece by
// piece, from the owner's node, which asks its policy for each piece.
//
// # Who is who
//
// Two firms pair by tokens that people pass on: [Node.Invite], [Node.Join],
// [Node.Accept]. Each pins the other's signing key, whose fingerprint people
// compare. Data is believed for its signature alone; the connection, TLS with a
// pinned key and an nkey for each firm, only keeps strangers out: a firm can
// publish in its own name and read its own mailbox.
//
// # Non-goals
//
// Several writers of one record, delivery to firms that are not paired, and
// hiding what is shared from the hub's operator, which is one of the two firms.
package federation
