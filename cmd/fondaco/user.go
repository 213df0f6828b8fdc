package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"fondaco/gateway/auth"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

type userCommand struct {
	Add      userAdd      `cmd:"" help:"Add a person to a firm, and print a link for the first sign-in."`
	Password userPassword `cmd:"" help:"Set a person's password, read from standard input."`
	Link     userLink     `cmd:"" help:"Print a link with which a person signs in once."`
}

type userAdd struct {
	nodeOptions
	JSON   bool     `help:"Write JSON."`
	Firm   string   `help:"Id of the firm." required:""`
	Name   string   `help:"Full name." required:""`
	Email  string   `help:"E-mail address." required:""`
	Role   []string `help:"Roles, such as SALES or ADMINISTRATOR." required:""`
	Locale string   `help:"Language: en, pt, pl, fr or es." default:"en"`
}

// Run adds the person.
func (u *userAdd) Run(ctx context.Context, c console) error {
	id, err := schema.ParseID(u.Firm)
	if err != nil {
		return fail(exitUsage, err, "--firm: %v; 'fondaco node list' tells the ids", err)
	}
	n, err := openNode(ctx, u.nodeOptions, listening{}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer n.close()
	user, err := n.addPerson(ctx, person{schema.FirmID(id), u.Name, u.Email, u.Locale, u.Role})
	if err != nil {
		return err
	}
	return n.printLink(ctx, c, user, u.JSON)
}

// person is somebody who is to be added to a firm.
type person struct {
	firm                schema.FirmID
	name, email, locale string
	roles               []string
}

// addPerson makes the person's records and an account to sign in with.
func (n *node) addPerson(ctx context.Context, p person) (schema.ID, error) {
	actor := policy.System(p.firm)
	actor.Cause = "command line"
	user := schema.NewID()
	_, err := n.service.Write(policy.With(ctx, actor), []partners.Command{
		{Verb: partners.Create, Kind: schema.Users, ID: user, Values: partners.Values{"name": p.name, "email": p.email, "locale": p.locale, "active": true}},
		{Verb: partners.Create, Kind: schema.Memberships, Values: partners.Values{"member": user, "roles": p.roles}},
	})
	if err != nil {
		return user, err
	}
	return user, n.auth.Enrol(ctx, auth.Account{User: user, Firm: p.firm, Email: p.email})
}

func (n *node) printLink(ctx context.Context, c console, user schema.ID, asJSON bool) error {
	const lifetime = 24 * time.Hour
	path, err := n.auth.CreateLink(ctx, user, lifetime, "/")
	if err != nil {
		return err
	}
	link := strings.TrimSuffix(n.options.PublicURL, "/") + path
	if asJSON {
		return json.NewEncoder(c.out).Encode(map[string]string{"user": user.String(), "link": link})
	}
	_, err = fmt.Fprintf(c.out, "user %s\nsigns in once within 24 hours at %s\n", user, link)
	return err
}

type userPassword struct {
	nodeOptions
	User string `arg:"" help:"Id of the person."`
}

// Run sets the password. It is read from standard input, since the arguments
// of a command can be seen by others on the machine.
func (u *userPassword) Run(ctx context.Context, c console) error {
	text, err := io.ReadAll(io.LimitReader(c.in, 4096))
	if err != nil {
		return err
	}
	return withUser(ctx, u.nodeOptions, u.User, func(n *node, user schema.ID, p policy.Principal) error {
		account, err := n.account(ctx, user, p)
		if err != nil {
			return err
		}
		return n.auth.SetPassword(ctx, account, strings.TrimRight(string(text), "\r\n"))
	})
}

// account reads the address with which a person signs in.
func (n *node) account(ctx context.Context, user schema.ID, p policy.Principal) (auth.Account, error) {
	pages, err := n.service.Read(policy.With(ctx, p), &partners.Plan{
		Kind: schema.Users, IDs: []schema.ID{user}, Fields: []*schema.Field{schema.Users.FieldNamed("email")},
	})
	if err != nil {
		return auth.Account{}, err
	}
	if len(pages[0].Rows) == 0 {
		return auth.Account{}, schema.NotFound("User")
	}
	return auth.Account{User: user, Firm: p.Firm, Email: string(pages[0].Rows[0].Cells[0])}, nil
}

type userLink struct {
	nodeOptions
	JSON bool   `help:"Write JSON."`
	User string `arg:"" help:"Id of the person."`
}

// Run prints the link.
func (u *userLink) Run(ctx context.Context, c console) error {
	return withUser(ctx, u.nodeOptions, u.User, func(n *node, user schema.ID, _ policy.Principal) error {
		return n.printLink(ctx, c, user, u.JSON)
	})
}

// withUser opens the node for a command about one person.
func withUser(ctx context.Context, o nodeOptions, text string, do func(*node, schema.ID, policy.Principal) error) error {
	user, err := schema.ParseID(text)
	if err != nil {
		return fail(exitUsage, err, "%v", err)
	}
	n, err := openNode(ctx, o, listening{}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer n.close()
	p, err := n.service.Principal(ctx, user)
	if err != nil {
		return err
	}
	return do(n, user, p)
}
