// Package introspect answers __schema and __type from the parsed schema.
//
// The answer is sorted like the schema definition itself and is the same each
// time, so that it can be compared and kept. Everything of the specification
// is there: descriptions, specifiedByURL, isOneOf, isRepeatable and
// deprecation of fields, arguments, input fields and enum values.
package introspect

import (
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/encode"
	"fondaco/gateway/operation"
)

// Schema appends what an operation selects of __schema.
func Schema(b []byte, op *operation.Operation, s *ast.Schema, sets []ast.SelectionSet) []byte {
	w := &writer{op: op, schema: s, b: b}
	w.object("__Schema", sets, w.schemaField)
	return w.b
}

// Type appends what an operation selects of __type(name:); null for a name of
// no type.
func Type(b []byte, op *operation.Operation, s *ast.Schema, name string, sets []ast.SelectionSet) []byte {
	w := &writer{op: op, schema: s, b: b}
	def := s.Types[name]
	if def == nil {
		w.null()
	} else {
		w.definition(def, sets)
	}
	return w.b
}

type writer struct {
	op     *operation.Operation
	schema *ast.Schema
	b      []byte
}

// object writes what is selected of an introspection type.
func (w *writer) object(typ string, sets []ast.SelectionSet, field func(operation.Group)) {
	w.b = append(w.b, '{')
	for i, g := range w.op.Collect(w.schema.Types[typ], sets...) {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.text(g.Key)
		w.b = append(w.b, ':')
		if g.Field.Name == "__typename" {
			w.text(typ)
			continue
		}
		field(g)
	}
	w.b = append(w.b, '}')
}

func (w *writer) text(s string) { w.b = encode.Text(w.b, s) }
func (w *writer) null()         { w.b = append(w.b, "null"...) }

func (w *writer) textOrNull(s string) {
	if s == "" {
		w.null()
		return
	}
	w.text(s)
}

func (w *writer) bool(v bool) {
	if v {
		w.b = append(w.b, "true"...)
		return
	}
	w.b = append(w.b, "false"...)
}

func listOf[T any](w *writer, list []T, one func(T)) {
	w.b = append(w.b, '[')
	for i, item := range list {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		one(item)
	}
	w.b = append(w.b, ']')
}

func (w *writer) schemaField(g operation.Group) {
	switch g.Field.Name {
	case "description":
		w.textOrNull(w.schema.Description)
	case "types":
		listOf(w, sorted(w.schema.Types), func(d *ast.Definition) { w.definition(d, g.Sets) })
	case "queryType":
		w.definition(w.schema.Query, g.Sets)
	case "mutationType":
		w.definition(w.schema.Mutation, g.Sets)
	case "subscriptionType":
		w.definition(w.schema.Subscription, g.Sets)
	case "directives":
		listOf(w, sorted(w.schema.Directives), func(d *ast.DirectiveDefinition) {
			w.object("__Directive", g.Sets, func(g operation.Group) { w.directiveField(d, g) })
		})
	}
}

func sorted[T any](m map[string]T) []T {
	var list []T
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, m[name])
	}
	return list
}

func (w *writer) directiveField(d *ast.DirectiveDefinition, g operation.Group) {
	switch g.Field.Name {
	case "name":
		w.text(d.Name)
	case "description":
		w.textOrNull(d.Description)
	case "isRepeatable":
		w.bool(d.IsRepeatable)
	case "locations":
		listOf(w, d.Locations, func(l ast.DirectiveLocation) { w.text(string(l)) })
	case "args":
		w.arguments(d.Arguments, g)
	}
}

// reference writes a type with its wrappers.
func (w *writer) reference(t *ast.Type, sets []ast.SelectionSet) {
	switch {
	case t.NonNull:
		inner := *t
		inner.NonNull = false
		w.wrapper("NON_NULL", &inner, sets)
	case t.Elem != nil:
		w.wrapper("LIST", t.Elem, sets)
	default:
		w.definition(w.schema.Types[t.NamedType], sets)
	}
}

func (w *writer) wrapper(kind string, of *ast.Type, sets []ast.SelectionSet) {
	w.object("__Type", sets, func(g operation.Group) {
		switch g.Field.Name {
		case "kind":
			w.text(kind)
		case "ofType":
			w.reference(of, g.Sets)
		default:
			w.null()
		}
	})
}

func (w *writer) definition(d *ast.Definition, sets []ast.SelectionSet) {
	if d == nil {
		w.null()
		return
	}
	w.object("__Type", sets, func(g operation.Group) { w.typeField(d, g) })
}

