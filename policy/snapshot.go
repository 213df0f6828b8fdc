package policy

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"fondaco/schema"
)

// Snapshot is the policy for the readers of one firm, at one epoch. It never
// changes, and may be asked by many at once: a change of policy makes a new
// snapshot. What it was asked once it answers from memory.
type Snapshot struct {
	rules      Rules
	firm       *shard
	own        []line // the firm's own, beside the shipped ones
	memo       *memo
	agreements []*agreement
	strangers  []schema.FirmID // no partners, but firms whose rows a partner passes on
	turns      []time.Time     // the instants at which agreements or terms begin and end, in order
	problems   []error
	refusals   []Refusal
}

// Compile makes a snapshot. A mistake in the firm's overrides is an error that
// names line and remedy: the caller goes on with the snapshot that it has, or
// lets [Salvage] make one. A term of an agreement that cannot be understood, because a partner's newer
// node wrote it, opens nothing and is listed by [Snapshot.Problems]; it cannot
// hold up the rest, or a partner could keep a revocation from taking effect.
func Compile(r Rules) (*Snapshot, error) {
	if r.Firm.IsZero() {
		return nil, errors.New("compile policy: the firm must be stated")
	}
	firm, own, err := compileFirm(r.Firm, r.Overrides)
	if err != nil {
		return nil, fmt.Errorf("compile policy of firm %s: %w", r.Firm, err)
	}
	s := &Snapshot{
		rules: r, firm: firm, own: own,
		memo: newMemo(),
	}
	for _, rules := range r.Agreements {
		a, problems, err := compileAgreement(r.Firm, rules)
		if err != nil {
			return nil, fmt.Errorf("compile policy of firm %s: %w", r.Firm, err)
		}
		s.agreements = append(s.agreements, a)
		s.problems = append(s.problems, problems...)
		s.turns = append(s.turns, rules.turns()...)
		if from := a.rows(); from != a.Owner && !slices.Contains(r.Partners, from) && !slices.Contains(s.strangers, from) {
			s.strangers = append(s.strangers, from)
		}
	}
	slices.SortFunc(s.turns, time.Time.Compare)
	return s, nil
}

func compileFirm(firm schema.FirmID, overrides string) (*shard, []line, error) {
	if err := warmed(); err != nil {
		return nil, nil, err
	}
	own, err := parseOverrides(firm, overrides)
	if err != nil {
		return nil, nil, err
	}
	book := shipped()
	s := newShard(firm.String(), book.edges, book.about, byTopic(own))
	if len(own) > 0 {
		err = keepsAdministrators(s)
	}
	return s, own, err
}

// lines gives the shipped lines and the firm's own.
func (s *Snapshot) lines() []line { return slices.Concat(shipped().lines, s.own) }

// Firm is the firm whose readers the snapshot judges.
func (s *Snapshot) Firm() schema.FirmID { return s.rules.Firm }

// Epoch is the state of the firm's policy that the snapshot holds.
func (s *Snapshot) Epoch() int64 { return s.rules.Epoch }

// Partners are the firms whose partnership with the firm is active.
func (s *Snapshot) Partners() []schema.FirmID { return slices.Clone(s.rules.Partners) }

// Problems lists the terms of agreements that open nothing because they could
// not be understood.
func (s *Snapshot) Problems() []error { return slices.Clone(s.problems) }

// Verdict is what the rules of a firm say to one of its own members.
type Verdict struct {
	// Allowed tells whether the action is allowed on the firm's own records of the kind.
	Allowed bool
	// Mask has the fields concerned: those that may be seen, for a read, and those that may be set, for a write. It
	// holds for the rows for which most is allowed, the person's own; see Within and [Snapshot.DecideOn].
	Mask schema.Mask
	// Within has the fields concerned by row scope: at FirmRows those of every row, at TeamRows those of rows that
	// somebody in a team of the person keeps, and so on. What a scope has, each narrower one has too.
	Within [rowScopes]schema.Mask
	// Rule is the rule that decided, with its source; "" when no rule speaks of it, which is a no.
	Rule string
}

// DecideOn is [Snapshot.Decide] for one record of the principal's own firm: it
// judges by the row scope in which that record lies. Of a record that does not
// lie with the firm it tells nothing: see [Snapshot.View].
func (s *Snapshot) DecideOn(p Principal, e schema.Entity, a Action) Verdict {
	v := s.Decide(p, schema.KindOf(e), a)
	if v.Mask = v.Within[p.rowScopeOf(e)]; e.Header().Holder != s.rules.Firm {
		v.Mask = 0
	}
	v.Allowed = v.Mask != 0
	return v
}

// place gives the first of the memo's cells for a kind and action, -1 if the
// action is unknown.
func (s *Snapshot) place(k *schema.Kind, a Action) int {
	action := actionPlace(a)
	if action < 0 {
		return -1
	}
	return (k.Place*actionCount + action) * subjectCount
}

// sum adds up what the roles of a person allow, and takes away what any of
// them is denied.
func (s *Snapshot) sum(set, place int, k *schema.Kind, a Action) Verdict {
	var sum cell
	for i := range placeEDI {
		if set&(1<<i) == 0 {
			continue
		}
		c := s.cell(place+i, k, a)
		for r := range c.allow {
			sum.allow[r], sum.deny[r] = sum.allow[r]|c.allow[r], sum.deny[r]|c.deny[r]
		}
		sum.need |= c.need
		if sum.rule == "" || c.deny != [rowScopes]schema.Mask{} {
			sum.rule = c.rule
		}
	}
	return sum.verdict()
}

// cell answers from the memo, or asks Casbin and remembers.
func (s *Snapshot) cell(place int, k *schema.Kind, a Action) *cell {
	if c := s.memo.cells[place].Load(); c != nil {
		return c
	}
	return s.fill(place, k, a)
}

// fill asks Casbin. When two ask at once, both get the same answer.
func (s *Snapshot) fill(place int, k *schema.Kind, a Action) *cell {
	c, err := s.firm.ask(subjectNamed(place%subjectCount, k), k, a)
	if err != nil {
		c = cell{rule: err.Error()} // nothing is allowed where the rules cannot be asked
	}
	if place%subjectCount >= placeAddressed {
		c.outside(k)
	}
	s.memo.cells[place].Store(&c)
	return &c
}
