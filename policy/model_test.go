package policy

import (
	"slices"
	"testing"

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
	own := n.snap.Decide(n.p, k, a)
	if n.p.Actor == ActorNode {
		own = Verdict{Allowed: true, Mask: schema.AllFields}
	} else if own.Allowed && h.Holder == home && n.inTeam(e) {
		if h.Owner != home {
			return own.Mask&h.Mask | reachedBit
		}
		return own.Mask | reachedBit
	}
	if h.Owner == home || h.Holder != h.Owner || !own.Allowed || k.Private || (k.HasAudience && !n.names(e)) {
		return 0
	}
	shown := n.builtIn(e, a)
	for _, g := range n.rules.Agreements {
		shown |= n.shared(g, e, a)
	}
	if shown &= own.Mask &^ k.FieldsOf(schema.Internal); shown == 0 {
		return 0
	}
	return shown | reachedBit
}

// shared gives what one agreement shows of a row that another firm holds.
func (n naive) shared(g AgreementRules, e schema.Entity, a Action) (shown schema.Mask) {
	h, k := e.Header(), schema.KindOf(e)
	up, parent := n.up(e)
	for _, t := range g.Terms {
		ok := t.Kind == k.Name && slices.Contains(t.Actions, string(a)) && !noon.Before(g.From) && (g.Until.IsZero() || noon.Before(g.Until))
		switch t.Level {
		case schema.ShareFilter: // the one filter that worlds have
			ok = ok && h.Owner == g.Owner && e.(*schema.Customer).Country != "PT"
		case schema.ShareGranted:
			ok = ok && h.Owner == g.Owner && n.granted(g.ID, h.ID)
		case schema.ShareChildren:
			ok = ok && parent && (k.HasAudience || up.Header().Owner == h.Owner) && n.reads(up) && n.shared(g, up, Read) != 0
		default:
			ok = ok && h.Owner == g.Owner
		}
		if ok {
			shown |= k.FieldsOf(append(t.Classes, schema.Basic)...)
		}
	}
	return shown
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
	case k.HasAudience && parent && up.Header().Owner == home:
		return all
	case !k.HasAudience && parent && up.Header().Owner == e.Header().Owner && n.reads(up) && n.builtIn(up, Read) != 0:
		return all
	}
	return 0
}

// reads tells whether the reader may meet a parent row that another firm holds.
func (n naive) reads(e schema.Entity) bool {
	h, k := e.Header(), schema.KindOf(e)
	return h.Owner != home && h.Holder == h.Owner && (!k.HasAudience || n.names(e)) &&
		(n.p.Actor == ActorNode || n.snap.Decide(n.p, k, Read).Allowed)
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
