package policy

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"fondaco/schema"
)

//go:embed tests/*.yaml
var suiteFiles embed.FS

// Suite is a file of policy tests, in YAML: who may do what with which
// records, and sees which fields of them. See policy/tests for examples.
type Suite struct {
	// File is the name of the file, for messages.
	File string `yaml:"-"`
	// About says what the tests are to show.
	About string `yaml:"about"`
	// Invariant suites hold whatever a firm's own rules say: rules that break one are refused.
	Invariant bool `yaml:"invariant"`
	// At is the instant at which is asked.
	At time.Time `yaml:"at"`
	// Rules are lines of the firm's own, with the word home for its id; invariant suites have none.
	Rules string `yaml:"rules"`
	// Agreements are the sharing agreements that are addressed to the firm.
	Agreements []SuiteAgreement `yaml:"agreements"`
	// Partners are the firms with which the partnership is active.
	Partners []string `yaml:"partners"`
	// Rows are records, by name.
	Rows map[string]SuiteRow `yaml:"rows"`
	// Tests are the questions with their answers.
	Tests []SuiteTest `yaml:"tests"`
}

// SuiteAgreement is a sharing agreement in a suite. Firms, teams, people and
// rows are called by any words there; home is the firm that is asked.
type SuiteAgreement struct {
	Name  string           `yaml:"name"`
	From  string           `yaml:"from"` // the firm that shares
	Terms []map[string]any `yaml:"terms"`
	Teams []string         `yaml:"teams"`
	Until time.Time        `yaml:"until"`
	// Granted are the rows that are granted under it.
	Granted []string `yaml:"granted"`
	// RestsOn is the agreement by which another firm lets From pass on its records.
	RestsOn *SuiteAgreement `yaml:"restsOn"`
}

// SuiteRow is a record in a suite.
type SuiteRow struct {
	Kind   string         `yaml:"kind"`
	Owner  string         `yaml:"owner"`
	Holder string         `yaml:"holder"` // the owner, unless it is a copy
	Keeper string         `yaml:"keeper"` // the person who looks after it
	Parent string         `yaml:"parent"` // the row to which it belongs
	Team   string         `yaml:"team"`   // the team that is its audience
	Names  []string       `yaml:"names"`  // the firms that its audience names
	To     string         `yaml:"to"`     // the firm to which it was addressed and sent
	Values map[string]any `yaml:"values"`
}

// SuiteTest is a question with its answer, or one for each of several people,
// actions and kinds.
type SuiteTest struct {
	Name   string   `yaml:"name"`
	Who    Words    `yaml:"who"`    // roles of which one is meant at a time, or EDI, SYSTEM, NODE, NOBODY
	Roles  []string `yaml:"roles"`  // instead of who: one person with all of these roles
	User   string   `yaml:"user"`   // the person, me if it is not said
	Teams  []string `yaml:"teams"`  // the person's teams
	With   []string `yaml:"with"`   // the people of these teams
	Below  []string `yaml:"below"`  // the people of the teams below
	Scopes []string `yaml:"scopes"` // of an API token, such as Customer:read
	May    Words    `yaml:"may"`    // actions, or *
	On     Words    `yaml:"on"`     // kinds, names of rows, or * for all kinds
	Not    []string `yaml:"not"`    // kinds and actions that * leaves out
	Expect string   `yaml:"expect"` // allow or deny
	Sees   []string `yaml:"sees"`   // fields that are shown, or can be set
	Hides  []string `yaml:"hides"`  // fields that are not
	Path   string   `yaml:"path"`   // a way by which the row is reached
}

// Words is a list that may be written as one word.
type Words []string

// UnmarshalYAML reads a word or a list of words.
func (w *Words) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*w = Words{node.Value}
		return nil
	}
	return node.Decode((*[]string)(w))
}

// ParseSuite reads a file of policy tests. What it does not know, it refuses.
func ParseSuite(file string, text []byte) (*Suite, error) {
	s := &Suite{File: file}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("read policy tests %s: %w", file, err)
	}
	if s.At.IsZero() {
		s.At = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	}
	if s.Invariant && s.Rules != "" {
		return nil, fmt.Errorf("read policy tests %s: an invariant holds for all rules: take rules out", file)
	}
	for i, t := range s.Tests {
		if err := s.check(t); err != nil {
			return nil, fmt.Errorf("read policy tests %s: test %d (%s): %w", file, i+1, t.Name, err)
		}
	}
	return s, nil
}

// check refuses a test that could not fail, and words that mean nothing.
func (s *Suite) check(t SuiteTest) error {
	if t.Name == "" || len(t.May) == 0 || len(t.On) == 0 || (len(t.Who) == 0) == (len(t.Roles) == 0) {
		return errors.New("state name, may, on, and one of who and roles")
	}
	if err := oneOf("expect", t.Expect, []string{effectAllow, effectDeny}); err != nil {
		return err
	}
	for _, a := range t.May {
		if err := oneOf("action", a, append([]string{every}, actionNames...)); err != nil {
			return err
		}
	}
	for _, on := range t.On {
		if _, row := s.Rows[on]; !row && !slices.Contains(kindNames, on) && on != every {
			return fmt.Errorf("%q is no kind and no row: name one", on)
		}
	}
	for _, role := range slices.Concat(t.Who, t.Roles) {
		if err := oneOf("role", role, append(schema.Role("").Values(), roleEDI, roleSystem, "NODE", "NOBODY")); err != nil {
			return err
		}
	}
	return nil
}

// ShippedSuites gives the policy tests that are part of the program.
func ShippedSuites() []*Suite { return slices.Clone(shippedSuites()) }

// shippedSuites reads the shipped tests once. A mistake in them is a mistake
// of a programmer: it panics.
var shippedSuites = sync.OnceValue(func() []*Suite {
	suites, err := ReadSuites(suiteFiles, "tests")
	if err != nil {
		panic("policy: " + err.Error())
	}
	return suites
})

// ReadSuites reads all policy tests of a folder, in the order of their names.
func ReadSuites(files fs.FS, folder string) ([]*Suite, error) {
	paths, err := fs.Glob(files, folder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	var suites []*Suite
	for _, path := range paths {
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		s, err := ParseSuite(path[len(folder)+1:], text)
		if err != nil {
			return nil, err
		}
		suites = append(suites, s)
	}
	return suites, nil
}

// jsonOf turns what YAML read into the form of the API.
func jsonOf(v any) (json.RawMessage, error) { return json.Marshal(v) }
