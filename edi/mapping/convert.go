package mapping

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"fondaco/edi"
)

// converter translates between the text of an element and its canonical form;
// both append to dst. Decode of Encode is the canonical form of any value that
// Encode takes.
type converter interface {
	decode(dst, element []byte) ([]byte, error)
	encode(dst, value []byte) ([]byte, error)
}

const converterNames = "text, date, day, decimal, integer, implied N, code TABLE"

// parseConverter reads a type: nothing, text, date, day, decimal, integer,
// implied 2, code TABLE. It says how many words it took.
func (m *Map) parseConverter(words []string) (converter, int, error) {
	if len(words) == 0 || words[0] == "negative" {
		return asText{}, 0, nil
	}
	comma := isEDIFACT(m.Guide)
	switch words[0] {
	case "text":
		return asText{}, 1, nil
	case "date":
		return asDate{}, 1, nil
	case "day":
		return asDay{}, 1, nil
	case "decimal":
		return asDecimal{comma}, 1, nil
	case "integer":
		return asInteger{comma}, 1, nil
	}
	if len(words) < 2 {
		return nil, 0, fmt.Errorf("%q is none of %s", words[0], converterNames)
	}
	switch words[0] {
	case "implied":
		n, err := strconv.ParseInt(words[1], 10, 32)
		if err != nil || n < 1 || n > 9 {
			return nil, 0, fmt.Errorf("%q is no number of implied decimals", words[1])
		}
		return asImplied{int(n), comma}, 2, nil
	case "code":
		if t := m.codes[words[1]]; t != nil {
			return t, 2, nil
		}
		return nil, 0, fmt.Errorf("no table of codes is named %q", words[1])
	}
	return nil, 0, fmt.Errorf("%q is none of %s", words[0], converterNames)
}

// asText is text. Bytes that are not UTF-8 are read as ISO 8859-1, which older
// systems send.
type asText struct{}

func (asText) decode(dst, s []byte) ([]byte, error) {
	if utf8.Valid(s) {
		return append(dst, s...), nil
	}
	for _, c := range s {
		dst = utf8.AppendRune(dst, rune(c))
	}
	return dst, nil
}

func (asText) encode(dst, s []byte) ([]byte, error) {
	if c := edi.ClassOf(s); c&edi.Control != 0 || c&edi.High != 0 && !utf8.Valid(s) {
		return dst, fmt.Errorf("%q has characters that no document can carry", s)
	}
	return append(dst, s...), nil
}

// asDate is a day: CCYYMMDD in the document, 2026-01-31 in the record.
type asDate struct{}

func (asDate) decode(dst, s []byte) ([]byte, error) {
	if len(s) != 8 || !edi.ValidDate(s) || string(s[:4]) == "0000" {
		return dst, fmt.Errorf("%q is no date in the form CCYYMMDD", s)
	}
	return append(dst, s[0], s[1], s[2], s[3], '-', s[4], s[5], '-', s[6], s[7]), nil
}

func (asDate) encode(dst, s []byte) ([]byte, error) {
	from := len(dst)
	if len(s) == 10 && s[4] == '-' && s[7] == '-' {
		dst = append(append(append(dst, s[:4]...), s[5:7]...), s[8:]...)
	}
	if day := dst[from:]; len(day) != 8 || !edi.ValidDate(day) || string(day[:4]) == "0000" {
		return dst[:from], fmt.Errorf("date %q: want a day such as 2026-01-31", s[:min(len(s), 60)])
	}
	return dst, nil
}

// asDay is a day that may have a time of day behind it, as EDIFACT's formats
// 102, 203 and 204; the record has the day.
type asDay struct{}

func (asDay) decode(dst, s []byte) ([]byte, error) {
	if len(s) == 12 || len(s) == 14 {
		s = s[:8]
	}
	return asDate{}.decode(dst, s)
}

func (asDay) encode(dst, s []byte) ([]byte, error) { return asDate{}.encode(dst, s) }

// codes is a table of codes. What it lacks passes through in both directions:
// the names of a table begin with a small letter, and codes never do.
type codes struct {
	name  string
	names map[string]string // by code
	first map[string]string // the code written, by name
	// packed are the codes that are short, as nearly all are, and called their names.
	packed []uint64
	called []string
}

func (t *codes) decode(dst, s []byte) ([]byte, error) {
	if packed := pack(s); packed != 0 {
		if i := indexOf(t.packed, packed); i >= 0 {
			return append(dst, t.called[i]...), nil
		}
	} else if name, ok := t.names[string(s)]; ok {
		return append(dst, name...), nil
	}
	if small(s) {
		return dst, fmt.Errorf("%q is no code", s)
	}
	return asText{}.decode(dst, s)
}

func (t *codes) encode(dst, s []byte) ([]byte, error) {
	if code, ok := t.first[string(s)]; ok {
		return append(dst, code...), nil
	}
	if small(s) {
		return dst, fmt.Errorf("the table %s has no %q", t.name, s)
	}
	return asText{}.encode(dst, s)
}

func small[T string | []byte](s T) bool { return len(s) > 0 && s[0] >= 'a' && s[0] <= 'z' }

// parseCodes reads a table: a name, and the codes that mean it.
func parseCodes(l *line) (*codes, error) {
	t := &codes{name: l.word(1), names: map[string]string{}, first: map[string]string{}}
	for _, c := range l.below {
		name := c.word(0)
		if len(c.words) < 2 || !small(name) || !isPlain([]byte(name)) {
			return nil, c.errorf("an entry is a name with a small letter and its codes: original 00")
		}
		if _, twice := t.first[name]; twice {
			return nil, c.errorf("%q stands twice in the table %s", name, t.name)
		}
		t.first[name] = c.word(1)
		for _, code := range c.words[1:] {
			if _, twice := t.names[code]; twice || small(code) {
				return nil, c.errorf("the code %q stands twice in the table %s, or is none", code, t.name)
			}
			t.names[code] = name
			if packed := pack(code); packed != 0 {
				t.packed, t.called = append(t.packed, packed), append(t.called, name)
			}
		}
	}
	return t, nil
}
