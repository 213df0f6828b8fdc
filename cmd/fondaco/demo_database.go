package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"fondaco/partners/postgres"
)

func (b *databases) url(name string) string {
	if b.cluster != nil {
		return b.cluster.DSN("fondaco_"+name, "")
	}
	u, err := url.Parse(b.server)
	if err != nil {
		return b.server // openDatabases has refused it
	}
	u.Path = "/fondaco_" + name
	return u.String()
}

func (d *demo) clusterDir() string { return filepath.Join(d.Data, "postgres") }

// openDatabases brings up PostgreSQL and makes both databases, which are
// migrated when their nodes open.
func (d *demo) openDatabases(ctx context.Context) error {
	if d.DatabaseURL != "" {
		d.databases.server = d.DatabaseURL
	} else if err := d.openCluster(ctx); err != nil {
		return err
	}
	d.clock.mark("PostgreSQL")
	g, both := errgroup.WithContext(ctx)
	for _, name := range []string{"maker", "distributor"} {
		g.Go(func() error { return d.ensure(both, "fondaco_"+name) })
	}
	if err := g.Wait(); err != nil {
		return databaseError(err)
	}
	d.clock.mark("two databases")
	return nil
}

func (d *demo) openCluster(ctx context.Context) error {
	const connections = 40
	options := postgres.Options{Dir: d.clusterDir(), MaxConnections: connections}
	cluster, err := postgres.Open(ctx, options)
	if missing, ok := errors.AsType[*postgres.NotFoundError](err); ok {
		if err := d.install(ctx, missing); err != nil {
			return err
		}
		cluster, err = postgres.Open(ctx, options)
	}
	d.databases.cluster = cluster
	return err
}

// ensure makes a database if it is not there.
func (d *demo) ensure(ctx context.Context, database string) error {
	conn, err := pgx.Connect(ctx, d.databases.maintenance())
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database).Scan(&there); err != nil || there {
		return err
	}
	return postgres.CreateDatabase(ctx, conn, database, "")
}

func (b *databases) maintenance() string {
	if b.cluster != nil {
		return b.cluster.DSN("", "")
	}
	return b.server
}

// dropDatabases deletes what an earlier demo has made.
func (d *demo) dropDatabases(ctx context.Context) error {
	if d.DatabaseURL == "" {
		return postgres.Remove(ctx, d.clusterDir())
	}
	conn, err := pgx.Connect(ctx, d.DatabaseURL)
	if err != nil {
		return databaseError(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, name := range []string{"fondaco_maker", "fondaco_distributor"} {
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
			return databaseError(err)
		}
	}
	return nil
}

// install lets the system's package manager install PostgreSQL, after a yes:
// by the flag, or at the terminal.
func (d *demo) install(ctx context.Context, missing *postgres.NotFoundError) error {
	var command []string
	for _, r := range missing.Remedies {
		if len(r.Install) > 0 {
			command = r.Install
			break
		}
	}
	if command == nil || !d.Install && !d.agreed(command) {
		return missing
	}
	fmt.Fprintf(d.console.err, "installing PostgreSQL: %s\n", strings.Join(command, " "))
	run := exec.CommandContext(ctx, command[0], command[1:]...)
	run.Stdout, run.Stderr = d.console.err, d.console.err
	if err := run.Run(); err != nil {
		return fail(exitNoPostgres, err, "%s: %v\n%s", strings.Join(command, " "), err, missing)
	}
	return nil
}

// agreed asks at the terminal; without one nobody has agreed.
func (d *demo) agreed(command []string) bool {
	if !terminal(d.console.in) {
		return false
	}
	fmt.Fprintf(d.console.err, "PostgreSQL is not installed. Install it by running this?\n  %s\n[y/N] ", strings.Join(command, " "))
	line, err := bufio.NewReader(d.console.in).ReadString('\n')
	answer := strings.ToLower(strings.TrimSpace(line))
	return err == nil && (answer == "y" || answer == "yes")
}
