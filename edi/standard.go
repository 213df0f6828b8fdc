package edi

import "fmt"

// Standard names the family of syntax rules that an interchange follows.
type Standard uint8

// The standards that Detect can tell apart.
const (
	Unknown   Standard = iota // nothing recognised
	X12                       // ASC X12, begins with ISA
	EDIFACT                   // UN/EDIFACT, begins with UNA, UNB or a bare UNH
	TRADACOMS                 // the British retail standard, begins with STX=
)

// String gives the standard's usual name.
func (s Standard) String() string {
	switch s {
	case X12:
		return "X12"
	case EDIFACT:
		return "EDIFACT"
	case TRADACOMS:
		return "TRADACOMS"
	default:
		return "unknown"
	}
}

// Detect tells which standard the first interchange in prefix follows. It
// looks past a byte order mark, white space and foreign text, and needs the
// whole interchange header (512 bytes are always enough) to be sure.
func Detect(prefix []byte) Standard {
	h, _, ok := findHeader(prefix, 0, true)
	if !ok {
		return Unknown
	}
	return h.standard
}

// MarshalText gives the standard's name.
func (s Standard) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Standard) UnmarshalText(b []byte) error {
	for _, v := range []Standard{Unknown, X12, EDIFACT, TRADACOMS} {
		if v.String() == string(b) {
			*s = v
			return nil
		}
	}
	return fmt.Errorf("standard %q is none of X12, EDIFACT, TRADACOMS", b)
}

// envelopes are the headers of interchange, group and transaction.
func (s Standard) envelopes() [3]string {
	switch s {
	case EDIFACT:
		return [3]string{"UNB", "UNG", "UNH"}
	case TRADACOMS:
		return [3]string{"STX", "BAT", "MHD"}
	}
	return [3]string{"ISA", "GS", "ST"}
}
