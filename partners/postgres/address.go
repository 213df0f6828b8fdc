package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// maintenance is the database that every cluster has and nobody keeps records in.
const maintenance = "postgres"

// Address is how to reach a cluster of this package.
type Address struct {
	Socket string // the folder of the socket
}

// DSN is the connection string for a database and a role, for pgx, for database/sql and for psql. An empty database is
// "postgres", an empty role is [Superuser].
func (a Address) DSN(database, role string) string {
	if database == "" {
		database = maintenance
	}
	if role == "" {
		role = Superuser
	}
	u := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database}
	u.RawQuery = url.Values{"host": {a.Socket}, "port": {socketPort}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// Ping connects once.
func (a Address) Ping(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, a.DSN("", ""))
	if err != nil {
		return fmt.Errorf("ping the cluster at %s: %w", a.Socket, err)
	}
	return conn.Close(ctx)
}

// EnsureDatabase makes a database when it is missing, as a copy of template when one is named, and reports whether it
// did.
func (a Address) EnsureDatabase(ctx context.Context, name, template string) (created bool, err error) {
	conn, err := pgx.Connect(ctx, a.DSN("", ""))
	if err != nil {
		return false, fmt.Errorf("create database %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	err = CreateDatabase(ctx, conn, name, template)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "42P04" { // duplicate_database
		return false, nil
	}
	return err == nil, err
}

// CreateDatabase makes a database, as a copy of template when one is named. Nobody may be connected to the template
// meanwhile.
func CreateDatabase(ctx context.Context, conn *pgx.Conn, name, template string) error {
	statement := "CREATE DATABASE " + pgx.Identifier{name}.Sanitize()
	if template != "" {
		statement += " TEMPLATE " + pgx.Identifier{template}.Sanitize()
		strategy, err := copyStrategy(ctx, conn)
		if err != nil {
			return fmt.Errorf("create database %s: %w", name, err)
		}
		statement += strategy
	}
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

// copyStrategy gives the faster way to copy a small database: file by file where nothing is brought to the disk, else
// through the log, since a copy of files begins and ends with a checkpoint, which brings every file to the disk.
func copyStrategy(ctx context.Context, conn *pgx.Conn) (string, error) {
	const since = 15 // before this version there was only the copy of files, and no word for it
	if serverMajor(conn) < since {
		return "", nil
	}
	var sync string
	if err := conn.QueryRow(ctx, "SHOW fsync").Scan(&sync); err != nil || sync == "on" {
		return "", err
	}
	return " STRATEGY file_copy", nil
}

// DropDatabase removes a database, ending the connections to it; one that is missing is no error.
func DropDatabase(ctx context.Context, conn *pgx.Conn, name string) error {
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop database %s: %w", name, err)
	}
	return nil
}

func serverMajor(conn *pgx.Conn) int {
	version := conn.PgConn().ParameterStatus("server_version")
	end := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if end >= 0 {
		version = version[:end]
	}
	major, _ := strconv.Atoi(version) // 0 when the server does not tell, which is taken for an old one
	return major
}
