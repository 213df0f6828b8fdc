package postgrestest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"fondaco/partners/postgres"

	"github.com/jackc/pgx/v5"
)

// templateLock is the advisory lock under which templates are made, one at a time over all processes: roles are shared by
// the databases of a server, and two migrations that create one would collide.
const templateLock = 0x666f6e6461636f

const migrateWithin = 3 * time.Minute

// template is a migrated database as this process knows it.
type template struct {
	once sync.Once
	err  error
}

// template returns the name of the database that migrate has made, now or earlier.
func (s *server) template(ctx context.Context, migrate Migrate, fingerprint string) (string, error) {
	name := fmt.Sprintf("fondaco_template_%x", sha256.Sum256([]byte(fingerprint)))[:nameMax]
	s.mu.Lock()
	known := s.templates[name]
	if known == nil {
		known = &template{}
		s.templates[name] = known
	}
	s.mu.Unlock()
	known.once.Do(func() {
		// The first test to ask works for all, so its own end must not end this.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), migrateWithin)
		defer cancel()
		known.err = s.do(ctx, func(conn *pgx.Conn) error { return s.ensureTemplate(ctx, conn, name, migrate) })
	})
	return name, known.err
}

// ensureTemplate makes the template unless it is complete. What marks it complete is that it is declared a template, which
// is the last step; one without the mark was left by a killed process.
func (s *server) ensureTemplate(ctx context.Context, conn *pgx.Conn, name string, migrate Migrate) (err error) {
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return err
	}
	defer func() {
		_, unlockErr := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", templateLock)
		err = errors.Join(err, unlockErr)
	}()
	var complete bool
	err = conn.QueryRow(ctx, "SELECT datistemplate FROM pg_database WHERE datname = $1", name).Scan(&complete)
	if complete || (err != nil && !errors.Is(err, pgx.ErrNoRows)) {
		return err
	}
	if err := postgres.DropDatabase(ctx, conn, name); err != nil {
		return err
	}
	if err := postgres.CreateDatabase(ctx, conn, name, ""); err != nil {
		return err
	}
	if err := migrate(ctx, s.database(name)); err != nil {
		return errors.Join(err, postgres.DropDatabase(context.WithoutCancel(ctx), conn, name))
	}
	// Without connections allowed, nobody can stand in the way of a copy.
	_, err = conn.Exec(ctx, "ALTER DATABASE "+pgx.Identifier{name}.Sanitize()+" WITH ALLOW_CONNECTIONS false IS_TEMPLATE true")
	return err
}
