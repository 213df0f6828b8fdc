package edi

import (
	"errors"
	"fmt"
)

// ErrNoInterchange says that the input holds no interchange of a known
// standard. FormatError wraps it.
var ErrNoInterchange = errors.New("no interchange found")

// ErrUnsupported says that a standard was recognised but that what was asked
// for is not offered for it. FormatError wraps it.
var ErrUnsupported = errors.New("not supported for this standard")

// FormatError tells what an input is when it is not what a function reads.
type FormatError struct {
	Standard Standard // Unknown when nothing was recognised
	Op       string   // what was tried
	Err      error    // ErrNoInterchange or ErrUnsupported
	Encoding string   // in which the input does begin with an interchange; empty if it has none, or could be read
	Remedy   string   // the command that converts from that encoding
}

func (e *FormatError) Error() string {
	if e.Encoding != "" {
		return fmt.Sprintf("%s: %s; the input is in %s: convert it first, for example with: %s", e.Op, e.Err, e.Encoding, e.Remedy)
	}
	if e.Standard == Unknown {
		return e.Op + ": " + e.Err.Error() + "; an X12 file begins with ISA, EDIFACT with UNA or UNB, TRADACOMS with STX="
	}
	return fmt.Sprintf("%s: %s: %s; its segments can be read, written and turned into JSON", e.Op, e.Standard, e.Err)
}

// unreadable is the error about an input that begins with b and has no interchange.
func unreadable(b []byte) *FormatError {
	err := &FormatError{Op: "read", Err: ErrNoInterchange}
	if e := encodingOf(b); e != nil {
		err.Encoding, err.Remedy = e.name, e.remedy()
	}
	return err
}

func (e *FormatError) Unwrap() error { return e.Err }

// DelimiterError says that a value cannot be written because it holds a
// delimiter and the syntax knows no release character.
type DelimiterError struct {
	Tag     string
	Element int
	Value   string
}

func (e *DelimiterError) Error() string {
	return fmt.Sprintf("write %s%02d: %q holds a delimiter, and X12 cannot escape it; choose other delimiters or set a Substitute", e.Tag, e.Element, e.Value)
}
