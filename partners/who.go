package partners

import (
	"bytes"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/policy"
	"fondaco/schema"
)

// Viewer is a person of the asking firm or of a partner on its node, or another
// firm as such: one of the two. A firm sees what somebody or other of its people
// may see. Of people elsewhere nothing is known here; they see no more than
// their firm.
type Viewer struct {
	User schema.Ref[schema.User]
	Firm schema.FirmID
}

// ID is that of the person or the firm.
func (v Viewer) ID() schema.ID {
	if v.User.IsZero() {
		return v.Firm.ID()
	}
	return v.User.ID()
}

// Span is a part of a list that is ordered by id: the first so many behind an
// id. First is from 1 to PageLimit.
type Span struct {
	After schema.ID
	First int
}

func (s Span) check() error {
	if s.First < 1 || s.First > PageLimit {
		return invalid("first", "a page has 1 to %d entries", PageLimit)
	}
	return nil
}

// Seer is somebody who sees a record: which fields of it, and by which paths.
type Seer struct {
	Viewer
	Mask  schema.Mask
	Paths []SeerPath
}

// SeerPath is a way by which a record is seen, with the agreement that opens
// it if there is one, and the fields that it shows.
type SeerPath struct {
	Type      policy.PathType
	Agreement schema.ID
	Mask      schema.Mask
}

// Seers is a page of those who see a record, in the order of their ids.
type Seers struct {
	List    []Seer
	HasNext bool
}

// Who lists who sees a record: the people of the principal's firm and, if it
// is that firm's own record, the other firms to which it opened it. It is for
// administrators and auditors of the firm, and rules of the node. Of a record
// that nobody sees, or that does not exist, the list is empty.
func (s *Service) Who(ctx context.Context, record Record, span Span) (*Seers, error) {
	if err := span.check(); err != nil {
		return nil, err
	}
	found := &Seers{}
	err := s.inquire(ctx, Command{Verb: askedWho, Kind: record.Kind, ID: record.ID}, func(q *inquiry) error {
		if !q.audits() {
			return notAuditor()
		}
		e, err := q.row(ctx, record)
		if err != nil || e == nil {
			return err
		}
		list, err := q.people(ctx)
		if err != nil {
			return err
		}
		firms, err := q.firms(ctx, e)
		if err != nil {
			return err
		}
		return q.who(ctx, e, append(list, firms...), span, found)
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// candidate is somebody who may turn out to see a record.
type candidate struct {
	Viewer
	person policy.Principal // if it is one
}

// firms lists the other firms that may see a record of the asking firm: its
// partners, those to which partners pass something on, and the one to which it
// is addressed.
func (q *inquiry) firms(ctx context.Context, e schema.Entity) ([]candidate, error) {
	if !e.Header().Own() || e.Header().Owner != q.principal.Firm {
		return nil, nil
	}
	list := q.rules.Partners()
	if err := fenceHosted(ctx, q.tx); err != nil {
		return nil, err
	}
	further, err := q.passedTo(ctx)
	if err != nil {
		return nil, err
	}
	if err := fence(ctx, q.tx, q.rules.fence...); err != nil {
		return nil, err
	}
	for _, firm := range further {
		if !slices.Contains(list, firm) {
			list = append(list, firm)
		}
	}
	if a := schema.AddressOf(e); a != nil && !a.AddressedTo.IsZero() && a.AddressedTo != q.principal.Firm && !slices.Contains(list, a.AddressedTo) {
		list = append(list, a.AddressedTo)
	}
	all := make([]candidate, len(list))
	for i, firm := range list {
		all[i].Firm = firm
	}
	return all, nil
}

// who asks the candidates in their order, until the page is full.
func (q *inquiry) who(ctx context.Context, e schema.Entity, list []candidate, span Span, found *Seers) error {
	compare := func(a, b schema.ID) int { return bytes.Compare(a[:], b[:]) }
	slices.SortFunc(list, func(a, b candidate) int { return compare(a.ID(), b.ID()) })
	// People first, under the fence that stands; to ask for a firm moves it.
	seers := map[schema.ID]Seer{}
	for _, c := range list {
		if len(seers) > span.First {
			break // the page ends before the next person
		}
		if !c.User.IsZero() && compare(c.ID(), span.After) > 0 {
			if seer, ok := q.member(c.person).sees(ctx, q, e); ok {
				seer.Viewer = c.Viewer
				seers[c.ID()] = seer
			}
		}
	}
	clear(q.rows)
	for _, c := range list {
		if compare(c.ID(), span.After) <= 0 {
			continue
		}
		seer, ok := seers[c.ID()]
		if c.User.IsZero() {
			s, err := q.firm(ctx, policy.System(c.Firm))
			if err != nil {
				return err
			}
			seer, ok = s.sees(ctx, q, e)
			seer.Viewer = c.Viewer
		}
		if !ok {
			continue
		}
		if len(found.List) == span.First {
			found.HasNext = true
			return nil
		}
		found.List = append(found.List, seer)
	}
	return nil
}

// sees tells what the subject sees of a record.
func (s *subject) sees(ctx context.Context, q *inquiry, e schema.Entity) (Seer, bool) {
	var seer Seer
	seen := false
	view := s.view(schema.KindOf(e), policy.Read, q.now)
	every, paths := view.Kind.Every(), view.Paths
	for i := range paths {
		view.Paths = paths[i : i+1]
		mask, ok := view.Match(e, q.parents(ctx), q.granted(ctx))
		if !ok {
			continue
		}
		seen = true
		seer.Mask |= mask & every
		seer.Paths = append(seer.Paths, SeerPath{paths[i].Type, paths[i].Agreement, mask & every})
	}
	return seer, seen
}

// people lists all who can sign in for the asking firm, as principals.
func (q *inquiry) people(ctx context.Context) ([]candidate, error) {
	const statement = `
		SELECT m.member, m.team, coalesce(m.roles, '{}'), u.active AND u.deleted_at IS NULL
		FROM memberships m
		JOIN users u ON u.holder_firm_id = m.holder_firm_id AND u.id = m.member
		WHERE m.holder_firm_id = $1 AND m.deleted_at IS NULL
		ORDER BY m.id`
	firm := q.principal.Firm
	rows, err := q.tx.Query(ctx, statement, uuid(firm.ID()))
	if err != nil {
		return nil, err
	}
	staff := newStaff(firm)
	var user schema.Ref[schema.User]
	var team pgtype.UUID
	var roles []schema.Role
	var active bool
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&user), &team, &roles, &active}, func() error {
		staff.member(user, team.Bytes, roles, active)
		return nil
	})
	if err != nil {
		return nil, err
	}
	const tree = "SELECT t.id, t.parent FROM teams t WHERE t.holder_firm_id = $1 AND t.parent IS NOT NULL AND t.deleted_at IS NULL"
	if rows, err = q.tx.Query(ctx, tree, uuid(firm.ID())); err != nil {
		return nil, err
	}
	var part, whole schema.Ref[schema.Team]
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&part), (*[16]byte)(&whole)}, func() error {
		staff.below[whole] = append(staff.below[whole], part)
		return nil
	})
	return staff.candidates(), err
}
