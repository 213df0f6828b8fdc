package gateway

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/schema"
)

// invalid is an error of a field of the input, for a person to correct.
func invalid(field, format string, args ...any) error {
	return &schema.Error{Code: schema.CodeInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// inputID reads the id of a record of kind k from a field of the input. An id
// of another kind names no record of this one.
func inputID(k *schema.Kind, input map[string]any, field string) (schema.ID, error) {
	text, _ := input[field].(string)
	id, err := sdl.ParseIDOf(k, text)
	if err != nil {
		return id, invalid(field, "%v", err)
	}
	return id, nil
}

// values gives what an input states of the fields of a record. null clears, absent keeps.
func values(c *sdl.Command, input map[string]any) (partners.Values, error) {
	list := partners.Values{}
	var errs schema.Errors
	for _, f := range c.Fields {
		given, stated := input[f.Name]
		if !stated {
			continue
		}
		v, err := value(f, given)
		if err != nil {
			errs = append(errs, &schema.Error{Code: schema.CodeInvalid, Kind: c.Kind.Name, Field: f.Name, Message: err.Error(), Err: err})
			continue
		}
		list[f.Name] = v
	}
	return list, errs.Err()
}

// value gives the canonical value of a field from its coerced input.
func value(f *schema.Field, given any) (any, error) {
	switch v := given.(type) {
	case nil:
		return cleared(f), nil
	case string:
		if f.Type == schema.Link {
			return sdl.ParseIDOf(f.Target(), v)
		}
		if v == "" {
			return nil, nil // an empty text is no text
		}
		return v, nil
	case map[string]any:
		amount, ok := v["amount"].(decimal.Decimal)
		currency, text := v["currency"].(string)
		if f.Type != schema.Amount || !ok || !text {
			return nil, errors.New("want an amount and a currency")
		}
		return schema.NewMoney(amount, currency)
	case []any:
		return listValue(f, v)
	case json.RawMessage, int64, bool, decimal.Decimal:
		return v, nil
	default:
		return v, nil // schema.Date and time.Time are canonical already
	}
}

// cleared gives the value of a field that is cleared: a Bool is never null.
func cleared(f *schema.Field) any {
	if f.Type == schema.Bool {
		return false
	}
	return nil
}

func listValue(f *schema.Field, items []any) (any, error) {
	if len(items) == 0 {
		return nil, nil
	}
	if f.Type == schema.LinkList {
		ids := make([]schema.ID, len(items))
		for i, item := range items {
			id, err := sdl.ParseIDOf(f.Target(), item.(string))
			if err != nil {
				return nil, err
			}
			ids[i] = id
		}
		return ids, nil
	}
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = item.(string)
	}
	return texts, nil
}
