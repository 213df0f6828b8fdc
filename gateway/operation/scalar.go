package operation

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"fondaco/schema"
)

// scalar reads one scalar type, from a string or from a number as it was
// written; nil where that form is not taken. Nothing is converted silently:
// 1.5 is no Int, and 7 is no String.
type scalar struct {
	text   func(string) (any, error)
	number func(string) (any, error)
	want   string
}

var scalars = map[string]scalar{
	"String":   {text: parseText, want: "a string"},
	"ID":       {text: parseText, number: parseIntegral, want: "an id"},
	"Int":      {number: parseInt32, want: "a whole number of 32 bits"},
	"Float":    {number: parseFloat, want: "a number"},
	"Boolean":  {want: "true or false"},
	"Long":     {text: parseInt64, number: parseInt64, want: "a whole number of 64 bits"},
	"Decimal":  {text: anyOf(schema.ParseDecimal), want: "a decimal number as a string, such as \"12.50\""},
	"Date":     {text: anyOf(schema.ParseDate), want: "a day such as \"2026-01-31\""},
	"DateTime": {text: anyOf(schema.ParseInstant), want: "an instant such as \"2026-01-31T12:00:00Z\""},
	"JSON":     {want: "a JSON object or list"},
}

func anyOf[T any](parse func(string) (T, error)) func(string) (any, error) {
	return func(s string) (any, error) { return parse(s) }
}

var errForm = errors.New("form")

func parseText(s string) (any, error) {
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		return nil, errForm
	}
	return s, nil
}

func parseIntegral(s string) (any, error) {
	for _, c := range []byte(strings.TrimPrefix(s, "-")) {
		if c < '0' || c > '9' {
			return nil, errForm
		}
	}
	return s, nil
}

func parseInt64(s string) (any, error) { return strconv.ParseInt(s, 10, 64) }

// parseInt32 takes 1.0 and 1e3 too, as the specification asks for numbers
// without a fraction.
func parseInt32(s string) (any, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || f < math.MinInt32 || f > math.MaxInt32 {
		return nil, errForm
	}
	return int64(f), nil
}

func parseFloat(s string) (any, error) { return strconv.ParseFloat(s, 64) }

// of coerces raw JSON that is not null.
func (s scalar) of(name string, raw json.RawMessage) (any, error) {
	switch {
	case name == "JSON":
		return s.document(raw)
	case raw[0] == '"' && s.text != nil:
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, s.error()
		}
		return s.try(s.text, text)
	case (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9') && s.number != nil:
		return s.try(s.number, string(raw))
	case name == "Boolean" && (raw[0] == 't' || raw[0] == 'f'):
		return raw[0] == 't', nil
	}
	return nil, s.error()
}

func (s scalar) document(raw json.RawMessage) (any, error) {
	if (raw[0] != '{' && raw[0] != '[') || !json.Valid(raw) {
		return nil, s.error()
	}
	return raw, nil
}

func (s scalar) try(parse func(string) (any, error), text string) (any, error) {
	v, err := parse(text)
	if err != nil {
		return nil, s.error()
	}
	return v, nil
}

func (s scalar) error() error { return fmt.Errorf("want %s", s.want) }
