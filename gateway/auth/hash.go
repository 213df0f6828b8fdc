package auth

import (
	"context"
	"crypto/rand"

	"github.com/jackc/pgx/v5"
)

// HashPassword computes the hash of a password beforehand, for
// SetPasswordHash. It takes some ten milliseconds and 19 MiB.
func HashPassword(password string) (string, error) {
	password = normalizePassword(password)
	if err := checkPassword(password, ""); err != nil {
		return "", err
	}
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	return passwordHash{currentCost, salt, currentCost.derive(password, salt, keyLength)}.String(), nil
}

// SetPasswordHash is SetPassword with a hash that was computed before, here or
// elsewhere: argon2id in the PHC string format.
func (s *Service) SetPasswordHash(ctx context.Context, a Account, hash string) error {
	if _, err := parsePasswordHash(hash); err != nil {
		return err
	}
	if err := s.Enrol(ctx, a); err != nil {
		return err
	}
	err := pgx.BeginFunc(ctx, s.o.Pool, func(tx pgx.Tx) error {
		if err := storeHash(ctx, tx, s, a.User, hash); err != nil {
			return err
		}
		_, err := s.end(ctx, tx, `DELETE FROM auth_sessions WHERE user_id = $1 RETURNING user_id`, a.User)
		return wrap("end sessions", err)
	})
	if err == nil {
		s.endings.tell()
	}
	return err
}
