package policy

import (
	"sync/atomic"

	"fondaco/schema"
)

// A memo holds the answers that were given once. There is a table for each
// set of roles that people were found to have, one for each sort of machine,
// and two for firms without any agreement; a table has a place for each kind
// and action. A memo only gains answers, and dies with its snapshot.
type memo struct {
	cells  []atomic.Pointer[cell] // by kind, action and subject
	tables [tableCount]atomic.Pointer[table]
}

type table []atomic.Pointer[Verdict]

// The tables: first those of the sets of people's roles, by their bits.
const (
	peopleTables = 1 << placeEDI
	tableEDI     = peopleTables + iota - 1
	tableSystem
	tableCount
)

func newMemo() *memo {
	return &memo{cells: make([]atomic.Pointer[cell], subjectCount*len(kindNames)*actionCount)}
}

// roleSet gives the bits of the roles that people can have; other texts have none.
func roleSet(roles []schema.Role) int {
	set := 0
	for _, role := range roles {
		if i := rolePlace(role); i >= 0 {
			set |= 1 << i
		}
	}
	return set
}

// table gives a table, and makes it if it is not there. When two make it at
// once, one of them is kept.
func (m *memo) table(i int) table {
	if t := m.tables[i].Load(); t != nil {
		return *t
	}
	fresh := make(table, len(kindNames)*actionCount)
	m.tables[i].CompareAndSwap(nil, &fresh)
	return *m.tables[i].Load()
}
