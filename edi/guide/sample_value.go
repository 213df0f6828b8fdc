package guide

import (
	"fmt"
	"strconv"
	"strings"

	"fondaco/edi"
)

// value makes up a value for an element.
func (d *draft) value(e *Element) string {
	d.n++
	switch {
	case e.Closed:
		return e.Codes[d.rand.IntN(len(e.Codes))].Value
	case e.check != "":
		return checked(e.check, e.Min, e.Max, d.n)
	case e.format != "":
		return dateAs(e.format)
	}
	var known []string
	for _, c := range e.Codes {
		if n := length(e, []byte(c.Value)); n >= e.Min && n <= e.Max {
			known = append(known, c.Value)
		}
	}
	if len(known) > 0 {
		return known[d.rand.IntN(len(known))]
	}
	return madeUp(e, d.n)
}

// madeUp is a value of the right type and length.
func madeUp(e *Element, n int) string {
	switch e.Type {
	case DT:
		if e.Max < 8 {
			return "240408"
		}
		return "20240408"
	case TM:
		return "061200"[:min(6, max(4, e.Min))]
	case N, R:
		s := strconv.Itoa(1 + n%9)
		for len(s) < e.Min {
			s += "0"
		}
		return s
	case A:
		return strings.Repeat("A", max(e.Min, 1))
	case AN, ID, B:
	}
	s := "X" + strconv.Itoa(n)
	for len(s) < e.Min {
		s += "0"
	}
	return s[:min(len(s), e.Max)]
}

// dateAs writes the eighth of April 2024, 06:12, in a format.
func dateAs(format string) string {
	var b strings.Builder
	hour := false
	for format != "" {
		part := formatPart(format)
		format = format[len(part):]
		switch {
		case part == "MM" && hour:
			b.WriteString("12")
		case part == "HH":
			hour = true
			b.WriteString("06")
		case part == "-":
			hour = false
			b.WriteString("-")
		default:
			b.WriteString(map[string]string{"CC": "20", "YY": "24", "MM": "04", "DD": "08", "DDD": "099", "WW": "15", "SS": "30", "ZZZ": "UTC"}[part])
		}
	}
	return b.String()
}

// checked makes an identification whose check digit is right.
func checked(kind string, shortest, longest, n int) string {
	size := 13
	switch kind {
	case checkDUNS:
		return fmt.Sprintf("%09d", 100000000+n)
	case checkSSCC:
		size = 18
	case checkGTIN:
		for _, s := range []int{13, 14, 12, 8} {
			if s >= shortest && s <= longest {
				size = s
				break
			}
		}
	}
	b := []byte(fmt.Sprintf("%0*d", size-1, 590000+n) + "0")
	b[size-1] += byte((10 - modulo10(b)) % 10)
	return string(b)
}

// header fills what the envelope says in the first and last segment.
func (d *draft) header(s *segment) {
	switch edi.TagOf(s.tag) {
	case edi.ST:
		s.elements = s.elements[:2]
		s.set(1, 1, d.g.Set)
		s.set(2, 1, "0001")
	case edi.SE, edi.UNT:
		s.elements = nil // known when the rest is
	case edi.UNH:
		s.elements = nil
		version, release, _ := strings.Cut(d.g.Version, ".")
		s.set(1, 1, "1")
		for i, v := range []string{d.g.Set, version, release, d.g.Group} {
			s.set(2, i+1, v)
		}
	}
}
