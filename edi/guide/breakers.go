package guide

import (
	"slices"
	"strings"

	"fondaco/edi"
)

// breakers are the ways to break rules, one for each rule that a document can
// break on its own.
var breakers = []breaker{
	{"segment.unknown", func(d *draft, i, n int) bool {
		return n == 0 && d.insert(i, segment{tag: "QZQ", elements: [][][]string{{{"1"}}}})
	}},
	{"segment.not-in-set", func(d *draft, i, n int) bool { return d.insertForeign(i, n) }},
	{"segment.missing", func(d *draft, i, n int) bool {
		k := &d.g.nodes[d.segs[i].node]
		return n == 0 && !d.frame(i) && k.required && d.remove(i)
	}},
	{"segment.too-many", func(d *draft, i, n int) bool { return n == 0 && d.crowd(i) }},
	{"loop.too-many", func(d *draft, i, n int) bool { return n == 0 && d.crowdLoop(i) }},
	{"segment.sequence", func(d *draft, i, n int) bool { return d.postpone(i, n) }},
	{"segment.unexpected", func(d *draft, i, n int) bool { return d.displace(i, n) }},
	{"segment.not-used", func(d *draft, i, n int) bool { return d.insertUnused(i, n) }},
	{"segment.trailing-separator", func(d *draft, i, n int) bool {
		d.segs[i].tail = true
		return n == 0 && !d.frame(i)
	}},
	onValue("element.too-long", func(e *Element, v string) string {
		if e.Max > 2000 {
			return v
		}
		return stretch(e, v, e.Max+1)
	}),
	onValue("element.too-short", func(e *Element, v string) string {
		if e.Min < 2 {
			return v
		}
		return v[:min(len(v), e.Min-1)]
	}),
	onValue("element.code", when(func(e *Element) bool { return e.Closed }, func(v string) string { return strings.Repeat("Q", len(v)) })),
	onValue("element.number", when(isNumeric, func(v string) string { return strings.Repeat("X", len(v)) })),
	onValue("element.decimal-mark", when(isDecimal, func(v string) string { return v + "." })),
	onValue("element.decimal-digit", when(isDecimal, func(v string) string { return "." + v })),
	onValue("element.type", when(func(e *Element) bool { return e.Type == A }, func(v string) string { return strings.Repeat("1", len(v)) })),
	onValue("element.character", when(func(e *Element) bool { return e.Type == AN && !e.edifact }, func(v string) string { return v[:len(v)-1] + "\x07" })),
	onValue("element.date", func(_ *Element, v string) string { return strings.Replace(v, "0408", "0439", 1) }),
	onValue("element.time", when(func(e *Element) bool { return e.Type == TM }, func(v string) string { return strings.Replace(v, "0612", "2560", 1) })),
	onValue("element.pattern", when(func(e *Element) bool { return e.format != "" }, func(v string) string { return strings.Replace(v, "0408", "0439", 1) })),
	onValue("element.check-digit", when(func(e *Element) bool { return e.check != "" }, func(v string) string {
		last := v[len(v)-1]
		return v[:len(v)-1] + string('0'+(last-'0'+1)%10)
	})),
	{"element.missing", func(d *draft, i, n int) bool { return d.empty(i, n, true) }},
	{"element.condition", func(d *draft, i, n int) bool { return d.toggle(i, n) }},
	{"element.exclusion", func(d *draft, i, n int) bool { return d.toggle(i, n) }},
	{"element.not-used", func(d *draft, i, n int) bool { return d.fill(i, n, NotUsed) }},
	{"element.too-many", func(d *draft, i, n int) bool {
		s := d.use(i)
		for len(d.segs[i].elements) <= len(s.Fields) {
			d.segs[i].elements = append(d.segs[i].elements, nil)
		}
		d.segs[i].elements[len(s.Fields)] = [][]string{{"1"}}
		return n == 0 && !d.frame(i) && !s.Open
	}},
	{"element.components", func(d *draft, i, n int) bool { return d.overfill(i, n) }},
	{"element.repeats", func(d *draft, i, n int) bool { return d.repeat(i, n) }},
	{"element.too-few-repeats", func(d *draft, i, n int) bool { return d.reduce(i, n) }},
	{"transaction.total", func(d *draft, i, n int) bool { return d.miscount(i, n) }},
	{"transaction.hash-total", func(d *draft, i, n int) bool { return d.miscount(i, n) }},
	{"transaction.hash-as-sum", func(d *draft, i, n int) bool { return d.addUp(i, n) }},
	{"transaction.tree-duplicate", func(d *draft, i, n int) bool { return n == 0 && d.graft(i, false) }},
	{"transaction.tree-parent", func(d *draft, i, n int) bool { return n == 0 && d.graft(i, true) }},
	{"transaction.condition", func(d *draft, i, n int) bool {
		return n == 0 && !d.frame(i) && d.has(conditionRule) && d.remove(i)
	}},
	{"transaction.exclusion", func(d *draft, i, n int) bool { return d.forbidden(i, n) }},
	{"transaction.limit", func(d *draft, i, n int) bool { return n == 0 && d.overrun(i) }},
	{"transaction.count", func(d *draft, i, n int) bool {
		d.count = 1
		return i == 0 && n == 0
	}},
	{"transaction.control-mismatch", func(d *draft, i, n int) bool {
		d.control = 1
		return i == 0 && n == 0
	}},
}

