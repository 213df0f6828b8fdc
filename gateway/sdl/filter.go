package sdl

import (
	"fmt"
	"slices"

	"fondaco/schema"
)

func hasFilter(k *schema.Kind) bool {
	for _, f := range k.Fields {
		if f.Filter {
			return true
		}
	}
	return false
}

// filter defines by which fields lists of a kind can be narrowed.
func (p *printer) filter(k *schema.Kind) {
	if !hasFilter(k) {
		return
	}
	name := k.Name + "Filter"
	fields := []element{
		{name: "and", typ: "[" + name + "!]", doc: "All of these match."},
		{name: "or", typ: "[" + name + "!]", doc: "At least one of these matches."},
		{name: "not", typ: name, doc: "This does not match."},
	}
	for _, f := range k.Fields {
		if f.Filter {
			fields = append(fields, element{name: f.Name, typ: p.filterType(f), doc: f.Doc()})
		}
	}
	p.input(name, fmt.Sprintf("Chooses %s: those that match all that is stated. What is hidden from the reader never matches.", words(k.Plural)), fields...)
}

// filterType defines the filter of a field's type and gives its name.
func (p *printer) filterType(f *schema.Field) string {
	switch f.Type {
	case schema.TextList, schema.EnumList, schema.LinkList:
		item := map[schema.FieldType]string{schema.TextList: "String", schema.LinkList: "ID"}[f.Type]
		if item == "" {
			item = f.EnumName()
		}
		p.input(item+"ListFilter", "A condition on a list.",
			element{name: "has", typ: item, doc: "The list has this entry."},
			isNull())
		return item + "ListFilter"
	case schema.Bool:
		p.input("BooleanFilter", "A condition on what is true or false.",
			element{name: "eq", typ: "Boolean", doc: "It is this."}, isNull())
		return "BooleanFilter"
	case schema.Amount, schema.JSON:
		panic("sdl: lists cannot be filtered by " + f.String())
	default:
		return p.scalarFilter(f)
	}
}

func (p *printer) scalarFilter(f *schema.Field) string {
	item := outputType(f)
	if f.Type == schema.Link {
		item = "ID"
	}
	list := []element{
		{name: "eq", typ: item, doc: "It is this."},
		{name: "ne", typ: item, doc: "It is stated, and is not this."},
		{name: "in", typ: "[" + item + "!]", doc: "It is one of these, of which there may be 100."},
		isNull(),
	}
	if f.Type == schema.Text {
		list = append(list,
			element{name: "startsWith", typ: item, doc: "It begins with this, letter by letter."},
			element{name: "contains", typ: item, doc: "It contains this, whatever the case and the accents."})
	}
	if slices.Contains([]schema.FieldType{schema.Int, schema.Decimal, schema.Day, schema.Instant}, f.Type) {
		list = append(list,
			element{name: "lt", typ: item, doc: "It is less, or earlier."},
			element{name: "lte", typ: item, doc: "It is this, or less, or earlier."},
			element{name: "gt", typ: item, doc: "It is greater, or later."},
			element{name: "gte", typ: item, doc: "It is this, or greater, or later."})
	}
	p.input(item+"Filter", fmt.Sprintf("A condition on a value of type `%s`; all that is stated must hold.", item), list...)
	return item + "Filter"
}

func isNull() element {
	return element{name: "isNull", typ: "Boolean", doc: "Whether nothing is stated there."}
}

// order defines by what lists of a kind can be ordered.
func (p *printer) order(k *schema.Kind) {
	list := []element{{name: OrderEnum(nil), doc: "When the record was made."}}
	for _, f := range k.Fields {
		if f.Sort {
			list = append(list, element{name: OrderEnum(f), doc: f.Doc()})
		}
	}
	p.enum(k.Name+"OrderField", fmt.Sprintf("By what %s can be ordered.", words(k.Plural)), list...)
	p.input(k.Name+"Order", fmt.Sprintf("An order of %s.", words(k.Plural)),
		element{name: "field", typ: k.Name + "OrderField!", doc: "By what to order."},
		element{name: "direction", typ: "OrderDirection!", dflt: "ASC", doc: "Whether to ascend or descend."})
}
