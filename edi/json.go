package edi

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// jsonFormat names the form, so that a reader can refuse what it does not know.
const jsonFormat = "fondaco.edi.segments/1"

// EncodeJSON reads the interchanges of r and writes them to w as JSON, one
// segment a line, losing nothing: DecodeJSON gives the same bytes again.
//
//	{"format":"fondaco.edi.segments/1","segments":[
//	{"delimiters":{"element":"*","component":":","terminator":"~"},"tag":"ISA","elements":["00",...]},
//	{"gap":"\n","tag":"REF","elements":["IV","4711"]},
//	{"gap":"\n","tag":"UIT","elements":[["EA","1"],"9.95"]},
//	{"filler":"\n"}
//	]}
//
// An element is a string, a composite an array of strings, and an element that
// repeats an object {"repeat":[...]} of those. Release characters are removed
// and put back. "gap" holds the bytes before a segment, "end" its terminator
// where that is not the one declared. A segment for which this form would not
// give back the same bytes is written whole as "raw".
//
// A byte b that is no part of valid UTF-8 is written as the private character
// U+F700+b; the characters U+F780 to U+F7FF, where they really occur, are
// written byte by byte in the same way. So every JSON tool can read the form,
// and DecodeJSON still finds every byte.
//
// Memory does not grow with the file.
func EncodeJSON(w io.Writer, r io.Reader) error {
	e := &jsonEncoder{w: bufio.NewWriterSize(w, 64<<10), r: NewReader(r, Options{})}
	first, err := e.r.Next()
	if err != nil {
		return fmt.Errorf("encode JSON: %w", err)
	}
	e.line = append(e.line, `{"format":"`+jsonFormat+"\",\"segments\":[\n"...)
	for s := first; ; {
		e.segment(s)
		if _, err := e.w.Write(e.line); err != nil {
			return fmt.Errorf("encode JSON: %w", err)
		}
		s, err = e.r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("encode JSON: %w", err)
		}
		e.line = append(e.line[:0], ",\n"...)
	}
	if _, err := e.w.WriteString("\n]}\n"); err != nil {
		return fmt.Errorf("encode JSON: %w", err)
	}
	return e.w.Flush()
}

type jsonEncoder struct {
	w       *bufio.Writer
	r       *Reader
	line    []byte
	current Delimiters
	scratch []byte
	header  bool // the segment declares the delimiters, and so holds them
}

func (e *jsonEncoder) segment(s *Segment) {
	if s.Kind() != Data {
		e.line = appendString(append(e.line, `{"filler":`...), s.Raw())
		e.line = append(e.line, '}')
		return
	}
	e.header = s.Tag() == ISA
	e.line = append(e.line, '{')
	if len(s.Gap()) > 0 {
		e.line = appendString(append(e.line, `"gap":`...), s.Gap())
		e.line = append(e.line, ',')
	}
	if d := s.Delimiters(); d != e.current {
		e.current = d
		e.line = append(appendDelimiters(append(e.line, `"delimiters":`...), d), ',')
	}
	e.line = appendString(append(e.line, `"tag":`...), s.TagBytes())
	mark := len(e.line)
	if !e.elements(s) {
		e.line = appendString(append(e.line[:mark], `,"raw":`...), s.Body())
	}
	if string(s.Terminator()) != e.current.Terminator {
		e.line = appendString(append(e.line, `,"end":`...), s.Terminator())
	}
	e.line = append(e.line, '}')
}

// elements appends the elements, and tells whether they give back the segment.
func (e *jsonEncoder) elements(s *Segment) bool {
	if s.Tag() == UNA || s.unwrapped || s.Overfull() || s.Overlong() {
		return false
	}
	if s.Len() > 0 {
		e.line = append(e.line, `,"elements":[`...)
		for n := 1; n <= s.Len(); n++ {
			if n > 1 {
				e.line = append(e.line, ',')
			}
			if !e.element(s, n) {
				return false
			}
		}
		e.line = append(e.line, ']')
	}
	return !e.current.hasAny(s.TagBytes()) && (s.Len() == 0 || e.tagSeparated(s))
}

// tagSeparated makes sure that the separator after the tag is the expected one,
// which in TRADACOMS it may not be.
func (e *jsonEncoder) tagSeparated(s *Segment) bool {
	sep := e.current.Element
	if e.current.Tag != 0 {
		sep = e.current.Tag
	}
	return s.Body()[len(s.TagBytes())] == sep
}

func (e *jsonEncoder) element(s *Segment, n int) bool {
	c := s.Class(n)
	v := s.Element(n)
	if c&Repeated == 0 || e.current.Repetition == 0 {
		return e.composite(v, c)
	}
	e.line = append(e.line, `{"repeat":[`...)
	for i, r := range parts(&e.current, v, e.current.Repetition) {
		if i > 1 {
			e.line = append(e.line, ',')
		}
		if !e.composite(r, c) {
			return false
		}
	}
	e.line = append(e.line, "]}"...)
	return true
}

