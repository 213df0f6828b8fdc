package encode

import (
	"encoding/json"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// Text appends a JSON string. Nothing is escaped that JSON does not ask for;
// bytes that are no UTF-8 become U+FFFD.
func Text[T ~string | ~[]byte](b []byte, s T) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := decode(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[start:i]...), `\ufffd`...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' && c != 0x7f {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		b = escape(b, c)
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

func decode[T ~string | ~[]byte](s T) (rune, int) {
	switch {
	case len(s) > utf8.UTFMax:
		return utf8.DecodeRuneInString(string(s[:utf8.UTFMax]))
	default:
		return utf8.DecodeRuneInString(string(s))
	}
}

func escape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	default:
		return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	}
}

// JSONB appends a document of type jsonb. In PostgreSQL's binary format a byte
// of version stands before its text; the driver prefers the text alone.
func JSONB(b, cell []byte) []byte {
	if len(cell) > 0 && cell[0] == 1 {
		cell = cell[1:]
	}
	if !json.Valid(cell) {
		return append(b, "null"...)
	}
	return append(b, cell...)
}
