package mapping

import (
	"fmt"
	"strconv"

	"fondaco/edi/guide"
)

// envelope opens and closes envelopes as a record asks for.
func (c *writing) envelope(h head, g *guide.Guide) {
	newInterchange := !c.open || h.interchange != c.head.interchange || isEDIFACT(g) != isEDIFACT(c.guide)
	newGroup := newInterchange || h.group != c.head.group || !isEDIFACT(g) && (g.Group != c.guide.Group || g.Version != c.guide.Version)
	if newGroup && c.open {
		c.closeGroup()
	}
	if newInterchange && c.open {
		c.closeInterchange()
	}
	c.head, c.guide = h, g
	if newInterchange {
		c.open, c.groups, c.count = true, 0, 0
		c.pending = openInterchange(c.pending, g, &c.o, h.interchange)
	}
	if newGroup && !isEDIFACT(g) {
		c.groups++
		c.count = 0
		c.pending = openGroup(c.pending, g, &c.o, h.group)
	}
}

func (c *writing) closeGroup() {
	if c.open && !isEDIFACT(c.guide) {
		c.segment("GE", strconv.Itoa(c.count), number9(c.head.group, 1))
	}
}

func (c *writing) closeInterchange() {
	switch {
	case !c.open:
		return
	case isEDIFACT(c.guide):
		c.segment("UNZ", strconv.Itoa(c.count), controlOf(c.head.interchange))
	default:
		c.segment("IEA", strconv.Itoa(c.groups), number9(c.head.interchange, 9))
	}
	c.pending, c.open = append(c.pending, '\n'), false
}

// segment writes a trailer.
func (c *writing) segment(tag string, elements ...string) {
	d := c.o.delimiters(c.guide)
	c.pending = append(append(c.pending, '\n'), tag...)
	for _, e := range elements {
		c.pending = append(append(c.pending, d.Element), e...)
	}
	c.pending = append(c.pending, d.Terminator...)
}

// number9 writes a control number with leading zeros.
func number9(s string, digits int) string {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || n == 0 {
		n = 1
	}
	return fmt.Sprintf("%0*d", digits, n)
}

func controlOf(s string) string {
	if s == "" {
		return "1"
	}
	return s
}
