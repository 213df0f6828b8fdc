package directory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// dictionary writes the elements, composites and segments in the format of
// package guide.
func (d *Directory) dictionary(o Options) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# UN/EDIFACT directory %s, made from what UNECE publishes.\n", d.Version)
	b.WriteString("dictionary edifact\n")
	for _, n := range slices.Sorted(maps.Keys(d.elements)) {
		if e := d.elements[n]; e.repr != "" && o.keeps(n) {
			e.write(&b, o)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.composites)) {
		if o.keeps(id) {
			d.composites[id].write(&b, "composite", d)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.segments)) {
		if o.keeps(id) {
			d.segments[id].write(&b, "segment", d)
		}
	}
	return b.String()
}

func (e *element) write(b *strings.Builder, o Options) {
	fmt.Fprintf(b, "element %s %s %s\n", e.number, e.repr, quote(sentence(e.name)))
	if o.Codes == nil {
		return
	}
	for _, c := range e.codes {
		if o.Codes(e.number, c.value) {
			fmt.Fprintf(b, "  %s %s\n", c.value, quote(c.name))
		}
	}
}

func (l *list) write(b *strings.Builder, word string, d *Directory) {
	fmt.Fprintf(b, "%s %s %s\n", word, l.id, quote(sentence(l.name)))
	at := map[string]int{}
	n := 0
	for _, p := range l.parts {
		if !d.knows(p.id) {
			continue
		}
		n++
		at[p.position] = n
		fmt.Fprintf(b, "  %02d %s %s", n, p.id, usage(p.required))
		if p.repeat > 1 {
			fmt.Fprintf(b, " repeat %d", p.repeat)
		}
		b.WriteByte('\n')
	}
	for _, note := range l.notes {
		var places []string
		for _, p := range note.positions {
			if at[p] == 0 {
				places = nil
				break
			}
			places = append(places, fmt.Sprintf("%02d", at[p]))
		}
		if len(places) > 1 {
			fmt.Fprintf(b, "  notes %s(%s)\n", note.kind, strings.Join(places, ","))
		}
	}
}

func (d *Directory) knows(id string) bool {
	if onlyDigits(id) {
		e := d.elements[id]
		return e != nil && e.repr != ""
	}
	return d.composites[id] != nil
}

func usage(required bool) string {
	if required {
		return "M"
	}
	return "C"
}

// quote writes a text so that a guide file can hold it.
func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, "'") + `"` }

// sentence takes the capital letters from a name that is all of them.
func sentence(s string) string {
	if s != strings.ToUpper(s) || s == "" {
		return s
	}
	return s[:1] + strings.ToLower(s[1:])
}

// guide writes the structure of a message.
func (m *message) guide() string {
	var b strings.Builder
	t := strings.TrimSuffix(m.title, " message")
	fmt.Fprintf(&b, "guide edifact %s %s %s %s\n\nstructure\n", m.version, m.name, m.agency, quote(t))
	for i, r := range m.rows {
		if r.group {
			fmt.Fprintf(&b, "%sloop SG%s %s %d\n", strings.Repeat("  ", r.depth), r.id, usage(r.required), r.max)
			continue
		}
		required := r.required || i > 0 && m.rows[i-1].group // the first of a group is always there
		fmt.Fprintf(&b, "%s%s %s %d\n", strings.Repeat("  ", r.depth+1), r.id, usage(required), r.max)
	}
	return b.String()
}

// path is the folder of the directory within a library: edifact/d96a.
func folder(version, agency string) string {
	v := strings.ToLower(strings.ReplaceAll(version, ".", ""))
	if agency != "UN" {
		v = strings.ToLower(agency) + "-" + v
	}
	return "edifact/" + v
}
