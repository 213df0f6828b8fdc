package x9

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// WriterOptions say how new records are framed. Copied ones stay as they are.
type WriterOptions struct {
	Framing Framing // Lengths if zero
	EBCDIC  bool
}

// Writer writes records, copied byte for byte or new. Errors are sticky. Flush
// at the end.
type Writer struct {
	w   *bufio.Writer
	opt WriterOptions
	buf []byte
	err error
}

// NewWriter returns a Writer on w.
func NewWriter(w io.Writer, o WriterOptions) *Writer {
	if o.Framing == 0 {
		o.Framing = Lengths
	}
	return &Writer{w: bufio.NewWriterSize(w, buffer), opt: o}
}

// Copy writes a record as it was read, its image streamed.
func (w *Writer) Copy(r *Record) error {
	w.write(r.prefix)
	w.write(r.text)
	if r.image != nil && w.err == nil {
		_, w.err = io.Copy(w.w, r.image)
	}
	suffix, err := r.end()
	if w.err == nil {
		w.err = err
	}
	w.write(suffix)
	return w.err
}

func (w *Writer) write(b []byte) {
	if w.err == nil {
		_, w.err = w.w.Write(b)
	}
}

// Record writes a new record from values, each padded or refused by the width
// of its field: numbers with zeroes on the left, all else with blanks on the
// right. A type whose text is not taken apart has one value, the text.
func (w *Writer) Record(typ string, values map[string]string) error {
	text, err := assemble(typ, values)
	if err != nil {
		return w.fail(err)
	}
	return w.Text(text)
}

// Text writes a new record from its text.
func (w *Writer) Text(text string) error {
	b, ok := encode(w.buf[:0], text, w.opt.EBCDIC)
	if w.buf = b; !ok {
		return w.fail(fmt.Errorf("write record %.2s: a character has no place in the file's character set", text))
	}
	w.frame(int64(len(b)))
	w.write(b)
	w.end()
	return w.err
}

// Image writes a record of type 52: the values of its fixed fields, its
// reference key, and size bytes of image.
func (w *Writer) Image(values map[string]string, key string, image io.Reader, size int64) error {
	fixed := map[string]string{"referenceLength": fmt.Sprintf("%04d", len(key))}
	for name, v := range values {
		if name != "referenceLength" {
			fixed[name] = v
		}
	}
	text, err := assemble("52", fixed)
	if err != nil {
		return w.fail(err)
	}
	if size >= 1e7 || len(key) > 9999 {
		return w.fail(fmt.Errorf("write record 52: an image of %d bytes with a key of %d has no room in it", size, len(key)))
	}
	b, ok := encode(w.buf[:0], text+key+"00000"+fmt.Sprintf("%07d", size), w.opt.EBCDIC)
	if w.buf = b; !ok {
		return w.fail(errors.New("write record 52: a character has no place in the file's character set"))
	}
	w.frame(int64(len(b)) + size)
	w.write(b)
	if w.err == nil {
		_, w.err = io.CopyN(w.w, image, size)
	}
	w.end()
	return w.err
}

// Flush writes out what is buffered.
func (w *Writer) Flush() error {
	if w.err == nil {
		w.err = w.w.Flush()
	}
	return w.err
}

func (w *Writer) fail(err error) error {
	if w.err == nil {
		w.err = err
	}
	return w.err
}

func (w *Writer) frame(n int64) {
	if w.opt.Framing == Lengths {
		w.write(binary.BigEndian.AppendUint32(nil, uint32(n)))
	}
}

func (w *Writer) end() {
	if w.opt.Framing != Lines {
		return
	}
	if w.opt.EBCDIC {
		w.write([]byte{0x25})
		return
	}
	w.write([]byte{'\n'})
}

// assemble lays the values of a record out.
func assemble(typ string, values map[string]string) (string, error) {
	fields := layouts[typ]
	if fields == nil {
		return "", fmt.Errorf("write record %s: its text is not taken apart here; write it with Text", typ)
	}
	var b strings.Builder
	b.WriteString(typ)
	left := len(values)
	for _, f := range fields {
		v, ok := values[f.name]
		if ok {
			left--
		}
		switch {
		case len(v) > f.size:
			return "", fmt.Errorf("write record %s: %s %q is longer than %d", typ, f.name, v, f.size)
		case numeric[f.name] && v != "":
			b.WriteString(strings.Repeat("0", f.size-len(v)) + v)
		default:
			b.WriteString(v + strings.Repeat(" ", f.size-len(v)))
		}
	}
	if left > 0 {
		return "", fmt.Errorf("write record %s: a value has a name that no field of it has", typ)
	}
	if typ != "52" && b.Len() < width {
		b.WriteString(strings.Repeat(" ", width-b.Len()))
	}
	return b.String(), nil
}

// numeric are the fields that are filled up with zeroes.
var numeric = map[string]bool{
	"amount": true, "micrValidAmount": true, "items": true, "images": true, "bundles": true, "cashLetters": true, "records": true,
	"addenda": true, "size": true,
}
