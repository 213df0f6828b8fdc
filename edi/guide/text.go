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
	var lines []line
	for i, raw := range strings.Split(text, "\n") {
		l := line{number: i + 1, indent: len(raw) - len(strings.TrimLeft(raw, " "))}
		words, err := splitWords(strings.TrimSpace(raw))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if l.words = words; len(words) > 0 {
			lines = append(lines, l)
		}
	}
	return lines, nil
}

func splitWords(s string) ([]string, error) {
	var words []string
	for s = strings.TrimSpace(s); s != "" && s[0] != '#'; s = strings.TrimSpace(s) {
		if s[0] != '"' {
			i := strings.IndexAny(s, " \t")
			if i < 0 {
				i = len(s)
			}
			words, s = append(words, s[:i]), s[i:]
			continue
		}
		i := strings.IndexByte(s[1:], '"')
		if i < 0 {
			return nil, fmt.Errorf("text without its closing quote: %s", s)
		}
		words, s = append(words, s[1:i+1]), s[i+2:]
	}
	return words, nil
}

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
