package partners_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// The sizes of the market on which the benchmarks run. The viewer has two
// agreements with each owner.
var (
	benchOwners    = flag.Int("owners", 25, "firms that share with the viewer in benchmarks, by two agreements each")
	benchCustomers = flag.Int("customers", 2000, "customers of each owner in benchmarks")
	benchGrants    = flag.Int("grants", 1000, "customers granted to the viewer in benchmarks")
	benchOthers    = flag.Int("others", 10_000, "customers granted to other firms in benchmarks, which the growth test raises a hundredfold")
)

// edges is what a programmer would write for one reader and one screen: each
// record that a firm sees in a table of its own, with what it sees of it and
// the key by which the screen is ordered, under an index that alone tells which
// fifty come next. Nobody keeps this table up to date here; to do so is what it
// would cost, and is not measured.
//
// The statement over it is held to the same terms as ours, neither better nor
// worse: the same answer (with the versions of fields where some are hidden,
// and the row that tells whether there are more), the same role behind the same
// row-level security, prepared once, sent with BEGIN, the fence and COMMIT in
// one journey, and its values copied out of the connection's memory.
const edges = `
	CREATE TABLE edges (viewer uuid, sort_key text COLLATE "C", id uuid, holder uuid, mask bigint);
	INSERT INTO edges
	SELECT v.id, c.sort_key, c.id, c.holder_firm_id, bit_or(x.mask)
	FROM (SELECT '%s'::uuid AS id) v
	CROSS JOIN LATERAL (
		SELECT c.id, %d::bigint AS mask FROM customers c WHERE c.country = 'PT'
		UNION ALL
		SELECT r.record_id, %d::bigint FROM reach r WHERE r.firm_id = v.id) x
	JOIN customers c ON c.id = x.id
	GROUP BY v.id, c.sort_key, c.id, c.holder_firm_id;
	CREATE INDEX ON edges (viewer, sort_key, id) INCLUDE (holder, mask);
	GRANT SELECT ON edges TO fondaco_app`

// edited makes every other customer one that was changed since it was made: of those the service has to find out how
// often what the viewer sees of them was.
const edited = `
	UPDATE customers
	SET version = 2, updated_at = created_at + interval '1 hour', field_versions[1] = 2, field_times[1] = created_at + interval '1 hour'
	WHERE get_byte(uuid_send(id), 15) % 2 = 0`

const edgesPage = `
	SELECT 0::bigint, c.id, c.owner_firm_id, c.holder_firm_id, c.version, c.created_at, c.updated_at, e.mask, e.sort_key,
		CASE WHEN e.mask & %[1]d <> %[1]d THEN c.field_versions END,
		CASE WHEN e.mask & %[1]d <> %[1]d THEN c.field_times END,
		c.name, c.status, c.city, c.country,
		CASE WHEN e.mask & %[2]d <> 0 THEN c.phone END,
		CASE WHEN e.mask & %[3]d <> 0 THEN c.annual_revenue_amount END,
		CASE WHEN e.mask & %[3]d <> 0 THEN c.annual_revenue_currency END
	FROM (
		SELECT e.holder, e.id, e.mask, e.sort_key
		FROM edges e
		WHERE e.viewer = $1 AND (e.sort_key, e.id) > ($2, $3)
		ORDER BY e.sort_key, e.id
		LIMIT 51) e
	JOIN customers c ON c.holder_firm_id = e.holder AND c.id = e.id
	WHERE c.deleted_at IS NULL
	ORDER BY e.sort_key, e.id`

// benchMarket makes the market and its edges.
func benchMarket(b testing.TB) (*partnerstest.Market, string) {
	b.Helper()
	m := partnerstest.NewMarket(b, partnerstest.Sizes{Owners: *benchOwners, Customers: *benchCustomers, Grants: *benchGrants, Others: *benchOthers})
	k := schema.Customers
	basic := k.FieldsOf(schema.Basic)
	phone, revenue := int64(1)<<k.FieldNamed("phone").Bit, int64(1)<<k.FieldNamed("annualRevenue").Bit
	exec(b, m, edited, "VACUUM ANALYZE customers")
	exec(b, m, fmt.Sprintf(edges, m.Viewer.Firm, int64(basic|k.FieldsOf(schema.Personal)), int64(basic|k.FieldsOf(schema.Commercial))), "VACUUM ANALYZE edges")
	return m, fmt.Sprintf(edgesPage, int64(k.Every()), phone, revenue)
}

// exec carries out statements as the role that owns the tables.
func exec(b testing.TB, m *partnerstest.Market, statements ...string) {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), m.DSN)
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range statements {
		_, e := conn.Exec(b.Context(), s)
		err = errors.Join(err, e)
	}
	if err = errors.Join(err, conn.Close(context.WithoutCancel(b.Context()))); err != nil {
		b.Fatal(err)
	}
}

