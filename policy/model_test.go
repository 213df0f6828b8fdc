package policy

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fondaco/schema"
)

// The naive model says who sees a row in the words of the design, one row at a
// time, without paths. Only what a firm lets its own people do it takes from
// Decide, which has an oracle of its own.
type naive struct {
	*world
	p Principal
}

func (n naive) mask(e schema.Entity, a Action) schema.Mask {
	h, k := e.Header(), schema.KindOf(e)
	// Rows of other firms nobody here keeps.
	own := n.snap.Decide(n.p, k, a).Within[FirmRows]
	if n.p.Actor == ActorNode {
		own = schema.AllFields
	} else if mine := n.snap.Decide(n.p, k, a).Within[n.scope(e)]; mine != 0 && h.Holder == home && n.inTeam(e) {
		if h.Owner != home {
			return mine&h.Mask | reachedBit
		}
		return mine | reachedBit
	}
	if h.Owner == home || h.Holder != h.Owner || own == 0 || k.Private || (k.HasAudience && !n.names(e)) {
		return 0
	}
	shown := n.builtIn(e, a)
	for _, g := range n.rules.Agreements {
		shown |= n.shared(g, e, a)
	}
	if shown &= own &^ k.FieldsOf(schema.Internal); shown == 0 {
		return 0
	}
	return shown | reachedBit
}

// scope gives how near to the reader the person is who keeps a row.
func (n naive) scope(e schema.Entity) RowScope {
	who := e.Header().CreatedBy
	if c, ok := e.(*schema.Customer); ok && !c.Assignee.IsZero() {
		who = c.Assignee
	}
	switch {
	case who.IsZero() || e.Header().Holder != e.Header().Owner:
		return FirmRows
	case who == n.p.User:
		return OwnRows
	case slices.Contains(n.p.TeamMembers, who):
		return TeamRows
	case slices.Contains(n.p.SubtreeMembers, who):
		return SubtreeRows
	}
	return FirmRows
}

// shared gives what one agreement shows of a row that another firm holds.
func (n naive) shared(g AgreementRules, e schema.Entity, a Action) (shown schema.Mask) {
	if !inForce(g) || !n.meant(g.Teams) {
		return 0
	}
	for _, t := range g.Terms {
		switch {
		case !n.says(t, e, a) || !n.meant(teamsOf(t)):
		case g.RestsOn == nil && n.reachedBy(g, g, t, e):
			shown |= fieldsOf(t)
		case g.RestsOn != nil && inForce(*g.RestsOn) && len(g.RestsOn.Teams) == 0 && !schema.KindOf(e).HasAudience && n.p.Actor != ActorNode:
			for _, from := range g.RestsOn.Terms {
				if from.Reshare && len(from.Teams) == 0 && n.says(from, e, a) && n.bothReach(g, t, from, e) {
					shown |= fieldsOf(t) & fieldsOf(from)
				}
			}
		}
	}
	return shown
}

// bothReach tells whether a row that a third firm shows to the owner of an
// agreement is passed on by it.
func (n naive) bothReach(g AgreementRules, t, from schema.SharingTerm, e schema.Entity) bool {
	if t.Level == schema.ShareGranted && from.Level == schema.ShareGranted {
		return false
	}
	if t.Level == schema.ShareChildren || from.Level == schema.ShareChildren {
		return t.Level == schema.ShareChildren && (from.Level == schema.ShareChildren || from.Level == schema.ShareAll) &&
			n.reachedBy(*g.RestsOn, g, t, e)
	}
	return n.reachedBy(*g.RestsOn, *g.RestsOn, from, e) && n.reachedBy(*g.RestsOn, g, t, e)
}

// says tells whether a term speaks of a kind and an action, today.
func (n naive) says(t schema.SharingTerm, e schema.Entity, a Action) bool {
	return t.Kind == schema.KindOf(e).Name && slices.Contains(t.Actions, string(a)) &&
		(t.ValidUntil.IsZero() || !t.ValidUntil.Before(schema.DateOf(noon)))
}

// reachedBy tells whether a term reaches a row of the firm whose rows they are.
func (n naive) reachedBy(rows, g AgreementRules, t schema.SharingTerm, e schema.Entity) bool {
	up, parent := n.up(e)
	if t.Level == schema.ShareChildren {
		if schema.KindOf(e).HasAudience && n.stranger(e) {
			return false
		}
		return parent && (schema.KindOf(e).HasAudience || up.Header().Owner == e.Header().Owner) && n.reads(up) && n.shared(g, up, Read) != 0
	}
	if e.Header().Owner != rows.Owner {
		return false
	}
	switch t.Level {
	case schema.ShareAll:
		return true
	case schema.ShareFilter: // the one filter that worlds have
		return e.(*schema.Customer).Country != "PT"
	case schema.ShareGranted:
		return n.granted(g.ID, e.Header().ID)
	}
	return false
}

