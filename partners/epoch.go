package partners

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/schema"
)

// EpochLimit is how long a stream may stay open without an epoch having been
// read: what it shows is then no longer known to be allowed.
const EpochLimit = 5 * time.Second

// ErrBlind tells that no epoch could be read for longer than EpochLimit.
// Whoever keeps a stream open closes it; its reader comes back by its cursor.
var ErrBlind = errors.New("the state of the rules could not be read for 5 seconds; streams are closed until it can")

// Blind tells whether no epoch could be read for longer than EpochLimit by
// the service's clock. Every transaction that begins under rules reads one,
// and so does every Tail.
func (s *Service) Blind() bool {
	return s.Now().UnixMicro()-s.epochRead.Load() > EpochLimit.Microseconds()
}

// sighted notes that an epoch was read by a statement sent at an instant.
func (s *Service) sighted(sent time.Time) { s.epochRead.Store(sent.UnixMicro()) }

// Watch reads an epoch at every tick, and returns ErrBlind when none could be
// read for longer than EpochLimit, or the cause when ctx ends. A database that
// hangs is one that cannot be read. A tick a second is meant.
func (s *Service) Watch(ctx context.Context, tick <-chan time.Time) error {
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick:
			s.look(ctx)
			if s.Blind() {
				return ErrBlind
			}
		}
	}
}

// look tries to read an epoch, for no longer than a part of EpochLimit.
func (s *Service) look(ctx context.Context) {
	short, cancel := context.WithTimeout(ctx, EpochLimit/5)
	defer cancel()
	var highest int64
	sent := s.Now()
	if s.pool.QueryRow(short, "SELECT coalesce(max(e.epoch), 0) FROM policy_epochs e").Scan(&highest) == nil {
		s.sighted(sent)
	}
}

// raiseEpochs tells the readers of the firms that their rules have changed.
func raiseEpochs(ctx context.Context, tx pgx.Tx, firms ...schema.FirmID) error {
	const statement = `
		INSERT INTO policy_epochs AS e (firm_id, epoch)
		SELECT f, 1
		FROM unnest($1::uuid[]) AS f
		GROUP BY f
		ORDER BY f
		ON CONFLICT (firm_id) DO UPDATE
		SET epoch = e.epoch + 1`
	if _, err := tx.Exec(ctx, statement, uuids(firms)); err != nil {
		return fmt.Errorf("raise epochs: %w", err)
	}
	return nil
}
