package edi

import (
	"bytes"
	"slices"
)

// Delimiters are the bytes that separate the parts of an interchange. A zero
// byte means that the separator does not exist there.
type Delimiters struct {
	Element    byte   // between elements
	Component  byte   // between the components of a composite
	Repetition byte   // between repetitions; X12 from version 00402 on, EDIFACT from syntax 4
	Release    byte   // makes the next byte ordinary; not in X12
	Decimal    byte   // the decimal mark that EDIFACT declares
	Tag        byte   // between tag and first element where it differs (TRADACOMS)
	Terminator string // ends a segment; one byte as a rule
}

// X12Delimiters are the delimiters most X12 partners use: * : ^ and ~.
var X12Delimiters = Delimiters{Element: '*', Component: ':', Repetition: '^', Decimal: '.', Terminator: "~"}

// EDIFACTDelimiters are those that hold when no UNA segment says otherwise.
var EDIFACTDelimiters = Delimiters{Element: '+', Component: ':', Release: '?', Decimal: '.', Terminator: "'"}

var tradacomsDelimiters = Delimiters{Element: '+', Component: ':', Release: '?', Decimal: '.', Tag: '=', Terminator: "'"}

// Has tells whether b is one of the delimiters.
func (d Delimiters) Has(b byte) bool {
	if b == 0 {
		return false
	}
	if b == d.Element || b == d.Component || b == d.Repetition || b == d.Release {
		return true
	}
	return d.Terminator != "" && b == d.Terminator[0]
}

func (d Delimiters) hasAny(b []byte) bool {
	return slices.ContainsFunc(b, d.Has)
}

// Cut splits value at the first sep that no release character protects. Found
// is false, and head is the whole value, when there is none.
func (d Delimiters) Cut(value []byte, sep byte) (head, rest []byte, found bool) {
	if sep == 0 {
		return value, nil, false
	}
	if d.Release == 0 {
		if i := bytes.IndexByte(value, sep); i >= 0 {
			return value[:i], value[i+1:], true
		}
		return value, nil, false
	}
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case d.Release:
			i++
		case sep:
			return value[:i], value[i+1:], true
		}
	}
	return value, nil, false
}

// Unescape appends value to dst without its release characters.
func (d Delimiters) Unescape(dst, value []byte) []byte {
	if d.Release == 0 || bytes.IndexByte(value, d.Release) < 0 {
		return append(dst, value...)
	}
	for i := 0; i < len(value); i++ {
		if value[i] == d.Release && i+1 < len(value) {
			i++
		}
		dst = append(dst, value[i])
	}
	return dst
}

// Escape appends value to dst with a release character before each delimiter.
// Where the syntax has none, ok is false as soon as value holds a delimiter.
func (d Delimiters) Escape(dst, value []byte) (out []byte, ok bool) {
	for _, b := range value {
		if d.Has(b) {
			if d.Release == 0 {
				return dst, false
			}
			dst = append(dst, d.Release)
		}
		dst = append(dst, b)
	}
	return dst, true
}

// marks makes the table of the lexer. Foreign are the bytes that the character
// set does not have, nil if it has all.
func (d Delimiters) marks(foreign *[256]bool) *marks {
	var t marks
	for b, c := range plainClasses {
		if foreign != nil && foreign[b] {
			c |= Foreign
		}
		t[b] = uint64(c) << classShift
	}
	set := func(b byte, m uint64) {
		if b != 0 {
			t[b] = m
		}
	}
	set(d.Repetition, uint64(Repeated)<<classShift)
	set(d.Component, uint64(Composed)<<classShift)
	set(d.Release, markRelease)
	set(d.Element, markElement)
	if d.Terminator != "" {
		t[d.Terminator[0]] = markTerminator
	}
	return &t
}

// gaps tells which bytes are passed over between two segments.
func (d Delimiters) gaps() (t [256]bool) {
	lineEnd := d.Terminator == "\n" || d.Terminator == "\r"
	for b := range t {
		t[b] = isBlank(byte(b)) && (!d.Has(byte(b)) || lineEnd && string(rune(b)) == d.Terminator)
	}
	return t
}
