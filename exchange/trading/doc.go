// Package trading is the exchange of EDI files as a running service: it takes
// files from trading partners, keeps their bytes, turns what is good in them
// into records, and answers with acknowledgments.
//
// Its nouns: a [Partner] is the agreed way between a firm that sends and a firm
// on this node that receives, with a mailbox of its own. A [Receipt] is a file
// that was taken. The file holds interchanges, each becomes a record of kind
// Interchange with its TransactionSets. What they state becomes records, each
// with its lines: reports of sales bring customers that are not confirmed yet,
// and interactions; orders, invoices and the other sets that have a map become
// the kind that the map names. An outbound file is a document that is sent, an
// acknowledgment, or a report in words on what is wrong.
//
// One flow, whatever the transport:
//
//	folder, HTTPS, a person's browser -> Receive: staging file with its SHA-256 as it streams,
//	  fsync of file and folder, one transaction inserts the receipt -> only now "received"
//	Run -> the receipt's bytes -> edi, edi/guide: findings -> the verdict on repetitions
//	  -> edi/mapping: records -> partners.Write: records, dedupe key and acknowledgment in one transaction
//	  -> the mailbox's out/ and err/, or wherever it is fetched
//
// Why so. A partner is told "received" once its file can no longer be lost, and
// not a moment before or after: what is told is durable, and what was not told
// may be sent again. Reading comes later and starts from the receipt alone, so
// that it can be killed and repeated at every step; the effect, the key that
// keeps it from happening twice, and the answer commit together, so that none
// stands without the others. Repetitions are recognised at the effect by their
// bytes and control numbers, never by file names. The smallest damaged unit is
// refused: a bad transaction leaves its neighbours in the same file alone.
//
// One process at a time works files off, by a lease in the database; each
// effect checks the lease again in its own transaction.
//
// X12 and EDIFACT go the same way, and differ in the form of the answer: TA1
// and 997, or CONTRL. A document without a guide is refused, one without a map
// is acknowledged with a warning that nothing was posted; the bytes of both
// stay.
//
// What is sent has control numbers of its own, and is remembered document by
// document. TA1, 997, 999, CONTRL, 824 and APERAK find by those numbers what
// they are about, in the transaction of the interchange that brings them: the
// record of what was sent then says whether it was taken, and links the answer.
// What answers nothing, contradicts an earlier answer, or does not come in the
// time that was agreed on is a finding. The terms of a partner decide how it is
// answered, and when its answers are due.
//
// Not here: SFTP and AS2, and what a document does to an earlier one: a change
// or cancellation is kept beside what it is about.
package trading
