package guide

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// line is one line of a guide file: its words, quoted text being one word.
type line struct {
	number int
	indent int
	words  []string
}

// splitLines cuts a guide file into lines, without comments and empty ones. A
// comment begins with # at the start of a line or after white space.
func splitLines(text string) ([]line, error) {
	n := strings.Count(text, "\n") + 1
	s := splitter{text: text, lines: make([]line, 0, n), words: make([]string, 0, 4*n)}
	for s.text != "" {
		if _, err := s.next(); err != nil {
			return nil, err
		}
	}
	return s.lines, nil
}

// splitter cuts a file into lines, all of them or those of one entry at a time.
type splitter struct {
	text   string // what is still to be read
	number int    // of lines read
	lines  []line
	words  []string // of all lines, so that reading allocates little
	ahead  line     // read already; it begins the next entry
}

// entry reads a line and those below it, none at the end of the file. They are
// valid until the next call.
func (s *splitter) entry() ([]line, error) {
	s.lines, s.words = s.lines[:0], append(s.words[:0], s.ahead.words...)
	if len(s.words) > 0 {
		s.lines = append(s.lines, line{s.ahead.number, s.ahead.indent, slices.Clip(s.words)})
		s.ahead = line{}
	}
	for s.text != "" {
		said, err := s.next()
		if err != nil {
			return nil, err
		}
		if last := len(s.lines) - 1; said && last > 0 && s.lines[last].indent <= s.lines[0].indent {
			s.ahead, s.lines = s.lines[last], s.lines[:last]
			break
		}
	}
	return s.lines, nil
}

// next reads a line and tells whether it says anything.
func (s *splitter) next() (bool, error) {
	raw, rest, _ := strings.Cut(s.text, "\n")
	s.text = rest
	s.number++
	body := strings.TrimLeft(raw, " ")
	from := len(s.words)
	var err error
	if s.words, err = splitWords(s.words, body); err != nil {
		return false, fmt.Errorf("line %d: %w", s.number, err)
	}
	if len(s.words) == from {
		return false, nil
	}
	s.lines = append(s.lines, line{s.number, len(raw) - len(body), s.words[from:len(s.words):len(s.words)]})
	return true, nil
}

// splitWords appends the words of one line.
func splitWords(words []string, s string) ([]string, error) {
	for {
		for s != "" && isSpace(s[0]) {
			s = s[1:]
		}
		if s == "" || s[0] == '#' {
			return words, nil
		}
		if s[0] == '"' {
			i := strings.IndexByte(s[1:], '"')
			if i < 0 {
				return nil, fmt.Errorf("text without its closing quote: %s", s)
			}
			words, s = append(words, s[1:i+1]), s[i+2:]
			continue
		}
		i := 1
		for i < len(s) && !isSpace(s[i]) {
			i++
		}
		words, s = append(words, s[:i]), s[i:]
	}
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\r' }

// children are the lines below lines[0] that are indented deeper.
func children(lines []line) []line {
	n := 1
	for n < len(lines) && lines[n].indent > lines[0].indent {
		n++
	}
	return lines[1:n]
}

func (l line) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: %s", l.number, fmt.Sprintf(format, args...))
}

// word returns the n-th word, "" if there is none.
func (l line) word(n int) string {
	if n >= len(l.words) {
		return ""
	}
	return l.words[n]
}

// has tells whether a word after the first n is w.
func (l line) has(n int, w string) bool {
	for i := n; i < len(l.words); i++ {
		if l.words[i] == w {
			return true
		}
	}
	return false
}

func (l line) integer(n int) (int, error) {
	v, err := strconv.Atoi(l.word(n))
	if err != nil || v < 0 {
		return 0, l.errorf("%q is no number", l.word(n))
	}
	return v, nil
}
