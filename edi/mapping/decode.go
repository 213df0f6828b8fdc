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
	t := m.tape()
	defer m.tapes.Put(t)
	t.release = d.delims.Release
	all := t.document(d.root, nil)
	t.finish()
	origin := func(n node) Origin {
		if n.seg < 0 {
			return Origin{}
		}
		return Origin{all[n.seg], int(n.at.element), int(n.at.component)}
	}
	return (&nursery{origin: origin}).read(t), t.mistakes(origin)
}

// document reads all segments of a round, and gives them in their order.
func (t *tape) document(r *round, all []*segment) []*segment {
	for _, it := range r.items {
		if it.sub != nil {
			all = t.document(it.sub, all)
			continue
		}
		s := seen{source: it.seg.source, doc: it.seg, number: int32(len(all))}
		if it.seg.elements == nil {
			s.look(it.seg.source, 0, s.number, t.release, it.seg.separator())
			s.doc = it.seg
		}
		t.take(it.seg.use, &s)
		all = append(all, it.seg)
	}
	return all
}

// nursery makes the Objects of a tape in a few pieces of memory, and all texts
// in one.
type nursery struct {
	origin  func(node) Origin
	text    string
	objects []Object
	fields  []Field
	lists   []*Object
}

func (y *nursery) read(t *tape) *Object {
	y.text = string(t.text)
	y.objects = make([]Object, 0, len(t.frames))
	y.fields, y.lists = make([]Field, 0, len(t.nodes)), make([]*Object, 0, len(t.nodes))
	return y.object(t, 0)
}

// object makes the Object of a frame.
func (y *nursery) object(t *tape, frame int32) *Object {
	f := &t.frames[frame]
	slots := t.slots[f.slots : int(f.slots)+f.scope.size]
	n := 0
	for i := range slots {
		if slots[i].head != 0 {
			n++
		}
	}
	y.objects = append(y.objects, Object{})
	o := &y.objects[len(y.objects)-1]
	from := len(y.fields)
	y.fields = y.fields[:from+n]
	fields := y.fields[from : from : from+n]
	for i, r := range f.scope.rules {
		if slots[i].head == 0 {
			continue
		}
		fields = append(fields, Field{Name: r.name})
		if y.field(t, &fields[len(fields)-1], r, &slots[i]); fields[len(fields)-1].empty() {
			fields = fields[:len(fields)-1]
		}
	}
	o.Fields = fields
	return o
}

func (y *nursery) field(t *tape, field *Field, r *rule, sl *slot) {
	first := t.nodes[sl.head]
	if !r.list {
		field.Origin = y.origin(first)
		if r.loop != nil {
			field.Object = y.object(t, first.frame)
		} else {
			field.Text = y.text[first.from:first.to]
		}
		return
	}
	if r.loop != nil {
		from := len(y.lists)
		y.lists = y.lists[:from+int(sl.count)]
		field.Objects = y.lists[from : from : from+int(sl.count)]
	}
	for n := sl.head; n != 0; n = t.nodes[n].next {
		v := t.nodes[n]
		if r.loop != nil {
			field.Objects = append(field.Objects, y.object(t, v.frame))
		} else {
			field.Texts = append(field.Texts, y.text[v.from:v.to])
		}
		field.Origins = append(field.Origins, y.origin(v))
	}
}

// read gives the canonical value that stands in element n.
func (r *rule) read(at *round, s *segment, n int) (string, error) {
	v, err := r.convert.decode(nil, []byte(s.text(n, r.place.component)))
	if err == nil && r.isNegative(at, s) {
		return negate(string(v)), nil
	}
	return string(v), err
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
			if up.stands(p) && p.best(up, always) != nil {
				return true
			}
		}
	}
	return false
}

// stands tells whether a place is directly in the round.
func (r *round) stands(p *place) bool {
	if r.loop == nil || p.use.Loop == nil {
		return r.loop == p.use.Loop
	}
	return r.loop.Path == p.use.Loop.Path
}

// segment is the one from which a value is read, nil if there is none.
func (r *rule) segment(at *round) *segment { return r.place.best(at, r.place.holds) }

// rounds are those that a loop's rule is about, in their order. A round belongs
// to the first rule of its scope that fits.
func (r *rule) rounds(at *round, scope *rule) []*round {
	var list []*round
	for _, sub := range at.below(r) {
		if scope.owner(sub) == r {
			list = append(list, sub)
		}
	}
	return list
}

// below are the rounds of a rule's loop inside a round: of a tree those that
// name it as the one to which they belong.
func (r *round) below(of *rule) []*round {
	in, parent := r, ""
	if of.tree != nil && r.loop != nil && r.loop.Path == of.loop.Path {
		in, parent = r.above, r.head().text(of.tree.id, 0)
	}
	var list []*round
	for _, it := range in.items {
		if it.sub == nil || it.sub.loop.Path != of.loop.Path {
			continue
		}
		if of.tree != nil && (it.sub.head() == nil || !in.holds(it.sub, of.tree, parent)) {
			continue
		}
		list = append(list, it.sub)
	}
	return list
}

// holds tells whether a round of a tree in r belongs to the one with the name
// parent; one that belongs to none before it stands at the top.
func (r *round) holds(sub *round, tr *tree, parent string) bool {
	name := sub.head().text(tr.parent, 0)
	if name == parent {
		return true
	}
	if parent != "" {
		return false
	}
	for _, it := range r.items {
		if it.sub == sub {
			return true
		}
		if it.sub != nil && it.sub.loop.Path == sub.loop.Path && it.sub.head() != nil && it.sub.head().text(tr.id, 0) == name {
			return false
		}
	}
	return true
}

// owner is the rule of a scope to which a round belongs, nil if there is none.
func (r *rule) owner(sub *round) *rule {
	for _, inner := range r.inner {
		if inner.loop.Path == sub.loop.Path && inner.rank(sub) >= 0 {
			return inner
		}
	}
	return nil
}

// round is the preferred one of them.
func (r *rule) round(at *round, scope *rule) *round {
	var found *round
	best := 0
	for _, sub := range r.rounds(at, scope) {
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
