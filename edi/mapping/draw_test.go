package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// vocabulary is what a map understands, by the place in the guide and the cell:
// the values that it looks for there, and how it reads what stands there.
type vocabulary map[string]map[cell]*words

type words struct {
	values  []string
	usual   string // what the map writes there itself
	convert converter
}

func vocabularyOf(m *Map) vocabulary {
	v := vocabulary{}
	for _, r := range m.all {
		for _, c := range r.constants {
			v.at(c.place.path, c.place.cell).usual = c.value
		}
	}
	for _, r := range m.all[1:] {
		v.place(&r.place)
		for i := range r.negative {
			v.place(&r.negative[i])
		}
		if r.loop != nil {
			continue
		}
		for n := r.place.element; ; n += r.place.pairs.step {
			v.at(r.place.path, cell{n, r.place.component}).convert = r.convert
			if r.place.pairs == nil || n+r.place.pairs.step > r.place.pairs.last {
				break
			}
		}
		if t, ok := r.convert.(*codes); ok {
			v.say(r.place.path, r.place.cell, slices.Sorted(maps.Keys(t.names))...)
		}
	}
	return v
}

func (v vocabulary) at(path string, c cell) *words {
	if v[path] == nil {
		v[path] = map[cell]*words{}
	}
	if c.component == 0 {
		c.component = 1
	}
	if v[path][c] == nil {
		v[path][c] = &words{}
	}
	return v[path][c]
}

func (v vocabulary) say(path string, c cell, values ...string) {
	w := v.at(path, c)
	w.values = append(w.values, values...)
}

func (v vocabulary) place(p *place) {
	for _, c := range p.conditions {
		v.say(p.path, c.cell, c.values...)
	}
	if p.pairs == nil {
		return
	}
	for n := p.element; n <= p.pairs.last; n += p.pairs.step {
		v.say(p.path, p.pairs.at(n), p.pairs.qualifiers...)
	}
}

// drawing is a document that is being drawn from a guide and what a map
// understands of it.
type drawing struct {
	t     *rapid.T
	m     *Map
	words vocabulary
	segs  []*drawnSegment
	rich  int // how many of ten of what may be missing are there
	// whole tells that nearly all that the map knows is there: a record with gaps
	// everywhere seldom says what a document has to say.
	whole bool
}

type drawnSegment struct {
	use      *guide.Use
	must     bool       // it should say what the map looks for
	elements [][]string // with their components
}

func (s *drawnSegment) at(element, component int) *string {
	for len(s.elements) < element {
		s.elements = append(s.elements, nil)
	}
	for len(s.elements[element-1]) < max(component, 1) {
		s.elements[element-1] = append(s.elements[element-1], "")
	}
	return &s.elements[element-1][max(component, 1)-1]
}

// places is the structure of a guide as a tree.
type places struct {
	use   *guide.Use
	loop  *guide.Loop
	inner []*places
}

func placesOf(g *guide.Guide) *places {
	top := &places{}
	loops := map[*guide.Loop]*places{nil: top}
	for _, u := range g.Uses() {
		for _, l := range around(u) {
			if loops[l] == nil {
				loops[l] = &places{loop: l}
				loops[l.Parent].inner = append(loops[l.Parent].inner, loops[l])
			}
		}
		loops[u.Loop].inner = append(loops[u.Loop].inner, &places{use: u})
	}
	return top
}

func (d *drawing) chance(label string, ofTen int) bool {
	return rapid.IntRange(0, 9).Draw(d.t, label) < ofTen
}

// known tells whether the map has something to do with a place.
func (d *drawing) known(p *places) bool {
	if p.use != nil {
		return d.words[p.use.Path] != nil
	}
	return slices.ContainsFunc(p.inner, d.known)
}

func (d *drawing) children(p *places, depth int) {
	for _, sub := range p.inner {
		required, most := sub.times()
		for n := 0; d.again(sub, n, required, most, depth); n++ {
			if sub.use != nil {
				d.segment(sub.use, n == 0 && required)
			} else {
				d.children(sub, depth+1)
			}
		}
	}
}

// times are how often a place has to be filled and how often it may be.
func (p *places) times() (required bool, most int) {
	switch {
	case p.loop != nil:
		return p.loop.Required, p.loop.Max
	case p.use.Starts:
		return true, 1
	}
	return p.use.Required, p.use.Max
}

