package operation

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// literal coerces a value of the document to an input type. Variables were
// coerced before, to types that the rules found to fit.
func literal(s *ast.Schema, v *ast.Value, t *ast.Type, vars map[string]any) (any, error) {
	if v.Kind == ast.Variable {
		value := vars[v.Raw]
		if value == nil && t.NonNull {
			return nil, errors.New("want a value other than null")
		}
		return value, nil
	}
	switch {
	case v.Kind == ast.NullValue:
		if t.NonNull {
			return nil, errors.New("want a value other than null")
		}
		return nil, nil
	case t.Elem != nil:
		return listLiteral(s, v, t.Elem, vars)
	}
	def := s.Types[t.NamedType]
	switch def.Kind {
	case ast.InputObject:
		return objectLiteral(s, v, def, vars)
	case ast.Enum:
		if v.Kind != ast.EnumValue || def.EnumValues.ForName(v.Raw) == nil {
			return nil, fmt.Errorf("want a value of the enum %s", def.Name)
		}
		return v.Raw, nil
	default:
		return scalarLiteral(v, def.Name, vars)
	}
}

func listLiteral(s *ast.Schema, v *ast.Value, elem *ast.Type, vars map[string]any) (any, error) {
	if v.Kind != ast.ListValue {
		one, err := literal(s, v, elem, vars)
		return []any{one}, err
	}
	list := make([]any, len(v.Children))
	for i, child := range v.Children {
		value, err := literal(s, child.Value, elem, vars)
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		list[i] = value
	}
	return list, nil
}

func objectLiteral(s *ast.Schema, v *ast.Value, def *ast.Definition, vars map[string]any) (any, error) {
	if v.Kind != ast.ObjectValue {
		return nil, fmt.Errorf("want an object with the fields of %s", def.Name)
	}
	return object(s, def, func(f *ast.FieldDefinition) (any, bool, error) {
		child := v.Children.ForName(f.Name)
		if child == nil || absent(child, vars) {
			return nil, false, nil
		}
		value, err := literal(s, child, f.Type, vars)
		return value, true, err
	})
}

func scalarLiteral(v *ast.Value, name string, vars map[string]any) (any, error) {
	s := scalars[name]
	switch {
	case name == "JSON":
		raw, err := jsonLiteral(v, vars)
		if err != nil {
			return nil, err
		}
		return s.document(raw)
	case (v.Kind == ast.StringValue || v.Kind == ast.BlockValue) && s.text != nil:
		return s.try(s.text, v.Raw)
	case v.Kind == ast.IntValue && s.number != nil,
		v.Kind == ast.FloatValue && name == "Float":
		return s.try(s.number, v.Raw)
	case v.Kind == ast.BooleanValue && name == "Boolean":
		return v.Raw == "true", nil
	}
	return nil, s.error()
}

// jsonLiteral writes a literal as JSON, for the scalar JSON.
func jsonLiteral(v *ast.Value, vars map[string]any) (json.RawMessage, error) {
	switch v.Kind {
	case ast.Variable:
		return json.Marshal(vars[v.Raw])
	case ast.StringValue, ast.BlockValue:
		return json.Marshal(v.Raw)
	case ast.IntValue, ast.FloatValue, ast.BooleanValue, ast.NullValue:
		return json.RawMessage(v.Raw), nil
	case ast.ListValue, ast.ObjectValue:
		b := []byte{'['}
		if v.Kind == ast.ObjectValue {
			b[0] = '{'
		}
		for i, child := range v.Children {
			if i > 0 {
				b = append(b, ',')
			}
			if v.Kind == ast.ObjectValue {
				b = append(append(append(b, '"'), child.Name...), '"', ':')
			}
			raw, err := jsonLiteral(child.Value, vars)
			if err != nil {
				return nil, err
			}
			b = append(b, raw...)
		}
		return append(b, b[0]+2), nil // ] and } stand two places after [ and {
	default:
		return nil, fmt.Errorf("%s is no JSON", v.Raw)
	}
}
