package auth

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"time"

	"fondaco/policy"
	"fondaco/schema"
)

// Origin is where a request comes from, for the person who looks through
// their sessions.
type Origin struct {
	Address   netip.Addr
	UserAgent string
}

// wrongProof is the one answer to an address that is not known, a person who
// may not sign in, and a password that is wrong.
func wrongProof(cause error) error {
	return &schema.Error{Code: schema.CodeDenied, Op: "sign in", Message: "e-mail address or password is wrong", Err: cause}
}

// tooOftenError is the answer to too many attempts.
type tooOftenError struct{ wait time.Duration }

func (t tooOftenError) Error() string {
	return fmt.Sprintf("too many attempts: try again in %d s", t.seconds())
}

func (t tooOftenError) seconds() int { return int(math.Ceil(t.wait.Seconds())) }

// SignIn checks a password and begins a session. It gives the session and
// the secret that the browser is to keep.
func (s *Service) SignIn(ctx context.Context, email, password string, from Origin) (policy.Principal, Session, string, error) {
	none := func(err error) (policy.Principal, Session, string, error) {
		return policy.Principal{}, Session{}, "", err
	}
	if err := s.Refusal(); err != nil {
		return none(err)
	}
	email, badEmail := normalizeEmail(email)
	if err := s.attempt(from.Address, email); err != nil {
		return none(err)
	}
	if len(password) > mostPassword {
		return none(wrongProof(nil))
	}
	var c credential
	if badEmail == nil {
		var err error
		if c, err = s.credential(ctx, email); err != nil {
			return none(err)
		}
	}
	if err := s.checkPassword(ctx, c, normalizePassword(password)); err != nil {
		return none(err)
	}
	p, err := s.principal(ctx, c.user)
	if schema.Code(err) == schema.CodeDenied {
		return none(wrongProof(err))
	} else if err != nil {
		return none(err)
	}
	session, text, err := s.begin(ctx, c.user, from)
	return p, session, text, err
}

func (s *Service) attempt(from netip.Addr, email string) error {
	now := s.o.Now()
	wait := max(s.addresses.wait(addressKey(from), now), s.accounts.wait(email, now))
	if wait == 0 {
		return nil
	}
	s.o.Log.Warn("too many attempts to sign in", slog.String("address", from.String()))
	often := tooOftenError{wait}
	return &schema.Error{Code: schema.CodeLimit, Op: "sign in", Message: often.Error(), Err: often}
}

func (s *Service) checkPassword(ctx context.Context, c credential, password string) error {
	same, stale, err := s.hasher.check(ctx, password, c.hash)
	if err != nil {
		return err
	}
	if !same {
		return wrongProof(nil)
	}
	if !stale {
		return nil
	}
	hash, err := s.hasher.make(ctx, password)
	if err != nil {
		return err
	}
	return storeHash(ctx, s.o.Pool, s, c.user, hash)
}
