package mapping

import (
	"fmt"
	"slices"
)

// draft holds one record on its way to a document. As on a [tape], all of it is
// numbers into a few slices that the next record uses again; but a value takes no
// more than its slot, and each object knows by bits what it says.
type draft struct {
	m      *Map
	text   []byte
	frames []draftFrame // frames[0] is the record
	slots  []stretch
	links  []link // links[0] is none
}

// stretch is where a text stands, or where a list begins and ends among links. In
// either case to is zero if there is nothing.
type stretch struct{ from, to uint32 }

// link is an entry of a list, or a single object.
type link struct {
	next  uint32  // 0 for none
	text  stretch // of a value
	frame int32   // of an object
}

// draftFrame is one object of the record.
type draftFrame struct {
	scope *rule
	slots int32
	said  uint64 // the bits of the slots in which something is, and the one for maskBits
}

// draft gives one for a record of the map.
func (m *Map) draft() *draft {
	t, ok := m.drafts.Get().(*draft)
	if !ok {
		t = new(draft)
	}
	t.text = t.text[:0]
	t.begin(m)
	return t
}

// begin makes room for a record; the text stays, of which the record is made.
func (t *draft) begin(m *Map) {
	t.m = m
	t.frames, t.slots, t.links = t.frames[:0], t.slots[:0], append(t.links[:0], link{})
	t.frame(m.top)
}

// frame adds an object.
func (t *draft) frame(scope *rule) int32 {
	from, to := len(t.slots), len(t.slots)+scope.size
	if to > cap(t.slots) {
		t.slots = slices.Grow(t.slots, scope.size)
	}
	t.slots = t.slots[:to]
	clear(t.slots[from:])
	t.frames = append(t.frames, draftFrame{scope: scope, slots: int32(from), said: 1 << maskBits})
	return int32(len(t.frames) - 1)
}

// set puts a value where a single one goes, in place of what is there.
func (t *draft) set(frame int32, r *rule, text stretch) {
	f := &t.frames[frame]
	t.slots[int(f.slots)+r.slot] = text
	f.said |= 1 << r.slot
}

// add puts an object into its slot, or an entry at the end of a list.
func (t *draft) add(frame int32, r *rule, l link) {
	f := &t.frames[frame]
	sl, n := &t.slots[int(f.slots)+r.slot], uint32(len(t.links))
	if t.links = append(t.links, l); r.list && sl.to != 0 {
		t.links[sl.to].next = n
		sl.to = n
		return
	}
	*sl = stretch{n, n}
	f.said |= 1 << r.slot
}

// has tells whether something is in a slot.
func (t *draft) has(frame int32, r *rule) bool {
	return t.slots[int(t.frames[frame].slots)+r.slot].to != 0
}

// fill puts an object into a frame, its texts as the document has them.
func (t *draft) fill(frame int32, o *Object) error {
	for _, r := range t.frames[frame].scope.rules {
		f := o.Field(r.name)
		if f == nil {
			continue
		}
		texts, objects := f.Texts, f.Objects
		if f.Text != "" {
			texts = []string{f.Text}
		}
		if f.Object != nil {
			objects = []*Object{f.Object}
		}
		for _, v := range texts {
			if err := t.say(frame, r, []byte(v), false); err != nil {
				return err
			}
		}
		for _, one := range objects {
			sub := t.frame(r)
			t.add(frame, r, link{frame: sub})
			if err := t.fill(sub, one); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
		}
	}
	return nil
}

// say puts a canonical value into a frame, as the document has it; ascii tells
// that it is known to be printable ASCII.
func (t *draft) say(frame int32, r *rule, value []byte, ascii bool) error {
	if len(value) == 0 {
		return nil
	}
	from := uint32(len(t.text))
	var err error
	if ascii && (r.text || r.decimal && canonical(value)) {
		t.text = append(t.text, value...)
	} else if t.text, err = r.convert.encode(t.text, value); err != nil {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	t.put(frame, r, stretch{from, uint32(len(t.text))})
	return nil
}

// put puts a value where it goes.
func (t *draft) put(frame int32, r *rule, text stretch) {
	if r.list {
		t.add(frame, r, link{text: text})
		return
	}
	t.set(frame, r, text)
}

// textOf is the text in a stretch.
func (t *draft) textOf(s stretch) []byte { return t.text[s.from:s.to] }

// bytes is about how much memory the record takes.
func (t *draft) bytes() int {
	return len(t.text) + 16*len(t.links) + 8*len(t.slots) + 32*len(t.frames)
}
