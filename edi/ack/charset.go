package ack

import (
	"strings"

	"fondaco/edi"
)

// charset is the set that the syntax identifier of an answer names, and that
// identifier; level A where it names one that is not known by its name alone.
func charset(level string) (string, *edi.Charset) {
	set, err := edi.CharsetOf(level)
	if err == nil {
		return level, set
	}
	set, err = edi.CharsetOf("UNOA")
	if err != nil {
		panic(err) // the set that EDIFACT began with
	}
	return "UNOA", set
}

// echo is a value that was received, as it can be sent back in the character
// set of the answer: without control characters and at most so many bytes long.
// Small letters stay as they are, also in level A: they tell values apart.
func (o *edifactOut) echo(v string, most int) string {
	for i := range len(v) {
		if v[i] < ' ' || v[i] >= 0x7f {
			v = o.mend(v)
			break
		}
	}
	if len(v) <= most {
		return v
	}
	if v = v[:most]; o.level == "UNOW" || o.level == "UNOY" {
		v = strings.ToValidUTF8(v, "") // not half a character
	}
	return v
}

// mend leaves out control characters and replaces what the set does not have.
func (o *edifactOut) mend(v string) string {
	var b strings.Builder
	for i := range len(v) {
		switch c := v[i]; {
		case c < ' ' || c == 0x7f:
		case c < 0x7f:
			b.WriteByte(c)
		case o.ascii():
			b.WriteByte('?')
		default:
			b.WriteByte(c)
		}
	}
	if _, ok := o.set.Decode(nil, []byte(b.String())); ok {
		return b.String()
	}
	return strings.Map(func(r rune) rune {
		if r >= 0x7f {
			return '?'
		}
		return r
	}, b.String())
}

// ascii tells that the set has nothing beyond ASCII.
func (o *edifactOut) ascii() bool { return o.level == "UNOA" || o.level == "UNOB" }

// required is a value that has to be there, a zero where nothing was received.
func (o *edifactOut) required(v string, most int) string { return orZero(o.echo(v, most)) }

// text is a text of ours in the bytes of the character set, at most so many
// characters of it. Level A has no small letters. A character that the set lacks
// becomes a question mark.
func (o *edifactOut) text(v string, most int) string {
	if o.level == "UNOA" {
		v = strings.ToUpper(v)
	}
	var b []byte
	n := 0
	for _, r := range v {
		if n == most {
			break
		}
		n++
		if r < ' ' {
			r = ' '
		}
		encoded, err := o.set.Encode(b, string(r), nil)
		if err != nil {
			encoded = append(b, '?')
		}
		b = encoded
	}
	return strings.TrimRight(string(b), " ")
}
