package postgrestest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"fondaco/partners/postgres"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5"
)

// ServerVariable names a server to use instead of a private one.
const ServerVariable = "FONDACO_TEST_DATABASE_URL"

// server is what this process knows of the shared server.
type server struct {
	dsn   string
	token string       // part of the names of this process's databases
	users *flock.Flock // held until the process ends; nil with a server of the user's own
	// present is a connection under the token's name: databases of tokens without one are leftovers.
	present *pgx.Conn

	mu        sync.Mutex
	templates map[string]*template
	count     int
}

// joined is the one server of this process: the lock has to live as long as the process does.
var joined = sync.OnceValues(join)

// Server returns the connection string of the shared server's maintenance database, for tests that make their databases
// themselves. With a private server its role is the superuser and needs no password.
func Server(t testing.TB) string {
	t.Helper()
	s, err := joined()
	if err != nil {
		t.Fatalf("postgrestest: %v", explain(err))
	}
	return s.dsn
}

// explain adds the remedies to a refusal.
func explain(err error) error {
	var missing *postgres.NotFoundError
	if !errors.As(err, &missing) {
		return err
	}
	for _, r := range missing.Remedies {
		err = fmt.Errorf("%w\n\t%s: %s", err, r.Text, r.Command)
	}
	return err
}

func join() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*startWithin)
	defer cancel()
	s := &server{
		dsn:       os.Getenv(ServerVariable),
		token:     strings.ToLower(rand.Text()[:10]),
		templates: map[string]*template{},
	}
	if s.dsn == "" {
		if err := s.joinShared(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.register(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// joinShared takes part in the shared server, and starts it when there is none.
func (s *server) joinShared(ctx context.Context) (err error) {
	f, err := sharedFolder()
	if err != nil {
		return err
	}
	// Held while the server starts, so that the processes of one go test do not all start one.
	keeper := flock.New(f.keeper())
	if err := keeper.Lock(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, keeper.Unlock()) }()
	s.users = flock.New(f.users())
	if err := s.users.RLock(); err != nil {
		return err
	}
	address, err := postgres.Join(ctx, f.cluster())
	if errors.Is(err, postgres.ErrNotRunning) {
		if err := startKeeper(f); err != nil {
			return err
		}
		address, err = postgres.Join(ctx, f.cluster())
	}
	s.dsn = address.DSN("", "")
	return err
}

// register makes this process known to the server, and drops the databases of processes that are gone without having done
// so themselves.
func (s *server) register(ctx context.Context) error {
	config, err := pgx.ParseConfig(s.dsn)
	if err != nil {
		return fmt.Errorf("%s: %w", ServerVariable, err)
	}
	config.RuntimeParams["application_name"] = databasePrefix + s.token
	if s.present, err = pgx.ConnectConfig(ctx, config); err != nil {
		return err
	}
	rows, err := s.present.Query(ctx, `
		SELECT datname
		FROM pg_database
		WHERE datname LIKE @prefix || '%'
			AND pg_get_userbyid(datdba) = current_user
			AND split_part(datname, '_', 3) NOT IN (
				SELECT split_part(application_name, '_', 3)
				FROM pg_stat_activity
				WHERE application_name LIKE @prefix || '%')`,
		pgx.StrictNamedArgs{"prefix": strings.ReplaceAll(databasePrefix, "_", `\_`)})
	if err != nil {
		return fmt.Errorf("look for leftover databases: %w", err)
	}
	left, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for leftover databases: %w", err)
	}
	for _, name := range left {
		if err := postgres.DropDatabase(ctx, s.present, name); err != nil {
			return err
		}
	}
	return nil
}

// database is the connection string of another database on the same server.
func (s *server) database(name string) string {
	u, err := url.Parse(s.dsn)
	if err != nil || u.Scheme == "" {
		return s.dsn + " dbname=" + name // of two words with one key the later counts
	}
	u.Path = "/" + name
	return u.String()
}

// do runs f on a connection of its own to the maintenance database.
func (s *server) do(ctx context.Context, f func(*pgx.Conn) error) (err error) {
	conn, err := pgx.Connect(ctx, s.dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	return f(conn)
}
