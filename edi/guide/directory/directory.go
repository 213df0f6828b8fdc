package directory

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"fondaco/edi/guide"
)

// Directory is what was read of a directory.
type Directory struct {
	Version    string // D.96A
	elements   map[string]*element
	composites map[string]*list
	segments   map[string]*list
	messages   []*message
	failed     []MessageError
}

// Options choose what is written. The zero value writes everything but code
// lists.
type Options struct {
	// Messages are those to write, all of them if empty.
	Messages []string
	// Codes tells whether a value of an element's code list is written; AllCodes
	// keeps every one.
	Codes func(element, value string) bool
	// Compact leaves out what none of the written messages uses.
	Compact bool

	used map[string]bool
}

// AllCodes keeps the whole of every code list.
func AllCodes(string, string) bool { return true }

func (o Options) keeps(id string) bool { return o.used == nil || o.used[id] }

// Writer takes the files of a library by their names, as edifact/d96a/dictionary.
type Writer interface {
	WriteFile(name string, data []byte) error
}

// Folder writes into a folder of this path, which is made if need be.
type Folder string

// WriteFile writes one file.
func (f Folder) WriteFile(name string, data []byte) error {
	p := filepath.Join(string(f), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		return err
	}
	return os.WriteFile(p, data, 0o644)
}

// Memory keeps the files by their names.
type Memory map[string][]byte

// WriteFile keeps one file.
func (m Memory) WriteFile(name string, data []byte) error {
	m[name] = slices.Clone(data)
	return nil
}

// Report says what an import has done.
type Report struct {
	Version                        string // D.96A
	Folder                         string // edifact/d96a
	Elements, Composites, Segments int
	Codes                          int            // in all code lists
	Messages                       []string       // written, in order
	Failed                         []MessageError // and those that were not
}

// MessageError is a message that could not be read.
type MessageError struct {
	Message string
	Err     error
}

// Error names the message.
func (f MessageError) Error() string { return f.Message + ": " + f.Err.Error() }

// Unwrap gives the reason.
func (f MessageError) Unwrap() error { return f.Err }

// ErrNoDirectory says that an archive holds no directory.
var ErrNoDirectory = errors.New("no directory of UN/EDIFACT in the archive: lists of elements (EDED), composites (EDCD) and segments (EDSD), and messages such as ORDERS_D.96A")

// Import reads the ZIP file of a directory and writes its dictionary and a guide
// for each message. A message that cannot be read is in the report and does not
// stop the others.
func Import(r io.ReaderAt, size int64, out Writer, o Options) (*Report, error) {
	d, err := Read(r, size)
	if err != nil {
		return nil, err
	}
	return d.Write(out, o)
}

// Read reads the ZIP file of a directory.
func Read(r io.ReaderAt, size int64) (*Directory, error) {
	var a archive
	if err := a.read(r, size, 0); err != nil {
		return nil, err
	}
	d := &Directory{elements: map[string]*element{}, composites: map[string]*list{}, segments: map[string]*list{}}
	// elements come from their own list first, then from where they are used
	for _, want := range []kind{kindElements, kindCodes, kindComposites, kindSegments} {
		for _, f := range a.texts {
			if kindOf(f.name) == want {
				d.list(want, f.lines)
			}
		}
	}
	for _, f := range a.texts {
		if !isMessage(f.name) {
			continue
		}
		m, err := parseMessage(f)
		if err != nil {
			d.failed = append(d.failed, MessageError{f.name, err})
			continue
		}
		d.messages = append(d.messages, m)
		if d.Version == "" {
			d.Version = m.version
		}
	}
	slices.SortFunc(d.messages, func(a, b *message) int { return compare(a.name, b.name) })
	if len(d.messages) == 0 || len(d.segments) == 0 {
		return nil, ErrNoDirectory
	}
	return d, nil
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (d *Directory) list(k kind, lines []string) {
	switch k {
	case kindElements:
		d.elementList(lines, false)
	case kindCodes:
		d.elementList(lines, true)
	case kindComposites:
		d.lists(lines, compositeHead, d.composites)
	case kindSegments:
		d.lists(lines, segmentHead, d.segments)
	case kindNone:
	}
}

// Write writes the dictionary and the guides, each of which it has compiled
// before.
func (d *Directory) Write(out Writer, o Options) (*Report, error) {
	chosen := d.chosen(o)
	if o.Compact {
		o.used = d.used(chosen)
	}
	at := folder(d.Version, "UN")
	rep := &Report{Version: d.Version, Folder: at, Elements: len(d.elements), Composites: len(d.composites), Segments: len(d.segments), Failed: slices.Clone(d.failed)}
	for _, e := range d.elements {
		rep.Codes += len(e.codes)
	}
	text := d.dictionary(o)
	dict, err := guide.ParseDictionary(at+"/dictionary", text)
	if err != nil {
		return rep, fmt.Errorf("the directory's lists do not fit together: %w", err)
	}
	if err := out.WriteFile(at+"/dictionary", []byte(text)); err != nil {
		return rep, err
	}
	for _, m := range chosen {
		name := at + "/" + m.name
		text := m.guide()
		if _, err := guide.Parse(name, text, dict); err != nil {
			rep.Failed = append(rep.Failed, MessageError{m.name, err})
			continue
		}
		if err := out.WriteFile(name+"/guide", []byte(text)); err != nil {
			return rep, err
		}
		rep.Messages = append(rep.Messages, m.name)
	}
	return rep, nil
}

func (d *Directory) chosen(o Options) []*message {
	if len(o.Messages) == 0 {
		return d.messages
	}
	var list []*message
	for _, m := range d.messages {
		if slices.Contains(o.Messages, m.name) {
			list = append(list, m)
		}
	}
	return list
}

// used collects what messages are made of.
func (d *Directory) used(messages []*message) map[string]bool {
	used := map[string]bool{}
	for _, m := range messages {
		for _, r := range m.rows {
			if s := d.segments[r.id]; s != nil && !r.group && !used[s.id] {
				d.use(used, s)
			}
		}
	}
	return used
}

func (d *Directory) use(used map[string]bool, l *list) {
	used[l.id] = true
	for _, p := range l.parts {
		if c := d.composites[p.id]; c != nil && !used[p.id] {
			d.use(used, c)
		}
		used[p.id] = true
	}
}
