package guide

import (
	"slices"

	"fondaco/edi"
)

// BrokenSample is a document with one thing wrong with it.
type BrokenSample struct {
	ID       string // of the one finding that it yields
	Path     string // where
	Document []byte
}

// Broken makes one document for each rule of a guide that a document can break:
// each yields one finding, with the id that it says, and no other.
func Broken(g *Guide, o SampleOptions) ([]BrokenSample, error) {
	var list []BrokenSample
	whole := make([]*draft, 0, 3)
	for seed := range uint64(3) {
		o.Seed += seed
		d, err := newDraft(g, o)
		if err != nil {
			return nil, err
		}
		d.fillTotals()
		whole = append(whole, d)
	}
	for _, b := range breakers {
		for _, d := range whole {
			if s, ok := d.broken(b); ok {
				list = append(list, s)
				break
			}
		}
	}
	return list, nil
}

// breaker breaks a rule somewhere in the i-th segment, in the n-th way; false
// means that there is no such way. A way that leads nowhere is marked.
type breaker struct {
	rule  string
	apply func(d *draft, i, n int) bool
}

// maxTries bounds how many documents are tried for one rule.
const maxTries = 120

// broken tries a breaker on one segment after the other until what it does
// yields what it should and nothing else.
func (d *draft) broken(b breaker) (BrokenSample, bool) {
	id := breach(d.g.Standard, b.rule).ID
	tries := 0
	for i := range d.segs {
		for n := 0; n < 64 && tries < maxTries; n++ {
			c := d.clone(i)
			if !b.apply(c, i, n) {
				break
			}
			if c.nowhere {
				continue
			}
			tries++
			if f, ok := c.yields(id); ok {
				return BrokenSample{ID: id, Path: f.Path.String(), Document: c.bytes()}, true
			}
		}
	}
	return BrokenSample{}, false
}

// clone copies the document so that its i-th segment can be changed.
func (d *draft) clone(i int) *draft {
	c := *d
	c.nowhere = false
	c.segs = slices.Clone(d.segs)
	c.segs[i] = d.segs[i].clone()
	return &c
}

func (s *segment) clone() segment {
	c := *s
	c.elements = make([][][]string, len(s.elements))
	for i, e := range s.elements {
		for _, parts := range e {
			c.elements[i] = append(c.elements[i], slices.Clone(parts))
		}
	}
	return c
}

// yields tells whether exactly this finding comes of the document, after its
// totals have been put right.
func (d *draft) yields(id string) (*edi.Finding, bool) {
	for range 3 {
		list := d.findings()
		if len(list) == 1 && list[0].ID == id {
			return &list[0], true
		}
		wrong := false
		for i := range list {
			f := &list[i]
			if isTotal(f.ID) && !isTotal(id) {
				wrong = d.patch(f) || wrong
			}
		}
		if !wrong {
			return nil, false
		}
	}
	return nil, false
}

// patch puts a total right.
func (d *draft) patch(f *edi.Finding) bool {
	if f.Path.Segment > len(d.segs) || f.Path.Element > len(d.segs[f.Path.Segment-1].elements) {
		return false
	}
	s := &d.segs[f.Path.Segment-1]
	*s = s.clone()
	e := s.elements[f.Path.Element-1]
	at := max(f.Path.Component, 1) - 1
	if len(e) == 0 || at >= len(e[0]) {
		return false
	}
	e[0][at] = f.Expected
	return true
}

// use is the description of the i-th segment, as it stands in the document.
func (d *draft) use(i int) *Segment {
	return d.g.nodes[d.segs[i].node].use.Segment.In(d.o.Delimiters)
}

func (d *draft) frame(i int) bool { return i == 0 || i == len(d.segs)-1 }

// valueSlot is one value of a segment, with the field it belongs to.
type valueSlot struct {
	field *Field
	value *string
}

// values are the fields of a segment that hold a value, components one by one.
func (d *draft) values(i int) []valueSlot {
	var list []valueSlot
	s := d.use(i)
	for n := range min(len(s.Fields), len(d.segs[i].elements)) {
		f, e := &s.Fields[n], d.segs[i].elements[n]
		if len(e) == 0 {
			continue
		}
		if f.Composite == nil {
			list = append(list, valueSlot{f, &e[0][0]})
			continue
		}
		for c := range min(len(f.Composite.Fields), len(e[0])) {
			list = append(list, valueSlot{&f.Composite.Fields[c], &e[0][c]})
		}
	}
	return list
}

// onValue makes a breaker of a function that spoils one value.
func onValue(rule string, spoil func(e *Element, v string) string) breaker {
	return breaker{rule, func(d *draft, i, n int) bool {
		if d.frame(i) {
			return false
		}
		values := d.values(i)
		if n >= len(values) {
			return false
		}
		v := values[n]
		spoilt := *v.value
		if spoilt != "" {
			spoilt = spoil(v.field.Element, spoilt)
		}
		d.nowhere, *v.value = spoilt == *v.value, spoilt
		return true
	}}
}
