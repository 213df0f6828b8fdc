package guide

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Type is the type of a data element.
type Type uint8

// The types of X12 and EDIFACT.
const (
	AN Type = iota + 1 // text; in EDIFACT "an"
	ID                 // a code from a list
	DT                 // a date
	TM                 // a time of day
	N                  // a number with implied decimals
	R                  // a number with its decimal mark; in EDIFACT "n"
	B                  // binary data
	A                  // text without digits, EDIFACT's "a"
)

var (
	typeNames    = [...]string{"", "AN", "ID", "DT", "TM", "N", "R", "B", "A"}
	edifactNames = [...]string{AN: "an", R: "n", A: "a", B: "b"}
)

// Element is a data element of the dictionary.
type Element struct {
	Number   string // 353
	Name     string
	Type     Type
	Decimals int // implied, for N
	Min, Max int // length, without sign and decimal mark
	Codes    []Code
	Closed   bool // no code outside of Codes is valid
	// Unconfirmed means that no public guide states type, lengths and codes: a
	// value that does not fit is a warning.
	Unconfirmed bool

	edifact bool     // written as an..35
	narrow  bool     // a guide has closed or shortened it, so that what is wrong is wrong by the guide
	format  string   // of a date, where a guide fixes one: CCYYMMDD
	check   string   // check digit: gtin, gln, duns or sscc
	codes   *codeSet // of a closed list, else nil
}

// TypeName is the type as the standard writes it: AN, N2, an..35.
func (e *Element) TypeName() string {
	switch {
	case e.edifact && e.Min == e.Max:
		return edifactNames[e.Type] + strconv.Itoa(e.Max)
	case e.edifact:
		return edifactNames[e.Type] + ".." + strconv.Itoa(e.Max)
	case e.Type == N:
		return fmt.Sprintf("N%d", e.Decimals)
	}
	return typeNames[e.Type]
}

// Meaning is the name of a code, "" when the list does not know it.
func (e *Element) Meaning(code string) string {
	i, known := e.find(code)
	if !known {
		return ""
	}
	return e.Codes[i].Name
}

// find returns the place of a code in the list. Open lists are only asked for
// the names of their codes, which is not worth a table.
func (e *Element) find(code string) (int, bool) {
	if e.codes != nil {
		return e.codes.find(code)
	}
	i := slices.IndexFunc(e.Codes, func(c Code) bool { return c.Value == code })
	return i, i >= 0
}

// representation reads the type and the lengths of an element line, in X12's
// form "ID 2 2" or in EDIFACT's "an..3", and returns how many words they were.
func (e *Element) representation(l line) (int, error) {
	if w := l.word(2); w != "" && w[0] >= 'a' && w[0] <= 'z' {
		return 1, e.edifactType(l, w)
	}
	var err error
	if e.Type, e.Decimals, err = parseType(l.word(2)); err != nil {
		return 0, l.errorf("%v", err)
	}
	if e.Min, err = l.integer(3); err != nil {
		return 0, err
	}
	if e.Max, err = l.integer(4); err != nil {
		return 0, err
	}
	if e.Max < e.Min || e.Max > maxLength {
		return 0, l.errorf("lengths %d to %d make no sense", e.Min, e.Max)
	}
	return 3, nil
}

const maxLength = 1 << 15

// edifactType reads an..35, n6, a3.
func (e *Element) edifactType(l line, s string) error {
	name := strings.TrimRight(s, ".0123456789")
	e.edifact = true
	for t, known := range edifactNames {
		if known != "" && known == name {
			e.Type = Type(t)
		}
	}
	size, upTo := strings.CutPrefix(s[len(name):], "..")
	n, err := strconv.Atoi(size)
	if e.Type == 0 || err != nil || n < 1 || n > maxLength {
		return l.errorf("type %q is none such as an..35, n6, a3", s)
	}
	if e.Max = n; !upTo {
		e.Min = n
	} else {
		e.Min = 1
	}
	return nil
}

func parseType(s string) (Type, int, error) {
	if len(s) == 2 && s[0] == 'N' && s[1] >= '0' && s[1] <= '9' {
		return N, int(s[1] - '0'), nil
	}
	for t, name := range typeNames[:A] {
		if t > 0 && name == s {
			return Type(t), 0, nil
		}
	}
	return 0, 0, fmt.Errorf("type %q is none of AN ID DT TM N0 to N9 R B", s)
}
