package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fondaco/policy"
	"fondaco/schema"
)

type policyCommand struct {
	Test policyTest `cmd:"" help:"Run the policy tests that come with the program, and your own, against a firm's rules. Exit 1: something is answered otherwise."`
	Lint policyLint `cmd:"" help:"Look through a firm's own rules before they are put into force. Exit 1: they would be refused."`
	Diff policyDiff `cmd:"" help:"Tell all that two sets of a firm's own rules decide differently. Exit 1: something."`

	Apply   policyApply   `cmd:"" help:"Put a firm's own rules into force. Exit 1: they are refused."`
	Explain policyExplain `cmd:"" help:"Tell who sees what, and why."`
}

// ownRules are the lines of a firm's administrator, as a file.
type ownRules struct {
	firm  schema.FirmID
	text  string
	named bool // whether the rules name the firm
}

// readRules reads a firm's own rules. The firm is the one they name; without
// rules it is one that does not exist, since the shipped rules treat all
// firms alike.
func readRules(path string, c console) (ownRules, error) {
	none := ownRules{firm: schema.FirmID(schema.NewID())}
	if path == "" || path == "shipped" {
		return none, nil
	}
	text, err := io.ReadAll(c.in)
	if path != "-" {
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return none, notRules(path, err)
	}
	r := csv.NewReader(strings.NewReader(string(text)))
	r.Comment, r.FieldsPerRecord, r.TrimLeadingSpace = '#', -1, true
	const domain = 2
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return ownRules{firm: none.firm, text: string(text)}, nil
		}
		if err != nil {
			return none, notRules(path, err)
		}
		if len(fields) <= domain {
			continue // the linter says what is missing
		}
		id, err := schema.ParseID(strings.TrimSpace(fields[domain]))
		if err != nil {
			return none, notRules(path, fmt.Errorf("%q is not the id of a firm: %w", fields[domain], err))
		}
		return ownRules{schema.FirmID(id), string(text), true}, nil
	}
}

func notRules(path string, err error) error {
	return fail(exitUsage, err, "%s cannot be read as a firm's own rules: %v; each is a line such as\n"+
		"  p, role:SUPPORT, FIRM_ID, Customer|Contact, edit, firm, personal, deny", path, err)
}

type policyTest struct {
	Rules string   `help:"File with the firm's own rules; without one, the shipped rules alone." placeholder:"FILE"`
	Paths []string `arg:"" optional:"" help:"Files or folders with tests of your own, in YAML." name:"path"`
	JSON  bool     `help:"Write JSON."`
}

// Run prints what was answered otherwise than expected, and how much of the
// policy the tests have asked for.
func (p *policyTest) Run(c console) error {
	rules, err := readRules(p.Rules, c)
	if err != nil {
		return err
	}
	suites := policy.ShippedSuites()
	if rules.text != "" {
		// What the shipped rules say of each role is what a firm departs from; the rest holds everywhere.
		suites = slices.DeleteFunc(suites, func(s *policy.Suite) bool { return !s.Invariant })
	}
	for _, path := range p.Paths {
		own, err := readSuites(path)
		if err != nil {
			return fail(exitUsage, err, "the policy tests of %s cannot be read: %v", path, err)
		}
		suites = append(suites, own...)
	}
	report, err := policy.RunTests(rules.firm, rules.text, suites...)
	if err != nil {
		return fail(exitUsage, err, "%v", err)
	}
	if p.JSON {
		err = json.NewEncoder(c.out).Encode(report)
	} else {
		err = printReport(c.out, report)
	}
	if err == nil && len(report.Failures) > 0 {
		err = fail(exitFound, nil, "%d of %d answers are not those expected", len(report.Failures), report.Ran)
	}
	return err
}

func printReport(w io.Writer, r *policy.Report) error {
	for _, f := range r.Failures {
		fmt.Fprintln(w, f)
	}
	for _, line := range r.Silent {
		fmt.Fprintln(w, "no test makes this rule speak:", line)
	}
	_, err := fmt.Fprintf(w, "%d questions, %d answered otherwise; %d of %d rules spoke, %d of %d cells were asked for\n",
		r.Ran, len(r.Failures), r.LinesHit, r.Lines, r.CellsHit, r.Cells)
	return err
}

func readSuites(path string) ([]*policy.Suite, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return policy.ReadSuites(os.DirFS(path), ".")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	suite, err := policy.ParseSuite(filepath.Base(path), text)
	return []*policy.Suite{suite}, err
}

type policyLint struct {
	Rules string `arg:"" help:"File with the firm's own rules; - is standard input." name:"file"`
	JSON  bool   `help:"Write JSON."`
}

// Run prints what somebody should look at.
func (p *policyLint) Run(c console) error {
	rules, err := readRules(p.Rules, c)
	if err != nil {
		return err
	}
	findings := policy.Lint(policy.Rules{Firm: rules.firm, Overrides: rules.text})
	wrong := 0
	for _, f := range findings {
		if f.Wrong {
			wrong++
		}
		if !p.JSON {
			fmt.Fprintln(c.out, f)
		}
	}
	if p.JSON {
		if err := json.NewEncoder(c.out).Encode(findings); err != nil {
			return err
		}
	}
	if wrong > 0 {
		return fail(exitFound, nil, "these rules would be refused: %d errors", wrong)
	}
	return nil
}

type policyDiff struct {
	Before string `arg:"" help:"File with the rules in force; 'shipped' is none."`
	After  string `arg:"" help:"File with the rules that are to follow; 'shipped' is none."`
	JSON   bool   `help:"Write JSON."`
}

// Run prints each decision that would change.
func (p *policyDiff) Run(c console) error {
	before, err := readRules(p.Before, c)
	if err != nil {
		return err
	}
	after, err := readRules(p.After, c)
	if err != nil {
		return err
	}
	switch {
	case before.text == "":
		before.firm = after.firm
	case after.text == "":
		after.firm = before.firm
	case before.firm != after.firm:
		return fail(exitUsage, nil, "%s has the rules of firm %s, %s those of %s; compare two of one firm", p.Before, before.firm, p.After, after.firm)
	}
	d, err := policy.Diff(policy.Rules{Firm: before.firm, Overrides: before.text}, policy.Rules{Firm: after.firm, Overrides: after.text})
	if err != nil {
		return fail(exitUsage, err, "%v; 'fondaco policy lint' tells more", err)
	}
	if p.JSON {
		err = json.NewEncoder(c.out).Encode(d)
	} else {
		_, err = io.WriteString(c.out, d.String())
	}
	if err == nil && !d.Empty() {
		err = fail(exitFound, nil, "%d of %d decisions differ", len(d.Cells)+len(d.Terms), d.Asked)
	}
	return err
}
