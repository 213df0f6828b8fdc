package edi

import "bytes"

// header is what the first segment of an interchange tells about its lexing.
type header struct {
	standard Standard
	delims   Delimiters
	body     int  // bytes of the header before its terminator
	total    int  // with the terminator
	una      bool // the service string advice, which is no real segment
}

// maxHeader is more than any interchange header needs: an ISA has 106 bytes,
// and those with padding gone wrong stay well below.
const maxHeader = 512

// findHeader looks for the first interchange header in b and returns where it
// begins, looking from b[at] on. When atEOF is false, a header that may be cut
// by the end of b is not found; the caller goes on from the returned place when
// it has more bytes.
func findHeader(b []byte, at int, atEOF bool) (h header, found int, ok bool) {
	for at < len(b) {
		i := bytes.IndexAny(b[at:], "IUS")
		if i < 0 {
			break
		}
		at += i
		if at == 0 || !isAlnum(b[at-1]) || behindUNA(b[:at]) {
			if !atEOF && len(b)-at < maxHeader {
				return header{}, at, false
			}
			blank := at == 0 || onlyBlank(b[:at])
			if h, ok = headerAt(b[at:], blank); ok {
				return h, at, true
			}
		}
		at++
	}
	return header{}, len(b), false
}

// behindUNA tells whether b ends with a service string advice, whatever its
// characters are: those that are none must not hide the header behind them.
func behindUNA(b []byte) bool {
	n := len(b) - 9
	return n >= 0 && string(b[n:n+3]) == "UNA" && (n == 0 || !isAlnum(b[n-1]))
}

// headerAt reads the header that begins at b[0]. A bare UNH counts as one only
// where bare says so, since the word may occur in any text.
func headerAt(b []byte, bare bool) (header, bool) {
	if len(b) < 5 {
		return header{}, false
	}
	b = b[:min(len(b), maxHeader)] // more is there by chance
	switch string(b[:3]) {
	case "ISA":
		return isaHeader(b)
	case "UNA":
		return unaHeader(b)
	case "UNB", "UIB":
		return edifactHeader(b)
	case "UNH":
		if bare {
			return edifactHeader(b)
		}
	case "STX":
		if b[3] == '=' {
			return header{standard: TRADACOMS, delims: tradacomsDelimiters}, true
		}
	}
	return header{}, false
}

func unaHeader(b []byte) (header, bool) {
	if len(b) < 12 {
		return header{}, false
	}
	for _, c := range b[3:9] {
		if isAlnum(c) || c >= 0x80 || c == 0 {
			return header{}, false // a zero stands for a delimiter that there is not
		}
	}
	if b[7] == '\'' && (b[8] == '\r' || b[8] == '\n') {
		return header{}, false // no advice that declares a line end: its blank was lost
	}
	next := b[9:]
	for len(next) > 0 && isBlank(next[0]) {
		next = next[1:]
	}
	d := Delimiters{Component: b[3], Element: b[4], Decimal: b[5], Release: b[6], Terminator: string(b[8:9])}
	if !beginsLikeSegment(next, d) {
		return header{}, false
	}
	if d.Release == ' ' {
		d.Release = 0
	}
	if b[7] != ' ' {
		d.Repetition = b[7]
	}
	return header{standard: EDIFACT, delims: d, body: 9, total: 9, una: true}, true
}

// beginsLikeSegment tells whether b begins with a tag of three letters and a
// separator. It need not be UNB: files without one are common enough.
func beginsLikeSegment(b []byte, d Delimiters) bool {
	return len(b) > 3 && ClassOf(b[:3])&^(Upper|Digit) == 0 && (b[3] == d.Element || b[3] == d.Component || b[3] == d.Terminator[0])
}

func edifactHeader(b []byte) (header, bool) {
	d := EDIFACTDelimiters
	switch b[3] {
	case '+':
	case 0x1d: // the separators of character set level B
		d = Delimiters{Element: 0x1d, Component: 0x1f, Decimal: '.', Terminator: "\x1c"}
	default:
		return header{}, false
	}
	if end := lineEnding(b, d.Terminator); end != "" {
		d.Terminator = end
	}
	// UNB+UNOC:4 announces syntax 4, where the asterisk repeats
	if b[2] == 'B' && len(b) > 9 && b[8] == d.Component && b[9] >= '4' && b[9] <= '9' {
		d.Repetition = '*'
	}
	return header{standard: EDIFACT, delims: d}, true
}

// lineEnding is the line end that ends segments in place of the terminator: it
// is there before a tag of the envelopes, and the terminator is not.
func lineEnding(b []byte, terminator string) string {
	if i := bytes.Index(b, []byte(terminator)); i >= 0 {
		b = b[:i]
	}
	for _, end := range []string{"\r\n", "\n"} {
		for _, tag := range []string{"UNH", "UNG", "UIH", "BGM"} {
			if bytes.Contains(b, []byte(end+tag+"+")) {
				return end
			}
		}
	}
	return ""
}

// isaHeader reads the delimiters of an X12 interchange. ISA is fixed width:
// element separator, component separator and terminator are bytes 3, 104 and
// 105. When the separators do not stand where they should, because fields were
// not padded or the line was wrapped, it counts sixteen of them instead.
func isaHeader(b []byte) (header, bool) {
	sep := b[3]
	if isAlnum(sep) || isBlank(sep) || sep >= 0x80 || sep == 0 {
		return header{}, false
	}
	seps, ok := isaFields(b, sep)
	h := header{standard: X12, delims: Delimiters{Element: sep, Decimal: '.'}}
	if h.isaCut(b, seps, ok) {
		return h, true
	}
	if !ok || !h.isaEnd(b, seps[15]+1) {
		return header{}, false
	}
	if c := h.delims.Component; c == sep || h.delims.Terminator[0] == c || isAlnum(c) {
		h.delims.Component = 0
	}
	h.delims.Repetition = isaRepetition(b, seps, h.delims)
	return h, true
}

