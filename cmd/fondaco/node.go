package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

type nodeCommand struct {
	Host   nodeHost   `cmd:"" help:"Take a firm in, so that it lives on this node."`
	List   nodeList   `cmd:"" help:"List the firms on this node, and its links."`
	Invite nodeInvite `cmd:"" help:"Make an invitation with which a firm on another node can pair."`
	Join   nodeJoin   `cmd:"" help:"Pair by an invitation, and print the answer for the other firm."`
	Accept nodeAccept `cmd:"" help:"Accept the answer to an invitation, which completes the pairing."`
}

// running names a node that runs, by its data folder.
type running struct {
	Data string `env:"FONDACO_DATA" help:"Data folder of the running node." default:"${data}" placeholder:"DIR"`
	JSON bool   `help:"Write JSON."`
}

type nodeHost struct {
	running
	Name     string `help:"Registered name of the firm." required:""`
	Country  string `help:"Country of its seat, as two letters." required:""`
	TimeZone string `help:"Time zone in which its days end." default:"UTC"`
}

// Run takes the firm in.
func (h *nodeHost) Run(ctx context.Context, c console) error {
	answer, err := ask(ctx, h.Data, "host", control{Values: map[string]string{"legalName": h.Name, "country": h.Country, "timeZone": h.TimeZone}})
	return h.print(c, answer, err, "firm "+answer.Firm)
}

func (r *running) print(c console, answer control, err error, text string) error {
	if err != nil {
		return err
	}
	if r.JSON {
		return json.NewEncoder(c.out).Encode(answer)
	}
	_, err = fmt.Fprintln(c.out, text)
	return err
}

type nodeList struct{ running }

// Run lists the firms and links.
func (l *nodeList) Run(ctx context.Context, c console) error {
	answer, err := ask(ctx, l.Data, "list", control{})
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, f := range answer.Firms {
		fmt.Fprintf(&b, "firm %s %s\n", f.ID, f.Name)
	}
	links, err := json.MarshalIndent(answer.Links, "", "  ")
	if err != nil {
		return err
	}
	fmt.Fprintf(&b, "links %s", links)
	return l.print(c, answer, nil, b.String())
}

type nodeInvite struct {
	running
	Firm string `help:"Id of the firm that invites." required:""`
}

// Run makes the invitation.
func (i *nodeInvite) Run(ctx context.Context, c console) error {
	answer, err := ask(ctx, i.Data, "invite", control{Firm: i.Firm})
	return i.print(c, answer, err, answer.Token)
}

type nodeJoin struct {
	running
	Firm  string `help:"Id of the firm that joins." required:""`
	Token string `arg:"" help:"The invitation; - reads it from standard input."`
}

// Run pairs by the invitation.
func (j *nodeJoin) Run(ctx context.Context, c console) error {
	token, err := tokenText(c, j.Token)
	if err != nil {
		return err
	}
	answer, err := ask(ctx, j.Data, "join", control{Firm: j.Firm, Token: token})
	return j.print(c, answer, err, answer.Token)
}

func tokenText(c console, arg string) (string, error) {
	if arg != "-" {
		return arg, nil
	}
	text, err := io.ReadAll(io.LimitReader(c.in, 1<<20))
	return strings.TrimSpace(string(text)), err
}

type nodeAccept struct {
	running
	Firm  string `help:"Id of the firm that invited." required:""`
	Token string `arg:"" help:"The answer; - reads it from standard input."`
}

// Run accepts the answer.
func (a *nodeAccept) Run(ctx context.Context, c console) error {
	token, err := tokenText(c, a.Token)
	if err != nil {
		return err
	}
	answer, err := ask(ctx, a.Data, "accept", control{Firm: a.Firm, Token: token})
	return a.print(c, answer, err, "paired")
}

// firmName reads the name of a firm on this node.
func (n *node) firmName(ctx context.Context, firm schema.FirmID) (string, error) {
	pages, err := n.service.Read(policy.With(ctx, policy.System(firm)), &partners.Plan{
		Kind: schema.Firms, IDs: []schema.ID{firm.ID()}, Fields: []*schema.Field{schema.Firms.Label},
	})
	if err != nil || len(pages[0].Rows) == 0 {
		return "", err
	}
	return string(pages[0].Rows[0].Cells[0]), nil
}
