package x9

import (
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Framing tells how records follow each other.
type Framing uint8

// The framings.
const (
	Lengths  Framing = iota + 1 // each behind its length, four bytes, highest first
	Lines                       // each on a line of its own
	Straight                    // one after the other, without anything in between
)

// String gives "lengths", "lines" or "straight".
func (f Framing) String() string {
	switch f {
	case Lengths:
		return "lengths"
	case Lines:
		return "lines"
	case Straight:
		return "straight"
	}
	return "unknown"
}

// Record is one record. It is valid until the Reader is asked for the next one.
type Record struct {
	typ    string
	prefix []byte // the length before it
	text   []byte // the record, for type 52 up to the image
	suffix []byte // the line end behind it
	junk   bool
	ebcdic bool
	offset int64
	number int

	reader   *Reader
	image    io.Reader
	imageLen int64
	declared int64 // what the record says of its image's length, -1 if nothing readable
}

// Type is the record's two digits, "" for Junk.
func (r *Record) Type() string { return r.typ }

// Junk tells that this is no record but bytes that cannot be framed.
func (r *Record) Junk() bool { return r.junk }

// Offset is where the record begins in the input, its length before it included.
func (r *Record) Offset() int64 { return r.offset }

// Number counts the records of the input from 1.
func (r *Record) Number() int { return r.number }

// Raw is the record as it stands in the input, without framing and image.
func (r *Record) Raw() []byte { return r.text }

// Text is the record as text, whatever character set it is in, without its image.
func (r *Record) Text() string { return decode(r.text, r.ebcdic) }

// Image streams the image of a record of type 52. It is read before the next
// record or passed over; it is empty for other records.
func (r *Record) Image() io.Reader {
	if r.image == nil {
		return strings.NewReader("")
	}
	return r.image
}

// ImageSize is how many bytes the image has.
func (r *Record) ImageSize() int64 { return r.imageLen }

// Names are the names of the record's fields, in order. The layouts are those
// of X9.100-187; a type with variable parts has names for the fixed ones.
func (r *Record) Names() []string {
	var names []string
	for _, f := range layouts[r.typ] {
		names = append(names, f.name)
	}
	return names
}

// Field is a field by name, with its padding, "" if there is none.
func (r *Record) Field(name string) string {
	at := 2
	for _, f := range layouts[r.typ] {
		if f.name == name && at+f.size <= len(r.text) {
			return decode(r.text[at:at+f.size], r.ebcdic)
		}
		at += f.size
	}
	return ""
}

// rest is what follows the last named field.
func (r *Record) rest() string {
	at := 2
	for _, f := range layouts[r.typ] {
		at += f.size
	}
	if at >= len(r.text) {
		return ""
	}
	return decode(r.text[at:], r.ebcdic)
}

// amount reads a field of digits; blanks count as zero where all is blank.
func (r *Record) amount(name string) (int64, bool) {
	s := strings.TrimSpace(r.Field(name))
	var n int64
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// decode and encode are inverse to each other for all bytes.
func decode(b []byte, ebcdic bool) string {
	var s strings.Builder
	table := charmap.ISO8859_1
	if ebcdic {
		table = charmap.CodePage037
	}
	for _, c := range b {
		s.WriteRune(table.DecodeByte(c))
	}
	return s.String()
}

func encode(dst []byte, s string, ebcdic bool) ([]byte, bool) {
	table := charmap.ISO8859_1
	if ebcdic {
		table = charmap.CodePage037
	}
	for _, c := range s {
		b, ok := table.EncodeRune(c)
		if !ok {
			return dst, false
		}
		dst = append(dst, b)
	}
	return dst, true
}
