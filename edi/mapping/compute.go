package mapping

import (
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"
)

// compute makes up a count or a sum, nil for nothing.
func (w *pen) compute(t *draft, c *computed) []byte {
	if c.hash != nil {
		h := &w.hashes[c.hash.number]
		if !h.some {
			return nil
		}
		return w.make(h.Text(c.hash.digits))
	}
	if c.count != "" {
		n := w.tally[c.counter]
		if len(w.known) > 0 {
			n = w.known[c.counter]
		}
		if n > 0 || c.required() || w.said(t, c.beside) {
			return w.decimal(n)
		}
		return nil
	}
	s := w.carried[c]
	s.t = t
	s.add(0, c.steps)
	if s.err != nil {
		w.fail(s.err)
	}
	if !s.found || s.err != nil {
		return nil
	}
	return w.make(s.total.String())
}

// make keeps a text for the line.
func (w *pen) make(text string) []byte {
	from := len(w.made)
	w.made = append(w.made, text...)
	return w.made[from:]
}

// decimal is a number for the line.
func (w *pen) decimal(n int) []byte {
	from := len(w.made)
	w.made = strconv.AppendInt(w.made, int64(n), 10)
	return w.made[from:]
}

// said tells whether one of the computed values is there.
func (w *pen) said(t *draft, list []*computed) bool {
	for _, c := range list {
		if w.compute(t, c) != nil {
			return true
		}
	}
	return false
}

// adder adds the numbers at the end of a chain of rules.
type adder struct {
	t     *draft
	total decimal.Decimal
	found bool
	err   error
}

func (s *adder) add(frame int32, steps []*rule) {
	r := steps[0]
	sl := s.t.slots[int(s.t.frames[frame].slots)+r.slot]
	switch {
	case sl.to == 0:
		return
	case r.loop == nil && !r.list:
		s.number(r, s.t.textOf(sl))
		return
	}
	for n := sl.from; n != 0 && s.err == nil; n = s.t.links[n].next {
		if len(steps) > 1 {
			s.add(s.t.links[n].frame, steps[1:])
		} else {
			s.number(r, s.t.textOf(s.t.links[n].text))
		}
	}
}

// number adds a number, as the document has it.
func (s *adder) number(r *rule, text []byte) {
	if s.err != nil {
		return
	}
	var buf [48]byte
	v, err := r.convert.decode(buf[:0], text)
	if err != nil {
		s.err = fmt.Errorf("%s: %w", r.name, err)
		return
	}
	d, err := decimal.NewFromString(string(v))
	s.total, s.found, s.err = s.total.Add(d), true, err
}
