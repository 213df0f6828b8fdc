package partnerstest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fondaco/schema"
)

// Crowd says how many others live on a node beside those of a Market.
type Crowd struct {
	Firms  int
	Users  int // over all firms, each a member of one
	Grants int // of customers of the market's owners, over all firms
}

// Join brings a crowd onto the node of a market, with which neither the viewer
// nor anybody that it knows has to do but for being granted to. They are
// written in bulk, past the service: ten million grants take some minutes.
func (m *Market) Join(ctx context.Context, conn *pgx.Conn, c Crowd) error {
	if err := m.Drawn(ctx, conn); err != nil {
		return err
	}
	firms, firmValues := header(schema.Firms)
	users, userValues := header(schema.Users)
	members, memberValues := header(schema.Memberships)
	const drawnUsers = "(SELECT g.id, md5('u' || i)::uuid AS user, md5('m' || i)::uuid AS membership, i AS number FROM generate_series(1, $1::int) AS i JOIN crowd g ON g.number = i % $2)"
	for _, step := range []struct {
		statement string
		args      []any
	}{
		// While PostgreSQL analyzes a large table by itself, the VACUUM at the end could mark no page as seen by all.
		{"ALTER TABLE reach SET (autovacuum_enabled = false)", nil},
		{"CREATE TEMP TABLE crowd AS SELECT md5('f' || i)::uuid AS id, i AS number FROM generate_series(0, $1::int - 1) AS i", []any{c.Firms}},
		{"CREATE UNIQUE INDEX ON crowd (number)", nil},
		{"INSERT INTO records (id, kind, owner_firm_id) SELECT g.id, 'Firm', g.id FROM crowd g", nil},
		{"INSERT INTO firms (" + firms + ", legal_name) SELECT " + firmValues + ", 'Firm ' || x.number FROM crowd x JOIN LATERAL (SELECT x.id AS id) o ON true", nil},
		{"INSERT INTO hosted_firms (firm_id, hosted_at) SELECT g.id, '2026-01-01' FROM crowd g", nil},
		{"INSERT INTO policy_epochs (firm_id, epoch) SELECT g.id, 1 FROM crowd g", nil},
		{"INSERT INTO records (id, kind, owner_firm_id) SELECT u.user, 'User', u.id FROM " + drawnUsers + " u UNION ALL SELECT u.membership, 'Membership', u.id FROM " + drawnUsers + " u", []any{c.Users, c.Firms}},
		{"INSERT INTO users (" + users + ", name, email, active) SELECT " + userValues + ", 'User ' || x.number, x.number || '@example.com', true FROM (SELECT u.id AS firm, u.user AS id, u.number FROM " + drawnUsers + " u) x JOIN LATERAL (SELECT x.firm AS id) o ON true", []any{c.Users, c.Firms}},
		{"INSERT INTO memberships (" + members + ", member, roles) SELECT " + memberValues + ", x.member, ARRAY['SALES'] FROM (SELECT u.id AS firm, u.membership AS id, u.user AS member FROM " + drawnUsers + " u) x JOIN LATERAL (SELECT x.firm AS id) o ON true", []any{c.Users, c.Firms}},
		// The k-th grant is of the k-th customer, from the beginning again when there are no more, to the k-th firm: a
		// pair comes twice when both have come round, and then once more by another agreement.
		{`CREATE TEMP TABLE granted AS
			SELECT d.owner, d.id, row_number() OVER (ORDER BY d.place, d.number) - 1 AS number, count(*) OVER () AS many, c.sort_key
			FROM drawn d
			JOIN customers c ON c.holder_firm_id = d.owner AND c.id = d.id`, nil},
		{"CREATE UNIQUE INDEX ON granted (number)", nil},
		{`INSERT INTO reach (agreement_id, record_id, kind, firm_id, grant_id, owner_firm_id, sort_key)
			SELECT md5('a' || g.number || ' ' || k / r.many)::uuid, r.id, 'Customer', g.id, md5('g' || k)::uuid, r.owner, r.sort_key
			FROM generate_series(0, $1::int - 1) AS k
			JOIN crowd g ON g.number = k % $2
			JOIN granted r ON r.number = k % (SELECT count(*) FROM granted)`, []any{c.Grants, c.Firms}},
	} {
		if _, err := conn.Exec(ctx, step.statement, step.args...); err != nil {
			return fmt.Errorf("%s: %w", step.statement, err)
		}
	}
	return Analyze(ctx, conn)
}
