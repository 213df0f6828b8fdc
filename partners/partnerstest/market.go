package partnerstest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// Sizes say how large a Market is.
type Sizes struct {
	Owners       int // firms that share customers with the viewer, by two agreements each
	Customers    int // of each owner
	Interactions int // of each customer of the first owner
	Grants       int // single customers granted to the viewer, over all owners
	Others       int // single customers granted to other firms, over all owners
}

// Market is a node with firms that share customers with a viewer: each owner
// by an agreement on those of some countries, and by one on customers granted
// one by one. What other firms are granted stands beside it.
type Market struct {
	*Node
	Viewer policy.Principal
	Owners []policy.Principal
	Sizes  Sizes
	// Filtered are the agreements by country, Granted those under which single customers are granted.
	Filtered, Granted []schema.ID
}

// marketTerms open the customers of one country, and what is said of them.
const marketTerms = `[
	{"kind": "Customer", "level": "FILTER", "filter": {"field": "country", "op": "eq", "value": "PT"}, "actions": ["read"], "classes": ["personal"]},
	{"kind": "Interaction", "level": "CHILDREN", "actions": ["read"]}]`

// NewMarket makes a market. Firms, partnerships and agreements come about by
// the service, as in life; customers and grants are many and are written in
// bulk, past it.
func NewMarket(t testing.TB, sizes Sizes) *Market {
	t.Helper()
	m := &Market{Node: Open(t), Sizes: sizes}
	m.Viewer = m.Firm("Viewer", "PT")
	for i := range sizes.Owners {
		owner := m.Firm(fmt.Sprintf("Owner %d", i), "PL")
		partnership := m.Partnership(owner, m.Viewer)
		m.Owners = append(m.Owners, owner)
		m.Filtered = append(m.Filtered, m.Share(owner, m.Viewer, partnership, marketTerms))
		m.Granted = append(m.Granted, m.Share(owner, m.Viewer, partnership,
			`[{"kind": "Customer", "level": "GRANTED", "actions": ["read"], "classes": ["commercial"]}]`))
	}
	conn, err := pgx.Connect(t.Context(), m.DSN)
	if err != nil {
		t.Fatalf("seed: %v", err)
	}
	err = m.fill(t.Context(), conn)
	if err = errors.Join(err, conn.Close(context.WithoutCancel(t.Context()))); err != nil {
		t.Fatalf("seed: %v", err)
	}
	return m
}

// header is what a bulk row of a kind has in its header's columns, with the
// owner's id as o.id and the record's as x.id.
func header(k *schema.Kind) (columns, values string) {
	n := len(k.Fields)
	return "holder_firm_id, id, owner_firm_id, version, field_versions, field_times, created_at, updated_at, provenance",
		fmt.Sprintf("o.id, x.id, o.id, 1, array_fill(1::bigint, ARRAY[%d]), array_fill('2026-01-01'::timestamptz, ARRAY[%d]), '2026-01-01', '2026-01-01', 'IMPORT'", n, n)
}

func (m *Market) fill(ctx context.Context, conn *pgx.Conn) error {
	columns, values := header(schema.Customers)
	// One in five customers is Portuguese, and so shared by its country; ids follow from owner and number.
	customers := `
		CREATE TEMP TABLE drawn AS
		SELECT o.id AS owner, o.place, i AS number, md5(o.id::text || i)::uuid AS id
		FROM unnest($1::uuid[]) WITH ORDINALITY AS o (id, place) CROSS JOIN generate_series(1, $2::int) AS i`
	if _, err := conn.Exec(ctx, customers, m.ownerIDs(), m.Sizes.Customers); err != nil {
		return err
	}
	for _, statement := range []string{
		"INSERT INTO records (id, kind, owner_firm_id) SELECT d.id, 'Customer', d.owner FROM drawn d",
		`INSERT INTO customers (` + columns + `, name, customer_type, status, country, phone, city, annual_revenue_amount, annual_revenue_currency)
			SELECT ` + values + `, 'Customer ' || substr(md5(x.number || 'n' || x.place), 1, 10), 'ORGANISATION', 'ACTIVE',
				(ARRAY['PT', 'ES', 'PL', 'FR', 'DE'])[1 + x.number % 5], '+351 21', 'Porto', x.number, 'EUR'
			FROM drawn x JOIN LATERAL (SELECT x.owner AS id) o ON true`,
		"INSERT INTO search_texts (holder_firm_id, kind, id, text) SELECT c.holder_firm_id, 'Customer', c.id, fondaco_key(c.name) FROM customers c JOIN drawn d ON d.id = c.id",
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	if err := m.interactions(ctx, conn); err != nil {
		return err
	}
	if err := m.grants(ctx, conn); err != nil {
		return err
	}
	if err := m.GrantOthers(ctx, conn, m.Sizes.Others); err != nil {
		return err
	}
	return Analyze(ctx, conn)
}

// Analyze lets PostgreSQL know its tables, as it does by itself in a while.
func Analyze(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "VACUUM ANALYZE")
	return err
}

