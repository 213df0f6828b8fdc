package edi

import (
	"bytes"
	"unicode/utf8"
)

// unbRule is the rule of one component of a UNB.
type unbRule struct {
	element, component int
	required           bool
	most               int // characters
	ok                 func([]byte) bool
	code               string // where ok says no
}

// routing is how long an address for routing may be. Version 4 allows more.
const (
	routing  = 14
	routing4 = 35
)

// unbSizes is how many components the elements have, in any version.
var unbSizes = [...]int{5, 4, 4, 2, 1, 2, 1, 1, 1, 1, 1}

var unbRules = [...]unbRule{
	{1, 1, true, 4, syntaxField, "2"},
	{1, 2, true, 1, syntaxVersion, "2"},
	{2, 1, true, 35, nil, ""},
	{2, 2, false, 4, nil, ""},
	{2, 3, false, routing, nil, ""},
	{2, 4, false, 35, nil, ""},
	{3, 1, true, 35, nil, ""},
	{3, 2, false, 4, nil, ""},
	{3, 3, false, routing, nil, ""},
	{3, 4, false, 35, nil, ""},
	{4, 1, true, 8, ValidDate, "12"},
	{4, 2, true, 4, timeField, "12"},
	{5, 1, true, 14, nil, ""},
	{6, 1, false, 14, nil, ""},
	{6, 2, false, 2, twoCharacters, "40"},
	{7, 1, false, 14, nil, ""},
	{8, 1, false, 1, letter, "37"},
	{9, 1, false, 1, oneOf("012"), "12"},
	{10, 1, false, 35, nil, ""},
	{11, 1, false, 1, oneOf("01234"), "12"},
}

// checkUNB judges an EDIFACT interchange header. That of an interactive one has
// little that must be there.
func (p *Parser) checkUNB(s *Segment) {
	if !s.Terminated() {
		p.badHeader(s, "edifact.interchange.header-incomplete", "13", Path{}, nil)
		return
	}
	if s.tag != UNB {
		p.checkSyntax(s)
		return
	}
	version := s.Component(1, 2)
	for i := range unbRules {
		r := &unbRules[i]
		v := s.Component(r.element, r.component)
		at := Path{Element: r.element, Component: r.component}
		switch {
		case len(v) == 0 && r.required:
			p.badHeader(s, "edifact.interchange.header-missing-value", "13", at, nil)
		case len(v) == 0:
		case len(v) > r.most && p.characters(s, v) > r.longest(version):
			p.badHeader(s, "edifact.interchange.header-value", "39", at, v)
		case r.ok != nil && !r.ok(v):
			p.badHeader(s, "edifact.interchange.header-value", r.code, at, v)
		}
	}
	p.checkUNBSize(s)
}

// longest is how many characters there may be in a version of the syntax.
func (r *unbRule) longest(version []byte) int {
	if r.component == 3 && len(version) > 0 && version[0] >= '4' {
		return routing4
	}
	return r.most
}

// checkUNBSize notices elements and components behind the last one there is.
func (p *Parser) checkUNBSize(s *Segment) {
	for n := 1; n <= s.Len(); n++ {
		at := Path{Element: n}
		v := s.Element(n)
		if n <= len(unbSizes) {
			at.Component = unbSizes[n-1] + 1
			v = s.Component(n, at.Component)
		}
		if len(v) > 0 {
			p.badHeader(s, "edifact.interchange.header-value", "16", at, v)
		}
	}
}

// characters is how many of them a value has, without release characters, in the
// set that is declared.
func (p *Parser) characters(s *Segment, v []byte) int {
	v = s.Delimiters().Unescape(nil, v)
	if p.charset != nil && p.charset.table == nil {
		return utf8.RuneCount(v)
	}
	return len(v)
}

// checkSyntax judges S001 alone.
func (p *Parser) checkSyntax(s *Segment) {
	if id := s.Component(1, 1); !syntaxField(id) {
		p.badHeader(s, "edifact.interchange.header-value", "2", Path{Element: 1, Component: 1}, id)
	}
}

func (p *Parser) badHeader(s *Segment, id, code string, at Path, value []byte) {
	p.Add(Finding{ID: id, Severity: Error, Level: LevelInterchange, Code: code, Path: at, Value: printable(value, 40)}, s)
}

// syntaxField tells whether b is UNO and a letter for a character set, or a
// syntax identifier that another agency than the UN controls.
func syntaxField(b []byte) bool {
	return len(b) == 4 && ClassOf(b)&^(Upper|Digit) == 0 && (!bytes.HasPrefix(b, []byte("UNO")) || b[3] >= 'A' && b[3] <= 'Z')
}

func letter(b []byte) bool { return len(b) == 1 && ClassOf(b)&^(Upper|Lower) == 0 }

func twoCharacters(b []byte) bool { return len(b) >= 2 }

func syntaxVersion(b []byte) bool { return len(b) == 1 && b[0] >= '1' && b[0] <= '4' }

// checkUNH judges what a message header needs so that the message can be named
// and answered, and that a group holds one type of message.
func (p *Parser) checkUNH(s *Segment) {
	missing := func(e, c int) {
		p.Add(Finding{ID: "edifact.transaction.header-missing-value", Severity: Error, Level: LevelTransaction, Code: "13", Path: Path{Element: e, Component: c}}, s)
	}
	if s.tag != UNH {
		if s.Size(1) == 0 {
			missing(1, 1)
		}
		return
	}
	if s.Size(1) == 0 {
		missing(1, 0)
	}
	if len(s.Component(2, 1)) == 0 {
		missing(2, 1)
	}
	if want := p.gr.Header.Element(1); len(want) > 0 && len(s.Component(2, 1)) > 0 && !bytes.Equal(want, s.Component(2, 1)) {
		f := groupTypes.finding(p.std)
		f.Path.Element, f.Path.Component = 2, 1
		f.Value, f.Expected = printable(s.Component(2, 1), 20), printable(want, 20)
		p.Add(f, s)
	}
}
