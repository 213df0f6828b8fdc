package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// notes makes a table with one row, and leaves a file for each time that it ran.
func notes(dir string) Migrate {
	return func(ctx context.Context, dsn string) (err error) {
		file, err := os.CreateTemp(dir, "ran-")
		if err != nil {
			return err
		}
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, conn.Close(ctx), file.Close()) }()
		_, err = conn.Exec(ctx, "CREATE TABLE notes AS SELECT 'from the template' AS text")
		return err
	}
}

func runs(t *testing.T, dir string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "ran-*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

func value[T any](t *testing.T, dsn, query string, args ...any) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var v T
	if err := conn.QueryRow(t.Context(), query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// fingerprint is new for each call, also in a server that outlives this process.
func fingerprint(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("%s %d %s", t.Name(), os.Getpid(), t.TempDir())
}
