package ack

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"fondaco/edi"
)

// Envelope is what the acknowledgment is sent in. Control numbers and time are
// the caller's, who alone knows what it has used.
type Envelope struct {
	Interchange      edi.InterchangeHeader
	Sender, Receiver string // of the group, GS02 and GS03
	GroupControl     int    // GS06
	FirstTransaction int    // ST02 of the first 997; the next ones follow
	Version          string // GS08; 004010 if empty
}

// Reply fills in what the received interchange tells about its answer:
// addresses the other way round, version and usage. The caller sets control
// numbers and date.
func Reply(ic *edi.Interchange) Envelope {
	var e Envelope
	h := &e.Interchange
	h.SenderQualifier, h.Sender = ic.Receiver()
	h.ReceiverQualifier, h.Receiver = ic.Sender()
	h.Version, h.Usage = ic.Version(), ic.Usage()
	e.Sender, e.Receiver = h.Sender, h.Receiver
	for _, g := range ic.Groups {
		if g.Header.Kind() != 0 {
			e.Sender, e.Receiver = g.Receiver(), g.Sender()
			if len(g.Version()) >= 6 {
				e.Version = g.Version()[:6]
			}
			break
		}
	}
	return e
}

// Write sends the answer as an interchange of its own: the TA1 first, then one
// 997 for each group. It flushes w. An empty answer is an error, since an
// interchange without content acknowledges nothing.
func (a *Answer) Write(w *edi.Writer, e Envelope) error {
	if a.Empty() {
		return errors.New("write acknowledgment: there is nothing to acknowledge")
	}
	if e.Version == "" {
		e.Version = "004010"
	}
	o := &out{w: w, version: e.Version, delims: w.Delimiters()}
	w.BeginInterchange(e.Interchange)
	if t := a.Interchange; t != nil {
		w.Segment("TA1", o.safe(t.ControlNumber, 9), o.safe(t.Date, 6), o.safe(t.Time, 4), string(t.Status), t.Code)
	}
	if len(a.Groups) > 0 {
		w.BeginGroup(edi.GroupHeader{FunctionalID: functionalAcknowledgment, Sender: e.Sender, Receiver: e.Receiver,
			Date: e.Interchange.Date, ControlNumber: e.GroupControl, Version: e.Version})
		for i := range a.Groups {
			w.BeginTransaction("997", max(e.FirstTransaction, 1)+i)
			o.group(&a.Groups[i])
			w.EndTransaction()
		}
		w.EndGroup()
	}
	if err := w.EndInterchange(); err != nil { // the writer keeps its first error
		return fmt.Errorf("write acknowledgment: %w", err)
	}
	return nil
}

// out writes the segments of a 997. Errors stay in the writer.
type out struct {
	w       *edi.Writer
	version string
	delims  edi.Delimiters
}

func (o *out) group(g *Group) {
	o.w.Segment("AK1", o.safe(g.FunctionalID, 2), o.safe(g.ControlNumber, 9))
	for i := range g.Transactions {
		o.transaction(&g.Transactions[i])
	}
	o.w.Segment("AK9", append([]string{string(g.Status), strconv.Itoa(g.Included), strconv.Itoa(g.Received), strconv.Itoa(g.Accepted)}, g.Codes...)...)
}

func (o *out) transaction(t *Transaction) {
	o.w.Segment("AK2", o.safe(t.Set, 3), o.safe(t.ControlNumber, 9))
	for i := range t.Segments {
		s := &t.Segments[i]
		o.w.Segment("AK3", segmentID(s.Tag), strconv.Itoa(s.Position), o.safe(s.Loop, 6), s.Code)
		for j := range s.Elements {
			o.element(&s.Elements[j])
		}
	}
	o.w.Segment("AK5", append([]string{string(t.Status)}, t.Codes...)...)
}

func (o *out) element(e *Element) {
	o.w.Begin("AK4")
	if e.Component > 0 {
		o.w.Composite(strconv.Itoa(e.Position), strconv.Itoa(e.Component))
	} else {
		o.w.Element(strconv.Itoa(e.Position))
	}
	number := ""
	if _, err := strconv.Atoi(e.Number); err == nil && len(e.Number) <= 4 {
		number = e.Number
	}
	o.w.Element(number)
	o.w.Element(o.elementCode(e.Code))
	o.w.Element(o.safe(e.Value, 99))
	o.w.End()
}

// elementCode is AK403 in the version written: the codes for repetitions and
// components came with 005010, those of guides belong to the 999.
func (o *out) elementCode(code string) string {
	switch code {
	case "12", "13":
		if o.version < "005010" {
			return "3"
		}
	case "I10":
		return "3"
	}
	return code
}

// segmentID is AK301, which has two or three characters whatever the damage.
func segmentID(tag string) string {
	id := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, tag)
	if len(id) > 3 {
		id = id[:3]
	}
	if len(id) < 2 {
		return "ZZZ"
	}
	return id
}

// safe is a received value as it can be sent back: not with control characters
// or our delimiters in it, in which case it is left out, nor too long.
func (o *out) safe(v string, most int) string {
	if len(v) > most {
		v = v[:most]
	}
	for i := range len(v) {
		if v[i] < ' ' || v[i] >= 0x7f || o.delims.Has(v[i]) {
			return ""
		}
	}
	return v
}
