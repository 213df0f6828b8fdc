package ack

import (
	"bytes"
	"strconv"
	"strings"

	"fondaco/edi"
)

// edifactOut writes the messages CONTRL and APERAK. Errors stay in the writer.
type edifactOut struct {
	w     *edi.Writer
	e     Envelope
	level string // the syntax identifier, UNOA
	v     string // and its version
	set   *edi.Charset
	sets  int
	begun int // segments written before the message
	extra int // segments of the message that another wrote

	identifier []string // of the message accepted last
	identified []byte   // and as it was received
}

func newEDIFACTOut(w *edi.Writer, e Envelope) *edifactOut {
	o := &edifactOut{w: w, e: e}
	o.level, o.v, _ = strings.Cut(e.Syntax, ":")
	o.level, o.set = charset(o.level)
	if len(o.v) != 1 || o.v < "1" || o.v > "4" {
		o.v = "3"
	}
	return o
}

// begin writes the UNB, and before it the service string advice where the
// delimiters are not those that hold without one.
func (o *edifactOut) begin() {
	if d := o.w.Delimiters(); !usual(d, o.v) {
		_ = o.w.Copy(advice(d))
	}
	h := &o.e.Interchange
	date := h.Date.Format("060102")
	if o.v == "4" {
		date = h.Date.Format("20060102")
	}
	o.w.Begin("UNB")
	o.w.Composite(o.level, o.v)
	o.w.Composite(o.required(h.Sender, 35), o.echo(h.SenderQualifier, 4), o.echo(o.e.SenderRouting, 14))
	o.w.Composite(o.required(h.Receiver, 35), o.echo(h.ReceiverQualifier, 4), o.echo(o.e.ReceiverRouting, 14))
	o.w.Composite(date, h.Date.Format("1504"))
	o.w.Element(strconv.Itoa(h.ControlNumber))
	if h.Usage == "T" {
		for range 5 {
			o.w.Element("")
		}
		o.w.Element("1")
	}
	_ = o.w.End()
}

// usual tells whether the delimiters hold without a UNA in this syntax version:
// those of level A, which have a repetition separator from version 4 on, or
// those of level B.
func usual(d edi.Delimiters, version string) bool {
	levelA := edi.EDIFACTDelimiters
	if version == "4" {
		levelA.Repetition = '*'
	}
	levelB := edi.Delimiters{Element: 0x1d, Component: 0x1f, Decimal: '.', Terminator: "\x1c"}
	if d.Decimal = '.'; d == levelA {
		return true
	}
	d.Repetition = 0
	return d == levelB
}

// advice is the UNA that declares d.
func advice(d edi.Delimiters) *edi.Segment {
	or := func(b, otherwise byte) byte {
		if b == 0 {
			return otherwise
		}
		return b
	}
	una := []byte{'U', 'N', 'A', d.Component, d.Element, or(d.Decimal, '.'), or(d.Release, ' '), or(d.Repetition, ' ')}
	text := string(una) + d.Terminator
	r := edi.NewReader(strings.NewReader(text+"UNB"+string(d.Element)), edi.Options{})
	s, err := r.Next()
	if err != nil || s.Tag() != edi.UNA {
		return &edi.Segment{} // delimiters that no UNA can declare: the reader of the answer has to know them
	}
	return s
}

func (o *edifactOut) end() error {
	_ = o.w.Segment("UNZ", strconv.Itoa(o.sets), strconv.Itoa(o.e.Interchange.ControlNumber))
	return o.w.Flush()
}

// beginMessage writes a UNH.
func (o *edifactOut) beginMessage(identifier ...string) {
	o.begun = o.w.Segments()
	o.sets++
	o.w.Begin("UNH")
	o.w.Element(o.reference())
	o.w.Composite(identifier...)
	_ = o.w.End()
}

func (o *edifactOut) endMessage() {
	_ = o.w.Segment("UNT", strconv.Itoa(o.w.Segments()-o.begun+1+o.extra), o.reference())
}

func (o *edifactOut) reference() string {
	return strconv.Itoa(max(o.e.FirstTransaction, 1) + o.sets - 1)
}

// contrl is the identifier of the CONTRL that fits the syntax version.
func (o *edifactOut) contrl() []string {
	if o.v == "4" {
		return []string{FormCONTRL, "4", "1", "UN"}
	}
	return []string{FormCONTRL, "D", "3", "UN"}
}

