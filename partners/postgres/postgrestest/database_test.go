package postgrestest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestDatabaseIsACopyOfItsOwn(t *testing.T) {
	t.Parallel()
	dir, mark := t.TempDir(), fingerprint(t)
	t.Run("tests", func(t *testing.T) {
		for _, name := range []string{"one", "two", "three", `čtyři "quoted" / and long, ` + strings.Repeat("long ", 20)} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				dsn := Database(t, notes(dir), mark)
				if got := value[int](t, dsn, "WITH new AS (INSERT INTO notes VALUES ('mine') RETURNING 1) SELECT count(*) FROM new"); got != 1 {
					t.Errorf("inserted %d rows, want 1", got)
				}
				if got := value[int](t, dsn, "SELECT count(*) FROM notes"); got != 2 {
					t.Errorf("the database holds %d notes, want the template's and its own", got)
				}
			})
		}
	})
	if got := runs(t, dir); got != 1 {
		t.Errorf("the migration ran %d times, want once", got)
	}
}

func TestDatabaseIsDroppedWithItsTest(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("with a connection left open", func(t *testing.T) {
		dsn := Database(t, nil, "")
		name = value[string](t, dsn, "SELECT current_database()::text")
		conn, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close(context.Background()) })
	})
	if got := value[int](t, Server(t), "SELECT count(*) FROM pg_database WHERE datname = $1", name); got != 0 {
		t.Errorf("database %s outlives its test", name)
	}
}

func TestTemplateOfAFailedMigrationIsNotUsed(t *testing.T) {
	t.Parallel()
	s, err := joined()
	if err != nil {
		t.Fatal(err)
	}
	mark, broken := fingerprint(t), errors.New("broken")
	fail := func(ctx context.Context, dsn string) error { return errors.Join(notes(t.TempDir())(ctx, dsn), broken) }
	name, err := s.template(t.Context(), fail, mark)
	if !errors.Is(err, broken) {
		t.Fatalf("template = %q, %v, want the migration's error", name, err)
	}
	if got := value[int](t, Server(t), "SELECT count(*) FROM pg_database WHERE datname = $1", name); got != 0 {
		t.Errorf("template %s was kept", name)
	}
}

// What a process leaves that was killed while it migrated is a database without the mark of a template.
func TestHalfDoneTemplateIsMadeAgain(t *testing.T) {
	t.Parallel()
	s, err := joined()
	if err != nil {
		t.Fatal(err)
	}
	dir, mark := t.TempDir(), fingerprint(t)
	name, err := s.template(t.Context(), notes(dir), mark)
	if err != nil {
		t.Fatal(err)
	}
	err = s.do(t.Context(), func(conn *pgx.Conn) error {
		_, err := conn.Exec(t.Context(), "ALTER DATABASE "+name+" WITH IS_TEMPLATE false ALLOW_CONNECTIONS true")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	another := &server{dsn: s.dsn, token: s.token, templates: map[string]*template{}}
	if _, err := another.template(t.Context(), notes(dir), mark); err != nil {
		t.Fatal(err)
	}
	if got := runs(t, dir); got != 2 {
		t.Errorf("the migration ran %d times, want again for the half-done template", got)
	}
}

func TestDatabaseConnectionStrings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ server, want string }{
		{"postgres://me:secret@host:5433/postgres?sslmode=disable", "postgres://me:secret@host:5433/other?sslmode=disable"},
		{"host=/run/x user=me dbname=postgres", "host=/run/x user=me dbname=postgres dbname=other"},
	} {
		s := &server{dsn: tt.server}
		got := s.database("other")
		if got != tt.want {
			t.Errorf("database of %q = %q, want %q", tt.server, got, tt.want)
		}
		if config, err := pgx.ParseConfig(got); err != nil || config.Database != "other" {
			t.Errorf("pgx reads %q as %+v, %v", got, config, err)
		}
	}
}

func TestDatabaseIsFast(t *testing.T) {
	t.Parallel()
	dir, mark := t.TempDir(), fingerprint(t)
	Database(t, notes(dir), mark)
	began := time.Now()
	t.Run("copy", func(t *testing.T) { Database(t, notes(dir), mark) })
	t.Logf("one database made and dropped: %v", time.Since(began).Round(time.Millisecond))
}
