package exchangetest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/exchange/federation"
	"fondaco/partners"
)

// Twins gives two pairs of nodes that were one pair: build has made firms and
// records on it, all of that had arrived, and then both were taken apart into
// two: databases, documents, keys and mailboxes are copies. Their clocks stand
// still at the same time.
func Twins(t testing.TB, build func(p *Two), change ...func(*federation.Options)) (first, second *Two) {
	t.Helper()
	p := Pair(t, change...)
	build(p)
	p.A.Settle()
	p.B.Settle()
	p.A.Stop()
	p.B.Stop()
	p.Server.Close()
	now := p.A.Now()
	still := func(o *partners.Options) { o.Now = func() time.Time { return now } }
	return p.copied(still, change), p.copied(still, change)
}

// copied lets a copy of the two run.
func (p *Two) copied(clock func(*partners.Options), change []func(*federation.Options)) *Two {
	p.t.Helper()
	c := &Two{t: p.t, Partnership: p.Partnership, folder: p.copyFolder(p.folder)}
	// Each has a port of its own.
	if err := os.Remove(filepath.Join(c.folder, "port")); err != nil {
		p.t.Fatalf("copy the nats-server: %v", err)
	}
	c.serve()
	c.A = side(p.A.Copy(p.t, clock), p.copyFolder(p.A.Folder), p.A.Admin, c.own(), change)
	c.B = side(p.B.Copy(p.t, clock), p.copyFolder(p.B.Folder), p.B.Admin, federation.Options{}, change)
	c.B.redirect(c.Wire.Address())
	c.A.Start()
	c.B.Start()
	return c
}

// copyFolder copies a folder of keys or of mailboxes, which only we can read.
func (p *Two) copyFolder(from string) string {
	p.t.Helper()
	to := p.t.TempDir()
	root, err := os.OpenRoot(to)
	if err == nil {
		err = errors.Join(os.CopyFS(to, os.DirFS(from)), fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			return root.Chmod(path, 0o600)
		}), root.Close())
	}
	if err != nil {
		p.t.Fatalf("copy %s: %v", from, err)
	}
	return to
}

// redirect lets the side look for its partner's server elsewhere.
func (s *Side) redirect(address string) {
	s.t.Helper()
	ctx := s.t.Context()
	conn, err := pgx.Connect(ctx, s.DSN)
	if err != nil {
		s.t.Fatalf("redirect: %v", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "UPDATE federation_links SET hub = $1 WHERE hub <> ''", address); err != nil {
		s.t.Fatalf("redirect: %v", err)
	}
}
