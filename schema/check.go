package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Check holds a record that lies with its owner against the facts of its
// kind: what is required, how long a text may be, which values an enum has.
// It returns all that is wrong, as [Errors].
func Check(e Entity) error {
	var errs Errors
	kind := KindOf(e)
	for _, f := range kind.Fields {
		if message := f.check(f.Value(e)); message != "" {
			errs = append(errs, &Error{Code: CodeInvalid, Kind: kind.Name, Field: f.Name, Message: message})
		}
	}
	if message := checkAudience(AudienceOf(e)); message != "" {
		errs = append(errs, &Error{Code: CodeInvalid, Kind: kind.Name, Field: "audience", Message: message})
	}
	return errs.Err()
}

func (f *Field) check(value any) string {
	switch v := value.(type) {
	case nil:
		if f.Required {
			return "must be stated"
		}
	case string:
		return f.checkText(v)
	case []string:
		if len(v) > f.Max {
			return fmt.Sprintf("has %d entries; at most %d are allowed", len(v), f.Max)
		}
		for _, s := range v {
			if message := f.checkText(s); message != "" {
				return message
			}
		}
	case []ID:
		if len(v) > f.Max {
			return fmt.Sprintf("has %d entries; at most %d are allowed", len(v), f.Max)
		}
	case json.RawMessage:
		return checkJSON(v)
	case Money:
		if !currencyKnown(v.Currency) {
			return fmt.Sprintf("currency %q is not one of ISO 4217", v.Currency)
		}
	}
	return ""
}

func (f *Field) checkText(s string) string {
	if f.Enum != nil {
		if !slices.Contains(f.Enum, s) {
			return fmt.Sprintf("%q is not one of %s", shorten(s), strings.Join(f.Enum, ", "))
		}
		return ""
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "must be text in UTF-8 without NUL characters"
	}
	most := f.Max
	if f.Type == TextList {
		most = maxEntry
	}
	if n := utf8.RuneCountInString(s); n > most {
		return fmt.Sprintf("has %d characters; at most %d are allowed", n, most)
	}
	return ""
}

// maxEntry is the most characters of one text in a list.
const maxEntry = 500

// checkJSON refuses what is no JSON object or array, and what is one that
// PostgreSQL's jsonb cannot hold.
func checkJSON(raw json.RawMessage) string {
	if !json.Valid(raw) || (raw[0] != '{' && raw[0] != '[') {
		return "must be a JSON object or array"
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil { // io.EOF: all was valid
			return ""
		}
		switch t := token.(type) {
		case string:
			if strings.ContainsRune(t, 0) {
				return "must have no NUL characters in its texts"
			}
		case json.Number:
			if _, err := t.Float64(); err != nil {
				return fmt.Sprintf("the number %s is too large", shorten(t.String()))
			}
		}
	}
}

func checkAudience(a *Audience) string {
	switch {
	case a == nil:
	case a.Audience == AudienceIsTeam && a.AudienceTeam.IsZero():
		return "TEAM needs audienceTeam"
	case a.Audience != AudienceIsTeam && !a.AudienceTeam.IsZero():
		return "audienceTeam goes with TEAM alone"
	case a.Audience == AudienceIsFirms && len(a.AudienceFirms) == 0:
		return "FIRMS needs at least one firm in audienceFirms"
	case a.Audience != AudienceIsFirms && len(a.AudienceFirms) > 0:
		return "audienceFirms goes with FIRMS alone"
	}
	return ""
}

// unknownEnum tells whether a value is an enum value that this version does
// not know.
func (f *Field) unknownEnum(value any) bool {
	switch v := value.(type) {
	case string:
		return f.Enum != nil && !slices.Contains(f.Enum, v)
	case []string:
		return f.Enum != nil && slices.ContainsFunc(v, func(s string) bool { return !slices.Contains(f.Enum, s) })
	}
	return false
}

// Normalize puts texts into Unicode's form NFC, trims space around them, leaves
// out the empty ones of a list, and rounds an amount to its currency's minor
// units. What is normal stays as it is.
func Normalize(e Entity) {
	for _, f := range KindOf(e).Fields {
		v := f.of(e)
		switch x := f.Value(e).(type) {
		case string:
			v.SetString(normal(x))
		case []string:
			for i := range x {
				x[i] = normal(x[i])
			}
			setList(v, slices.DeleteFunc(x, func(s string) bool { return s == "" }))
		case json.RawMessage:
			v.SetBytes(normalJSON(x))
		case Money:
			x.Amount = x.Amount.Round(minorUnits(x.Currency))
			v.Set(reflect.ValueOf(x))
		}
	}
}

func normal(s string) string { return strings.TrimSpace(norm.NFC.String(s)) }

// normalJSON writes JSON anew, which drops what has no meaning: space, the
// order of keys, and halves of surrogate pairs, which no database can hold.
// What is no JSON is left for [Check] to refuse.
func normalJSON(raw json.RawMessage) json.RawMessage {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if !json.Valid(raw) || d.Decode(&v) != nil {
		return raw
	}
	if text, err := json.Marshal(v); err == nil {
		return text
	}
	return raw
}
