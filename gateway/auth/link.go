package auth

import (
	"context"
	"errors"
	"net/url"
	"time"

	"fondaco/policy"
	"fondaco/schema"

	"github.com/jackc/pgx/v5"
)

// linkPath is where one-time links lead.
const linkPath = "/auth/link"

// errSpent is in the tree of the error of a link that leads nowhere.
var errSpent = errors.New("the link is spent")

// CreateLink makes a link that signs a person in once, without a password. It
// gives path and query, "/auth/link?t=…", to be put behind the node's address;
// to, when not empty, is the path in the app to which it leads.
func (s *Service) CreateLink(ctx context.Context, user schema.ID, lifetime time.Duration, to string) (string, error) {
	now, proof := s.now(), newSecret()
	_, err := s.o.Pool.Exec(ctx, `
		INSERT INTO auth_links (token_hash, user_id, created_at, expires_at)
		VALUES (@hash, @user, @now, @expires)`,
		pgx.StrictNamedArgs{"hash": proof.hash(), "user": user, "now": now, "expires": now.Add(lifetime)})
	if foreignKey(err) {
		return "", notEnrolled("create link", err)
	}
	query := url.Values{"t": {proof.text()}}
	if to != "" {
		query.Set("to", to)
	}
	return linkPath + "?" + query.Encode(), wrap("create link", err)
}

// UseLink begins a session for the person of a one-time link.
func (s *Service) UseLink(ctx context.Context, text string, from Origin) (policy.Principal, Session, string, error) {
	none := func(err error) (policy.Principal, Session, string, error) {
		return policy.Principal{}, Session{}, "", err
	}
	if err := s.Refusal(); err != nil {
		return none(err)
	}
	user, err := s.spendLink(ctx, text)
	if err != nil {
		return none(err)
	}
	p, err := s.principal(ctx, user)
	if err != nil {
		return none(err)
	}
	session, secret, err := s.begin(ctx, user, from)
	return p, session, secret, err
}

// spendLink marks the link as used, in the one statement that finds it: of two
// that come at once, one wins.
func (s *Service) spendLink(ctx context.Context, text string) (user schema.ID, err error) {
	now := s.now()
	err = s.o.Pool.QueryRow(ctx, `
		UPDATE auth_links
		   SET used_at = $2
		 WHERE token_hash = $1
		   AND used_at IS NULL
		   AND expires_at > $2
		RETURNING user_id`, hashText(text), now).Scan(&user)
	if errors.Is(err, pgx.ErrNoRows) {
		return user, denied("this link was used already or has expired: ask for a new one, or sign in with your password", errSpent)
	}
	if err != nil {
		return user, wrap("use link", err)
	}
	_, err = s.o.Pool.Exec(ctx, `
		DELETE FROM auth_links
		 WHERE expires_at < $1`, now)
	return user, wrap("clear old links", err)
}
