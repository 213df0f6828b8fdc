package guide

import "sort"

// treeID is the number of a node of a tree, which has at most 12 characters.
type treeID [12]byte

// maxTree bounds what is remembered of one transaction.
const maxTree = 1 << 20

// tree remembers the numbers of nodes. Nearly all count upwards, so that a few runs
// of numbers hold them, however many they are.
type tree struct {
	runs []treeRun // in order
	rest map[treeID]struct{}
}

// treeRun is all numbers from one to another.
type treeRun struct{ from, to uint64 }

// clear forgets all. What has grown large is dropped.
func (t *tree) clear() {
	if len(t.rest) > 1024 {
		t.rest = nil
	}
	clear(t.rest)
	t.runs = t.runs[:0]
	if cap(t.runs) > 1024 {
		t.runs = nil
	}
}

// has tells whether a number was added.
func (t *tree) has(number []byte) bool {
	if n, ok := treeNumber(number); ok {
		i := len(t.runs) - 1
		if i >= 0 && n < t.runs[i].from {
			i = sort.Search(i, func(i int) bool { return t.runs[i].from > n }) - 1
		}
		if i >= 0 && n <= t.runs[i].to {
			return true
		}
	}
	if len(t.rest) == 0 {
		return false
	}
	var id treeID
	copy(id[:], number)
	_, known := t.rest[id]
	return known
}

// add adds a number that it has not, while there is room.
func (t *tree) add(number []byte) {
	last := len(t.runs) - 1
	n, ok := treeNumber(number)
	if ok && last >= 0 && n == t.runs[last].to+1 {
		t.runs[last].to = n
		return
	}
	if len(number) == 0 || len(t.runs)+len(t.rest) >= maxTree {
		return
	}
	if ok && (last < 0 || n > t.runs[last].to) {
		t.runs = append(t.runs, treeRun{n, n})
		return
	}
	if t.rest == nil {
		t.rest = map[treeID]struct{}{}
	}
	var id treeID
	copy(id[:], number)
	t.rest[id] = struct{}{}
}

// treeNumber reads a number that is written in one way alone: without zeros before
// it.
func treeNumber(number []byte) (uint64, bool) {
	if len(number) == 0 || len(number) > len(treeID{}) || number[0] == '0' || !onlyDigits(number) {
		return 0, false
	}
	n := uint64(0)
	for _, c := range number {
		n = n*10 + uint64(c-'0')
	}
	return n, true
}
