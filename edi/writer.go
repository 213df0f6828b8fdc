package edi

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// WriterOptions say how a Writer separates what it is given.
type WriterOptions struct {
	// Delimiters to write with; X12Delimiters if Element is zero.
	Delimiters Delimiters
	// Newline is written after each segment made here, "\n" as a rule. Copied
	// segments keep their own gaps.
	Newline string
	// Substitute replaces a delimiter that occurs in a value where the syntax
	// has no release character. Zero refuses such a value.
	Substitute byte
	// Charset is that of the interchange. Values, which are UTF-8, are written in
	// it; nil writes them as they are.
	Charset *Charset
	// Substitutes replace characters that the Charset does not have. One that has
	// no substitute is an error.
	Substitutes map[rune]string
}

// Writer writes segments, either as they were read, byte for byte, or new ones
// from values, which it separates, releases and terminates. Errors are sticky:
// after the first, nothing is written and every call returns it. Flush at the end.
type Writer struct {
	w        *bufio.Writer
	opt      WriterOptions
	err      error
	tag      string
	buf      []byte
	scratch  []byte
	encoded  []byte
	keep     int // length of buf up to the last element that is not empty
	elements int
	segments int // since the last transaction header
	env      writerEnvelope
}

// NewWriter returns a Writer on w.
func NewWriter(w io.Writer, o WriterOptions) *Writer {
	if o.Delimiters.Element == 0 {
		o.Delimiters = X12Delimiters
	}
	return &Writer{w: bufio.NewWriterSize(w, 64<<10), opt: o}
}

// Copy writes s as it was read, with the bytes before it.
func (w *Writer) Copy(s *Segment) error {
	return w.raw(s.Raw())
}

func (w *Writer) raw(b []byte) error {
	if w.err == nil {
		_, w.err = w.w.Write(b)
	}
	return w.err
}

// Flush writes out what is buffered.
func (w *Writer) Flush() error {
	if w.err == nil {
		w.err = w.w.Flush()
	}
	return w.err
}

// Segments is the number of segments written since the last transaction header,
// that one included: what the trailer has to count.
func (w *Writer) Segments() int { return w.segments }

// Segment writes a segment of simple elements. Empty ones at the end are left out.
func (w *Writer) Segment(tag string, elements ...string) error {
	w.Begin(tag)
	for _, e := range elements {
		w.Element(e)
	}
	return w.End()
}

// Begin starts a segment, which Element, Composite and Repeat fill and End ends.
func (w *Writer) Begin(tag string) {
	w.tag, w.elements = tag, 0
	w.buf = append(w.buf[:0], tag...)
	w.keep = len(w.buf)
}

// Element adds a simple element.
func (w *Writer) Element(value string) {
	w.separate()
	w.value(value)
}

// ElementBytes adds a simple element as Element does.
func (w *Writer) ElementBytes(value []byte) {
	w.separate()
	w.add(value)
}

// Composite adds an element with components; empty ones at the end are left out.
func (w *Writer) Composite(components ...string) {
	w.separate()
	w.composite(components)
}

// Repeat adds a further repetition of the element added last.
func (w *Writer) Repeat(components ...string) {
	if w.opt.Delimiters.Repetition == 0 {
		w.fail(errors.New("write " + w.tag + ": these delimiters have no repetition separator"))
		return
	}
	w.buf = append(w.buf, w.opt.Delimiters.Repetition)
	w.composite(components)
}

// End ends the segment begun last and writes it.
func (w *Writer) End() error {
	if w.err != nil {
		return w.err
	}
	w.buf = append(w.buf[:w.keep], w.opt.Delimiters.Terminator...)
	w.buf = append(w.buf, w.opt.Newline...)
	w.segments++
	return w.raw(w.buf)
}

func (w *Writer) separate() {
	sep := w.opt.Delimiters.Element
	if w.elements == 0 && w.opt.Delimiters.Tag != 0 {
		sep = w.opt.Delimiters.Tag
	}
	w.buf = append(w.buf, sep)
	w.elements++
}

func (w *Writer) composite(components []string) {
	for len(components) > 0 && components[len(components)-1] == "" {
		components = components[:len(components)-1]
	}
	for i, c := range components {
		if i > 0 {
			w.buf = append(w.buf, w.opt.Delimiters.Component)
		}
		w.value(c)
	}
}

func (w *Writer) value(v string) {
	w.scratch = append(w.scratch[:0], v...)
	w.add(w.scratch)
}

func (w *Writer) add(v []byte) {
	if w.opt.Charset != nil && !isASCII(v) {
		var err error
		if w.encoded, err = w.opt.Charset.Encode(w.encoded[:0], string(v), w.opt.Substitutes); err != nil {
			w.fail(fmt.Errorf("write %s%02d: %w", w.tag, w.elements, err))
			return
		}
		v = w.encoded
	}
	d := &w.opt.Delimiters
	for _, b := range v {
		if d.Has(b) {
			switch {
			case d.Release != 0:
				w.buf = append(w.buf, d.Release)
			case w.opt.Substitute != 0:
				b = w.opt.Substitute
			default:
				w.fail(&DelimiterError{Tag: w.tag, Element: w.elements, Value: string(v)})
				return
			}
		}
		w.buf = append(w.buf, b)
	}
	if len(v) > 0 {
		w.keep = len(w.buf)
	}
}

func isASCII(v []byte) bool { return ClassOf(v)&High == 0 }

func (w *Writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// Delimiters are those the writer writes with.
func (w *Writer) Delimiters() Delimiters { return w.opt.Delimiters }
