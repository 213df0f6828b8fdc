package guide

import (
	"fmt"
	"math/bits"
)

// note is a syntax note of X12 on elements that depend on one another:
//
//	P0304  paired: all of them or none
//	R0203  required: at least one
//	E0203  exclusive: at most one
//	C0402  conditional: if the first is there, all the others are
//	L0302  list conditional: if the first is there, at least one other is
type note struct {
	text  string
	kind  byte
	first uint64
	all   uint64
}

func parseNote(s string) (note, error) {
	n := note{text: s}
	if len(s) < 5 || len(s)%2 == 0 {
		return n, fmt.Errorf("note %q is not a letter and pairs of digits", s)
	}
	n.kind = s[0]
	switch n.kind {
	case 'P', 'R', 'E', 'C', 'L':
	default:
		return n, fmt.Errorf("note %q does not begin with P, R, E, C or L", s)
	}
	for i := 1; i < len(s); i += 2 {
		var at int
		if _, err := fmt.Sscanf(s[i:i+2], "%02d", &at); err != nil || at < 1 || at > 63 {
			return n, fmt.Errorf("note %q: %q is no position", s, s[i:i+2])
		}
		n.all |= 1 << at
		if i == 1 {
			n.first = 1 << at
		}
	}
	return n, nil
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
	}
	return 0
}
