package mapping

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
)

// filler reads JSON from its front to its end and puts a record straight into
// a tape, without building anything of it.
type filler struct {
	t      *draft
	text   []byte
	at     int
	depth  int
	escape []byte // a string that had escapes in it
	// wide is the text with what stands behind it on the draft, nil if the text is not
	// there: values are then in the document as they are here.
	wide  []byte
	giant *giant // of a record that is written while it is read; the text is a part of it
	// hints are, for the fields and the objects of the map hinted, which field came
	// next when they were met before, counted from 1.
	hints  []uint16
	memos  []memo // by the number of the rule
	hinted *Map
}

// begin takes a text onto a draft, which has no other yet.
func (f *filler) begin(t *draft, text []byte) {
	t.text = append(append(t.text[:0], text...), behind[:]...)
	f.t, f.wide, f.text = t, t.text, t.text[:len(text)]
}

// behind is what stands behind a text: zeros, with which no value goes on, as far
// as is looked at at once.
var behind [longLead + 8]byte

// record begins to read a record of a map.
func (f *filler) record(m *Map) {
	f.t.begin(m)
	if f.hinted != m {
		f.hinted, f.hints, f.memos = m, make([]uint16, 2*len(m.all)), make([]memo, len(m.all))
	}
}

// says puts an error where it was found.
func (f *filler) says(err error) error {
	at := f.at + 1
	if f.giant != nil {
		at += f.giant.dropped
	}
	return &placed{at, err}
}

func (f *filler) space() {
	for {
		for f.at < len(f.text) {
			switch f.text[f.at] {
			case ' ', '\n', '\t', '\r':
				f.at++
			default:
				return
			}
		}
		if !f.more() {
			return
		}
	}
}

// sign passes over space and the byte c, and tells whether that was there.
func (f *filler) sign(c byte) bool {
	if f.at < len(f.text) && f.text[f.at] == c { // as a rule
		f.at++
		return true
	}
	if f.space(); f.at < len(f.text) && f.text[f.at] == c {
		f.at++
		return true
	}
	return false
}

// more reads on, where the text is a part of a line; what was passed over is gone.
func (f *filler) more() bool { return f.giant != nil && f.giant.more() }

// next is the byte with which the next value begins, 0 at the end.
func (f *filler) next() byte {
	if f.space(); f.at < len(f.text) {
		return f.text[f.at]
	}
	return 0
}

// members calls fn for every member of an object, behind its name.
func (f *filler) members(fn func(name []byte) error) error {
	if !f.sign('{') {
		return errJSON
	}
	if f.depth++; f.depth > 100 {
		return errNested
	}
	defer func() { f.depth-- }()
	if f.sign('}') {
		return nil
	}
	for {
		name, _, err := f.str()
		if err != nil {
			return err
		}
		if f.giant != nil {
			name = bytes.Clone(name)
		}
		if !f.sign(':') {
			return errJSON
		}
		if err := fn(name); err != nil {
			return err
		}
		if f.sign('}') {
			return nil
		}
		if !f.sign(',') {
			return errJSON
		}
	}
}

var (
	errNested  = errors.New("it is nested too deeply")
	errControl = errors.New("a control character stands in a string")
	errNoEnd   = errors.New("a string has no end")
)

// str reads a string. It is valid until the next one is read; ascii tells that
// it is printable ASCII, as nearly all are.
func (f *filler) str() (s []byte, ascii bool, err error) {
	if !f.sign('"') {
		return nil, false, errJSON
	}
again:
	from := f.at
	f.at += plainLength(f.text[f.at:])
	if f.at < len(f.text) && f.text[f.at] == '"' {
		f.at++
		return f.text[from : f.at-1], true, nil
	}
	for ; f.at < len(f.text); f.at++ {
		switch c := f.text[f.at]; {
		case c == '"':
			f.at++
			return f.text[from : f.at-1], false, nil
		case c == '\\':
			if s, err = f.escaped(from); !errors.Is(err, errNoEnd) {
				return s, false, err
			}
			f.at = len(f.text) // its end is still to come, perhaps
		case c < ' ':
			return nil, false, errControl
		}
	}
	if f.at = from; f.more() {
		goto again
	}
	return nil, false, errNoEnd
}

