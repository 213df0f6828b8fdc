package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

type policyApply struct {
	ownedPolicy
	Rules  string `arg:"" help:"File with the firm's own rules; - is standard input, 'shipped' is none." name:"file"`
	DryRun bool   `help:"Only tell what would come of it."`
}

// applied is what apply tells.
type applied struct {
	Firm       schema.FirmID       `json:"firm"`
	Findings   []policy.Finding    `json:"findings"`
	Difference *policy.Differences `json:"difference,omitempty"`
	Applied    bool                `json:"applied"`
}

// errMeanwhile tells that somebody else has set rules since these were
// compared.
var errMeanwhile = errors.New("the firm's rules were changed meanwhile")

// Run looks through the rules, tells all that they change, and puts them into
// force if nothing is wrong with them.
func (p *policyApply) Run(ctx context.Context, c console) error {
	rules, err := readRules(p.Rules, c)
	if err != nil {
		return err
	}
	if p.Firm == "" && rules.named {
		p.Firm = rules.firm.String()
	}
	told := applied{Findings: []policy.Finding{}}
	err = p.open(ctx, func(ctx context.Context, n *node) error {
		return told.apply(ctx, n.service, rules.text, p.DryRun)
	})
	if errors.Is(err, errMeanwhile) {
		return fail(exitFound, err, "somebody else has changed the firm's rules meanwhile; look at them with --dry-run, and apply again")
	}
	if err != nil {
		return err
	}
	if p.JSON {
		err = json.NewEncoder(c.out).Encode(told)
	} else {
		err = told.print(c.out)
	}
	if wrong := told.wrong(); err == nil && wrong > 0 {
		err = fail(exitFound, nil, "these rules are refused: %d errors; the rules in force are as before", wrong)
	}
	return err
}

// apply looks at the rules, compares them with those in force, and sets them.
func (a *applied) apply(ctx context.Context, s *partners.Service, text string, dryRun bool) error {
	actor, _ := policy.From(ctx)
	a.Firm = actor.Firm
	before, err := s.Overrides(ctx)
	if err != nil {
		return err
	}
	after := policy.Rules{Firm: a.Firm, Overrides: text}
	a.Findings = append(a.Findings, policy.Lint(after)...)
	if a.wrong() > 0 {
		return nil
	}
	old := policy.Rules{Firm: a.Firm, Overrides: before}
	if _, err := policy.Compile(old); err == nil { // else they are of an older program, and there is nothing to compare with
		if a.Difference, err = policy.Diff(old, after); err != nil {
			return err
		}
	}
	if dryRun || text == before {
		return nil
	}
	a.Applied = true
	return s.SetOverrides(ctx, text, func(_ context.Context, _ pgx.Tx, now string) error {
		if now != before {
			return errMeanwhile
		}
		return nil
	})
}

func (a *applied) wrong() int {
	n := 0
	for _, f := range a.Findings {
		if f.Wrong {
			n++
		}
	}
	return n
}

func (a *applied) print(w io.Writer) error {
	for _, f := range a.Findings {
		fmt.Fprintln(w, f)
	}
	if a.Difference != nil {
		if _, err := io.WriteString(w, a.Difference.String()); err != nil {
			return err
		}
	}
	switch {
	case a.wrong() > 0:
		return nil
	case a.Applied:
		_, err := fmt.Fprintln(w, "in force for all that begins from now on")
		return err
	}
	_, err := fmt.Fprintln(w, "nothing was changed")
	return err
}
