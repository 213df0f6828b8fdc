package edi

import "strings"

// Class says which kinds of characters occur in a run of bytes: the lexer ORs
// the bits of every byte while it looks for delimiters, so that a type check
// later is one mask instead of one more loop.
type Class uint16

// The kinds of characters, after the basic and extended sets of X12.
const (
	Digit     Class = 1 << iota // 0 to 9
	Upper                       // A to Z
	Lower                       // a to z
	Space                       // the space
	Minus                       // the minus sign
	Dot                         // the full stop
	Basic                       // ! " & ' ( ) * + , / : ; ? =
	Extended                    // the other printable ASCII characters
	Control                     // below space, and DEL
	High                        // bytes from 0x80 on
	LineBreak                   // LF or CR; set together with Control
	Repeated                    // the repetition separator
	Composed                    // the component separator
	Foreign                     // bytes that the declared character set does not have
	Released                    // a release character, which is not part of the value

	allClasses = Released<<1 - 1
)

type classTable [256]Class

// marks say of each byte what the lexer does at it: the class in the upper half,
// and in the top bits which delimiter it is.
type marks [256]uint64

// The two that end the inner loop are negative numbers.
const (
	markTerminator = 1 << 63
	markRelease    = 1<<63 | 1<<61
	markElement    = 1 << 62
	markBlunt      = 1 << 60 // an element separator that separates no more
	markEnd        = 1 << 63
	classShift     = 32
)

var plainClasses = func() (t classTable) {
	for b := range t {
		t[b] = plainClass(byte(b))
	}
	return t
}()

func plainClass(b byte) Class {
	switch {
	case '0' <= b && b <= '9':
		return Digit
	case 'A' <= b && b <= 'Z':
		return Upper
	case 'a' <= b && b <= 'z':
		return Lower
	case b == ' ':
		return Space
	case b == '-':
		return Minus
	case b == '.':
		return Dot
	case b == '\n' || b == '\r':
		return Control | LineBreak
	case b < ' ' || b == 0x7f:
		return Control
	case b >= 0x80:
		return High
	}
	if strings.IndexByte(`!"&'()*+,/:;?=`, b) >= 0 {
		return Basic
	}
	return Extended
}

// ClassOf ORs the classes of every byte of value, delimiters not regarded.
func ClassOf(value []byte) Class {
	var c Class
	for _, b := range value {
		c |= plainClasses[b]
	}
	return c
}

func isAlnum(b byte) bool { return plainClasses[b]&(Digit|Upper|Lower) != 0 }

// isBlank tells the bytes that editors, mailers and mainframes put between
// segments and that mean nothing: white space, NUL and the old end-of-file mark.
func isBlank(b byte) bool {
	switch b {
	case ' ', '\t', '\r', '\n', '\v', '\f', 0, 0x1a:
		return true
	}
	return false
}
