package x9

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrFormat says that the input does not begin like an image cash letter, with
// a record of type 01.
var ErrFormat = errors.New("no image cash letter: the first record is not of type 01")

const (
	buffer  = 64 << 10
	longest = 32 << 10 // text of a record; an image comes on top of it
	// mostImage bounds the length of a record that a prefix can claim, so that four
	// bytes of rubbish do not make one record of the rest of a large file.
	mostImage = 1 << 30
)

// Detect tells the framing of a file and whether its text is EBCDIC, by its
// first bytes, of which 256 are enough. False means that it is something else.
func Detect(prefix []byte) (f Framing, ebcdic, ok bool) {
	at := 0
	if len(prefix) >= 6 && prefix[0] == 0 && binary.BigEndian.Uint32(prefix) >= 2 && binary.BigEndian.Uint32(prefix) <= longest {
		if _, known := headerAt(prefix[4:]); known {
			at = 4
		}
	}
	ebcdic, ok = headerAt(prefix[at:])
	switch {
	case !ok:
		return 0, false, false
	case at == 4:
		return Lengths, ebcdic, true
	case len(prefix) > width && isLineEnd(prefix[width], ebcdic):
		return Lines, ebcdic, true
	case len(prefix) > width+1 || len(prefix) == width:
		return Straight, ebcdic, true
	}
	return Lines, ebcdic, true
}

// headerAt tells whether b begins with the type 01 and a level of the standard.
func headerAt(b []byte) (ebcdic, ok bool) {
	if len(b) < 4 {
		return false, false
	}
	zero := byte('0')
	if b[0] == 0xf0 {
		ebcdic, zero = true, 0xf0
	}
	return ebcdic, b[0] == zero && b[1] == zero+1 && b[2]-zero < 10 && b[3]-zero < 10
}

func isLineEnd(b byte, ebcdic bool) bool {
	return b == '\n' || b == '\r' || ebcdic && (b == 0x25 || b == 0x15)
}

// Reader reads records. It never fails on damage: what it cannot frame it hands
// out as Junk.
type Reader struct {
	src     *bufio.Reader
	framing Framing
	ebcdic  bool
	begun   bool
	lost    bool // the framing is lost: all that follows is junk
	rec     Record
	offset  int64
	err     error
	limited io.LimitedReader
}

// NewReader returns a Reader of src. It buffers; src need not.
func NewReader(src io.Reader) *Reader { return &Reader{src: bufio.NewReaderSize(src, buffer)} }

// Framing is that of the input, known after the first record.
func (r *Reader) Framing() Framing { return r.framing }

// EBCDIC tells whether the text of the input is EBCDIC, known after the first
// record.
func (r *Reader) EBCDIC() bool { return r.ebcdic }

// Next returns the next record, and io.EOF after the last. What is left of an
// image is passed over.
func (r *Reader) Next() (*Record, error) {
	if err := r.begin(); err != nil {
		return nil, err
	}
	if err := r.finish(); err != nil {
		return nil, err
	}
	prefix, text, suffix := r.rec.prefix[:0], r.rec.text[:0], r.rec.suffix[:0]
	r.rec = Record{prefix: prefix, text: text, suffix: suffix, ebcdic: r.ebcdic, offset: r.offset, number: r.rec.number + 1, declared: -1, reader: r}
	if _, err := r.src.Peek(1); err != nil {
		return nil, r.fail(err)
	}
	var err error
	switch {
	case r.lost:
		return r.junk()
	case r.framing == Lengths:
		err = r.byLength()
	default:
		err = r.byLine()
	}
	if err != nil {
		return nil, err
	}
	return &r.rec, nil
}

func (r *Reader) begin() error {
	if r.begun {
		return r.err
	}
	r.begun = true
	b, err := r.src.Peek(256)
	f, ebcdic, ok := Detect(b)
	if !ok {
		if err != nil && err != io.EOF {
			return r.fail(err)
		}
		return r.fail(ErrFormat)
	}
	r.framing, r.ebcdic = f, ebcdic
	return nil
}

// finish passes over what is left of the image of the record before.
func (r *Reader) finish() error {
	_, err := r.rec.end()
	return err
}

// end is what ends a record: its line end, which stands behind the image if
// there is one. What is left of that is passed over.
func (r *Record) end() ([]byte, error) {
	if r.image == nil {
		return r.suffix, nil
	}
	r.image = nil
	if _, err := io.Copy(io.Discard, &r.reader.limited); err != nil {
		return nil, r.reader.fail(err)
	}
	suffix, err := r.reader.lineEnd()
	r.suffix = append(r.suffix, suffix...)
	return r.suffix, err
}

func (r *Reader) fail(err error) error {
	if err != io.EOF && !errors.Is(err, ErrFormat) {
		err = fmt.Errorf("read at offset %d: %w", r.offset, err)
	}
	r.err = err
	return err
}

// take moves n bytes from the input to the end of to.
func (r *Reader) take(to *[]byte, n int) error {
	at := len(*to)
	*to = append(*to, make([]byte, n)...)
	got, err := io.ReadFull(r.src, (*to)[at:])
	*to = (*to)[:at+got]
	r.offset += int64(got)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return r.fail(err)
	}
	return nil
}

