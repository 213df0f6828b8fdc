package schema

import (
	"encoding/json"
	"time"
)

// Interchange is one EDI file, or one of several interchanges in a file, as
// it was received from a trading partner or sent to it. It is addressed to
// that trading partner, which so sees what became of its file.
type Interchange struct {
	Record
	Addressed
	// Name of the file as it arrived.
	FileName string `fact:"label"`
	// Whether it was received or sent.
	Flow Flow `fact:"required,filter"`
	// The standard in which it is written: X12 or EDIFACT.
	Standard string `fact:"max=20,filter"`
	// The control number that the sender gave it.
	ControlNumber string `fact:"filter,max=20"`
	// The sender, as named in the envelope.
	Sender string `fact:"filter,max=60"`
	// The receiver, as named in the envelope.
	Receiver string `fact:"filter,max=60"`
	// When it arrived or left.
	ExchangedAt time.Time `fact:"required,sort,filter"`
	// Where it stands.
	State InterchangeState `fact:"required,filter"`
	// Whether it is a test.
	Test bool `fact:"filter"`
	// SHA-256 of its bytes, in hexadecimal digits.
	SHA256 string `fact:"required,frozen,max=64,filter"`
	// Number of its bytes.
	Size *int64 `fact:"required,frozen"`
	// What was found wrong with the envelope: a list of findings.
	Findings json.RawMessage
	// The interchange that acknowledges this one.
	Acknowledgment Ref[Interchange] `fact:"filter"`
}

// Flow tells whether an interchange was received or sent.
type Flow string

// The flows.
const (
	Received Flow = "RECEIVED" // it came from the trading partner
	Sent     Flow = "SENT"     // it went to the trading partner
)

// Values lists the flows.
func (Flow) Values() []string { return values(Received, Sent) }

// InterchangeState is where an interchange stands.
type InterchangeState string

// The states of an interchange.
const (
	InterchangeReceived    InterchangeState = "RECEIVED"    // its bytes are safe; it was not read yet
	InterchangePosted      InterchangeState = "POSTED"      // everything good in it has become records
	InterchangePartly      InterchangeState = "PARTLY"      // some of it has become records, some is refused
	InterchangeRejected    InterchangeState = "REJECTED"    // nothing in it could be taken
	InterchangeQuarantined InterchangeState = "QUARANTINED" // it needs a person to look at it
	InterchangeDuplicate   InterchangeState = "DUPLICATE"   // it was received before, and changed nothing
	InterchangeQueued      InterchangeState = "QUEUED"      // written, and not fetched yet
	InterchangeDelivered   InterchangeState = "DELIVERED"   // fetched by, or delivered to, the trading partner
)

// Values lists the states of an interchange.
func (InterchangeState) Values() []string {
	return values(InterchangeReceived, InterchangePosted, InterchangePartly, InterchangeRejected,
		InterchangeQuarantined, InterchangeDuplicate, InterchangeQueued, InterchangeDelivered)
}

// Interchanges are the EDI files received and sent.
var Interchanges = define[Interchange]("interchanges", readOnly)

// TransactionSet is one document in an interchange.
type TransactionSet struct {
	Record
	// The interchange.
	Interchange Ref[Interchange] `fact:"required,parent"`
	// Place in the interchange, from 1 upwards.
	Place *int64 `fact:"required,frozen,sort"`
	// The sort of document, such as 867.
	SetID string `fact:"label,max=10"`
	// The version of the standard, such as 004010.
	StandardVersion string `fact:"max=12"`
	// The control number of the functional group.
	GroupControlNumber string `fact:"max=20"`
	// The control number of the document.
	ControlNumber string `fact:"filter,max=20"`
	// Whether it was taken.
	Verdict Verdict `fact:"required,filter"`
	// What was found wrong with it: a list of findings, each with its place.
	Findings json.RawMessage
	// How many records arose from it.
	RecordCount *int64
}

// Verdict tells whether a document was taken.
type Verdict string

// The verdicts.
const (
	VerdictAccepted   Verdict = "ACCEPTED"             // taken as it stands
	VerdictWithErrors Verdict = "ACCEPTED_WITH_ERRORS" // taken, though something is wrong with it
	VerdictRejected   Verdict = "REJECTED"             // not taken; the sender is to correct and send it again
)

// Values lists the verdicts.
func (Verdict) Values() []string {
	return values(VerdictAccepted, VerdictWithErrors, VerdictRejected)
}

// TransactionSets are the documents in interchanges.
var TransactionSets = define[TransactionSet]("transactionSets", readOnly)
