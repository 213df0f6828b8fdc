package partners

import (
	"context"

	"fondaco/policy"
	"fondaco/schema"
)

// Sighting is a record that somebody sees, and which fields of it.
type Sighting struct {
	ID    schema.ID
	Owner schema.FirmID
	Mask  schema.Mask
}

// Sightings is a page of the records that somebody sees, in the order of
// their ids.
type Sightings struct {
	List    []Sighting
	HasNext bool
}

// What lists the records of a kind that somebody sees: a person of the
// principal's firm all that it sees, another firm or a person of it what it sees
// of the asking firm's own records by what that opened itself. It is for
// administrators and auditors of the firm, and rules of the node.
func (s *Service) What(ctx context.Context, viewer Viewer, kind *schema.Kind, span Span) (*Sightings, error) {
	if err := span.check(); err != nil {
		return nil, err
	}
	if viewer.User.IsZero() == viewer.Firm.IsZero() {
		return nil, invalid("viewer", "name a person, or another firm than yours")
	}
	plan := &Plan{Kind: kind, Order: []Order{{}}, First: span.First}
	if !span.After.IsZero() {
		key := span.After.String()
		plan.After = s.seal(place{Order: orderName(kind, plan.Order), Key: &key, ID: span.After})
	}
	found := &Sightings{}
	var asker *reader
	var pages []*Page
	err := s.inquire(ctx, Command{Verb: askedWhat, Kind: kind}, func(q *inquiry) error {
		if !q.audits() {
			return notAuditor()
		}
		who, err := q.viewer(ctx, viewer)
		if err != nil {
			return err
		}
		asker = &reader{service: s, rules: q.rules, principal: q.principal, now: q.now}
		r := &reader{
			service: s, tx: q.tx, rules: &ruleSet{Snapshot: who.rules}, principal: who.principal, now: q.now, lens: who.lens,
			views: map[viewKey]policy.View{{kind, policy.Read}: who.view(kind, policy.Read, q.now)},
		}
		pages, err = r.roots(ctx, []*Plan{plan})
		return err
	})
	if err != nil {
		return nil, err
	}
	asker.audited(ctx, []*Plan{plan}, pages) // that other firms' records are there was told to the one who asked
	found.HasNext = pages[0].HasNext
	for _, row := range pages[0].Rows {
		found.List = append(found.List, Sighting{row.ID, row.Owner, row.Mask})
	}
	return found, nil
}

// viewer finds whose sight is asked for.
func (q *inquiry) viewer(ctx context.Context, v Viewer) (*subject, error) {
	if v.Firm == q.principal.Firm {
		return nil, invalid("viewer", "name another firm than your own, or a person of yours")
	}
	if !v.Firm.IsZero() {
		return q.firm(ctx, policy.System(v.Firm))
	}
	firm, err := q.employer(ctx, v.User)
	if err != nil {
		return nil, err
	}
	p := policy.Principal{Firm: firm, User: v.User, Actor: policy.ActorUser}
	if firm != q.principal.Firm {
		return q.firm(ctx, p)
	}
	if err := loadRoles(ctx, q.tx, &p); err != nil {
		return nil, err
	}
	return q.member(p), nil
}
