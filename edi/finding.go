package edi

import "fmt"

// Severity says how much a finding weighs.
type Severity uint8

const (
	// Ignore leaves a finding out; only Tolerances use it.
	Ignore Severity = iota
	// Warning is worth telling, but nothing is refused for it.
	Warning
	// Error damages the envelope it stands in: the transaction, group or interchange.
	Error
)

// String gives "error" or "warning".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	}
	return "ignore"
}

// MarshalText makes a severity readable in JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Severity) UnmarshalText(b []byte) error {
	for _, v := range []Severity{Ignore, Warning, Error} {
		if v.String() == string(b) {
			*s = v
			return nil
		}
	}
	return fmt.Errorf("severity %q is none of error, warning, ignore", b)
}

// Level names what a finding is about, and with it the acknowledgment code that
// Finding.Code is: none for the file, TA105 for an interchange, AK905 for a group, AK502 for a
// transaction, AK304 for a segment, AK403 for an element.
type Level uint8

// The levels, from the outside inwards.
const (
	LevelFile Level = iota + 1
	LevelInterchange
	LevelGroup
	LevelTransaction
	LevelSegment
	LevelElement
)

var levelNames = [...]string{"", "file", "interchange", "group", "transaction", "segment", "element"}

// String gives the level's name in lower case.
func (l Level) String() string { return levelNames[l] }

// MarshalText makes a level readable in JSON.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (l *Level) UnmarshalText(b []byte) error {
	for i, name := range levelNames {
		if i > 0 && name == string(b) {
			*l = Level(i)
			return nil
		}
	}
	return fmt.Errorf("level %q is none of %v", b, levelNames[1:])
}

// Finding is one thing that is wrong with a document: what, where, against
// which rule, and with which code an acknowledgment reports it. Its text, in
// the language of the reader, comes from the catalogue in package guide.
type Finding struct {
	ID       string   `json:"id"` // stable, as x12.element.too-long
	Severity Severity `json:"severity"`
	Level    Level    `json:"level"`
	Code     string   `json:"code,omitempty"`
	Position Position `json:"position"`
	Length   int      `json:"length"` // bytes from Position on
	Path     Path     `json:"path"`

	// Control numbers of the envelopes around it, as sent.
	InterchangeControl string `json:"interchangeControl,omitempty"`
	GroupControl       string `json:"groupControl,omitempty"`
	TransactionControl string `json:"transactionControl,omitempty"`

	LoopID      string `json:"loopId,omitempty"`      // the innermost loop, as AK303 names it
	DataElement string `json:"dataElement,omitempty"` // the dictionary's number of the element, as AK402 names it
	Name        string `json:"name,omitempty"`        // what the guide calls the segment or element
	Value       string `json:"value,omitempty"`       // what stands there
	Expected    string `json:"expected,omitempty"`    // what the rule asks for
	Rule        string `json:"rule,omitempty"`        // the rule: a syntax note, a length, a count
	Guide       string `json:"guide,omitempty"`       // whose rule it is; empty for a rule of the syntax itself
	Unconfirmed bool   `json:"unconfirmed,omitempty"` // no public guide confirms the rule: a warning, never more

	Trigger *Trigger `json:"trigger,omitempty"` // what makes a conditional rule apply, nil for other rules
	Unit    *Unit    `json:"unit,omitempty"`    // nil where the guide names none
}

// Trigger is what makes a conditional rule apply: the element that is there, or
// has a certain value.
type Trigger struct {
	Tag         string `json:"tag"`
	Segment     int    `json:"segment,omitempty"` // its position in the transaction
	LoopID      string `json:"loopId,omitempty"`
	Element     int    `json:"element,omitempty"`
	Component   int    `json:"component,omitempty"`
	Repetition  int    `json:"repetition,omitempty"`
	DataElement string `json:"dataElement,omitempty"`
}

// Unit is the business document, or the line of one, that a finding is about.
type Unit struct {
	Name      string `json:"name"`      // of the element that names it: BPT02, CLM01
	Reference string `json:"reference"` // its value
}

// Findings collects what is found of one envelope, up to a limit.
type Findings struct {
	List     []Finding `json:"findings,omitempty"`
	Errors   int       `json:"errors"`   // all of them, those beyond the limit too
	Warnings int       `json:"warnings"` // likewise
	Dropped  int       `json:"dropped,omitempty"`
}

// Add counts f and keeps it while there are fewer than limit.
func (l *Findings) Add(f Finding, limit int) {
	switch f.Severity {
	case Error:
		l.Errors++
	case Warning:
		l.Warnings++
	default:
		return
	}
	if len(l.List) >= limit {
		l.Dropped++
		return
	}
	l.List = append(l.List, f)
}

// merge adds what another list has, as if it had been added here one by one.
// What is told once of an envelope is not told again.
func (l *Findings) merge(m *Findings, limit int) {
	if m == nil {
		return
	}
	if l.Has(otherCharset) && m.Has(otherCharset) {
		m = m.without(otherCharset)
	}
	room := max(limit-len(l.List), 0)
	kept := m.List[:min(room, len(m.List))]
	l.List = append(l.List, kept...)
	l.Errors += m.Errors
	l.Warnings += m.Warnings
	l.Dropped += m.Dropped + len(m.List) - len(kept)
}

// otherCharset is the id of a finding that an interchange has at most once.
const otherCharset = "edifact.interchange.charset"

// without is a copy of the list without the findings of an id.
func (l *Findings) without(id string) *Findings {
	c := Findings{Dropped: l.Dropped, Errors: l.Errors, Warnings: l.Warnings}
	for _, f := range l.List {
		switch {
		case f.ID != id:
			c.List = append(c.List, f)
		case f.Severity == Error:
			c.Errors--
		default:
			c.Warnings--
		}
	}
	return &c
}

func (l *Findings) reset() { *l = Findings{List: l.List[:0]} }

func (l *Findings) clone() Findings {
	c := *l
	c.List = append([]Finding(nil), l.List...)
	return c
}

// Has tells whether a finding with this id is in the list.
func (l *Findings) Has(id string) bool {
	for i := range l.List {
		if l.List[i].ID == id {
			return true
		}
	}
	return false
}
