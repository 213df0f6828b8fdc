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

	"fondaco/partners"
	"fondaco/partners/postgres"
	"github.com/jackc/pgx/v5"
)

// databaseName is the name of a node's database.
func databaseName(node string) string { return "fondaco_" + node }

func (b *databases) url(node string) string {
	if b.cluster != nil {
		return b.cluster.DSN(databaseName(node), "")
	}
	u, err := url.Parse(b.server)
	if err != nil {
		return b.server // openDatabases has refused it
	}
	u.Path = "/" + databaseName(node)
	return u.String()
}

func (d *demo) clusterDir() string { return filepath.Join(d.Data, "postgres") }

// openDatabases brings up PostgreSQL and makes the databases that are missing.
func (d *demo) openDatabases(ctx context.Context) error {
	if d.DatabaseURL != "" {
		d.databases.server = d.DatabaseURL
	} else if err := d.openCluster(ctx); err != nil {
		return err
	}
	d.clock.mark("PostgreSQL")
	conn, err := pgx.Connect(ctx, d.databases.maintenance())
	if err != nil {
		return databaseError(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if d.told == nil {
		err = d.makeDatabases(ctx, conn)
	} else {
		err = errors.Join(ensure(ctx, conn, databaseName("maker")), ensure(ctx, conn, databaseName("distributor")))
	}
	if err != nil {
		return databaseError(err)
	}
	d.clock.mark("two databases")
	return nil
}

// makeDatabases migrates one database and copies it for the other node, which
// is less work than migrating two.
func (d *demo) makeDatabases(ctx context.Context, conn *pgx.Conn) error {
	maker, distributor := databaseName("maker"), databaseName("distributor")
	if err := postgres.CreateDatabase(ctx, conn, maker, ""); err != nil {
		return err
	}
	if _, err := partners.Migrate(ctx, d.databases.url("maker")); err != nil {
		return err
	}
	if err := postgres.CreateDatabase(ctx, conn, distributor, maker); err != nil {
		return err
	}
	d.migrated = true
	return partners.NewHistory(ctx, d.databases.url("distributor"))
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
func ensure(ctx context.Context, conn *pgx.Conn, database string) error {
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
	for _, node := range []string{"maker", "distributor"} {
		if err := postgres.DropDatabase(ctx, conn, databaseName(node)); err != nil {
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
