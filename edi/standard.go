package edi

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
