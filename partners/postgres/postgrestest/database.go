package postgrestest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"fondaco/partners/postgres"

	"github.com/jackc/pgx/v5"
)

const (
	databasePrefix = "fondaco_test_"
	nameMax        = 63 // bytes of an identifier
	dropWithin     = 30 * time.Second
)

// Migrate brings an empty database to the state that tests want. It must close its connections, and tolerate roles that
// exist: they belong to the whole server. Two never run at a time.
type Migrate func(ctx context.Context, dsn string) error

// Database returns the connection string of a database of the test's own, which is dropped when the test ends; connections
// that are still open then are cut. It is a copy of what migrate makes out of an empty database. That is made once for
// each fingerprint, by the first process that needs it: the fingerprint must change with what migrate does, as a hash of
// the migrations' text does. A nil migrate gives an empty database.
func Database(t testing.TB, migrate Migrate, fingerprint string) string {
	t.Helper()
	s, err := joined()
	if err != nil {
		t.Fatalf("postgrestest: %v", explain(err))
	}
	from := ""
	if migrate != nil {
		if from, err = s.template(t.Context(), migrate, fingerprint); err != nil {
			t.Fatalf("postgrestest: migrate the template: %v", err)
		}
	}
	name := s.nameFor(t.Name())
	err = s.do(t.Context(), func(conn *pgx.Conn) error {
		return postgres.CreateDatabase(t.Context(), conn, name, from)
	})
	if err != nil {
		t.Fatalf("postgrestest: %v", err)
	}
	t.Cleanup(func() { s.drop(t, name) })
	return s.database(name)
}

func (s *server) drop(t testing.TB, name string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), dropWithin)
	defer cancel()
	err := s.do(ctx, func(conn *pgx.Conn) error { return postgres.DropDatabase(ctx, conn, name) })
	if err != nil {
		t.Errorf("postgrestest: %v", err)
	}
}

// nameFor tells in psql which test a database belongs to.
func (s *server) nameFor(test string) string {
	s.mu.Lock()
	s.count++
	count := s.count
	s.mu.Unlock()
	plain := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return unicode.ToLower(r)
		}
		return '_'
	}, test)
	name := fmt.Sprintf("%s%s_%d_%s", databasePrefix, s.token, count, plain)
	return name[:min(len(name), nameMax)]
}