// when spoils the values of some elements alone.
func when(of func(*Element) bool, spoil func(string) string) func(*Element, string) string {
	return func(e *Element, v string) string {
		if !of(e) {
			return v
		}
		return spoil(v)
	}
}

func isNumeric(e *Element) bool { return e.Type == N || e.Type == R }

func isDecimal(e *Element) bool { return e.edifact && e.Type == R }

func stretch(e *Element, v string, size int) string {
	fill := "9"
	if e.Type == A {
		fill = "A"
	}
	return v + strings.Repeat(fill, max(0, size-len(v)))
}

func (d *draft) insert(i int, s ...segment) bool {
	if i == len(d.segs)-1 {
		return false
	}
	d.segs = slices.Insert(d.segs, i+1, s...)
	return true
}

func (d *draft) remove(i int) bool {
	d.segs = slices.Delete(d.segs, i, i+1)
	return true
}

func (d *draft) has(k ruleKind) bool {
	return slices.ContainsFunc(d.g.rules, func(r rule) bool { return r.kind == k })
}

// insertForeign puts in a segment of the dictionary that the guide has not.
func (d *draft) insertForeign(i, n int) bool {
	var tags []edi.Tag
	all := d.g.Dictionary.all()
	for t := range all {
		if d.g.table.index(t) < 0 {
			tags = append(tags, t)
		}
	}
	slices.Sort(tags)
	if n >= len(tags) || n > 8 {
		return false
	}
	s := all[tags[n]]
	d.rich = 0
	out := segment{tag: s.ID}
	for k := range s.In(d.o.Delimiters).Fields {
		f := &s.In(d.o.Delimiters).Fields[k]
		out.elements = append(out.elements, nil)
		if f.Usage == Required {
			out.elements[k] = [][]string{d.field(f, 0)}
		}
	}
	return d.insert(i, out)
}

// crowd repeats a segment until there is one too many.
func (d *draft) crowd(i int) bool {
	k := &d.g.nodes[d.segs[i].node]
	if d.frame(i) || k.use.Starts || k.max > 40 {
		return false
	}
	for range k.max {
		if !d.insert(i, d.segs[i].clone()) {
			return false
		}
	}
	return true
}

// round is the end of the round of a loop that begins with the i-th segment.
func (d *draft) round(i int) (loop, end int) {
	n := d.segs[i].node
	loop = d.g.nodes[n].parent
	for end = i + 1; end < len(d.segs); end++ {
		if at := d.segs[end].node; at <= n || at >= d.g.nodes[loop].last {
			break
		}
	}
	return loop, end
}

func (d *draft) crowdLoop(i int) bool {
	if k := &d.g.nodes[d.segs[i].node]; !k.use.Starts || k.parent == 0 || d.g.nodes[k.parent].max > 40 {
		return false
	}
	loop, end := d.round(i)
	var more []segment
	for range d.g.nodes[loop].max {
		for _, s := range d.segs[i:end] {
			more = append(more, s.clone())
		}
	}
	return d.insert(end-1, more...)
}

// overrun repeats what a rule limits.
func (d *draft) overrun(i int) bool {
	for _, w := range d.g.nodes[d.segs[i].node].watches {
		r := &d.g.rules[w.rule]
		if r.kind != limitRule || r.limit > 2000 {
			continue
		}
		_, end := d.round(i)
		if !d.g.nodes[d.segs[i].node].use.Starts {
			end = i + 1
		}
		var more []segment
		for range r.limit {
			for _, s := range d.segs[i:end] {
				more = append(more, s.clone())
			}
		}
		return d.insert(end-1, more...)
	}
	return false
}

// graft gives a node of a tree the number of another, or a parent that is not.
func (d *draft) graft(i int, parent bool) bool {
	for _, w := range d.g.nodes[d.segs[i].node].watches {
		if r := &d.g.rules[w.rule]; r.kind == treeRule && parent {
			d.segs[i].set(r.then.element, r.then.component, "99")
			return true
		} else if r.kind == treeRule {
			d.segs[i].set(r.target.element, r.target.component, "1")
			return true
		}
	}
	return false
}

// postpone moves a segment n places down.
func (d *draft) postpone(i, n int) bool {
	to := i + n + 1
	if d.frame(i) || to >= len(d.segs)-1 {
		return false
	}
	s := d.segs[i]
	d.remove(i)
	d.segs = slices.Insert(d.segs, to, s)
	return true
}

// displace copies the n-th segment behind the i-th one.
func (d *draft) displace(i, n int) bool {
	n++
	return n < len(d.segs)-1 && d.insert(i, d.segs[n].clone())
}

func (d *draft) insertUnused(i, n int) bool {
	for node := range d.g.nodes {
		k := &d.g.nodes[node]
		if k.use == nil || !k.notUsed && !d.g.nodes[k.parent].notUsed {
			continue
		}
		if n--; n < 0 {
			d.rich = 0
			return d.insert(i, d.segment(node, k.use.Segment))
		}
	}
	return false
}
