package edi

import (
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Charset is a character set that an EDIFACT interchange can declare by its
// syntax identifier. It decodes to UTF-8 and encodes from it.
type Charset struct {
	id      string
	name    string
	table   *charmap.Charmap // nil for UTF-8
	allowed func(byte) bool  // of the bytes that the table has; nil if all
	foreign [256]bool
}

// CharsetError says that a character cannot be written, or that a character set
// cannot be read.
type CharsetError struct {
	Charset string
	Rune    rune // zero when the set itself is the problem
}

func (e *CharsetError) Error() string {
	if e.Rune != 0 {
		return fmt.Sprintf("%q cannot be written in %s; substitute it or agree on another character set", e.Rune, e.Charset)
	}
	return fmt.Sprintf("character set %s cannot be read or written; UNOA to UNOL, UNOW and UNOY can", e.Charset)
}

// charsets are those of data element 0001. UNOX switches between sets by escape
// sequences, in which any byte may be a delimiter; UNOZ is what two partners
// have agreed upon. Neither can be read by its name alone.
var charsets = func() map[string]*Charset {
	m := map[string]*Charset{}
	for _, c := range []*Charset{
		{id: "UNOA", name: "upper case ASCII", table: charmap.ISO8859_1, allowed: levelA},
		{id: "UNOB", name: "ASCII", table: charmap.ISO8859_1, allowed: levelB},
		{id: "UNOC", name: "ISO 8859-1", table: charmap.ISO8859_1},
		{id: "UNOD", name: "ISO 8859-2", table: charmap.ISO8859_2},
		{id: "UNOE", name: "ISO 8859-5", table: charmap.ISO8859_5},
		{id: "UNOF", name: "ISO 8859-7", table: charmap.ISO8859_7},
		{id: "UNOG", name: "ISO 8859-3", table: charmap.ISO8859_3},
		{id: "UNOH", name: "ISO 8859-4", table: charmap.ISO8859_4},
		{id: "UNOI", name: "ISO 8859-6", table: charmap.ISO8859_6},
		{id: "UNOJ", name: "ISO 8859-8", table: charmap.ISO8859_8},
		{id: "UNOK", name: "ISO 8859-9", table: charmap.ISO8859_9},
		{id: "UNOL", name: "ISO 8859-15", table: charmap.ISO8859_15},
		{id: "UNOW", name: "UTF-8"},
		{id: "UNOY", name: "UTF-8"},
	} {
		for b := range c.foreign {
			c.foreign[b] = !c.has(byte(b))
		}
		m[c.id] = c
	}
	return m
}()

func levelA(b byte) bool {
	return plainClasses[b]&(Digit|Upper|Space|Minus|Dot|Basic) != 0
}

func levelB(b byte) bool { return levelA(b) || plainClasses[b]&Lower != 0 }

// has tells whether the set has a byte. Control characters are in none.
func (c *Charset) has(b byte) bool {
	switch {
	case b < ' ' || b == 0x7f:
		return false
	case c.allowed != nil:
		return c.allowed(b)
	case c.table == nil:
		return b < 0xf5 && b != 0xc0 && b != 0xc1
	}
	return (b < 0x80 || b >= 0xa0) && c.table.DecodeByte(b) != utf8.RuneError
}

// CharsetOf is the character set that a syntax identifier names. What cannot be
// read by its name gives a *CharsetError.
func CharsetOf(syntax string) (*Charset, error) {
	if c := charsets[syntax]; c != nil {
		return c, nil
	}
	return nil, &CharsetError{Charset: syntax}
}

// String is the syntax identifier and what it means.
func (c *Charset) String() string { return c.id + " (" + c.name + ")" }

// Decode appends b to dst in UTF-8. Bytes that the set does not have become
// U+FFFD, and ok is false then; ASCII that UNOA and UNOB leave out is taken.
func (c *Charset) Decode(dst, b []byte) (out []byte, ok bool) {
	ok = true
	if c.table == nil {
		for len(b) > 0 {
			r, n := utf8.DecodeRune(b)
			ok = ok && (r != utf8.RuneError || n > 1)
			dst, b = utf8.AppendRune(dst, r), b[n:]
		}
		return dst, ok
	}
	for _, v := range b {
		r := rune(v)
		if v >= utf8.RuneSelf {
			if r = c.table.DecodeByte(v); c.foreign[v] {
				r = utf8.RuneError
			}
			ok = ok && r != utf8.RuneError
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, ok
}

// Encode appends the text s to dst in the set. A character that the set does not
// have is replaced by what substitutes has for it, and is a *CharsetError where
// that has nothing; dst is then returned as it was.
func (c *Charset) Encode(dst []byte, s string, substitutes map[rune]string) ([]byte, error) {
	from := len(dst)
	for _, r := range s {
		b, ok := c.encode(dst, r)
		if !ok {
			text, known := substitutes[r]
			if !known {
				return dst[:from], &CharsetError{Charset: c.String(), Rune: r}
			}
			for _, r := range text {
				if b, ok = c.encode(b, r); !ok {
					return dst[:from], &CharsetError{Charset: c.String(), Rune: r}
				}
			}
		}
		dst = b
	}
	return dst, nil
}

func (c *Charset) encode(dst []byte, r rune) ([]byte, bool) {
	if c.table == nil {
		if r == utf8.RuneError || r < utf8.RuneSelf && c.foreign[byte(r)] {
			return dst, false
		}
		return utf8.AppendRune(dst, r), true
	}
	b, ok := c.table.EncodeRune(r)
	if !ok || c.foreign[b] {
		return dst, false
	}
	return append(dst, b), true
}

// Charset is the character set that an EDIFACT interchange declares. X12
// declares none: UTF-8 is taken there, of which ASCII is a part.
func (i *Interchange) Charset() (*Charset, error) {
	if i.std != EDIFACT {
		return charsets["UNOY"], nil
	}
	id, _ := i.Syntax()
	return CharsetOf(id)
}
