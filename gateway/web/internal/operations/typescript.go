package operations

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

const generated = "// Generated from the .graphql files beside it by \"go generate\". Do not edit.\n"

// TypeScript gives the modules by file name: NAME.gen.ts for each NAME.graphql,
// and types.gen.ts with the enums and inputs that they use.
func (s *Set) TypeScript() map[string][]byte {
	w := &writer{set: s, used: map[string]bool{}}
	out := map[string][]byte{}
	for _, f := range s.files {
		out[f.name+".gen.ts"] = w.module(f)
	}
	out["types.gen.ts"] = w.types()
	return out
}

type writer struct {
	set     *Set
	used    map[string]bool // enums and inputs that some module names
	local   map[string]bool // those that the module in work names
	foreign map[string]bool // fragments of other modules that it names
	own     ast.FragmentDefinitionList
}

func (w *writer) module(f file) []byte {
	w.local, w.foreign, w.own = map[string]bool{}, map[string]bool{}, f.fragments
	var body strings.Builder
	for _, fr := range f.fragments {
		fmt.Fprintf(&body, "\nexport type %s = %s;\n", fr.Name, w.selection(fr.Definition, fr.SelectionSet, ""))
	}
	for _, op := range f.operations {
		w.operation(&body, op)
	}
	var head strings.Builder
	head.WriteString(generated)
	if len(f.operations) > 0 {
		head.WriteString("import type { Text } from \"../client\";\n")
	}
	if len(w.local) > 0 {
		fmt.Fprintf(&head, "import type { %s } from \"./types.gen\";\n", strings.Join(slices.Sorted(maps.Keys(w.local)), ", "))
	}
	for _, other := range w.set.files {
		var names []string
		for _, fr := range other.fragments {
			if w.foreign[fr.Name] {
				names = append(names, fr.Name)
			}
		}
		if len(names) > 0 {
			fmt.Fprintf(&head, "import type { %s } from \"./%s.gen\";\n", strings.Join(names, ", "), other.name)
		}
	}
	return []byte(head.String() + body.String())
}

func (w *writer) operation(b *strings.Builder, op *ast.OperationDefinition) {
	root := map[ast.Operation]*ast.Definition{
		ast.Query: w.set.schema.Query, ast.Mutation: w.set.schema.Mutation, ast.Subscription: w.set.schema.Subscription,
	}[op.Operation]
	var vars []string
	for _, v := range op.VariableDefinitions {
		vars = append(vars, w.member(v.Variable, v.Type, v.Type.NonNull && v.DefaultValue == nil))
	}
	variables := "Record<string, never>"
	if len(vars) > 0 {
		variables = "{ " + strings.Join(vars, "; ") + " }"
	}
	fmt.Fprintf(b, "\nexport type %sVariables = %s;\n", op.Name, variables)
	fmt.Fprintf(b, "export type %sData = %s;\n", op.Name, w.selection(root, op.SelectionSet, ""))
	fmt.Fprintf(b, "export const %s = %s as unknown as Text<%sData, %sVariables>;\n", op.Name, strconv.Quote(w.set.text(op)), op.Name, op.Name)
}

// text is the operation as it is sent, on one line.
func (s *Set) text(op *ast.OperationDefinition) string {
	var b bytes.Buffer
	doc := &ast.QueryDocument{Operations: ast.OperationList{op}, Fragments: s.spread(op.SelectionSet, nil)}
	formatter.NewFormatter(&b, formatter.WithCompacted()).FormatQueryDocument(doc)
	return strings.Join(strings.Fields(b.String()), " ")
}

// member is one property: a name that may be left out unless it is needed.
func (w *writer) member(name string, t *ast.Type, needed bool) string {
	mark := "?"
	if needed {
		mark = ""
	}
	return name + mark + ": " + w.of(t, w.named(t.Name()))
}

// of wraps the TypeScript of a named type in the lists and nulls of t.
func (w *writer) of(t *ast.Type, named string) string {
	text := named
	if t.Elem != nil {
		text = "readonly (" + w.of(t.Elem, named) + ")[]"
	}
	if !t.NonNull {
		text += " | null"
	}
	return text
}

func (w *writer) named(name string) string {
	switch name {
	case "Int", "Float":
		return "number"
	case "Boolean":
		return "boolean"
	case "JSON":
		return "unknown"
	}
	if w.set.schema.Types[name].Kind == ast.Scalar {
		return "string"
	}
	w.used[name] = true
	if w.local != nil {
		w.local[name] = true
	}
	return name
}