func isaFields(b []byte, sep byte) (seps [16]int, ok bool) {
	n := 0
	for i := 3; i < len(b); i++ {
		if b[i] != sep {
			continue
		}
		seps[n] = i
		if n++; n == 16 {
			return seps, i+1 < len(b)
		}
	}
	return seps, false
}

// isPadded tells whether the separators stand where those of an ISA do whose
// elements are all there, and as long as they should be.
func isPadded(seps [16]int) bool {
	return seps == [16]int{3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103}
}

// isaEnd finds component separator and terminator, which follow the last
// element separator at p.
func (h *header) isaEnd(b []byte, p int) bool {
	c := b[p]
	if p+1 >= len(b) {
		return false
	}
	t := b[p+1]
	if isAlnum(t) || t == h.delims.Element {
		return h.guessTerminator(b, p)
	}
	if (t == '\n' || t == '\r') && !isAlnum(c) && lineEndsWith(b[p+2:], c) {
		// ISA16 is missing: what stands in its place ends every line
		h.delims.Terminator, h.body, h.total = string(c), p, p+1
		return true
	}
	h.delims.Component = c
	h.body, h.total = p+1, p+2
	if n := runeLen(b[p+1:]); n > 1 {
		h.total = p + 1 + n
	}
	h.delims.Terminator = string(b[h.body:h.total])
	return true
}

// isaCut ends a header before its sixteenth separator, at last, where the first
// group begins: elements are missing then, and what stands before GS is the
// terminator. It also ends one that has sixteen of them, but two bytes in its last
// element, the second of which can't be the terminator.
func (h *header) isaCut(b []byte, seps [16]int, whole bool) bool {
	from, last := seps[8], seps[15] // what looks like a group before is the end of a name
	if isPadded(seps) {
		from = last
	}
	gs := from + bytes.Index(b[from:], []byte{'G', 'S', h.delims.Element})
	if from == 0 || gs < from || whole && gs > last && (last+2 >= len(b) || b[last+1] != b[last+2] || isAlnum(b[last+1])) {
		return false
	}
	end := gs - 1
	for end > 3 && isBlank(b[end]) {
		end--
	}
	if t := b[end]; isAlnum(t) || t >= 0x80 {
		end++ // a line end is the terminator
	}
	if end >= gs || b[end] == ' ' || b[end] == h.delims.Element {
		return false // it is the value of an element
	}
	if c := b[end-1]; b[end-2] == h.delims.Element && !isAlnum(c) && !isBlank(c) && c != b[end] {
		h.delims.Component = c
	}
	h.delims.Terminator, h.body, h.total = string(b[end:end+1]), end, end+1
	return true
}

// guessTerminator helps where the header itself lacks its terminator: the byte
// before the first ST tells it.
func (h *header) guessTerminator(b []byte, p int) bool {
	i := bytes.Index(b[p:], []byte{'S', 'T', h.delims.Element})
	if i < 1 {
		return false
	}
	at := p + i - 1
	for at > p && isBlank(b[at]) && !isAlnum(b[at-1]) {
		at--
	}
	t := b[at]
	if isAlnum(t) || t == h.delims.Element || t == ' ' {
		return false
	}
	h.delims.Terminator = string(rune(t))
	if t >= 0x80 {
		h.delims.Terminator = string([]byte{t})
	}
	h.body, h.total = p, p
	if b[p] != t && !isAlnum(b[p]) {
		h.delims.Component = b[p]
		h.body, h.total = p+1, p+1
	}
	return true
}

// lineEndsWith tells whether the first line of b is a segment that ends with c.
func lineEndsWith(b []byte, c byte) bool {
	for len(b) > 0 && isBlank(b[0]) {
		b = b[1:]
	}
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		i = len(b)
	}
	line := bytes.TrimRight(b[:i], "\r \t")
	return len(line) > 0 && line[len(line)-1] == c
}

// runeLen is the length of the UTF-8 character that b begins with, 1 if none.
func runeLen(b []byte) int {
	n := 1
	switch {
	case b[0] >= 0xf0:
		n = 4
	case b[0] >= 0xe0:
		n = 3
	case b[0] >= 0xc2:
		n = 2
	}
	if n > len(b) {
		return 1
	}
	for _, c := range b[1:n] {
		if c&0xc0 != 0x80 {
			return 1
		}
	}
	return n
}

// isaRepetition reads ISA11, which is the repetition separator from version
// 00402 on and the letter U before.
func isaRepetition(b []byte, seps [16]int, d Delimiters) byte {
	field := b[seps[10]+1 : seps[11]]
	version := b[seps[11]+1 : seps[12]]
	if len(field) != 1 || string(version) < "00402" || len(version) != 5 {
		return 0
	}
	c := field[0]
	if isAlnum(c) || c == ' ' || d.Has(c) {
		return 0
	}
	return c
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func onlyBlank(b []byte) bool {
	b = bytes.TrimPrefix(b, byteOrderMark)
	for _, c := range b {
		if !isBlank(c) {
			return false
		}
	}
	return true
}
