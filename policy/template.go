package policy

import (
	"embed"
	"errors"
	"io/fs"
	"sync"
)

//go:embed templates/*.csv
var templates embed.FS

// A rulebook is rules that were read and found good.
type rulebook struct {
	lines []line
	edges []edge
	about map[topic][]*line
}

// shipped gives the rules that are part of the program. A mistake in them is
// a mistake of a programmer: it panics.
var shipped = sync.OnceValue(func() rulebook {
	book, err := readTemplates(templates)
	if err != nil {
		panic("policy: " + err.Error())
	}
	return book
})

func readTemplates(files fs.FS) (rulebook, error) {
	var book rulebook
	paths, err := fs.Glob(files, "templates/*.csv")
	if err != nil {
		return book, err
	}
	for _, path := range paths {
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return book, err
		}
		d := dialect{
			name: path[len("templates/"):], domain: every, subject: shippedSubject, inherits: true,
			scopes: []string{scopeChildren, scopeAddressed},
		}
		lines, edges, err := d.parse(string(text))
		if err != nil {
			return book, err
		}
		book.lines, book.edges = append(book.lines, lines...), append(book.edges, edges...)
	}
	if len(book.lines) == 0 {
		return book, errors.New("no rules: without rules nothing can be decided")
	}
	book.about = byTopic(book.lines)
	return book, checkInheritance(book.edges)
}
