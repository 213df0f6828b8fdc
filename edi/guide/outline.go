package guide

import (
	"fmt"
	"strings"
	"sync"

	"fondaco/edi"
)

// outline tells where the entries of a dictionary stand in its text. A set names
// few of them, so that of a dictionary which comes with the program, and has been
// read whole by its tests, an entry is read when it is first asked for.
type outline struct {
	mu      sync.Mutex // guards what the dictionary has read so far
	text    string
	entries []passage
	slots   []uint16 // one more than the place of an entry, by the hash of its name
	split   [3]splitter
}

// passage is where an entry stands.
type passage struct {
	kind              entryKind
	from, to          int32 // in the text
	number            int32 // of its first line
	nameFrom, nameEnd int32
}

type entryKind uint8

const (
	elementEntry entryKind = iota
	compositeEntry
	segmentEntry
)

// entryKinds are the words that entries begin with.
var entryKinds = [...]string{elementEntry: "element", compositeEntry: "composite", segmentEntry: "segment"}

// outlined begins a dictionary of which nothing is read yet but what it is for.
func outlined(name, text string) (*Dictionary, error) {
	d := &Dictionary{Name: name, Standard: edi.X12, elements: map[string]*Element{},
		composites: map[string]*Composite{}, segments: map[edi.Tag]*Segment{}}
	o := &outline{text: text, entries: make([]passage, 0, 512)}
	if err := o.scan(d); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	size := 16
	for size < 2*len(o.entries) {
		size *= 2
	}
	if o.slots = make([]uint16, size); len(o.entries) >= 1<<16-1 {
		return nil, fmt.Errorf("%s: a dictionary of %d entries is too large", name, len(o.entries))
	}
	d.outline = o
	for i := range o.entries {
		at := o.slot(o.entries[i].kind, o.name(i))
		if *at > 0 {
			return nil, fmt.Errorf("%s: line %d: %s %s is there twice", name, o.entries[i].number, entryKinds[o.entries[i].kind], o.name(i))
		}
		*at = uint16(i + 1)
	}
	for i := range o.entries {
		if o.entries[i].kind == elementEntry { // which tells the standard
			return d, d.read(i)
		}
	}
	return d, nil
}

// scan finds the entries, and reads what the dictionary says of itself.
func (o *outline) scan(d *Dictionary) error {
	for at, number := 0, 1; at < len(o.text); number++ {
		end := at + strings.IndexByte(o.text[at:], '\n') + 1
		if end == at {
			end = len(o.text)
		}
		if n := len(o.entries) - 1; o.text[at] == ' ' && n >= 0 {
			o.entries[n].to = int32(end)
		} else if err := o.line(d, at, end, number); err != nil {
			return err
		}
		at = end
	}
	return nil
}

// line looks at a line that is not below another.
func (o *outline) line(d *Dictionary, at, end, number int) error {
	head := o.text[at:end]
	for k, word := range entryKinds {
		if rest, ok := strings.CutPrefix(head, word+" "); ok {
			rest = strings.TrimLeft(rest, " ")
			n := strings.IndexAny(rest, " \t\r\n")
			if n < 0 {
				n = len(rest)
			}
			from := end - len(rest)
			o.entries = append(o.entries, passage{entryKind(k), int32(at), int32(end), int32(number), int32(from), int32(from + n)})
			return nil
		}
	}
	lines, err := (&splitter{text: head, number: number - 1}).entry()
	if err == nil && len(lines) > 0 {
		err = d.entry(lines[0], lines[1:])
	}
	return err
}

// name is the number, identifier or tag of an entry.
func (o *outline) name(i int) string { return o.text[o.entries[i].nameFrom:o.entries[i].nameEnd] }

// slot is where the place of an entry is kept, zero if there is none.
func (o *outline) slot(kind entryKind, name string) *uint16 {
	h := uint32(kind) + 2166136261
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	mask := len(o.slots) - 1
	for at := int(h>>8) & mask; ; at = (at + 1) & mask {
		s := &o.slots[at]
		if *s == 0 || o.entries[*s-1].kind == kind && o.name(int(*s-1)) == name {
			return s
		}
	}
}

// need reads an entry if there is one that is not read yet. The lock is held.
func (d *Dictionary) need(kind entryKind, name string) error {
	if d.outline == nil {
		return nil
	}
	if n := *d.outline.slot(kind, name); n > 0 {
		return d.read(int(n - 1))
	}
	return nil
}

// read reads an entry.
func (d *Dictionary) read(i int) error {
	o, e := d.outline, d.outline.entries[i]
	st := &d.stock
	fill(&st.elements, 1, 64)
	fill(&st.codes, 24, 128)
	fill(&st.fields, 24, 192)
	fill(&st.packed, 24, 192)
	fill(&st.segments, 1, 32)
	s := &o.split[e.kind] // entries of a kind do not stand within one another
	s.text, s.number, s.ahead = o.text[e.from:e.to], int(e.number)-1, line{}
	lines, err := s.entry()
	if err != nil {
		return err
	}
	return d.entry(lines[0], lines[1:])
}

// fill sees to it that there is enough in stock.
func fill[T any](of *[]T, least, n int) {
	if len(*of) < least {
		*of = make([]T, n)
	}
}

// all are the segments that the dictionary has itself.
func (d *Dictionary) all() map[edi.Tag]*Segment {
	if o := d.outline; o != nil {
		o.mu.Lock()
		defer o.mu.Unlock()
		for i := range o.entries {
			if o.entries[i].kind == segmentEntry {
				_, _ = d.segmentOf(edi.TagOf(o.name(i)))
			}
		}
	}
	return d.segments
}
