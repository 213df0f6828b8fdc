package policy

import (
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"

	"fondaco/schema"
)

// maxTerms is how many terms one agreement may have.
const maxTerms = 20

// An agreement is a sharing agreement, compiled.
type agreement struct {
	AgreementRules
	terms []*term
	shard *shard
}

// A term opens records of one kind.
type term struct {
	kind    *schema.Kind
	level   schema.ShareLevel
	filter  *Filter // with level FILTER
	subject string
	memo    []atomic.Pointer[cell] // by action
}

// scopeOf is the word of the rules for a level.
var scopeOf = map[schema.ShareLevel]string{
	schema.ShareAll: scopeAll, schema.ShareFilter: scopeFilter,
	schema.ShareGranted: scopeGranted, schema.ShareChildren: scopeChildren,
}

// compileAgreement makes the shard of an agreement. Terms that cannot be
// understood are left out and returned as problems; an agreement that is not
// the firm's to read is an error of the caller.
func compileAgreement(firm schema.FirmID, r AgreementRules) (a *agreement, problems []error, err error) {
	if r.ID.IsZero() || r.Owner.IsZero() || r.Owner == firm || r.Recipient != firm {
		return nil, nil, fmt.Errorf("agreement %s from firm %s to firm %s opens nothing to firm %s: leave it out",
			r.ID, r.Owner, r.Recipient, firm)
	}
	a = &agreement{AgreementRules: r}
	var lines []line
	for i, t := range r.Terms {
		compiled, some, err := compileTerm(r.ID, r.Owner, i+1, t)
		if err != nil {
			problems = append(problems, fmt.Errorf("agreement %s (%s): %w", r.ID, r.Name, err))
			continue
		}
		a.terms, lines = append(a.terms, compiled), append(lines, some...)
	}
	if len(r.Terms) > maxTerms {
		problems = append(problems, fmt.Errorf("agreement %s (%s) has %d terms: %d are allowed; it opens nothing", r.ID, r.Name, len(r.Terms), maxTerms))
		a.terms, lines = nil, nil
	}
	a.shard = newShard(r.Owner.String(), lines, nil)
	return a, problems, nil
}

// CheckTerms tells what is wrong with the terms of a sharing agreement, before
// they are offered. The first mistake is named with the number of its term.
func CheckTerms(terms []schema.SharingTerm) error {
	if len(terms) == 0 || len(terms) > maxTerms {
		return fmt.Errorf("has %d terms: state 1 to %d", len(terms), maxTerms)
	}
	for i, t := range terms {
		if _, _, err := compileTerm(schema.ID{}, schema.FirmID{}, i+1, t); err != nil {
			return err
		}
	}
	return nil
}

// compileTerm turns a term into the rules that say the same, and reads them
// by the strict loader.
func compileTerm(id schema.ID, owner schema.FirmID, n int, t schema.SharingTerm) (*term, []line, error) {
	fail := func(format string, args ...any) (*term, []line, error) {
		return nil, nil, fmt.Errorf("term %d: %w", n, fmt.Errorf(format, args...))
	}
	kind := schema.KindNamed(t.Kind)
	switch {
	case kind == nil:
		return fail("kind %q is not known: name a kind of this version", t.Kind)
	case kind.Private:
		return fail("kind %s is private: it cannot be shared, take the term out", kind)
	case scopeOf[t.Level] == "":
		return fail("level %q is not known: write ALL, FILTER, GRANTED or CHILDREN", t.Level)
	case t.Level == schema.ShareChildren && kind.Parent == nil:
		return fail("kind %s belongs to no other record: CHILDREN opens nothing, write ALL, FILTER or GRANTED", kind)
	case (t.Level == schema.ShareFilter) != (len(t.Filter) > 0):
		return fail("a filter goes with level FILTER, and level FILTER with a filter")
	case !slices.Contains(t.Actions, string(Read)):
		return fail("the actions %q lack read: nobody can work with what it does not see", t.Actions)
	}
	c := &term{
		kind: kind, level: t.Level, memo: make([]atomic.Pointer[cell], actionCount),
		subject: agreementPrefix + id.String() + "/" + strconv.Itoa(n),
	}
	if t.Level == schema.ShareChildren {
		c.subject = childPrefix + kind.Name
	}
	if t.Level == schema.ShareFilter {
		f, err := ParseShareFilter(kind, t.Filter)
		if err != nil {
			return fail("filter: %w", err)
		}
		c.filter = f
	}
	lines, err := c.lines(owner, n, t)
	if err != nil {
		return fail("%w", err)
	}
	return c, lines, nil
}

// lines gives the rules of a term; the basic fields are always among them.
func (c *term) lines(owner schema.FirmID, n int, t schema.SharingTerm) ([]line, error) {
	d := dialect{
		domain: owner.String(), scopes: []string{scopeOf[c.level]}, allows: true,
		subject: func(subject string) error { return oneOf("subject", subject, []string{c.subject}) },
	}
	var lines []line
	for _, action := range t.Actions {
		if err := oneOf("action", action, texts(shareable())); err != nil {
			return nil, err
		}
		for _, class := range append([]schema.Class{schema.Basic}, t.Classes...) {
			if err := oneOf("class", string(class), texts(openClasses())); err != nil {
				return nil, err
			}
			tokens := []string{c.subject, d.domain, c.kind.Name, action, scopeOf[c.level], string(class), effectAllow}
			more, err := d.rule(tokens, fmt.Sprintf("term %d (%s %s: %s of %s)", n, c.kind, c.level, action, class))
			if err != nil {
				return nil, err
			}
			lines = append(lines, more...)
		}
	}
	return lines, nil
}

// openClasses are the classes that can be shown to another firm.
func openClasses() []schema.Class {
	return []schema.Class{schema.Basic, schema.Personal, schema.Commercial}
}

// verdict tells what a term allows.
func (a *agreement) verdict(t *term, action Action) Verdict {
	i := actionPlace(action)
	if i < 0 {
		return Verdict{}
	}
	c := t.memo[i].Load()
	if c == nil {
		asked, err := a.shard.ask(t.subject, t.kind, action)
		if err != nil {
			asked = cell{rule: err.Error()} // nothing is open where the rules cannot be asked
		}
		asked.outside(t.kind)
		c = &asked
		t.memo[i].Store(c)
	}
	return c.alone
}

// outside narrows a cell to what holds for another firm's readers: the loader
// has refused class internal already, and here is the second lock.
func (c *cell) outside(k *schema.Kind) {
	c.allow &^= k.FieldsOf(schema.Internal)
	c.alone = c.verdict()
}
