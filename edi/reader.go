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
	o.MaxSegment = min(o.MaxSegment, maxInt32)
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
	lines  lines
	state  state
	seen   bool // an interchange was found
	una    bool // the segment before was a service string advice

	std      Standard
	delims   Delimiters
	marks    *marks
	isGap    [256]bool
	foreign  *[256]bool // bytes that the interchange's character set does not have
	isxKnown bool       // the interchange is of a version that has ISX
	wrapped  bool       // the interchange is cut into lines of one length
	isx      byte       // the release character that an ISX declares from the next segment on

	work  int64  // bytes that the careful way has looked at, some more than once; tests hold it to grow with the input alone
	skims bool   // ordinary segments are passed over
	piece *piece // what of a file is to be read, nil if all

	quick  bool // segments may be read by the short way
	charts bool // and by the chart
	scouts bool // ordinary segments are passed over many bytes at once
	room   [dash]End
	fields []End // of the careful way
	leads  heard // by the first bytes of segments, for the delimiters at hand
	chart  chart
	gaze   gaze

	env envelope
	seg Segment
}

type state uint8

const (
	outside  state = iota // before, between and after interchanges
	inside                // in an interchange
	fragment              // in the rest of an overlong segment
)

// NewReader returns a Reader of src. It buffers; src need not.
func NewReader(src io.Reader, o Options) *Reader { return newReader(src, o, nil) }

func newReader(src io.Reader, o Options, buf *[]byte) *Reader {
	o = o.withDefaults()
	r := &Reader{src: src, opt: o, lines: lines{line: 1}}
	if buf != nil {
		r.buf = *buf
	} else {
		r.buf = make([]byte, o.Buffer)
	}
	r.seg.fields, r.seg.reader = r.room[:0], r
	return r
}

// Next returns the next segment, and io.EOF after the last. The segment is
// valid until the next call. An input without any interchange gives a
// *FormatError that wraps ErrNoInterchange.
func (r *Reader) Next() (*Segment, error) {
	if c := &r.chart; c.next < c.count || r.charts && r.state == inside && r.rejoin() {
		if s := r.charted(); s != nil {
			return s, nil
		}
	} else if r.quick && r.state == inside {
		if r.skims {
			r.skim()
		}
		if s := r.quickly(); s != nil {
			return s, nil
		}
	}
	r.chart.leave()
	if r.seg.clean {
		r.seg.fields = r.fields
	}
	r.seg.fields = r.seg.fields[:0]
	r.seg.overlong, r.seg.more, r.seg.clean, r.seg.wrongSize, r.seg.unwrapped = false, false, false, false, false
	r.seg.tag, r.seg.data, r.seg.most, r.seg.charted = 0, 0, allClasses, false
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
	l := r.lines
	return l.place(r.buf, r.offset-int64(r.start), r.offset)
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
	r.lines.place(r.buf, r.offset-int64(r.start), r.offset)
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
		s.role, s.env = content, place{interchange: r.env.interchange}
	}
	s.pos = Position{Offset: r.offset + int64(gap)}
	r.start += n
	r.offset += int64(n)
	return s
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
	from, reach := 0, r.opt.Buffer
	if r.seen {
		reach = r.opt.Buffer/2 + maxHeader // however much the window holds: what is filler must not depend on it
	}
	for {
		w := r.window()
		w = w[:min(len(w), reach)]
		ended := len(w) < reach && (r.eof || r.err != nil)
		h, at, ok := findHeader(w, from, ended)
		r.work += int64(at - from + maxHeader)
		switch {
		case ok && onlyBlank(w[:at]):
			return r.begin(h, at), nil
		case ok:
			return r.filler(at), nil
		case ended:
			return r.rest()
		case len(w) < reach:
		case r.seen:
			return r.filler(at), nil
		default:
			return nil, unreadable(w)
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
		return nil, unreadable(w)
	}
	if len(w) == 0 {
		return nil, r.failed()
	}
	return r.filler(len(w)), nil
}

func (r *Reader) filler(n int) *Segment {
	return r.emit(Filler, 0, n, n)
}
