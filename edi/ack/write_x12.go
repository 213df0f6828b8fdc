package ack

import (
	"strconv"
	"strings"

	"fondaco/edi"
)

// out writes the segments of TA1, 997 and 999. Errors stay in the writer.
//
// What is copied from a damaged interchange is made to fit where it does not,
// so that the acknowledgment is valid in itself: a control number that is too
// short is filled up with zeros, a copy that cannot be sent is left out.
type out struct {
	w       *edi.Writer
	e       Envelope
	form    string
	version string // GS08 and the dictionary's, 004010
	delims  edi.Delimiters
	sets    int // written in the group
	begun   int // segments written before the transaction
	set     string
}

// hipaa999 is the convention that a 999 follows where its group follows one.
const hipaa999 = "005010X231A1"

// newOut returns an out for a form. An 824 takes the version as it is.
func newOut(w *edi.Writer, form string, e Envelope) *out {
	if e.Version == "" {
		e.Version = "004010"
	}
	if form == "" {
		form = Form997
	}
	if form == Form999 && e.Version < "005010" {
		e.Version = "005010"
	}
	return &out{w: w, e: e, form: form, version: e.Version}
}

func (o *out) begin() {
	_ = o.w.BeginInterchange(o.e.Interchange)
	o.delims = o.w.Delimiters()
}

func (o *out) beginGroup(id, version string) {
	o.sets = 0
	_ = o.w.BeginGroup(edi.GroupHeader{FunctionalID: id, Sender: o.e.Sender, Receiver: o.e.Receiver,
		Date: o.e.Interchange.Date, ControlNumber: o.e.GroupControl, Version: version})
}

func (o *out) endGroup() {
	_ = o.w.Segment("GE", strconv.Itoa(o.sets), strconv.Itoa(o.e.GroupControl))
}

// beginSet writes an ST. The convention is ST03, which came with 005010.
func (o *out) beginSet(set, convention string) {
	o.begun = o.w.Segments()
	o.sets++
	_ = o.w.Segment("ST", set, o.setControl(), convention)
}

func (o *out) endSet() {
	_ = o.w.Segment("SE", strconv.Itoa(o.w.Segments()-o.begun+1), o.setControl())
}

func (o *out) setControl() string {
	return pad(strconv.Itoa(max(o.e.FirstTransaction, 1)+o.sets-1), 4)
}

func (o *out) ta1(t *Interchange) {
	date, clock := t.Date, t.Time
	if !edi.ValidDate([]byte(date)) || len(date) != 6 {
		date = o.e.Interchange.Date.Format("060102")
	}
	if !edi.ValidTime([]byte(clock)) || len(clock) != 4 {
		clock = o.e.Interchange.Date.Format("1504")
	}
	_ = o.w.Segment("TA1", pad(digits(t.ControlNumber, 9), 9), date, clock, string(t.Status), t.Code)
}

func (o *out) group(g *Group) {
	o.beginResponse(g)
	for i := range g.Transactions {
		o.transaction(&g.Transactions[i])
	}
	o.endResponse(g)
}

// beginResponse writes ST and AK1 of the answer to a group.
func (o *out) beginResponse(g *Group) {
	convention, version := "", ""
	if o.form == Form999 {
		version = o.safe(g.Version, 12)
		if len(g.Version) > 6 && o.version == "005010" {
			convention = hipaa999
		}
	}
	o.beginSet(o.form, convention)
	_ = o.w.Segment("AK1", identifier(g.FunctionalID, 2), orZero(digits(g.ControlNumber, 9)), version)
}

func (o *out) endResponse(g *Group) {
	o.w.Begin("AK9")
	o.w.Element(string(g.Status))
	o.w.Element(count6(g.Included))
	o.w.Element(count6(g.Received))
	o.w.Element(count6(g.Accepted))
	for _, c := range g.Codes {
		o.w.Element(c)
	}
	_ = o.w.End()
	o.endSet()
}

func (o *out) transaction(t *Transaction) {
	convention := ""
	if o.form == Form999 {
		convention = o.safe(t.Convention, 35)
	}
	_ = o.w.Segment("AK2", identifier(t.Set, 3), o.control(t.ControlNumber), convention)
	for i := range t.Segments {
		o.segment(&t.Segments[i])
	}
	o.w.Begin(o.tag(5))
	o.w.Element(string(t.Status))
	said := ""
	for _, c := range t.Codes {
		if c = o.transactionCode(c); !strings.Contains(said, ","+c+",") {
			o.w.Element(c)
			said += "," + c + ","
		}
	}
	_ = o.w.End()
}

// accepted writes AK2 and AK5 of a transaction with which nothing is wrong.
func (o *out) accepted(t *edi.Transaction) {
	convention := ""
	if o.form == Form999 && t.Header.Size(3) > 0 {
		convention = o.safe(t.Association(), 35)
	}
	if string(t.Header.Element(1)) != o.set { // most are the same: the string is made once
		o.set = t.Set()
	}
	_ = o.w.Segment("AK2", identifier(o.set, 3), o.control(t.ControlNumber()), convention)
	_ = o.w.Segment(o.tag(5), string(Accepted))
}

