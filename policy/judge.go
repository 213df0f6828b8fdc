package policy

import "fondaco/schema"

// denied is the answer to whoever has nothing to say here.
var denied = &Verdict{}

// Decide tells what the principal may do with its own firm's records of a
// kind. The roles of a person add up, a rule that denies something to one of
// them takes it away whatever the others allow, and what no rule allows is
// denied. Asked again, it answers within nanoseconds and allocates nothing.
func (s *Snapshot) Decide(p Principal, k *schema.Kind, a Action) Verdict {
	j := s.For(&p)
	return *j.Judge(k, a)
}

// Judge answers the questions of one principal, one after another: who the
// principal is, is looked at once.
type Judge struct {
	s   *Snapshot
	p   *Principal
	set int // the memo's table, -1 for a principal who may do nothing here
}

// For gives the judge of a principal, which must not be changed meanwhile.
func (s *Snapshot) For(p *Principal) Judge {
	j := Judge{s, p, -1}
	switch {
	case p.Firm != s.rules.Firm: // of another firm
	case p.Actor == ActorUser || p.Actor == ActorToken:
		j.set = roleSet(p.Roles)
	case p.Actor == ActorEDI:
		j.set = tableEDI
	case p.Actor == ActorSystem:
		j.set = tableSystem
	}
	return j
}

// Judge is [Snapshot.Decide]. The verdict is shared by all who ask, and must
// not be changed.
func (j *Judge) Judge(k *schema.Kind, a Action) *Verdict {
	action := actionPlace(a)
	if j.set < 0 || action < 0 || j.p.Scopes != nil && !j.p.scoped(k, a) || !registered(k) {
		return denied
	}
	place := k.Place*actionCount + action
	if t := j.s.memo.tables[j.set].Load(); t != nil {
		if v := (*t)[place].Load(); v != nil {
			return v
		}
	}
	return j.first(place, k, a)
}

// first answers for the first time, and remembers.
func (j *Judge) first(place int, k *schema.Kind, a Action) *Verdict {
	var v Verdict
	switch j.set {
	case tableEDI:
		v = j.s.cell(place*subjectCount+placeEDI, k, a).alone
	case tableSystem:
		v = j.s.cell(place*subjectCount+placeSystem, k, a).alone
	default:
		v = j.s.sum(j.set, place*subjectCount, k, a)
	}
	j.s.memo.table(j.set)[place].Store(&v)
	return &v
}

// registered tells whether a kind is one of schema.Kinds.
func registered(k *schema.Kind) bool {
	kinds := schema.Kinds()
	return k.Place < len(kinds) && kinds[k.Place] == k
}
