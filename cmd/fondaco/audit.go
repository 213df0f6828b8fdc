package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

type auditCommand struct {
	Verify     auditVerify     `cmd:"" help:"Hold the history of the firms on this node against its seal. Exit 1: somebody went past the program."`
	Checkpoint auditCheckpoint `cmd:"" help:"Print the state of a firm's sealed history, to be kept somewhere else."`
	Reads      auditReads      `cmd:"" help:"List what other firms were given of a firm's records."`
	Denials    auditDenials    `cmd:"" help:"List what was refused: to a firm's own people, and to other firms of its records."`
}

// auditedNode says whose history on which node a command is about.
type auditedNode struct {
	nodeOptions
	Firm string `help:"Id of the firm; without one, all firms on this node." placeholder:"ID"`
	JSON bool   `help:"Write JSON."`
}

// each opens the node and does something for each firm, acting as the node
// itself inside that firm.
func (a *auditedNode) each(ctx context.Context, do func(context.Context, *node, schema.FirmID) error) error {
	n, err := openNode(ctx, a.nodeOptions, listening{}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer n.close()
	firms, err := n.service.Hosted(ctx)
	if err != nil {
		return err
	}
	if a.Firm != "" {
		id, err := schema.ParseID(a.Firm)
		if err != nil {
			return fail(exitUsage, err, "%v", err)
		}
		firms = []schema.FirmID{schema.FirmID(id)}
	}
	for _, firm := range firms {
		actor := policy.System(firm)
		actor.Cause = "audit"
		if err := do(policy.With(ctx, actor), n, firm); err != nil {
			return err
		}
	}
	return nil
}

type auditVerify struct {
	auditedNode
	Checkpoints []string `name:"checkpoint" help:"File with a checkpoint that was kept; - is standard input." placeholder:"FILE"`
}

// verified is what verify says of a firm.
type verified struct {
	Firm       schema.FirmID `json:"firm"`
	Checkpoint string        `json:"checkpoint"`
	Sealed     int64         `json:"sealed"`
	Unsealed   int           `json:"unsealed"`
	Against    int64         `json:"against,omitempty"` // lines that a kept checkpoint covers
	Findings   []string      `json:"findings"`
}

// Run prints what was found.
func (a *auditVerify) Run(ctx context.Context, c console) error {
	kept, err := readCheckpoints(a.Checkpoints, c)
	if err != nil {
		return err
	}
	var all []verified
	found := 0
	err = a.each(ctx, func(ctx context.Context, n *node, firm schema.FirmID) error {
		v := verified{Firm: firm, Findings: []string{}}
		against := kept[firm]
		delete(kept, firm)
		report, err := n.service.VerifyAudit(ctx, against)
		if err != nil {
			return err
		}
		if against != nil {
			v.Against = against.Size
		}
		text, err := report.Checkpoint.MarshalText()
		if err != nil {
			return err
		}
		v.Checkpoint, v.Sealed, v.Unsealed = string(text), report.Size, report.Unsealed
		for _, f := range report.Findings {
			v.Findings = append(v.Findings, f.String())
		}
		found += len(v.Findings)
		all = append(all, v)
		return nil
	})
	if err == nil {
		err = a.print(c.out, all)
	}
	switch {
	case err != nil:
		return err
	case len(kept) > 0:
		return fail(exitUsage, nil, "a checkpoint is of a firm that is not verified here; it is kept for another node, or --firm names another")
	case found > 0:
		return fail(exitFound, nil, "the history was changed past the program: %d findings", found)
	}
	return nil
}

func (a *auditVerify) print(w io.Writer, all []verified) error {
	if a.JSON {
		return json.NewEncoder(w).Encode(all)
	}
	for _, v := range all {
		fmt.Fprintf(w, "firm %s: %d lines sealed, %d not yet, %d findings", v.Firm, v.Sealed, v.Unsealed, len(v.Findings))
		if v.Against > 0 {
			fmt.Fprintf(w, "; %d lines held against the checkpoint", v.Against)
		}
		fmt.Fprintln(w)
		for _, f := range v.Findings {
			fmt.Fprintln(w, "  "+f)
		}
	}
	return nil
}

// readCheckpoints reads checkpoints by firm; a file may hold several, one
// after the other.
func readCheckpoints(paths []string, c console) (map[schema.FirmID]*partners.Checkpoint, error) {
	kept := map[schema.FirmID]*partners.Checkpoint{}
	for _, path := range paths {
		text, err := io.ReadAll(c.in)
		if path != "-" {
			text, err = os.ReadFile(path)
		}
		if err != nil {
			return nil, fail(exitUsage, err, "the checkpoint cannot be read: %v", err)
		}
		const lines = 4
		rest := bytes.SplitAfter(bytes.TrimSpace(text), []byte("\n"))
		for len(rest) > 0 {
			n := min(lines, len(rest))
			point := new(partners.Checkpoint)
			if err := point.UnmarshalText(bytes.TrimSpace(bytes.Join(rest[:n], nil))); err != nil {
				return nil, fail(exitUsage, err, "%s is not what 'fondaco audit checkpoint' printed: %v", path, err)
			}
			kept[point.Firm] = point
			rest = rest[n:]
		}
	}
	return kept, nil
}

type auditCheckpoint struct{ auditedNode }

// Run seals what was written, and prints where the history stands.
func (a *auditCheckpoint) Run(ctx context.Context, c console) error {
	list := []string{}
	err := a.each(ctx, func(ctx context.Context, n *node, _ schema.FirmID) error {
		if _, err := n.service.Seal(ctx); err != nil {
			return err
		}
		point, err := n.service.Checkpoint(ctx)
		if err != nil {
			return err
		}
		text, err := point.MarshalText()
		list = append(list, strings.TrimSpace(string(text))+"\n")
		return err
	})
	if err != nil {
		return err
	}
	if a.JSON {
		return json.NewEncoder(c.out).Encode(list)
	}
	_, err = io.WriteString(c.out, strings.Join(list, ""))
	return err
}

type auditReads struct {
	auditedNode
	Record string `help:"Global id of a record; only what gave that one." placeholder:"ID"`
	Most   int    `help:"How many, the latest first." default:"100"`
}

// auditRead is a statement by which another firm was given records.
type auditRead struct {
	At         time.Time     `json:"at"`
	Owner      schema.FirmID `json:"owner"`
	Reader     schema.FirmID `json:"reader"`
	Actor      schema.ID     `json:"actor,omitzero"`
	ActorKind  string        `json:"actorKind"`
	Via        string        `json:"via"`
	Kind       string        `json:"kind"`
	Action     string        `json:"action"`
	Fields     []string      `json:"fields"`
	Agreements []schema.ID   `json:"agreements"`
	Records    []schema.ID   `json:"records"`
}

// Run lists them.
func (a *auditReads) Run(ctx context.Context, c console) error {
	var record *partners.Record
	if a.Record != "" {
		kind, id, err := sdl.ParseGlobalID(a.Record)
		if err != nil {
			return fail(exitUsage, err, "%q is not the id of a record: %v; copy it from the API, where each record has it as id", a.Record, err)
		}
		record = &partners.Record{Kind: kind, ID: id}
	}
	list := []auditRead{}
	err := a.each(ctx, func(ctx context.Context, n *node, _ schema.FirmID) error {
		reads, err := n.service.ReadsOf(ctx, record, 0, a.Most)
		for _, r := range reads {
			list = append(list, auditRead{
				r.At, r.Owner, r.Reader, r.Actor.ID(), string(r.ActorKind), r.Via, r.Kind.Name, string(r.Action),
				policy.FieldNames(r.Kind, r.Fields), r.Agreements, r.IDs,
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	return printList(c.out, a.JSON, list, []string{"AT", "READER", "WHO", "KIND", "RECORDS", "FIELDS"}, func(r auditRead) []any {
		return []any{r.At.Format(time.RFC3339), r.Reader, actorText(r.ActorKind, r.Actor), r.Kind, len(r.Records), strings.Join(r.Fields, ",")}
	})
}

// actorText names who acted: what it is, and its id if it has one.
func actorText(kind string, id schema.ID) string {
	if id.IsZero() {
		return kind
	}
	return kind + " " + id.String()
}

type auditDenials struct {
	auditedNode
	Most int `help:"How many lines, the latest first." default:"100"`
}

// auditDenial is what one person was refused of one sort, once or more often.
type auditDenial struct {
	First     time.Time     `json:"first"`
	At        time.Time     `json:"at"`
	Owner     schema.FirmID `json:"owner"`
	Reader    schema.FirmID `json:"reader"`
	Actor     schema.ID     `json:"actor,omitzero"`
	ActorKind string        `json:"actorKind"`
	Via       string        `json:"via"`
	Kind      string        `json:"kind,omitempty"`
	Action    string        `json:"action"`
	Code      string        `json:"code"`
	Times     int64         `json:"times"`
	Records   []schema.ID   `json:"records"`
}

// Run lists them.
func (a *auditDenials) Run(ctx context.Context, c console) error {
	list := []auditDenial{}
	err := a.each(ctx, func(ctx context.Context, n *node, _ schema.FirmID) error {
		denials, err := n.service.Denials(ctx, 0, a.Most)
		for _, d := range denials {
			one := auditDenial{
				d.First, d.At, d.Owner, d.Reader, d.Actor.ID(), string(d.ActorKind), d.Via, "", d.Action, string(d.Code), d.Times, d.IDs,
			}
			if d.Kind != nil {
				one.Kind = d.Kind.Name
			}
			list = append(list, one)
		}
		return err
	})
	if err != nil {
		return err
	}
	return printList(c.out, a.JSON, list, []string{"AT", "FIRM", "WHO", "ACTION", "KIND", "REFUSED", "TIMES"}, func(d auditDenial) []any {
		return []any{d.At.Format(time.RFC3339), d.Reader, actorText(d.ActorKind, d.Actor), d.Action, d.Kind, d.Code, d.Times}
	})
}
