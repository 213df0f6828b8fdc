// Package ack acknowledges interchanges, and reads the acknowledgments of others:
// TA1, 997 and 999 of X12, CONTRL of EDIFACT, and for what an application
// refuses although its syntax is in order, 824 and APERAK.
//
// # Nouns
//
// An Answer is what the receiver of an interchange says about it; it is the same
// on both ways. A Policy is how a partner wants to be answered, an Envelope what
// the answer is sent in. A Refusal is what an application says of a document. A
// Result is one thing that an inbound acknowledgment says, whatever its form, and
// a Verdict all that was said of one document that was sent.
//
// # Flows
//
// Outbound, of a report that is complete:
//
//	report, err := edi.Collect(guide.NewValidator(...))
//	for _, ic := range report.Interchanges {
//		answer := ack.For(ic, policy)
//		if answer.Empty() {
//			continue // an acknowledgment, which is never acknowledged
//		}
//		envelope := ack.Reply(ic)
//		envelope.Interchange.ControlNumber = ...
//		err = answer.Write(edi.NewWriter(w, edi.WriterOptions{Delimiters: ack.Delimiters(ic)}), envelope)
//	}
//
// or of a file of any size, while it is read:
//
//	err := ack.NewStream(w, ack.StreamOptions{Policy: ..., Envelope: ...}).Run(validator)
//
// Inbound:
//
//	received, err := ack.Read(r)
//	matched := ack.Match(sent, received)
//
// and of what the application refuses:
//
//	refusal := ack.Refuse(ic, group, transaction)
//	refusal.Number, refusal.Reasons = ...
//	err := ack.WriteRefusals(writer, envelope, []ack.Refusal{refusal})
//
// # How it judges
//
// Findings carry the acknowledgment code of their level, so nothing is looked up
// here: TA105 of the first error of the interchange, AK905 of the group's errors,
// AK502 of the transaction's, AK304 of a segment's and AK403 of an element's; on
// the side of EDIFACT the code of 0085 for UCI, UCF, UCM, UCS and UCD. The codes
// are those of a 999, and become plainer ones in a 997 and in versions that have
// fewer. Warnings are never reported.
//
// A transaction with an error is rejected, and a group as far as its transactions
// are. A wrong trailer of a group or interchange is noted and costs no good
// transaction: E in X12, and in a CONTRL an acknowledgment (7) with the code of
// the error beside it. Policy says otherwise where a partner wants it.
//
// An acknowledgment is never acknowledged: no 997 for a group of 997s or 999s, no
// TA1 for TA1s, and for such an interchange only if its sender asks for one; no
// CONTRL for CONTRL and APERAK. An 824 is a document like others in X12, and is.
//
// # What it makes sure of
//
// Every acknowledgment is valid by the guide of its own set. What it copies from
// a damaged interchange is made to fit: control numbers that are too short are
// filled up with zeros, a value that cannot be sent back is left out, and counts
// and lists stop at what their place holds.
//
// Control numbers and the time are the caller's: this package remembers nothing.
package ack
