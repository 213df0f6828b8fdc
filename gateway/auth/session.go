package auth

import (
	"context"
	"errors"
	"time"

	"fondaco/policy"
	"fondaco/schema"

	"github.com/jackc/pgx/v5"
)

// Session is one browser in which a person signed in.
type Session struct {
	ID         schema.ID `json:"id"`
	CreatedAt  time.Time `json:"createdAt"`
	LastSeenAt time.Time `json:"lastSeenAt"`
	EndsAt     time.Time `json:"endsAt"`
	Address    string    `json:"address"`
	UserAgent  string    `json:"userAgent"`

	user schema.ID
}

// seenEvery is how exactly LastSeenAt is kept, so that reading does not write
// each time.
const seenEvery = time.Minute

func (s *Service) begin(ctx context.Context, user schema.ID, from Origin) (Session, string, error) {
	now, proof := s.now(), newSecret()
	made := Session{ID: schema.NewID(), CreatedAt: now, LastSeenAt: now, EndsAt: now.Add(s.o.Limits.Absolute),
		UserAgent: clip(from.UserAgent, 200), user: user}
	if from.Address.IsValid() {
		made.Address = from.Address.String()
	}
	err := pgx.BeginFunc(ctx, s.o.Pool, func(tx pgx.Tx) error {
		// What has ended goes when somebody signs in; it needs no task of its own.
		if _, err := tx.Exec(ctx, `
			DELETE FROM auth_sessions
			 WHERE ends_at < $1`, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `
			DELETE FROM auth_endings
			 WHERE ended_at < clock_timestamp() - `+heardFor); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO auth_sessions (id, token_hash, user_id, created_at, last_seen_at, ends_at, address, user_agent)
			VALUES (@id, @hash, @user, @now, @now, @ends, @address, @agent)`,
			pgx.StrictNamedArgs{"id": made.ID, "hash": proof.hash(), "user": user, "now": now, "ends": made.EndsAt,
				"address": made.Address, "agent": made.UserAgent})
		return err
	})
	if foreignKey(err) {
		return Session{}, "", notEnrolled("sign in", err)
	}
	return made, proof.text(), wrap("begin session", err)
}

const sessionColumns = `id, user_id, created_at, last_seen_at, ends_at, address, user_agent`

func scanSession(row pgx.CollectableRow) (v Session, err error) {
	err = row.Scan(&v.ID, &v.user, &v.CreatedAt, &v.LastSeenAt, &v.EndsAt, &v.Address, &v.UserAgent)
	return v, err
}

// bySession finds the session of a cookie, and notes that it was seen.
func (s *Service) bySession(ctx context.Context, text string) (policy.Principal, *Session, error) {
	rows, _ := s.o.Pool.Query(ctx, `
		SELECT `+sessionColumns+`
		  FROM auth_sessions
		 WHERE token_hash = $1`, hashText(text))
	found, err := pgx.CollectExactlyOneRow(rows, scanSession)
	now := s.now()
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return policy.Principal{}, nil, denied("the session has ended: sign in again", nil)
	case err != nil:
		return policy.Principal{}, nil, wrap("read session", err)
	case !now.Before(found.EndsAt) || now.Sub(found.LastSeenAt) >= s.o.Limits.Idle:
		return policy.Principal{}, nil, denied("the session has ended: sign in again", nil)
	}
	if now.Sub(found.LastSeenAt) >= seenEvery {
		if _, err := s.o.Pool.Exec(ctx, `
			UPDATE auth_sessions
			   SET last_seen_at = $2
			 WHERE id = $1`, found.ID, now); err != nil {
			return policy.Principal{}, nil, wrap("note session as seen", err)
		}
		found.LastSeenAt = now
	}
	p, err := s.principal(ctx, found.user)
	return p, &found, err
}

// Sessions lists the open sessions of a person, the one seen last first.
func (s *Service) Sessions(ctx context.Context, user schema.ID) ([]Session, error) {
	now := s.now()
	rows, _ := s.o.Pool.Query(ctx, `
		SELECT `+sessionColumns+`
		  FROM auth_sessions
		 WHERE user_id = @user
		   AND ends_at > @now
		   AND last_seen_at > @idle
		 ORDER BY last_seen_at DESC, id`,
		pgx.StrictNamedArgs{"user": user, "now": now, "idle": now.Add(-s.o.Limits.Idle)})
	list, err := pgx.CollectRows(rows, scanSession)
	return list, wrap("list sessions", err)
}

// EndSession ends a session of that person; of another's it is not found.
func (s *Service) EndSession(ctx context.Context, user, session schema.ID) error {
	found, err := s.end(ctx, s.o.Pool, `
		DELETE FROM auth_sessions
		 WHERE id = $1 AND user_id = $2
		RETURNING user_id`, session, user)
	if err != nil {
		return wrap("end session", err)
	}
	if !found {
		return schema.NotFound("Session")
	}
	s.endings.tell()
	return nil
}

func (s *Service) endByCookie(ctx context.Context, text string) error {
	found, err := s.end(ctx, s.o.Pool, `DELETE FROM auth_sessions WHERE token_hash = $1 RETURNING user_id`, hashText(text))
	if found {
		s.endings.tell()
	}
	return wrap("end session", err)
}

// clip shortens to at most n bytes of whole characters.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && text[n]&0xC0 == 0x80 {
		n--
	}
	return text[:n]
}
