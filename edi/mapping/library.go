package mapping

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"sync"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// ErrNoMap says that a library has no map for a guide.
var ErrNoMap = errors.New("no map")

// Library finds maps beside their guides: x12/004010/867/map. A map is read
// when it is first asked for and kept. A Library is safe for concurrent use.
type Library struct {
	files fs.FS
	mu    sync.Mutex
	maps  map[*guide.Guide]*entry
}

type entry struct {
	m   *Map
	err error
}

// NewLibrary returns a library of the maps in files.
func NewLibrary(files fs.FS) *Library {
	return &Library{files: files, maps: map[*guide.Guide]*entry{}}
}

// Map returns the map that belongs to a guide. The error wraps ErrNoMap when
// there is none.
func (l *Library) Map(g *guide.Guide) (*Map, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.maps[g]; e != nil {
		return e.m, e.err
	}
	e := &entry{}
	text, err := fs.ReadFile(l.files, g.Name+"/map")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.err = fmt.Errorf("%w for %s", ErrNoMap, g.Name)
	case err != nil:
		e.err = fmt.Errorf("map of %s: %w", g.Name, err)
	default:
		e.m, e.err = Parse(g.Name+"/map", string(text), g)
	}
	l.maps[g] = e
	return e.m, e.err
}

// Record is a canonical record with the place that it comes from, as [JSON]
// writes it.
type Record struct {
	Kind        string  `json:"kind"` // SalesReport
	Interchange string  `json:"interchange"`
	Group       string  `json:"group"`
	Transaction string  `json:"transaction"`
	Errors      int     `json:"errors,omitempty"` // found in the document; the record may lack something
	Record      *Object `json:"record"`
}

// JSON writes the canonical record of every transaction of r that has a map,
// one on a line. The transactions are read one at a time, so that files of any
// length fit. The error is about reading or writing.
func JSON(w io.Writer, r io.Reader, guides *guide.Library, maps *Library) error {
	var failed error
	var line []byte
	s := &Source{Validator: guide.NewValidator(edi.NewReader(r, edi.Options{}), guides, guide.Options{}), reuse: true}
	s.Done = func(e *edi.Event, d *Document) {
		m, err := maps.Map(d.Guide)
		if failed != nil || errors.Is(err, ErrNoMap) {
			return
		}
		if err != nil {
			failed = err
			return
		}
		o, problems := m.Decode(d)
		line = record(line[:0], m, e, d.Errors+len(problems), o)
		_, failed = w.Write(line)
	}
	for failed == nil {
		if _, err := s.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
	return failed
}

// record writes a canonical record with the place that it comes from: its
// kind, the control numbers around it, how many errors the document has, and
// the record itself, which lacks what could not be read.
func record(b []byte, m *Map, e *edi.Event, errors int, o *Object) []byte {
	for i, part := range []string{
		"kind", m.Target, "interchange", e.Interchange.ControlNumber(), "group", e.Group.ControlNumber(), "transaction", e.Transaction.ControlNumber(),
	} {
		b = append(b, "{:,:,:,:"[i])
		b = quote(b, part)
	}
	if errors > 0 {
		b = append(b, `,"errors":`...)
		b = strconv.AppendInt(b, int64(errors), 10)
	}
	b = append(b, `,"record":`...)
	return append(o.append(b), "}\n"...)
}
