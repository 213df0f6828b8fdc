package operation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// variableDepth is how deep the JSON of variables may nest. Each level is read
// once more, so that depth must not grow with length.
const variableDepth = 32

// coerceVariables reads the variables of an operation by their types. The
// values are those of package schema: int64, decimal.Decimal, schema.Date,
// time.Time, json.RawMessage for JSON; enum values and ids are strings, input
// objects are map[string]any. An absent variable is absent, a null one is nil.
func coerceVariables(s *ast.Schema, def *ast.OperationDefinition, given map[string]json.RawMessage) (map[string]any, *gqlerror.Error) {
	vars := map[string]any{}
	for _, v := range def.VariableDefinitions {
		raw, present := given[v.Variable]
		if !present {
			if v.DefaultValue != nil {
				value, err := literal(s, v.DefaultValue, v.Type, nil)
				if err != nil {
					return nil, inputError(v.Position, "Variable $%s: default: %v.", v.Variable, err)
				}
				vars[v.Variable] = value
			} else if v.Type.NonNull {
				return nil, inputError(v.Position, "Variable $%s must be given.", v.Variable)
			}
			continue
		}
		if deeper(raw, variableDepth) {
			return nil, inputError(v.Position, "Variable $%s nests deeper than %d levels.", v.Variable, variableDepth)
		}
		value, err := fromJSON(s, raw, v.Type)
		if err != nil {
			return nil, inputError(v.Position, "Variable $%s: %v.", v.Variable, err)
		}
		vars[v.Variable] = value
	}
	return vars, nil
}

// deeper tells whether JSON nests deeper than most levels.
func deeper(raw json.RawMessage, most int) bool {
	depth, text := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			if depth++; depth > most {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// fromJSON coerces JSON to an input type.
func fromJSON(s *ast.Schema, raw json.RawMessage, t *ast.Type) (any, error) {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0 || string(raw) == "null":
		if t.NonNull {
			return nil, errors.New("want a value other than null")
		}
		return nil, nil
	case t.Elem != nil:
		return listFromJSON(s, raw, t.Elem)
	}
	def := s.Types[t.NamedType]
	switch def.Kind {
	case ast.InputObject:
		return objectFromJSON(s, raw, def)
	case ast.Enum:
		var name string
		if raw[0] != '"' || json.Unmarshal(raw, &name) != nil || def.EnumValues.ForName(name) == nil {
			return nil, fmt.Errorf("want a value of the enum %s", def.Name)
		}
		return name, nil
	default:
		return scalars[def.Name].of(def.Name, raw)
	}
}

func listFromJSON(s *ast.Schema, raw json.RawMessage, elem *ast.Type) (any, error) {
	if raw[0] != '[' { // a single value stands for a list of one
		one, err := fromJSON(s, raw, elem)
		return []any{one}, err
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil, errors.New("want a list")
	}
	list := make([]any, len(items))
	for i, item := range items {
		value, err := fromJSON(s, item, elem)
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		list[i] = value
	}
	return list, nil
}

func objectFromJSON(s *ast.Schema, raw json.RawMessage, def *ast.Definition) (any, error) {
	var given map[string]json.RawMessage
	if raw[0] != '{' || json.Unmarshal(raw, &given) != nil {
		return nil, fmt.Errorf("want an object with the fields of %s", def.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if def.Fields.ForName(name) == nil {
			return nil, fmt.Errorf("%s has no field %q", def.Name, name)
		}
	}
	return object(s, def, func(f *ast.FieldDefinition) (any, bool, error) {
		item, present := given[f.Name]
		if !present {
			return nil, false, nil
		}
		value, err := fromJSON(s, item, f.Type)
		return value, true, err
	})
}

// object builds an input object from what is given for each of its fields.
func object(s *ast.Schema, def *ast.Definition, given func(*ast.FieldDefinition) (any, bool, error)) (any, error) {
	values := map[string]any{}
	for _, f := range def.Fields {
		value, present, err := given(f)
		if err == nil && !present {
			value, present, err = fallback(s, f.DefaultValue, f.Type)
		}
		if err == nil && present && value == nil && f.Type.NonNull {
			err = errors.New("want a value other than null")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if present {
			values[f.Name] = value
		}
	}
	return values, nil
}

// fallback gives the default of an argument or an input field that is absent.
func fallback(s *ast.Schema, v *ast.Value, t *ast.Type) (any, bool, error) {
	if v == nil {
		if t.NonNull {
			return nil, false, errors.New("must be given")
		}
		return nil, false, nil
	}
	value, err := literal(s, v, t, nil)
	return value, true, err
}

// Arguments coerces the arguments of a field. An absent one without a default
// is absent, a null one is nil.
func (op *Operation) Arguments(f *ast.Field) (map[string]any, *gqlerror.Error) {
	if len(f.Definition.Arguments) == 0 {
		return nil, nil
	}
	values := map[string]any{}
	for _, def := range f.Definition.Arguments {
		value, present, err := op.argument(f.Arguments.ForName(def.Name), def)
		if err != nil {
			return nil, inputError(f.Position, "Argument %s of %s: %v.", def.Name, f.Name, err)
		}
		if present {
			values[def.Name] = value
		}
	}
	return values, nil
}

func (op *Operation) argument(arg *ast.Argument, def *ast.ArgumentDefinition) (any, bool, error) {
	if arg == nil || absent(arg.Value, op.vars) {
		return fallback(op.schema, def.DefaultValue, def.Type)
	}
	value, err := literal(op.schema, arg.Value, def.Type, op.vars)
	return value, true, err
}

func absent(v *ast.Value, vars map[string]any) bool {
	if v.Kind != ast.Variable {
		return false
	}
	_, given := vars[v.Raw]
	return !given
}
