package mapping

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"fondaco/schema"
)

// converter translates between the text of an element and its canonical form.
// Decode of Encode is the canonical form of any value that Encode takes.
type converter interface {
	decode(element string) (string, error)
	encode(value string) (string, error)
}

// parseConverter reads a type: nothing, text, date, decimal, integer,
// implied 2, code TABLE. It says how many words it took.
func (m *Map) parseConverter(words []string) (converter, int, error) {
	if len(words) == 0 || words[0] == "negative" {
		return asText{}, 0, nil
	}
	switch words[0] {
	case "text":
		return asText{}, 1, nil
	case "date":
		return asDate{}, 1, nil
	case "decimal":
		return asDecimal{}, 1, nil
	case "integer":
		return asInteger{}, 1, nil
	}
	if len(words) < 2 {
		return nil, 0, fmt.Errorf("%q is none of text, date, decimal, integer, implied N, code TABLE", words[0])
	}
	switch words[0] {
	case "implied":
		n, err := strconv.ParseInt(words[1], 10, 32)
		if err != nil || n < 1 || n > 9 {
			return nil, 0, fmt.Errorf("%q is no number of implied decimals", words[1])
		}
		return asImplied{int32(n)}, 2, nil
	case "code":
		if t := m.codes[words[1]]; t != nil {
			return t, 2, nil
		}
		return nil, 0, fmt.Errorf("no table of codes is named %q", words[1])
	}
	return nil, 0, fmt.Errorf("%q is none of text, date, decimal, integer, implied N, code TABLE", words[0])
}

// asText is text. Bytes that are not UTF-8 are read as ISO 8859-1, which older
// systems send.
type asText struct{}

func (asText) decode(s string) (string, error) {
	if utf8.ValidString(s) {
		return s, nil
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes), nil
}

func (asText) encode(s string) (string, error) {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) {
		return "", fmt.Errorf("%q has characters that no document can carry", s)
	}
	return s, nil
}

// asDate is a day: CCYYMMDD in the document, 2026-01-31 in the record.
type asDate struct{}

func (asDate) decode(s string) (string, error) {
	t, err := time.Parse("20060102", s)
	if err != nil || t.Year() == 0 {
		return "", fmt.Errorf("%q is no date in the form CCYYMMDD", s)
	}
	return t.Format(time.DateOnly), nil
}

func (asDate) encode(s string) (string, error) {
	d, err := schema.ParseDate(s)
	if err != nil {
		return "", err
	}
	return d.Time(time.UTC).Format("20060102"), nil
}

// asDecimal is a number with its decimal point.
type asDecimal struct{}

func (asDecimal) decode(s string) (string, error) {
	d, err := schema.ParseDecimal(s)
	if err != nil {
		return "", err
	}
	return d.String(), nil
}

func (a asDecimal) encode(s string) (string, error) { return a.decode(s) }

// asInteger is a number without a fraction.
type asInteger struct{}

func (asInteger) decode(s string) (string, error) {
	d, err := schema.ParseDecimal(s)
	if err != nil {
		return "", err
	}
	if !d.IsInteger() {
		return "", fmt.Errorf("%q has a fraction", s)
	}
	return d.Truncate(0).String(), nil
}

func (a asInteger) encode(s string) (string, error) { return a.decode(s) }

// asImplied is a number whose decimal point is not written: 1237 for 12.37.
type asImplied struct{ places int32 }

func (a asImplied) decode(s string) (string, error) {
	d, err := schema.ParseDecimal(s)
	if err != nil {
		return "", err
	}
	if strings.Contains(s, ".") {
		return d.String(), nil // some senders write the point all the same, and then it counts
	}
	return d.Shift(-a.places).String(), nil
}

func (a asImplied) encode(s string) (string, error) {
	d, err := schema.ParseDecimal(s)
	if err != nil {
		return "", err
	}
	if d = d.Shift(a.places); !d.IsInteger() {
		return "", fmt.Errorf("%s has more than %d decimals", s, a.places)
	}
	return d.Truncate(0).String(), nil
}

// codes is a table of codes. What it lacks passes through in both directions:
// the names of a table begin with a small letter, and codes never do.
type codes struct {
	name  string
	names map[string]string // by code
	first map[string]string // the code written, by name
}

func (t *codes) decode(s string) (string, error) {
	if name, ok := t.names[s]; ok {
		return name, nil
	}
	if small(s) {
		return "", fmt.Errorf("%q is no code", s)
	}
	return s, nil
}

func (t *codes) encode(s string) (string, error) {
	if code, ok := t.first[s]; ok {
		return code, nil
	}
	if small(s) {
		return "", fmt.Errorf("the table %s has no %q", t.name, s)
	}
	return s, nil
}

func small(s string) bool { return s != "" && s[0] >= 'a' && s[0] <= 'z' }

// parseCodes reads a table: a name, and the codes that mean it.
func parseCodes(l *line) (*codes, error) {
	t := &codes{name: l.word(1), names: map[string]string{}, first: map[string]string{}}
	for _, c := range l.below {
		name := c.word(0)
		if len(c.words) < 2 || !small(name) {
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
		}
	}
	return t, nil
}

// negate gives the number with a minus sign.
func negate(s string) string {
	d, err := decimal.NewFromString(s)
	if err != nil || !d.IsPositive() {
		return s
	}
	return d.Neg().String()
}
