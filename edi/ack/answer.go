package ack

import "fondaco/edi"

// Status is a verdict, as TA104, AK501 and AK901 write it.
type Status string

// The verdicts.
const (
	Accepted  Status = "A"
	WithError Status = "E" // accepted, though something is wrong
	Partly    Status = "P" // a group of which some transactions are accepted
	Rejected  Status = "R"
)

// OK tells that what the verdict is about was taken.
func (s Status) OK() bool { return s == Accepted || s == WithError }

// Answer is what the receiver of an interchange says about it: For makes one,
// Write sends it, and Read finds those that partners have sent.
type Answer struct {
	Interchange *Interchange `json:"interchange,omitempty"` // the TA1, nil if there is none
	Groups      []Group      `json:"groups,omitempty"`
}

// Empty tells that there is nothing to send.
func (a *Answer) Empty() bool { return a.Interchange == nil && len(a.Groups) == 0 }

// Interchange is the verdict on an interchange, as a TA1 carries it.
type Interchange struct {
	ControlNumber string `json:"controlNumber"`
	Date          string `json:"date"` // as the interchange has it, YYMMDD
	Time          string `json:"time"` // HHMM
	Status        Status `json:"status"`
	Code          string `json:"code"` // TA105; 000 when nothing is wrong
}

// Group is the verdict on a functional group: AK1, its AK2 loops and AK9.
type Group struct {
	FunctionalID  string        `json:"functionalId"`
	ControlNumber string        `json:"controlNumber"`
	Transactions  []Transaction `json:"transactions,omitempty"`
	Status        Status        `json:"status"`
	Included      int           `json:"included"` // as the sender counted
	Received      int           `json:"received"`
	Accepted      int           `json:"accepted"`
	Codes         []string      `json:"codes,omitempty"` // AK905 to AK909
}

// Transaction is the verdict on a transaction set: AK2, its AK3 loops and AK5.
type Transaction struct {
	Set           string    `json:"set"`
	ControlNumber string    `json:"controlNumber"`
	Segments      []Segment `json:"segments,omitempty"`
	Status        Status    `json:"status"`
	Codes         []string  `json:"codes,omitempty"` // AK502 to AK506
}

// Segment is one segment in error: AK3 with its AK4s.
type Segment struct {
	Tag      string    `json:"tag"`
	Position int       `json:"position"` // in the transaction, ST being 1
	Loop     string    `json:"loop,omitempty"`
	Code     string    `json:"code,omitempty"` // AK304
	Elements []Element `json:"elements,omitempty"`
}

// Element is one element in error: AK4.
type Element struct {
	Position  int    `json:"position"`
	Component int    `json:"component,omitempty"`
	Number    string `json:"number,omitempty"` // in the dictionary
	Code      string `json:"code"`             // AK403
	Value     string `json:"value,omitempty"`  // a copy of what stood there
}

// When says in which cases a TA1 is sent.
type When uint8

// The cases.
const (
	WhenAsked When = iota // the interchange asks for one (ISA14), or something is wrong with it
	Always
	Never
)

// Policy is how a partner wants to be answered.
type Policy struct {
	TA1 When
	// ErrorsOnly leaves accepted transactions out of the 997; the group's
	// counts still have them.
	ErrorsOnly bool
	// AcceptErrors accepts transactions whose segments or elements are wrong,
	// noting the errors (E), where they would be rejected (R) otherwise. A
	// damaged envelope or an unknown set is rejected in any case.
	AcceptErrors bool
	// RejectCode rejects the whole interchange with this TA105, 025 for a
	// duplicate; its groups are not answered then.
	RejectCode string
}

// functionalAcknowledgment is GS01 of a group that must never be acknowledged.
const functionalAcknowledgment = "FA"

// For judges an interchange of a Report. The answer is empty when nothing is to
// be said: an interchange of acknowledgments is never acknowledged.
func For(ic *edi.Interchange, p Policy) *Answer {
	a := &Answer{Interchange: judgeInterchange(ic, p)}
	if p.RejectCode != "" {
		return a
	}
	for _, g := range ic.Groups {
		if g.FunctionalID() == functionalAcknowledgment || g.Header.Kind() == 0 {
			continue
		}
		a.Groups = append(a.Groups, JudgeGroup(g, p))
	}
	return a
}

