// Package ack acknowledges X12 interchanges: TA1 for the interchange, 997 for
// its functional groups.
//
// For turns the findings of a validated interchange into an Answer by the
// partner's Policy; Answer.Write sends it; Read finds the answers that partners
// have sent. An Answer is the same on both ways.
//
//	report, err := edi.Collect(guide.NewValidator(...))
//	for _, ic := range report.Interchanges {
//		answer := ack.For(ic, policy)
//		if answer.Empty() {
//			continue // an acknowledgment, which is never acknowledged
//		}
//		envelope := ack.Reply(ic)
//		envelope.Interchange.ControlNumber = ...
//		err = answer.Write(writer, envelope)
//	}
//
// Findings carry the acknowledgment code of their level, so nothing is looked
// up here: TA105 of the first error of the interchange, AK905 of the group's
// errors, AK502 of the transaction's, AK304 of a segment's and AK403 of an
// element's. Warnings are never reported. A transaction with an error is
// rejected, and a group as far as its transactions are; a wrong trailer of a
// group is noted and costs no good transaction.
//
// Control numbers and the time are the caller's: this package remembers nothing.
package ack
