package auth

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"fondaco/schema"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Account is a person who may sign in at this node.
type Account struct {
	User  schema.ID
	Firm  schema.FirmID
	Email string
}

// Enrol lets a person sign in by links and API tokens. For a person who is
// enrolled already it changes the firm and the e-mail address. It does not
// touch a password.
func (s *Service) Enrol(ctx context.Context, a Account) error {
	email, err := normalizeEmail(a.Email)
	if err != nil {
		return err
	}
	_, err = s.o.Pool.Exec(ctx, `
		INSERT INTO auth_credentials (user_id, firm_id, email, changed_at)
		VALUES (@user, @firm, @email, @now)
		ON CONFLICT (user_id) DO UPDATE SET firm_id = @firm, email = @email, changed_at = @now`,
		pgx.StrictNamedArgs{"user": a.User, "firm": a.Firm, "email": email, "now": s.now()})
	if broken, ok := errors.AsType[*pgconn.PgError](err); ok && broken.ConstraintName == "auth_credentials_email_key" {
		return &schema.Error{Code: schema.CodeConflict, Op: "enrol", Field: "email",
			Message: "another person at this node signs in with this address: use another one", Err: err}
	}
	return wrap("enrol", err)
}

// SetPassword gives a person a password, enrols the person if need be, and
// ends all sessions of that person.
func (s *Service) SetPassword(ctx context.Context, a Account, password string) error {
	password = normalizePassword(password)
	if err := checkPassword(password, a.Email); err != nil {
		return err
	}
	hash, err := s.hasher.make(ctx, password)
	if err != nil {
		return err
	}
	return s.SetPasswordHash(ctx, a, hash)
}

// Remove takes from a person every way to sign in: password, sessions, API
// tokens and links.
func (s *Service) Remove(ctx context.Context, user schema.ID) error {
	found, err := s.end(ctx, s.o.Pool, `DELETE FROM auth_credentials WHERE user_id = $1 RETURNING user_id`, user)
	if found {
		s.endings.tell()
	}
	return wrap("remove account", err)
}

type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func storeHash(ctx context.Context, db execer, s *Service, user schema.ID, hash string) error {
	_, err := db.Exec(ctx, `
		UPDATE auth_credentials
		   SET password_hash = @hash, changed_at = @now
		 WHERE user_id = @user`,
		pgx.StrictNamedArgs{"hash": hash, "now": s.now(), "user": user})
	return wrap("store password", err)
}

// credential is what is stored of an account; all empty for one not known.
type credential struct {
	user schema.ID
	hash string
}

func (s *Service) credential(ctx context.Context, email string) (c credential, err error) {
	var hash *string
	err = s.o.Pool.QueryRow(ctx, `
		SELECT user_id, password_hash
		  FROM auth_credentials
		 WHERE email = $1`, email).Scan(&c.user, &hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return credential{}, nil
	}
	if hash != nil {
		c.hash = *hash
	}
	return c, wrap("read account", err)
}

// normalizeEmail gives the one form under which an address is known.
func normalizeEmail(email string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > 254 {
		return "", &schema.Error{Code: schema.CodeInvalid, Field: "email", Message: "is not an e-mail address such as ana@example.com", Err: err}
	}
	return email, nil
}

func wrap(op string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// foreignKey tells that err is about a person who is not enrolled.
func foreignKey(err error) bool {
	broken, ok := errors.AsType[*pgconn.PgError](err)
	return ok && broken.Code == "23503"
}

func notEnrolled(op string, err error) error {
	return &schema.Error{Code: schema.CodeNotFound, Op: op, Message: "this person is not enrolled at this node: set a password or enrol the person first", Err: err}
}
