package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Put gives a copy of the document that states what the object does. What the
// map does not name stays as it is, byte for byte, and so does every value that
// has not changed. A document with errors is refused, and so is a record that
// the document would not give back when it is read.
func (m *Map) Put(o *Object, d *Document) (*Document, error) {
	before, problems := m.Decode(d)
	if d.Errors > 0 || len(problems) > 0 {
		return nil, fmt.Errorf("change %s %s: the document has errors; correct it first", d.Set(), d.ControlNumber())
	}
	c := *d
	c.root = d.root.clone(nil)
	w := &putter{m: m, d: &c}
	if err := w.all(o, before, d.root); err != nil {
		return nil, fmt.Errorf("change %s %s: %w", d.Set(), d.ControlNumber(), err)
	}
	return m.proof(o, c.Bytes(), c.delims)
}

// putter writes an object into a document.
type putter struct {
	m *Map
	d *Document
}

// all writes the fields and then what is computed of them; before and old are
// the record and the segments as they were.
func (w *putter) all(o, before *Object, old *round) error {
	if err := w.object(w.d.root, w.m.top, o); err != nil {
		return err
	}
	for _, c := range w.m.sums {
		was, err := c.value(before, old)
		if err != nil {
			return err
		}
		is, err := c.value(o, w.d.root)
		if err != nil {
			return err
		}
		if err := w.computed(c, was, is); err != nil {
			return err
		}
	}
	return w.trailer(old)
}

// trailer corrects the number of segments when it has changed.
func (w *putter) trailer(old *round) error {
	n := w.d.root.count("")
	if n == old.count("") {
		return nil
	}
	last := w.d.root.items[len(w.d.root.items)-1].seg
	if last == nil || last.tag() != "SE" && last.tag() != "UNT" {
		return errors.New("the document has no trailer")
	}
	return last.set(1, 0, strconv.Itoa(n), &w.d.delims)
}

// object writes the fields of a scope: first what is to go, which makes room
// for what is to come.
func (w *putter) object(at *round, scope *rule, o *Object) error {
	for _, gone := range []bool{true, false} {
		for _, r := range scope.rules {
			f := o.Field(r.name)
			if (f == nil) != gone {
				continue
			}
			if f == nil {
				f = &Field{}
			}
			if err := w.field(at, scope, r, f); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
		}
	}
	return nil
}

func (w *putter) field(at *round, scope, r *rule, f *Field) error {
	switch {
	case r.loop != nil && r.list:
		return w.rounds(at, scope, r, f.Objects)
	case r.loop != nil:
		return w.round(at, scope, r, f.Object)
	case r.place.spread.last > 0:
		return w.row(at, scope, r, f.Texts)
	case r.list:
		return w.texts(at, scope, r, f.Texts)
	}
	return w.text(at, scope, r, f.Text)
}

func (w *putter) text(at *round, scope, r *rule, value string) error {
	s := r.segment(at)
	if s != nil && value != "" {
		return w.change(at, r, s, value)
	}
	if value == "" {
		for _, s := range r.place.matches(at) {
			if !r.defaulting(at, s) {
				w.clear(at, scope, r, s)
			}
		}
		return nil
	}
	// The segment may be there without the value.
	s = r.place.best(at, always)
	if s == nil {
		var err error
		if s, err = w.insert(at, scope, r); err != nil {
			return err
		}
	}
	if err := w.write(at, r, s, value); err != nil {
		return err
	}
	return w.beside(scope, r, s)
}

// beside writes the constants that stand beside a value.
func (w *putter) beside(scope, r *rule, s *segment) error {
	for _, c := range scope.constants {
		if c.place.path != r.place.path || c.with != r.place.cell || c.place.rank(s) < 0 || s.text(c.place.element, c.place.component) != "" {
			continue
		}
		if err := s.set(c.place.element, c.place.component, c.value, &w.d.delims); err != nil {
			return err
		}
	}
	return nil
}

