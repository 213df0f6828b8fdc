package guide

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sync"

	"fondaco/edi"
)

// ErrNoGuide says that a library has no guide for a set in a version.
var ErrNoGuide = errors.New("no guide")

// Library finds guides in a file system laid out as x12/004010/867/guide, with
// the dictionary of the version in x12/004010/dictionary. A guide is read when
// it is first asked for and kept. A Library is safe for concurrent use.
type Library struct {
	files  fs.FS
	mu     sync.Mutex
	guides map[string]*entry
	dicts  map[string]*Dictionary
}

type entry struct {
	guide *Guide
	err   error
}

// NewLibrary returns a library of the guides in files.
func NewLibrary(files fs.FS) *Library {
	return &Library{files: files, guides: map[string]*entry{}, dicts: map[string]*Dictionary{}}
}

// Guide returns the guide of a set. The version may carry an industry suffix,
// as 004010VICS does; without a guide of its own the first six characters
// count. The error wraps ErrNoGuide when there is none.
func (l *Library) Guide(version, set string) (*Guide, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := version + "/" + set
	if e := l.guides[key]; e != nil {
		return e.guide, e.err
	}
	e := &entry{}
	e.guide, e.err = l.load(version, set)
	if errors.Is(e.err, ErrNoGuide) && len(version) > 6 {
		e.guide, e.err = l.load(version[:6], set)
	}
	// what a sender makes up must not fill the memory
	if e.err == nil || len(l.guides) < 1000 {
		l.guides[key] = e
	}
	return e.guide, e.err
}

func (l *Library) load(version, set string) (*Guide, error) {
	name := path.Join("x12", version, set)
	if !plain(version) || !plain(set) {
		return nil, fmt.Errorf("%w for set %q in version %q", ErrNoGuide, set, version)
	}
	text, err := fs.ReadFile(l.files, name+"/guide")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w for set %s in version %s", ErrNoGuide, set, version)
	}
	if err != nil {
		return nil, fmt.Errorf("guide %s: %w", name, err)
	}
	d, err := l.dictionary(path.Dir(name))
	if err != nil {
		return nil, err
	}
	return Parse(name, string(text), d)
}

// plain keeps what a sender writes from becoming a path.
func plain(s string) bool {
	return s != "" && edi.ClassOf([]byte(s))&^(edi.Digit|edi.Upper|edi.Lower) == 0
}

func (l *Library) dictionary(dir string) (*Dictionary, error) {
	if d := l.dicts[dir]; d != nil {
		return d, nil
	}
	text, err := fs.ReadFile(l.files, dir+"/dictionary")
	if err != nil {
		return nil, fmt.Errorf("dictionary of %s: %w", dir, err)
	}
	d, err := ParseDictionary(dir+"/dictionary", string(text))
	if err == nil {
		l.dicts[dir] = d
	}
	return d, err
}

// List names all guides, as x12/004010/867, in order.
func (l *Library) List() ([]string, error) {
	files, err := fs.Glob(l.files, "x12/*/*/guide")
	for i := range files {
		files[i] = path.Dir(files[i])
	}
	return files, err
}

//go:embed envelope
var envelopeText string

// envelopes is the dictionary of the segments around transactions, which are
// the same in every version.
var envelopes = sync.OnceValue(func() *Dictionary {
	d, err := ParseDictionary("envelope", envelopeText)
	if err != nil {
		panic(err) // an embedded file that the tests read
	}
	return d
})
