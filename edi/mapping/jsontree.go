package mapping

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// jsonTree is a text of JSON cut into its values, without a pointer and without
// allocations once it has been used.
type jsonTree struct {
	text  []byte
	at    int
	depth int
	plain []byte // strings that had escapes in them
	nodes []jsonNode
}

// jsonNode is a value, with its name where it is a member of an object.
type jsonNode struct {
	kind     byte // { [ " or 0 for null
	name     span
	value    span
	first    int32
	next     int32
	trailing int32 // of { and [, the last child
}

// span is a text in jsonTree.text, or in jsonTree.plain when it begins with ^.
type span struct{ from, to int32 }

var errJSON = errors.New("want an object of objects, lists and strings")

// parse cuts a text; node 1 is its value.
func (t *jsonTree) parse(text []byte) error {
	t.text, t.at, t.depth = text, 0, 0
	t.plain, t.nodes = t.plain[:0], append(t.nodes[:0], jsonNode{})
	if err := t.parseValue(0, span{}); err != nil {
		return fmt.Errorf("at byte %d of the record: %w", t.at+1, err)
	}
	if t.space(); t.at < len(t.text) {
		return fmt.Errorf("at byte %d of the record: something stands behind it", t.at+1)
	}
	return nil
}

func (t *jsonTree) space() {
	for t.at < len(t.text) && (t.text[t.at] == ' ' || t.text[t.at] == '\n' || t.text[t.at] == '\t' || t.text[t.at] == '\r') {
		t.at++
	}
}

// sign passes over space and the byte c, and tells whether that was there.
func (t *jsonTree) sign(c byte) bool {
	t.space()
	if t.at < len(t.text) && t.text[t.at] == c {
		t.at++
		return true
	}
	return false
}

func (t *jsonTree) parseValue(above int32, name span) error {
	t.space()
	if t.at >= len(t.text) {
		return errJSON
	}
	n := int32(len(t.nodes))
	t.nodes = append(t.nodes, jsonNode{name: name})
	up := &t.nodes[above]
	if up.first == 0 {
		up.first = n
	} else {
		t.nodes[up.trailing].next = n
	}
	up.trailing = n
	switch c := t.text[t.at]; c {
	case '"':
		v, err := t.parseString()
		t.nodes[n].kind, t.nodes[n].value = c, v
		return err
	case '{', '[':
		from := t.at
		err := t.parseMembers(n, c)
		t.nodes[n].kind, t.nodes[n].value = c, span{int32(from), int32(t.at)}
		return err
	case 'n':
		if t.at+4 <= len(t.text) && string(t.text[t.at:t.at+4]) == "null" {
			t.at += 4
			return nil
		}
	}
	return errJSON
}

func (t *jsonTree) parseMembers(n int32, open byte) error {
	closing := open + 2 // { and }, [ and ] are two apart
	t.at++
	if t.depth++; t.depth > 100 {
		return errors.New("it is nested too deeply")
	}
	defer func() { t.depth-- }()
	if t.sign(closing) {
		return nil
	}
	for {
		var name span
		if open == '{' {
			var err error
			if t.space(); t.at >= len(t.text) || t.text[t.at] != '"' {
				return errJSON
			}
			if name, err = t.parseString(); err != nil {
				return err
			}
			if !t.sign(':') {
				return errJSON
			}
		}
		if err := t.parseValue(n, name); err != nil {
			return err
		}
		if t.sign(closing) {
			return nil
		}
		if !t.sign(',') {
			return errJSON
		}
	}
}

func (t *jsonTree) parseString() (span, error) {
	t.at++
	from := t.at
	for t.at < len(t.text) {
		for t.at < len(t.text) && plain[t.text[t.at]] {
			t.at++
		}
		if t.at == len(t.text) {
			break
		}
		switch c := t.text[t.at]; {
		case c == '"':
			t.at++
			return span{int32(from), int32(t.at - 1)}, nil
		case c == '\\':
			return t.parseEscaped(from)
		case c < ' ':
			return span{}, errors.New("a control character stands in a string")
		}
		t.at++
	}
	return span{}, errors.New("a string has no end")
}

// parseEscaped reads a string in which something is escaped.
func (t *jsonTree) parseEscaped(from int) (span, error) {
	end := t.at
	for end < len(t.text) && t.text[end] != '"' {
		if t.text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(t.text) {
		return span{}, errors.New("a string has no end")
	}
	begin := len(t.plain)
	var err error
	if t.plain, err = unescape(t.plain, t.text[from:end]); err != nil {
		return span{}, err
	}
	t.at = end + 1
	return span{^int32(begin), int32(len(t.plain))}, nil
}

func unescape(dst, s []byte) ([]byte, error) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' {
			return dst, errors.New("a control character stands in a string")
		}
		if c != '\\' {
			dst = append(dst, c)
			continue
		}
		i++
		switch c := s[i]; c {
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'b', 'f', 'n', 'r', 't':
			dst = append(dst, map[byte]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}[c])
		case 'u':
			r, n, err := hexRune(s[i+1:])
			if err != nil {
				return dst, err
			}
			dst = utf8.AppendRune(dst, r)
			i += n
		default:
			return dst, fmt.Errorf("%q is no escape", s[i-1:i+1])
		}
	}
	return dst, nil
}

// hexRune reads the digits of a \u escape, and of the second half of a pair. It says
// how many bytes it took.
func hexRune(s []byte) (rune, int, error) {
	first, err := hex(s)
	if err != nil || first < 0xd800 || first >= 0xe000 {
		return first, 4, err
	}
	if len(s) >= 10 && first < 0xdc00 && s[4] == '\\' && s[5] == 'u' {
		if second, err := hex(s[6:]); err == nil && second >= 0xdc00 && second < 0xe000 {
			return (first-0xd800)<<10 + second - 0xdc00 + 0x10000, 10, nil
		}
	}
	return utf8.RuneError, 4, nil
}

func hex(s []byte) (rune, error) {
	if len(s) < 4 {
		return 0, errors.New(`\u wants four digits`)
	}
	n, err := strconv.ParseUint(string(s[:4]), 16, 16)
	if err != nil {
		return 0, fmt.Errorf(`\u%s is no character`, s[:4])
	}
	return rune(n), nil
}

// bytes gives the text of a span.
func (t *jsonTree) bytes(s span) []byte {
	if s.from < 0 {
		return t.plain[^s.from:s.to]
	}
	return t.text[s.from:s.to]
}

// member is the value with a name in an object, 0 if there is none.
func (t *jsonTree) member(object int32, name string) int32 {
	for n := t.nodes[object].first; n != 0; n = t.nodes[n].next {
		if string(t.bytes(t.nodes[n].name)) == name {
			return n
		}
	}
	return 0
}