func (w *writer) typeField(d *ast.Definition, g operation.Group) {
	composite := d.Kind == ast.Object || d.Kind == ast.Interface
	switch name := g.Field.Name; {
	case name == "kind":
		w.text(string(d.Kind))
	case name == "name":
		w.text(d.Name)
	case name == "description":
		w.textOrNull(d.Description)
	case name == "specifiedByURL" && d.Kind == ast.Scalar:
		w.textOrNull(directiveText(d.Directives, "specifiedBy", "url"))
	case name == "isOneOf" && d.Kind == ast.InputObject:
		w.bool(d.Directives.ForName("oneOf") != nil)
	case name == "fields" && composite:
		w.fields(d, g)
	case name == "interfaces" && composite:
		listOf(w, d.Interfaces, func(i string) { w.definition(w.schema.Types[i], g.Sets) })
	case name == "possibleTypes" && d.IsAbstractType():
		listOf(w, byName(w.schema.PossibleTypes[d.Name]), func(p *ast.Definition) { w.definition(p, g.Sets) })
	case name == "enumValues" && d.Kind == ast.Enum:
		w.enumValues(d, g)
	case name == "inputFields" && d.Kind == ast.InputObject:
		w.inputFields(d, g)
	default:
		w.null()
	}
}

func byName(list []*ast.Definition) []*ast.Definition {
	return slices.SortedFunc(slices.Values(list), func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
}

func (w *writer) fields(d *ast.Definition, g operation.Group) {
	all := w.deprecatedToo(g)
	list := slices.DeleteFunc(slices.Clone(d.Fields), func(f *ast.FieldDefinition) bool {
		return strings.HasPrefix(f.Name, "__") || !all && deprecated(f.Directives)
	})
	listOf(w, list, func(f *ast.FieldDefinition) {
		w.object("__Field", g.Sets, func(g operation.Group) {
			switch g.Field.Name {
			case "name":
				w.text(f.Name)
			case "description":
				w.textOrNull(f.Description)
			case "args":
				w.arguments(f.Arguments, g)
			case "type":
				w.reference(f.Type, g.Sets)
			default:
				w.deprecation(f.Directives, g)
			}
		})
	})
}

func (w *writer) enumValues(d *ast.Definition, g operation.Group) {
	all := w.deprecatedToo(g)
	list := slices.DeleteFunc(slices.Clone(d.EnumValues), func(v *ast.EnumValueDefinition) bool {
		return !all && deprecated(v.Directives)
	})
	listOf(w, list, func(v *ast.EnumValueDefinition) {
		w.object("__EnumValue", g.Sets, func(g operation.Group) {
			switch g.Field.Name {
			case "name":
				w.text(v.Name)
			case "description":
				w.textOrNull(v.Description)
			default:
				w.deprecation(v.Directives, g)
			}
		})
	})
}

// inputValue is an argument or an input field.
type inputValue struct {
	name, description string
	typ               *ast.Type
	fallback          *ast.Value
	directives        ast.DirectiveList
}

func (w *writer) arguments(args ast.ArgumentDefinitionList, g operation.Group) {
	var list []inputValue
	for _, a := range args {
		list = append(list, inputValue{a.Name, a.Description, a.Type, a.DefaultValue, a.Directives})
	}
	w.inputValues(list, g)
}

func (w *writer) inputFields(d *ast.Definition, g operation.Group) {
	var list []inputValue
	for _, f := range d.Fields {
		list = append(list, inputValue{f.Name, f.Description, f.Type, f.DefaultValue, f.Directives})
	}
	w.inputValues(list, g)
}

func (w *writer) inputValues(list []inputValue, g operation.Group) {
	if !w.deprecatedToo(g) {
		list = slices.DeleteFunc(list, func(v inputValue) bool { return deprecated(v.directives) })
	}
	listOf(w, list, func(v inputValue) {
		w.object("__InputValue", g.Sets, func(g operation.Group) {
			switch g.Field.Name {
			case "name":
				w.text(v.name)
			case "description":
				w.textOrNull(v.description)
			case "type":
				w.reference(v.typ, g.Sets)
			case "defaultValue":
				if v.fallback == nil {
					w.null()
				} else {
					w.text(v.fallback.String())
				}
			default:
				w.deprecation(v.directives, g)
			}
		})
	})
}

// deprecatedToo reads the argument includeDeprecated.
func (w *writer) deprecatedToo(g operation.Group) bool {
	args, err := w.op.Arguments(g.Field)
	include, _ := args["includeDeprecated"].(bool)
	return include && err == nil
}

func deprecated(list ast.DirectiveList) bool { return list.ForName("deprecated") != nil }

func (w *writer) deprecation(list ast.DirectiveList, g operation.Group) {
	if g.Field.Name == "isDeprecated" {
		w.bool(deprecated(list))
		return
	}
	if !deprecated(list) {
		w.null()
		return
	}
	reason := directiveText(list, "deprecated", "reason")
	if reason == "" {
		reason = "No longer supported"
	}
	w.text(reason)
}

func directiveText(list ast.DirectiveList, directive, argument string) string {
	if d := list.ForName(directive); d != nil {
		if a := d.Arguments.ForName(argument); a != nil {
			return a.Value.Raw
		}
	}
	return ""
}
