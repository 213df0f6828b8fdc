package guide

import (
	"bytes"
	"errors"
	"fmt"
	"math/bits"
	"strconv"

	"fondaco/edi"
)

// Options shape a validation. The zero value checks with the guides there are
// and warns where there is none.
type Options struct {
	edi.ParserOptions
	// RequireGuide makes it an error when a transaction has no guide, as a
	// receiver that acknowledges must: it can't accept what it can't read.
	RequireGuide bool
	// Guide is used for every transaction of its set, whatever its version.
	Guide *Guide
}

// Validator checks what a Reader reads against the guides of a library. It
// gives the parser's events; by the time of TransactionEnd everything found is
// in the event's Transaction. Nothing is allocated for what is in order.
type Validator struct {
	*edi.Parser
	lib     *Library
	opt     Options
	walk    walk
	use     *Use
	seg     *edi.Segment
	node    int
	report  func(problem)
	rules   []int // counts for the guide's rules
	digits  []byte
	missing bool // no guide for the transaction at hand

	// the guide used last, so that a run of transactions looks it up once
	version, set string
	guide        *Guide
	guideErr     error
}

var _ edi.Source = (*Validator)(nil)

// NewValidator returns a validator of what r reads.
func NewValidator(r *edi.Reader, lib *Library, o Options) *Validator {
	v := &Validator{Parser: edi.NewParser(r, o.ParserOptions), lib: lib, opt: o}
	v.report = v.misplaced
	return v
}

// Use is the place of the segment of the last event in its guide, nil when it
// has none.
func (v *Validator) Use() *Use { return v.use }

// LoopPath is where the segment of the last event stands: PTD[3]/QTY[1].
func (v *Validator) LoopPath() string {
	if v.use == nil {
		return ""
	}
	return v.walk.loopPath(v.use.Index)
}

// Guide is that of the transaction at hand, nil if there is none.
func (v *Validator) Guide() *Guide {
	if v.missing {
		return nil
	}
	return v.walk.g
}

// Next returns the next event, with the findings about its segment added to
// its envelope.
func (v *Validator) Next() (*edi.Event, error) {
	e, err := v.Parser.Next()
	if err != nil {
		return nil, err
	}
	v.use, v.seg, v.node = nil, e.Segment, 0
	switch e.Kind {
	case edi.TransactionSegment:
		v.place(e.Segment)
	case edi.TransactionStart:
		v.begin(e)
	case edi.TransactionEnd:
		if e.Segment != nil {
			v.place(e.Segment)
		}
	case edi.GroupStart, edi.GroupEnd, edi.InterchangeEnd, edi.InterchangeControl:
		v.envelope(e)
	}
	return e, nil
}

// begin chooses the guide of a transaction and checks its ST.
func (v *Validator) begin(e *edi.Event) {
	g, err := v.choose(e.Group.Header.Element(8), e.Segment.Element(1))
	v.missing = err != nil
	if err != nil {
		f := edi.Finding{ID: "x12.set.no-guide", Severity: edi.Warning, Level: edi.LevelTransaction, Code: "1",
			Path: edi.Path{Element: 1}, Value: e.Transaction.Set(), Expected: e.Group.Version()}
		if !errors.Is(err, ErrNoGuide) {
			f.ID, f.Rule = "x12.set.bad-guide", err.Error()
		}
		if v.opt.RequireGuide {
			f.Severity = edi.Error
		}
		v.Add(f, e.Segment)
		return
	}
	e.Transaction.Guide = g.Name
	v.walk.start(g)
	v.rules = v.rules[:0]
	for range g.rules {
		v.rules = append(v.rules, 0)
	}
	v.use = g.nodes[1].use
	if e.Group.Header.Kind() != 0 && string(e.Group.Header.Element(1)) != g.Group {
		v.Add(edi.Finding{ID: "x12.set.wrong-group", Severity: edi.Error, Level: edi.LevelTransaction, Code: "18",
			Path: edi.Path{Element: 1}, Value: e.Group.FunctionalID(), Expected: g.Group, Guide: g.Name}, e.Segment)
	}
	v.node = 1
	v.elements(e.Segment, v.use.Segment)
}

func (v *Validator) choose(version, set []byte) (*Guide, error) {
	if o := v.opt.Guide; o != nil && o.Set == string(set) {
		return o, nil
	}
	if v.guide == nil && v.guideErr == nil || v.version != string(version) || v.set != string(set) {
		v.version, v.set = string(version), string(set)
		v.guide, v.guideErr = v.lib.Guide(v.version, v.set)
	}
	return v.guide, v.guideErr
}

// place finds the segment's place, and checks its elements there.
func (v *Validator) place(s *edi.Segment) {
	if v.missing {
		return
	}
	g := v.walk.g
	n := v.walk.step(s, v.report)
	if n == 0 {
		if d := g.Dictionary.Segment(s.Tag()); d != nil {
			v.elements(s, d)
		}
		return
	}
	v.node, v.use = n, g.nodes[n].use
	if v.use.Unconfirmed || v.use.Starts && v.use.Loop.Unconfirmed {
		v.Add(v.about(edi.Finding{ID: "x12.segment.unconfirmed", Severity: edi.Warning, Level: edi.LevelSegment}), s)
	}
	for i := range g.rules {
		if g.rules[i].of == s.Tag() {
			v.rules[i]++
		}
		if g.rules[i].tag == s.Tag() {
			v.count(s, i)
		}
	}
	v.elements(s, v.use.Segment)
}