// meant tells whether the reader is in one of the teams; no teams mean all people.
func (n naive) meant(list []schema.Ref[schema.Team]) bool {
	return len(list) == 0 || n.p.Actor == ActorSystem || n.p.Actor != ActorNode && slices.ContainsFunc(list, func(team schema.Ref[schema.Team]) bool {
		return slices.Contains(n.p.Teams, team)
	})
}

func teamsOf(t schema.SharingTerm) (list []schema.Ref[schema.Team]) {
	for _, team := range t.Teams {
		list = append(list, schema.Ref[schema.Team](team))
	}
	return list
}

func inForce(g AgreementRules) bool {
	within := func(from, until time.Time) bool { return !noon.Before(from) && (until.IsZero() || noon.Before(until)) }
	return within(g.From, g.Until) && !slices.ContainsFunc(g.Requires, func(q Requirement) bool { return !within(q.From, q.Until) }) &&
		(g.RestsOn == nil || inForce(*g.RestsOn))
}

// fieldsOf gives the fields that a term shows of a row that it reaches.
func fieldsOf(t schema.SharingTerm) schema.Mask {
	k := schema.KindNamed(t.Kind)
	mask := k.FieldsOf(append(t.Classes, schema.Basic)...)
	for _, set := range FieldSets(k) {
		if slices.Contains(t.FieldSets, set.Name) {
			mask |= set.Fields
		}
	}
	return mask
}

// builtIn gives what is seen without an agreement.
func (n naive) builtIn(e schema.Entity, a Action) schema.Mask {
	k, all := schema.KindOf(e), schema.KindOf(e).Every()
	up, parent := n.up(e)
	switch to := schema.AddressOf(e); {
	case a != Read && a != Export, k == schema.Contacts:
		return 0
	case to != nil && to.AddressedTo == home && !to.SentAt.IsZero():
		return all
	case n.stranger(e):
		return 0
	case k.HasAudience && parent && up.Header().Owner == home:
		return all
	case !k.HasAudience && parent && up.Header().Owner == e.Header().Owner && n.reads(up) && n.builtIn(up, Read) != 0:
		return all
	}
	return 0
}

// stranger tells whether a row is of a firm that is no partner, and of which
// some firm passes on records.
func (n naive) stranger(e schema.Entity) bool {
	return !slices.Contains(n.rules.Partners, e.Header().Owner) && slices.ContainsFunc(n.rules.Agreements, func(g AgreementRules) bool {
		return g.RestsOn != nil && g.RestsOn.Owner == e.Header().Owner
	})
}

// reads tells whether the reader may meet a parent row that another firm holds.
func (n naive) reads(e schema.Entity) bool {
	h, k := e.Header(), schema.KindOf(e)
	return h.Owner != home && h.Holder == h.Owner && (!k.HasAudience || n.names(e)) &&
		(n.p.Actor == ActorNode || n.snap.Decide(n.p, k, Read).Within[FirmRows] != 0)
}

func (n naive) up(e schema.Entity) (schema.Entity, bool) {
	if f := schema.KindOf(e).Parent; f != nil && f.Value(e) != nil {
		return n.row(f.Target(), f.Value(e).(schema.ID))
	}
	return nil, false
}

func (n naive) names(e schema.Entity) bool {
	return slices.Contains(schema.AudienceOf(e).AudienceFirms, home)
}

func (n naive) inTeam(e schema.Entity) bool {
	a := schema.AudienceOf(e)
	return a == nil || a.Audience != schema.AudienceIsTeam || e.Header().Owner != home || n.p.Actor == ActorSystem ||
		slices.Contains(n.p.Teams, a.AudienceTeam)
}

func TestViewIsTheNaiveModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t).compiled(t)
		p := drawPrincipal(t)
		a := rapid.SampledFrom([]Action{Read, Read, Read, Comment, Export, Edit}).Draw(t, "action")
		for _, e := range w.rows {
			if got, want := w.sees(p, e, a), (naive{w, p}).mask(e, a); got != want {
				t.Fatalf("%s %v of firm %d: view shows %x, the model %x, to %+v\nunder %+v\nby %+v", schema.KindOf(e), e.Header().ID,
					e.Header().Owner[15], uint64(got), uint64(want), p, w.rules, w.snap.View(p, schema.KindOf(e), a, noon).Paths)
			}
		}
	})
}
