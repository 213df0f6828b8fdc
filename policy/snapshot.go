package policy

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"fondaco/schema"
)

// Snapshot is the policy for the readers of one firm, at one epoch. It never
// changes, and may be asked by many at once: a change of policy makes a new
// snapshot. What it was asked once it answers from memory.
type Snapshot struct {
	rules      Rules
	firm       *shard
	memo       []atomic.Pointer[cell] // by subject, kind and action
	agreements []*agreement
	problems   []error
}

// Compile makes a snapshot. A mistake in the firm's overrides is an error that
// names line and remedy: the caller goes on with the snapshot that it has. A
// term of an agreement that cannot be understood, because a partner's newer
// node wrote it, opens nothing and is listed by [Snapshot.Problems]; it cannot
// hold up the rest, or a partner could keep a revocation from taking effect.
func Compile(r Rules) (*Snapshot, error) {
	if r.Firm.IsZero() {
		return nil, errors.New("compile policy: the firm must be stated")
	}
	firm, err := compileFirm(r.Firm, r.Overrides)
	if err != nil {
		return nil, fmt.Errorf("compile policy of firm %s: %w", r.Firm, err)
	}
	s := &Snapshot{
		rules: r, firm: firm,
		memo: make([]atomic.Pointer[cell], subjectCount*len(kindNames)*actionCount),
	}
	for _, rules := range r.Agreements {
		a, problems, err := compileAgreement(r.Firm, rules)
		if err != nil {
			return nil, fmt.Errorf("compile policy of firm %s: %w", r.Firm, err)
		}
		s.agreements = append(s.agreements, a)
		s.problems = append(s.problems, problems...)
	}
	return s, nil
}

func compileFirm(firm schema.FirmID, overrides string) (*shard, error) {
	own, err := parseOverrides(firm, overrides)
	if err != nil {
		return nil, err
	}
	book := shipped()
	s := newShard(firm.String(), slices.Concat(book.lines, own), book.edges)
	if len(own) > 0 {
		err = keepsAdministrators(s)
	}
	return s, err
}

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
	// Mask has the fields concerned: those that may be seen, for a read, and those that may be set, for a write.
	Mask schema.Mask
	// Rule is the rule that decided, with its source; "" when no rule speaks of it, which is a no.
	Rule string
}

// Decide tells what the principal may do with its own firm's records of a
// kind. The roles of a person add up, a rule that denies something to one of
// them takes it away whatever the others allow, and what no rule allows is
// denied. Asked again, it answers within nanoseconds and allocates nothing.
func (s *Snapshot) Decide(p Principal, k *schema.Kind, a Action) Verdict {
	if c := s.remembered(&p, k, a); c != nil {
		return c.alone
	}
	return s.decide(&p, k, a)
}

// remembered is the short way for a person with one role, which most have:
// the cell, or nil if it was not asked before or the long way must be gone.
func (s *Snapshot) remembered(p *Principal, k *schema.Kind, a Action) *cell {
	if len(p.Roles) != 1 || p.Actor != ActorUser || p.Scopes != nil || p.Firm != s.rules.Firm {
		return nil
	}
	action, role := actionPlace(a), rolePlace(p.Roles[0])
	if action < 0 || role < 0 {
		return nil
	}
	return s.memo[(k.Place*actionCount+action)*subjectCount+role].Load()
}

func (s *Snapshot) decide(p *Principal, k *schema.Kind, a Action) Verdict {
	if p.Firm != s.rules.Firm {
		return Verdict{}
	}
	place := s.place(k, a)
	if place < 0 {
		return Verdict{}
	}
	var v Verdict
	switch p.Actor {
	case ActorUser, ActorToken:
		v = s.sum(p.Roles, place, k, a)
	case ActorEDI:
		v = s.cell(place+placeEDI, k, a).alone
	case ActorSystem:
		v = s.cell(place+placeSystem, k, a).alone
	default:
		return Verdict{}
	}
	if p.Scopes != nil && !p.scoped(k, a) {
		return Verdict{}
	}
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
func (s *Snapshot) sum(roles []schema.Role, place int, k *schema.Kind, a Action) Verdict {
	var sum cell
	for _, role := range roles {
		i := rolePlace(role)
		if i < 0 {
			continue
		}
		c := s.cell(place+i, k, a)
		sum.allow, sum.deny, sum.need = sum.allow|c.allow, sum.deny|c.deny, sum.need|c.need
		if sum.rule == "" || c.deny != 0 {
			sum.rule = c.rule
		}
	}
	return sum.verdict()
}

// cell answers from the memo, or asks Casbin and remembers.
func (s *Snapshot) cell(place int, k *schema.Kind, a Action) *cell {
	if c := s.memo[place].Load(); c != nil {
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
	s.memo[place].Store(&c)
	return &c
}
