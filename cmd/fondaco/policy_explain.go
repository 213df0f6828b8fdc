package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

type policyExplain struct {
	Why  explainWhy  `cmd:"" help:"Tell why somebody may do something with a record, or why not. Exit 1: it may not."`
	Who  explainWho  `cmd:"" help:"List who sees a record."`
	What explainWhat `cmd:"" help:"List the records of a kind that somebody sees."`
}

// ownedPolicy says whose policy on which node a command is about.
type ownedPolicy struct {
	nodeOptions
	Firm string `help:"Id of the firm that asks; without one, the only firm on this node." placeholder:"ID"`
	JSON bool   `help:"Write JSON."`
}

// open opens the node and does something as a rule of the node within the
// firm. What was read across firms is noted before the node is closed.
func (o *ownedPolicy) open(ctx context.Context, do func(context.Context, *node) error) error {
	n, err := openNode(ctx, o.nodeOptions, listening{}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer n.close()
	firm, err := o.firm(ctx, n)
	if err != nil {
		return err
	}
	actor := policy.System(firm)
	actor.Via, actor.Cause = "system", "command line"
	if err := do(policy.With(ctx, actor), n); err != nil {
		return err
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	return n.service.Audit(ended) // notes what is left, and ends
}

func (o *ownedPolicy) firm(ctx context.Context, n *node) (schema.FirmID, error) {
	if o.Firm != "" {
		id, err := anyID(schema.Firms, o.Firm)
		if err != nil {
			return schema.FirmID{}, fail(exitUsage, err, "--firm: %v; 'fondaco node list' tells the ids", err)
		}
		return schema.FirmID(id), nil
	}
	firms, err := n.service.Hosted(ctx)
	if err != nil {
		return schema.FirmID{}, err
	}
	if len(firms) != 1 {
		return schema.FirmID{}, fail(exitUsage, nil, "there are %d firms on this node; name one with --firm, 'fondaco node list' tells the ids", len(firms))
	}
	return firms[0], nil
}

// anyID reads an id as the API gives it, or as the program prints it.
func anyID(k *schema.Kind, text string) (schema.ID, error) {
	if id, err := schema.ParseID(text); err == nil {
		return id, nil
	}
	return sdl.ParseIDOf(k, text)
}

// recordNamed reads the global id of a record.
func recordNamed(text string) (partners.Record, error) {
	k, id, err := sdl.ParseGlobalID(text)
	if err != nil {
		return partners.Record{}, fail(exitUsage, err, "%q is not the id of a record: %v; copy it from the API, where each record has it as id", text, err)
	}
	return partners.Record{Kind: k, ID: id}, nil
}

type explainWhy struct {
	ownedPolicy
	Record string `arg:"" help:"Global id of the record, as the API gives it."`
	As     string `help:"Global id of a person of the firm, or of another firm." required:"" placeholder:"ID"`
	Node   bool   `help:"With another firm: what may be sent to its node, rather than what somebody or other of its people may see."`
	Action string `help:"What is to be done, such as read or edit." default:"read"`
	Field  string `help:"Name of a field of the record; without one, the record as such."`
}

// Run prints the reasons, and what is missing of those that do not hold.
func (e *explainWhy) Run(ctx context.Context, c console) error {
	record, err := recordNamed(e.Record)
	if err != nil {
		return err
	}
	action := sdl.ActionOf(strings.ToUpper(e.Action))
	if action == "" {
		return fail(exitUsage, nil, "--action: there is no action %q; write one of %v", e.Action, policy.Actions())
	}
	var field *schema.Field
	if e.Field != "" {
		if field = record.Kind.FieldNamed(e.Field); field == nil {
			return fail(exitUsage, nil, "--field: there is no field %q of a %s", e.Field, record.Kind)
		}
	}
	var found *policy.Explanation
	err = e.open(ctx, func(ctx context.Context, n *node) error {
		as, err := e.subject(ctx, n)
		if err != nil {
			return err
		}
		found, err = n.service.Why(ctx, record, field, action, as)
		return err
	})
	if err != nil {
		return err
	}
	if e.JSON {
		err = json.NewEncoder(c.out).Encode(explainedJSON(record.Kind, found))
	} else {
		printExplanation(c.out, record.Kind, found)
	}
	if err == nil && !found.Allowed {
		err = fail(exitFound, nil, "nothing allows it")
	}
	return err
}

// subject finds whose reasons are asked for.
func (e *explainWhy) subject(ctx context.Context, n *node) (*policy.Principal, error) {
	k, id, err := sdl.ParseGlobalID(e.As)
	switch {
	case err == nil && k == schema.Firms && e.Node:
		p := policy.Node(schema.FirmID(id))
		return &p, nil
	case err == nil && k == schema.Firms:
		p := policy.System(schema.FirmID(id))
		return &p, nil
	case err == nil && k == schema.Users && !e.Node:
		asker, _ := policy.From(ctx)
		p, err := n.service.Principal(ctx, id)
		if schema.Code(err) == schema.CodeNotFound || err == nil && p.Firm != asker.Firm {
			return nil, fail(exitUsage, err, "--as: there is no such person in the firm who can sign in; of another firm, ask for the firm as such")
		}
		return &p, err
	}
	return nil, fail(exitUsage, err, "--as: want the global id of a person of the firm, or of another firm")
}

// explained is an explanation with its fields by name.
type explained struct {
	Allowed bool              `json:"allowed"`
	Fields  []string          `json:"fields"`
	Reasons []explainedReason `json:"reasons"`
}

type explainedReason struct {
	policy.Reason
	Mask   string   `json:"mask,omitempty"` // hides that of Reason: bits mean nothing outside
	Fields []string `json:"fields"`
}

func explainedJSON(k *schema.Kind, x *policy.Explanation) explained {
	e := explained{x.Allowed, namesOf(k, x.Mask), []explainedReason{}}
	for _, r := range x.Reasons {
		e.Reasons = append(e.Reasons, explainedReason{Reason: r, Fields: namesOf(k, r.Mask)})
	}
	return e
}

func namesOf(k *schema.Kind, m schema.Mask) []string {
	return append([]string{}, policy.FieldNames(k, m)...)
}

func printExplanation(w io.Writer, k *schema.Kind, x *policy.Explanation) {
	if x.Allowed {
		fmt.Fprintf(w, "allowed, fields: %s\n", strings.Join(policy.FieldNames(k, x.Mask), " "))
	} else {
		fmt.Fprintln(w, "not allowed")
	}
	for _, r := range x.Reasons {
		fmt.Fprintf(w, "%s %s", map[bool]string{true: "+", false: "-"}[r.Holds], r.Path)
		if a := r.Agreement; a != nil {
			fmt.Fprintf(w, " %q version %d, term %d, of firm %s, %s%s", a.Name, a.Version, a.Term, a.Grantor, a.Standing, days(a))
		}
		fmt.Fprintln(w)
		for _, c := range r.Clauses {
			fmt.Fprintf(w, "    %s %s: %s\n", map[bool]string{true: "ok     ", false: "MISSING"}[c.Holds], c.Code, c.Text)
		}
		for _, rule := range r.Rules {
			fmt.Fprintf(w, "    rule    %s\n", rule)
		}
	}
}

// days tells when an agreement begins and ends, as far as it does.
func days(a *policy.Basis) string {
	var b strings.Builder
	if !a.From.IsZero() {
		b.WriteString(", from " + a.From.Format(time.RFC3339))
	}
	if !a.Until.IsZero() {
		b.WriteString(", until " + a.Until.Format(time.RFC3339))
	}
	return b.String()
}

type explainWho struct {
	ownedPolicy
	Record string `arg:"" help:"Global id of the record, as the API gives it."`
}

// seerJSON is somebody who sees a record.
type seerJSON struct {
	User   schema.ID      `json:"user,omitzero"`
	Firm   schema.ID      `json:"firm,omitzero"`
	Fields []string       `json:"fields"`
	Paths  []seerPathJSON `json:"paths"`
}

type seerPathJSON struct {
	Path      string    `json:"path"`
	Agreement schema.ID `json:"agreement,omitzero"`
	Fields    []string  `json:"fields"`
}

// Run lists people and firms.
func (e *explainWho) Run(ctx context.Context, c console) error {
	record, err := recordNamed(e.Record)
	if err != nil {
		return err
	}
	list := []seerJSON{}
	err = e.open(ctx, func(ctx context.Context, n *node) error {
		span := partners.Span{First: partners.PageLimit}
		for {
			page, err := n.service.Who(ctx, record, span)
			if err != nil {
				return err
			}
			for _, s := range page.List {
				one := seerJSON{User: s.User.ID(), Firm: s.Firm.ID(), Fields: namesOf(record.Kind, s.Mask)}
				for _, p := range s.Paths {
					one.Paths = append(one.Paths, seerPathJSON{p.Type.String(), p.Agreement, namesOf(record.Kind, p.Mask)})
				}
				list, span.After = append(list, one), s.ID()
			}
			if !page.HasNext {
				return nil
			}
		}
	})
	if err != nil {
		return err
	}
	return printList(c.out, e.JSON, list, []string{"WHO", "ID", "BY", "FIELDS"}, func(s seerJSON) []any {
		who, id := "person", s.User
		if s.User.IsZero() {
			who, id = "firm", s.Firm
		}
		var by []string
		for _, p := range s.Paths {
			by = append(by, p.Path)
		}
		return []any{who, id, strings.Join(by, ","), strings.Join(s.Fields, ",")}
	})
}

type explainWhat struct {
	ownedPolicy
	Viewer string `arg:"" help:"Global id of a person of the firm or of a partner on this node, or of another firm."`
	Kind   string `arg:"" help:"Kind of the records, such as Customer."`
}

// sightingJSON is a record that somebody sees.
type sightingJSON struct {
	ID     string    `json:"id"` // as the API gives it
	Owner  schema.ID `json:"owner"`
	Fields []string  `json:"fields"`
}

// Run lists the records.
func (e *explainWhat) Run(ctx context.Context, c console) error {
	k := schema.KindNamed(e.Kind)
	if k == nil {
		return fail(exitUsage, nil, "there is no kind %q; write it as in the API, such as Customer", e.Kind)
	}
	viewer, err := viewerNamed(e.Viewer)
	if err != nil {
		return err
	}
	list := []sightingJSON{}
	err = e.open(ctx, func(ctx context.Context, n *node) error {
		span := partners.Span{First: partners.PageLimit}
		for {
			page, err := n.service.What(ctx, viewer, k, span)
			if err != nil {
				return err
			}
			for _, s := range page.List {
				list, span.After = append(list, sightingJSON{sdl.GlobalID(k, s.ID), s.Owner.ID(), namesOf(k, s.Mask)}), s.ID
			}
			if !page.HasNext {
				return nil
			}
		}
	})
	if err != nil {
		return err
	}
	return printList(c.out, e.JSON, list, []string{"ID", "OWNER", "FIELDS"}, func(s sightingJSON) []any {
		return []any{s.ID, s.Owner, strings.Join(s.Fields, ",")}
	})
}

func viewerNamed(text string) (partners.Viewer, error) {
	k, id, err := sdl.ParseGlobalID(text)
	switch {
	case err == nil && k == schema.Users:
		return partners.Viewer{User: schema.Ref[schema.User](id)}, nil
	case err == nil && k == schema.Firms:
		return partners.Viewer{Firm: schema.FirmID(id)}, nil
	}
	return partners.Viewer{}, fail(exitUsage, err, "%q: want the global id of a person of the firm or of a partner on this node, or of another firm", text)
}
