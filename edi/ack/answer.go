package ack

import "fondaco/edi"

// Status is a verdict, as TA104, AK501 and AK901 write it; the actions of a
// CONTRL are turned into these letters and back.
type Status string

// The verdicts.
const (
	Accepted  Status = "A"
	WithError Status = "E" // accepted, though something is wrong
	Partly    Status = "P" // a group of which some transactions are accepted
	Rejected  Status = "R"
	// Arrived is the receipt of an EDIFACT interchange, without a verdict.
	Arrived Status = "8"
)

// OK tells that what the verdict is about was taken.
func (s Status) OK() bool { return s == Accepted || s == WithError }

// The forms of acknowledgments.
const (
	FormTA1    = "TA1"
	Form997    = "997"
	Form999    = "999"
	FormCONTRL = "CONTRL"
	Form824    = "824"
	FormAPERAK = "APERAK"
)

// Answer is what the receiver of an interchange says about it: For makes one,
// Write sends it, and Read finds those that partners have sent.
type Answer struct {
	Form        string       `json:"form,omitempty"`        // 997 if empty
	Interchange *Interchange `json:"interchange,omitempty"` // the TA1 or UCI, nil if there is none
	Groups      []Group      `json:"groups,omitempty"`
	Refusals    []Refusal    `json:"refusals,omitempty"` // of an 824 or APERAK that was read
}

// Empty tells that there is nothing to send.
func (a *Answer) Empty() bool { return a.Interchange == nil && len(a.Groups) == 0 }

// Interchange is the verdict on an interchange, as a TA1 or UCI carries it.
type Interchange struct {
	ControlNumber string `json:"controlNumber"`
	Date          string `json:"date,omitempty"` // as the interchange has it, YYMMDD; not in a CONTRL
	Time          string `json:"time,omitempty"` // HHMM
	Status        Status `json:"status"`
	Code          string `json:"code,omitempty"`     // TA105, 000 when nothing is wrong; or 0085
	Sender        *Party `json:"sender,omitempty"`   // as a CONTRL repeats it
	Receiver      *Party `json:"receiver,omitempty"` // likewise
	Fault         *Fault `json:"fault,omitempty"`    // where in the envelope; in a CONTRL alone
}

// Party is the address of a sender or receiver.
type Party struct {
	ID        string `json:"id"`
	Qualifier string `json:"qualifier,omitempty"`
	Routing   string `json:"routing,omitempty"` // the address behind it, 0008 or 0014
}

// Fault tells where in a header or trailer an error stands.
type Fault struct {
	Tag       string `json:"tag,omitempty"`
	Element   int    `json:"element,omitempty"`
	Component int    `json:"component,omitempty"`
}

// Group is the verdict on a functional group: AK1, its AK2 loops and AK9, or
// UCF and its UCMs. Where an EDIFACT interchange has no groups its messages
// make up one that has no control number.
type Group struct {
	FunctionalID  string        `json:"functionalId,omitempty"`
	ControlNumber string        `json:"controlNumber,omitempty"`
	Version       string        `json:"version,omitempty"` // GS08
	Transactions  []Transaction `json:"transactions,omitempty"`
	Status        Status        `json:"status,omitempty"`
	Included      int           `json:"included"` // as the sender counted
	Received      int           `json:"received"`
	Accepted      int           `json:"accepted"`
	Codes         []string      `json:"codes,omitempty"` // AK905 to AK909; or 0085
	Sender        *Party        `json:"sender,omitempty"`
	Receiver      *Party        `json:"receiver,omitempty"`
	Fault         *Fault        `json:"fault,omitempty"`
}

// Transaction is the verdict on a transaction set or message: AK2, its AK3
// loops and AK5, or UCM and its UCSs.
type Transaction struct {
	Set           string    `json:"set"`
	ControlNumber string    `json:"controlNumber"`
	Convention    string    `json:"convention,omitempty"` // ST03; or what follows the message type in the UNH, as D:96A:UN
	Segments      []Segment `json:"segments,omitempty"`
	Status        Status    `json:"status"`
	Codes         []string  `json:"codes,omitempty"` // AK502 to AK506; or 0085
	Fault         *Fault    `json:"fault,omitempty"`
}

// Segment is one segment in error: AK3 with its AK4s, or UCS with its UCDs.
type Segment struct {
	Tag      string    `json:"tag,omitempty"` // not in a CONTRL
	Position int       `json:"position"`      // in the transaction, ST or UNH being 1
	Loop     string    `json:"loop,omitempty"`
	Code     string    `json:"code,omitempty"` // AK304 or 0085
	Contexts []Context `json:"contexts,omitempty"`
	Elements []Element `json:"elements,omitempty"`
}

// Element is one element in error: AK4 or UCD.
type Element struct {
	Position   int       `json:"position"`
	Component  int       `json:"component,omitempty"`
	Repetition int       `json:"repetition,omitempty"` // in a 999
	Number     string    `json:"number,omitempty"`     // in the dictionary
	Code       string    `json:"code"`                 // AK403 or 0085
	Value      string    `json:"value,omitempty"`      // a copy of what stood there
	Contexts   []Context `json:"contexts,omitempty"`
}

// Context is what a 999 adds to an error (CTX): the situation that makes the
// rule apply, which SituationalTrigger names, or the business document around
// the error, which an element such as BPT02 names.
type Context struct {
	Name       string `json:"name"`
	Reference  string `json:"reference,omitempty"` // the value of the element that Name is
	Tag        string `json:"tag,omitempty"`
	Position   int    `json:"position,omitempty"`
	Loop       string `json:"loop,omitempty"`
	Element    int    `json:"element,omitempty"`
	Component  int    `json:"component,omitempty"`
	Repetition int    `json:"repetition,omitempty"`
	Number     string `json:"number,omitempty"`
}

// SituationalTrigger is the name of a Context that makes a rule apply.
const SituationalTrigger = "SITUATIONAL TRIGGER"

// standardOf is the standard that a form belongs to.
func standardOf(form string) edi.Standard {
	if form == FormCONTRL || form == FormAPERAK {
		return edi.EDIFACT
	}
	return edi.X12
}