// escaped reads a string in which something is escaped.
func (f *filler) escaped(from int) ([]byte, error) {
	end := f.at
	for end < len(f.text) && f.text[end] != '"' {
		if f.text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(f.text) {
		return nil, errNoEnd
	}
	var err error
	f.escape, err = unescape(f.escape[:0], f.text[from:end])
	f.at = end + 1
	return f.escape, err
}

// null passes over a null, and tells whether one was there.
func (f *filler) null() bool {
	if f.next() != 'n' {
		return false
	}
	for f.at+4 > len(f.text) && f.more() {
	}
	if f.at+4 > len(f.text) || string(f.text[f.at:f.at+4]) != "null" {
		return false
	}
	f.at += 4
	return true
}

// skip passes over a value.
func (f *filler) skip() error {
	switch f.next() {
	case '"':
		_, _, err := f.str()
		return err
	case '{':
		return f.members(func([]byte) error { return f.skip() })
	case '[':
		return f.entries(func() error { return f.skip() })
	}
	_, err := f.literal()
	return err
}

// literal reads a number, true, false or null, none of which a record has.
func (f *filler) literal() ([]byte, error) {
	const longest = 64
	f.space()
	n := 0
	for ; n <= longest && (f.at+n < len(f.text) || f.more()); n++ {
		if c := f.text[f.at+n]; c <= ' ' || c == ',' || c == '}' || c == ']' {
			break
		}
	}
	text := f.text[f.at : f.at+n]
	if n > longest || !json.Valid(text) {
		return nil, errJSON
	}
	f.at += n
	return text, nil
}

// entries calls fn for every value of a list.
func (f *filler) entries(fn func() error) error {
	if !f.sign('[') {
		return errJSON
	}
	if f.depth++; f.depth > 100 {
		return errNested
	}
	defer func() { f.depth-- }()
	if f.sign(']') {
		return nil
	}
	for {
		if err := fn(); err != nil {
			return err
		}
		if f.sign(']') {
			return nil
		}
		if !f.sign(',') {
			return errJSON
		}
	}
}

// object reads an object into a frame, its values as the document has them.
func (f *filler) object(frame int32) error {
	if !f.sign('{') {
		return errJSON
	}
	if f.depth++; f.depth > 100 {
		return errNested
	}
	last := -1
	for {
		var done bool
		var err error
		if f.wide != nil {
			if last, done, err = f.quick(frame, last); done || err != nil {
				f.depth--
				return err
			}
		}
		if last, done, err = f.member(frame, last); done || err != nil {
			f.depth--
			return err
		}
	}
}

// member reads a member of an object behind the one whose number is last, -1 for
// none, or the end of the object. It gives the number of the one that it read.
func (f *filler) member(frame int32, last int) (int, bool, error) {
	switch c := f.peek(); {
	case c == ',' && last >= 0:
		f.at++
	case c == '}':
		f.at++
		return last, true, nil
	case last >= 0:
		return last, false, errJSON
	}
	scope := f.t.frames[frame].scope
	i, err := f.name(scope, last+1, &f.hints[scope.hint(last)])
	if err != nil {
		return last, false, err
	}
	r := scope.rules[i]
	if f.giant != nil {
		if err := f.giant.member(r); err != nil {
			return last, false, err
		}
	}
	return i, false, f.field(frame, r)
}

// hint is where it is noted what comes behind a member, -1 for the beginning.
func (r *rule) hint(last int) int {
	if last < 0 {
		return 2*r.number + 1
	}
	return 2 * r.rules[last].number
}

// peek is next, where as a rule no space has to be passed over.
func (f *filler) peek() byte {
	if f.at < len(f.text) && f.text[f.at] > ' ' {
		return f.text[f.at]
	}
	return f.next()
}

// key is the name of a field as records write it, with quotes and colon: its
// first sixteen bytes as numbers, and which of their bits mean something.
type key struct {
	word, mask [2]uint64
	all        []byte
	// Of a field that is one value, what JSON has between the value before it and
	// its own: ,"name":" and how long that is, zero if it does not fit.
	lead  [longName]byte
	leads int
}

func keyOfName(name []byte) key {
	k := key{all: name}
	for i, c := range name[:min(len(name), chunk)] {
		k.word[i/8] |= uint64(c) << (i % 8 * 8)
		k.mask[i/8] |= 0xff << (i % 8 * 8)
	}
	return k
}

// begins tells whether a text begins with the key; first and second are its first
// sixteen bytes.
func (k *key) begins(first, second uint64, text []byte) bool {
	return first&k.mask[0] == k.word[0] && second&k.mask[1] == k.word[1] && (len(k.all) <= chunk || bytes.HasPrefix(text, k.all))
}

// leading makes the key that of a single value.
func (k *key) leading() {
	if lead := append(append([]byte{','}, k.all...), '"'); len(lead) <= longName {
		k.leads = copy(k.lead[:], lead)
	}
}

// name reads a name with its colon, and gives the number of its rule: as a rule
// it is that of the hint, or else the next of those that are said.
func (f *filler) name(scope *rule, expected int, hint *uint16) (int, error) {
	if rest := f.text[f.at:]; len(rest) >= chunk {
		first, second := binary.LittleEndian.Uint64(rest), binary.LittleEndian.Uint64(rest[8:])
		if i := int(*hint) - 1; i >= 0 && scope.keys[i].begins(first, second, rest) {
			f.at += len(scope.keys[i].all)
			return i, nil
		}
		for i := expected; i < len(scope.keys); i++ {
			if k := &scope.keys[i]; k.begins(first, second, rest) {
				f.at += len(k.all)
				*hint = uint16(i + 1)
				return i, nil
			}
		}
	}
	name, _, err := f.str()
	if err != nil {
		return 0, err
	}
	i := scope.named(name, expected)
	if i < 0 {
		return 0, fmt.Errorf("there is no field %q", name)
	}
	if !f.sign(':') {
		return 0, errJSON
	}
	return i, nil
}

func (f *filler) field(frame int32, r *rule) error {
	switch {
	case f.peek() == 'n' && f.null():
		return nil
	case !r.list:
		return f.one(frame, r)
	case !f.sign('['):
		return errJSON
	}
	return f.listed(frame, r)
}

// listed reads a list behind its bracket.
func (f *filler) listed(frame int32, r *rule) error {
	for first := true; !f.sign(']'); first = false {
		if !first && !f.sign(',') {
			return errJSON
		}
		if err := f.one(frame, r); err != nil {
			return err
		}
	}
	return nil
}

// one reads a value of a field, or an entry of its list.
func (f *filler) one(frame int32, r *rule) error {
	if !r.list && f.t.has(frame, r) {
		return fmt.Errorf("%s: it stands there twice", r.name)
	}
	if r.loop == nil {
		value, ascii, err := f.str()
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		if f.wide != nil && ascii && len(value) > 0 && (r.text || r.decimal && canonical(value)) {
			end := uint32(f.at) - 1 // before the quote
			f.t.put(frame, r, stretch{end - uint32(len(value)), end})
			return nil
		}
		return f.t.say(frame, r, value, ascii)
	}
	sub := f.t.frame(r)
	f.t.add(frame, r, link{frame: sub})
	if f.giant != nil {
		f.giant.enter(r, sub)
	}
	if err := f.object(sub); err != nil {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	if f.giant != nil {
		return f.giant.leave()
	}
	return nil
}
