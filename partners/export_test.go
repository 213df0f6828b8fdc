package partners

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fondaco/schema"
)

// FieldOfConstraint lets the parity test ask which field an error would name.
var FieldOfConstraint = fieldOfConstraint

// AllRows loads the rows of a kind's table, whoever holds them. conn is the
// role that owns the table.
func AllRows(ctx context.Context, conn *pgx.Conn, k *schema.Kind) ([]schema.Entity, error) {
	rows, err := conn.Query(ctx, fmt.Sprintf("SELECT %s\nFROM %s\nORDER BY id, holder_firm_id", entityColumns(k), k.Table))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (schema.Entity, error) { return scanEntity(k, row) })
}
