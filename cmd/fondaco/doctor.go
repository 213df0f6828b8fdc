package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/partners/postgres"
)

type doctorCommand struct {
	nodeOptions
	Listen string `env:"FONDACO_LISTEN" help:"Address of the gateway." default:"127.0.0.1:8080"`
	JSON   bool   `help:"Write JSON."`
}

// finding is one thing that the doctor looked at.
type finding struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// Run looks at all that a node needs. Exit 1 tells that something is wrong.
func (d *doctorCommand) Run(ctx context.Context, c console) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	findings := []finding{d.checkData(), d.checkSpace(), d.checkListen(ctx)}
	if d.DatabaseURL == "" {
		findings = append(findings, checkBinaries(ctx))
	} else {
		findings = append(findings, checkDatabase(ctx, d.DatabaseURL)...)
	}
	return report(c, findings, d.JSON)
}

func report(c console, findings []finding, asJSON bool) error {
	wrong := false
	for _, f := range findings {
		wrong = wrong || !f.OK
	}
	if asJSON {
		if err := json.NewEncoder(c.out).Encode(findings); err != nil {
			return err
		}
	} else {
		for _, f := range findings {
			mark := "ok   "
			if !f.OK {
				mark = "WRONG"
			}
			fmt.Fprintf(c.out, "%s %-12s %s\n", mark, f.Check, f.Detail)
			if f.Remedy != "" {
				fmt.Fprintf(c.out, "      remedy: %s\n", f.Remedy)
			}
		}
	}
	if wrong {
		return &failure{code: exitFound}
	}
	return nil
}

func (d *doctorCommand) checkData() finding {
	f := finding{Check: "data folder", Detail: d.Data}
	dir := d.Data
	for { // the folder itself may still have to be made
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			break
		}
		dir = filepath.Dir(dir)
	}
	probe, err := os.CreateTemp(dir, ".fondaco-doctor-*")
	if err != nil {
		f.Detail, f.Remedy = err.Error(), "give this user the right to write there, or choose another folder with --data"
		return f
	}
	f.OK = probe.Close() == nil && os.Remove(probe.Name()) == nil
	return f
}

const leastSpace = 1 << 30

func (d *doctorCommand) checkSpace() finding {
	f := finding{Check: "disk space"}
	var fs syscall.Statfs_t
	dir := d.Data
	for syscall.Statfs(dir, &fs) != nil && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
	}
	free := fs.Bavail * uint64(fs.Bsize)
	f.OK, f.Detail = free >= leastSpace, fmt.Sprintf("%.1f GiB free", float64(free)/(1<<30))
	if !f.OK {
		f.Remedy = "free at least 1 GiB: PostgreSQL stops writing when the disk is full"
	}
	return f
}

func (d *doctorCommand) checkListen(ctx context.Context) finding {
	f := finding{Check: "port", Detail: d.Listen + " is free"}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", d.Listen)
	if err != nil {
		f.Detail, f.Remedy = err.Error(), "stop the program that uses it, or choose another one with --listen"
		return f
	}
	f.OK = l.Close() == nil
	return f
}

func checkBinaries(ctx context.Context) finding {
	f := finding{Check: "PostgreSQL"}
	b, err := postgres.Find(ctx, postgres.Search{})
	if err != nil {
		f.Detail = err.Error()
		if missing, ok := errors.AsType[*postgres.NotFoundError](err); ok && len(missing.Remedies) > 0 {
			f.Remedy = missing.Remedies[0].Text + ": " + missing.Remedies[0].Command
		}
		return f
	}
	f.OK, f.Detail = true, fmt.Sprintf("version %s in %s, for 'fondaco demo'; name a database with DATABASE_URL for 'fondaco serve'", b.Version, b.Dir)
	return f
}

const leastPostgres = 140000

func checkDatabase(ctx context.Context, dsn string) []finding {
	f := finding{Check: "database", Detail: withoutPassword(dsn)}
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		f.Detail, f.Remedy = err.Error(), "start PostgreSQL, or correct DATABASE_URL (postgres://user:password@host:5432/database)"
		return []finding{f}
	}
	defer conn.Close(context.WithoutCancel(ctx))
	f.OK = true
	list := []finding{f}
	var version int
	var mayRole bool
	var missing []string
	const statement = `
		SELECT current_setting('server_version_num')::int,
			(SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles r WHERE r.rolname = current_user)
				OR EXISTS (SELECT FROM pg_roles r WHERE r.rolname = 'fondaco_app' AND pg_has_role(current_user, r.oid, 'MEMBER')),
			ARRAY(
				SELECT x.name
				FROM unnest(ARRAY['pg_trgm', 'unaccent', 'btree_gin']) AS x (name)
				WHERE NOT EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = x.name))`
	if err := conn.QueryRow(ctx, statement).Scan(&version, &mayRole, &missing); err != nil {
		return append(list, finding{Check: "database", Detail: err.Error(), Remedy: "see the server's log"})
	}
	list = append(list, verdict("version", version >= leastPostgres, fmt.Sprintf("PostgreSQL %d", version/10000), "upgrade PostgreSQL to version 14 or newer"))
	list = append(list, verdict("role", mayRole, "the role fondaco_app, under which the node serves, can be used",
		"as a superuser run: CREATE ROLE fondaco_app NOLOGIN; GRANT fondaco_app TO <the user in DATABASE_URL>;"))
	return append(list, verdict("extensions", len(missing) == 0, fmt.Sprintf("missing: %v", missing),
		"install PostgreSQL's contrib modules (Debian: included in postgresql; Red Hat: postgresql-contrib)"))
}

func verdict(check string, ok bool, detail, remedy string) finding {
	f := finding{Check: check, OK: ok, Detail: detail}
	if !ok {
		f.Remedy = remedy
	}
	if ok && check == "extensions" {
		f.Detail = "pg_trgm, unaccent and btree_gin are there"
	}
	return f
}

// withoutPassword shows a database URL to people.
func withoutPassword(dsn string) string {
	if dsn == "" {
		return ""
	}
	u, err := url.Parse(dsn)
	if err != nil || u.Host == "" && u.Path == "" {
		return "(set)"
	}
	return u.Redacted()
}
