package partners

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"fondaco/partners/blob"
	"fondaco/policy"
	"fondaco/schema"
)

// Options is what a Service needs.
type Options struct {
	Pool *pgxpool.Pool
	// Bodies keeps the bytes of documents.
	Bodies *blob.Store
	// CursorKey encrypts the cursors of lists; 32 bytes. Cursors of another key are refused.
	CursorKey []byte
	// Now tells the time; nil is time.Now.
	Now func() time.Time
	Log *slog.Logger
}

// Service reads and writes the records of all firms on a node. It is the only
// room that does. Its methods are safe for concurrent use. Whoever calls it
// has put a policy.Principal into the context.
type Service struct {
	pool    *pgxpool.Pool
	bodies  *blob.Store
	cursors cipher.AEAD
	now     func() time.Time
	log     *slog.Logger
	rules   rulesCache
	// epochRead is when an epoch was read last, in microseconds since 1970.
	epochRead atomic.Int64
	news      news
	// refused has, by firm, the refusals of its own rules that were logged.
	refused sync.Map
	reads   reads
	denials denials
}

// New makes a Service on a database that [Migrate] has prepared.
func New(o Options) (*Service, error) {
	aead, err := newCursorCipher(o.CursorKey)
	if err != nil {
		return nil, err
	}
	s := &Service{pool: o.Pool, bodies: o.Bodies, cursors: aead, now: o.Now, log: o.Log}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.news.next = make(chan struct{})
	s.sighted(s.Now())
	return s, nil
}

// Pool gives the pool of connections, for the private tables of a door.
func (s *Service) Pool() *pgxpool.Pool { return s.pool }

// Now tells the service's time, in UTC and in microseconds, which is what
// PostgreSQL keeps.
func (s *Service) Now() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// idleConnection is how long a connection is kept for the next one who needs
// it. Each costs the server some megabytes.
const idleConnection = 10 * time.Second

// Connect opens a pool that serves as the role fondaco_app, under row-level
// security. It does not wait for the database to answer.
func Connect(ctx context.Context, dsn string, most int32) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, &schema.Error{
			Code: schema.CodeInvalid, Op: "connect",
			Message: "the database URL cannot be read; it has the form postgres://user:password@host:5432/database", Err: err,
		}
	}
	// What our statements find does not depend on their parameters so much that planning each anew would pay.
	config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	config.MaxConns, config.MinConns = most, 0
	config.MaxConnIdleTime, config.HealthCheckPeriod = idleConnection, idleConnection/2
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "SET ROLE fondaco_app")
		return err
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// transact runs do in a transaction and commits it, unless do returns an
// error. A transaction that PostgreSQL gave up because of another one is tried
// again.
func (s *Service) transact(ctx context.Context, options pgx.TxOptions, do func(pgx.Tx) error) error {
	const tries = 5
	var err error
	for range tries {
		err = pgx.BeginTxFunc(ctx, s.pool, options, do)
		if !retryable(err) {
			break
		}
	}
	return classify(err)
}

func retryable(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}

// classify tells a database that is away from a fault of ours.
func classify(err error) error {
	if err == nil {
		return nil
	}
	if _, typed := errors.AsType[*schema.Error](err); typed {
		return err
	}
	if _, typed := errors.AsType[schema.Errors](err); typed {
		return err
	}
	if _, connect := errors.AsType[*pgconn.ConnectError](err); connect {
		return unavailable(err)
	}
	if _, network := errors.AsType[net.Error](err); network && !errors.Is(err, context.Canceled) {
		return unavailable(err)
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		// Classes of SQLSTATE: 08 connection, 53 resources (a full disk too), 57 operator intervention.
		for _, class := range []string{"08", "53", "57"} {
			if strings.HasPrefix(pg.Code, class) {
				return unavailable(err)
			}
		}
	}
	return err
}

// fence tells PostgreSQL the firms whose rows this transaction may touch.
func fence(ctx context.Context, tx pgx.Tx, firms ...schema.FirmID) error {
	if _, err := tx.Exec(ctx, "SELECT set_config('fondaco.fence', $1, true)", fenceText(firms)); err != nil {
		return fmt.Errorf("set fence: %w", err)
	}
	return nil
}

func fenceText(firms []schema.FirmID) string {
	var b strings.Builder
	for i, f := range firms {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(f.String())
	}
	return b.String()
}

// principal gives who asks, or an error of ours: every door authenticates.
func principal(ctx context.Context) (policy.Principal, error) {
	p, ok := policy.From(ctx)
	if !ok {
		return p, errors.New("no principal in the context")
	}
	return p, nil
}
