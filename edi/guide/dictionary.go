package guide

import (
	"fmt"
	"regexp"
	"strings"

	"fondaco/edi"
)

// Type is the type of a data element.
type Type uint8

// The types of X12.
const (
	AN Type = iota + 1 // text
	ID                 // a code from a list
	DT                 // a date
	TM                 // a time of day
	N                  // a number with implied decimals
	R                  // a number with its decimal point
	B                  // binary data
)

var typeNames = [...]string{"", "AN", "ID", "DT", "TM", "N", "R", "B"}

// Element is a data element of the dictionary.
type Element struct {
	Number   string // 353
	Name     string
	Type     Type
	Decimals int // implied, for N
	Min, Max int // length, without sign and decimal point
	Codes    []Code
	Closed   bool // no code outside of Codes is valid
	codes    map[string]string
}

// TypeName is the type as X12 writes it: AN, N2.
func (e *Element) TypeName() string {
	if e.Type == N {
		return fmt.Sprintf("N%d", e.Decimals)
	}
	return typeNames[e.Type]
}

// Code is one value of a code list and what it means.
type Code struct{ Value, Name string }

// Meaning is the name of a code, "" when the list does not know it.
func (e *Element) Meaning(code string) string { return e.codes[code] }

// Usage says whether something has to be there.
type Usage uint8

// The usages.
const (
	Optional Usage = iota
	Required
	NotUsed
)

// Field is a place for an element or composite in a segment or composite.
type Field struct {
	Element     *Element   // nil for a composite
	Composite   *Composite // nil for a simple element
	Usage       Usage
	Repeat      int // how often it may stand there, 1 as a rule
	Unconfirmed bool
}

// Name is that of the element or composite.
func (f *Field) Name() string {
	if f.Composite != nil {
		return f.Composite.Name
	}
	return f.Element.Name
}

// Number is the dictionary's number of the element or composite.
func (f *Field) Number() string {
	if f.Composite != nil {
		return f.Composite.ID
	}
	return f.Element.Number
}

// Composite is an element made of components.
type Composite struct {
	ID, Name string
	Fields   []Field
	notes    []note
}

// Segment is a segment of the dictionary.
type Segment struct {
	ID, Name string
	Open     bool // elements beyond Fields are not judged
	Fields   []Field
	notes    []note
	tag      edi.Tag
	packed   packedSegment
}

// Dictionary holds the elements, composites and segments of one version.
type Dictionary struct {
	Name       string
	elements   map[string]*Element
	composites map[string]*Composite
	segments   map[edi.Tag]*Segment
}

// Segment looks a segment up, nil if the dictionary does not know it.
func (d *Dictionary) Segment(t edi.Tag) *Segment { return d.segments[t] }

// Element looks an element up by its number, nil if the dictionary does not know it.
func (d *Dictionary) Element(number string) *Element { return d.elements[number] }

