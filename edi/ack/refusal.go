package ack

import (
	"errors"
	"fmt"
	"time"

	"fondaco/edi"
)

// Refusal is what an application says of a document whose syntax is in order:
// an 824 or an APERAK. WriteRefusals sends it, Read finds those of partners.
type Refusal struct {
	Number string `json:"number"` // of this advice, as its sender counts them

	// The document, as it was received: its envelopes, and the number that it
	// gives itself.
	Interchange       string    `json:"interchange,omitempty"` // control numbers
	Group             string    `json:"group,omitempty"`
	Transaction       string    `json:"transaction,omitempty"`
	Set               string    `json:"set,omitempty"`
	Version           string    `json:"version,omitempty"`
	Sender            string    `json:"sender,omitempty"` // of its group
	Receiver          string    `json:"receiver,omitempty"`
	SentAt            time.Time `json:"sentAt,omitzero"` // as its group says
	Document          string    `json:"document,omitempty"`
	DocumentQualifier string    `json:"documentQualifier,omitempty"` // OTI02: PO, IV; TN if empty

	Status  Status   `json:"status"` // Rejected if empty
	Reasons []Reason `json:"reasons,omitempty"`
}

// Reason is one cause of a refusal, and the place that it is about.
type Reason struct {
	Cause     Cause  `json:"cause,omitempty"`
	Code      string `json:"code,omitempty"` // TED01 or 9321 as agreed with the partner; that of Cause if empty
	Text      string `json:"text,omitempty"`
	Item      string `json:"item,omitempty"` // the line, as the document numbers it
	Tag       string `json:"tag,omitempty"`
	Segment   int    `json:"segment,omitempty"` // its position in the transaction
	Element   int    `json:"element,omitempty"`
	Component int    `json:"component,omitempty"` // not in an 824, which has no place for it
	DataElem  string `json:"dataElement,omitempty"`
	Value     string `json:"value,omitempty"`   // what stood there
	Instead   string `json:"instead,omitempty"` // what was taken instead
}

// Cause is why a document, or a line of it, is refused.
type Cause string

// The causes.
const (
	UnknownCustomer      Cause = "unknown-customer"
	UnknownItem          Cause = "unknown-item"
	ExpiredAuthorization Cause = "expired-authorization"
	Duplicate            Cause = "duplicate"
	Missing              Cause = "missing"
	OutOfRange           Cause = "out-of-range"
	WrongDate            Cause = "wrong-date"
	WrongTotal           Cause = "wrong-total"
	NotMatching          Cause = "not-matching" // a price that is not the one agreed
	WrongCombination     Cause = "wrong-combination"
	WrongQuantity        Cause = "wrong-quantity"
	Incorrect            Cause = "incorrect"
	Other                Cause = "other"
)

// causes gives TED01 for each cause, and what is said when the reason says
// nothing itself. An APERAK carries the same code, and names the agency that
// lists it, since EDIFACT has no such list of its own.
var causes = map[Cause]struct{ code, text string }{
	UnknownCustomer:      {"027", "the customer is not known"},
	UnknownItem:          {"Q", "the item is not known"},
	ExpiredAuthorization: {"024", "the authorization has expired"},
	Duplicate:            {"006", "it was received before"},
	Missing:              {"007", "data is missing"},
	OutOfRange:           {"008", "the value is out of range"},
	WrongDate:            {"009", "the date is not valid"},
	WrongTotal:           {"010", "the total does not agree with the lines"},
	NotMatching:          {"011", "the value is not the one agreed"},
	WrongCombination:     {"012", "the values do not go together"},
	WrongQuantity:        {"P", "the quantity is not valid"},
	Incorrect:            {"848", "the value is not correct"},
	Other:                {"024", "it cannot be processed"},
}

// causeOf is the cause that a code stands for, Other where it does not tell.
func causeOf(code string) Cause {
	for c, v := range causes {
		if v.code == code && c != ExpiredAuthorization {
			return c
		}
	}
	return Other
}

func (r *Reason) code() string {
	if r.Code != "" {
		return r.Code
	}
	if c, ok := causes[r.Cause]; ok {
		return c.code
	}
	return causes[Other].code
}

// text is what the reason says, in words at least.
func (r *Reason) text() string {
	if r.Text != "" {
		return r.Text
	}
	if c, ok := causes[r.Cause]; ok {
		return c.text
	}
	return Meaning(TED01, r.code())
}

// Refuse describes a transaction that is refused, by the envelopes around it.
// The caller adds the number of the advice and the reasons.
func Refuse(ic *edi.Interchange, g *edi.Group, t *edi.Transaction) Refusal {
	r := Refusal{Interchange: ic.ControlNumber(), Transaction: t.ControlNumber(), Set: t.Set(), Version: t.Version(), Status: Rejected}
	if g == nil || g.Header.Kind() == 0 {
		return r
	}
	r.Group, r.Sender, r.Receiver = g.ControlNumber(), g.Sender(), g.Receiver()
	if g.Header.Tag() == edi.GS {
		r.Version = g.Version()
		if at, err := time.Parse("200601021504", g.Header.Text(4, 1)+clock(g.Header.Text(5, 1))); err == nil {
			r.SentAt = at
		}
	}
	return r
}

// clock is the hour and minute of a time that may have seconds.
func clock(t string) string {
	if len(t) > 4 {
		return t[:4]
	}
	return t
}

// WriteRefusals sends refusals as one interchange, an 824 or APERAK for each,
// as the envelope's standard says. It flushes w. The version of the envelope is
// that of the set: 004010, or D96A for an APERAK.
func WriteRefusals(w *edi.Writer, e Envelope, list []Refusal) error {
	if len(list) == 0 {
		return errors.New("write refusals: there are none")
	}
	for i := range list {
		if list[i].Number == "" {
			return fmt.Errorf("write refusals: that of %s %s has no number; give each one of its own", list[i].Set, list[i].Transaction)
		}
	}
	write := writeAdvice
	if e.Standard == edi.EDIFACT {
		write = writeAPERAK
	}
	if err := write(w, e, list); err != nil {
		return fmt.Errorf("write refusals: %w", err)
	}
	return nil
}
