package mapping

import (
	"fmt"
	"strings"
)

// line is one line of a map file, cut into words. A word holds quoted text
// with its quotes.
type line struct {
	number, indent int
	words          []string
	below          []*line
}

// readLines cuts a map file into lines, each with the lines that are indented
// deeper below it.
func readLines(text string) ([]*line, error) {
	top := &line{indent: -1}
	stack := []*line{top}
	for i, raw := range strings.Split(text, "\n") {
		words, err := cutWords(raw)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if len(words) == 0 {
			continue
		}
		l := &line{number: i + 1, indent: len(raw) - len(strings.TrimLeft(raw, " ")), words: words}
		for stack[len(stack)-1].indent >= l.indent {
			stack = stack[:len(stack)-1]
		}
		above := stack[len(stack)-1]
		above.below = append(above.below, l)
		stack = append(stack, l)
	}
	return top.below, nil
}

// cutWords splits at white space outside of quotes. A # at the beginning of a
// word starts a comment.
func cutWords(s string) ([]string, error) {
	var words []string
	for {
		s = strings.TrimLeft(s, " \t\r")
		if s == "" || s[0] == '#' {
			return words, nil
		}
		quoted, end := false, len(s)
		for i := range len(s) {
			if s[i] == '"' {
				quoted = !quoted
			}
			if !quoted && (s[i] == ' ' || s[i] == '\t') {
				end = i
				break
			}
		}
		if quoted {
			return nil, fmt.Errorf("text without its closing quote: %s", s)
		}
		words, s = append(words, s[:end]), s[end:]
	}
}

func (l *line) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: %s", l.number, fmt.Sprintf(format, args...))
}

// word returns the n-th word, "" if there is none.
func (l *line) word(n int) string {
	if n >= len(l.words) {
		return ""
	}
	return l.words[n]
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}