// interactions gives each customer of the first owner its interactions, of
// which one in fifty names the viewer.
func (m *Market) interactions(ctx context.Context, conn *pgx.Conn) error {
	if m.Sizes.Interactions == 0 {
		return nil
	}
	const draw = `
		CREATE TEMP TABLE said AS
		SELECT d.owner, d.id AS customer, i AS number, md5(d.id::text || i)::uuid AS id
		FROM drawn d CROSS JOIN generate_series(1, $1::int) AS i
		WHERE d.place = 1`
	if _, err := conn.Exec(ctx, draw, m.Sizes.Interactions); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "INSERT INTO records (id, kind, owner_firm_id) SELECT s.id, 'Interaction', s.owner FROM said s"); err != nil {
		return err
	}
	columns, values := header(schema.Interactions)
	_, err := conn.Exec(ctx, `
		INSERT INTO interactions (`+columns+`, audience, audience_firms, customer, interaction_type, occurred_at, subject)
		SELECT `+values+`, CASE WHEN x.number % 50 = 1 THEN 'FIRMS' ELSE 'FIRM' END, CASE WHEN x.number % 50 = 1 THEN ARRAY[$1::uuid] END,
			x.customer, 'NOTE', '2026-01-01'::timestamptz + x.number * interval '1 hour', 'Note ' || x.number
		FROM said x JOIN LATERAL (SELECT x.owner AS id) o ON true`, [16]byte(m.Viewer.Firm))
	return err
}

// points writes reach, the points by which granted customers are found.
const points = `
	INSERT INTO reach (agreement_id, record_id, kind, firm_id, grant_id, owner_firm_id, sort_key)
	SELECT %s, c.id, 'Customer', %s, gen_random_uuid(), c.owner_firm_id, c.sort_key
	FROM drawn d
	JOIN customers c ON c.holder_firm_id = d.owner AND c.id = d.id
	WHERE d.place = $1 AND %s
	ON CONFLICT DO NOTHING`

// grants opens single customers to the viewer, spread over all owners.
func (m *Market) grants(ctx context.Context, conn *pgx.Conn) error {
	for i, agreement := range m.Granted {
		each := m.Sizes.Grants / len(m.Granted)
		statement := fmt.Sprintf(points, "$2::uuid", "$3::uuid", "d.number % greatest($4::int / $5::int, 1) = 0 AND d.number <= greatest($4::int / $5::int, 1) * $5::int")
		if _, err := conn.Exec(ctx, statement, i+1, [16]byte(agreement), [16]byte(m.Viewer.Firm), m.Sizes.Customers, each); err != nil {
			return err
		}
	}
	return nil
}

// GrantOthers grants that many customers to other firms, which nobody else
// knows, spread over all owners. conn must be the connection that has seen the
// market made, or one on which drawn exists.
func (m *Market) GrantOthers(ctx context.Context, conn *pgx.Conn, count int) error {
	if count == 0 || len(m.Owners) == 0 {
		return nil
	}
	rounds := count / len(m.Owners) / m.Sizes.Customers
	for i := range m.Owners {
		for range max(rounds, 1) {
			statement := fmt.Sprintf(points, "$2::uuid", "$3::uuid", "d.number <= $4::int")
			agreement, firm := schema.NewID(), schema.NewID()
			if _, err := conn.Exec(ctx, statement, i+1, [16]byte(agreement), [16]byte(firm), min(count/len(m.Owners), m.Sizes.Customers)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Drawn makes the list of the market's customers known on a connection.
func (m *Market) Drawn(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `
		CREATE TEMP TABLE IF NOT EXISTS drawn AS
		SELECT c.owner_firm_id AS owner, o.place, row_number() OVER (PARTITION BY o.id ORDER BY c.id) AS number, c.id
		FROM unnest($1::uuid[]) WITH ORDINALITY AS o (id, place)
		JOIN customers c ON c.holder_firm_id = o.id`, m.ownerIDs())
	return err
}

func (m *Market) ownerIDs() [][16]byte {
	list := make([][16]byte, len(m.Owners))
	for i, o := range m.Owners {
		list[i] = o.Firm
	}
	return list
}

// Page is the plan of a list of customers as a screen shows it.
func Page(first int) *partners.Plan {
	k := schema.Customers
	return &partners.Plan{Kind: k, First: first, Fields: []*schema.Field{
		k.FieldNamed("name"), k.FieldNamed("status"), k.FieldNamed("city"), k.FieldNamed("country"), k.FieldNamed("phone"), k.FieldNamed("annualRevenue"),
	}}
}
