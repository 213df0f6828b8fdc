package sdl

import (
	"fmt"

	"fondaco/schema"
)

// record defines the type of a kind and the enums that it uses.
func (p *printer) record(k *schema.Kind) {
	var fields []element
	for _, m := range Members(k) {
		e := element{name: m.Name, typ: m.typ, doc: m.doc}
		if m.Role == RoleConnection {
			e.args = append(pageArgs(), listArgs(m.Kind)...)
		}
		fields = append(fields, e)
	}
	p.implements(k.Name, "Node & Record", k.Doc(), fields...)
	for _, f := range k.Fields {
		if f.Enum != nil {
			p.fieldEnum(f)
		}
	}
	p.actions(k)
}

func actionEnum(k *schema.Kind) string { return k.Name + "Action" }

// actions defines the enum of what can be done in a lifecycle.
func (p *printer) actions(k *schema.Kind) {
	if k.Lifecycle == nil {
		return
	}
	var list []element
	for _, action := range actionsOf(k) {
		list = append(list, element{name: ActionEnum(action), doc: fmt.Sprintf("See the mutation `%s`.", action+k.Name)})
	}
	p.enum(actionEnum(k), fmt.Sprintf("What can be done with %s in its course.", a(words(k.Name))), list...)
}

// connection defines the list of a kind, after Relay's specification.
func (p *printer) connection(k *schema.Kind) {
	name := words(k.Plural)
	p.object(k.Name+"Connection", "A page of "+name+".",
		element{name: "edges", typ: "[" + k.Name + "Edge!]!", doc: "The " + name + " with their cursors."},
		element{name: "nodes", typ: "[" + k.Name + "!]!", doc: "The " + name + "."},
		element{name: "pageInfo", typ: "PageInfo!", doc: "Where the page lies in the list."},
		element{name: "totalCount", typ: "Count!", doc: "How many there are on all pages, as far as the reader can see them.", args: []element{
			{name: "max", typ: "Int", dflt: "1000", doc: "Count no further than this; at most 10001."},
		}})
	p.object(k.Name+"Edge", "One of a page of "+name+".",
		element{name: "cursor", typ: "String!", doc: "The place in the list, to be given as `after` or `before` with the same order."},
		element{name: "node", typ: k.Name + "!", doc: sentence(a(words(k.Name)))})
}

func pageArgs() []element {
	return []element{
		{name: "first", typ: "Int", doc: "So many from the beginning, or after `after`: 1 to 100. Give this or `last`."},
		{name: "after", typ: "String", doc: "Begin after this cursor."},
		{name: "last", typ: "Int", doc: "So many to the end, or before `before`: 1 to 100."},
		{name: "before", typ: "String", doc: "End before this cursor."},
	}
}

func listArgs(k *schema.Kind) []element {
	list := []element{{
		name: "orderBy", typ: "[" + k.Name + "Order!]",
		doc: "The order, of at most one entry. Without it the list is by " + defaultOrder(k) + ".",
	}}
	if hasFilter(k) {
		list = append(list, element{name: "filter", typ: k.Name + "Filter", doc: "Only those that match."})
	}
	return list
}

func defaultOrder(k *schema.Kind) string {
	if k.Label != nil {
		return code(k.Label.Name)
	}
	return "creation"
}

// Searchable tells whether records of k can be found by words.
func Searchable(k *schema.Kind) bool {
	for _, f := range k.Fields {
		if f.Search {
			return true
		}
	}
	return false
}
