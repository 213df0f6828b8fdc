package operation

import (
	"container/list"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// Store keeps the documents used last, good and bad ones, so that each is
// parsed and validated once. It is bounded by the length of their texts: a
// stranger who sends ever new ones pushes others out, and no more.
type Store struct {
	schema   *ast.Schema
	limits   Limits
	maxBytes int

	mu     sync.Mutex
	byText map[string]*list.Element
	recent list.List // of *kept, the one used last in front
	bytes  int
}

type kept struct {
	text string
	doc  *Document
}

// perDocument is what a document weighs beside its text.
const perDocument = 256

// NewStore makes a Store for documents of a schema, whose texts have maxBytes
// together. The parsed form takes some twenty times the text.
func NewStore(schema *ast.Schema, limits Limits, maxBytes int) *Store {
	return &Store{schema: schema, limits: limits, maxBytes: maxBytes, byText: map[string]*list.Element{}}
}

// Document gives the document of a text.
func (s *Store) Document(text string) *Document {
	if len(text) > s.limits.Bytes {
		return Parse(s.schema, s.limits, text) // refused at a glance; not worth keeping
	}
	if doc := s.kept(text); doc != nil {
		return doc
	}
	doc := Parse(s.schema, s.limits, text)
	s.keep(text, doc)
	return doc
}

func (s *Store) kept(text string) *Document {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.byText[text]
	if e == nil {
		return nil
	}
	s.recent.MoveToFront(e)
	return e.Value.(*kept).doc
}

func (s *Store) keep(text string, doc *Document) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byText[text] != nil {
		return
	}
	s.byText[text] = s.recent.PushFront(&kept{text, doc})
	for s.bytes += len(text) + perDocument; s.bytes > s.maxBytes; {
		old := s.recent.Remove(s.recent.Back()).(*kept)
		delete(s.byText, old.text)
		s.bytes -= len(old.text) + perDocument
	}
}

// Len tells how many documents are kept.
func (s *Store) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.recent.Len()
}
