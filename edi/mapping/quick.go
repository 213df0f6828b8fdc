package mapping

import (
	"encoding/binary"
	"math/bits"
)

// lead is what JSON has between the field before and the value of a field, as
// records are written: ,"name":" and for lists and objects the bracket or brace.
// The comma may be the brace of the object.
type lead struct {
	word, mask [longLead / 8]uint64
	size       int // zero if it is too long
	kind       leadKind
	slot       int
	hint       int // where it is noted what comes next
	rule       *rule
}

// begins tells whether a text begins with the lead, but for its first byte.
func (l *lead) begins(text []byte) bool {
	first, second, third := binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[8:]), binary.LittleEndian.Uint64(text[16:])
	return (first^l.word[0])&l.mask[0]|(second^l.word[1])&l.mask[1]|(third^l.word[2])&l.mask[2] == 0 && l.size > 0
}

// longLead is how long a lead can be to be looked for at once.
const longLead = 24

type leadKind uint8

const (
	leadText   leadKind = iota // a text that the document has as it stands there
	leadNumber                 // the same of a number
	leadOther                  // a value that it has otherwise
	leadObject
	leadList
)

// compileLeads makes the leads of the fields of a scope.
func (r *rule) compileLeads() {
	r.leads = make([]lead, len(r.rules))
	for i, sub := range r.rules {
		l := &r.leads[i]
		*l = lead{slot: i, hint: 2 * sub.number, rule: sub}
		opening := byte('"')
		switch {
		case sub.list:
			l.kind, opening = leadList, '['
		case sub.loop != nil:
			l.kind, opening = leadObject, '{'
		case sub.text:
			l.kind = leadText
		case sub.decimal:
			l.kind = leadNumber
		default:
			l.kind = leadOther
		}
		text := append(append([]byte{0}, sub.key...), opening)
		if len(text) > longLead {
			continue
		}
		l.size = len(text)
		for j, c := range text[1:] {
			l.word[(j+1)/8] |= uint64(c) << ((j + 1) % 8 * 8)
			l.mask[(j+1)/8] |= 0xff << ((j + 1) % 8 * 8)
		}
	}
}

// memo is a short value that was written otherwise than it stood in JSON, and
// how: the same comes again and again.
type memo struct {
	word     [2]uint64
	size, is int
	as       [chunk]byte
}

// quick reads members of an object that stand there as records are written and as
// they stood there before: nearly all. It begins behind the brace or the member
// whose number is last, and ends where something else stands; done says that it
// was the end of the object. It is written out, since every field of every record
// passes here.
func (f *filler) quick(frame int32, last int) (_ int, done bool, err error) {
	t, text := f.t, f.wide
	scope, base := t.frames[frame].scope, int(t.frames[frame].slots)
	slots, hint, said := t.slots[base:base+scope.size], scope.hint(last), uint64(0)
	p := f.at
	if last < 0 {
		p-- // the brace is in the place of a comma
	}
	for !done {
		h := int(f.hints[hint]) - 1
		if h < 0 || text[p] != ',' && last >= 0 {
			break
		}
		l := &scope.leads[h]
		if !l.begins(text[p : p+longLead]) {
			break
		}
		from := p + l.size
		if l.kind <= leadNumber {
			to := endOfPlain(text, from)
			if to == from || text[to] != '"' || slots[h].to != 0 || l.kind == leadNumber && !canonicalAt(text, from, to) {
				break
			}
			slots[h] = stretch{uint32(from), uint32(to)}
			said |= 1 << l.slot
			p = to + 1
		} else {
			if f.at, err = f.behind(frame, l, from); err != nil {
				return last, false, err
			}
			if f.at == 0 {
				break
			}
			p, slots = f.at, t.slots[base:base+scope.size]
		}
		last, hint, done = h, l.hint, text[p] == '}'
	}
	t.frames[frame].said |= said
	if f.at = p; last < 0 || done {
		f.at++
	}
	return last, done, err
}

// endOfPlain is where the part of a text ends that JSON has as it is, from a place
// on; behind the text is a zero. It finds what plainLength does.
func endOfPlain(text []byte, at int) int {
	for ; ; at += 8 {
		w := binary.LittleEndian.Uint64(text[at : at+8])
		// Of a byte that is no ASCII the top bit is set, and of others only where they
		// are less than what is taken from them, or become too large.
		if found := (w | (w - ones*' ') | ((w ^ ones*'"') - ones) | ((w ^ ones*'\\') - ones) | (w + ones)) & tops; found != 0 {
			return at + bits.TrailingZeros64(found)/8
		}
	}
}

// behind reads what stands behind a lead that is more than text. It gives where
// that ends, 0 if it has to be read otherwise.
func (f *filler) behind(frame int32, l *lead, from int) (int, error) {
	f.at = from
	if l.kind == leadList {
		err := f.listed(frame, l.rule)
		return f.at, err
	}
	if f.t.has(frame, l.rule) {
		return 0, nil
	}
	if l.kind == leadObject {
		f.at-- // before the brace
		err := f.one(frame, l.rule)
		return f.at, err
	}
	to := endOfPlain(f.wide, from)
	if to == from || f.wide[to] != '"' {
		return 0, nil
	}
	f.at = to + 1
	if !f.knows(l.rule, from, to) {
		return f.at, f.converts(frame, l.rule, from, to)
	}
	end := uint32(len(f.t.text))
	f.t.set(frame, l.rule, stretch{end - uint32(f.memos[l.rule.number].is), end})
	return f.at, nil
}

// knows tells whether a value is the one that the rule's memo has, which is then
// on the draft.
func (f *filler) knows(r *rule, from, to int) bool {
	m := &f.memos[r.number]
	if to-from != m.size || m.size == 0 {
		return false
	}
	if first, second := f.words(from, to); first != m.word[0] || second != m.word[1] {
		return false
	}
	f.t.text = append(f.t.text, m.as[:m.is]...)
	return true
}

// words are the bytes of a value of at most chunk bytes.
func (f *filler) words(from, to int) (first, second uint64) {
	text := f.wide[from : from+chunk]
	first, second = binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[8:])
	n := to - from
	if n <= 8 {
		return first << (64 - 8*n), 0
	}
	return first, second << (128 - 8*n)
}

// converts puts a value into a frame that the document has otherwise, and makes a
// memo of it.
func (f *filler) converts(frame int32, r *rule, from, to int) error {
	at := len(f.t.text)
	if err := f.t.say(frame, r, f.wide[from:to], true); err != nil {
		return err
	}
	if as := f.t.text[at:]; to-from <= chunk && len(as) <= chunk {
		m := &f.memos[r.number]
		m.size, m.is = to-from, copy(m.as[:], as)
		m.word[0], m.word[1] = f.words(from, to)
	}
	return nil
}
