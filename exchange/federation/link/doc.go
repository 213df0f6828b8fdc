// Package link holds the two ends of a federation link as pure state
// machines: no goroutine, no clock, no input or output. The caller stores
// their state in its database, carries out the [Effect] that a step asks for
// in the same transaction, and moves the messages.
//
// A link carries the records of one firm (the sender's) to one other firm
// (the receiver's). It promises that the receiver's copies become what the
// sender may show at present, whatever happens in between: messages lost,
// doubled or out of order, the transport's store gone, either program killed,
// either database set back to an older backup.
//
// # The chain
//
// Messages are batches. Each bears a random [Token] and the token of the
// batch before it. The receiver applies a batch only if that is the token it
// stored last, and stores the new one in the transaction that applies the
// records: what does not continue the chain does nothing. It then reports its
// [Position], which confirms everything up to there.
//
// A batch holds no promise about its contents. What it sends is made up at
// the moment of sending, and a batch that has to be repeated is not kept: its
// records become pending again, and are projected again. So a repetition can
// never carry what was taken back meanwhile.
//
// # Repair
//
// Reports tell the sender all it needs.
//
//   - A position among the batches under way confirms them.
//   - A gap, or a position before the last confirmed one, makes the sender
//     rewind: all that was sent after that position is pending again.
//   - A position that the sender remembers no more makes it send a snapshot:
//     everything, under a new and higher epoch, at whose end the receiver
//     sweeps away what was not mentioned.
//   - A position that the sender never gave proves that the sender itself was
//     set back to an older backup. The link is fenced: undelivered batches are
//     purged, and a snapshot under a higher epoch than any seen follows. If the
//     lost time held withdrawals, a person has to confirm first, since the
//     backup may open again what was closed.
//
// # Narrowing
//
// When a record may no longer be seen, or less of it, batches that were not
// delivered yet are purged from the mailbox before anything else is sent, and
// the sender rewinds to the last confirmed position.
//
// Tokens are random and not numbers, because two histories that part after a
// restored backup would give the same number to different batches. Batches
// bear a number besides, which ascends, so that the receiver can tell a
// repeated batch from a gap.
//
// The simulator in the tests of this package drives both machines through
// random faults from a seed; each rule above is a switch there, and the tests
// prove that switching it off is noticed.
package link
