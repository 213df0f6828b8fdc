package edi

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Position is a place in the input.
type Position struct {
	Offset int64 `json:"offset"` // bytes before it
	Line   int   `json:"line"`   // from 1, counting LF
	Column int   `json:"column"` // from 1, in bytes
}

// String gives line:column.
func (p Position) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// lines counts lines, no sooner than somebody asks: most segments of most files
// are never asked where they stand.
type lines struct {
	at    int64 // counted up to here
	line  int   // that of at
	begin int64 // where it begins
}

// place is the position of offset, which does not lie before those asked for
// earlier. What lies between is in buf, whose first byte has the offset base.
func (l *lines) place(buf []byte, base, offset int64) Position {
	passed := buf[l.at-base : offset-base]
	if n := bytes.Count(passed, lineFeed); n > 0 {
		l.line += n
		l.begin = l.at + int64(bytes.LastIndexByte(passed, '\n')) + 1
	}
	l.at = offset
	return Position{Offset: offset, Line: l.line, Column: int(offset-l.begin) + 1}
}

var lineFeed = []byte{'\n'}

// Path tells where in the envelopes something stands. Numbers count from 1;
// a zero number means that the level does not apply.
type Path struct {
	// Standard says how String names the envelopes; X12 if it is left out.
	Standard    Standard `json:"standard,omitempty"`
	Interchange int      `json:"interchange,omitempty"`
	Group       int      `json:"group,omitempty"`
	Transaction int      `json:"transaction,omitempty"`
	Loop        string   `json:"loop,omitempty"`    // with iterations, as a guide names it: PTD[1]/QTY[2]
	Tag         string   `json:"tag,omitempty"`     // the segment
	Segment     int      `json:"segment,omitempty"` // its position in the transaction, the header being 1
	Use         int      `json:"use,omitempty"`     // which of the equal segments in its loop, when a guide is known
	Element     int      `json:"element,omitempty"`
	Component   int      `json:"component,omitempty"`
	Repetition  int      `json:"repetition,omitempty"`
}

// String writes the path from the outside inwards, as in
// ISA[1]/GS[1]/ST[2]/PTD[1]/LIN[1]/03, or with the position of the segment in
// its transaction where no guide is known: ISA[1]/GS[1]/ST[2]/LIN#14/03.
// Components follow a hyphen, repetitions stand in brackets.
func (p Path) String() string {
	var b strings.Builder
	part := func(name string, n int) {
		if n == 0 {
			return
		}
		if b.Len() > 0 {
			b.WriteByte('/')
		}
		b.WriteString(name)
		b.WriteByte('[')
		b.WriteString(strconv.Itoa(n))
		b.WriteByte(']')
	}
	names := p.Standard.envelopes()
	part(names[0], p.Interchange)
	part(names[1], p.Group)
	part(names[2], p.Transaction)
	if p.Loop != "" {
		b.WriteString("/" + p.Loop)
	}
	p.segment(&b)
	if p.Element == 0 {
		return b.String()
	}
	fmt.Fprintf(&b, "/%02d", p.Element)
	if p.Repetition > 1 {
		fmt.Fprintf(&b, "[%d]", p.Repetition)
	}
	if p.Component > 0 {
		fmt.Fprintf(&b, "-%d", p.Component)
	}
	return b.String()
}

func (p Path) segment(b *strings.Builder) {
	switch p.Tag {
	case "", "ISA", "GS", "ST", "UNB", "UNG", "UNH", "STX", "BAT", "MHD":
		return
	}
	if b.Len() > 0 {
		b.WriteByte('/')
	}
	b.WriteString(p.Tag)
	switch {
	case p.Use > 0:
		fmt.Fprintf(b, "[%d]", p.Use)
	case p.Segment > 0:
		fmt.Fprintf(b, "#%d", p.Segment)
	}
}