// again draws whether a place is filled once more: those that the map knows
// more often than others.
func (d *drawing) again(p *places, n int, required bool, most, depth int) bool {
	switch {
	case n == 0 && required:
		return true
	case most > 0 && n >= most || n > 3 || len(d.segs) > 60:
		return false
	case d.known(p) && d.whole && n == 0:
		return d.chance("once", nearlyAll)
	case d.known(p):
		return d.chance("again", max(d.rich-n-depth, 0))
	}
	return n == 0 && d.chance("unnamed", d.rich/6)
}

// nearlyAll are nine of ten: what is usual may be missing.
const nearlyAll = 9

func (d *drawing) segment(u *guide.Use, must bool) {
	switch s := (&drawnSegment{use: u, must: must || d.whole}); u.ID {
	case "SE", "UNT":
	case "ST":
		s.elements = [][]string{{d.m.Guide.Set}, {"0001"}}
		d.segs = append(d.segs, s)
	case "UNH":
		version, release := messageVersion(d.m.Guide)
		s.elements = [][]string{{"0001"}, {d.m.Guide.Set, version, release, "UN"}}
		d.segs = append(d.segs, s)
	default:
		d.segs = append(d.segs, s)
		for i := range d.fields(u) {
			d.element(s, i+1)
		}
	}
}

func (d *drawing) fields(u *guide.Use) []guide.Field {
	return u.Segment.In(delimiters(d.m.Guide)).Fields
}

// element draws what stands in an element of a segment, perhaps nothing.
func (d *drawing) element(s *drawnSegment, n int) {
	f := &d.fields(s.use)[n-1]
	if f.Composite == nil {
		if d.filled(s, cell{n, 1}, f) {
			*s.at(n, 0) = d.value(s, cell{n, 1}, f.Element)
		}
		return
	}
	for c := range f.Composite.Fields {
		sub := &f.Composite.Fields[c]
		if f.Usage == guide.Required && d.filled(s, cell{n, c + 1}, sub) || f.Usage != guide.Required && d.words[s.use.Path][cell{n, c + 1}] != nil && d.chance("part", d.often(s, 7)) {
			*s.at(n, c+1) = d.value(s, cell{n, c + 1}, sub.Element)
		}
	}
}

func (d *drawing) filled(s *drawnSegment, c cell, f *guide.Field) bool {
	switch {
	case f.Usage == guide.NotUsed:
		return false
	case f.Usage == guide.Required:
		return true
	case d.words[s.use.Path][c] != nil:
		return d.chance("there", d.often(s, 6))
	}
	return d.chance("more", d.rich/5)
}

// often is how many of ten of what the map knows a segment says.
func (d *drawing) often(s *drawnSegment, least int) int {
	if s.must {
		return nearlyAll
	}
	return max(d.rich, least)
}

// value draws one for a cell: mostly one that the map looks for.
func (d *drawing) value(s *drawnSegment, c cell, e *guide.Element) string {
	w := d.words[s.use.Path][c]
	if w != nil && w.usual != "" && s.must && fitting(e, w.usual) && d.chance("usual", 4) {
		return w.usual
	}
	if w != nil && len(w.values) > 0 && d.chance("named", d.often(s, 8)) {
		if v := rapid.SampledFrom(w.values).Draw(d.t, "word"); fitting(e, v) {
			return v
		}
	}
	if len(e.Codes) > 0 && (e.Closed || d.chance("coded", 7)) {
		if v := rapid.SampledFrom(e.Codes).Draw(d.t, "code").Value; fitting(e, v) {
			return v
		}
	}
	if w != nil && w.convert != nil {
		switch w.convert.(type) {
		case asDate, asDay:
			return fmt.Sprintf("20%02d%02d%02d", rapid.IntRange(0, 30).Draw(d.t, "y"), rapid.IntRange(1, 12).Draw(d.t, "m"), rapid.IntRange(1, 28).Draw(d.t, "d"))
		case asDecimal, asInteger, asImplied:
			return d.figure(e)
		}
	}
	return d.madeUp(e)
}

func fitting(e *guide.Element, v string) bool {
	n := len(v)
	return n >= e.Min && n <= e.Max && (e.Type != guide.A || !strings.ContainsAny(v, "0123456789")) &&
		(e.Type != guide.N && e.Type != guide.R || strings.Trim(v, "0123456789") == "")
}

func (d *drawing) figure(e *guide.Element) string {
	s := strconv.Itoa(rapid.IntRange(1, 99999).Draw(d.t, "digits"))
	for len(s) < e.Min {
		s += "0"
	}
	if s = s[:min(len(s), e.Max)]; e.Type != guide.N && len(s) > 2 && d.chance("point", 4) {
		s = s[:len(s)-2] + "." + s[len(s)-2:]
	}
	if d.chance("less", 2) {
		s = "-" + s
	}
	return s
}

