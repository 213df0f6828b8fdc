package auth

import (
	"context"
	"sync"

	"fondaco/schema"

	"github.com/jackc/pgx/v5"
)

// An ending is a line that says of whom a proof was taken back. It is written
// by the statement that takes the proof back, so that neither is without the
// other, and can be heard of for two minutes, which is longer than any open
// stream goes without being proved anew.
const (
	noteEndings = `
		INSERT INTO auth_endings (user_id, ended_at)
		SELECT DISTINCT e.user_id, clock_timestamp()
		  FROM ended e`
	heardFor = `interval '2 minutes'`
)

// end runs a statement that takes proofs back and gives the people of whom, as
// user_id, and notes them. It tells whether there was anything to take back.
func (s *Service) end(ctx context.Context, db execer, statement string, args ...any) (bool, error) {
	tag, err := db.Exec(ctx, "WITH ended AS ("+statement+")"+noteEndings, args...)
	return tag.RowsAffected() > 0, err
}

// Ended lists of whom a proof was taken back within the last two minutes, in
// this process or another one: a session that ended, a token that was revoked,
// an account that was removed. Each has a number of its own. What ends by its
// time alone is not among them.
func (s *Service) Ended(ctx context.Context) (map[int64]schema.ID, error) {
	rows, _ := s.o.Pool.Query(ctx, `
		SELECT e.id, e.user_id
		  FROM auth_endings e
		 WHERE e.ended_at > clock_timestamp() - `+heardFor)
	list := map[int64]schema.ID{}
	var number int64
	var user schema.ID
	_, err := pgx.ForEachRow(rows, []any{&number, (*[16]byte)(&user)}, func() error {
		list[number] = user
		return nil
	})
	return list, wrap("list what was taken back", err)
}

// Revoked gives a channel that is closed the next time that this process takes
// a proof back. Get it before calling Ended, so that nothing falls between.
func (s *Service) Revoked() <-chan struct{} { return s.endings.next() }

// bell wakes all who wait for its next ring.
type bell struct {
	mu   sync.Mutex
	ring chan struct{}
}

func newBell() *bell { return &bell{ring: make(chan struct{})} }

func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ring
}

func (b *bell) tell() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.ring)
	b.ring = make(chan struct{})
}
