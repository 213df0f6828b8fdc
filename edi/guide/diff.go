package guide

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Difference is one thing in which two guides differ.
type Difference struct {
	Path string `json:"path"` // PTD/N1[01=ST]/04-1
	What string `json:"what"` // place, usage, max, element, type, length, codes, closed, repeat, format, check, notes, rule
	A    string `json:"a,omitempty"`
	B    string `json:"b,omitempty"`
}

// String reads: PTD/N1[01=ST]/04 usage O -> M.
func (d Difference) String() string {
	return fmt.Sprintf("%s %s %s -> %s", d.Path, d.What, orDash(d.A), orDash(d.B))
}

// Diff lists in what b differs from a, in the order of a: places, how often and
// whether they have to be there, their elements, types, lengths and codes, and
// the rules.
func Diff(a, b *Guide) []Difference {
	d := &differ{}
	if a.Version != b.Version {
		d.add("", "version", a.Version, b.Version)
	}
	d.items("", a.root, b.root)
	d.rules(a, b)
	return d.list
}

type differ struct{ list []Difference }

func (d *differ) add(path, what, a, b string) {
	if a != b {
		d.list = append(d.list, Difference{path, what, a, b})
	}
}

// name is that of a place among its neighbours.
func (it *item) name() string {
	if q := qualifierText(it.head().quals); q != "" {
		return it.id + "[" + q + "]"
	}
	return it.id
}

// names are those of the items below, made unique where a tag has several
// places.
func (it *item) names() ([]string, map[string]*item) {
	list, byName := make([]string, 0, len(it.children)), map[string]*item{}
	for _, c := range it.children {
		name := c.name()
		if c.loop {
			name += "/"
		}
		for n := 2; byName[name] != nil; n++ {
			name = c.name() + "(" + strconv.Itoa(n) + ")"
		}
		list, byName[name] = append(list, name), c
	}
	return list, byName
}

func (d *differ) items(path string, a, b *item) {
	names, inA := a.names()
	others, inB := b.names()
	for _, n := range names {
		at := path + strings.TrimSuffix(n, "/")
		y := inB[n]
		if y == nil {
			d.add(at, "place", inA[n].occurrence(), "")
			continue
		}
		d.item(at, inA[n], y)
	}
	for _, n := range others {
		if inA[n] == nil {
			d.add(path+strings.TrimSuffix(n, "/"), "place", "", inB[n].occurrence())
		}
	}
}

func (it *item) occurrence() string { return it.usage.String() + " " + limitText(it.max) }

func limitText(n int) string {
	if n == 0 {
		return "*"
	}
	return strconv.Itoa(n)
}

func (d *differ) item(path string, a, b *item) {
	d.add(path, "usage", a.usage.String(), b.usage.String())
	d.add(path, "max", limitText(a.max), limitText(b.max))
	d.add(path, "unconfirmed", yes(a.unconfirmed), yes(b.unconfirmed))
	if a.loop {
		d.items(path+"/", a, b)
		return
	}
	d.fields(path+"/%02d", a.seg.Fields, b.seg.Fields)
	d.add(path, "notes", noteText(a.seg.notes), noteText(b.seg.notes))
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func noteText(notes []note) string {
	words := make([]string, len(notes))
	for i := range notes {
		words[i] = notes[i].text
	}
	return strings.Join(words, " ")
}

func (d *differ) fields(format string, a, b []Field) {
	for i := range max(len(a), len(b)) {
		at := fmt.Sprintf(format, i+1)
		switch {
		case i >= len(a):
			d.add(at, "element", "", b[i].Number())
		case i >= len(b):
			d.add(at, "element", a[i].Number(), "")
		default:
			d.field(at, &a[i], &b[i])
		}
	}
}

func (d *differ) field(at string, a, b *Field) {
	d.add(at, "usage", a.Usage.String(), b.Usage.String())
	d.add(at, "repeat", strconv.Itoa(a.Repeat), strconv.Itoa(b.Repeat))
	d.add(at, "repeat at least", strconv.Itoa(max(a.Least, 1)), strconv.Itoa(max(b.Least, 1)))
	d.add(at, "element", a.Number(), b.Number())
	switch {
	case a.Composite != nil && b.Composite != nil && a.Composite != b.Composite:
		d.fields(at+"-%d", a.Composite.Fields, b.Composite.Fields)
	case a.Element != nil && b.Element != nil && a.Element != b.Element:
		d.element(at, a.Element, b.Element)
	}
}

func (d *differ) element(at string, a, b *Element) {
	d.add(at, "type", a.TypeName(), b.TypeName())
	d.add(at, "length", lengths(a), lengths(b))
	d.add(at, "closed", yes(a.Closed), yes(b.Closed))
	d.add(at, "format", a.format, b.format)
	d.add(at, "check", a.check, b.check)
	if a.Closed || b.Closed {
		x, y := a.values(), b.values()
		slices.Sort(x)
		slices.Sort(y)
		d.add(at, "codes", strings.Join(x, " "), strings.Join(y, " "))
	}
}

func (d *differ) rules(a, b *Guide) {
	has := func(g *Guide, text string) bool {
		return slices.ContainsFunc(g.rules, func(r rule) bool { return r.text == text })
	}
	for i := range a.rules {
		if !has(b, a.rules[i].text) {
			d.add("", "rule", a.rules[i].text, "")
		}
	}
	for i := range b.rules {
		if !has(a, b.rules[i].text) {
			d.add("", "rule", "", b.rules[i].text)
		}
	}
}
