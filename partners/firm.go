package partners

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/policy"
	"fondaco/schema"
)

// Host takes a firm in: from now on it lives on this node. firm gives its
// particulars by API name; a firm that lives here already is left as it is.
func (s *Service) Host(ctx context.Context, id schema.FirmID, firm Values) error {
	p := policy.System(id)
	p.Cause = "host"
	var rules *ruleSet
	err := s.transactWith(ctx, id, pgx.TxOptions{}, &rules, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "INSERT INTO hosted_firms (firm_id, hosted_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", uuid(id.ID()), s.Now())
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		w := &writer{service: s, tx: tx, rules: rules, principal: p, now: s.Now()}
		_, err = w.do(ctx, Command{Verb: Create, Kind: schema.Firms, ID: id.ID(), Values: firm})
		return err
	})
	if err == nil {
		s.news.tell()
	}
	return err
}

// Hosted lists the firms that live on this node.
func (s *Service) Hosted(ctx context.Context) ([]schema.FirmID, error) {
	rows, err := s.pool.Query(ctx, "SELECT h.firm_id FROM hosted_firms h ORDER BY h.firm_id")
	if err != nil {
		return nil, classify(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f schema.FirmID, err error) {
		return f, row.Scan((*[16]byte)(&f))
	})
	return list, classify(err)
}

// Principal gives the person with this id as a principal: the firm, the roles
// and the teams that the person has now. Someone unknown, inactive or without
// any role is not found.
func (s *Service) Principal(ctx context.Context, user schema.ID) (policy.Principal, error) {
	p := policy.Principal{User: schema.Ref[schema.User](user), Actor: policy.ActorUser}
	err := s.transact(ctx, readOnly, func(tx pgx.Tx) error {
		const owner = "SELECT r.owner_firm_id FROM records r WHERE r.id = $1 AND r.kind = 'User' AND r.deleted_at IS NULL"
		err := tx.QueryRow(ctx, owner, uuid(user)).Scan((*[16]byte)(&p.Firm))
		if errors.Is(err, pgx.ErrNoRows) {
			return schema.NotFound("User")
		}
		if err != nil {
			return err
		}
		if err := fence(ctx, tx, p.Firm); err != nil {
			return err
		}
		return loadRoles(ctx, tx, &p)
	})
	return p, err
}

// loadRoles reads the roles and the teams of a person.
func loadRoles(ctx context.Context, tx pgx.Tx, p *policy.Principal) error {
	const statement = `
		SELECT m.team, coalesce(m.roles, '{}')
		FROM memberships m
		JOIN users u ON u.holder_firm_id = m.holder_firm_id AND u.id = m.member
		WHERE m.holder_firm_id = $1 AND m.member = $2 AND m.deleted_at IS NULL AND u.active AND u.deleted_at IS NULL
		ORDER BY m.id`
	rows, err := tx.Query(ctx, statement, uuid(p.Firm.ID()), uuid(p.User.ID()))
	if err != nil {
		return err
	}
	var team pgtype.UUID
	var roles []schema.Role
	_, err = pgx.ForEachRow(rows, []any{&team, &roles}, func() error {
		if team.Valid {
			p.Teams = append(p.Teams, team.Bytes)
		}
		for _, r := range roles {
			if !slices.Contains(p.Roles, r) {
				p.Roles = append(p.Roles, r)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(p.Roles) == 0 {
		return schema.NotFound("User")
	}
	slices.Sort(p.Roles)
	return loadTeamMembers(ctx, tx, p)
}

// loadTeamMembers reads the people of the person's teams, and those of the
// teams below them.
func loadTeamMembers(ctx context.Context, tx pgx.Tx, p *policy.Principal) error {
	if len(p.Teams) == 0 {
		return nil
	}
	// UNION ends at a team that was met before, so that not even a circle, which no writer lets arise, goes on for ever.
	const statement = `
		WITH RECURSIVE below (team) AS (
			SELECT t.id
			FROM teams t
			WHERE t.holder_firm_id = $1 AND t.parent = ANY ($2) AND t.deleted_at IS NULL
			UNION
			SELECT t.id
			FROM below b
			JOIN teams t ON t.holder_firm_id = $1 AND t.parent = b.team AND t.deleted_at IS NULL
		)
		SELECT m.member, bool_or(m.team = ANY ($2))
		FROM memberships m
		WHERE m.holder_firm_id = $1 AND (m.team = ANY ($2) OR m.team IN (SELECT b.team FROM below b))
			AND m.deleted_at IS NULL AND m.member IS NOT NULL
		GROUP BY m.member
		ORDER BY m.member`
	rows, err := tx.Query(ctx, statement, uuid(p.Firm.ID()), uuids(p.Teams))
	if err != nil {
		return err
	}
	var member schema.Ref[schema.User]
	var mate bool
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&member), &mate}, func() error {
		if mate {
			p.TeamMembers = append(p.TeamMembers, member)
		} else {
			p.SubtreeMembers = append(p.SubtreeMembers, member)
		}
		return nil
	})
	return err
}

// May tells whether the principal of the context may do something with
// records of a kind in its own firm, by its roles and the firm's own rules.
// A door asks it before it begins something that ends in a write by a rule
// of the node.
func (s *Service) May(ctx context.Context, k *schema.Kind, a policy.Action) (bool, error) {
	p, err := principal(ctx)
	if err != nil {
		return false, err
	}
	var may bool
	var rules *ruleSet
	err = s.transactWith(ctx, p.Firm, readOnly, &rules, func(pgx.Tx) error {
		may = rules.Decide(p, k, a).Allowed
		return nil
	})
	return may, err
}
