package guide

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"

	"fondaco/edi"
)

// SampleOptions shape a sample. The same options give the same document.
type SampleOptions struct {
	// Seed chooses among the documents that a guide allows.
	Seed uint64
	// Delimiters to write with, the usual ones of the standard if Element is zero.
	Delimiters edi.Delimiters
	// Newline is written after each segment, "\n" if empty.
	Newline string
}

// Sample makes up a document that a guide allows: the envelopes, the required
// places and some of the others, with values that fit, and with totals that are
// right. The error says that no document could be made, which happens when the
// rules of a guide contradict one another.
func Sample(g *Guide, o SampleOptions) ([]byte, error) {
	d, err := newDraft(g, o)
	if err != nil {
		return nil, err
	}
	return d.bytes(), nil
}

// draft is a document that is being made up.
type draft struct {
	g    *Guide
	o    SampleOptions
	rand *rand.Rand
	rich float64 // how likely it is that something optional is there
	segs []segment
	n    int // to make values differ
	// what the trailer of the transaction says, wrong on purpose
	count, control int
	nowhere        bool // what was tried last leads nowhere
}

// segment is one of its segments: elements, their repetitions, their components.
type segment struct {
	node     int
	tag      string
	elements [][][]string
	tail     bool // with a separator at the end, and nothing behind it
}

// newDraft tries richer documents first: where a guide gives the same tag to
// several places, or has conditions, some of them do not work out.
func newDraft(g *Guide, o SampleOptions) (*draft, error) {
	if o.Newline == "" {
		o.Newline = "\n"
	}
	if o.Delimiters.Element == 0 {
		o.Delimiters = usualDelimiters(g)
	}
	var last error
	for try, rich := range []float64{0.5, 0.5, 0.4, 0.4, 0.3, 0.3, 0.2, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0, 0, 0} {
		chance := rand.New(rand.NewPCG(o.Seed, uint64(try))) //nolint:gosec // the same seed has to give the same document
		d := &draft{g: g, o: o, rand: chance, rich: rich}
		d.children(0)
		d.trees()
		if last = d.total(); last == nil {
			return d, nil
		}
	}
	return nil, fmt.Errorf("sample of %s: %w", g.Name, last)
}

func usualDelimiters(g *Guide) edi.Delimiters {
	if g.Standard == edi.EDIFACT {
		d := edi.EDIFACTDelimiters
		if g.Version == "4.1" {
			d.Repetition = '*'
		}
		return d
	}
	d := edi.X12Delimiters
	if g.Version < "00402" {
		d.Repetition = 0
	}
	return d
}

func (d *draft) children(parent int) {
	for _, c := range d.g.nodes[parent].children {
		k := &d.g.nodes[c]
		for range d.times(c, k) {
			if k.loop != nil {
				d.children(c)
				continue
			}
			d.segs = append(d.segs, d.segment(c, k.use.Segment))
		}
	}
}

// times draws how often a place is filled.
func (d *draft) times(n int, k *node) int {
	if k.notUsed || unconfirmed(k) {
		return 0
	}
	times := 0
	if k.required {
		times = 1
	}
	if k.family != nil && len(k.quals) == 0 && !k.required {
		return times // what others have been split from
	}
	depth := 0
	for p := k.parent; p > 0; p = d.g.nodes[p].parent {
		depth++
	}
	for times < 2 && uint32(times) < k.max && n > 1 && d.rand.Float64() < d.rich/float64(depth+1) {
		times++
	}
	return times
}

func unconfirmed(k *node) bool {
	return k.use != nil && k.use.Unconfirmed || k.loop != nil && k.loop.Unconfirmed
}

func (d *draft) segment(n int, s *Segment) segment {
	s = s.In(d.o.Delimiters)
	out := segment{node: n, tag: s.ID, elements: make([][][]string, len(s.Fields))}
	present := d.presence(s.Fields, s.notes)
	quals := d.g.nodes[n].quals
	for i := range quals {
		present |= 1 << quals[i].element
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		if present&(1<<(i+1)) == 0 {
			continue
		}
		var inside uint64
		for q := range quals {
			if quals[q].element == i+1 {
				inside |= 1 << quals[q].component
			}
		}
		out.elements[i] = [][]string{d.field(f, inside)}
		for d.o.Delimiters.Repetition != 0 && len(out.elements[i]) < f.Least {
			out.elements[i] = append(out.elements[i], d.field(f, inside))
		}
	}
	for i := range quals {
		q := &quals[i]
		out.elements[q.element-1][0][q.component-1] = q.values[d.rand.IntN(len(q.values))]
	}
	d.header(&out)
	return out
}

