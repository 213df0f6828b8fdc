package guide

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"fondaco/edi"
)

// ErrNoGuide says that a library has no guide for a set in a version.
var ErrNoGuide = errors.New("no guide")

// Library finds guides in file systems laid out as
//
//	x12/004010/867/guide          with x12/004010/dictionary
//	edifact/d96a/ORDERS/guide     with edifact/d96a/dictionary
//	edifact/d96a/ORDERS-EAN008/guide   for one association code alone
//
// A guide is read when it is first asked for and kept. A Library is safe for
// concurrent use.
type Library struct {
	files  []fs.FS
	mu     sync.Mutex
	asked  map[string]*entry
	guides map[string]*entry
	dicts  map[dictKey]*Dictionary
}

type entry struct {
	guide *Guide
	err   error
}

// NewLibrary returns a library of the guides in files. Where several file
// systems have the same guide, the first of them counts, so that one's own stand
// before those that come with the engine. A guide takes the dictionary beside it
// and, if there is none, that of another file system.
func NewLibrary(files ...fs.FS) *Library {
	return &Library{files: files, asked: map[string]*entry{}, guides: map[string]*entry{}, dicts: map[dictKey]*Dictionary{}}
}

// Guide returns the guide of an X12 set. The version may carry an industry
// suffix, as 004010VICS does; without a guide of its own the first six
// characters count. The error wraps ErrNoGuide when there is none.
func (l *Library) Guide(version, set string) (*Guide, error) {
	return l.ask(version+"/"+set, set, version, func(yield func(string) bool) {
		if plain(version) && plain(set) && yield(path.Join("x12", version, set)) && len(version) > 6 {
			yield(path.Join("x12", version[:6], set))
		}
	})
}

// Message returns the guide of an EDIFACT message by its identifier S009:
// version and release as D96A, controlling agency UN, type ORDERS and
// association code, which may be empty. A guide for the association code comes
// first. The error wraps ErrNoGuide when there is none.
func (l *Library) Message(version, agency, set, association string) (*Guide, error) {
	key := strings.Join([]string{"edifact", agency, version, set, association}, "/")
	return l.ask(key, set, version, func(yield func(string) bool) {
		dir := strings.ToLower(version)
		if agency != "UN" && agency != "" {
			dir = strings.ToLower(agency) + "-" + dir
		}
		if !plain(version+agency+"x") || !plain(set) {
			return
		}
		if a := plainPart(association); a != "" && !yield(path.Join("edifact", dir, set+"-"+a)) {
			return
		}
		if yield(path.Join("edifact", dir, set)) && set == "CONTRL" {
			yield("edifact/d3/CONTRL") // older syntax, or told by directory
		}
	})
}

// knows tells whether there are guides of a version of X12, its industry's suffix
// not regarded.
func (l *Library) knows(version string) bool {
	if len(version) < 6 || !plain(version) {
		return false
	}
	for _, files := range l.files {
		for _, dir := range []string{version, version[:6]} {
			if info, err := fs.Stat(files, path.Join("x12", dir)); err == nil && info.IsDir() {
				return true
			}
		}
	}
	return false
}

// ask keeps what was asked for, found or not.
func (l *Library) ask(key, set, version string, names func(func(string) bool)) (*Guide, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.asked[key]; e != nil {
		return e.guide, e.err
	}
	e := &entry{err: fmt.Errorf("%w for set %q in version %q", ErrNoGuide, set, version)}
	names(func(name string) bool {
		found := l.load(name, 0)
		if errors.Is(found.err, ErrNoGuide) {
			return true
		}
		e = found
		return false
	})
	// what a sender makes up must not fill the memory
	if e.err == nil || len(l.asked) < 1000 {
		l.asked[key] = e
	}
	return e.guide, e.err
}

// Load returns a guide by its name, as x12/004010/867 or edifact/d96a/ORDERS.
func (l *Library) Load(name string) (*Guide, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !fs.ValidPath(name) {
		return nil, fmt.Errorf("%w named %q", ErrNoGuide, name)
	}
	e := l.load(name, 0)
	return e.guide, e.err
}

// Read reads a guide file that is not in the library, with the dictionary of
// its version or, if it extends a guide, with that from the library.
func (l *Library) Read(name, text string) (*Guide, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.read(name, text, 0, 0)
}

