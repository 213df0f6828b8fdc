package ack

import (
	"strconv"
	"strings"

	"fondaco/edi"
)

// applicationAdvice is GS01 of the group of an 824.
const applicationAdvice = "AG"

// writeAdvice sends 824s.
func writeAdvice(w *edi.Writer, e Envelope, list []Refusal) error {
	o := newOut(w, Form824, e)
	o.begin()
	o.beginGroup(applicationAdvice, o.version)
	for i := range list {
		o.refusal(&list[i])
	}
	o.endGroup()
	return w.EndInterchange()
}

func (o *out) refusal(r *Refusal) {
	o.beginSet(Form824, "")
	at := o.e.Interchange.Date
	_ = o.w.Segment("BGN", "11", o.safe(r.Number, 30), at.Format("20060102"), at.Format("1504"))
	o.original(r, "T", orElse(r.DocumentQualifier, "TN"), orElse(r.Document, r.Transaction))
	for i := range r.Reasons {
		if r.Reasons[i].Item == "" {
			o.reason(&r.Reasons[i])
		}
	}
	o.items(r)
	o.endSet()
}

// items writes an OTI for each line that something is wrong with.
func (o *out) items(r *Refusal) {
	done := map[string]bool{"": true}
	for i := range r.Reasons {
		item := r.Reasons[i].Item
		if done[item] {
			continue
		}
		done[item] = true
		o.original(r, "I", "LI", item)
		for j := i; j < len(r.Reasons); j++ {
			if r.Reasons[j].Item == item {
				o.reason(&r.Reasons[j])
			}
		}
	}
}

// original writes the OTI that says which document, or line of it, is meant.
func (o *out) original(r *Refusal, level, qualifier, number string) {
	status := string(orRejected(r.Status))
	date, hour := "", ""
	if !r.SentAt.IsZero() {
		date, hour = r.SentAt.Format("20060102"), r.SentAt.Format("1504")
	}
	group, control := digits(r.Group, 9), ""
	if group != "" {
		control = o.control(r.Transaction) // stands with a group alone
	}
	set := ""
	if len(r.Set) == 3 {
		set = identifier(r.Set, 3)
	}
	_ = o.w.Segment("OTI", level+status, identifier(qualifier, -3), orElse(o.safe(number, 30), "0"),
		o.application(r.Sender), o.application(r.Receiver), date, hour, group, control, set, o.safe(r.Version, 12))
}

// application is a code of two to fifteen characters.
func (o *out) application(code string) string {
	if code = o.safe(code, 15); len(code) < 2 {
		return ""
	}
	return code
}

const (
	maxTED  = 60 // characters of TED02
	maxNote = 80 // and of NTE02
)

// reason writes a TED, and NTEs behind it for a text that is too long.
func (o *out) reason(r *Reason) {
	text := o.text(r.text())
	tag, position, element := "", "", ""
	if r.Tag != "" {
		tag, position, element = identifier(r.Tag, -3), positive(r.Segment), positive(min(r.Element, 99))
	}
	_ = o.w.Segment("TED", r.code(), cut(text, maxTED), tag, position, element, dictionaryNumber(r.DataElem), o.safe(r.Value, 99), o.safe(r.Instead, 99))
	if len(text) <= maxTED {
		return
	}
	for rest := text; rest != ""; {
		piece := cut(rest, maxNote)
		_ = o.w.Segment("NTE", "ADD", piece)
		rest = strings.TrimLeft(rest[len(piece):], " ")
	}
}

// cut is the beginning of a text, at most n characters of it and if possible
// whole words.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	if i := strings.LastIndexByte(text[:n+1], ' '); i > n/2 {
		n = i
	}
	return text[:n]
}

// text is a text of ours in the characters that every partner can read, with
// delimiters replaced, since X12 has no way to protect them.
func (o *out) text(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r < ' ' || r < 0x80 && o.delims.Has(byte(r)):
			b = append(b, ' ')
		case r >= 0x7f:
			b = append(b, '?')
		default:
			b = append(b, byte(r))
		}
	}
	return strings.TrimSpace(string(b))
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func orRejected(s Status) Status {
	if s == "" {
		return Rejected
	}
	return s
}

// atoi reads a number that stands where one belongs, 0 if none does.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
