package partners

import (
	"context"
	"fmt"

	"fondaco/schema"
)

// teamDepth is how many teams may lie above one another.
const teamDepth = 16

// beforeTeam keeps the teams of a firm a tree: no team lies below itself, and
// none deeper than teamDepth.
func beforeTeam(ctx context.Context, w *writer, _ Command, old, e schema.Entity) error {
	t := e.(*schema.Team)
	if t.Parent.IsZero() || old != nil && old.(*schema.Team).Parent == t.Parent {
		return nil
	}
	// Two who move teams at once could make a circle of which neither sees the other half.
	if _, err := w.tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", "teams of "+t.Holder.String()); err != nil {
		return err
	}
	const statement = `
		WITH RECURSIVE above (team, steps) AS (
			SELECT $2::uuid, 1
			UNION ALL
			SELECT t.parent, a.steps + 1
			FROM above a
			JOIN teams t ON t.holder_firm_id = $1 AND t.id = a.team AND t.parent IS NOT NULL
			WHERE a.steps <= $4 AND a.team <> $3
		), below (team, steps) AS (
			SELECT $3::uuid, 1
			UNION ALL
			SELECT t.id, b.steps + 1
			FROM below b
			JOIN teams t ON t.holder_firm_id = $1 AND t.parent = b.team
			WHERE b.steps <= $4
		)
		SELECT (SELECT bool_or(a.team = $3) FROM above a), (SELECT max(a.steps) FROM above a) + (SELECT max(b.steps) FROM below b)`
	var circle bool
	var depth int
	err := w.tx.QueryRow(ctx, statement, uuid(t.Holder.ID()), uuid(t.Parent.ID()), uuid(t.ID), teamDepth).Scan(&circle, &depth)
	switch {
	case err != nil:
		return fmt.Errorf("look at the teams above team %s: %w", t.ID, err)
	case circle:
		return invalid("parent", "a team cannot be part of itself, or of one of its own parts; choose another team")
	case depth > teamDepth:
		return invalid("parent", "teams can lie %d deep at most; choose a team further up", teamDepth)
	}
	return nil
}