// defaulting tells whether a segment says what the map writes where a record
// says nothing.
func (r *rule) defaulting(at *round, s *segment) bool {
	n := r.place.value(s)
	if r.dflt == "" || n == 0 {
		return false
	}
	v, err := r.read(at, s, n)
	return err == nil && v == r.dflt
}

// change writes a value over another one, unless it says the same.
func (w *putter) change(at *round, r *rule, s *segment, value string) error {
	if was, err := r.read(at, s, r.place.value(s)); err == nil && was == value {
		return nil
	}
	return w.write(at, r, s, value)
}

func (w *putter) write(at *round, r *rule, s *segment, value string) error {
	written, err := r.convert.encode(nil, []byte(value))
	if err != nil {
		return err
	}
	if r.isNegative(at, s) && negate(value) != value {
		return fmt.Errorf("%s must be negative here", value)
	}
	n := r.place.value(s)
	if n == 0 && r.place.pairs != nil {
		if n, err = w.pair(r, s); err != nil {
			return err
		}
	} else if n == 0 {
		n = r.place.element
	}
	return s.set(n, r.place.component, string(written), &w.d.delims)
}

// pair makes room for a pair with the preferred qualifier, and gives the
// element for its value.
func (w *putter) pair(r *rule, s *segment) (int, error) {
	p := r.place.pairs
	for n := r.place.element; n <= p.last; n += p.step {
		if at := p.at(n); s.raw(at.element) == "" && s.raw(n) == "" {
			return n, s.set(at.element, at.component, p.qualifiers[0], &w.d.delims)
		}
	}
	return 0, fmt.Errorf("%s has no room left for another qualifier", s.tag())
}

// insert makes a segment for a value, with the constants of its place.
func (w *putter) insert(at *round, scope, r *rule) (*segment, error) {
	s := w.make(r.place.tag, r.place.use)
	if err := w.qualify(s, &r.place); err != nil {
		return nil, err
	}
	for _, c := range scope.constants {
		if c.place.path == r.place.path && c.with.element == 0 && c.place.rank(s) >= 0 {
			if err := s.set(c.place.element, c.place.component, c.value, &w.d.delims); err != nil {
				return nil, err
			}
		}
	}
	at.insert(item{seg: s})
	return s, nil
}

func (w *putter) make(tag string, use *useOf) *segment {
	return &segment{use: use, elements: []string{tag}, delims: w.d.delims}
}

// qualify writes the values that choose a segment.
func (w *putter) qualify(s *segment, p *place) error {
	for _, c := range p.conditions {
		if err := s.set(c.element, c.component, c.values[0], &w.d.delims); err != nil {
			return err
		}
	}
	return nil
}

// clear takes a value out of a segment, and the segment away when it then says
// nothing but what chooses it.
func (w *putter) clear(at *round, scope, r *rule, s *segment) {
	switch {
	case r.place.pairs != nil:
		if !w.clearPairs(r, s) {
			return
		}
	case s.text(r.place.element, r.place.component) != "":
		w.blank(s, r.place.element, r.place.component)
		for _, c := range scope.constants {
			if c.place.path == r.place.path && c.with == r.place.cell && c.place.rank(s) >= 0 {
				w.blank(s, c.place.element, c.place.component)
			}
		}
	default:
		return
	}
	if s.use.Starts || s.use.Required {
		return
	}
	for n := 1; n <= s.size(); n++ {
		if !r.fixed(scope, s, n) {
			return
		}
	}
	at.remove(s, nil)
}

func (w *putter) blank(s *segment, n, c int) {
	if err := s.set(n, c, "", &w.d.delims); err != nil {
		panic("mapping: an empty value has no delimiter in it") // set refuses nothing else
	}
}

