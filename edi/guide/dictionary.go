package guide

import (
	"fmt"
	"strings"

	"fondaco/edi"
)

// Usage says whether something has to be there.
type Usage uint8

// The usages.
const (
	Optional Usage = iota
	Required
	NotUsed
)

// String gives the usage as guides write it: O, M, N.
func (u Usage) String() string { return "OMN"[u : u+1] }

// Field is a place for an element or composite in a segment or composite.
type Field struct {
	Element     *Element   // nil for a composite
	Composite   *Composite // nil for a simple element
	Usage       Usage
	Repeat      int // how often it may stand there, 1 as a rule
	Least       int // how often it has to, if it is there; 0 and 1 mean once
	Unconfirmed bool
	narrow      bool // a partner's guide has made the usage stricter
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
	packed   packedSegment
}

// Segment is a segment of the dictionary.
type Segment struct {
	ID, Name string
	Open     bool // elements beyond Fields are not judged
	Fields   []Field
	notes    []note
	tag      edi.Tag
	packed   packedSegment
	flat     *Segment // the same where the syntax has no repetition separator
}

// In is the segment as it stands in an interchange with or without a separator
// for repetitions: without one, as in EDIFACT before syntax 4, an element that
// may repeat takes as many positions as it may have repetitions.
func (s *Segment) In(d edi.Delimiters) *Segment {
	if s.flat != nil && d.Repetition == 0 {
		return s.flat
	}
	return s
}

// Dictionary holds the elements, composites and segments of one version.
type Dictionary struct {
	Name       string
	Standard   edi.Standard
	elements   map[string]*Element
	composites map[string]*Composite
	segments   map[edi.Tag]*Segment
	stock      stock    // while the dictionary is read
	outline    *outline // of one that is read as far as it is asked for
}

// stock is memory for what a dictionary is made of, taken piece by piece.
type stock struct {
	elements []Element
	codes    []Code
	fields   []Field
	packed   []packedField
	segments []Segment
	notes    []note
}

// tally counts what a dictionary has.
type tally struct{ elements, codes, composites, segments, fields int }

// count counts what is in a dictionary by the first letters of its lines.
func count(text string) tally {
	var t tally
	below := &t.fields
	for text != "" {
		switch text[0] {
		case ' ':
			*below++
		case 'e':
			t.elements++
			below = &t.codes
		case 'c':
			t.composites++
			below = &t.fields
		case 's':
			t.segments++
			below = &t.fields
		}
		_, text, _ = strings.Cut(text, "\n")
	}
	return t
}

// newStock is enough for so much.
func newStock(t tally) stock {
	return stock{elements: make([]Element, t.elements), codes: make([]Code, t.codes), fields: make([]Field, t.fields),
		packed: make([]packedField, t.fields), segments: make([]Segment, t.segments)}
}

// take gives n of what is in stock, nil if that is none.
func take[T any](of *[]T, n int) []T {
	if n == 0 {
		return nil
	}
	if n > len(*of) {
		return make([]T, n)
	}
	taken := (*of)[:n:n]
	*of = (*of)[n:]
	return taken
}

// Segment looks a segment up, nil if the dictionary does not know it. The
// segments around and within every EDIFACT message are known to each dictionary
// of that standard.
func (d *Dictionary) Segment(t edi.Tag) *Segment {
	s, _ := d.lookUp(t)
	return s
}

// lookUp is Segment, with what is wrong with the segment's entry.
func (d *Dictionary) lookUp(t edi.Tag) (*Segment, error) {
	if d.outline != nil {
		d.outline.mu.Lock()
		defer d.outline.mu.Unlock()
	}
	s, err := d.segmentOf(t)
	if s == nil && err == nil && d.Standard == edi.EDIFACT && d != service() {
		s = service().segments[t]
	}
	return s, err
}

// segmentOf is a segment that the dictionary has itself, nil if it has none.
func (d *Dictionary) segmentOf(t edi.Tag) (*Segment, error) {
	if s := d.segments[t]; s != nil || d.outline == nil {
		return s, nil
	}
	err := d.need(segmentEntry, t.String())
	return d.segments[t], err
}