// ParseDictionary reads a dictionary file. Its grammar is in the package's
// documentation; name is used in error messages.
func ParseDictionary(name, text string) (*Dictionary, error) {
	lines, err := splitLines(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	d := &Dictionary{Name: name, elements: map[string]*Element{}, composites: map[string]*Composite{}, segments: map[edi.Tag]*Segment{}}
	for len(lines) > 0 {
		below := children(lines)
		if err := d.entry(lines[0], below); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		lines = lines[1+len(below):]
	}
	return d, nil
}

func (d *Dictionary) entry(l line, below []line) error {
	switch l.word(0) {
	case "element":
		return d.element(l, below)
	case "composite":
		c := &Composite{ID: l.word(1), Name: l.word(2)}
		d.composites[c.ID] = c
		var err error
		c.Fields, c.notes, err = d.fields(below)
		return err
	case "segment":
		s := &Segment{ID: l.word(1), Name: l.word(2), Open: l.has(3, "open"), tag: edi.TagOf(l.word(1))}
		if d.segments[s.tag] != nil {
			return l.errorf("segment %s is there twice", s.ID)
		}
		d.segments[s.tag] = s
		var err error
		if s.Fields, s.notes, err = d.fields(below); err != nil {
			return err
		}
		s.packed = pack(s)
		return nil
	}
	return l.errorf("%q is none of element, composite, segment", l.word(0))
}

// element reads: element 353 ID 2 2 [closed] "Name", with its codes below.
func (d *Dictionary) element(l line, below []line) error {
	e := &Element{Number: l.word(1), Name: l.words[len(l.words)-1], Closed: l.has(5, "closed"), codes: map[string]string{}}
	if d.elements[e.Number] != nil {
		return l.errorf("element %s is there twice", e.Number)
	}
	var err error
	if e.Type, e.Decimals, err = parseType(l.word(2)); err != nil {
		return l.errorf("%v", err)
	}
	if e.Min, err = l.integer(3); err != nil {
		return err
	}
	if e.Max, err = l.integer(4); err != nil {
		return err
	}
	if e.Max < e.Min || e.Max > 1<<15 {
		return l.errorf("lengths %d to %d make no sense", e.Min, e.Max)
	}
	for _, b := range below {
		e.Codes = append(e.Codes, Code{b.word(0), b.word(1)})
		e.codes[b.word(0)] = b.word(1)
	}
	d.elements[e.Number] = e
	return nil
}

func parseType(s string) (Type, int, error) {
	if len(s) == 2 && s[0] == 'N' && s[1] >= '0' && s[1] <= '9' {
		return N, int(s[1] - '0'), nil
	}
	for t, name := range typeNames {
		if t > 0 && name == s {
			return Type(t), 0, nil
		}
	}
	return 0, 0, fmt.Errorf("type %q is none of AN ID DT TM N0 to N9 R B", s)
}

// fields reads lines such as: 03 C040 O repeat 5, and: notes P0304 R0102.
func (d *Dictionary) fields(lines []line) (fields []Field, notes []note, err error) {
	for _, l := range lines {
		if l.word(0) == "notes" {
			for _, w := range l.words[1:] {
				n, err := parseNote(w)
				if err != nil {
					return nil, nil, l.errorf("%v", err)
				}
				notes = append(notes, n)
			}
			continue
		}
		if want := fmt.Sprintf("%02d", len(fields)+1); l.word(0) != want {
			return nil, nil, l.errorf("position %q where %s is next", l.word(0), want)
		}
		f, err := d.field(l)
		if err != nil {
			return nil, nil, err
		}
		fields = append(fields, f)
	}
	if len(fields) > 63 {
		return nil, nil, lines[63].errorf("more than 63 elements")
	}
	return fields, notes, nil
}

var compositeID = regexp.MustCompile(`^[CS][0-9]{3}$`)

func (d *Dictionary) field(l line) (Field, error) {
	f := Field{Repeat: 1, Unconfirmed: l.has(3, "unconfirmed")}
	if id := l.word(1); compositeID.MatchString(id) {
		if f.Composite = d.composites[id]; f.Composite == nil {
			return f, l.errorf("composite %s is not described above", id)
		}
	} else if f.Element = d.elements[id]; f.Element == nil {
		return f, l.errorf("element %s is not described above", id)
	}
	var err error
	if f.Usage, err = parseUsage(l.word(2)); err != nil {
		return f, l.errorf("%v", err)
	}
	if l.word(3) == "repeat" {
		f.Repeat, err = l.integer(4)
	}
	return f, err
}

// parseUsage reads M, O, X and N; X stands for "see the notes".
func parseUsage(s string) (Usage, error) {
	switch s {
	case "M":
		return Required, nil
	case "O", "X":
		return Optional, nil
	case "N":
		return NotUsed, nil
	}
	return 0, fmt.Errorf("usage %q is none of M O X N", s)
}

// join lists values for a message, the first dozen of them.
func join(values []string) string {
	if len(values) > 12 {
		return strings.Join(values[:12], " ") + " ..."
	}
	return strings.Join(values, " ")
}
