package mapping

import (
	"fmt"
	"slices"
	"strings"
)

// FieldError is a value that could not be read.
type FieldError struct {
	Field  string // as sales[0].soldOn
	Origin Origin
	Err    error
}

// Error says where and why.
func (p *FieldError) Error() string {
	return fmt.Sprintf("%s (%s): %v", p.Field, p.Origin.Path(), p.Err)
}

// Decode reads the record of a document. A value that can't be read is left
// out and told as a FieldError; a document that validates has none.
func (m *Map) Decode(d *Document) (*Object, []*FieldError) {
	r := decoder{}
	return r.object(d.root, m.rules), r.problems
}

type decoder struct {
	problems []*FieldError
	at       []step  // on the way to the value at hand
	fields   []Field // of the objects being read, the outer ones first
}

// step is a name, and the place in a list.
type step struct {
	name  string
	index int // -1 where it is no list
}

func (d *decoder) path() string {
	var b strings.Builder
	for i, s := range d.at {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s.name)
		if s.index >= 0 {
			fmt.Fprintf(&b, "[%d]", s.index)
		}
	}
	return b.String()
}

func (d *decoder) object(r *round, rules []*rule) *Object {
	base := len(d.fields)
	for _, rule := range rules {
		f := Field{Name: rule.name}
		d.at = append(d.at, step{rule.name, -1})
		if rule.loop != nil {
			d.rounds(r, rule, &f)
		} else {
			d.values(r, rule, &f)
		}
		d.at = d.at[:len(d.at)-1]
		if f.Text != "" || f.Texts != nil || f.Object != nil || f.Objects != nil {
			d.fields = append(d.fields, f)
		}
	}
	o := &Object{Fields: slices.Clone(d.fields[base:])}
	d.fields = d.fields[:base]
	return o
}

func (d *decoder) rounds(r *round, rule *rule, f *Field) {
	if !rule.list {
		if sub := rule.round(r); sub != nil {
			f.Object, f.Origin = d.object(sub, rule.rules), Origin{seg: sub.head()}
		}
		return
	}
	for i, sub := range rule.rounds(r) {
		d.at[len(d.at)-1].index = i
		f.Objects = append(f.Objects, d.object(sub, rule.rules))
		f.Origins = append(f.Origins, Origin{seg: sub.head()})
	}
}

func (d *decoder) values(r *round, rule *rule, f *Field) {
	if !rule.list {
		if s := rule.segment(r); s != nil {
			f.Text, f.Origin = d.value(r, rule, s)
		}
		return
	}
	for _, s := range rule.place.matches(r) {
		if rule.place.value(s) == 0 {
			continue
		}
		if v, at := d.value(r, rule, s); v != "" {
			f.Texts, f.Origins = append(f.Texts, v), append(f.Origins, at)
		}
	}
}

// value reads one element, in which something stands.
func (d *decoder) value(r *round, rule *rule, s *segment) (string, Origin) {
	n := rule.place.value(s)
	origin := Origin{s, n, rule.place.component}
	v, err := rule.read(r, s, n)
	if err != nil {
		d.problems = append(d.problems, &FieldError{Field: d.path(), Origin: origin, Err: err})
		return "", origin
	}
	return v, origin
}

// read gives the canonical value that stands in element n.
func (r *rule) read(at *round, s *segment, n int) (string, error) {
	v, err := r.convert.decode(s.text(n, r.place.component))
	if err == nil && r.isNegative(at, s) {
		v = negate(v)
	}
	return v, err
}

// isNegative tells whether one of the rule's conditions holds, for a value in
// segment s of a round.
func (r *rule) isNegative(at *round, s *segment) bool {
	for i := range r.negative {
		p := &r.negative[i]
		if p.tag == "" {
			if p.rank(s) >= 0 {
				return true
			}
			continue
		}
		for up := at; up != nil; up = up.above {
			if up.loop == p.use.Loop && p.best(up, always) != nil {
				return true
			}
		}
	}
	return false
}

// segment is the one from which a value is read, nil if there is none.
func (r *rule) segment(at *round) *segment { return r.place.best(at, r.place.holds) }

// rounds are those that a loop's rule is about, in their order.
func (r *rule) rounds(at *round) []*round {
	var list []*round
	for _, it := range at.items {
		if it.sub != nil && it.sub.loop.Path == r.loop.Path && r.rank(it.sub) >= 0 {
			list = append(list, it.sub)
		}
	}
	return list
}

// round is the preferred one of them.
func (r *rule) round(at *round) *round {
	var found *round
	best := 0
	for _, sub := range r.rounds(at) {
		if rank := r.rank(sub); found == nil || rank < best {
			found, best = sub, rank
		}
	}
	return found
}

func (r *rule) rank(sub *round) int {
	head := sub.head()
	if head == nil {
		if len(r.place.conditions) > 0 {
			return -1
		}
		return 0
	}
	return r.place.rank(head)
}
