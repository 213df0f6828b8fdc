package guide

import (
	"slices"

	"fondaco/edi"
)

// restrict gives a segment other rules in one place: 01 M, 02 codes A B,
// 03-1 length 1 20, 04 check gtin. A partner's guide may only narrow; others
// say what the place is.
func (g *Guide) restrict(s *Segment, lines []line, narrow bool) (*Segment, error) {
	if len(lines) == 0 {
		return s, nil
	}
	c := *s
	c.Fields = slices.Clone(s.Fields)
	for _, l := range lines {
		at, component, ok := parsePlace(l.word(0))
		if !ok || at > len(c.Fields) {
			return nil, l.errorf("%s has no element %s", s.ID, l.word(0))
		}
		f := &c.Fields[at-1]
		if containsHyphen(l.word(0)) {
			if f.Composite == nil || component > len(f.Composite.Fields) {
				return nil, l.errorf("%s has no component %s", s.ID, l.word(0))
			}
			d := *f.Composite
			d.Fields = slices.Clone(d.Fields)
			if err := d.Fields[component-1].restrict(l, narrow); err != nil {
				return nil, err
			}
			d.packed = pack(d.Fields, d.notes, new([]packedField))
			f.Composite = &d
			continue
		}
		if err := f.restrict(l, narrow); err != nil {
			return nil, err
		}
	}
	c.seal(g.Standard, new([]packedField))
	return &c, nil
}

func containsHyphen(s string) bool {
	for i := range len(s) {
		if s[i] == '-' {
			return true
		}
	}
	return false
}

func (f *Field) restrict(l line, narrow bool) error {
	switch l.word(1) {
	case "codes", "length", "format", "check":
		if f.Element == nil {
			return l.errorf("%s is a composite", l.word(0))
		}
		e := *f.Element
		e.narrow = narrow || e.narrow
		if err := e.restrict(l, narrow); err != nil {
			return err
		}
		f.Element = &e
		return nil
	case "repeat":
		return f.repeats(l, narrow)
	}
	u, err := parseUsage(l.word(1))
	if err != nil {
		return l.errorf("%v, nor codes, length, repeat, format, check", err)
	}
	if narrow && u != f.Usage && (f.Usage == Required || f.Usage == NotUsed) {
		return l.errorf("%s widens the base, where it is %s", l.word(1), f.Usage)
	}
	f.Usage, f.Unconfirmed, f.narrow = u, l.has(2, "unconfirmed"), narrow
	return nil
}

// repeats reads 03 repeat 5, which is the most, or 03 repeat 2 5.
func (f *Field) repeats(l line, narrow bool) error {
	n, err := l.integer(2)
	if err != nil {
		return err
	}
	least := 0
	if l.word(3) != "" {
		least = n
		if n, err = l.integer(3); err != nil {
			return err
		}
	}
	switch {
	case n < max(least, 1):
		return l.errorf("%d to %d repetitions make no sense", least, n)
	case narrow && n > f.Repeat:
		return l.errorf("%d repetitions widen the %d of the base", n, f.Repeat)
	case narrow && n < f.Least:
		return l.errorf("%d repetitions are fewer than the %d that the base asks for", n, f.Least)
	}
	f.Least, f.Repeat = max(f.Least, least), n
	return nil
}

func (e *Element) restrict(l line, narrow bool) error {
	switch l.word(1) {
	case "codes":
		return e.only(l, narrow)
	case "length":
		from, err := l.integer(2)
		if err != nil {
			return err
		}
		to, err := l.integer(3)
		if err != nil {
			return err
		}
		if from > to || to == 0 {
			return l.errorf("lengths %d to %d make no sense", from, to)
		}
		if from < e.Min || to > e.Max {
			return l.errorf("%d to %d characters widen the %d to %d of element %s", from, to, e.Min, e.Max, e.Number)
		}
		e.Min, e.Max = from, to
	case "format":
		if e.format = l.word(2); e.format == "" || fitsFormat(nil, e.format) {
			return l.errorf("a format is one such as CCYYMMDD")
		}
	case "check":
		if e.check = l.word(2); !isCheck(e.check) {
			return l.errorf("check %q is none of gtin, gln, duns, sscc", e.check)
		}
	}
	return nil
}

// typed tells whether the type of the element allows a value.
func (e *Element) typed(value []byte) bool {
	class := edi.ClassOf(value)
	switch e.Type {
	case N, R:
		return isNumber(value, e.Type == R)
	case DT:
		return edi.ValidDate(value)
	case TM:
		return edi.ValidTime(value)
	case A:
		return class&(edi.Digit|edi.Control) == 0
	case B:
		return true
	case AN, ID:
	}
	return class&edi.Control == 0
}

// only closes the list of codes.
func (e *Element) only(l line, narrow bool) error {
	var codes []Code
	for _, value := range l.words[2:] {
		i, known := e.find(value)
		switch {
		case narrow && e.Closed && !known:
			return l.errorf("code %s widens the base, which has only: %s", value, join(e.values()))
		case length(e, []byte(value)) > e.Max || length(e, []byte(value)) < e.Min:
			return l.errorf("code %s does not fit element %s, %d to %d characters", value, e.Number, e.Min, e.Max)
		case !known && !e.typed([]byte(value)):
			return l.errorf("code %q does not fit element %s, which is of type %s", value, e.Number, e.TypeName())
		case known:
			codes = append(codes, e.Codes[i])
		default:
			codes = append(codes, Code{Value: value})
		}
	}
	if len(codes) == 0 {
		return l.errorf("codes without any")
	}
	e.Closed, e.Codes = true, codes
	e.codes = newCodeSet(codes)
	return nil
}
