package partners_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
)

// peak is a tracer that notes how much memory is in use when statements begin.
type peak struct{ most uint64 }

func (p *peak) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	p.most = max(p.most, m.HeapAlloc)
	return ctx
}

func (*peak) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TestVerificationNeedsNoMemory: ten times as long a history is verified in as
// much memory. It is not parallel: others would be measured with it.
//
//nolint:paralleltest // it measures the memory of the process
func TestVerificationNeedsNoMemory(t *testing.T) {
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	verify := func(lines int) uint64 {
		t.Helper()
		conn := owner(t, n)
		const history = `
			INSERT INTO changes (at, holder_firm_id, owner_firm_id, kind, id, version, op, fields, actor_firm_id, via, cause, hashes)
			SELECT now(), $1, $1, 'Customer', gen_random_uuid(), 1, 'CREATE', 0, $1, 'test', '', ''
			FROM generate_series(1, $2::integer)`
		if _, err := conn.Exec(t.Context(), history, maker.Firm, lines); err != nil {
			t.Fatal(err)
		}
		if _, err := n.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		config, err := pgx.ParseConfig(n.DSN)
		if err != nil {
			t.Fatal(err)
		}
		p := &peak{}
		config.Tracer = p
		traced, err := pgx.ConnectConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		defer traced.Close(context.WithoutCancel(t.Context()))
		err = pgx.BeginFunc(t.Context(), traced, func(tx pgx.Tx) error {
			report, err := partners.VerifyIn(t.Context(), tx, maker.Firm, nil)
			if err == nil && (len(report.Findings) > 0 || report.Size < int64(lines)) {
				t.Errorf("%d lines, findings %v", report.Size, report.Findings)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return p.most
	}
	few, many := verify(1_000), verify(10_000)
	t.Logf("at most %d kB in use for 1,000 lines, %d kB for 11,000", few/1024, many/1024)
	if many > few+1<<19 {
		t.Errorf("memory grew from %d to %d kB", few/1024, many/1024)
	}
}