// byLength reads a record behind its length.
func (r *Reader) byLength() error {
	b, _ := r.src.Peek(6)
	if len(b) < 6 {
		_, err := r.junk()
		return err
	}
	n := int64(binary.BigEndian.Uint32(b))
	typ := decode(b[4:6], r.ebcdic)
	if n < 2 || n > mostImage || n > longest && typ != "52" || !known(typ) {
		r.lost = true
		_, err := r.junk()
		return err
	}
	if err := r.take(&r.rec.prefix, 4); err != nil {
		return err
	}
	r.rec.typ = typ
	if typ != "52" {
		return r.take(&r.rec.text, int(n))
	}
	head, declared := r.imageHead()
	if int64(head) > n {
		return r.take(&r.rec.text, int(min(n, longest)))
	}
	if err := r.take(&r.rec.text, head); err != nil {
		return err
	}
	r.openImage(n-int64(head), declared)
	return nil
}

// imageHead is the length of a record of type 52 before its image, and the
// image's length, both as the record itself says; -1 if it cannot be read.
func (r *Reader) imageHead() (head int, declared int64) {
	number := func(from, n int) int {
		b, err := r.src.Peek(from + n)
		if err != nil {
			return -1
		}
		rec := Record{text: b[from : from+n], ebcdic: r.ebcdic}
		v, ok := digits(rec.Text())
		if !ok {
			return -1
		}
		return v
	}
	key := number(keyLengthAt, keyAt-keyLengthAt)
	if key < 0 {
		return width, -1
	}
	at := keyAt + key
	signature := number(at, signatureSize)
	if signature < 0 || at+signatureSize+signature+imageSize > longest {
		return width, -1
	}
	at += signatureSize + signature
	image := number(at, imageSize)
	return at + imageSize, int64(image)
}

func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			n = n*10 + int(c-'0')
		case c == ' ' && n == 0:
		case c == ' ':
			return n, trailingBlank(s[i:])
		default:
			return 0, false
		}
	}
	return n, true
}

func trailingBlank(s string) bool {
	for i := range len(s) {
		if s[i] != ' ' {
			return false
		}
	}
	return true
}

func (r *Reader) openImage(n, declared int64) {
	r.limited = io.LimitedReader{R: counting{r}, N: n}
	r.rec.image, r.rec.imageLen, r.rec.declared = &r.limited, n, declared
}

// counting reads the input and keeps the offset.
type counting struct{ r *Reader }

func (c counting) Read(p []byte) (int, error) {
	n, err := c.r.src.Read(p)
	c.r.offset += int64(n)
	return n, err
}

// byLine reads a record that ends with its line, or with its last character
// where there are no lines.
func (r *Reader) byLine() error {
	b, _ := r.src.Peek(2)
	typ := decode(b, r.ebcdic)
	if !known(typ) {
		if r.framing == Straight {
			r.lost = true
		}
		_, err := r.junk()
		return err
	}
	r.rec.typ = typ
	if typ == "52" {
		if head, declared := r.imageHead(); declared >= 0 {
			if err := r.take(&r.rec.text, head); err != nil {
				return err
			}
			r.openImage(declared, declared)
			return nil
		}
	}
	n := width
	if r.framing == Lines {
		n = r.toLineEnd()
	} else if typ == "27" || typ == "34" {
		n = r.variable()
	}
	if err := r.take(&r.rec.text, n); err != nil {
		return err
	}
	suffix, err := r.lineEnd()
	r.rec.suffix = append(r.rec.suffix, suffix...)
	return err
}

// variable is the length of a record of type 27 or 34 where nothing but its own
// length field tells it.
func (r *Reader) variable() int {
	b, _ := r.src.Peek(22)
	if len(b) == 22 {
		if n, ok := digits(decode(b[18:22], r.ebcdic)); ok && decode(b[2:3], r.ebcdic) == "1" {
			return 46 + n
		}
	}
	return width
}

// toLineEnd is how many bytes are left of the line.
func (r *Reader) toLineEnd() int {
	for size := 128; ; size *= 2 {
		b, err := r.src.Peek(min(size, longest))
		for i, c := range b {
			if isLineEnd(c, r.ebcdic) {
				return i
			}
		}
		if err != nil || size >= longest {
			return len(b)
		}
	}
}

// lineEnd takes the line end that stands here.
func (r *Reader) lineEnd() ([]byte, error) {
	if r.framing != Lines {
		return nil, nil
	}
	b, _ := r.src.Peek(2)
	n := 0
	if len(b) > 0 && isLineEnd(b[0], r.ebcdic) {
		n = 1
		if len(b) > 1 && b[0] == '\r' && b[1] == '\n' {
			n = 2
		}
	}
	suffix := append([]byte(nil), b[:n]...)
	_, err := r.src.Discard(n)
	r.offset += int64(n)
	if err != nil {
		return suffix, r.fail(err)
	}
	return suffix, nil
}

// junk hands out bytes that are no record: the line, or as much as is read.
func (r *Reader) junk() (*Record, error) {
	r.rec.typ, r.rec.junk = "", true
	b, _ := r.src.Peek(longest)
	n := len(b)
	if r.framing == Lines {
		n = r.toLineEnd()
	}
	if err := r.take(&r.rec.text, n); err != nil {
		return nil, err
	}
	suffix, err := r.lineEnd()
	r.rec.suffix = append(r.rec.suffix, suffix...)
	return &r.rec, err
}

func known(typ string) bool { return layouts[typ] != nil || plain[typ] }
