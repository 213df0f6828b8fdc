package edi

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// unterminated deals with a segment whose terminator is missing, at the end of
// the file or before the next ISA. A complete IEA there loses nothing.
func (p *Parser) unterminated(s *Segment) bool {
	if s.Terminated() || s.Overlong() {
		return false
	}
	f := Finding{ID: "x12.segment.unterminated", Severity: Error, Level: LevelSegment, Code: "8", Value: printable(s.Body(), 60)}
	if s.Tag() == IEA && p.in > 0 && bytes.Equal(s.Element(2), p.ic.Header.Element(13)) {
		f.Severity, f.Level, f.Code = Warning, LevelInterchange, ""
		p.Add(f, s)
		return false
	}
	if s.Tag() == ISA {
		return false
	}
	if p.in == LevelTransaction {
		p.ts.Segments++
	} else {
		f.Code = ""
	}
	p.Add(f, s)
	return true
}

// empty notices a terminator that ends nothing.
func (p *Parser) empty(s *Segment) bool {
	if len(s.Body()) > 0 {
		return false
	}
	p.Add(Finding{ID: "x12.segment.empty", Severity: Warning, Level: LevelSegment, Length: len(s.Terminator())}, s)
	return true
}

// checkSegment judges what needs no guide: the tag and the limits.
func (p *Parser) checkSegment(s *Segment) {
	if n := len(s.TagBytes()); n < 2 || n > 3 || s.Class(0)&^(Upper|Digit) != 0 {
		p.Add(Finding{ID: "x12.segment.tag-invalid", Severity: Error, Level: LevelSegment, Code: "1",
			Length: n, Value: printable(s.TagBytes(), 20)}, s)
	}
	if s.Overlong() {
		p.Add(Finding{ID: "x12.segment.too-long", Severity: Error, Level: LevelSegment, Code: "8"}, s)
	}
	if s.Overfull() {
		p.Add(Finding{ID: "x12.segment.too-many-elements", Severity: Error, Level: LevelSegment, Code: "8"}, s)
	}
}

func (p *Parser) checkSE(s *Segment) {
	p.count(s, "x12.transaction.count", LevelTransaction, "4", p.ts.Segments)
	p.control(s, "x12.transaction.control-mismatch", LevelTransaction, "3", p.ts.Header.Element(2))
}

func (p *Parser) checkGE(s *Segment) {
	p.count(s, "x12.group.count", LevelGroup, "5", p.gr.Count)
	if p.gr.Header.Kind() != 0 {
		p.control(s, "x12.group.control-mismatch", LevelGroup, "4", p.gr.Header.Element(6))
	}
}

func (p *Parser) checkIEA(s *Segment) {
	if p.in == 0 {
		return
	}
	p.count(s, "x12.interchange.count", LevelInterchange, "021", p.ic.Count)
	p.control(s, "x12.interchange.control-mismatch", LevelInterchange, "001", p.ic.Header.Element(13))
}

func (p *Parser) count(s *Segment, id string, level Level, code string, want int) {
	v := s.Element(1)
	if n, ok := decimal(v, maxInt32); ok && n == want {
		return
	}
	p.Add(Finding{ID: id, Severity: Error, Level: level, Code: code, Path: Path{Element: 1}, Value: printable(v, 20), Expected: strconv.Itoa(want)}, s)
}

func (p *Parser) control(s *Segment, id string, level Level, code string, want []byte) {
	v := s.Element(2)
	if bytes.Equal(v, want) {
		return
	}
	p.Add(Finding{ID: id, Severity: Error, Level: level, Code: code, Path: Path{Element: 2}, Value: printable(v, 20), Expected: printable(want, 20)}, s)
}

// isaField is the rule of one element of the ISA.
type isaField struct {
	width int
	code  string // TA105
	ok    func([]byte) bool
}

var isaFieldRules = [16]isaField{
	{2, "010", alnumField}, {10, "011", nil}, {2, "012", alnumField}, {10, "013", nil},
	{2, "005", alnumField}, {15, "006", filled}, {2, "007", alnumField}, {15, "008", filled},
	{6, "014", dateField}, {4, "015", timeField}, {1, "026", nil}, {5, "017", digits},
	{9, "018", digits}, {1, "019", oneOf("01")}, {1, "020", oneOf("ITP")}, {1, "027", nil},
}

// checkISA judges the header. Its widths are one finding, however many are
// wrong, since unpadded fields come all together.
func (p *Parser) checkISA(s *Segment) {
	if s.Len() != 16 || !s.Terminated() {
		p.Add(Finding{ID: "x12.interchange.header-incomplete", Severity: Error, Level: LevelInterchange, Code: "022", Expected: "16"}, s)
		return
	}
	var wrong []string
	for i, rule := range isaFieldRules {
		v := s.Element(i + 1)
		if len(v) != rule.width {
			wrong = append(wrong, fmt.Sprintf("ISA%02d", i+1))
		}
		if trimmed := bytes.TrimRight(v, " "); rule.ok != nil && !rule.ok(trimmed) {
			p.Add(Finding{ID: "x12.interchange.header-value", Severity: Error, Level: LevelInterchange, Code: rule.code,
				Path: Path{Element: i + 1}, Value: printable(v, 20)}, s)
		}
	}
	if len(wrong) > 0 {
		p.Add(Finding{ID: "x12.interchange.header-length", Severity: Error, Level: LevelInterchange, Code: "022",
			Value: strconv.Itoa(len(s.Raw()) - len(s.Gap())), Expected: "106", Rule: strings.Join(wrong, " ")}, s)
	}
	if s.Delimiters().Component == 0 && len(s.Element(16)) == 1 {
		p.Add(Finding{ID: "x12.interchange.separator", Severity: Error, Level: LevelInterchange, Code: "027",
			Path: Path{Element: 16}, Value: printable(s.Element(16), 4)}, s)
	}
}

func alnumField(b []byte) bool { return len(b) > 0 && ClassOf(b)&^(Upper|Digit) == 0 }

func filled(b []byte) bool { return len(b) > 0 }

func digits(b []byte) bool { return len(b) > 0 && ClassOf(b) == Digit }

func oneOf(set string) func([]byte) bool {
	return func(b []byte) bool { return len(b) == 1 && strings.IndexByte(set, b[0]) >= 0 }
}

func dateField(b []byte) bool { return ValidDate(b) && len(b) == 6 }

func timeField(b []byte) bool { return ValidTime(b) && len(b) == 4 }

// ValidDate tells whether b is a day that exists, as YYMMDD or CCYYMMDD. Two
// digits for the year stand for the one, of those a century apart, that is a
// leap year if any is.
func ValidDate(b []byte) bool {
	if len(b) != 6 && len(b) != 8 || ClassOf(b) != Digit {
		return false
	}
	year := 0
	for _, c := range b[:len(b)-4] {
		year = year*10 + int(c-'0')
	}
	if len(b) == 6 {
		year += 2000
	}
	month, day := pair(b[len(b)-4:]), pair(b[len(b)-2:])
	return month >= 1 && month <= 12 && day >= 1 && day <= monthDays(year, month)
}

func monthDays(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// ValidTime tells whether b is a time of day, as HHMM, HHMMSS or with one or
// two decimals of a second.
func ValidTime(b []byte) bool {
	if len(b) < 4 || len(b) == 5 || len(b) > 8 || ClassOf(b) != Digit {
		return false
	}
	return pair(b) < 24 && pair(b[2:]) < 60 && (len(b) == 4 || pair(b[4:]) < 60)
}

func pair(b []byte) int { return int(b[0]-'0')*10 + int(b[1]-'0') }
