package ack

import (
	"strconv"
	"strings"

	"fondaco/edi"
)

// writeAPERAK sends APERAKs.
func writeAPERAK(w *edi.Writer, e Envelope, list []Refusal) error {
	o := newEDIFACTOut(w, e)
	o.begin()
	for i := range list {
		o.refusal(&list[i])
	}
	return o.end()
}

// aperak is the identifier of the message in the version of the envelope, that
// of directory D.96A unless it names another.
func (o *edifactOut) aperak() []string {
	v := strings.ReplaceAll(o.e.Version, ".", "")
	if len(v) != 4 {
		v = "D96A"
	}
	return []string{FormAPERAK, v[:1], v[1:], "UN"}
}

// maxReasons is how many ERCs an APERAK of D.96A takes.
const maxReasons = 999

func (o *edifactOut) refusal(r *Refusal) {
	o.beginMessage(o.aperak()...)
	o.w.Begin("BGM")
	o.w.Element("305")
	o.w.Element(o.text(r.Number, 35))
	o.w.Element("9")
	o.w.Element(response(r.Status))
	_ = o.w.End()
	o.composite("DTM", "137", o.e.Interchange.Date.Format("200601021504"), "203")
	o.reference1("ACW", r.Transaction)
	o.reference1("TN", r.Interchange)
	o.reference1("ACE", r.Document)
	for i := range r.Reasons[:min(len(r.Reasons), maxReasons)] {
		o.reason(&r.Reasons[i])
	}
	o.endMessage()
}

// response is 4343.
func response(s Status) string {
	switch s {
	case Accepted:
		return "AP"
	case WithError, Partly:
		return "CA"
	}
	return "RE"
}

func (o *edifactOut) composite(tag string, parts ...string) {
	o.w.Begin(tag)
	o.w.Composite(parts...)
	_ = o.w.End()
}

func (o *edifactOut) reference1(qualifier, value string) {
	if value != "" {
		o.composite("RFF", qualifier, o.echo(value, 35))
	}
}

// asc is 3055 for the agency whose list has the codes of the causes, and agreed
// stands for codes between the two partners.
const asc, agreed = "116", "ZZZ"

func (o *edifactOut) reason(r *Reason) {
	agency := asc
	if r.Code != "" {
		agency = agreed
	}
	o.composite("ERC", o.text(r.code(), 8), "", agency)
	o.freeText(r.text())
	where := place(r)
	if r.Item == "" && where == "" {
		return
	}
	o.reference1("LI", orElse(r.Item, "0"))
	if where != "" {
		o.freeText(where)
	}
}

// place tells where the error stands, and what: LIN 14 element 3: WP-81.
func place(r *Reason) string {
	if r.Tag == "" {
		return r.Value
	}
	s := r.Tag
	if r.Segment > 0 {
		s += " " + strconv.Itoa(r.Segment)
	}
	if r.Element > 0 {
		s += " ELEMENT " + strconv.Itoa(r.Element)
		if r.Component > 0 {
			s += "-" + strconv.Itoa(r.Component)
		}
	}
	if r.Value != "" {
		s += ": " + r.Value
	}
	if r.Instead != "" {
		s += " -> " + r.Instead
	}
	return s
}

const (
	maxLine  = 70 // characters of 4440
	maxLines = 5
)

// freeText writes an FTX of up to five lines.
func (o *edifactOut) freeText(s string) {
	if s = o.text(s, maxLine*maxLines); s == "" {
		return
	}
	var lines []string
	for s != "" && len(lines) < maxLines {
		line := cutRunes(s, maxLine)
		lines = append(lines, line)
		s = strings.TrimLeft(s[len(line):], " ")
	}
	o.w.Begin("FTX")
	o.w.Element("AAO")
	o.w.Element("")
	o.w.Element("")
	o.w.Composite(lines...)
	_ = o.w.End()
}

// cutRunes is cut for a text whose characters may have several bytes.
func cutRunes(s string, n int) string {
	at, last := 0, 0
	for i, r := range s {
		if at == n {
			if last > len(s[:i])/2 {
				return s[:last]
			}
			return s[:i]
		}
		if r == ' ' {
			last = i
		}
		at++
	}
	return s
}