func judgeInterchange(ic *edi.Interchange, p Policy) *Interchange {
	if p.TA1 == Never || ic.Count == 0 && ic.Acks > 0 {
		return nil // two firms must not answer TA1s with TA1s for ever
	}
	date, time := ic.Date()
	t := &Interchange{ControlNumber: ic.ControlNumber(), Date: date, Time: time, Status: Accepted, Code: "000"}
	if code, found := firstCode(&ic.Findings); found {
		t.Status, t.Code = WithError, code
	}
	if p.RejectCode != "" {
		t.Status, t.Code = Rejected, p.RejectCode
	}
	if t.Status == Accepted && p.TA1 == WhenAsked && !ic.AckRequested() {
		return nil
	}
	return t
}

// firstCode is the code of the first error, since a TA1 has room for one.
func firstCode(l *edi.Findings) (string, bool) {
	for i := range l.List {
		if f := &l.List[i]; f.Severity == edi.Error {
			if f.Code == "" {
				return "024", true
			}
			return f.Code, true
		}
	}
	return "", l.Errors > 0
}

// JudgeGroup judges a group of a Report.
func JudgeGroup(g *edi.Group, p Policy) Group {
	a := Group{FunctionalID: g.FunctionalID(), ControlNumber: g.ControlNumber(), Received: g.Count, Included: g.Count}
	if n, ok := number(g.Trailer.Element(1)); ok {
		a.Included = n
	}
	noted := false
	for _, t := range g.Transactions {
		v := JudgeTransaction(t, p)
		if v.Status.OK() {
			a.Accepted++
		}
		noted = noted || v.Status == WithError
		if v.Status != Accepted || !p.ErrorsOnly {
			a.Transactions = append(a.Transactions, v)
		}
	}
	a.Codes = codes(&g.Findings, edi.LevelGroup)
	a.Status = groupStatus(a, noted || g.Errors > 0)
	return a
}

func groupStatus(a Group, noted bool) Status {
	switch {
	case a.Accepted == 0 && (a.Received > 0 || noted):
		return Rejected
	case a.Accepted < a.Received:
		return Partly
	case noted:
		return WithError
	}
	return Accepted
}

// JudgeTransaction judges one transaction by what was found.
func JudgeTransaction(t *edi.Transaction, p Policy) Transaction {
	a := Transaction{Set: t.Set(), ControlNumber: t.ControlNumber(), Status: Accepted}
	if t.OK() {
		return a
	}
	a.Codes = codes(&t.Findings, edi.LevelTransaction)
	a.Segments = segments(&t.Findings)
	a.Status = Rejected
	if len(a.Codes) == 0 && p.AcceptErrors {
		a.Status = WithError
	}
	if len(a.Segments) > 0 || len(a.Codes) == 0 {
		a.Codes = append(a.Codes, "5")
	}
	if len(a.Codes) > 5 {
		a.Codes = a.Codes[:5]
	}
	return a
}

// codes lists the different codes of a level's errors, five at most.
func codes(l *edi.Findings, level edi.Level) []string {
	var list []string
	seen := map[string]bool{}
	for i := range l.List {
		f := &l.List[i]
		if f.Severity != edi.Error || f.Level != level || f.Code == "" || seen[f.Code] || len(list) == 5 {
			continue
		}
		seen[f.Code] = true
		list = append(list, f.Code)
	}
	return list
}

// maxElements is how many AK4s may follow one AK3.
const maxElements = 99

// segments turns findings about segments and elements into AK3s: one for each
// error of a segment, and one with code 8 for all errors of its elements.
func segments(l *edi.Findings) []Segment {
	var list []Segment
	for i := range l.List {
		f := &l.List[i]
		if f.Severity != edi.Error {
			continue
		}
		s := Segment{Tag: f.Path.Tag, Position: f.Path.Segment, Loop: f.LoopID, Code: f.Code}
		switch f.Level {
		case edi.LevelSegment:
			list = append(list, s)
		case edi.LevelElement:
			s.Code = "8"
			last := len(list) - 1
			if last < 0 || list[last].Position != s.Position || list[last].Code != "8" || list[last].Tag != s.Tag {
				list = append(list, s)
				last++
			}
			if len(list[last].Elements) < maxElements {
				list[last].Elements = append(list[last].Elements, Element{Position: f.Path.Element, Component: f.Path.Component,
					Number: f.DataElement, Code: f.Code, Value: f.Value})
			}
		}
	}
	return list
}

func number(b []byte) (int, bool) {
	if len(b) == 0 || len(b) > 6 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}
