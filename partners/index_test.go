package partners_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/schema"
)

func TestBuildIndexesBuildsWhatIsMissing(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	conn, err := pgx.Connect(t.Context(), n.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	do := func(statement string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	build := func(want int) {
		t.Helper()
		if built, err := partners.BuildIndexes(t.Context(), n.DSN); err != nil || built != want {
			t.Fatalf("%d indexes were built (%v), want %d", built, err, want)
		}
	}
	build(0)
	// One is missing, and one was cut off while it was built.
	do("DROP INDEX customers_country")
	do("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'goals_due_on'::regclass")
	build(2)

	// Somebody writes for long: the index is built beside the writer's table, and waits for nobody to lock it.
	do("DROP INDEX customers_country")
	do("BEGIN; LOCK TABLE customers IN ROW EXCLUSIVE MODE")
	done := make(chan error, 1)
	go func() {
		built, err := partners.BuildIndexes(t.Context(), n.DSN)
		if err == nil && built != 1 {
			t.Errorf("%d indexes were built beside a writer, want 1", built)
		}
		done <- err
	}()
	other, err := pgx.Connect(t.Context(), n.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close(t.Context()) })
	for beside := false; !beside; {
		if err := other.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE datname = current_database() AND query LIKE 'CREATE INDEX CONCURRENTLY%')`).Scan(&beside); err != nil {
			t.Fatal(err)
		}
	}
	build(0) // another process has the work
	do("COMMIT")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	build(0)
}

// TestIndexesAreOfTheTables holds each line to a table and its columns, by
// building all of them; what is not in the file is part of a migration.
func TestIndexesAreOfTheTables(t *testing.T) {
	t.Parallel()
	lines := 0
	for line := range strings.Lines(schema.Indexes) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "--"), strings.HasPrefix(line, "CREATE EXTENSION IF NOT EXISTS "), line == "":
		case !strings.HasPrefix(line, "CREATE INDEX ") || !strings.Contains(line, " ON ") || !strings.HasSuffix(line, ";"):
			t.Errorf("%q is not CREATE INDEX name ON table (columns);", line)
		default:
			lines++
		}
	}
	n := partnerstest.Open(t)
	conn, err := pgx.Connect(t.Context(), n.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	var there int
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid::regclass::text = ANY ($1)",
		indexNames()).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if there != lines || lines == 0 {
		t.Errorf("%d of %d indexes are there", there, lines)
	}
}

func indexNames() []string {
	var names []string
	for line := range strings.Lines(schema.Indexes) {
		if words := strings.Fields(line); len(words) > 2 && words[0] == "CREATE" && words[1] == "INDEX" {
			names = append(names, words[2])
		}
	}
	return names
}
