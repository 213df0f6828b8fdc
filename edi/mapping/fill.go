package mapping

import (
	"errors"
	"fmt"
)

// filler reads JSON from its front to its end and puts a record straight into
// a tape, without building anything of it.
type filler struct {
	t      *tape
	text   []byte
	at     int
	depth  int
	escape []byte // a string that had escapes in it
}

// says puts an error where it was found.
func (f *filler) says(err error) error {
	return fmt.Errorf("at byte %d of the line: %w", f.at+1, err)
}

func (f *filler) space() {
	for f.at < len(f.text) {
		switch f.text[f.at] {
		case ' ', '\n', '\t', '\r':
			f.at++
		default:
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
	from := f.at
	for f.at < len(f.text) && plain[f.text[f.at]] {
		f.at++
	}
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
			s, err = f.escaped(from)
			return s, false, err
		case c < ' ':
			return nil, false, errControl
		}
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
	if f.next() != 'n' || f.at+4 > len(f.text) || string(f.text[f.at:f.at+4]) != "null" {
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
	if !f.null() {
		return errJSON
	}
	return nil
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
// It is written out, since every field of every record passes here.
func (f *filler) object(frame int32) error {
	if !f.sign('{') {
		return errJSON
	}
	if f.depth++; f.depth > 100 {
		return errNested
	}
	scope := f.t.frames[frame].scope
	for expected := 0; !f.sign('}'); {
		if expected > 0 && !f.sign(',') {
			return errJSON
		}
		name, _, err := f.str()
		if err != nil {
			return err
		}
		i := scope.named(name, max(expected-1, 0))
		if i < 0 {
			return fmt.Errorf("there is no field %q", name)
		}
		if expected = i + 2; !f.sign(':') {
			return errJSON
		}
		if err := f.field(frame, scope.rules[i]); err != nil {
			return err
		}
	}
	f.depth--
	return nil
}

func (f *filler) field(frame int32, r *rule) error {
	switch {
	case f.null():
		return nil
	case !r.list:
		return f.one(frame, r)
	case !f.sign('['):
		return errJSON
	}
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
	at := f.t.frames[frame].slots + int32(r.slot)
	if !r.list && f.t.slots[at].head != 0 {
		return fmt.Errorf("%s: it stands there twice", r.name)
	}
	if r.loop == nil {
		value, ascii, err := f.str()
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		return f.t.say(at, r, value, ascii)
	}
	sub := f.t.frame(r, frame)
	f.t.add(at, r, node{frame: sub}, 0)
	if err := f.object(sub); err != nil {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	return nil
}
