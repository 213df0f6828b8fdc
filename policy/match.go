package policy

import (
	"slices"

	"fondaco/schema"
)

// Match is the reader of a view for one record in memory: it tells whether
// some path reaches the record, and which fields those that do show together.
//
// Parents gives the row of a record as it lies with its owner, as far as that
// is known here; of a row that lies elsewhere the header with ID and Owner is
// enough. Granted tells whether the record is granted to the reader's firm,
// in force, under the agreement. Whether the record was deleted is not asked.
func (v View) Match(e schema.Entity, parents func(kind *schema.Kind, id schema.ID) (schema.Entity, bool),
	granted func(agreement, id schema.ID) bool,
) (schema.Mask, bool) {
	m := matcher{v.Firm, parents, granted}
	var mask schema.Mask
	reached := false
	for i := range v.Paths {
		if shown, ok := m.match(&v.Paths[i], e); ok {
			mask, reached = mask|shown, true
		}
	}
	return mask, reached
}

// MatchOne is [View.Match] for one path: also for that of a count or an
// overlap, which Match leaves out.
func (v View) MatchOne(p *Path, e schema.Entity, parents func(kind *schema.Kind, id schema.ID) (schema.Entity, bool),
	granted func(agreement, id schema.ID) bool,
) bool {
	m := matcher{v.Firm, parents, granted}
	_, ok := m.match(p, e)
	return ok
}

type matcher struct {
	firm    schema.FirmID
	parents func(kind *schema.Kind, id schema.ID) (schema.Entity, bool)
	granted func(agreement, id schema.ID) bool
}

// match tells whether one path reaches the row, and what it shows.
func (m matcher) match(p *Path, e schema.Entity) (schema.Mask, bool) {
	h := e.Header()
	if p.Type == Member {
		return m.member(p, e)
	}
	// All others lead to rows that lie with their owner, another firm.
	if !h.Own() || h.Owner == m.firm {
		return 0, false
	}
	if slices.Contains(p.Except, h.Owner) {
		return 0, false
	}
	if a := schema.AudienceOf(e); p.Named && (a == nil || !slices.Contains(a.AudienceFirms, m.firm)) {
		return 0, false
	}
	ok := false
	switch p.Type {
	case Agreement:
		ok = h.Owner == p.Owner && p.Filter.Match(e)
	case Grant:
		ok = h.Owner == p.Owner && p.Filter.Match(e) && m.granted(p.Agreement, h.ID)
	case Addressed:
		a := schema.AddressOf(e)
		ok = a != nil && a.AddressedTo == m.firm && !a.SentAt.IsZero()
	case Parent, ParentOwned:
		ok = m.byParent(p, e)
	}
	return p.Mask, ok
}

func (m matcher) member(p *Path, e schema.Entity) (schema.Mask, bool) {
	h := e.Header()
	if h.Holder != m.firm || p.Within != FirmRows && (!h.Own() || !slices.Contains(p.Keepers, keeper(e))) {
		return 0, false
	}
	if !h.Own() {
		return p.Mask & h.Mask, true
	}
	a := schema.AudienceOf(e)
	if a != nil && a.Audience == schema.AudienceIsTeam && !p.AllTeams && !slices.Contains(p.Teams, a.AudienceTeam) {
		return 0, false
	}
	return p.Mask, true
}

func (m matcher) byParent(p *Path, e schema.Entity) bool {
	field := schema.KindOf(e).Parent
	id, ok := field.Value(e).(schema.ID)
	if !ok {
		return false
	}
	parent, ok := m.parents(field.Target(), id)
	if !ok {
		return false
	}
	if p.Type == ParentOwned {
		return parent.Header().Owner == m.firm
	}
	if !p.Named && parent.Header().Owner != e.Header().Owner {
		return false
	}
	return slices.ContainsFunc(p.Parent, func(up Path) bool {
		_, reached := m.match(&up, parent)
		return reached
	})
}