// tag is that of a segment with this number: AK3 in a 997, IK3 in a 999.
func (o *out) tag(number int) string {
	if o.form == Form999 {
		return "IK3IK4IK5"[3*(number-3):][:3]
	}
	return "AK3AK4AK5"[3*(number-3):][:3]
}

func (o *out) segment(s *Segment) {
	_ = o.w.Segment(o.tag(3), identifier(s.Tag, -3), o.position(s.Position), o.loop(s.Loop), o.segmentCode(s.Code))
	o.contexts(s.Contexts)
	for i := range s.Elements {
		o.element(&s.Elements[i])
	}
}

func (o *out) element(e *Element) {
	o.w.Begin(o.tag(4))
	repetition := ""
	if o.form == Form999 {
		repetition = positive(e.Repetition)
	}
	o.w.Composite(strconv.Itoa(min(max(e.Position, 1), 99)), positive(e.Component), repetition)
	o.w.Element(dictionaryNumber(e.Number))
	o.w.Element(o.elementCode(e.Code))
	o.w.Element(o.safe(e.Value, 99))
	_ = o.w.End()
	o.contexts(e.Contexts)
}

// maxContexts is how many CTXs may follow an IK3 or IK4.
const maxContexts = 10

// contexts writes the CTXs of an error, in a 999 alone.
func (o *out) contexts(list []Context) {
	if o.form != Form999 {
		return
	}
	for i := range list[:min(len(list), maxContexts)] {
		c := &list[i]
		o.w.Begin("CTX")
		o.w.Composite(o.safe(c.Name, 35), o.safe(c.Reference, 35))
		tag, position := "", ""
		if c.Tag != "" {
			tag, position = identifier(c.Tag, -3), positive(c.Position)
		}
		o.w.Element(tag)
		o.w.Element(position)
		o.w.Element(o.loop(c.Loop))
		o.w.Composite(positive(c.Element), positive(c.Component), positive(c.Repetition))
		o.w.Composite(dictionaryNumber(c.Number))
		_ = o.w.End()
	}
}

// position is AK302, which had six digits before 005010.
func (o *out) position(n int) string {
	if o.version < "005010" {
		n = min(n, 999_999)
	}
	return strconv.Itoa(max(n, 1))
}

// loop is AK303, which had six characters before 005010 and has four since.
func (o *out) loop(id string) string {
	if o.version < "005010" {
		return o.safe(id, 6)
	}
	return o.safe(id, 4)
}

// control is AK202: a control number has four characters at least.
func (o *out) control(n string) string { return pad(o.safe(n, 9), 4) }

// safe is a received value as it can be sent back: not with control characters
// or our delimiters in it, in which case it is left out, nor too long. Spaces at
// the end mean nothing, and are left out.
func (o *out) safe(v string, most int) string {
	if len(v) > most {
		v = v[:most]
	}
	for i := range len(v) {
		if v[i] < ' ' || v[i] >= 0x7f || o.delims.Has(v[i]) {
			return ""
		}
	}
	return strings.TrimRight(v, " ")
}

// identifier makes an identifier of n characters of what was received, or of two
// to -n; a part that cannot be used is replaced.
func identifier(v string, n int) string {
	least := n
	if n < 0 {
		least, n = 2, -n
	}
	if len(v) >= least && len(v) <= n && strings.IndexFunc(v, notIdentifier) < 0 {
		return v
	}
	v = strings.Map(func(r rune) rune {
		if notIdentifier(r) {
			return -1
		}
		return r
	}, v)
	if len(v) > n {
		v = v[:n]
	}
	if len(v) < least {
		return strings.Repeat("Z", n)
	}
	return v
}

func notIdentifier(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') }

// digits are those of v, the last n of them.
func digits(v string, n int) string {
	for i := range len(v) {
		if v[i] < '0' || v[i] > '9' {
			v = strings.Map(func(r rune) rune {
				if r < '0' || r > '9' {
					return -1
				}
				return r
			}, v)
			break
		}
	}
	return v[max(0, len(v)-n):]
}

func orZero(v string) string {
	if v == "" {
		return "0"
	}
	return v
}

const zeros = "000000000"

func pad(v string, n int) string {
	if len(v) >= n {
		return v
	}
	return zeros[:n-len(v)] + v
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// count6 is a count in six digits, which are all that an AK9 has room for.
func count6(n int) string { return strconv.Itoa(min(max(n, 0), 999_999)) }

// dictionaryNumber is the reference number of an element, which composites
// such as C001 do not have.
func dictionaryNumber(n string) string {
	if len(n) == 0 || len(n) > 4 || strings.Trim(n, "0123456789") != "" {
		return ""
	}
	return n
}
