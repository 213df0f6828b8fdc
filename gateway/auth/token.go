package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fondaco/policy"
	"fondaco/schema"

	"github.com/jackc/pgx/v5"
)

// Token is an API token, without its secret.
type Token struct {
	ID         schema.ID  `json:"id"`
	Prefix     string     `json:"prefix"` // the first characters of the secret, to tell tokens apart
	User       schema.ID  `json:"user"`
	Name       string     `json:"name"`
	Scopes     []string   `json:"scopes"` // nil: all that the person may do
	CreatedAt  time.Time  `json:"createdAt"`
	ExpiresAt  *time.Time `json:"expiresAt"`
	LastUsedAt *time.Time `json:"lastUsedAt"`
	RevokedAt  *time.Time `json:"revokedAt"`
}

// NewToken is what a token is to be.
type NewToken struct {
	User schema.ID
	Name string
	// Scopes narrow the token, each as "Kind:action", such as "Customer:read"; either side may be "*". None
	// leaves it all that the person may do.
	Scopes []string
	// Lifetime ends the token; zero is never.
	Lifetime time.Duration
}

// CreateToken makes an API token. The secret is shown here once and kept
// nowhere.
func (s *Service) CreateToken(ctx context.Context, n NewToken) (Token, string, error) {
	if strings.TrimSpace(n.Name) == "" || len(n.Name) > 100 {
		return Token{}, "", &schema.Error{Code: schema.CodeInvalid, Op: "create token", Field: "name", Message: "must be stated, in at most 100 bytes"}
	}
	if _, err := parseScopes(n.Scopes); err != nil {
		return Token{}, "", err
	}
	secret := newSecret().token()
	made := Token{ID: schema.NewID(), Prefix: secret[:prefixLength], User: n.User, Name: n.Name, Scopes: n.Scopes, CreatedAt: s.now()}
	if n.Lifetime > 0 {
		end := made.CreatedAt.Add(n.Lifetime)
		made.ExpiresAt = &end
	}
	_, err := s.o.Pool.Exec(ctx, `
		INSERT INTO auth_tokens (id, prefix, token_hash, user_id, name, scopes, created_at, expires_at)
		VALUES (@id, @prefix, @hash, @user, @name, @scopes, @now, @expires)`,
		pgx.StrictNamedArgs{"id": made.ID, "prefix": made.Prefix, "hash": hashText(secret), "user": n.User, "name": n.Name,
			"scopes": n.Scopes, "now": made.CreatedAt, "expires": made.ExpiresAt})
	if foreignKey(err) {
		return Token{}, "", notEnrolled("create token", err)
	}
	return made, secret, wrap("create token", err)
}

//nolint:gosec // the names of columns, no secret
const tokenColumns = `id, prefix, user_id, name, scopes, created_at, expires_at, last_used_at, revoked_at`

func scanToken(row pgx.CollectableRow) (t Token, err error) {
	err = row.Scan(&t.ID, &t.Prefix, &t.User, &t.Name, &t.Scopes, &t.CreatedAt, &t.ExpiresAt, &t.LastUsedAt, &t.RevokedAt)
	return t, err
}

// Tokens lists the tokens of a person, revoked ones too, the newest first.
func (s *Service) Tokens(ctx context.Context, user schema.ID) ([]Token, error) {
	rows, _ := s.o.Pool.Query(ctx, `
		SELECT `+tokenColumns+`
		  FROM auth_tokens
		 WHERE user_id = $1
		 ORDER BY created_at DESC, id`, user)
	list, err := pgx.CollectRows(rows, scanToken)
	return list, wrap("list tokens", err)
}

// RevokeToken ends the token with this id; from the next request it opens
// nothing, and streams that it opened end.
func (s *Service) RevokeToken(ctx context.Context, id schema.ID) error {
	found, err := s.end(ctx, s.o.Pool, `
		UPDATE auth_tokens
		   SET revoked_at = coalesce(revoked_at, $2)
		 WHERE id = $1
		RETURNING user_id`, id, s.now())
	if err != nil {
		return wrap("revoke token", err)
	}
	if !found {
		return schema.NotFound("Token")
	}
	s.endings.tell()
	return nil
}

// useToken gives the principal of a secret. What has not the form of a token
// costs no look into the database.
func (s *Service) useToken(ctx context.Context, secret string) (policy.Principal, error) {
	none := policy.Principal{}
	if !tokenWhole(secret) {
		return none, denied("this is not a whole API token: copy it again, from fdc_ to its end", nil)
	}
	rows, _ := s.o.Pool.Query(ctx, `
		SELECT `+tokenColumns+`
		  FROM auth_tokens
		 WHERE token_hash = $1`, hashText(secret))
	t, err := pgx.CollectExactlyOneRow(rows, scanToken)
	now := s.now()
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return none, denied("this API token is not known here: make a new one", nil)
	case err != nil:
		return none, wrap("read token", err)
	case t.RevokedAt != nil:
		return none, denied("this API token was revoked: make a new one", nil)
	case t.ExpiresAt != nil && !now.Before(*t.ExpiresAt):
		return none, denied("this API token has expired: make a new one", nil)
	}
	if t.LastUsedAt == nil || now.Sub(*t.LastUsedAt) >= seenEvery {
		if _, err := s.o.Pool.Exec(ctx, `
			UPDATE auth_tokens
			   SET last_used_at = $2
			 WHERE id = $1`, t.ID, now); err != nil {
			return none, wrap("note token as used", err)
		}
	}
	return s.narrowed(ctx, t)
}

// narrowed gives the token's person, with no more than the token's scopes.
func (s *Service) narrowed(ctx context.Context, t Token) (policy.Principal, error) {
	scopes, err := parseScopes(t.Scopes)
	if err != nil {
		return policy.Principal{}, err
	}
	p, err := s.principal(ctx, t.User)
	if err != nil {
		return policy.Principal{}, err
	}
	p.Actor, p.Scopes = policy.ActorToken, scopes
	return p, nil
}

// parseScopes keeps nil, which does not narrow, apart from an empty list,
// which allows nothing.
func parseScopes(texts []string) ([]policy.Scope, error) {
	if texts == nil {
		return nil, nil
	}
	list := make([]policy.Scope, 0, len(texts))
	for _, text := range texts {
		kind, action, ok := strings.Cut(text, ":")
		known := kind == "*" || schema.KindNamed(kind) != nil
		if !ok || !known || action != "*" && !slices.Contains(policy.Actions(), policy.Action(action)) {
			return nil, &schema.Error{Code: schema.CodeInvalid, Op: "create token", Field: "scopes",
				Message: fmt.Sprintf(`%q is not a scope: write Kind:action, such as Customer:read or *:read`, clip(text, 60))}
		}
		list = append(list, policy.Scope{Kind: kind, Action: policy.Action(action)})
	}
	return list, nil
}
