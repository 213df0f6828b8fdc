package ack

import (
	"strings"
	"time"

	"fondaco/edi"
)

// advised is where in an 824 or APERAK the reading stands.
type advised struct {
	item   string // the line that the OTI is about
	cause  bool   // in an ERC
	placed bool   // its RFF has been read
	noted  bool   // the text of the reason comes from notes
}

// segment reads a segment of an 824.
func (a *advised) segment(r *Refusal, s *edi.Segment) {
	switch s.Tag() {
	case edi.TagOf("BGN"):
		r.Number = s.Text(2, 1)
	case edi.TagOf("OTI"):
		a.original(r, s)
	case edi.TagOf("TED"):
		r.Reasons = append(r.Reasons, Reason{Cause: causeOf(s.Text(1, 1)), Code: s.Text(1, 1), Text: s.Text(2, 1), Item: a.item, Tag: s.Text(3, 1),
			Segment: atoi(s.Text(4, 1)), Element: atoi(s.Text(5, 1)), DataElem: s.Text(6, 1), Value: s.Text(7, 1), Instead: s.Text(8, 1)})
		a.noted = false
	case edi.TagOf("NTE"):
		if n := len(r.Reasons); n > 0 {
			a.note(&r.Reasons[n-1], s.Text(2, 1))
		}
	}
}

// note adds a note to a reason. Notes that begin as the text does say it whole,
// where it was too long; others come behind it.
func (a *advised) note(r *Reason, text string) {
	switch {
	case !a.noted && strings.HasPrefix(text, r.Text):
		r.Text = text
	default:
		r.Text = strings.TrimLeft(r.Text+" "+text, " ")
	}
	a.noted = true
}

// original reads an OTI. The first one tells which document is meant; that of a
// line tells which line.
func (a *advised) original(r *Refusal, s *edi.Segment) {
	level, status := "T", s.Text(1, 1)
	if len(status) == 2 {
		level, status = status[:1], status[1:]
	}
	a.item = ""
	if level == "I" {
		a.item = s.Text(3, 1)
	} else if r.Document == "" {
		r.DocumentQualifier, r.Document = s.Text(2, 1), s.Text(3, 1)
	}
	r.Status = worse(r.Status, adviceStatus(status))
	if r.Group != "" || r.Transaction != "" {
		return
	}
	r.Sender, r.Receiver, r.Group, r.Transaction, r.Set, r.Version = s.Text(4, 1), s.Text(5, 1), s.Text(8, 1), s.Text(9, 1), s.Text(10, 1), s.Text(11, 1)
	if at, err := time.Parse("200601021504", s.Text(6, 1)+clock(s.Text(7, 1))); err == nil {
		r.SentAt = at
	}
}

// adviceStatus is the verdict of the second letter of OTI01: accepted, with
// changes, with errors, in part, rejected.
func adviceStatus(letter string) Status {
	if letter == "C" {
		return WithError
	}
	return Status(letter)
}

// worse is the heavier of two verdicts on one document.
func worse(a, b Status) Status {
	const weight = "AEPR"
	if strings.Index(weight, string(b)) > strings.Index(weight, string(a)) || a == "" {
		return b
	}
	return a
}

// message reads a segment of an APERAK.
func (a *advised) message(r *Refusal, s *edi.Segment) {
	switch s.Tag() {
	case edi.TagOf("BGM"):
		r.Number = s.Text(2, 1)
		r.Status = responseStatus(s.Text(4, 1), s.Text(3, 1))
	case edi.TagOf("DOC"):
		r.Document = s.Text(2, 1)
	case edi.TagOf("RFF"):
		a.referred(r, s.Text(1, 1), s.Text(1, 2))
	case edi.TagOf("ERC"):
		a.cause, a.placed = true, false
		r.Reasons = append(r.Reasons, Reason{Cause: causeOf(s.Text(1, 1)), Code: s.Text(1, 1)})
		if r.Status == "" {
			r.Status = Rejected // that there are errors is all that is said
		}
	case edi.TagOf("FTX"):
		a.freeText(r, s)
	}
}

// responseStatus is the verdict of 4343, or of 1225 where that is missing.
func responseStatus(response, function string) Status {
	switch response {
	case "AP", "AB":
		return Accepted
	case "CA":
		return WithError
	case "RE":
		return Rejected
	}
	switch function {
	case "29", "44":
		return Accepted
	case "34":
		return WithError
	case "27":
		return Rejected
	}
	return ""
}

func (a *advised) referred(r *Refusal, qualifier, value string) {
	if a.cause {
		a.placed = true
		if qualifier == "LI" && value != "0" {
			r.Reasons[len(r.Reasons)-1].Item = value
		}
		return
	}
	switch qualifier {
	case "ACW", "AGO":
		r.Transaction = value
	case "TN":
		r.Interchange = value
	case "ACE":
		r.Document = value
	}
}

// freeText reads what is said about a reason: first its text, then the place.
func (a *advised) freeText(r *Refusal, s *edi.Segment) {
	if !a.cause {
		return
	}
	var lines []string
	for c := 1; c <= maxLines; c++ {
		if line := s.Text(4, c); line != "" {
			lines = append(lines, line)
		}
	}
	in := &r.Reasons[len(r.Reasons)-1]
	if text := strings.Join(lines, " "); a.placed {
		in.Value = strings.TrimSpace(in.Value + " " + text)
	} else {
		in.Text = strings.TrimSpace(in.Text + " " + text)
	}
}
