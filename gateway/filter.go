package gateway

import (
	"encoding/json"
	"slices"

	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// order reads an orderBy argument.
func order(k *schema.Kind, arg any) ([]partners.Order, error) {
	list, _ := arg.([]any)
	if len(list) == 0 {
		return nil, nil
	}
	if len(list) > 1 {
		return nil, refuse("orderBy takes one entry")
	}
	o := list[0].(map[string]any)
	wanted := partners.Order{Desc: o["direction"] == "DESC"}
	for _, f := range k.Fields {
		if f.Sort && sdl.OrderEnum(f) == o["field"] {
			wanted.Field = f
		}
	}
	return []partners.Order{wanted}, nil
}

// condition is a filter in the language of policy.
type condition struct {
	And   []condition `json:"and,omitempty"`
	Or    []condition `json:"or,omitempty"`
	Not   *condition  `json:"not,omitempty"`
	Field string      `json:"field,omitempty"`
	Op    string      `json:"op,omitempty"`
	Value any         `json:"value,omitempty"`
}

// filter turns a filter argument into the language of policy, and has it
// read there: that language has one reader and one printer.
func filter(k *schema.Kind, arg any) (*policy.Filter, error) {
	input, _ := arg.(map[string]any)
	list, err := conditions(k, input)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	raw, err := json.Marshal(all(list))
	if err != nil {
		return nil, err
	}
	return policy.ParseFilter(k, raw)
}

// all joins conditions by and; one alone needs none.
func all(list []condition) condition {
	if len(list) == 1 {
		return list[0]
	}
	return condition{And: list}
}

// conditions lists what a filter input states, all of which must hold.
func conditions(k *schema.Kind, input map[string]any) ([]condition, error) {
	var list []condition
	for _, f := range k.Fields {
		if operators, ok := input[f.Name].(map[string]any); ok {
			more, err := comparisons(f, operators)
			if err != nil {
				return nil, refuse("filter: %s: %v", f.Name, err)
			}
			list = append(list, more...)
		}
	}
	and, err := each(k, input["and"])
	if err != nil {
		return nil, err
	}
	or, err := each(k, input["or"])
	if err != nil {
		return nil, err
	}
	list = append(list, and...)
	if len(or) > 0 {
		list = append(list, condition{Or: or})
	}
	if not, ok := input["not"].(map[string]any); ok {
		inner, err := conditions(k, not)
		if err != nil {
			return nil, err
		}
		if len(inner) > 0 {
			one := all(inner)
			list = append(list, condition{Not: &one})
		}
	}
	return list, nil
}

// each gives one condition for every input of a list that states something.
func each(k *schema.Kind, inputs any) ([]condition, error) {
	var list []condition
	items, _ := inputs.([]any)
	for _, item := range items {
		inner, err := conditions(k, item.(map[string]any))
		if err != nil {
			return nil, err
		}
		if len(inner) > 0 {
			list = append(list, all(inner))
		}
	}
	return list, nil
}

// operators in the order in which they are printed, so that one filter has one text.
var operators = []string{"eq", "ne", "in", "lt", "lte", "gt", "gte", "startsWith", "contains", "has", "isNull"}

func comparisons(f *schema.Field, given map[string]any) ([]condition, error) {
	var list []condition
	for _, op := range operators {
		value, stated := given[op]
		if !stated {
			continue
		}
		if value == nil {
			return nil, refuse("%s is null; leave it out, or ask by isNull for what is not stated", op)
		}
		if op != "isNull" {
			var err error
			if value, err = comparand(f, value); err != nil {
				return nil, err
			}
		}
		list = append(list, condition{Field: f.Name, Op: op, Value: value})
	}
	return list, nil
}

// comparand gives a value in JSON as schema writes it.
func comparand(f *schema.Field, value any) (any, error) {
	if items, ok := value.([]any); ok {
		list := slices.Clone(items)
		for i, item := range items {
			one, err := comparand(f, item)
			if err != nil {
				return nil, err
			}
			list[i] = one
		}
		return list, nil
	}
	if text, ok := value.(string); ok && f.Target() != nil {
		id, err := sdl.ParseIDOf(f.Target(), text)
		if err != nil {
			return nil, refuse("%v", err)
		}
		return id, nil
	}
	return f.EncodeValue(value)
}
