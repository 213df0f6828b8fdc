// Package typesystem builds graphql-go's types from the parsed schema, so that
// its executor runs on the very schema that documents were validated against.
//
// graphql-go ends the process when a scalar panics with anything but an
// error, in a goroutine of its own. The scalars here cannot panic: they pass
// on what they are given, since values were coerced before. It also fills in
// the fields of types without a lock at their first use, so all are touched
// here, before there is a second goroutine.
package typesystem

import (
	"fmt"
	"maps"
	"slices"

	"github.com/graphql-go/graphql"
	gast "github.com/graphql-go/graphql/language/ast"
	"github.com/vektah/gqlparser/v2/ast"
)

// Options say how types are built.
type Options struct {
	// Leaf tells of which object types nothing but the value itself is wanted: they become scalars. Nil is none.
	Leaf func(*ast.Definition) bool
	// Resolve gives the resolver of a field, or nil for the default.
	Resolve func(parent *ast.Definition, f *ast.FieldDefinition) graphql.FieldResolveFn
	// ResolveType gives the name of the object type of a value of an abstract type.
	ResolveType func(value any) string
}

// Build makes the schema. It fails on what graphql-go cannot express.
func Build(s *ast.Schema, o Options) (graphql.Schema, error) {
	b := &builder{schema: s, Options: o, types: map[string]graphql.Type{}}
	var all []graphql.Type
	for _, name := range slices.Sorted(maps.Keys(s.Types)) {
		if def := s.Types[name]; !introspective(def) {
			all = append(all, b.named(name))
		}
	}
	built, err := graphql.NewSchema(graphql.SchemaConfig{
		Query: b.root(s.Query), Mutation: b.root(s.Mutation), Subscription: b.root(s.Subscription), Types: all,
	})
	if err != nil {
		return built, fmt.Errorf("build types: %w", err)
	}
	for _, t := range built.TypeMap() {
		switch t := t.(type) {
		case *graphql.Object:
			t.Fields()
		case *graphql.Interface:
			t.Fields()
		case *graphql.InputObject:
			t.Fields()
		}
		if t.Error() != nil {
			return built, fmt.Errorf("build type %s: %w", t.Name(), t.Error())
		}
	}
	return built, nil
}

func introspective(def *ast.Definition) bool { return len(def.Name) > 2 && def.Name[:2] == "__" }

type builder struct {
	Options
	schema *ast.Schema
	types  map[string]graphql.Type
}

func (b *builder) root(def *ast.Definition) *graphql.Object {
	if def == nil {
		return nil
	}
	return b.named(def.Name).(*graphql.Object)
}

var builtin = map[string]graphql.Type{
	"Int": graphql.Int, "Float": graphql.Float, "String": graphql.String, "Boolean": graphql.Boolean, "ID": graphql.ID,
}

func (b *builder) named(name string) graphql.Type {
	if t := builtin[name]; t != nil {
		return t
	}
	if t := b.types[name]; t != nil {
		return t
	}
	def := b.schema.Types[name]
	t := b.make(def)
	b.types[name] = t
	return t
}

func (b *builder) make(def *ast.Definition) graphql.Type {
	if def.Kind == ast.Scalar || def.Kind == ast.Object && b.Leaf != nil && b.Leaf(def) {
		return scalar(def)
	}
	switch def.Kind {
	case ast.Object:
		return graphql.NewObject(graphql.ObjectConfig{
			Name: def.Name, Description: def.Description,
			Interfaces: graphql.InterfacesThunk(func() []*graphql.Interface { return b.interfaces(def) }),
			Fields:     graphql.FieldsThunk(func() graphql.Fields { return b.fields(def) }),
		})
	case ast.Interface:
		return graphql.NewInterface(graphql.InterfaceConfig{
			Name: def.Name, Description: def.Description,
			Fields:      graphql.FieldsThunk(func() graphql.Fields { return b.fields(def) }),
			ResolveType: b.resolveType,
		})
	case ast.Enum:
		values := graphql.EnumValueConfigMap{}
		for _, v := range def.EnumValues {
			values[v.Name] = &graphql.EnumValueConfig{Value: v.Name, Description: v.Description}
		}
		return graphql.NewEnum(graphql.EnumConfig{Name: def.Name, Description: def.Description, Values: values})
	case ast.InputObject:
		return graphql.NewInputObject(graphql.InputObjectConfig{
			Name: def.Name, Description: def.Description,
			Fields: graphql.InputObjectConfigFieldMapThunk(func() graphql.InputObjectConfigFieldMap { return b.inputFields(def) }),
		})
	default:
		panic("typesystem: no type for " + string(def.Kind) + " " + def.Name)
	}
}

func scalar(def *ast.Definition) graphql.Type {
	same := func(v any) any { return v }
	return graphql.NewScalar(graphql.ScalarConfig{
		Name: def.Name, Description: def.Description, Serialize: same, ParseValue: same,
		ParseLiteral: func(v gast.Value) any { return v.GetValue() },
	})
}

func (b *builder) interfaces(def *ast.Definition) []*graphql.Interface {
	var list []*graphql.Interface
	for _, name := range def.Interfaces {
		list = append(list, b.named(name).(*graphql.Interface))
	}
	return list
}

func (b *builder) resolveType(p graphql.ResolveTypeParams) *graphql.Object {
	if b.ResolveType == nil {
		return nil
	}
	t, _ := b.types[b.ResolveType(p.Value)].(*graphql.Object)
	return t
}

func (b *builder) fields(def *ast.Definition) graphql.Fields {
	fields := graphql.Fields{}
	for _, f := range def.Fields {
		if introspective(&ast.Definition{Name: f.Name}) {
			continue
		}
		field := &graphql.Field{Name: f.Name, Description: f.Description, Type: b.reference(f.Type).(graphql.Output), Args: b.arguments(f)}
		if b.Resolve != nil {
			field.Resolve = b.Resolve(def, f)
		}
		fields[f.Name] = field
	}
	return fields
}

func (b *builder) arguments(f *ast.FieldDefinition) graphql.FieldConfigArgument {
	args := graphql.FieldConfigArgument{}
	for _, a := range f.Arguments {
		args[a.Name] = &graphql.ArgumentConfig{Type: b.reference(a.Type).(graphql.Input), Description: a.Description, DefaultValue: value(a.DefaultValue)}
	}
	return args
}

func (b *builder) inputFields(def *ast.Definition) graphql.InputObjectConfigFieldMap {
	fields := graphql.InputObjectConfigFieldMap{}
	for _, f := range def.Fields {
		fields[f.Name] = &graphql.InputObjectFieldConfig{Type: b.reference(f.Type).(graphql.Input), Description: f.Description, DefaultValue: value(f.DefaultValue)}
	}
	return fields
}

func value(v *ast.Value) any {
	if v == nil {
		return nil
	}
	plain, err := v.Value(nil)
	if err != nil {
		return nil
	}
	return plain
}

func (b *builder) reference(t *ast.Type) graphql.Type {
	switch {
	case t.NonNull:
		inner := *t
		inner.NonNull = false
		return graphql.NewNonNull(b.reference(&inner))
	case t.Elem != nil:
		return graphql.NewList(b.reference(t.Elem))
	default:
		return b.named(t.NamedType)
	}
}
