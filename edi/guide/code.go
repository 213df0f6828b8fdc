package guide

import "strings"

// Code is one value of a code list and what it means.
type Code struct{ Value, Name string }

// codeSet finds a code among those of an element by its packed value: up to
// eight bytes make one number, and the numbers lie in a hash table of twice
// their number, so that looking up is one multiplication and a compare or two.
type codeSet struct {
	keys  []uint64
	index []int32
	codes []Code
	long  bool // there are values longer than eight bytes
}

func newCodeSet(codes []Code) *codeSet {
	s := &codeSet{codes: codes}
	if len(codes) == 0 {
		return s
	}
	size := 4
	for size < 2*len(codes) {
		size *= 2
	}
	s.keys, s.index = make([]uint64, size), make([]int32, size)
	for i, c := range codes {
		k, ok := packCode(c.Value)
		if !ok {
			s.long = true
			continue
		}
		at := int(k*hashFactor>>32) & (size - 1)
		for s.keys[at] != 0 && s.keys[at] != k {
			at = (at + 1) & (size - 1)
		}
		if s.keys[at] == 0 {
			s.keys[at], s.index[at] = k, int32(i)
		}
	}
	return s
}

const hashFactor = 0x9e3779b97f4a7c15

// packCode makes a number of a value of one to eight bytes.
func packCode[T string | []byte](v T) (uint64, bool) {
	if len(v) == 0 || len(v) > 8 {
		return 0, false
	}
	var k uint64
	for i := range len(v) {
		k |= uint64(v[i]) << (8 * uint(i))
	}
	return k, v[len(v)-1] != 0
}

// has tells whether v is one of the codes.
func (s *codeSet) has(v []byte) bool {
	if k, ok := packCode(v); ok {
		return s.lookup(k) >= 0
	}
	i, _ := s.find(string(v))
	return i >= 0
}

// holds tells whether the word w of so many bytes is one of the codes.
func (s *codeSet) holds(w uint64, size int) bool {
	return s.lookup(w) >= 0 && w>>(8*uint(size-1)) != 0
}

func (s *codeSet) lookup(k uint64) int {
	if len(s.keys) == 0 {
		return -1
	}
	mask := len(s.keys) - 1
	for at := int(k*hashFactor>>32) & mask; ; at = (at + 1) & mask {
		switch s.keys[at] {
		case k:
			return int(s.index[at])
		case 0:
			return -1
		}
	}
}

// find returns the place of a code in the list, -1 if it is not there.
func (s *codeSet) find(v string) (int, bool) {
	if k, ok := packCode(v); ok && s.keys != nil {
		i := s.lookup(k)
		return i, i >= 0
	}
	if s.long {
		for i := range s.codes {
			if s.codes[i].Value == v {
				return i, true
			}
		}
	}
	return -1, false
}

// join lists values for a message, the first dozen of them.
func join(values []string) string {
	if len(values) > 12 {
		return strings.Join(values[:12], " ") + " ..."
	}
	return strings.Join(values, " ")
}
