package partners

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
)

// Touched reads plans for a principal as the service does, and counts the
// pages of PostgreSQL's memory that their statements touch, by the plans that
// PostgreSQL uses for a prepared statement. conn serves as the application's
// role, behind the principal's fence.
func (s *Service) Touched(ctx context.Context, conn *pgx.Conn, p policy.Principal, plans ...*Plan) (int, []*Page, error) {
	rules, err := s.ruleSet(ctx, p.Firm)
	if err != nil {
		return 0, nil, err
	}
	e := &explainer{conn: conn}
	r := &reader{service: s, tx: e, rules: rules, principal: p, now: s.Now()}
	pages, err := r.roots(ctx, plans)
	if err == nil {
		err = e.err
	}
	return e.touched, pages, err
}

// An explainer counts the pages that statements touch before it sends them.
type explainer struct {
	conn    *pgx.Conn
	touched int
	err     error
}

func (e *explainer) SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults {
	for _, q := range batch.QueuedQueries {
		n, err := e.explain(ctx, q.SQL, q.Arguments)
		if e.touched += n; err != nil && e.err == nil {
			e.err = err
		}
	}
	return e.conn.SendBatch(ctx, batch)
}

func (e *explainer) explain(ctx context.Context, sql string, args []any) (int, error) {
	prepared, err := e.conn.Prepare(ctx, "explained", sql)
	if err != nil {
		return 0, err
	}
	literals := make([]string, len(args))
	for i, a := range args {
		text, err := e.conn.TypeMap().Encode(prepared.ParamOIDs[i], pgx.TextFormatCode, a, nil)
		if err != nil {
			return 0, fmt.Errorf("argument %d: %w", i+1, err)
		}
		if literals[i] = "NULL"; text != nil {
			literals[i] = "'" + strings.ReplaceAll(string(text), "'", "''") + "'"
		}
	}
	statement := "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE explained"
	if len(args) > 0 {
		statement += "(" + strings.Join(literals, ", ") + ")"
	}
	var out []byte
	for range 2 { // the first time fills the caches of the catalogue
		if err := e.conn.QueryRow(ctx, statement, pgx.QueryExecModeSimpleProtocol).Scan(&out); err != nil {
			return 0, err
		}
	}
	var plans []struct {
		Plan struct {
			Hit  int `json:"Shared Hit Blocks"`
			Read int `json:"Shared Read Blocks"`
		}
	}
	if err := json.Unmarshal(out, &plans); err != nil {
		return 0, err
	}
	return plans[0].Plan.Hit + plans[0].Plan.Read, e.conn.Deallocate(ctx, "explained")
}
