package mapping

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// JSON writes the canonical record of every transaction of r that has a guide,
// one on a line: as its map says, or as the guide alone gives it where there is
// no map, and with maps nil always. The transactions are read one at a time and
// none is kept, so that files of any length fit. The error is about reading or
// writing. [Write] is the way back.
func JSON(w io.Writer, r io.Reader, guides *guide.Library, maps *Library) error {
	s := newStream(r, guides, maps, guide.Options{})
	for {
		e, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e.Kind != edi.TransactionEnd || s.g == nil {
			continue
		}
		s.record(e)
		if _, err := w.Write(s.line); err != nil {
			return err
		}
	}
}

// stream reads records as a validator goes by, without keeping the documents.
type stream struct {
	v    *guide.Validator
	maps *Library
	g    *guide.Guide // of the transaction at hand, nil if it has none
	m    *Map         // nil where the guide alone says how it reads
	t    tape
	raw  recorder
	n    int32
	seen seen
	line []byte
	layouts
}

func newStream(r io.Reader, guides *guide.Library, maps *Library, o guide.Options) *stream {
	return &stream{v: guide.NewValidator(edi.NewReader(r, edi.Options{}), guides, o), maps: maps, layouts: layouts{}}
}

// record makes the line for the transaction that has ended.
func (s *stream) record(e *edi.Event) {
	if s.m == nil {
		s.line = append(append(s.head(e, s.g.Set, e.Transaction.Errors), s.raw.end()...), "}\n"...)
		return
	}
	errs := e.Transaction.Errors + len(s.t.mistakes(func(node) Origin { return Origin{} }))
	s.line = append(s.t.appendJSON(s.head(e, s.m.Target, errs), 0), "}\n"...)
}

// next follows the validator. At the end of a transaction with a map its record
// is in the tape.
func (s *stream) next() (*edi.Event, error) {
	e, err := s.v.Next()
	if err != nil {
		return nil, err
	}
	switch e.Kind {
	case edi.TransactionStart:
		return e, s.begin(e)
	case edi.TransactionSegment:
		s.take(e.Segment)
	case edi.TransactionEnd:
		if s.m != nil {
			if e.Segment != nil {
				s.take(e.Segment)
			}
			s.t.finish()
		}
	}
	return e, nil
}

func (s *stream) begin(e *edi.Event) error {
	s.m, s.n, s.g = nil, 0, s.v.Guide()
	if s.g == nil {
		return nil
	}
	if s.maps != nil {
		m, err := s.maps.Map(s.g)
		if err != nil && !errors.Is(err, ErrNoMap) {
			return err
		}
		s.m = m
	}
	if s.m != nil {
		s.t.begin(s.m)
		s.t.release = e.Segment.Delimiters().Release
	} else {
		s.raw.begin(s.of(s.g))
		s.raw.release = e.Segment.Delimiters().Release
	}
	s.take(e.Segment)
	return nil
}

func (s *stream) take(seg *edi.Segment) {
	switch {
	case s.m != nil:
		s.seen = seen{source: seg, number: s.n, plain: s.t.release == 0}
		if s.seen.plain {
			s.seen.first = pack(seg.Element(1))
		}
		s.t.take(s.v.Use(), &s.seen)
	case s.g != nil:
		s.raw.take(s.v.Use(), seg)
	}
	s.n++
}

// Record is a canonical record with the place that it comes from, as [JSON]
// writes it.
type Record struct {
	Kind        string  `json:"kind"`  // SalesReport, or the set such as 850 where the guide alone says how it reads
	Guide       string  `json:"guide"` // x12/004010/867
	Interchange string  `json:"interchange"`
	Group       string  `json:"group"`
	Transaction string  `json:"transaction"`
	Errors      int     `json:"errors,omitempty"` // found in the document; the record may lack something
	Record      *Object `json:"record"`
}

// head writes a Record up to the record itself.
func (s *stream) head(e *edi.Event, kind string, errs int) []byte {
	b := s.line[:0]
	for i, part := range [...]string{
		"kind", kind, "guide", s.g.Name, "interchange", e.Interchange.ControlNumber(), "group", e.Group.ControlNumber(), "transaction", e.Transaction.ControlNumber(),
	} {
		b = append(b, "{:,:,:,:,:"[i])
		b = quote(b, part)
	}
	if errs > 0 {
		b = append(b, `,"errors":`...)
		b = strconv.AppendInt(b, int64(errs), 10)
	}
	return append(b, `,"record":`...)
}

// appendJSON writes a frame as an object, its fields in the order of the map.
func (t *tape) appendJSON(b []byte, frame int32) []byte {
	f := &t.frames[frame]
	b = append(b, '{')
	first := len(b)
	for i, r := range f.scope.rules {
		n := t.slots[f.slots+int32(i)].head
		if n == 0 || r.loop == nil && t.nodes[n].from == t.nodes[n].to {
			continue
		}
		if len(b) > first {
			b = append(b, ',')
		}
		b = append(b, r.key...)
		if !r.list {
			b = t.appendNode(b, r, n)
			continue
		}
		b = append(b, '[')
		for ; n != 0; n = t.nodes[n].next {
			b = append(t.appendNode(b, r, n), ',')
		}
		b[len(b)-1] = ']'
	}
	return append(b, '}')
}

func (t *tape) appendNode(b []byte, r *rule, n int32) []byte {
	v := &t.nodes[n]
	if r.loop != nil {
		return t.appendJSON(b, v.frame)
	}
	text := t.text[v.from:v.to]
	if !v.plain {
		return quote(b, text)
	}
	return append(append(append(b, '"'), text...), '"')
}

// plain are the bytes that a string of JSON holds as they are.
var plain = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= ' ' && c < 0x7f && c != '"' && c != '\\'
	}
	return t
}()

// quote writes a string of JSON. Nearly all values of documents are plain
// ASCII, which needs no more than quotes.
func quote[T string | []byte](b []byte, s T) []byte {
	b = append(b, '"')
	for i := range len(s) {
		if !plain[s[i]] {
			return append(escape(append(b, s[:i]...), string(s[i:])), '"')
		}
	}
	return append(append(b, s...), '"')
}

func escape(b []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029':
			b = fmt.Appendf(b, "\\u%04x", r)
		default: // what is not UTF-8 comes as U+FFFD
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}
