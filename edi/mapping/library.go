package mapping

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

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
	text, err := l.read(g)
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

// read finds the map of a guide: beside it, or beside the guide of the same set
// that partners use most, if that one says that it serves this version too. A
// partner's guide has the map of the guide that it restricts.
func (l *Library) read(g *guide.Guide) ([]byte, error) {
	for g.Base != nil {
		g = g.Base
	}
	text, err := fs.ReadFile(l.files, g.Name+"/map")
	if !errors.Is(err, fs.ErrNotExist) {
		return text, err
	}
	first := "x12/004010/"
	if isEDIFACT(g) {
		first = "edifact/d96a/"
	}
	if text, err = fs.ReadFile(l.files, first+g.Set+"/map"); err == nil && !serves(string(text), g.Version) {
		return nil, fs.ErrNotExist
	}
	return text, err
}

// serves tells whether a map names a version.
func serves(text, version string) bool {
	lines, err := readLines(text)
	return err != nil || len(lines) == 0 || slices.Contains(strings.Split(lines[0].word(2), "|"), version)
}