// clearPairs takes all pairs of the rule out and closes the gaps. It tells
// whether there were any.
func (w *putter) clearPairs(r *rule, s *segment) bool {
	if r.place.value(s) == 0 {
		return false
	}
	p := r.place.pairs
	to := r.place.element
	for n := r.place.element; n <= p.last && n-1 <= s.size(); n += p.step {
		q := p.at(n)
		qualifier, value := s.raw(q.element), s.raw(n)
		if slices.Contains(p.qualifiers, s.text(q.element, q.component)) && s.has(n, r.place.component) {
			w.blank(s, q.element, 0)
			w.blank(s, n, 0)
			continue
		}
		if to != n && (qualifier != "" || value != "") {
			w.blank(s, q.element, 0)
			w.blank(s, n, 0)
			s.elements[p.at(to).element], s.elements[to] = qualifier, value
		}
		to += p.step
	}
	return true
}

// fixed tells whether what stands in an element only chooses the segment or is
// constant.
func (r *rule) fixed(scope *rule, s *segment, n int) bool {
	rest := s.raw(n)
	if rest == "" {
		return true
	}
	cells := make([]cell, 0, 8)
	for _, c := range r.place.conditions {
		cells = append(cells, c.cell)
	}
	for _, c := range scope.constants {
		if c.place.path == r.place.path {
			cells = append(cells, c.place.cell)
		}
	}
	parts := strings.Split(rest, string(s.separator()))
	for _, c := range cells {
		if c.element == n && c.component == 0 {
			return true
		}
		if c.element == n && c.component <= len(parts) {
			parts[c.component-1] = ""
		}
	}
	return strings.Join(parts, "") == ""
}

func (w *putter) texts(at *round, scope, r *rule, values []string) error {
	var there []*segment
	for _, s := range r.place.matches(at) {
		if r.place.value(s) > 0 {
			there = append(there, s)
		}
	}
	for i, v := range values {
		if i < len(there) {
			if err := w.change(at, r, there[i], v); err != nil {
				return err
			}
			continue
		}
		s, err := w.insert(at, scope, r)
		if err == nil {
			err = w.write(at, r, s, v)
		}
		if err != nil {
			return err
		}
	}
	for _, s := range there[min(len(values), len(there)):] {
		w.clear(at, scope, r, s)
	}
	return nil
}

func (w *putter) round(at *round, scope, r *rule, o *Object) error {
	if o == nil {
		return w.remove(at, r, r.rounds(at, scope))
	}
	sub := r.round(at, scope)
	if sub == nil {
		var err error
		if sub, err = w.begin(at, r); err != nil {
			return err
		}
	}
	return w.object(sub, r, o)
}

func (w *putter) rounds(at *round, scope, r *rule, list []*Object) error {
	there := r.rounds(at, scope)
	for i, o := range list {
		if i >= len(there) {
			sub, err := w.begin(at, r)
			if err != nil {
				return err
			}
			there = append(there, sub)
		}
		if err := w.object(there[i], r, o); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return w.remove(at, r, there[len(list):])
}

// errTree: what belongs to what is said by numbers all over the document.
var errTree = errors.New("the levels of a tree cannot be changed in a document; write a new one")

func (w *putter) remove(at *round, r *rule, list []*round) error {
	if r.tree != nil && len(list) > 0 {
		return errTree
	}
	for _, sub := range list {
		at.remove(nil, sub)
	}
	return nil
}

// begin makes a round of a loop with its first segment.
func (w *putter) begin(at *round, r *rule) (*round, error) {
	if r.tree != nil {
		return nil, errTree
	}
	s := w.make(r.place.tag, r.place.use)
	if err := w.qualify(s, &r.place); err != nil {
		return nil, err
	}
	sub := &round{loop: r.loop, index: r.place.use.Index, above: at, items: []item{{seg: s}}}
	for _, c := range r.constants {
		if c.place.path == r.place.path && c.with.element == 0 {
			if err := s.set(c.place.element, c.place.component, c.value, &w.d.delims); err != nil {
				return nil, err
			}
		}
	}
	at.insert(item{sub: sub})
	return sub, nil
}
