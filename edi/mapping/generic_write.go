package mapping

import (
	"errors"
	"fmt"
	"strconv"

	"fondaco/edi"
)

// composer writes a record in the layout of its guide as a transaction set.
type composer struct {
	t        *jsonTree
	delims   edi.Delimiters
	out      []byte
	segments int
}

var errUnplaced = errors.New("it holds segments that have no place in the set; take out what is unplaced")

// compose appends the transaction set that a record in the layout states, with
// its trailer.
func (c *composer) compose(dst []byte, l *layout, record int32) ([]byte, error) {
	c.out, c.segments = dst, 0
	if c.t.member(record, "unplaced") != 0 {
		return dst, errUnplaced
	}
	return c.out, c.family(l.top, record)
}

// family writes what an object holds, in the order of the guide.
func (c *composer) family(f *family, object int32) error {
	if c.t.nodes[object].kind != '{' {
		return errJSON
	}
	written := 0
	for _, s := range f.items {
		n := c.t.member(object, s.key)
		if n == 0 {
			if trailer := s.use != nil && f.items[0].use != nil && (s.key == "SE" || s.key == "UNT"); trailer {
				if err := c.trailer(s.key, object); err != nil {
					return err
				}
			}
			continue
		}
		written++
		one, list := n, c.t.nodes[n].kind == '['
		if list {
			one = c.t.nodes[n].first
		}
		for ; one != 0; one = c.t.nodes[one].next {
			if err := c.sibling(s, one); err != nil {
				return fmt.Errorf("%s: %w", s.key, err)
			}
			if !list {
				break
			}
		}
	}
	for n := c.t.nodes[object].first; n != 0; n = c.t.nodes[n].next {
		written--
	}
	if written != 0 {
		return c.surplus(f, object)
	}
	return nil
}

// surplus names a member that the layout does not have.
func (c *composer) surplus(f *family, object int32) error {
	for n := c.t.nodes[object].first; n != 0; n = c.t.nodes[n].next {
		if name := string(c.t.bytes(c.t.nodes[n].name)); !f.named(name) {
			return fmt.Errorf("there is no %q", name)
		}
	}
	return errors.New("something stands there twice")
}

// sibling writes a segment, or a round of a loop: that has the segments by
// their tags, and a segment has its elements by their numbers.
func (c *composer) sibling(s *sibling, n int32) error {
	first := c.t.nodes[n].first
	numbered := first == 0
	if first != 0 {
		name := c.t.bytes(c.t.nodes[first].name)
		numbered = len(name) > 0 && name[0] >= '0' && name[0] <= '9'
	}
	if s.inner != nil && (!numbered || s.use == nil) {
		return c.family(s.inner, n)
	}
	if s.use == nil {
		return errJSON
	}
	return c.segment(s.use.ID, n)
}

// trailer writes SE or UNT, which a record does not hold: it counts.
func (c *composer) trailer(tag string, record int32) error {
	header := c.t.nodes[record].first
	control := c.t.member(header, "02")
	if tag == "UNT" {
		control = c.t.member(header, "01")
	}
	c.out = append(append(c.out, '\n'), tag...)
	c.out = append(c.out, c.delims.Element)
	c.out = strconv.AppendInt(c.out, int64(c.segments+1), 10)
	if control != 0 {
		c.out = append(c.out, c.delims.Element)
		if err := c.text(control); err != nil {
			return err
		}
	}
	c.out = append(c.out, c.delims.Terminator...)
	return nil
}

func (c *composer) segment(tag string, object int32) error {
	if c.t.nodes[object].kind != '{' {
		return errJSON
	}
	c.segments++
	c.out = append(append(c.out, '\n'), tag...)
	last := 0
	for n := c.t.nodes[object].first; n != 0; n = c.t.nodes[n].next {
		at, err := number(string(c.t.bytes(c.t.nodes[n].name)))
		if err != nil || at <= last {
			return fmt.Errorf("element %q: want numbers in their order", c.t.bytes(c.t.nodes[n].name))
		}
		for ; last < at; last++ {
			c.out = append(c.out, c.delims.Element)
		}
		if err := c.element(n); err != nil {
			return fmt.Errorf("%02d: %w", at, err)
		}
	}
	c.out = append(c.out, c.delims.Terminator...)
	return nil
}

func (c *composer) element(n int32) error {
	if c.t.nodes[n].kind != '[' {
		return c.value(n)
	}
	if c.delims.Repetition == 0 {
		return errors.New("this syntax has no repetitions")
	}
	for one := c.t.nodes[n].first; one != 0; one = c.t.nodes[one].next {
		if one != c.t.nodes[n].first {
			c.out = append(c.out, c.delims.Repetition)
		}
		if err := c.value(one); err != nil {
			return err
		}
	}
	return nil
}

func (c *composer) value(n int32) error {
	switch c.t.nodes[n].kind {
	case '"':
		return c.text(n)
	case '{':
	default:
		return errJSON
	}
	last := 1
	for one := c.t.nodes[n].first; one != 0; one = c.t.nodes[one].next {
		at, err := number(string(c.t.bytes(c.t.nodes[one].name)))
		if err != nil || at < last {
			return fmt.Errorf("component %q: want numbers in their order", c.t.bytes(c.t.nodes[one].name))
		}
		for ; last < at; last++ {
			c.out = append(c.out, c.delims.Component)
		}
		if err := c.text(one); err != nil {
			return err
		}
	}
	return nil
}

func (c *composer) text(n int32) error {
	if c.t.nodes[n].kind != '"' {
		return errJSON
	}
	v := c.t.bytes(c.t.nodes[n].value)
	if edi.ClassOf(v)&edi.Control != 0 {
		return fmt.Errorf("%q has characters that no document can carry", v)
	}
	out, ok := c.delims.Escape(c.out, v)
	if !ok {
		return fmt.Errorf("%q holds a character that separates in this document", v)
	}
	c.out = out
	return nil
}
