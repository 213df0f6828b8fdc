package guide

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"fondaco/edi"
)

// element1 adds a finding about element n of the segment; a component or
// repetition is in its Path already.
func (v *Validator) element1(s *edi.Segment, d *Segment, n int, f edi.Finding) {
	f.Level, f.Path.Element = edi.LevelElement, n
	if f.Severity == 0 {
		f.Severity = edi.Error
	}
	if n <= len(d.Fields) {
		field := &d.Fields[n-1]
		f.Unconfirmed = f.Unconfirmed || field.Unconfirmed
		if f.DataElement == "" && field.Element != nil {
			f.DataElement = field.Element.Number
		}
		if f.Name == "" {
			f.Name = field.Name()
		}
	}
	if f.Value == "" {
		f.Value = text(s.Element(n))
	}
	if v.node == 0 {
		v.outside(&f, n)
	}
	v.Add(v.about(f), s)
}

// outside gives the finding about an element of an envelope's segment the level
// and code of that envelope: acknowledgments know no elements there.
func (v *Validator) outside(f *edi.Finding, n int) {
	switch t := v.seg.Tag(); t {
	case edi.GS, edi.GE:
		f.Level, f.Code = edi.LevelGroup, envelopeCode(t, n)
	case edi.ISA, edi.IEA, edi.TA1:
		f.Level, f.Code = edi.LevelInterchange, envelopeCode(t, n)
	}
}

// envelopeCode is the acknowledgment code for an element of GS, GE, IEA or TA1.
func envelopeCode(t edi.Tag, n int) string {
	switch {
	case t == edi.GS && n == 1:
		return "1"
	case t == edi.GS && n == 6, t == edi.GE && n == 2:
		return "6"
	case t == edi.GS && n == 8:
		return "2"
	case t == edi.GE && n == 1:
		return "5"
	case t == edi.IEA && n == 1:
		return "021"
	case t == edi.IEA && n == 2:
		return "001"
	case t == edi.TA1:
		return "024"
	}
	return ""
}

// element looks closely at an element that did not pass at a glance.
func (v *Validator) element(s *edi.Segment, d *Segment, n int) {
	f := &d.Fields[n-1]
	if f.Usage == NotUsed {
		v.element1(s, d, n, edi.Finding{ID: "x12.element.not-used", Code: "I10"})
		return
	}
	if s.Class(n)&(edi.Repeated|edi.Composed) == 0 && f.Composite == nil {
		if p := judge(f.Element, s.Element(n), s.Class(n)); p.id != "" {
			v.element1(s, d, n, p.finding())
		}
		return
	}
	rest, more := s.Element(n), true
	for r := 1; more; r++ {
		var value []byte
		if value, rest, more = s.CutRepetition(n, rest); r <= f.Repeat {
			v.repetition(s, d, n, r, value)
			continue
		}
		v.element1(s, d, n, edi.Finding{ID: "x12.element.repeats", Code: "12", Path: edi.Path{Repetition: f.Repeat + 1},
			Rule: fmt.Sprintf("at most %d times", f.Repeat)})
		return
	}
}

// repetition checks one repetition of an element or composite.
func (v *Validator) repetition(s *edi.Segment, d *Segment, n, r int, value []byte) {
	f := &d.Fields[n-1]
	path := edi.Path{}
	if f.Repeat > 1 {
		path.Repetition = r
	}
	var present uint64
	fields := 1
	if f.Composite != nil {
		fields = len(f.Composite.Fields)
	}
	more := true
	for c := 1; more; c++ {
		var part []byte
		if part, value, more = s.CutComponent(value); c > fields {
			path.Component = 0
			v.element1(s, d, n, edi.Finding{ID: "x12.element.components", Code: "13", Path: path, Rule: fmt.Sprintf("at most %d", fields)})
			return
		}
		if len(part) == 0 {
			continue
		}
		present |= 1 << c
		e := f.Element
		if f.Composite != nil {
			e, path.Component = f.Composite.Fields[c-1].Element, c
		}
		if p := judge(e, part, edi.ClassOf(part)); p.id != "" {
			v.component(s, d, n, path, e, p.finding(), part)
		}
	}
	if f.Composite != nil {
		v.composite(s, d, n, path, present)
	}
}

func (v *Validator) component(s *edi.Segment, d *Segment, n int, path edi.Path, e *Element, f edi.Finding, part []byte) {
	f.Path, f.DataElement, f.Name, f.Value = path, e.Number, e.Name, text(part)
	v.element1(s, d, n, f)
}

