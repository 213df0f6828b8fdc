package mapping

import (
	"bytes"
	"fmt"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// segment is a segment of a Document: as it was read, or with elements of its
// own once something was changed.
type segment struct {
	use      *guide.Use     // nil where the guide has no place for it
	source   *edi.Segment   // nil when it was made here
	loop     string         // with rounds, as PTD[1]/QTY[2]
	elements []string       // raw, from the tag on; nil while it is as it was read
	delims   edi.Delimiters // in a segment made here
}

func (s *segment) tag() string {
	if s.elements != nil {
		return s.elements[0]
	}
	return string(s.source.TagBytes())
}

func (s *segment) index() int {
	if s.use == nil {
		return 0 // unknown ones stay where they are: nothing is moved behind them
	}
	return s.use.Index
}

// raw is element n with its separators inside.
func (s *segment) raw(n int) string {
	if s.elements == nil {
		return string(s.source.Element(n))
	}
	if n >= len(s.elements) {
		return ""
	}
	return s.elements[n]
}

// has tells whether something stands in element n, or in its component c.
func (s *segment) has(n, c int) bool {
	if s.elements == nil && c == 0 {
		return s.source.Size(n) > 0
	}
	return s.text(n, c) != ""
}

// text is element n as a whole, or its component c, without release characters.
func (s *segment) text(n, c int) string {
	if s.elements == nil && c > 0 {
		return s.source.Text(n, c)
	}
	raw, d := []byte(s.raw(n)), s.delimiters()
	for i := 1; i < c; i++ {
		_, rest, found := d.Cut(raw, d.Component)
		if !found {
			return ""
		}
		raw = rest
	}
	if c > 0 {
		raw, _, _ = d.Cut(raw, d.Component)
	}
	return string(d.Unescape(nil, raw))
}

func (s *segment) delimiters() edi.Delimiters {
	if s.source != nil {
		return s.source.Delimiters()
	}
	return s.delims
}

func (s *segment) separator() byte { return s.delimiters().Component }

// set puts a value into element n, or into its component c.
func (s *segment) set(n, c int, value string, d *edi.Delimiters) error {
	written, ok := d.Escape(nil, []byte(value))
	if !ok {
		return separates(s.tag(), n, value, d)
	}
	value = string(written)
	if s.elements == nil {
		s.elements = []string{s.tag()}
		for i := 1; i <= s.source.Len(); i++ {
			s.elements = append(s.elements, string(s.source.Element(i)))
		}
	}
	for len(s.elements) <= n {
		s.elements = append(s.elements, "")
	}
	if c > 0 {
		value = setComponent(s.elements[n], c, value, d)
	}
	s.elements[n] = value
	return nil
}

// separates is the error about a value that cannot be written.
func separates(tag string, n int, value string, d *edi.Delimiters) error {
	at := 0
	for at < len(value)-1 && !d.Has(value[at]) {
		at++
	}
	return fmt.Errorf("%s%02d: %q holds %q, which separates in this document; write it without", tag, n, value, value[at:at+1])
}

func setComponent(raw string, c int, value string, d *edi.Delimiters) string {
	var parts [][]byte
	for head, rest, more := d.Cut([]byte(raw), d.Component); ; head, rest, more = d.Cut(rest, d.Component) {
		if parts = append(parts, head); !more {
			break
		}
	}
	for len(parts) < c {
		parts = append(parts, nil)
	}
	parts[c-1] = []byte(value)
	for len(parts) > 1 && len(parts[len(parts)-1]) == 0 {
		parts = parts[:len(parts)-1]
	}
	return string(bytes.Join(parts, []byte{d.Component}))
}

// size is the number of elements up to the last one that is not empty.
func (s *segment) size() int {
	n := len(s.elements) - 1
	if s.elements == nil {
		n = s.source.Len()
	}
	for n > 0 && s.raw(n) == "" {
		n--
	}
	return n
}

// append writes the segment with what stands before it.
func (s *segment) append(b []byte, d *Document) []byte {
	if s.elements == nil {
		return append(b, s.source.Raw()...)
	}
	terminator := d.delims.Terminator
	if s.source != nil {
		b, terminator = append(b, s.source.Gap()...), string(s.source.Terminator())
	} else {
		b = append(b, d.gap...)
	}
	b = append(b, s.elements[0]...)
	for i := 1; i <= s.size(); i++ {
		b = append(append(b, d.delims.Element), s.elements[i]...)
	}
	return append(b, terminator...)
}

// Origin is the element from which a value was read.
type Origin struct {
	seg                *segment
	element, component int
}

// Known tells whether there is such an element: a value that was not read from
// a document has none.
func (o Origin) Known() bool { return o.seg != nil && o.seg.source != nil }

// Path is where the element stands: ISA[1]/GS[1]/ST[2]/PTD[1]/QTY[1]/LIN[1]/03.
func (o Origin) Path() edi.Path {
	if !o.Known() {
		return edi.Path{}
	}
	p := o.seg.source.Path()
	p.Loop, p.Element, p.Component = o.seg.loop, o.element, o.component
	return p
}

// Position is where its first byte stands.
func (o Origin) Position() edi.Position {
	if !o.Known() {
		return edi.Position{}
	}
	return o.seg.source.ElementPosition(o.element)
}

// Length is the number of its bytes, all components included.
func (o Origin) Length() int {
	switch {
	case !o.Known():
		return 0
	case o.element == 0:
		return len(o.seg.source.Body())
	}
	return len(o.seg.source.Element(o.element))
}
