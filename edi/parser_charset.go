package edi

import (
	"unicode/utf8"
)

// checkService judges the character set and the delimiters that an EDIFACT
// interchange declares.
func (p *Parser) checkService(s *Segment) {
	id := s.Text(1, 1)
	p.mistaken = false
	p.hold(charsets[id])
	if id == "UNOX" {
		p.badHeader(s, "edifact.interchange.charset-unsupported", "46", Path{Element: 1, Component: 1}, []byte(id))
	}
	d := s.Delimiters()
	list := []byte{d.Element, d.Component, d.Release, d.Repetition}
	if d.Terminator != "" {
		list = append(list, d.Terminator[0])
	}
	seen := [256]bool{}
	for _, b := range list {
		if b != 0 && seen[b] {
			p.badHeader(s, "edifact.interchange.separator", "22", Path{}, []byte{b})
		}
		seen[b] = true
	}
}

// hold makes c the set that characters are held against, nil for none.
func (p *Parser) hold(c *Charset) {
	p.charset, p.watched = c, Foreign|High // what can be printed as ASCII is in all sets but UNOA and UNOB
	if c != nil && c.allowed != nil {
		p.watched = allClasses
	}
}

// strange tells whether the bytes of a segment have to be held against the
// character set that is declared.
func (p *Parser) strange(s *Segment) bool {
	return s.most&p.watched != 0 && s.standard == EDIFACT && s.Classes()&(Foreign|High) != 0
}

// checkCharacters judges the bytes of a segment, each element once. Characters
// that anybody can read, lower case in UNOA for example, are worth a warning.
func (p *Parser) checkCharacters(s *Segment) {
	if p.charset == nil {
		return
	}
	for n := 1; n <= s.Len(); n++ {
		v, class := s.Element(n), s.Class(n)
		switch {
		case p.charset.table == nil:
			if class&Foreign == 0 && utf8.Valid(v) {
				continue
			}
		case p.charset.allowed == nil && class&High != 0 && p.otherCharset(s, n, v):
			continue
		case class&Foreign == 0:
			continue
		}
		f := Finding{ID: "edifact.element.character", Severity: Error, Level: LevelElement, Code: "21", Path: Path{Element: n},
			Value: printable(v, 40), Expected: p.charset.String()}
		if p.in < LevelTransaction {
			f.Level = LevelInterchange
		}
		if class&(High|Control) == 0 && p.charset.allowed != nil {
			f.Severity = Warning
		}
		p.Add(f, s)
	}
}

// otherCharset tells whether v is UTF-8, although a set of single bytes is
// declared. Text in such a set is hardly ever UTF-8 by accident. It is told once
// for each interchange.
func (p *Parser) otherCharset(s *Segment, n int, v []byte) bool {
	if !utf8.Valid(v) {
		return false
	}
	if !p.mistaken {
		p.mistaken = true
		p.Add(Finding{ID: otherCharset, Severity: Warning, Level: LevelInterchange, Path: Path{Element: n},
			Value: printable(v, 40), Expected: p.charset.String()}, s)
	}
	return true
}
