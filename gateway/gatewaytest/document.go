package gatewaytest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/sdl"
	"fondaco/partners/partnerstest"
	"fondaco/schema"
)

// Documents draws documents from the schema definition and nothing else: a
// field, an argument or an input that comes to it is drawn from then on.
type Documents struct {
	*rand.Rand
	// ID gives the id of a record of a kind, or of none.
	ID func(k *schema.Kind) schema.ID
	// NoCursors leaves out arguments that want the cursor of a page: one that is drawn is refused nearly always.
	NoCursors bool
	// Used gathers what was drawn: "Type.field" and "Type.field(argument)" and "Input.field".
	Used map[string]bool

	text []byte
}

func (d *Documents) say(text string) { d.text = append(d.text, text...) }

// The bounds of a drawn document.
const (
	deep        = 2 // connections and links below a root field
	deepFilters = 2
	mostAliases = 25
)

// rootType is the type of a root by the word that begins its documents.
func rootType(root string) *ast.Definition {
	switch root {
	case "mutation":
		return sdl.Schema().Mutation
	case "subscription":
		return sdl.Schema().Subscription
	default:
		return sdl.Schema().Query
	}
}

// Roots lists the root fields of "query", "mutation" or "subscription", without
// those of introspection.
func Roots(root string) ast.FieldList {
	return slices.DeleteFunc(slices.Clone(rootType(root).Fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") })
}

// Document draws a document with these root fields. With whole set, all that
// has no selection of its own is selected of the records at the top.
func (d *Documents) Document(root string, whole bool, fields ...*ast.FieldDefinition) string {
	d.text = d.text[:0]
	d.say(root + " {")
	for i, f := range fields {
		d.say(" ")
		if i > 0 {
			d.say(fmt.Sprintf("r%d: ", i))
		}
		d.field(rootType(root), f, deep, whole)
	}
	d.say(" }")
	return string(d.text)
}

// Lists draws a document that lists a kind in every order and by every
// condition that there is, as far as one document may.
func (d *Documents) Lists(list *ast.FieldDefinition) []string {
	var bodies []string
	for _, name := range []string{"orderBy", "filter"} {
		arg := list.Arguments.ForName(name)
		if arg == nil {
			continue
		}
		def := sdl.Schema().Types[arg.Type.Name()]
		by := def.Fields.ForName("field")
		if by != nil {
			for _, v := range sdl.Schema().Types[by.Type.Name()].EnumValues {
				d.Used[def.Name+"."+v.Name] = true
				bodies = append(bodies, fmt.Sprintf("orderBy: {field: %s, direction: %s}", v.Name, partnerstest.One(d.Rand, []string{"ASC", "DESC"})))
			}
			continue
		}
		for _, f := range def.Fields {
			d.text = d.text[:0]
			d.inputField(def, f, 0)
			bodies = append(bodies, "filter: {"+string(d.text)+"}")
		}
	}
	var documents []string
	for part := range slices.Chunk(bodies, mostAliases) {
		text := []byte("query {")
		for i, body := range part {
			text = fmt.Appendf(text, " a%d: %s(%s: %d, %s) { nodes { id } pageInfo { hasNextPage } totalCount(max: %d) { value isExact } }",
				i, list.Name, partnerstest.One(d.Rand, []string{"first", "last"}), 1+d.IntN(9), body, 1+d.IntN(20))
		}
		documents = append(documents, string(append(text, " }"...)))
	}
	return documents
}

func (d *Documents) field(of *ast.Definition, f *ast.FieldDefinition, depth int, whole bool) {
	d.Used[of.Name+"."+f.Name] = true
	d.say(f.Name)
	d.arguments(of, f)
	if def := sdl.Schema().Types[f.Type.Name()]; def.IsCompositeType() {
		d.selection(def, depth, whole)
	}
}

func (d *Documents) arguments(of *ast.Definition, f *ast.FieldDefinition) {
	var list []string
	page := partnerstest.One(d.Rand, []string{"first", "last"})
	for _, a := range f.Arguments {
		paged := f.Arguments.ForName("first") != nil && f.Arguments.ForName("last") != nil
		switch {
		case paged && (a.Name == "first" || a.Name == "last"):
			if a.Name != page {
				continue
			}
		case paged && (a.Name == "after" || a.Name == "before"):
			if d.NoCursors || d.IntN(20) > 0 { // a cursor comes from a page: see who walks
				continue
			}
		case !a.Type.NonNull && d.IntN(3) > 0:
			continue
		}
		d.Used[of.Name+"."+f.Name+"("+a.Name+")"] = true
		outer := d.text
		d.text = nil
		d.value(a.Type, a.Name, schema.KindNamed(f.Type.Name()), 0)
		list = append(list, a.Name+": "+string(d.text))
		d.text = outer
	}
	if len(list) > 0 {
		d.say("(" + strings.Join(list, ", ") + ")")
	}
}

// Selection draws what is selected of a type, in braces.
func (d *Documents) Selection(of string, whole bool) string {
	d.text = d.text[:0]
	d.selection(sdl.Schema().Types[of], deep, whole)
	return string(d.text)
}

// selection draws what is selected of a type.
func (d *Documents) selection(def *ast.Definition, depth int, whole bool) {
	d.say(" { __typename")
	defer func() { d.say(" }") }()
	if def.IsAbstractType() {
		// Of one type alone: fields of the same name may be of different types.
		one := partnerstest.One(d.Rand, sdl.Schema().GetPossibleTypes(def))
		d.say(" ... on " + one.Name)
		d.selection(one, depth-1, whole)
		return
	}
	var leaves, branches []*ast.FieldDefinition
	for _, f := range def.Fields {
		switch {
		case strings.HasPrefix(f.Name, "__"):
		case sdl.Schema().Types[f.Type.Name()].IsLeafType():
			leaves = append(leaves, f)
		default:
			branches = append(branches, f)
		}
	}
	for _, f := range leaves {
		if whole || d.IntN(3) == 0 {
			d.say(" ")
			d.field(def, f, depth, whole)
		}
	}
	for _, f := range branches {
		if d.wanted(f, depth, len(branches), whole) {
			d.say(" ")
			d.field(def, f, d.below(f, depth), whole && !record(f))
		}
	}
}

// wanted tells whether to go into a field. What carries records is gone into
// less and less often; what only carries values always can be.
func (d *Documents) wanted(f *ast.FieldDefinition, depth, of int, whole bool) bool {
	switch {
	case f.Name == "query": // of a payload: all there is again
		return d.IntN(20) == 0 && depth > 0
	case !record(f) && !connection(f):
		return whole || d.IntN(2) == 0
	case f.Name == "node" || f.Name == "nodes" || f.Name == "edges":
		return whole || d.IntN(3) > 0
	default:
		return depth > 0 && d.IntN(of) < 2
	}
}

func (d *Documents) below(f *ast.FieldDefinition, depth int) int {
	if (record(f) || connection(f)) && f.Name != "node" && f.Name != "nodes" && f.Name != "edges" {
		return depth - 1
	}
	return depth
}

// record tells whether a field gives records, or something that holds some.
func record(f *ast.FieldDefinition) bool {
	def := sdl.Schema().Types[f.Type.Name()]
	return schema.KindNamed(def.Name) != nil || def.IsAbstractType() || def.Fields.ForName("node") != nil || f.Type.Elem != nil
}

func connection(f *ast.FieldDefinition) bool { return f.Arguments.ForName("first") != nil }

// value draws a value of a type. kind is what the place is about, of which ids
// are likely.
func (d *Documents) value(t *ast.Type, name string, kind *schema.Kind, depth int) {
	if t.Elem != nil {
		d.say("[")
		for i := range 1 + d.IntN(2) {
			if i > 0 {
				d.say(", ")
			}
			d.value(t.Elem, name, kind, depth)
		}
		d.say("]")
		return
	}
	def := sdl.Schema().Types[t.Name()]
	switch def.Kind {
	case ast.Enum:
		d.say(partnerstest.One(d.Rand, def.EnumValues).Name)
	case ast.InputObject:
		d.input(def, depth)
	default:
		d.scalar(def.Name, name, kind)
	}
}

func (d *Documents) scalar(typ, name string, kind *schema.Kind) {
	text := func(list ...string) { d.say(strconv.Quote(partnerstest.One(d.Rand, list))) }
	switch typ {
	case "ID":
		d.say(strconv.Quote(d.global(kind)))
	case "Boolean":
		d.say(strconv.FormatBool(d.IntN(2) == 0))
	case "Int":
		d.say(strconv.Itoa(1 + d.IntN(8)))
	case "Long":
		text("0", "1", "2")
	case "Decimal":
		text("0.5", "1", "2.5")
	case "Date":
		text("2026-01-01", "2026-01-02", "2026-01-03")
	case "DateTime":
		text("2026-01-01T12:00:00Z", "2026-01-01T12:00:00.000001Z", "2026-06-01T12:00:00Z")
	case "JSON":
		d.say(partnerstest.One(d.Rand, []string{
			`[{code: 1}]`, `[{kind: "Customer", level: "ALL", actions: ["read"]}]`,
			`[{kind: "Customer", level: "GRANTED", actions: ["read"], classes: ["commercial"]}, {kind: "Contact", level: "CHILDREN", actions: ["read"]}]`,
		}))
	default:
		switch name {
		case "currency":
			text("EUR", "PLN")
		case "idempotencyKey":
			text("k1", "k2", "k3", "k4")
		case "country", "companyCountry":
			text("PT", "DE")
		default:
			text(append(partnerstest.Words(), "7", "8", "PT", "o", "zz")...)
		}
	}
}

// global gives a global id: mostly of the kind that belongs there.
func (d *Documents) global(kind *schema.Kind) string {
	switch d.IntN(40) {
	case 0:
		return sdl.GlobalID(partnerstest.One(d.Rand, schema.Kinds()), schema.ID{1})
	case 1:
		return "no id"
	case 2:
		kind = partnerstest.One(d.Rand, schema.Kinds())
	}
	if kind == nil {
		kind = partnerstest.One(d.Rand, schema.Kinds())
	}
	id := d.ID(kind)
	if id.IsZero() {
		id = schema.ID{2}
	}
	return sdl.GlobalID(kind, id)
}

// input draws an input object: all that must be there, and some of the rest.
// Of a filter it takes one or two conditions.
func (d *Documents) input(def *ast.Definition, depth int) {
	d.say("{")
	filter := strings.HasSuffix(def.Name, "Filter")
	wanted := map[string]bool{}
	if filter {
		for range 1 + d.IntN(2) {
			wanted[partnerstest.One(d.Rand, def.Fields).Name] = true
		}
	}
	first := true
	for _, f := range def.Fields {
		must := f.Type.NonNull && f.DefaultValue == nil
		logic := filter && f.Type.Name() == def.Name
		if !must && !wanted[f.Name] && (filter || d.IntN(3) > 0) || logic && depth >= deepFilters {
			continue
		}
		if !first {
			d.say(", ")
		}
		first = false
		d.inputField(def, f, depth)
	}
	d.say("}")
}

func (d *Documents) inputField(def *ast.Definition, f *ast.FieldDefinition, depth int) {
	d.Used[def.Name+"."+f.Name] = true
	d.say(f.Name + ": ")
	if !f.Type.NonNull && d.IntN(15) == 0 && !strings.HasSuffix(def.Name, "Filter") {
		d.say("null")
		return
	}
	d.about(def, f, depth)
}

// about draws the value of an input field, whose ids are of the kind that the
// schema of records names there.
func (d *Documents) about(def *ast.Definition, f *ast.FieldDefinition, depth int) {
	kind, field := place(def, f)
	if strings.HasSuffix(f.Type.Name(), "Filter") && kind != nil && field != nil {
		// The condition on a link is on its id: {customer: {eq: ID}}.
		inner := sdl.Schema().Types[f.Type.Name()]
		one := partnerstest.One(d.Rand, inner.Fields)
		d.Used[inner.Name+"."+one.Name] = true
		d.say("{" + one.Name + ": ")
		d.value(one.Type, f.Name, kind, depth+1)
		d.say("}")
		return
	}
	d.value(f.Type, f.Name, kind, depth+1)
}

// place tells of which kind the ids are in a field of an input, and which field
// of a kind it states or compares.
func place(def *ast.Definition, f *ast.FieldDefinition) (*schema.Kind, *schema.Field) {
	if k := schema.KindNamed(strings.TrimSuffix(def.Name, "Filter")); k != nil {
		if field := k.FieldNamed(f.Name); field != nil {
			return field.Target(), field
		}
	}
	for _, c := range sdl.Commands() {
		if !strings.EqualFold(c.Name+"Input", def.Name) {
			continue
		}
		if field := c.Kind.FieldNamed(f.Name); field != nil {
			return field.Target(), field
		}
		switch f.Name {
		case "sharingAgreementId":
			return schema.SharingAgreements, nil
		case "recordId":
			return schema.Customers, nil
		case "id":
			if k := schema.KindNamed(strings.TrimPrefix(c.Name, "answer")); k != nil {
				return k, nil
			}
			return c.Kind, nil
		}
	}
	return nil, nil
}
