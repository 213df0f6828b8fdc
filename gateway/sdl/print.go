package sdl

import (
	"maps"
	"slices"
	"strings"
)

// printer gathers definitions by name and writes them sorted.
type printer struct{ types map[string]string }

// element is a field, an argument, an input field or an enum value.
type element struct {
	name, typ, dflt, doc string
	args                 []element
}

func (p *printer) object(name, doc string, fields ...element) { p.add("type", name, "", doc, fields) }
func (p *printer) iface(name, doc string, fields ...element) {
	p.add("interface", name, "", doc, fields)
}
func (p *printer) input(name, doc string, fields ...element) { p.add("input", name, "", doc, fields) }
func (p *printer) enum(name, doc string, values ...element)  { p.add("enum", name, "", doc, values) }
func (p *printer) scalar(name, specifiedBy, doc string) {
	p.add("scalar", name, directive(specifiedBy), doc, nil)
}
func (p *printer) implements(name, of, doc string, f ...element) {
	p.add("type", name, "implements "+of, doc, f)
}

func directive(specifiedBy string) string { return `@specifiedBy(url: "` + specifiedBy + `")` }

// add defines a type once; the second definition of a name, as of an enum
// that two kinds share, says the same.
func (p *printer) add(keyword, name, more, doc string, fields []element) {
	if p.types[name] != "" {
		return
	}
	var b strings.Builder
	describe(&b, "", doc)
	b.WriteString(keyword + " " + name)
	if more != "" {
		b.WriteString(" " + more)
	}
	if fields != nil {
		b.WriteString(" {\n")
		for _, f := range sorted(fields) {
			f.print(&b)
		}
		b.WriteString("}")
	}
	b.WriteString("\n")
	p.types[name] = b.String()
}

func (e element) print(b *strings.Builder) {
	describe(b, "  ", e.doc)
	b.WriteString("  " + e.name)
	if len(e.args) > 0 {
		b.WriteString("(\n")
		for _, arg := range sorted(e.args) {
			describe(b, "    ", arg.doc)
			b.WriteString("    " + arg.name + ": " + arg.typ + arg.fallback() + "\n")
		}
		b.WriteString("  )")
	}
	if e.typ != "" {
		b.WriteString(": " + e.typ)
	}
	b.WriteString(e.fallback() + "\n")
}

func (e element) fallback() string {
	if e.dflt == "" {
		return ""
	}
	return " = " + e.dflt
}

func sorted(list []element) []element {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b element) int { return strings.Compare(a.name, b.name) })
	return list
}

// describe writes a description as a block string. Everything must have one.
func describe(b *strings.Builder, indent, doc string) {
	if doc == "" {
		doc = "(not described)"
	}
	doc = strings.ReplaceAll(doc, `"""`, `\"""`)
	if !strings.Contains(doc, "\n") && len(doc) < 100 && !strings.HasSuffix(doc, `"`) && !strings.HasSuffix(doc, `\`) {
		b.WriteString(indent + `"""` + doc + `"""` + "\n")
		return
	}
	b.WriteString(indent + `"""` + "\n")
	for line := range strings.SplitSeq(doc, "\n") {
		if line != "" {
			b.WriteString(indent + line)
		}
		b.WriteString("\n")
	}
	b.WriteString(indent + `"""` + "\n")
}

func (p *printer) text() string {
	var b strings.Builder
	for i, name := range slices.Sorted(maps.Keys(p.types)) {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(p.types[name])
	}
	return b.String()
}