func (a *Answer) writeCONTRL(w *edi.Writer, e Envelope) error {
	o := newEDIFACTOut(w, e)
	o.begin()
	o.beginMessage(o.contrl()...)
	ic := a.Interchange
	if ic == nil { // groups alone, as from another's Answer
		ic = &Interchange{Status: Accepted}
	}
	o.uci(ic)
	for i := range a.Groups {
		g := &a.Groups[i]
		if g.ControlNumber != "" {
			o.ucf(g)
		}
		for j := range g.Transactions {
			o.ucm(&g.Transactions[j])
		}
	}
	o.endMessage()
	return o.end()
}

// The actions of a CONTRL.
const (
	actionRejected     = "4"
	actionAcknowledged = "7"
	actionReceived     = "8"
)

// action is 0083. Errors that reject nothing are noted beside an acknowledgment.
func action(s Status) string {
	switch s {
	case Rejected:
		return actionRejected
	case Arrived:
		return actionReceived
	}
	return actionAcknowledged
}

func (o *edifactOut) uci(ic *Interchange) {
	o.w.Begin("UCI")
	o.w.Element(o.required(ic.ControlNumber, 14))
	o.party(ic.Sender, "0")
	o.party(ic.Receiver, "0")
	o.w.Element(action(ic.Status))
	o.fault(ic.Code, ic.Fault)
	_ = o.w.End()
}

func (o *edifactOut) ucf(g *Group) {
	o.w.Begin("UCF")
	o.w.Element(o.required(g.ControlNumber, 14))
	o.application(g.Sender)
	o.application(g.Receiver)
	o.w.Element(action(g.Status))
	code := ""
	if len(g.Codes) > 0 {
		code = g.Codes[0]
	}
	o.fault(code, g.Fault)
	_ = o.w.End()
}

func (o *edifactOut) ucm(t *Transaction) {
	o.w.Begin("UCM")
	o.w.Element(o.required(t.ControlNumber, 14))
	o.w.Composite(o.messageIdentifier(t.Set, t.Convention)...)
	o.w.Element(action(t.Status))
	code := ""
	if len(t.Codes) > 0 {
		code = t.Codes[0]
	}
	o.fault(code, t.Fault)
	_ = o.w.End()
	for i := range t.Segments {
		o.ucs(&t.Segments[i])
	}
}

// accepted writes the UCM of a message with which nothing is wrong. Most
// messages of a file have the same identifier, which is made once.
func (o *edifactOut) accepted(t *edi.Transaction) {
	if received := t.Header.Element(2); o.identifier == nil || !bytes.Equal(received, o.identified) {
		o.identified = append(o.identified[:0], received...)
		o.identifier = o.messageIdentifier(t.Set(), messageVersion(t))
	}
	o.w.Begin("UCM")
	o.w.Element(o.required(t.ControlNumber(), 14))
	o.w.Composite(o.identifier...)
	o.w.Element(actionAcknowledged)
	_ = o.w.End()
}

// messageIdentifier is S009, of a message type and what follows it.
func (o *edifactOut) messageIdentifier(set, version string) []string {
	parts := strings.Split(version, ":")
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	s009 := []string{o.required(set, 6), o.required(parts[0], 3), o.required(parts[1], 3), o.required(parts[2], 3)}
	if len(parts) > 3 {
		s009 = append(s009, o.echo(parts[3], 6))
	}
	return s009
}

func (o *edifactOut) ucs(s *Segment) {
	_ = o.w.Segment("UCS", count6(max(s.Position, 1)), s.Code)
	for i := range s.Elements {
		e := &s.Elements[i]
		o.w.Begin("UCD")
		o.w.Element(e.Code)
		o.w.Composite(strconv.Itoa(min(max(e.Position, 1), 999)), positive(min(e.Component, 999)))
		_ = o.w.End()
	}
}

// fault writes 0085, 0135 and S011.
func (o *edifactOut) fault(code string, f *Fault) {
	o.w.Element(code)
	if f == nil {
		return
	}
	o.w.Element(f.Tag)
	if f.Element > 0 {
		o.w.Composite(strconv.Itoa(min(f.Element, 999)), positive(min(f.Component, 999)))
	}
}

// application writes S006 or S007, which have no address behind the code.
func (o *edifactOut) application(p *Party) {
	if p != nil {
		p = &Party{ID: p.ID, Qualifier: p.Qualifier}
	}
	o.party(p, "")
}

func (o *edifactOut) party(p *Party, otherwise string) {
	if p == nil {
		p = &Party{}
	}
	id, qualifier, routing := o.echo(p.ID, 35), o.echo(p.Qualifier, 4), o.echo(p.Routing, 14)
	if id == "" && qualifier+routing != "" {
		otherwise = "0" // what qualifies has to qualify something
	}
	o.w.Composite(orElse(id, otherwise), qualifier, routing)
}
