package policy

import (
	"fmt"
	"slices"
	"strings"

	"fondaco/schema"
)

// explainer collects the reasons for one record. It walks the same ways as
// reach and matcher do, and keeps what it meets instead of leaving it.
type explainer struct {
	Question
	kind    *schema.Kind
	h       *schema.Record
	m       matcher
	reach   reach
	reasons []Reason
}

// draft is a reason that is being written.
type draft struct {
	Reason
	mask   schema.Mask
	copied bool // the record is a copy that the principal's firm holds
}

func (d *draft) clause(code string, holds bool, format string, args ...any) {
	d.Clauses = append(d.Clauses, Clause{code, fmt.Sprintf(format, args...), holds})
}

func (d *draft) rules(text string) {
	for rule := range strings.SplitSeq(text, "\n") {
		if rule != "" && !slices.Contains(d.Rules, rule) {
			d.Rules = append(d.Rules, rule)
		}
	}
}

// close adds the condition on the field, and decides.
func (x *explainer) close(d draft) {
	if x.Field != nil {
		d.clause("field", d.mask.Has(x.Field.Bit), "shows field %s, of class %s", x.Field.Name, x.Field.Class)
	} else if !d.copied { // a copy is there, whatever fields it holds; all other ways are closed without a field
		d.clause("field", d.mask != 0, "shows a field at least")
	}
	d.Holds = !slices.ContainsFunc(d.Clauses, func(c Clause) bool { return !c.Holds })
	if d.Holds {
		d.Mask = d.mask
	}
	x.reasons = append(x.reasons, d.Reason)
}

// own adds what the principal's own firm lets it do with records of other
// firms, and narrows the mask to that. A node has no role that could narrow.
func (x *explainer) own(d *draft) {
	if x.Principal.Actor == ActorNode {
		return
	}
	v := x.role(d)
	d.clause("scope", v.Within[FirmRows] != 0, "reaches rows that nobody in the firm keeps, with scope firm")
	d.mask &= v.Within[FirmRows]
}

// role adds the conditions on roles and on a token's scopes.
func (x *explainer) role(d *draft) *Verdict {
	whole := x.Principal
	whole.Scopes = nil
	judge := x.reach.s.For(&whole)
	v := judge.Judge(x.kind, x.Action)
	d.rules(v.Rule)
	d.clause("role", v.Allowed, "%s may %s records of kind %s", x.who(), x.Action, x.kind)
	if x.Principal.Scopes != nil {
		d.clause("token", x.Principal.scoped(x.kind, x.Action), "the token's scopes have %s on %s", x.Action, x.kind)
	}
	return v
}

// who tells by which roles the principal acts.
func (x *explainer) who() string {
	switch x.Principal.Actor {
	case ActorUser, ActorToken:
		if len(x.Principal.Roles) == 0 {
			return "a person without a role"
		}
		return "role " + strings.Join(texts(x.Principal.Roles), ", ")
	case ActorEDI:
		return "role " + roleEDI
	case ActorSystem:
		return "role " + roleSystem
	case ActorNode:
	}
	return "who is no member of the firm"
}

// member explains the way to what lies with the principal's own firm.
func (x *explainer) member() {
	if x.h.Holder != x.m.firm {
		return
	}
	d := draft{Reason: Reason{Path: Member.String()}}
	v := x.role(&d)
	d.mask = v.Mask
	if v.Allowed {
		within := x.Principal.rowScopeOf(x.Record)
		reached, _ := widest(v.Within, schema.AllFields)
		d.clause("scope", v.Within[within] != 0, "reaches rows of scope %s; this one is of scope %s", reached, within)
		d.mask = v.Within[within]
	}
	if !x.h.Own() {
		d.mask, d.copied = d.mask&x.h.Mask, true
	} else if a := schema.AudienceOf(x.Record); a != nil && a.Audience == schema.AudienceIsTeam && x.Principal.Actor != ActorSystem {
		d.clause("audience", slices.Contains(x.Principal.Teams, a.AudienceTeam), "belongs to team %s, for which the record is meant", a.AudienceTeam)
	}
	x.close(d)
}

// foreign adds the conditions on every row of another firm.
func (x *explainer) foreign(d *draft) {
	d.clause("holder", x.h.Own(), "lies with its owner on this node")
	if a := schema.AudienceOf(x.Record); x.kind.HasAudience {
		d.clause("audience", a != nil && slices.Contains(a.AudienceFirms, x.m.firm), "has an audience that names the firm")
	}
}

// partner adds, where it does not hold, the condition that the firm which owns
// the record is a partner: rows of a firm may lie within reach only because
// another one passes some of them on.
func (x *explainer) partner(d *draft) {
	if slices.Contains(x.reach.s.strangers, x.h.Owner) {
		d.clause("partnership", false, "belongs to a firm with which the partnership is active")
	}
}

// builtIn explains the ways that need no agreement.
func (x *explainer) builtIn() {
	addressed := x.reach.s.builtIn(placeAddressed, x.kind, x.Action)
	child := x.reach.s.builtIn(placeChild, x.kind, x.Action)
	start := func(t PathType, v Verdict) draft {
		d := draft{Reason: Reason{Path: t.String()}, mask: v.Mask}
		d.rules(v.Rule)
		d.clause("action", v.Allowed, "the rules between firms allow %s on %s without an agreement", x.Action, x.kind)
		x.foreign(&d)
		return d
	}
	if x.kind == schema.Firms {
		d := start(Agreement, addressed)
		d.clause("agreement", slices.Contains(x.reach.s.rules.Partners, x.h.Owner), "is a firm with which the partnership is active")
		x.own(&d)
		x.close(d)
	}
	if a := schema.AddressOf(x.Record); x.kind.HasAddress && a != nil {
		d := start(Addressed, addressed)
		d.clause("address", a.AddressedTo == x.m.firm && !a.SentAt.IsZero(), "was addressed to the firm, and sent")
		x.own(&d)
		x.close(d)
	}
	switch {
	case x.kind.Parent == nil:
	case x.kind.HasAudience:
		d := start(ParentOwned, child)
		d.clause("parent", x.m.byParent(&Path{Type: ParentOwned}, x.Record), "belongs to a %s of the firm's own", x.kind.Parent.Target())
		x.partner(&d)
		x.own(&d)
		x.close(d)
	default:
		up := x.reach.builtIn(x.kind.Parent.Target(), Read)
		if len(up) == 0 {
			return
		}
		d := start(Parent, child)
		d.clause("parent", x.m.byParent(&Path{Type: Parent, Parent: up}, x.Record), "belongs to a %s of the same owner that is reached without an agreement", x.kind.Parent.Target())
		x.partner(&d)
		x.own(&d)
		x.close(d)
	}
}