func (e *jsonEncoder) composite(v []byte, c Class) bool {
	if c&Composed == 0 {
		return e.value(v)
	}
	if _, _, found := e.current.Cut(v, e.current.Component); !found {
		return e.value(v)
	}
	e.line = append(e.line, '[')
	for i, part := range parts(&e.current, v, e.current.Component) {
		if i > 1 {
			e.line = append(e.line, ',')
		}
		if !e.value(part) {
			return false
		}
	}
	e.line = append(e.line, ']')
	return true
}

// value appends one value, and tells whether escaping it gives it back.
func (e *jsonEncoder) value(v []byte) bool {
	if e.current.Release == 0 {
		e.line = appendString(e.line, v)
		return e.header || !e.current.hasAny(v)
	}
	plain := e.current.Unescape(nil, v)
	e.scratch, _ = e.current.Escape(e.scratch[:0], plain)
	e.line = appendString(e.line, plain)
	return string(e.scratch) == string(v)
}

func appendDelimiters(dst []byte, d Delimiters) []byte {
	dst = append(dst, '{')
	for _, p := range []struct {
		name string
		b    byte
	}{{"element", d.Element}, {"component", d.Component}, {"repetition", d.Repetition}, {"release", d.Release}, {"decimal", d.Decimal}, {"tag", d.Tag}} {
		if p.b != 0 {
			dst = appendString(append(dst, `"`+p.name+`":`...), []byte{p.b})
			dst = append(dst, ',')
		}
	}
	dst = appendString(append(dst, `"terminator":`...), []byte(d.Terminator))
	return append(dst, '}')
}

const hex = "0123456789abcdef"

// appendString appends b as a JSON string, foreign bytes as private characters.
func appendString(dst, b []byte) []byte {
	dst = append(dst, '"')
	for len(b) > 0 {
		if c := b[0]; c < utf8.RuneSelf {
			dst = appendASCII(dst, c)
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 || r >= 0xf780 && r <= 0xf7ff {
			for _, c := range b[:n] {
				dst = utf8.AppendRune(dst, 0xf700+rune(c))
			}
		} else {
			dst = append(dst, b[:n]...)
		}
		b = b[n:]
	}
	return append(dst, '"')
}

func appendASCII(dst []byte, c byte) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(dst, '\\', c)
	case c == '\n':
		return append(dst, '\\', 'n')
	case c == '\r':
		return append(dst, '\\', 'r')
	case c == '\t':
		return append(dst, '\\', 't')
	case c < ' ' || c == 0x7f:
		return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
	}
	return append(dst, c)
}

// fromJSON turns the private characters of s back into bytes.
func fromJSON(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r >= 0xf780 && r <= 0xf7ff {
			dst = append(dst, byte(r-0xf700))
		} else {
			dst = append(dst, s[i:i+n]...)
		}
		i += n
	}
	return dst
}

// errJSON wraps what is wrong with a segment of the form.
func errJSON(n int, err error) error { return fmt.Errorf("decode JSON: segment %d: %w", n, err) }

// DecodeJSON reads the form that EncodeJSON writes and writes the interchanges
// that it stands for. Hand-made input may leave out gaps; a value that holds a
// delimiter is released, or refused where the syntax cannot do that.
func DecodeJSON(w io.Writer, r io.Reader) error {
	d := json.NewDecoder(bufio.NewReaderSize(r, 64<<10))
	if err := seekSegments(d); err != nil {
		return fmt.Errorf("decode JSON: %w", err)
	}
	out := jsonDecoder{w: bufio.NewWriterSize(w, 64<<10), d: X12Delimiters}
	for n := 1; d.More(); n++ {
		out.seg = jsonSegment{}
		if err := d.Decode(&out.seg); err != nil {
			return errJSON(n, err)
		}
		if err := out.segment(); err != nil {
			return errJSON(n, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("decode JSON: %w", err)
	}
	return out.w.Flush()
}

var errForm = errors.New(`this is not the segment form; it begins with {"format":"` + jsonFormat + `","segments":[`)

// seekSegments reads up to the first segment.
func seekSegments(d *json.Decoder) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.Join(errForm, err)
	}
	for {
		key, err := d.Token()
		if err != nil {
			return errors.Join(errForm, err)
		}
		switch key {
		case "segments":
			if t, err := d.Token(); err != nil || t != json.Delim('[') {
				return errors.Join(errForm, err)
			}
			return nil
		case "format":
			if v, err := d.Token(); err != nil || v != jsonFormat {
				return fmt.Errorf("format %v: %w", v, errForm)
			}
		default:
			return errForm
		}
	}
}
