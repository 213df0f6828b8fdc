package gateway

import (
	"testing"

	"fondaco/schema"
)

// TestWhoJoinsWhileAProofIsTakenBack: a connection that was proved just before
// its proof was taken back, and taken in just after that was heard, is proved
// anew at once; those of others are not, and none twice for the same.
func TestWhoJoinsWhileAProofIsTakenBack(t *testing.T) {
	t.Parallel()
	ana, rui := schema.NewID(), schema.NewID()
	doubted := func(s *session) bool {
		select {
		case <-s.doubt:
			return true
		default:
			return false
		}
	}
	fresh := func() *session { return &session{doubt: make(chan struct{}, 1)} }
	l := newSessions()
	first, other, late := fresh(), fresh(), fresh()
	l.join(first, ana)
	l.join(other, rui)
	l.hear(map[int64]schema.ID{7: ana})
	l.join(late, ana)
	if !doubted(first) || !doubted(late) || doubted(other) {
		t.Error("want both of the one person proved anew, and nobody else")
	}
	l.hear(map[int64]schema.ID{7: ana, 8: rui})
	if doubted(first) || doubted(late) || !doubted(other) {
		t.Error("want the other person proved anew, and nobody for what was heard before")
	}
	for s, user := range map[*session]schema.ID{first: ana, late: ana, other: rui} {
		l.leave(s, user)
	}
	if !l.idle() || len(l.ended) != 0 {
		t.Error("something is remembered of those who left")
	}
}
