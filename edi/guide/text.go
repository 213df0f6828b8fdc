package guide

import (
	"fmt"
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
	lines := make([]line, 0, n)
	words := make([]string, 0, 4*n) // of all lines, so that reading allocates little
	for number := 1; text != ""; number++ {
		raw, rest, _ := strings.Cut(text, "\n")
		text = rest
		body := strings.TrimLeft(raw, " ")
		from := len(words)
		var err error
		if words, err = splitWords(words, body); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if len(words) > from {
			lines = append(lines, line{number, len(raw) - len(body), words[from:len(words):len(words)]})
		}
	}
	return lines, nil
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
