package ack

// When says in which cases a TA1 is sent.
type When uint8

// The cases.
const (
	WhenAsked When = iota // the interchange asks for one (ISA14), or something is wrong with it
	Always
	Never
)

// Advice says whether the syntax of an 824 or APERAK is answered, which tell what
// an application makes of a document. Its content never is.
type Advice uint8

// The cases. In X12 a group of 824s is a group like others and gets a 997: only
// FA groups are exempt (X12.20). In EDIFACT an APERAK gets no CONTRL.
const (
	AdviceByStandard Advice = iota
	AdviceAnswered
	AdviceUnanswered
)

// Policy is how a partner wants to be answered. The zero value sends a 997 or
// CONTRL that lists every transaction, and a TA1 when it is asked for or has
// something to tell.
type Policy struct {
	TA1 When
	// Form of the answer to functional groups: 997, which "" stands for, or 999.
	// EDIFACT is answered with CONTRL in any case.
	Form string
	// ErrorsOnly leaves accepted transactions out of the answer; the group's
	// counts still have them.
	ErrorsOnly bool
	// AcceptErrors accepts transactions whose segments or elements are wrong,
	// noting the errors (E), where they would be rejected (R) otherwise. A
	// damaged envelope or an unknown set is rejected in any case.
	AcceptErrors bool
	// RejectDamaged rejects the whole interchange when its envelope is wrong (R),
	// where the error is noted (E) and the good transactions are taken otherwise.
	RejectDamaged bool
	// RejectCode rejects the whole interchange with this TA105, 025 for a
	// duplicate, or with this code of 0085 in a CONTRL, 26 for a duplicate; its
	// groups are not answered then.
	RejectCode string
	// OnlyAsked sends a CONTRL only if the sender asks for it (UNB 0031) or
	// something is wrong.
	OnlyAsked bool
	// ReceiptOnly answers EDIFACT with nothing but the receipt of the interchange
	// (action 8): the verdict is to follow by other means.
	ReceiptOnly bool
	// Advice says whether 824s and APERAKs are answered.
	Advice Advice
}
