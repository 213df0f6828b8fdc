package mapping

import (
	"fmt"
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
	at       string
}

func (d *decoder) object(r *round, rules []*rule) *Object {
	o := &Object{}
	for _, rule := range rules {
		f := Field{Name: rule.name}
		outer := d.at
		d.at += "." + rule.name
		if rule.loop != nil {
			d.rounds(r, rule, &f)
		} else {
			d.values(r, rule, &f)
		}
		d.at = outer
		if f.Origins != nil {
			o.Fields = append(o.Fields, f)
		}
	}
	return o
}

func (d *decoder) rounds(r *round, rule *rule, f *Field) {
	if !rule.list {
		if sub := rule.round(r); sub != nil {
			f.Object, f.Origins = d.object(sub, rule.rules), []Origin{{seg: sub.head()}}
		}
		return
	}
	outer := d.at
	for i, sub := range rule.rounds(r) {
		d.at = fmt.Sprintf("%s[%d]", outer, i)
		f.Objects = append(f.Objects, d.object(sub, rule.rules))
		f.Origins = append(f.Origins, Origin{seg: sub.head()})
	}
	d.at = outer
}

func (d *decoder) values(r *round, rule *rule, f *Field) {
	if !rule.list {
		if s := rule.segment(r); s != nil {
			f.Text = d.value(r, rule, s, f)
		}
		return
	}
	for _, s := range rule.place.matches(r) {
		if rule.place.value(s) == 0 {
			continue
		}
		if v := d.value(r, rule, s, f); v != "" {
			f.Texts = append(f.Texts, v)
		}
	}
}

// value reads one element; it adds its origin to f when there is a value.
func (d *decoder) value(r *round, rule *rule, s *segment, f *Field) string {
	n := rule.place.value(s)
	origin := Origin{s, n, rule.place.component}
	v, err := rule.read(r, s)
	if err != nil {
		d.problems = append(d.problems, &FieldError{Field: d.at[1:], Origin: origin, Err: err})
		return ""
	}
	f.Origins = append(f.Origins, origin)
	return v
}

// read gives the canonical value that stands in a segment; there is one.
func (r *rule) read(at *round, s *segment) (string, error) {
	v, err := r.convert.decode(s.text(r.place.value(s), r.place.component))
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
			if len(p.matches(up)) > 0 {
				return true
			}
		}
	}
	return false
}

// segment is the one from which a value is read, nil if there is none.
func (r *rule) segment(at *round) *segment {
	return r.place.best(at, func(s *segment) bool { return r.place.value(s) > 0 })
}

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
