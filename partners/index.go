package partners

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"fondaco/schema"
)

// indexLock is the advisory lock under which one process at a time builds
// indexes.
const indexLock = 0x666f6e6469

// smallTable is up to which size, in bytes, a table is locked against writers
// while it gets an index: that takes milliseconds then, and building beside
// the writers takes several times as long.
const smallTable = 8 << 20

// BuildIndexes builds the indexes that the database lacks, as the role in dsn,
// which owns the tables, and returns how many. Nothing but speed depends on
// them, so it may run beside the work of nodes: large tables stay writable.
// While another process builds, there is nothing to do. What a cut-off build
// left is built again.
func BuildIndexes(ctx context.Context, dsn string) (built int, err error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	// A build that a crash of the machine takes back is found missing at the next start.
	if _, err := conn.Exec(ctx, "SET synchronous_commit = off; SET lock_timeout = '1s'"); err != nil {
		return 0, err
	}
	var mine bool
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", indexLock).Scan(&mine); err != nil || !mine {
		return 0, err
	}
	there, err := indexesThere(ctx, conn)
	if err != nil {
		return 0, err
	}
	for _, statement := range indexStatements() {
		if strings.HasPrefix(statement, "CREATE EXTENSION") {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return built, fmt.Errorf("%s: %w", statement, err)
			}
			continue
		}
		name, table := indexNames(statement)
		if valid, known := there[name]; valid {
			continue
		} else if known {
			if _, err := conn.Exec(ctx, "DROP INDEX "+pgx.Identifier{name}.Sanitize()); err != nil {
				return built, fmt.Errorf("drop the half-built index %s: %w", name, err)
			}
		}
		if err := buildIndex(ctx, conn, statement, table); err != nil {
			return built, fmt.Errorf("build index %s: %w", name, err)
		}
		built++
	}
	return built, nil
}

// buildIndex builds one index, locking the table only when it is small and
// nobody holds it for long.
func buildIndex(ctx context.Context, conn *pgx.Conn, statement, table string) error {
	var small bool
	if err := conn.QueryRow(ctx, "SELECT pg_relation_size($1::regclass) <= $2", table, smallTable).Scan(&small); err != nil {
		return err
	}
	if small {
		_, err := conn.Exec(ctx, statement)
		const lockNotAvailable = "55P03"
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != lockNotAvailable {
			return err
		}
	}
	_, err := conn.Exec(ctx, strings.Replace(statement, "CREATE INDEX", "CREATE INDEX CONCURRENTLY", 1))
	return err
}

// indexesThere tells which indexes the database has, and whether they are
// complete.
func indexesThere(ctx context.Context, conn *pgx.Conn) (map[string]bool, error) {
	rows, err := conn.Query(ctx, `
		SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		WHERE c.relnamespace = current_schema()::regnamespace`)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	var name string
	var valid bool
	_, err = pgx.ForEachRow(rows, []any{&name, &valid}, func() error {
		there[name] = valid
		return nil
	})
	return there, err
}

func indexStatements() []string {
	var list []string
	for line := range strings.Lines(schema.Indexes) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
			list = append(list, strings.TrimSuffix(line, ";"))
		}
	}
	return list
}

// indexNames gives the names in CREATE INDEX name ON table (...).
func indexNames(statement string) (name, table string) {
	const nameAt, tableAt = 2, 4
	words := strings.Fields(statement)
	return words[nameAt], words[tableAt]
}
