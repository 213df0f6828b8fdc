package guide

import (
	"fmt"
	"math/bits"
	"strings"
)

// note is a syntax note on elements that depend on one another. X12 writes
// letters:
//
//	P0304  paired: all of them or none
//	R0203  required: at least one
//	E0203  exclusive: at most one
//	C0402  conditional: if the first is there, all the others are
//	L0302  list conditional: if the first is there, at least one other is
//
// and EDIFACT, from syntax 4 on, numbers:
//
//	D1(01,02)  one and only one
//	D2(01,02)  all or none
//	D3(01,02)  one or more
//	D4(01,02)  one or none
//	D5(01,02)  if the first, then all
//	D6(01,02)  if the first, then one or more others
//	D7(01,02)  if the first, then none of the others
type note struct {
	text        string
	kind        byte
	unconfirmed bool
	first       uint64
	all         uint64
}

// The notes of EDIFACT, those of X12 where they mean the same: "1" and "7" have
// no letter there.
const edifactNotes = "1PRECL7"

func parseNote(s string) (note, error) {
	n := note{text: s}
	var digits string
	if rest, ok := strings.CutPrefix(s, "D"); ok {
		if len(rest) < 4 || rest[0] < '1' || rest[0] > '7' || rest[1] != '(' || !strings.HasSuffix(rest, ")") {
			return n, fmt.Errorf("note %q is not one such as D5(02,03)", s)
		}
		n.kind = edifactNotes[rest[0]-'1']
		digits = strings.ReplaceAll(rest[2:len(rest)-1], ",", "")
	} else {
		if len(s) < 5 {
			return n, fmt.Errorf("note %q is not a letter and pairs of digits", s)
		}
		n.kind, digits = s[0], s[1:]
		if strings.IndexByte("PRECL", n.kind) < 0 {
			return n, fmt.Errorf("note %q does not begin with P, R, E, C, L or D", s)
		}
	}
	if len(digits)%2 != 0 || len(digits) < 4 {
		return n, fmt.Errorf("note %q is not a letter and pairs of digits", s)
	}
	for i := 0; i < len(digits); i += 2 {
		at, err := notePosition(digits[i : i+2])
		if err != nil {
			return n, fmt.Errorf("note %q: %w", s, err)
		}
		n.all |= 1 << at
		if i == 0 {
			n.first = 1 << at
		}
	}
	return n, nil
}

func notePosition(s string) (int, error) {
	at := int(s[0]-'0')*10 + int(s[1]-'0')
	if s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' || at < 1 || at > maxFields {
		return 0, fmt.Errorf("%q is no position", s)
	}
	return at, nil
}

// moved is the note for fields that stand elsewhere, at[i] being the new place
// of field i.
func (n *note) moved(at []int) note {
	c := note{text: n.text, kind: n.kind, unconfirmed: n.unconfirmed}
	for b := n.all; b != 0; b &= b - 1 {
		i := bits.TrailingZeros64(b)
		if i >= len(at) {
			continue
		}
		c.all |= 1 << at[i]
		if n.first == 1<<i {
			c.first = 1 << at[i]
		}
	}
	return c
}

// excludes tells the notes that something offends by being there.
func (n *note) excludes() bool { return n.kind == 'E' || n.kind == '7' }

// cause is the first of the elements that are there and make the note apply, 0
// if it always applies.
func (n *note) cause(present uint64) int {
	there := present & n.all
	if n.kind == 'C' || n.kind == 'L' || n.kind == '7' {
		there &= n.first
	}
	if there == 0 {
		return 0
	}
	return bits.TrailingZeros64(there)
}

// broken returns the positions that offend against the note, given those that
// are present: the missing ones, or for an exclusion the superfluous ones.
func (n *note) broken(present uint64) uint64 {
	there := present & n.all
	switch n.kind {
	case 'P':
		if there != 0 && there != n.all {
			return n.all &^ there
		}
	case 'R':
		if there == 0 {
			return n.first
		}
	case 'E':
		if bits.OnesCount64(there) > 1 {
			return there & (there - 1)
		}
	case 'C':
		if there&n.first != 0 && there != n.all {
			return n.all &^ there
		}
	case 'L':
		if there == n.first {
			rest := n.all &^ n.first
			return rest & -rest
		}
	case '1':
		if there == 0 {
			return n.first
		}
		return there & (there - 1)
	case '7':
		if there&n.first != 0 {
			return there &^ n.first
		}
	}
	return 0
}
