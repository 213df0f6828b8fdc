package partners

import (
	"fmt"
	"strconv"
	"strings"
)

// Behind gives the cursor behind the change seq of the page that Tail gave
// for c, with next as the cursor behind the whole page.
func (c Cursor) Behind(next Cursor, seq int64) Cursor {
	f, n := strings.Split(string(c), "/"), strings.Split(string(next), "/")
	if len(f) < 2 || len(n) < 2 {
		return c
	}
	until := n[0]
	if len(n) == 4 { // the page did not reach the snapshot up to which it is read
		until = n[2]
	}
	return Cursor(fmt.Sprintf("%s/%s/%s/%d", f[0], f[1], until, seq))
}

// Bounded gives a cursor from which Tail reads what lies between c and until,
// and no further. One that is bounded already reads to its own end first.
func (c Cursor) Bounded(until Cursor) Cursor {
	if c == until {
		return c
	}
	f, u := strings.Split(string(c), "/"), strings.Split(string(until), "/")
	if len(f) != 2 || len(u) < 2 {
		return c
	}
	return Cursor(f[0] + "/" + f[1] + "/" + u[0] + "/0")
}

// Split takes a place apart where a tail stands within a large gap: the place
// where the gap begins, that place as the beginning of the pages of the gap,
// and the last change that was read of it. Of another place there is no rest.
func (c Cursor) Split() (base, rest Cursor, last int64) {
	parts := strings.Split(string(c), "/")
	if len(parts) != 4 {
		return c, "", 0
	}
	last, _ = strconv.ParseInt(parts[3], 10, 64) // the ledger wrote it
	return Cursor(parts[0] + "/" + parts[1]), Cursor(strings.Join(parts[:3], "/") + "/0"), last
}
