package policy

import (
	"slices"
	"time"

	"fondaco/schema"
)

// Question asks why a principal may do something with a record, or why not.
type Question struct {
	Principal Principal
	// Record is the row as it lies with its owner, or the copy that the principal's firm holds.
	Record schema.Entity
	// Field is the field that is asked about, nil for the record as such.
	Field  *schema.Field
	Action Action
	Now    time.Time
	// Parents and Granted are those of [View.Match].
	Parents func(kind *schema.Kind, id schema.ID) (schema.Entity, bool)
	Granted func(agreement, id schema.ID) bool
}

// Explanation answers a Question. It tells of agreements, rules and rows what
// the view takes into account, all of it: show the reasons that do not hold to
// those alone who administer the firm that owns the record.
type Explanation struct {
	// Allowed tells whether some reason holds.
	Allowed bool `json:"allowed"`
	// Mask has the fields that the reasons that hold show together.
	Mask schema.Mask `json:"mask"`
	// Reasons are all ways by which the record could be reached: first those that hold, then the others, the one
	// that lacks least first.
	Reasons []Reason `json:"reasons"`
}

// Reason is one way by which a record is reached, or could be.
type Reason struct {
	// Path is the name of the way: member, agreement, grant, addressed, parent or parentOwned.
	Path string `json:"path"`
	// Agreement is the sharing agreement on which it rests, nil for none.
	Agreement *Basis `json:"agreement,omitempty"`
	// Rules are the lines of policy that speak of it, each with its source.
	Rules []string `json:"rules,omitempty"`
	// Clauses are the conditions, all of which must hold.
	Clauses []Clause `json:"clauses"`
	// Holds tells whether all do.
	Holds bool `json:"holds"`
	// Mask has the fields that it shows, if it holds.
	Mask schema.Mask `json:"mask"`
}

// Basis is the sharing agreement on which a reason rests.
type Basis struct {
	ID       schema.ID     `json:"id"`
	Name     string        `json:"name"`
	Version  int64         `json:"version"`
	Grantor  schema.FirmID `json:"grantor"` // the firm that shares
	Owner    schema.FirmID `json:"owner"`   // the firm whose records are opened: another one, when they are passed on
	Term     int           `json:"term"`    // from 1; 0 when no term is on the kind
	Standing Standing      `json:"standing"`
	Purpose  string        `json:"purpose,omitempty"`
	From     time.Time     `json:"from,omitzero"`
	Until    time.Time     `json:"until,omitzero"`
}

// Clause is one condition of a reason.
type Clause struct {
	// Code names the condition: role, token, scope, audience, holder, agreement, term, teams, level, action, filter,
	// grant, parent, partnership, passedOn, address or field.
	Code  string `json:"code"`
	Text  string `json:"text"`
	Holds bool   `json:"holds"`
}

// Missing lists the conditions that do not hold.
func (r *Reason) Missing() []Clause {
	return slices.DeleteFunc(slices.Clone(r.Clauses), func(c Clause) bool { return c.Holds })
}

// Why lists the reasons that hold: dropping all of them makes the record
// invisible.
func (e *Explanation) Why() []Reason {
	return slices.DeleteFunc(slices.Clone(e.Reasons), func(r Reason) bool { return !r.Holds })
}

// WhyNot gives the reason that lacks least, and nothing when one holds or none
// is thinkable.
func (e *Explanation) WhyNot() (Reason, bool) {
	if e.Allowed || len(e.Reasons) == 0 {
		return Reason{}, false
	}
	return e.Reasons[0], true
}

// Explain tells by which paths a record is reached and why by no others. It
// looks at the same rules as [Snapshot.View], at agreements that have ended or
// not begun, and at those in [Rules.Closed].
func (s *Snapshot) Explain(q Question) Explanation {
	x := explainer{
		Question: q, kind: schema.KindOf(q.Record), h: q.Record.Header(),
		m:     matcher{s.rules.Firm, q.Parents, q.Granted},
		reach: reach{s: s, p: &q.Principal, judge: s.For(&q.Principal), now: q.Now},
	}
	if q.Principal.Firm != s.rules.Firm {
		return Explanation{}
	}
	x.member()
	if !x.kind.Private && x.h.Owner != s.rules.Firm {
		x.agreements()
		x.builtIn()
	}
	e := Explanation{Reasons: x.reasons}
	slices.SortStableFunc(e.Reasons, func(a, b Reason) int { return len(a.Missing()) - len(b.Missing()) })
	for _, r := range e.Reasons {
		if r.Holds {
			e.Allowed, e.Mask = true, e.Mask|r.Mask
		}
	}
	return e
}