func (d *drawing) madeUp(e *guide.Element) string {
	switch e.Type {
	case guide.DT:
		return "20240408"[8-min(8, e.Max):]
	case guide.TM:
		return "0612"
	case guide.N, guide.R:
		return d.figure(e)
	}
	size := rapid.IntRange(max(e.Min, 1), max(e.Min, min(e.Max, 14))).Draw(d.t, "size")
	letters := "ABCXYZ"
	if e.Type != guide.A {
		letters = "ABxyz019.,-/"
	}
	return "Z" + rapid.StringOfN(rapid.RuneFrom([]rune(letters)), size-1, size-1, -1).Draw(d.t, "text")
}

// trees gives the rounds of trees their numbers: each belongs to one before
// it, mostly as the map nests them.
func (d *drawing) trees() {
	all := map[string]*tree{"HL": {id: 1, parent: 2}}
	maps.Copy(all, d.m.trees)
	for tag, tr := range all {
		rules := []*rule{nil}
		for _, s := range d.segs {
			if s.use.ID != tag {
				continue
			}
			n, above := len(rules), 0
			if n > 1 {
				above = rapid.IntRange(max(n-2, 1), n-1).Draw(d.t, "above")
			}
			around := d.m.top
			if above > 0 {
				around = rules[above]
			}
			*s.at(tr.parent, 0) = ""
			if above > 0 {
				*s.at(tr.parent, 0) = strconv.Itoa(above)
			}
			*s.at(tr.id, 0) = strconv.Itoa(n)
			rules = append(rules, d.nested(s, around))
		}
	}
}

// nested makes a round one that a rule around it names, if there is one.
func (d *drawing) nested(s *drawnSegment, around *rule) *rule {
	if around == nil || around.scope == nil || !d.chance("nested", 9) {
		return nil
	}
	var fit []*rule
	for _, r := range around.inner {
		if r.tree != nil && len(r.place.conditions) > 0 {
			fit = append(fit, r)
		}
	}
	if len(fit) == 0 {
		return nil
	}
	r := rapid.SampledFrom(fit).Draw(d.t, "round")
	for _, c := range r.place.conditions {
		*s.at(c.element, c.component) = c.values[0]
	}
	return r
}

// body writes the document.
func (d *drawing) body() []byte {
	g := d.m.Guide
	w := delimiters(g)
	var b []byte
	write := func(tag string, elements [][]string) {
		b = append(append(b, '\n'), tag...)
		for len(elements) > 0 && strings.Join(elements[len(elements)-1], "") == "" {
			elements = elements[:len(elements)-1]
		}
		for _, e := range elements {
			b = append(b, w.Element)
			for len(e) > 0 && e[len(e)-1] == "" {
				e = e[:len(e)-1]
			}
			for i, c := range e {
				if i > 0 {
					b = append(b, w.Component)
				}
				escaped, _ := w.Escape(nil, []byte(c))
				b = append(b, escaped...)
			}
		}
		b = append(b, w.Terminator...)
	}
	for _, s := range d.segs {
		write(s.use.ID, s.elements)
	}
	trailer := "SE"
	if isEDIFACT(g) {
		trailer = "UNT"
	}
	write(trailer, [][]string{{strconv.Itoa(len(d.segs) + 1)}, {"0001"}})
	return b
}

// drawDocument draws a document that is valid by the guide of a map.
func drawDocument(t *rapid.T, m *Map) *Document {
	p, v := placesOf(m.Guide), vocabularyOf(m)
	rich := rapid.SampledFrom([]int{8, 6, 4, 2, 1}).Draw(t, "rich")
	whole := rapid.IntRange(0, 9).Draw(t, "whole") < 6
	for try := range 12 {
		d := &drawing{t: t, m: m, words: v, rich: max(rich-try, 0), whole: whole && try < 6}
		d.children(p, 0)
		d.trees()
		if doc, ok := d.repair(); ok {
			return doc
		}
	}
	t.Skip("no valid document was drawn")
	return nil
}

// The libraries of all tests in the package; they may be used by many at once.
var testGuides, testMaps = guide.NewLibrary(sets.Files()), NewLibrary(sets.Files())

// everyMap runs a test for each set that has a map.
func everyMap(t *testing.T, run func(*testing.T, *Map)) {
	t.Helper()
	names, err := testGuides.List()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range names {
		g, err := testGuides.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := testMaps.Map(g)
		if err != nil {
			continue
		}
		n++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, m)
		})
	}
	if n < 40 {
		t.Errorf("only %d sets have a map", n)
	}
}
