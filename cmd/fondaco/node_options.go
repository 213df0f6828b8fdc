package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5/pgxpool"

	"fondaco/gateway/auth"
	"fondaco/partners"
	"fondaco/partners/blob"
	"fondaco/schema"
)

// nodeOptions are the settings of a node. Every command that works on a
// node's data takes them.
type nodeOptions struct {
	DatabaseURL string `name:"database-url" env:"FONDACO_DATABASE_URL,DATABASE_URL" help:"The node's database: postgres://user:password@host:5432/database." placeholder:"URL"`
	Data        string `env:"FONDACO_DATA" help:"Folder for documents, EDI files, keys and the NATS store." default:"${data}" placeholder:"DIR"`
	Connections int32  `name:"database-connections" env:"FONDACO_DATABASE_CONNECTIONS" help:"Most connections to the database at a time." default:"16" placeholder:"N"`
	PublicURL   string `name:"public-url" env:"FONDACO_PUBLIC_URL" help:"Address at which people reach the node." default:"http://127.0.0.1:8080" placeholder:"URL"`

	migrated bool // the database is known to be up to date
}

// leastConnections are enough for a node that few people use, as in the demo.
const leastConnections = 4

var errNoDatabase = fail(exitUsage, nil,
	"no database is named; set DATABASE_URL to postgres://user:password@host:5432/database, or run 'fondaco demo', which brings its own")

// node is an opened database with the services on it.
type node struct {
	options nodeOptions
	id      schema.ID
	pool    *pgxpool.Pool
	bodies  *blob.Store
	service *partners.Service
	auth    *auth.Service
	log     *slog.Logger
}

// listening is how a node's gateway is reached, which decides about sign-in.
type listening struct {
	address          string
	tls, behindProxy bool
}

// openNode connects to the database and brings it up to date. The caller
// closes the node.
func openNode(ctx context.Context, o nodeOptions, at listening, log *slog.Logger) (*node, error) {
	if o.DatabaseURL == "" {
		return nil, errNoDatabase
	}
	if !o.migrated {
		if _, err := partners.Migrate(ctx, o.DatabaseURL); err != nil {
			return nil, databaseError(err)
		}
	}
	n := &node{options: o, log: log}
	if err := n.open(ctx, at); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

func (n *node) open(ctx context.Context, at listening) error {
	if err := os.MkdirAll(n.options.Data, 0o711); err != nil {
		return err
	}
	key, err := secret(n.options.Data, "cursors")
	if err != nil {
		return err
	}
	if n.id, err = nodeID(n.options.Data); err != nil {
		return err
	}
	if n.options.Connections < leastConnections {
		return fail(exitUsage, nil, "%d connections to the database are too few; a node needs %d, since it follows its own changes while it serves",
			n.options.Connections, leastConnections)
	}
	if n.pool, err = partners.Connect(ctx, n.options.DatabaseURL, n.options.Connections); err != nil {
		return err
	}
	if n.bodies, err = blob.Open(filepath.Join(n.options.Data, "bodies")); err != nil {
		return err
	}
	n.service, err = partners.New(partners.Options{Pool: n.pool, Bodies: n.bodies, CursorKey: key, Log: n.log})
	if err != nil {
		return err
	}
	n.auth = auth.New(auth.Options{
		Pool: n.pool, Principals: n.service, NodeID: n.id.String(), Listen: at.address, TLS: at.tls, BehindProxy: at.behindProxy, Log: n.log,
	})
	return nil
}

func (n *node) close() {
	if n.pool != nil {
		n.pool.Close()
	}
	if n.bodies != nil {
		if err := n.bodies.Close(); err != nil {
			n.log.Error("close the folder of documents", slog.Any("error", err))
		}
	}
}

// databaseError adds what an operator can do about a database that cannot be
// reached or used.
func databaseError(err error) error {
	if errors.Is(err, partners.ErrNewer) || errors.Is(err, context.Canceled) {
		return err
	}
	return fail(exitUnavailable, err, "the database cannot be used: %v\n  remedy: check that PostgreSQL runs and that DATABASE_URL names its host, database, user and password", err)
}

// lockData takes the data folder for this process alone, until release.
func lockData(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, "lock"))
	taken, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !taken {
		return nil, fail(exitInUse, nil, "another fondaco runs on %s; stop that one, or choose another folder with --data", dir)
	}
	return func() { _ = lock.Unlock() }, nil
}