// byHand runs the hand-written statement as the service runs its own.
func byHand(ctx context.Context, pool *pgxpool.Pool, fence, statement string, args ...any) (rows [][][]byte, err error) {
	batch := &pgx.Batch{}
	batch.Queue("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	batch.Queue("SELECT set_config('fondaco.fence', $1, true)", fence)
	batch.Queue(statement, args...).Query(func(found pgx.Rows) error {
		for found.Next() {
			rows = append(rows, copied(found.RawValues()))
		}
		return found.Err()
	})
	batch.Queue("COMMIT")
	return rows, pool.SendBatch(ctx, batch).Close()
}

// copied copies values out of the connection's memory, in one piece.
func copied(raw [][]byte) [][]byte {
	size := 0
	for _, v := range raw {
		size += len(v)
	}
	list, memory := make([][]byte, len(raw)), make([]byte, 0, size)
	for i, v := range raw {
		if v != nil {
			start := len(memory)
			memory = append(memory, v...)
			list[i] = memory[start:]
		}
	}
	return list
}

// BenchmarkList50 walks the viewer's list by pages of 50, and beside each page
// of the service reads the same one by hand from the table of edges.
func BenchmarkList50(b *testing.B) {
	m, hand := benchMarket(b)
	ctx := policy.With(b.Context(), m.Viewer)
	fence := fenceOf(m)
	var ours, theirs []time.Duration
	after, key, id := "", []byte(nil), schema.ID{}
	auditing(b, m)
	b.ReportAllocs()
	for b.Loop() {
		plan := partnerstest.Page(50)
		plan.After = after
		start := time.Now()
		pages, err := m.Read(ctx, plan)
		ours = append(ours, time.Since(start))
		if err != nil {
			b.Fatal(err)
		}
		start = time.Now()
		rows, err := byHand(ctx, m.Pool(), fence, hand, [16]byte(m.Viewer.Firm), string(key), [16]byte(id))
		theirs = append(theirs, time.Since(start))
		if err != nil {
			b.Fatal(err)
		}
		if page := pages[0]; !page.HasNext {
			after, key, id = "", nil, schema.ID{}
		} else {
			after = page.Rows[49].Cursor()
			// The edges' page has one row more, which begins the next page of neither: walk on from ours.
			key, id = page.Rows[49].Cells[0], page.Rows[49].ID
			if len(rows) != 51 || schema.ID(rows[49][1]) != id {
				b.Fatalf("by hand %d rows, and another one at the end of the page", len(rows))
			}
			key = []byte(policy.Key(string(key)))
		}
	}
	report(b, ours, theirs)
}

// BenchmarkByID reads one record that the viewer reaches, and beside it the
// bare row.
func BenchmarkByID(b *testing.B) {
	m, _ := benchMarket(b)
	ctx := policy.With(b.Context(), m.Viewer)
	first, err := m.Read(ctx, partnerstest.Page(200))
	if err != nil {
		b.Fatal(err)
	}
	const bare = `
		SELECT 0::bigint, c.id, c.owner_firm_id, c.holder_firm_id, c.version, c.created_at, c.updated_at, c.mask, c.sort_key,
			c.name, c.status, c.city, c.country, c.phone, c.annual_revenue_amount, c.annual_revenue_currency
		FROM customers c
		WHERE c.id = $1`
	fence := fenceOf(m)
	var ours, theirs []time.Duration
	n := 0
	auditing(b, m)
	b.ReportAllocs()
	for b.Loop() {
		row := first[0].Rows[n%len(first[0].Rows)]
		n++
		plan := partnerstest.Page(0)
		plan.IDs = []schema.ID{row.ID}
		start := time.Now()
		pages, err := m.Read(ctx, plan)
		ours = append(ours, time.Since(start))
		if err != nil || len(pages[0].Rows) != 1 {
			b.Fatal(len(pages[0].Rows), err)
		}
		start = time.Now()
		rows, err := byHand(ctx, m.Pool(), fence, bare, [16]byte(row.ID))
		theirs = append(theirs, time.Since(start))
		if err != nil || len(rows) != 1 {
			b.Fatal(len(rows), err)
		}
	}
	report(b, ours, theirs)
}

// report prints the 50th and the 95th percentile of both, and what ours is of
// the other.
func report(b *testing.B, ours, theirs []time.Duration) {
	b.Helper()
	b.ReportMetric(median(ours), "ms-p50")
	b.ReportMetric(percentile(ours, 95), "ms-p95")
	b.ReportMetric(median(theirs), "hand-ms-p50")
	b.ReportMetric(percentile(theirs, 95), "hand-ms-p95")
	b.ReportMetric(median(ours)/median(theirs), "times-hand")
	b.ReportMetric(median(ours)-median(theirs), "ms-over-hand")
}

func median(list []time.Duration) float64 { return percentile(list, 50) }

// percentile gives one in milliseconds.
func percentile(list []time.Duration, percent int) float64 {
	slices.Sort(list)
	return list[min(len(list)*percent/100, len(list)-1)].Seconds() * 1000
}

// auditing notes and seals beside the benchmark, as a node does.
func auditing(b *testing.B, m *partnerstest.Market) {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- m.Audit(ctx) }()
	b.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			b.Error(err)
		}
	})
}

// BenchmarkSeal measures what the audit adds to each write: the seal of one
// line, of a thousand at a time.
func BenchmarkSeal(b *testing.B) {
	n := partnerstest.Open(b)
	maker := n.Firm("Maker", "PL")
	if _, err := n.Seal(b.Context()); err != nil {
		b.Fatal(err)
	}
	const lines = 1000
	conn, err := pgx.Connect(b.Context(), n.DSN)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := conn.Close(context.WithoutCancel(b.Context())); err != nil {
			b.Error(err)
		}
	})
	for b.Loop() {
		b.StopTimer()
		_, err := conn.Exec(b.Context(), `
			INSERT INTO changes (at, holder_firm_id, owner_firm_id, kind, id, version, op, fields, actor_firm_id, via, cause, hashes)
			SELECT now(), $1, $1, 'Customer', gen_random_uuid(), 1, 'UPDATE', 3, $1, 'gateway', 'request', decode(repeat('00', 64), 'hex')
			FROM generate_series(1, $2)`, [16]byte(maker.Firm), lines)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if sealed, err := n.Seal(b.Context()); err != nil || sealed != lines {
			b.Fatal(sealed, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*lines), "us/line")
}
