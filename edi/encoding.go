package edi

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// encoding is one of text that no segment can be read in, since its bytes are not
// those of ASCII.
type encoding struct {
	name  string
	from  string           // what iconv calls it
	unit  int              // bytes of a character
	last  int              // the place in a unit of the byte that a character of ASCII has
	table *charmap.Charmap // nil if that byte is the character
}

var encodings = [...]encoding{
	{name: "UTF-16LE", from: "UTF-16LE", unit: 2, last: 0},
	{name: "UTF-16BE", from: "UTF-16BE", unit: 2, last: 1},
	{name: "UTF-32LE", from: "UTF-32LE", unit: 4, last: 0},
	{name: "UTF-32BE", from: "UTF-32BE", unit: 4, last: 3},
	// The code pages of EBCDIC have the letters, digits and separators of headers in common.
	{name: "EBCDIC", from: "IBM037", unit: 1, table: charmap.CodePage037},
}

// encodingOf is the encoding in which b begins with an interchange, nil if it
// begins with none, or can be read as it is.
func encodingOf(b []byte) *encoding {
	text := make([]byte, 0, 2*maxHeader)
	for i := range encodings {
		e := &encodings[i]
		text = e.ascii(text[:0], b)
		if _, _, ok := findHeader(text, 0, true); ok {
			return e
		}
	}
	return nil
}

// remedy is the command that makes a file readable.
func (e *encoding) remedy() string { return "iconv -f " + e.from + " -t UTF-8" }

// ascii appends the text that b begins with, as far as there is room in dst. What
// ASCII does not have becomes 0xff; a byte order mark is left out.
func (e *encoding) ascii(dst, b []byte) []byte {
	for ; len(b) >= e.unit && len(dst) < cap(dst); b = b[e.unit:] {
		if c, mark := e.character(b[:e.unit]); !mark {
			dst = append(dst, c)
		}
	}
	return dst
}

// character is the one that a unit stands for, or tells that it is a byte order mark.
func (e *encoding) character(unit []byte) (c byte, mark bool) {
	if e.table != nil {
		switch r := e.table.DecodeByte(unit[0]); {
		case r < utf8.RuneSelf:
			return byte(r), false
		case r == '\u0085': // the line end of that world
			return '\n', false
		}
		return 0xff, false
	}
	var others byte
	for i, b := range unit {
		if i != e.last {
			others |= b
		}
	}
	switch c = unit[e.last]; {
	case others == 0 && c < utf8.RuneSelf:
		return c, false
	case c == 0xff && others == 0xfe:
		return 0, true
	}
	return 0xff, false
}