// count checks an element that counts segments, which all stand before it.
func (v *Validator) count(s *edi.Segment, i int) {
	r := &v.walk.g.rules[i]
	said := s.Element(r.element)
	v.digits = strconv.AppendInt(v.digits[:0], int64(v.rules[i]), 10)
	if len(said) == 0 || bytes.Equal(said, v.digits) {
		return
	}
	f := edi.Finding{ID: "x12.transaction.total", Severity: edi.Error, Level: edi.LevelElement, Code: "7", Path: edi.Path{Element: r.element},
		Value: text(said), Expected: string(v.digits), Rule: r.text, Unconfirmed: r.unconfirmed}
	v.Add(v.about(f), s)
}

// envelope checks the elements of a segment outside of transactions.
func (v *Validator) envelope(e *edi.Event) {
	if e.Segment == nil || e.Segment.Kind() != edi.Data {
		return
	}
	if d := envelopes().Segment(e.Segment.Tag()); d != nil {
		v.elements(e.Segment, d)
	}
}

// misplaced turns what the walk found into a finding.
func (v *Validator) misplaced(p problem) {
	g := v.walk.g
	f := edi.Finding{ID: p.id, Severity: edi.Error, Level: edi.LevelSegment, Code: p.code, Guide: g.Name}
	if p.node == 0 {
		v.Add(f, v.seg)
		return
	}
	n := &g.nodes[p.node]
	f.Path.Loop = v.walk.loopPath(p.node)
	if n.loop != nil {
		f.LoopID, f.Rule = n.loop.ID, fmt.Sprintf("at most %d", n.loop.Max)
		f.Unconfirmed = n.loop.Unconfirmed
		v.Add(f, v.seg)
		return
	}
	u := n.use
	f.Name, f.Unconfirmed = u.Segment.Name, u.Unconfirmed
	if u.Loop != nil {
		f.LoopID = u.Loop.ID
	}
	if p.id == "x12.segment.missing" {
		f.Expected, f.Path.Tag = u.ID, u.ID
	} else if u.Max > 0 {
		f.Rule = fmt.Sprintf("at most %d", u.Max)
	}
	v.Add(f, v.seg)
}

// about fills in the place of the segment at hand.
func (v *Validator) about(f edi.Finding) edi.Finding {
	if v.node == 0 {
		return f
	}
	g := v.walk.g
	u := g.nodes[v.node].use
	f.Guide = g.Name
	f.Path.Loop, f.Path.Use = v.walk.loopPath(v.node), int(v.walk.counts[v.node])
	if f.Name == "" {
		f.Name = u.Segment.Name
	}
	if u.Loop != nil {
		f.LoopID = u.Loop.ID
	}
	return f
}

// elements checks every element of s against its description. The loop does
// what nearly every element needs; suspects are looked at elsewhere.
func (v *Validator) elements(s *edi.Segment, d *Segment) {
	var present uint64
	fields := d.packed.fields
	n := s.Len()
	if n > len(fields) && !d.Open && v.merged(s) {
		return
	}
	for i := range min(n, len(fields)) {
		size := s.Size(i + 1)
		if size == 0 {
			continue
		}
		present |= 1 << (i + 1)
		f := &fields[i]
		if uint16(size)-f.min <= f.span && size < 1<<16 && s.Class(i+1)&f.suspect == 0 && f.flags&always == 0 {
			continue
		}
		v.element(s, d, i+1)
	}
	if n > len(fields) && !d.Open {
		v.surplus(s, d)
	}
	if n > 0 && s.Size(n) == 0 && s.Tag() != edi.ISA {
		v.Add(v.about(edi.Finding{ID: "x12.segment.trailing-separator", Severity: edi.Warning, Level: edi.LevelSegment}), s)
	}
	if lost := d.packed.required &^ present; lost != 0 {
		v.lost(s, d, lost)
	}
	for i := range d.packed.notes {
		if b := d.packed.notes[i].broken(present); b != 0 {
			v.broken(s, d, &d.packed.notes[i], b)
		}
	}
}

func (v *Validator) lost(s *edi.Segment, d *Segment, positions uint64) {
	for ; positions != 0; positions &= positions - 1 {
		n := bits.TrailingZeros64(positions)
		v.element1(s, d, n, edi.Finding{ID: "x12.element.missing", Code: "1"})
	}
}

func (v *Validator) broken(s *edi.Segment, d *Segment, n *note, positions uint64) {
	id, code := "x12.element.condition", "2"
	if n.kind == 'E' {
		id, code = "x12.element.exclusion", "10"
	}
	for ; positions != 0; positions &= positions - 1 {
		v.element1(s, d, bits.TrailingZeros64(positions), edi.Finding{ID: id, Code: code, Rule: n.text})
	}
}

// merged recognises a segment that has swallowed the next one because the
// terminator between them is missing: one of its elements ends with the tag of
// a segment that could follow. One finding then stands for all that would come
// of it.
func (v *Validator) merged(s *edi.Segment) bool {
	if v.node == 0 || v.missing {
		return false
	}
	for n := 1; n < s.Len(); n++ {
		value := s.Element(n)
		for size := 3; size >= 2; size-- {
			if len(value) < size {
				continue
			}
			tail := value[len(value)-size:]
			if !v.walk.pass(edi.TagOf(string(tail))) {
				continue
			}
			v.Add(v.about(edi.Finding{ID: "x12.segment.merged", Severity: edi.Error, Level: edi.LevelSegment, Code: "8",
				Path: edi.Path{Element: n}, Value: text(value), Expected: string(tail)}), s)
			return true
		}
	}
	return false
}

// surplus reports elements after the last one that the segment has.
func (v *Validator) surplus(s *edi.Segment, d *Segment) {
	for n := len(d.Fields) + 1; n <= s.Len(); n++ {
		if s.Size(n) > 0 {
			v.element1(s, d, n, edi.Finding{ID: "x12.element.too-many", Code: "3", Rule: fmt.Sprintf("%s has %d elements", d.ID, len(d.Fields))})
			return
		}
	}
}
