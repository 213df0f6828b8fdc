package edi

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// isaField is the rule of one element of the ISA.
type isaField struct {
	width int
	code  string // TA105
	ok    func([]byte) bool
}

var isaFieldRules = [16]isaField{
	{2, "010", alnumField}, {10, "011", nil}, {2, "012", alnumField}, {10, "013", nil},
	{2, "005", alnumField}, {15, "006", filled}, {2, "007", alnumField}, {15, "008", filled},
	{6, "014", dateField}, {4, "015", timeField}, {1, "016", nil}, {5, "017", digits},
	{9, "018", digits}, {1, "019", oneOf("01")}, {1, "020", oneOf("ITP")}, {1, "027", nil},
}

// checkISA judges the header. Its widths are one finding, however many are
// wrong, since unpadded fields come all together.
func (p *Parser) checkISA(s *Segment) {
	if s.Len() == 16 && !s.Terminated() && s.Delimiters().Terminator != "" {
		p.Add(Finding{ID: "x12.interchange.terminator-missing", Severity: Error, Level: LevelInterchange, Code: "004",
			Expected: printable([]byte(s.Delimiters().Terminator), 4)}, s)
	} else if s.Len() != 16 || !s.Terminated() {
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
	p.checkISA11(s)
	if s.Delimiters().Component == 0 && len(s.Element(16)) == 1 {
		p.Add(Finding{ID: "x12.interchange.separator", Severity: Error, Level: LevelInterchange, Code: "027",
			Path: Path{Element: 16}, Value: printable(s.Element(16), 4)}, s)
	}
}

// checkISA11 judges what is U, for the U.S. standards, in versions before 00402
// and the repetition separator from then on. Many get it wrong, and hardly ever
// does it matter: a warning.
func (p *Parser) checkISA11(s *Segment) {
	v, d := s.Element(11), s.Delimiters()
	f := Finding{Severity: Warning, Level: LevelInterchange, Path: Path{Element: 11}, Value: printable(v, 4)}
	switch {
	case !digits(s.Element(12)):
		return
	case string(s.Element(12)) < "00402":
		if string(v) == "U" || len(v) != 1 {
			return
		}
		f.ID, f.Code, f.Expected = "x12.interchange.standard-id", "016", "U"
	case d.Repetition != 0 || len(v) != 1:
		return
	default:
		f.ID, f.Code = "x12.interchange.repetition", "026"
	}
	p.Add(f, s)
}

func alnumField(b []byte) bool { return len(b) > 0 && ClassOf(b)&^(Upper|Digit) == 0 }

func filled(b []byte) bool { return len(b) > 0 }

func digits(b []byte) bool { return len(b) > 0 && ClassOf(b) == Digit }

func oneOf(set string) func([]byte) bool {
	return func(b []byte) bool { return len(b) == 1 && strings.IndexByte(set, b[0]) >= 0 }
}

func dateField(b []byte) bool { return ValidDate(b) && len(b) == 6 }

func timeField(b []byte) bool { return ValidTime(b) && len(b) == 4 }
