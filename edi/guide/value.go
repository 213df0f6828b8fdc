package guide

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"fondaco/edi"
)

// verdict is what is wrong with a value: the rule, empty if nothing is.
type verdict struct {
	rule     string // in ruleCodes
	expected string
	text     string // what the rule says: a type
	narrow   bool   // it is a partner's guide that refuses the value
	unsure   bool   // nobody confirms what the dictionary says of the element
}

// judge checks a value against its element. What is wrong first is told, in the
// order length, characters, meaning. The value is as it stands in the segment,
// release characters included.
func (v *Validator) judge(e *Element, s *edi.Segment, value []byte, c edi.Class) verdict {
	r := v.weigh(e, s, value, c)
	r.unsure = e.Unconfirmed && !r.narrow
	return r
}

func (v *Validator) weigh(e *Element, s *edi.Segment, value []byte, c edi.Class) verdict {
	if e.edifact {
		value = v.released(s, value)
	}
	size := length(e, value)
	switch {
	case size < e.Min:
		return verdict{rule: "element.too-short", expected: lengths(e), text: e.TypeName(), narrow: e.narrow}
	case size > e.Max:
		return verdict{rule: "element.too-long", expected: lengths(e), text: e.TypeName(), narrow: e.narrow}
	}
	if r := v.content(e, value, c); r.rule != "" {
		return r
	}
	return e.agreed(value)
}

// released is a value without its release characters. It is good until the next
// one is asked for.
func (v *Validator) released(s *edi.Segment, value []byte) []byte {
	if v.release == 0 || bytes.IndexByte(value, v.release) < 0 {
		return value
	}
	d := s.Delimiters()
	v.plain = d.Unescape(v.plain[:0], value)
	return v.plain
}

// content judges the characters and what they stand for.
func (v *Validator) content(e *Element, value []byte, c edi.Class) verdict {
	if e.Type != B && c&edi.Control != 0 && !v.policed() {
		return verdict{rule: "element.character", expected: e.TypeName()}
	}
	switch e.Type {
	case N, R:
		return v.number(e, value)
	case A:
		if c&edi.Digit != 0 {
			return verdict{rule: "element.type", expected: e.TypeName()}
		}
	case DT:
		if !edi.ValidDate(value) {
			return verdict{rule: "element.date", expected: strings.Repeat("C", max(0, e.Max-6)) + "YYMMDD"}
		}
	case TM:
		if !edi.ValidTime(value) {
			return verdict{rule: "element.time", expected: "HHMM[SS[D[D]]]"}
		}
	case AN, ID, B:
	}
	return verdict{}
}

// policed tells that the parser holds characters against a declared set.
func (v *Validator) policed() bool {
	if v.std != edi.EDIFACT || v.ic == nil {
		return false
	}
	id, _ := v.ic.Syntax()
	return strings.HasPrefix(id, "UNO")
}

// agreed checks what a guide adds to the dictionary: codes, forms, check digits.
func (e *Element) agreed(value []byte) verdict {
	switch {
	case e.Closed && !e.codes.has(value):
		return verdict{rule: "element.code", expected: join(e.values()), narrow: e.narrow}
	case e.format != "" && !fitsFormat(value, e.format):
		return verdict{rule: "element.pattern", expected: e.format, narrow: true}
	case e.check != "" && !checkDigit(e.check, value):
		return verdict{rule: "element.check-digit", expected: strings.ToUpper(e.check), narrow: true}
	}
	return verdict{}
}

// number judges a number. X12 writes a point, EDIFACT the mark that the
// interchange declares, or either where it declares none.
func (v *Validator) number(e *Element, value []byte) verdict {
	if !e.edifact {
		if isNumber(value, e.Type == R) {
			return verdict{}
		}
		return verdict{rule: "element.number", expected: e.TypeName()}
	}
	digits := bytes.TrimPrefix(value, []byte("-"))
	i := bytes.IndexAny(digits, ".,")
	if i < 0 {
		i = len(digits)
	}
	whole, part := digits[:i], digits[i:]
	switch {
	case !onlyDigits(whole) || len(part) > 0 && !onlyDigits(part[1:]) || len(digits) == 0:
		return verdict{rule: "element.number", expected: e.TypeName()}
	case len(part) == 1, len(part) > 0 && v.decimal != '.' && v.decimal != 0 && part[0] != v.decimal:
		return verdict{rule: "element.decimal-mark", expected: string(rune(v.decimal))}
	case len(whole) == 0:
		return verdict{rule: "element.decimal-digit", expected: "0" + string(part)}
	}
	return verdict{}
}

func (e *Element) values() []string {
	list := make([]string, len(e.Codes))
	for i, c := range e.Codes {
		list[i] = c.Value
	}
	return list
}

func lengths(e *Element) string {
	if e.Min == e.Max {
		return strconv.Itoa(e.Min)
	}
	return fmt.Sprintf("%d..%d", e.Min, e.Max)
}

// length counts characters, in numbers without sign and decimal mark.
func length(e *Element, value []byte) int {
	size := len(value)
	switch e.Type {
	case N, R:
		for _, b := range value {
			if b == '-' || b == '.' || b == ',' && e.edifact {
				size--
			}
		}
		return size
	case B:
		return size
	case AN, ID, DT, TM, A:
	}
	if size > e.Max {
		return utf8.RuneCount(value)
	}
	return size
}

// isNumber tells digits with an optional leading minus, and for a decimal
// number an optional point.
func isNumber(b []byte, decimal bool) bool {
	b = bytes.TrimPrefix(b, []byte("-"))
	if decimal {
		if i := bytes.IndexByte(b, '.'); i >= 0 {
			whole, part := b[:i], b[i+1:]
			return (len(whole) > 0 || len(part) > 0) && onlyDigits(whole) && onlyDigits(part)
		}
	}
	return len(b) > 0 && onlyDigits(b)
}

func onlyDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// text is a value for a finding: as much of it as an acknowledgment can copy.
func text(b []byte) string {
	const most = 99 // as AK404 holds
	return strings.ToValidUTF8(string(b[:min(len(b), most)]), "\uFFFD")
}

// shown is a value for the eye: without what no terminal should get.
func shown(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) {
		return s
	}
	s = fmt.Sprintf("%q", s)
	return s[1 : len(s)-1]
}
