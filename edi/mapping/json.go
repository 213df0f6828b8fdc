package mapping

import (
	"errors"
	"fmt"
	"io"
	"slices"
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
	return writeJSON(w, newStream(r, guides, maps, guide.Options{}))
}

func writeJSON(w io.Writer, s *stream) error {
	s.w = w
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
		if s.record(e); s.t.tooLate {
			return fmt.Errorf("transaction %s: %w", e.Transaction.ControlNumber(), errLate)
		}
		if _, err := w.Write(s.line); err != nil {
			return err
		}
		s.line = s.line[:0]
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
	claim
	layouts
	// A record that has grown to limit bytes is written to w as far as it is
	// complete; w is nil where records are kept. It is looked at again when its
	// nodes are more than patience.
	w        io.Writer
	limit    int
	patience int
}

// keptBytes is how much of a record is kept at most, if it can be written in
// pieces.
const keptBytes = 1 << 20

func newStream(r io.Reader, guides *guide.Library, maps *Library, o guide.Options) *stream {
	return &stream{v: guide.NewValidator(edi.NewReader(r, edi.Options{}), guides, o), maps: maps, layouts: layouts{}, limit: keptBytes}
}

// record ends the line of the transaction that has ended.
func (s *stream) record(e *edi.Event) {
	errs := e.Transaction.Errors
	if s.m == nil {
		s.line = append(s.line, s.raw.end()...)
	} else {
		errs += s.t.mistaken + len(s.t.mistakes(func(node) Origin { return Origin{} }))
		s.line = s.t.close(s.line)
	}
	if errs > 0 {
		s.line = append(s.line, `,"errors":`...)
		s.line = strconv.AppendInt(s.line, int64(errs), 10)
	}
	s.line = append(s.line, "}\n"...)
}

// relieve writes what is complete of a record that has become too large.
func (s *stream) relieve() error {
	if s.m == nil {
		if len(s.raw.out) < s.limit {
			return nil
		}
		s.line, s.raw.out = append(s.line, s.raw.out...), s.raw.out[:0]
	} else {
		if s.t.tooLate {
			return errLate
		}
		if !s.large() {
			return nil
		}
		s.line = s.t.flush(s.line)
		s.patience = 2 * len(s.t.nodes)
	}
	_, err := s.w.Write(s.line)
	s.line = s.line[:0]
	return err
}

// large tells that a record has become so large that it is worth while to see
// what of it can go.
func (s *stream) large() bool { return len(s.t.nodes) > s.patience && s.t.bytes() >= s.limit }

// bytes is about how much memory the record takes.
func (t *tape) bytes() int { return len(t.text) + 32*len(t.nodes) + 16*len(t.slots) }

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
		if s.take(e.Segment); s.w != nil && s.g != nil {
			return e, s.relieve()
		}
	case edi.TransactionEnd:
		switch {
		case s.certain:
			s.over()
		case s.m != nil:
			if e.Segment != nil {
				s.take(e.Segment)
			}
			s.t.finish()
		}
	}
	return e, nil
}

func (s *stream) begin(e *edi.Event) error {
	s.n = 0
	if g := s.v.Guide(); g != s.g { // as a rule it is that of the transaction before
		m, err := s.mapOf(g)
		if err != nil {
			return err
		}
		s.g, s.m = g, m
	}
	if s.g == nil {
		return nil
	}
	if s.claims != nil {
		s.asked(s.claims())
	}
	if s.certain {
		s.take(e.Segment)
		return nil
	}
	if s.m != nil {
		s.t.begin(s.m)
		d := e.Segment.Delimiters()
		s.t.release, s.t.component = d.Release, d.Component
	} else {
		s.raw.begin(s.of(s.g))
		s.raw.release = e.Segment.Delimiters().Release
	}
	if s.patience = 0; s.w != nil {
		s.head(e)
	}
	s.take(e.Segment)
	return nil
}

// mapOf is the map of a guide, nil if there is none.
func (s *stream) mapOf(g *guide.Guide) (*Map, error) {
	if g == nil || s.maps == nil {
		return nil, nil
	}
	m, err := s.maps.Map(g)
	if errors.Is(err, ErrNoMap) {
		return nil, nil
	}
	return m, err
}

