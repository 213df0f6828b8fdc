package policy

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"fondaco/schema"
)

// maxTerms is how many terms one agreement may have.
const maxTerms = 20

// An agreement is a sharing agreement, compiled.
type agreement struct {
	AgreementRules
	terms  []*term
	times  []window // within all of which it is in force
	shard  *shard
	source *agreement // the agreement on which it rests, nil for one on the owner's own records
}

// rows gives the firm whose rows the agreement opens.
func (a *agreement) rows() schema.FirmID {
	if a.source != nil {
		return a.source.Owner
	}
	return a.Owner
}

// compileAgreement makes the shard of an agreement. Terms that cannot be
// understood are left out and returned as problems; an agreement that is not
// the firm's to read is an error of the caller.
func compileAgreement(firm schema.FirmID, r AgreementRules) (a *agreement, problems []error, err error) {
	if r.ID.IsZero() || r.Owner.IsZero() || r.Owner == firm || r.Recipient != firm {
		return nil, nil, fmt.Errorf("agreement %s from firm %s to firm %s opens nothing to firm %s: leave it out",
			r.ID, r.Owner, r.Recipient, firm)
	}
	a = &agreement{AgreementRules: r, times: r.windows()}
	if r.RestsOn != nil {
		if err := checkChain(firm, &r); err != nil {
			return a.closed(), []error{a.problem(err)}, nil
		}
		if a.source, problems, err = compileAgreement(r.Owner, *r.RestsOn); err != nil {
			return nil, nil, err
		}
	}
	if len(r.Terms) > maxTerms {
		return a.closed(), []error{a.problem(fmt.Errorf("has %d terms: %d are allowed; it opens nothing", len(r.Terms), maxTerms))}, nil
	}
	var lines []line
	for i, t := range r.Terms {
		compiled, some, err := compileTerm(r.ID, r.Owner, i+1, t)
		if err != nil {
			problems = append(problems, a.problem(err))
			continue
		}
		compiled.window = r.window(&t)
		a.terms, lines = append(a.terms, compiled), append(lines, some...)
	}
	a.shard = newShard(r.Owner.String(), nil, byTopic(lines))
	return a, problems, nil
}

// closed gives the agreement without anything that it opens.
func (a *agreement) closed() *agreement {
	a.terms, a.shard = nil, newShard(a.Owner.String(), nil)
	return a
}

func (a *agreement) problem(err error) error {
	return fmt.Errorf("agreement %s (%s): %w", a.ID, a.Name, err)
}

// checkChain holds an agreement that passes records on against the one on
// which it rests. Nobody passes on what was passed on.
func checkChain(firm schema.FirmID, r *AgreementRules) error {
	switch source := r.RestsOn; {
	case source.RestsOn != nil:
		return errors.New("rests on an agreement that rests on another one: what was passed on once cannot be passed on; it opens nothing")
	case source.Recipient != r.Owner:
		return errors.New("rests on an agreement with another firm than the one that passes on; it opens nothing")
	case source.Owner == firm:
		return errors.New("passes a firm's own records back to it; it opens nothing")
	}
	return nil
}

// openTo tells whether people of the principal's teams are meant by the
// recipient and by the term. A rule of the node belongs to every team; the
// node itself, to which copies are sent, to none: at the other node nobody
// could tell for which of its teams a copy is.
func (r *reach) openTo(g *agreement, t *term) bool {
	for _, teams := range [][]schema.Ref[schema.Team]{g.Teams, t.teams} {
		if len(teams) == 0 || r.p.Actor == ActorSystem {
			continue
		}
		if r.p.Actor == ActorNode || !slices.ContainsFunc(teams, func(team schema.Ref[schema.Team]) bool { return slices.Contains(r.p.Teams, team) }) {
			return false
		}
	}
	return true
}

// open tells whether the agreement opens anything at an instant.
func (a *agreement) open(now time.Time) bool {
	for _, w := range a.times {
		if !w.holds(now) {
			return false
		}
	}
	return true
}

// open tells whether a term opens anything at an instant.
func (t *term) open(now time.Time) bool { return t.window.holds(now) }

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
	for r := range c.allow {
		c.allow[r] &^= k.FieldsOf(schema.Internal)
	}
	c.alone = c.verdict()
}