// composite checks what has to be there together.
func (v *Validator) composite(s *edi.Segment, d *Segment, n int, path edi.Path, present uint64) {
	c := d.Fields[n-1].Composite
	for i := range c.Fields {
		if c.Fields[i].Usage == Required && present&(1<<(i+1)) == 0 {
			path.Component = i + 1
			v.component(s, d, n, path, c.Fields[i].Element, edi.Finding{ID: "x12.element.missing", Code: "1"}, nil)
		}
	}
	for i := range c.notes {
		id, code := "x12.element.condition", "2"
		if c.notes[i].kind == 'E' {
			id, code = "x12.element.exclusion", "10"
		}
		if b := c.notes[i].broken(present); b != 0 {
			path.Component = firstBit(b)
			v.component(s, d, n, path, c.Fields[path.Component-1].Element, edi.Finding{ID: id, Code: code, Rule: c.notes[i].text}, nil)
		}
	}
}

func firstBit(b uint64) int {
	n := 0
	for b&1 == 0 {
		b, n = b>>1, n+1
	}
	return n
}

// verdict is what is wrong with a value, empty if nothing.
type verdict struct {
	id, code string
	expected string
	rule     string
}

func (p verdict) finding() edi.Finding {
	return edi.Finding{ID: p.id, Code: p.code, Expected: p.expected, Rule: p.rule}
}

// judge checks a value against its element. What is wrong first is told, in the
// order length, characters, meaning.
func judge(e *Element, value []byte, c edi.Class) verdict {
	size := length(e, value)
	switch {
	case size < e.Min:
		return verdict{id: "x12.element.too-short", code: "4", expected: lengths(e), rule: e.TypeName()}
	case size > e.Max:
		return verdict{id: "x12.element.too-long", code: "5", expected: lengths(e), rule: e.TypeName()}
	}
	return e.content(value, c)
}

func (e *Element) content(value []byte, c edi.Class) verdict {
	if e.Type != B && c&edi.Control != 0 {
		return verdict{id: "x12.element.character", code: "6", expected: e.TypeName()}
	}
	switch e.Type {
	case N, R:
		if !isNumber(value, e.Type == R) {
			return verdict{id: "x12.element.number", code: "6", expected: e.TypeName()}
		}
	case DT:
		if !edi.ValidDate(value) {
			return verdict{id: "x12.element.date", code: "8", expected: strings.Repeat("C", max(0, e.Max-6)) + "YYMMDD"}
		}
	case TM:
		if !edi.ValidTime(value) {
			return verdict{id: "x12.element.time", code: "9", expected: "HHMM[SS[D[D]]]"}
		}
	}
	if e.Closed {
		if _, ok := e.codes[string(value)]; !ok {
			return verdict{id: "x12.element.code", code: "7", expected: join(e.values())}
		}
	}
	return verdict{}
}

func (e *Element) values() []string {
	list := make([]string, len(e.Codes))
	for i, c := range e.Codes {
		list[i] = c.Value
	}
	return list
}

func lengths(e *Element) string {
	if e.Min == e.Max {
		return strconv.Itoa(e.Min)
	}
	return fmt.Sprintf("%d to %d", e.Min, e.Max)
}

// length counts characters, in numbers without sign and decimal point.
func length(e *Element, value []byte) int {
	size := len(value)
	switch e.Type {
	case N, R:
		return size - bytes.Count(value, []byte("-")) - bytes.Count(value, []byte("."))
	case B:
		return size
	}
	if size > e.Max {
		return utf8.RuneCount(value)
	}
	return size
}

// isNumber tells digits with an optional leading minus, and for a decimal
// number an optional point.
func isNumber(b []byte, decimal bool) bool {
	b = bytes.TrimPrefix(b, []byte("-"))
	if decimal {
		if i := bytes.IndexByte(b, '.'); i >= 0 {
			whole, part := b[:i], b[i+1:]
			return (len(whole) > 0 || len(part) > 0) && onlyDigits(whole) && onlyDigits(part)
		}
	}
	return len(b) > 0 && onlyDigits(b)
}

func onlyDigits(b []byte) bool { return edi.ClassOf(b)&^edi.Digit == 0 }

// text is a value for a finding: as much of it as an acknowledgment can copy.
func text(b []byte) string {
	const most = 99 // as AK404 holds
	return strings.ToValidUTF8(string(b[:min(len(b), most)]), "\uFFFD")
}

// shown is a value for the eye: without what no terminal should get.
func shown(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) {
		return s
	}
	s = fmt.Sprintf("%q", s)
	return s[1 : len(s)-1]
}