func (d *draft) field(f *Field, inside uint64) []string {
	if f.Composite == nil {
		return []string{d.value(f.Element)}
	}
	parts := make([]string, len(f.Composite.Fields))
	inside |= d.presence(f.Composite.Fields, f.Composite.notes)
	if inside == 0 {
		inside = 1 << 1
		for i := range f.Composite.Fields {
			if f.Composite.Fields[i].Usage != NotUsed {
				inside = 1 << (i + 1)
				break
			}
		}
		inside |= d.presence(f.Composite.Fields, f.Composite.notes)
	}
	for i := range f.Composite.Fields {
		if inside&(1<<(i+1)) != 0 {
			parts[i] = d.value(f.Composite.Fields[i].Element)
		}
	}
	d.dated(f.Composite, parts)
	return parts
}

// dated gives a date that has a format beside it a day in that format.
func (d *draft) dated(c *Composite, parts []string) {
	p := &c.packed
	if p.text < 0 || p.form < 0 || parts[p.text] == "" || parts[p.form] == "" {
		return
	}
	format := "102"
	if e := c.Fields[p.form].Element; e.Closed {
		format = e.Codes[0].Value
	}
	parts[p.form] = format
	if f, known := dateFormats[format]; known {
		parts[p.text] = dateAs(f)
	}
}

// presence draws which elements are there, until the notes are content.
func (d *draft) presence(fields []Field, notes []note) uint64 {
	for try := range 20 {
		var present uint64
		for i := range fields {
			f := &fields[i]
			if f.Usage == Required || f.Usage == Optional && !f.Unconfirmed && d.rand.Float64() < d.rich/2*float64(20-try)/20 {
				present |= 1 << (i + 1)
			}
		}
		if present, ok := content(present, notes); ok {
			return present
		}
	}
	return 0
}

// content adds what notes ask for, and tells whether they are satisfied then.
func content(present uint64, notes []note) (uint64, bool) {
	for range 10 {
		for i := range notes {
			if !notes[i].excludes() {
				if b := notes[i].broken(present); b != 0 && (notes[i].kind != '1' || present&notes[i].all == 0) {
					present |= b
				}
			}
		}
	}
	for i := range notes {
		if notes[i].broken(present) != 0 {
			return present, false
		}
	}
	return present, true
}

// trees numbers the nodes of trees, the first being the parent of all others.
func (d *draft) trees() {
	for i := range d.g.rules {
		r := &d.g.rules[i]
		if r.kind != treeRule {
			continue
		}
		n := 0
		for j := range d.segs {
			s := &d.segs[j]
			if !r.target.names(d.g.nodes[s.node].use) {
				continue
			}
			n++
			s.set(r.target.element, r.target.component, strconv.Itoa(n))
			parent := ""
			if n > 1 {
				parent = "1"
			}
			s.set(r.then.element, r.then.component, parent)
		}
	}
}

// set gives a component of an element a value.
func (s *segment) set(element, component int, value string) {
	for len(s.elements) < element {
		s.elements = append(s.elements, nil)
	}
	e := &s.elements[element-1]
	if len(*e) == 0 {
		*e = [][]string{nil}
	}
	for len((*e)[0]) < component {
		(*e)[0] = append((*e)[0], "")
	}
	(*e)[0][component-1] = value
}

// total makes the totals right, and tells what else is wrong.
func (d *draft) total() error {
	for range 3 {
		list := d.findings()
		wrong := false
		for i := range list {
			f := &list[i]
			if !isTotal(f.ID) {
				return fmt.Errorf("%s at %s: %s", f.ID, f.Path, f.Value+f.Expected+f.Rule)
			}
			at := d.segs[f.Path.Segment-1].elements[f.Path.Element-1]
			at[0][max(f.Path.Component, 1)-1] = f.Expected
			wrong = true
		}
		if !wrong {
			return nil
		}
	}
	return errors.New("the totals of its rules contradict one another")
}

// isTotal tells the findings that say what a total should be.
func isTotal(id string) bool {
	return strings.HasSuffix(id, ".total") || strings.HasSuffix(id, ".hash-total")
}

// findings are those of the document as it stands.
func (d *draft) findings() []edi.Finding {
	v := NewValidator(edi.NewReader(bytes.NewReader(d.bytes()), edi.Options{Buffer: 4096}), NewLibrary(), Options{Guide: d.g, RequireGuide: true})
	rep, err := edi.Collect(v)
	if err != nil && err != io.EOF {
		return []edi.Finding{{ID: "unreadable", Rule: err.Error()}}
	}
	var list []edi.Finding
	rep.All(func(f *edi.Finding) { list = append(list, *f) })
	return list
}
