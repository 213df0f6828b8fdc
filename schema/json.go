package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// instantForm is RFC 3339 in UTC with microseconds, which is what PostgreSQL keeps.
const instantForm = "2006-01-02T15:04:05.999999Z"

// FormatInstant gives t in the form of the API: RFC 3339, UTC, microseconds.
func FormatInstant(t time.Time) string { return t.UTC().Format(instantForm) }

// ParseInstant reads RFC 3339 and keeps microseconds, in UTC.
func ParseInstant(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	t = t.UTC() // only then is the year the one that is kept
	if err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, fmt.Errorf("instant %q: want RFC 3339, such as 2026-01-31T12:00:00Z", shorten(s))
	}
	return t.Truncate(time.Microsecond), nil
}

// EncodeValue gives a canonical value of the field as JSON: decimals and days
// as strings, money as an object of amount and currency, links as ids.
func (f *Field) EncodeValue(value any) (json.RawMessage, error) {
	switch v := value.(type) {
	case decimal.Decimal:
		value = v.String()
	case Money:
		value = map[string]string{"amount": v.Amount.StringFixed(minorUnits(v.Currency)), "currency": v.Currency}
	case time.Time:
		value = FormatInstant(v)
	}
	b, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f, err)
	}
	return b, nil
}

// DecodeValue reads what [Field.EncodeValue] wrote. It is strict: a value of
// another JSON type than the field's is an error that names the field.
func (f *Field) DecodeValue(raw json.RawMessage) (any, error) {
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	v, err := f.decode(raw)
	if err != nil {
		return nil, &Error{Code: CodeInvalid, Kind: f.Kind.Name, Field: f.Name, Message: err.Error(), Err: err}
	}
	return v, nil
}

func (f *Field) decode(raw json.RawMessage) (any, error) {
	switch f.Type {
	case Text, Enum:
		s, err := into[string](raw, "a string")
		if s == "" {
			return nil, err
		}
		return s, err
	case Bool:
		return into[bool](raw, "true or false")
	case Int:
		return into[int64](raw, "a whole number")
	case Decimal:
		return parsed(raw, ParseDecimal)
	case Amount:
		m, err := into[struct{ Amount, Currency string }](raw, "an object of amount and currency")
		if err != nil {
			return nil, err
		}
		return ParseMoney(m.Amount, m.Currency)
	case Day:
		return parsed(raw, ParseDate)
	case Instant:
		return parsed(raw, ParseInstant)
	case Link:
		return parsed(raw, ParseID)
	case TextList, EnumList:
		return list(into[[]string](raw, "a list of strings"))
	case LinkList:
		return list(into[[]ID](raw, "a list of ids"))
	case JSON:
		if !json.Valid(raw) || (raw[0] != '{' && raw[0] != '[') {
			return nil, errors.New("want a JSON object or array")
		}
		return json.RawMessage(bytes.Clone(raw)), nil
	}
	panic("schema: unknown field type of " + f.String())
}

func into[T any](raw json.RawMessage, want string) (v T, err error) {
	if json.Unmarshal(raw, &v) != nil {
		return v, fmt.Errorf("%s: want %s", shorten(string(raw)), want)
	}
	return v, nil
}

func parsed[T any](raw json.RawMessage, parse func(string) (T, error)) (any, error) {
	s, err := into[string](raw, "a string")
	if err != nil {
		return nil, err
	}
	return parse(s)
}

func list[T any](l []T, err error) (any, error) {
	if len(l) == 0 {
		return nil, err
	}
	return l, err
}

// EncodeFields gives the fields in mask that are not null as a JSON object,
// in the order of the kind's fields. This is the form of a record in events,
// in exchanges between nodes and in mappings.
func EncodeFields(e Entity, mask Mask) (json.RawMessage, error) {
	b := []byte{'{'}
	for _, f := range KindOf(e).Fields {
		if !mask.Has(f.Bit) {
			continue
		}
		value := f.Value(e)
		if value == nil {
			continue
		}
		raw, err := f.EncodeValue(value)
		if err != nil {
			return nil, err
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, f.Name...)
		b = append(b, '"', ':')
		b = append(b, raw...)
	}
	return append(b, '}'), nil
}

// DecodeFields sets the fields of e from a JSON object. Fields and enum values
// that the kind does not know are returned, by name, and not set.
func DecodeFields(e Entity, raw json.RawMessage) (unknown map[string]json.RawMessage, err error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, &Error{Code: CodeInvalid, Message: "want a JSON object of fields", Err: err}
	}
	kind := KindOf(e)
	unknown = map[string]json.RawMessage{}
	for name, value := range object {
		f := kind.FieldNamed(name)
		if f == nil {
			unknown[name] = value
			continue
		}
		v, err := f.DecodeValue(value)
		if err != nil {
			return nil, err
		}
		if f.unknownEnum(v) {
			unknown[name] = value
			continue
		}
		if err := f.Set(e, v); err != nil {
			return nil, err
		}
	}
	return unknown, nil
}