func (s *stream) take(seg *edi.Segment) {
	switch {
	case s.certain:
		s.follow(s.v.Use())
	case s.m != nil:
		if s.seen.look(seg, s.v.Separators(), s.n, s.t.release, s.t.component); s.w != nil {
			s.t.pass(s.v.Use(), &s.seen)
		} else {
			s.t.take(s.v.Use(), &s.seen)
		}
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
	Record      *Object `json:"record"`
	Errors      int     `json:"errors,omitempty"` // found in the document; the record may lack something
}

// head begins the line of a Record, up to the record itself.
func (s *stream) head(e *edi.Event) {
	kind := s.g.Set
	if s.m != nil {
		kind = s.m.Target
	}
	b := s.line[:0]
	for i, part := range [...]string{
		"kind", kind, "guide", s.g.Name, "interchange", e.Interchange.ControlNumber(), "group", e.Group.ControlNumber(), "transaction", e.Transaction.ControlNumber(),
	} {
		b = append(b, "{:,:,:,:,:"[i])
		b = quote(b, part)
	}
	s.line = append(b, `,"record":`...)
}

// appendJSON writes a frame as an object, its fields in the order of the map. It
// is written out for single values that JSON has as they are, as nearly all are.
func (t *tape) appendJSON(b []byte, frame int32) []byte {
	f := &t.frames[frame]
	first, keys := len(b), f.scope.keys
	slots := t.slots[f.slots : int(f.slots)+len(keys)]
	text := t.text[:cap(t.text)]
	for i := range slots {
		n := slots[i].head
		if n == 0 {
			continue
		}
		k, v := &keys[i], &t.nodes[n]
		if k.leads == 0 || !v.plain {
			if r := f.scope.rules[i]; r.loop != nil || v.from != v.to {
				b = t.appendField(append(b, ','), r, n)
			}
			continue
		}
		from, to, at := int(v.from), int(v.to), len(b)
		if from == to {
			continue
		}
		end := at + k.leads + to - from
		if cap(b) < end+longName {
			b = slices.Grow(b, end+longName-at)
		}
		room := b[at:cap(b)]
		*(*[longName]byte)(room) = k.lead
		room = room[k.leads:]
		if from+chunk <= len(text) && to-from <= chunk {
			*(*[chunk]byte)(room) = *(*[chunk]byte)(text[from:])
		} else {
			copy(room, text[from:to])
		}
		b = b[:end+1]
		b[end] = '"'
	}
	if len(b) == first {
		return append(b, "{}"...)
	}
	b[first] = '{' // where the first field has its comma
	return append(b, '}')
}

// appendField writes a field with its name; n is its value or the first of them.
func (t *tape) appendField(b []byte, r *rule, n int32) []byte {
	if !r.list {
		return t.appendNode(b, r, r.key, n)
	}
	b = append(append(b, r.key...), '[')
	for ; n != 0; n = t.nodes[n].next {
		b = append(t.appendNode(b, r, nil, n), ',')
	}
	b[len(b)-1] = ']'
	return b
}

func (t *tape) appendNode(b []byte, r *rule, key []byte, n int32) []byte {
	v := &t.nodes[n]
	switch {
	case r.loop == nil:
	case v.frame == printed:
		return append(append(b, key...), t.text[v.from:v.to]...)
	default:
		return t.appendJSON(append(b, key...), v.frame)
	}
	if !v.plain {
		return quote(append(b, key...), t.text[v.from:v.to])
	}
	return t.appendPlain(b, key, v)
}

// appendPlain writes a value that JSON has as it is, behind its name.
func (t *tape) appendPlain(b, key []byte, v *node) []byte {
	size, from := int(v.to-v.from), len(b)
	end := from + len(key) + size + 2
	if cap(b) < end+chunk {
		b = slices.Grow(b, end-from+chunk)
	}
	to := b[from:cap(b)]
	shortCopy(to, key)
	to = to[len(key):]
	to[0] = '"'
	if to = to[1:]; int(v.from)+chunk <= len(t.text) {
		shortCopy(to, t.text[v.from:v.to])
	} else {
		copy(to, t.text[v.from:v.to])
	}
	to[size] = '"'
	return b[:end]
}

// chunk is how many bytes are copied at once: names and values are nearly all
// so short that to call for a copy costs more than to make it.
const chunk = 16

// longName is how long the name of a single value can be, with comma and quotes,
// to be written at once.
const longName = 32

// shortCopy copies a text that has chunk bytes of memory in any case, to where
// there is as much room.
func shortCopy(to, from []byte) {
	if len(from) == 0 {
		return
	}
	*(*[chunk]byte)(to) = *(*[chunk]byte)(from[:chunk])
	if len(from) > chunk {
		copy(to[chunk:], from[chunk:])
	}
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
