package partners

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// monthsAhead is for how many months the ledger has a partition of its own.
// Beyond them lines go to the default partition, so that a node that nobody
// restarts for long still writes.
const monthsAhead = 3

// makeMonths makes the ledger's partitions of this month and the next ones.
// It runs as the role that owns the tables, at every start.
func makeMonths(ctx context.Context, db *sql.DB, now time.Time) error {
	var missing []string // statements
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	for range monthsAhead + 1 {
		next := month.AddDate(0, 1, 0)
		name := "changes_" + month.Format("2006_01")
		var there bool
		if err := db.QueryRowContext(ctx, "SELECT to_regclass($1) IS NOT NULL", name).Scan(&there); err != nil {
			return fmt.Errorf("look for the ledger's partition %s: %w", name, err)
		}
		if !there {
			missing = append(missing, monthStatement(name, month, next))
		}
		month = next
	}
	if missing == nil {
		return nil
	}
	// In one transaction, as on a new database; where a month is in the way, each by itself.
	if _, err := db.ExecContext(ctx, strings.Join(missing, ";")); err == nil {
		return nil
	}
	for _, statement := range missing {
		if err := makeMonth(ctx, db, statement); err != nil {
			return fmt.Errorf("make the ledger's partitions: %w", err)
		}
	}
	return nil
}

// monthStatement makes a partition. The role that serves reaches it by the ledger alone, which stands behind the fence and is
// append-only.
func monthStatement(name string, month, next time.Time) string {
	return fmt.Sprintf(`
		CREATE TABLE IF NOT EXISTS %[1]s PARTITION OF changes FOR VALUES FROM ('%[2]s') TO ('%[3]s');
		REVOKE ALL ON %[1]s FROM fondaco_app`,
		name, month.Format(time.RFC3339), next.Format(time.RFC3339))
}

func makeMonth(ctx context.Context, db *sql.DB, statement string) error {
	_, err := db.ExecContext(ctx, statement)
	const checkViolation, duplicateTable = "23514", "42P07"
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && (pg.Code == checkViolation || pg.Code == duplicateTable) {
		// Lines of this month lie in the default partition already, and stay there; or another process was faster.
		return nil
	}
	return err
}
