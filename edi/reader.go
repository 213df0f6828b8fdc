package edi

import (
	"fmt"
	"io"
	"iter"
)

// Options limit what a Reader accepts. The zero value has the defaults.
type Options struct {
	// MaxSegment is the greatest length of a segment in bytes, 1 MiB if zero.
	// What is longer comes as an overlong segment and Fragments.
	MaxSegment int
	// MaxElements is the greatest number of elements of a segment, 1000 if zero.
	MaxElements int
	// Buffer is the initial size of the read buffer, 64 KiB if zero.
	Buffer int
}

func (o Options) withDefaults() Options {
	if o.MaxSegment <= 0 {
		o.MaxSegment = 1 << 20
	}
	if o.MaxElements <= 0 {
		o.MaxElements = 1000
	}
	if o.Buffer <= 0 {
		o.Buffer = 64 << 10
	}
	o.Buffer = max(o.Buffer, 4*maxHeader)
	return o
}

// Reader splits its input into segments, whatever happens to be in it: it
// recognises interchanges and their delimiters, keeps every byte, goes on after
// every kind of damage and fails only when reading fails or when the input
// holds no interchange at all. It is not safe for concurrent use.
type Reader struct {
	src    io.Reader
	opt    Options
	buf    []byte
	start  int // first byte not yet returned
	end    int // end of the bytes read
	eof    bool
	err    error // from src
	offset int64 // of buf[start]
	line   int
	lineAt int64 // offset at which the current line begins
	state  state
	seen   bool // an interchange was found
	una    bool // the segment before was a service string advice
	class  classTable
	isGap  [256]bool
	delims Delimiters
	std    Standard
	env    envelope
	seg    Segment
}

type state uint8

const (
	outside  state = iota // before, between and after interchanges
	inside                // in an interchange
	fragment              // in the rest of an overlong segment
)

// NewReader returns a Reader of src. It buffers; src need not.
func NewReader(src io.Reader, o Options) *Reader {
	o = o.withDefaults()
	return &Reader{src: src, opt: o, buf: make([]byte, o.Buffer), line: 1,
		seg: Segment{fields: make([]field, 0, 64)}}
}

// Next returns the next segment, and io.EOF after the last. The segment is
// valid until the next call. An input without any interchange gives a
// *FormatError that wraps ErrNoInterchange.
func (r *Reader) Next() (*Segment, error) {
	r.seg.fields = r.seg.fields[:0]
	r.seg.class, r.seg.overlong, r.seg.more, r.seg.tag = 0, false, false, 0
	switch r.state {
	case inside:
		return r.inside()
	case fragment:
		return r.fragment()
	}
	return r.outside()
}

// All ranges over the segments. It stops after the first error, which is not io.EOF.
func (r *Reader) All() iter.Seq2[*Segment, error] {
	return func(yield func(*Segment, error) bool) {
		for {
			s, err := r.Next()
			if err == io.EOF {
				return
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

// Standard is that of the interchange last begun.
func (r *Reader) Standard() Standard { return r.std }

// Delimiters are those of the interchange last begun.
func (r *Reader) Delimiters() Delimiters { return r.delims }

// Position is where the next segment, or the gap before it, begins.
func (r *Reader) Position() Position {
	return Position{Offset: r.offset, Line: r.line, Column: int(r.offset-r.lineAt) + 1}
}

// window is what is read and not yet returned.
func (r *Reader) window() []byte { return r.buf[r.start:r.end] }

// more reads on, so that the window grows; false means that it cannot.
func (r *Reader) more() bool {
	if r.eof || r.err != nil {
		return false
	}
	if r.end == len(r.buf) {
		r.makeRoom()
	}
	for range 100 {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		if err == io.EOF {
			r.eof = true
			return n > 0
		}
		if err != nil {
			r.err = fmt.Errorf("read at offset %d: %w", r.offset+int64(r.end-r.start), err)
			return n > 0
		}
		if n > 0 {
			return true
		}
	}
	r.err = fmt.Errorf("read at offset %d: %w", r.offset+int64(r.end-r.start), io.ErrNoProgress)
	return false
}

// makeRoom moves the window to the front, and doubles the buffer when the
// window fills more than half of it, so that each byte moves once on average.
func (r *Reader) makeRoom() {
	w := r.window()
	to := r.buf
	if len(w) > len(r.buf)/2 {
		to = make([]byte, 2*len(r.buf))
	}
	copy(to, w)
	r.buf, r.start, r.end = to, 0, len(w)
}

// emit hands out the first n bytes of the window.
func (r *Reader) emit(kind Kind, gap, end, n int) *Segment {
	s := &r.seg
	s.kind, s.gap, s.end = kind, gap, end
	s.buf = r.buf[r.start : r.start+n : r.start+n]
	s.delims, s.standard = &r.delims, r.std
	if kind != Data {
		s.env = place{interchange: r.env.interchange}
	}
	s.pos = Position{Offset: r.offset + int64(gap), Line: r.line, Column: int(r.offset+int64(gap)-r.lineAt) + 1}
	r.start += n
	r.offset += int64(n)
	return s
}

// countLines moves the line counter over b, which begins at offset.
func (r *Reader) countLines(b []byte, offset int64) {
	for i, c := range b {
		if c == '\n' {
			r.line++
			r.lineAt = offset + int64(i) + 1
		}
	}
}

// failed is what ends the input: an error of the source or its end.
func (r *Reader) failed() error {
	if r.err != nil {
		return r.err
	}
	return io.EOF
}

// outside looks for the next interchange header and returns what stands before
// it as filler, white space and a byte order mark excepted: those are its gap.
func (r *Reader) outside() (*Segment, error) {
	from := 0
	for {
		w := r.window()
		h, at, ok := findHeader(w, from, r.eof || r.err != nil)
		switch {
		case ok && onlyBlank(w[:at]):
			return r.begin(h, at), nil
		case ok:
			return r.filler(at), nil
		case r.eof || r.err != nil:
			return r.rest()
		case !r.seen && len(w) >= r.opt.Buffer:
			return nil, &FormatError{Op: "read", Err: ErrNoInterchange}
		case r.seen && at >= r.opt.Buffer/2:
			return r.filler(at), nil
		}
		from = at
		r.more()
	}
}

// rest hands out what is left when no further header will come.
func (r *Reader) rest() (*Segment, error) {
	w := r.window()
	if !r.seen {
		if r.err != nil {
			return nil, r.err
		}
		if s := r.cutHeader(w); s != nil {
			return s, nil
		}
		return nil, &FormatError{Op: "read", Err: ErrNoInterchange}
	}
	if len(w) == 0 {
		return nil, r.failed()
	}
	return r.filler(len(w)), nil
}

func (r *Reader) filler(n int) *Segment {
	s := r.emit(Filler, 0, n, n)
	s.class = LineBreak // it may hold some
	r.countLines(s.buf, s.pos.Offset)
	return s
}
