package partners

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"fondaco/schema"
)

// ErrNewer tells that the database was migrated by a newer version than this.
var ErrNewer = errors.New("the database was made by a newer version of fondaco; start that version, or restore a backup made before the upgrade")

// Migrate brings the tables up to this version, as the role in dsn, which
// owns them; [BuildIndexes] makes lists of them fast. Several processes may do so at once: one works and the
// others wait. It returns how many migrations ran.
func Migrate(ctx context.Context, dsn string) (int, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return 0, fmt.Errorf("database URL: %w", err)
	}
	// A crash of the machine that takes the last of it back takes back all that was written after it too.
	config.RuntimeParams["synchronous_commit"] = "off"
	db := stdlib.OpenDB(*config)
	defer db.Close()
	provider, err := migrations(db)
	if err != nil {
		return 0, err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the database's version: %w", err)
	}
	if current > target {
		return 0, fmt.Errorf("version %d, known %d: %w", current, target, ErrNewer)
	}
	var results []*goose.MigrationResult
	if current < target {
		if results, err = provider.Up(ctx); err != nil {
			return len(results), fmt.Errorf("migrate: %w", err)
		}
	}
	return len(results), makeMonths(ctx, db, time.Now().UTC())
}

// NewHistory gives a database that was copied from another one a history of
// its own: cursors into the other's ledger are worth nothing here.
func NewHistory(ctx context.Context, dsn string) (err error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if _, err := conn.Exec(ctx, "UPDATE ledger_epoch SET epoch = gen_random_uuid()"); err != nil {
		return fmt.Errorf("begin a new history: %w", err)
	}
	return nil
}

func migrations(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(schema.Migrations, "sql")
	if err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}