func (l *Library) load(name string, depth int) *entry {
	if e := l.guides[name]; e != nil {
		return e
	}
	e := &entry{}
	text, home, err := l.file(name+"/guide", 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.err = fmt.Errorf("%w named %s", ErrNoGuide, name)
		return e
	case err != nil:
		e.err = fmt.Errorf("guide %s: %w", name, err)
	default:
		e.guide, e.err = l.read(name, text, home, depth)
	}
	l.guides[name] = e
	return e
}

// maxDepth is how many guides may extend one another.
const maxDepth = 8

// read reads a guide that stands in l.files[home].
func (l *Library) read(name, text string, home, depth int) (*Guide, error) {
	lines, err := splitLines(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	g := &Guide{Name: name}
	base, err := g.header(lines)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if base == "" {
		dir := path.Join("x12", g.Version)
		if g.Standard == edi.EDIFACT {
			dir = path.Join("edifact", strings.ToLower(strings.ReplaceAll(g.Version, ".", "")))
			if g.Group != "UN" {
				dir = path.Join("edifact", path.Base(path.Dir(name)))
			}
		}
		d, err := l.dictionary(dir, home)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return parse(name, lines, d)
	}
	if depth == maxDepth {
		return nil, fmt.Errorf("%s: guides extend one another in a circle, or more than %d deep", name, maxDepth)
	}
	e := l.load(base, depth+1)
	if e.err != nil {
		return nil, fmt.Errorf("%s extends %s: %w", name, base, e.err)
	}
	return overlay(name, lines, e.guide)
}

// file reads a file from the first file system that has it, beginning with
// l.files[home], and tells which one that was.
func (l *Library) file(name string, home int) (text string, at int, err error) {
	for i := range l.files {
		at = (home + i) % len(l.files)
		text, err := readText(l.files[at], name)
		if err == nil {
			return text, at, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", at, err
		}
	}
	return "", 0, fs.ErrNotExist
}

// readText reads a file that is kept as text, so that it need not be copied.
func readText(files fs.FS, name string) (string, error) {
	f, err := files.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	var text strings.Builder
	if info, err := f.Stat(); err == nil && info.Size() < maxFile {
		text.Grow(int(info.Size()))
	}
	chunk := make([]byte, 4096)
	for {
		n, err := f.Read(chunk)
		text.Write(chunk[:n])
		if err == io.EOF {
			return text.String(), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// maxFile is how much memory a file is given before it is read.
const maxFile = 1 << 20

// plain keeps what a sender writes from becoming a path.
func plain(s string) bool {
	return s != "" && edi.ClassOf([]byte(s))&^(edi.Digit|edi.Upper|edi.Lower) == 0
}

// plainPart is what an association code such as EDIEL2 or 1.1e has of letters
// and digits.
func plainPart(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, s)
}

// dictKey names a dictionary: several file systems may have one of the same
// version, each for its own guides.
type dictKey struct {
	dir  string
	home int
}

func (l *Library) dictionary(dir string, home int) (*Dictionary, error) {
	key := dictKey{dir, home}
	if d := l.dicts[key]; d != nil {
		return d, nil
	}
	text, at, err := l.file(dir+"/dictionary", home)
	if err != nil {
		return nil, fmt.Errorf("dictionary of %s: %w", dir, err)
	}
	parse := ParseDictionary
	if _, own := l.files[at].(embed.FS); own { // what comes with a program is tested with it
		parse = outlined
	}
	d, err := parse(dir+"/dictionary", text)
	if err == nil {
		l.dicts[key], l.dicts[dictKey{dir, at}] = d, d
	}
	return d, err
}

// List names all guides, as x12/004010/867, in order.
func (l *Library) List() ([]string, error) {
	var all []string
	for _, files := range l.files {
		found, err := fs.Glob(files, "*/*/*/guide")
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			if name := path.Dir(f); !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	slices.Sort(all)
	return all, nil
}

//go:embed envelope
var envelopeText string

// envelopes is the dictionary of the segments around X12 transactions, which
// are the same in every version.
var envelopes = sync.OnceValue(func() *Dictionary { return embedded("envelope", envelopeText) })

//go:embed service
var serviceText string

// service is the dictionary of the segments around and within EDIFACT messages
// that no directory has, since the syntax describes them.
var service = sync.OnceValue(func() *Dictionary { return embedded("service", serviceText) })

func embedded(name, text string) *Dictionary {
	d, err := ParseDictionary(name, text)
	if err != nil {
		panic(err) // an embedded file that the tests read
	}
	return d
}
