package gateway

import (
	"fmt"
	"strconv"
	"strings"

	"fondaco/partners"
)

// The cursors of the ledger name a snapshot and an epoch, "snapshot/epoch",
// or a place between two snapshots, "snapshot/epoch/until/seq"; see
// partners.Tail. A subscriber needs two places that Tail does not give by
// itself: behind one change of a page, and from its own cursor up to where
// the shared tail stands.

// behind gives the cursor behind the change seq of the page that Tail gave
// for from, with next as the cursor behind the whole page.
func behind(from, next partners.Cursor, seq int64) partners.Cursor {
	f, n := strings.Split(string(from), "/"), strings.Split(string(next), "/")
	if len(f) < 2 || len(n) < 2 {
		return from
	}
	until := n[0]
	if len(n) == 4 { // the page did not reach the snapshot up to which it is read
		until = n[2]
	}
	return partners.Cursor(fmt.Sprintf("%s/%s/%s/%d", f[0], f[1], until, seq))
}

// bounded gives a cursor from which Tail reads what lies between from and
// until, and no further. One that is bounded already reads to its own end first.
func bounded(from, until partners.Cursor) partners.Cursor {
	if from == until {
		return from
	}
	f, u := strings.Split(string(from), "/"), strings.Split(string(until), "/")
	if len(f) != 2 || len(u) < 2 {
		return from
	}
	return partners.Cursor(fmt.Sprintf("%s/%s/%s/0", f[0], f[1], u[0]))
}

// split takes a place apart where a tail stands within a large gap: the place
// where the gap begins, that place as the beginning of the pages of the gap,
// and the last change that was read of it. Of another place there is no rest.
func split(c partners.Cursor) (base, rest partners.Cursor, last int64) {
	parts := strings.Split(string(c), "/")
	if len(parts) != 4 {
		return c, "", 0
	}
	last, _ = strconv.ParseInt(parts[3], 10, 64) // the ledger wrote it
	return partners.Cursor(parts[0] + "/" + parts[1]), partners.Cursor(strings.Join(parts[:3], "/") + "/0"), last
}