// Element looks an element up by its number, nil if the dictionary does not know it.
func (d *Dictionary) Element(number string) *Element {
	if d.outline != nil {
		d.outline.mu.Lock()
		defer d.outline.mu.Unlock()
	}
	e, _ := d.elementOf(number)
	return e
}

func (d *Dictionary) elementOf(number string) (*Element, error) {
	if e := d.elements[number]; e != nil || d.outline == nil {
		return e, nil
	}
	err := d.need(elementEntry, number)
	return d.elements[number], err
}

func (d *Dictionary) compositeOf(id string) (*Composite, error) {
	if c := d.composites[id]; c != nil || d.outline == nil {
		return c, nil
	}
	err := d.need(compositeEntry, id)
	return d.composites[id], err
}

// ParseDictionary reads a dictionary file. Its grammar is in the package's
// documentation; name is used in error messages.
func ParseDictionary(name, text string) (*Dictionary, error) {
	n := count(text)
	d := &Dictionary{Name: name, Standard: edi.X12, elements: make(map[string]*Element, n.elements),
		composites: make(map[string]*Composite, n.composites), segments: make(map[edi.Tag]*Segment, n.segments), stock: newStock(n)}
	for s := (splitter{text: text}); ; {
		lines, err := s.entry()
		if len(lines) > 0 && err == nil {
			err = d.entry(lines[0], lines[1:])
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(lines) == 0 {
			break
		}
	}
	d.stock = stock{}
	return d, nil
}

func (d *Dictionary) entry(l line, below []line) error {
	switch l.word(0) {
	case "dictionary":
		return d.header(l)
	case "element":
		return d.element(l, below)
	case "composite":
		return d.composite(l, below)
	case "segment":
		return d.segment(l, below)
	}
	return l.errorf("%q is none of element, composite, segment", l.word(0))
}

// header reads the line "dictionary edifact" or "dictionary x12", which only a
// dictionary without elements of its own needs.
func (d *Dictionary) header(l line) error {
	switch l.word(1) {
	case "x12":
	case "edifact":
		d.Standard = edi.EDIFACT
	default:
		return l.errorf("%q is neither x12 nor edifact", l.word(1))
	}
	return nil
}

func (d *Dictionary) composite(l line, below []line) error {
	c := &Composite{ID: l.word(1), Name: l.word(2)}
	if d.composites[c.ID] != nil {
		return l.errorf("composite %s is there twice", c.ID)
	}
	d.composites[c.ID] = c
	var err error
	if c.Fields, c.notes, err = d.fields(below); err != nil {
		return err
	}
	c.packed = pack(c.Fields, c.notes, &d.stock.packed)
	return nil
}

func (d *Dictionary) segment(l line, below []line) error {
	s := &take(&d.stock.segments, 1)[0]
	s.ID, s.Name, s.Open, s.tag = l.word(1), l.word(2), l.has(3, "open"), edi.TagOf(l.word(1))
	if d.segments[s.tag] != nil {
		return l.errorf("segment %s is there twice", s.ID)
	}
	d.segments[s.tag] = s
	var err error
	if s.Fields, s.notes, err = d.fields(below); err != nil {
		return err
	}
	if s.seal(d.Standard, &d.stock.packed); len(s.In(edi.Delimiters{}).Fields) > maxFields {
		return l.errorf("more than %d elements", maxFields)
	}
	return nil
}

// seal packs the segment once its fields are known.
func (s *Segment) seal(std edi.Standard, stock *[]packedField) {
	s.packed, s.flat = pack(s.Fields, s.notes, stock), nil
	if std == edi.EDIFACT {
		s.flat = s.flatten()
	}
}

// flatten spreads repetitions over positions, nil when there are none.
func (s *Segment) flatten() *Segment {
	c := *s
	c.Fields, c.flat = nil, nil
	at := make([]int, len(s.Fields)+1) // where each field begins then
	for i, f := range s.Fields {
		at[i+1] = len(c.Fields) + 1
		for r := range f.Repeat {
			g := f
			if g.Repeat = 1; r >= max(f.Least, 1) && g.Usage == Required {
				g.Usage = Optional
			}
			g.Least = 0
			c.Fields = append(c.Fields, g)
		}
	}
	if len(c.Fields) == len(s.Fields) || len(c.Fields) > maxFields {
		return nil
	}
	c.notes = nil
	for i := range s.notes {
		c.notes = append(c.notes, s.notes[i].moved(at))
	}
	c.packed = pack(c.Fields, c.notes, new([]packedField))
	return &c
}

// element reads: element 353 ID 2 2 [closed] [unconfirmed] "Name", or: element
// 1004 an..35 "Name", with its codes below.
func (d *Dictionary) element(l line, below []line) error {
	e := &take(&d.stock.elements, 1)[0]
	e.Number, e.Name = l.word(1), l.words[len(l.words)-1]
	if d.elements[e.Number] != nil {
		return l.errorf("element %s is there twice", e.Number)
	}
	n, err := e.representation(l)
	if err != nil {
		return err
	}
	if e.edifact {
		d.Standard = edi.EDIFACT
	}
	e.Closed, e.Unconfirmed = l.has(2+n, "closed"), l.has(2+n, "unconfirmed")
	e.Codes = take(&d.stock.codes, len(below))
	for i, b := range below {
		e.Codes[i] = Code{b.word(0), b.word(1)}
	}
	if e.Closed {
		e.codes = newCodeSet(e.Codes)
	}
	d.elements[e.Number] = e
	return nil
}

// maxFields is how many elements a segment may have: one bit each.
const maxFields = 63

// fields reads lines such as: 03 C040 O repeat 5, and: notes P0304 R0102.
func (d *Dictionary) fields(lines []line) (fields []Field, notes []note, err error) {
	fields = take(&d.stock.fields, len(lines))[:0]
	var room [8]note
	read := room[:0]
	for _, l := range lines {
		if l.word(0) == "notes" {
			for _, w := range l.words[1:] {
				if w == "unconfirmed" {
					continue
				}
				n, err := parseNote(w)
				if err != nil {
					return nil, nil, l.errorf("%v", err)
				}
				n.unconfirmed = l.word(1) == "unconfirmed"
				read = append(read, n)
			}
			continue
		}
		if at, err := l.integer(0); err != nil || at != len(fields)+1 {
			return nil, nil, l.errorf("position %q where %02d is next", l.word(0), len(fields)+1)
		}
		f, err := d.field(l)
		if err != nil {
			return nil, nil, err
		}
		fields = append(fields, f)
	}
	if len(fields) > maxFields {
		return nil, nil, lines[maxFields].errorf("more than %d elements", maxFields)
	}
	return fields, d.stock.keep(read), nil
}

// keep copies notes into memory of their own.
func (s *stock) keep(notes []note) []note {
	if len(notes) > len(s.notes) {
		s.notes = make([]note, max(len(notes), 64))
	}
	kept := take(&s.notes, len(notes))
	copy(kept, notes)
	return kept
}

// isCompositeID tells C040, S009 and E001 from the number of an element.
func isCompositeID(s string) bool {
	if len(s) != 4 || s[0] != 'C' && s[0] != 'S' && s[0] != 'E' {
		return false
	}
	for i := 1; i < 4; i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func (d *Dictionary) field(l line) (Field, error) {
	f := Field{Repeat: 1, Unconfirmed: l.has(3, "unconfirmed")}
	var err error
	if id := l.word(1); isCompositeID(id) {
		if f.Composite, err = d.compositeOf(id); f.Composite == nil && err == nil {
			err = l.errorf("composite %s is not described above", id)
		}
	} else if f.Element, err = d.elementOf(id); f.Element == nil && err == nil {
		err = l.errorf("element %s is not described above", id)
	}
	if err != nil {
		return f, err
	}
	if f.Usage, err = parseUsage(l.word(2)); err != nil {
		return f, l.errorf("%v", err)
	}
	if l.word(3) == "repeat" {
		if f.Repeat, err = l.integer(4); err == nil && f.Repeat == 0 {
			err = l.errorf("an element that repeats 0 times")
		}
	}
	return f, err
}

// parseUsage reads M, O, X and N, and EDIFACT's C; X stands for "see the notes".
func parseUsage(s string) (Usage, error) {
	switch s {
	case "M":
		return Required, nil
	case "O", "X", "C":
		return Optional, nil
	case "N":
		return NotUsed, nil
	}
	return 0, fmt.Errorf("usage %q is none of M O C X N", s)
}