// selection is the type of what comes back for a selection on def. With a
// typename it is that of one concrete type behind an interface.
func (w *writer) selection(def *ast.Definition, set ast.SelectionSet, typename string) string {
	if def.IsAbstractType() && typename == "" {
		if concrete := w.alternatives(def, set); concrete != "" {
			return concrete
		}
	}
	var members, parts []string
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			members = append(members, w.field(sel, typename))
		case *ast.FragmentSpread:
			parts = append(parts, w.spreadType(sel.Name))
		case *ast.InlineFragment:
			switch {
			case w.abstract(sel.TypeCondition):
				parts = append(parts, "Partial<"+w.selection(w.set.schema.Types[sel.TypeCondition], sel.SelectionSet, "")+">")
			case typename == "" || sel.TypeCondition == typename:
				parts = append(parts, w.selection(sel.ObjectDefinition, sel.SelectionSet, ""))
			}
		}
	}
	if len(members) > 0 || len(parts) == 0 {
		parts = append([]string{"{ " + strings.Join(members, "; ") + " }"}, parts...)
	}
	return strings.Join(parts, " & ")
}

func (w *writer) field(f *ast.Field, typename string) string {
	if f.Name == "__typename" {
		if typename == "" {
			return f.Alias + ": string"
		}
		return f.Alias + ": " + strconv.Quote(typename)
	}
	target := w.set.schema.Types[f.Definition.Type.Name()]
	if len(f.SelectionSet) > 0 {
		return f.Alias + ": " + w.of(f.Definition.Type, w.selection(target, f.SelectionSet, ""))
	}
	return f.Alias + ": " + w.of(f.Definition.Type, w.named(target.Name))
}

func (w *writer) spreadType(name string) string {
	if w.own.ForName(name) == nil {
		w.foreign[name] = true
	}
	return name
}

// alternatives is a union told apart by __typename, when the selection has
// fragments on concrete types.
func (w *writer) alternatives(def *ast.Definition, set ast.SelectionSet) string {
	var mentioned []string
	for _, sel := range set {
		if in, ok := sel.(*ast.InlineFragment); ok && !slices.Contains(mentioned, in.TypeCondition) && !w.abstract(in.TypeCondition) {
			mentioned = append(mentioned, in.TypeCondition)
		}
	}
	if len(mentioned) == 0 {
		return ""
	}
	var union, rest []string
	for _, name := range mentioned {
		union = append(union, w.selection(def, set, name))
	}
	for _, possible := range w.set.schema.GetPossibleTypes(def) {
		if possible.Kind == ast.Object && !slices.Contains(mentioned, possible.Name) {
			rest = append(rest, strconv.Quote(possible.Name))
		}
	}
	slices.Sort(rest)
	others := w.selection(def, set, "\x00")
	union = append(union, strings.ReplaceAll(others, strconv.Quote("\x00"), strings.Join(rest, " | ")))
	return "(" + strings.Join(union, ") | (") + ")"
}

// abstract tells whether a fragment is on an interface: its fields are there
// for some of the types behind another one, and missing for the rest.
func (w *writer) abstract(name string) bool {
	def := w.set.schema.Types[name]
	return def != nil && def.IsAbstractType()
}

// types prints the enums and inputs in use, and those that they use in turn.
func (w *writer) types() []byte {
	w.local = nil
	printed := map[string]string{}
	for len(printed) < len(w.used) {
		for name := range maps.Clone(w.used) {
			if printed[name] == "" {
				printed[name] = w.define(w.set.schema.Types[name])
			}
		}
	}
	var out bytes.Buffer
	out.WriteString(generated)
	for _, name := range slices.Sorted(maps.Keys(printed)) {
		fmt.Fprintf(&out, "\n%s\n", printed[name])
	}
	return out.Bytes()
}

func (w *writer) define(def *ast.Definition) string {
	if def.Kind == ast.Enum {
		var values []string
		for _, v := range def.EnumValues {
			values = append(values, strconv.Quote(v.Name))
		}
		return fmt.Sprintf("export type %s = %s;", def.Name, strings.Join(values, " | "))
	}
	var members []string
	for _, f := range def.Fields {
		members = append(members, "  "+w.member(f.Name, f.Type, f.Type.NonNull && f.DefaultValue == nil)+";")
	}
	return fmt.Sprintf("export interface %s {\n%s\n}", def.Name, strings.Join(members, "\n"))
}
