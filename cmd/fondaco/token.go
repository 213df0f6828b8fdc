package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"fondaco/gateway/auth"
	"fondaco/policy"
	"fondaco/schema"
)

type tokenCommand struct {
	Create tokenCreate `cmd:"" help:"Make an API token of a person, and print it once."`
	List   tokenList   `cmd:"" help:"List a person's API tokens."`
	Revoke tokenRevoke `cmd:"" help:"Revoke an API token at once."`
}

type tokenCreate struct {
	nodeOptions
	JSON     bool          `help:"Write JSON."`
	User     string        `help:"Id of the person." required:""`
	Name     string        `help:"What the token is for." required:""`
	Scope    []string      `help:"What it may do, as Kind:action such as Customer:read; either side may be *. None: all that the person may."`
	Lifetime time.Duration `help:"How long it is valid; 0 is for ever." default:"2160h"`
}

// Run makes the token.
func (t *tokenCreate) Run(ctx context.Context, c console) error {
	return withUser(ctx, t.nodeOptions, t.User, func(n *node, user schema.ID, _ policy.Principal) error {
		made, text, err := n.auth.CreateToken(ctx, auth.NewToken{User: user, Name: t.Name, Scopes: t.Scope, Lifetime: t.Lifetime})
		if err != nil {
			return err
		}
		if t.JSON {
			return json.NewEncoder(c.out).Encode(map[string]any{"token": text, "id": made.ID, "expiresAt": made.ExpiresAt})
		}
		_, err = fmt.Fprintf(c.out, "token %s\n%s\nIt is shown this once. Use it as: Authorization: Bearer %s\n", made.ID, text, text)
		return err
	})
}

type tokenList struct {
	nodeOptions
	JSON bool   `help:"Write JSON."`
	User string `arg:"" help:"Id of the person."`
}

// Run lists the tokens.
func (t *tokenList) Run(ctx context.Context, c console) error {
	return withUser(ctx, t.nodeOptions, t.User, func(n *node, user schema.ID, _ policy.Principal) error {
		list, err := n.auth.Tokens(ctx, user)
		if err != nil {
			return err
		}
		return printList(c.out, t.JSON, list, []string{"ID", "BEGINS WITH", "NAME", "SCOPES", "STATE"}, func(one auth.Token) []any {
			return []any{one.ID, one.Prefix, one.Name, one.Scopes, tokenState(one)}
		})
	})
}

func tokenState(t auth.Token) string {
	switch {
	case t.RevokedAt != nil:
		return "revoked"
	case t.ExpiresAt != nil && t.ExpiresAt.Before(time.Now()):
		return "expired"
	case t.ExpiresAt != nil:
		return "valid until " + t.ExpiresAt.Format(time.DateOnly)
	}
	return "valid"
}

type tokenRevoke struct {
	nodeOptions
	ID string `arg:"" help:"Id of the token."`
}

// Run revokes the token.
func (t *tokenRevoke) Run(ctx context.Context, c console) error {
	id, err := schema.ParseID(t.ID)
	if err != nil {
		return fail(exitUsage, err, "%v; 'fondaco token list' tells the ids", err)
	}
	n, err := openNode(ctx, t.nodeOptions, listening{}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer n.close()
	if err := n.auth.RevokeToken(ctx, id); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.out, "revoked")
	return err
}
