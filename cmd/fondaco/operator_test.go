package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"fondaco/partners/postgres"
	"fondaco/partners/postgres/postgrestest"
)

// attempt runs a command that is expected to fail, and gives its exit code
// and what it said.
func attempt(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out, errs strings.Builder
	code := run(t.Context(), args, console{strings.NewReader(""), &out, &errs})
	return code, errs.String()
}

func TestSecondStartOnTheSameDataIsRefused(t *testing.T) {
	t.Parallel()
	data := postgrestest.Folder(t)
	startDemo(t, data)
	code, said := attempt(t, "demo", "--data", data, "--port", "0", "--exit-when-ready")
	if code != exitInUse || !strings.Contains(said, data) || !strings.Contains(said, "--data") {
		t.Errorf("exit %d: %s; want %d, the folder and what to do", code, said, exitInUse)
	}
}

func TestServeRefuses(t *testing.T) {
	t.Parallel()
	dsn := postgrestest.Database(t, nil, "empty")
	busy, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() })
	for _, test := range []struct {
		name string
		args []string
		code int
		says []string
	}{
		{"a port that is in use", []string{"--database-url", dsn, "--listen", busy.Addr().String()}, exitInUse, []string{busy.Addr().String(), "--listen"}},
		{"a database URL that is none", []string{"--database-url", "::", "--listen", "127.0.0.1:0"}, exitUnavailable, []string{"DATABASE_URL"}},
		{"a database that does not exist", []string{"--database-url", strings.Replace(dsn, "fondaco_test_", "fondaco_none_", 1), "--listen", "127.0.0.1:0"}, exitUnavailable, []string{"does not exist", "DATABASE_URL"}},
		{"a server that is not there", []string{"--database-url", "postgres://x@127.0.0.1:1/x", "--listen", "127.0.0.1:0"}, exitUnavailable, []string{"check that PostgreSQL runs"}},
		{"half of TLS", []string{"--database-url", dsn, "--listen", "127.0.0.1:0", "--tls-cert", "cert.pem"}, exitUsage, []string{"--tls-key"}},
		{"a data folder that cannot be", []string{"--database-url", dsn, "--listen", "127.0.0.1:0", "--data", "/proc/fondaco"}, exitUsage, []string{"/proc/fondaco", "--data"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, said := attempt(t, append([]string{"serve", "--data", t.TempDir()}, test.args...)...)
			if code != test.code {
				t.Errorf("exit %d, want %d: %s", code, test.code, said)
			}
			for _, want := range test.says {
				if !strings.Contains(said, want) {
					t.Errorf("it says %q, and not %q", said, want)
				}
			}
			if n := strings.Count(strings.TrimSpace(said), "\n") + 1; n > 8 {
				t.Errorf("it says so in %d lines, want at most 8:\n%s", n, said)
			}
		})
	}
}

// Passwords must not cross a network in the clear.
func TestSignInBeyondLoopbackNeedsTLS(t *testing.T) {
	t.Parallel()
	s := &server{t: t, name: "open", data: postgrestest.Folder(t)}
	s.args = []string{"--database-url", postgrestest.Database(t, nil, "empty"), "--listen", "0.0.0.0:0"}
	s.start()
	t.Cleanup(func() { s.end(terminate) })
	port := s.address()[strings.LastIndexByte(s.address(), ':'):]
	c := &client{t: t, url: "http://127.0.0.1" + port}
	status, body := c.post("/auth/sign-in", `{"email":"x@example.com","password":"whatever it is"}`)
	if status == http.StatusOK || !strings.Contains(string(body), "--behind-proxy") || !strings.Contains(string(body), "--tls-cert") {
		t.Errorf("%d %s; want it refused with the remedies named", status, body)
	}
}

// While the database is away a node says so; what was written is there when
// the database is back, without a restart of the node.
func TestDatabaseGoesAndComesBack(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(postgrestest.Folder(t), "postgres")
	open := func() *postgres.Cluster {
		cluster, err := postgres.Open(t.Context(), postgres.Options{Dir: dir, Unsafe: true})
		if err != nil {
			t.Fatal(err)
		}
		return cluster
	}
	cluster := open()
	if _, err := cluster.EnsureDatabase(t.Context(), "node", ""); err != nil {
		t.Fatal(err)
	}
	_, _, admin := newServerOn(t, "Maker", "PL", cluster.DSN("node", ""))
	admin.mutate("createProduct", "CreateProductInput", "product { id }", object{"name": "Pump", "partNumber": "P-1"})
	if err := cluster.Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	status, body := admin.post("/graphql", `{"query":"{ products(first: 5) { nodes { name } } }"}`)
	if text := string(body); status == http.StatusOK && !strings.Contains(text, "UNAVAILABLE") || strings.Contains(text, "dial") || strings.Contains(text, "SQLSTATE") {
		t.Errorf("while the database is away: %d %s; want UNAVAILABLE and nothing internal", status, body)
	}
	cluster = open()
	t.Cleanup(func() { _ = cluster.Stop(context.WithoutCancel(t.Context())) })
	eventually(t, "the node works again", func() bool {
		status, body := admin.post("/graphql", `{"query":"{ products(first: 5) { nodes { name } } }"}`)
		return status == http.StatusOK && strings.Contains(string(body), `"name":"Pump"`)
	})
}

func TestDemoTellsWhereEverythingIs(t *testing.T) {
	t.Parallel()
	data := postgrestest.Folder(t)
	announced := func(more ...string) string {
		var out, errs strings.Builder
		args := append([]string{"demo", "--data", data, "--port", "0", "--exit-when-ready"}, more...)
		if code := run(t.Context(), args, console{strings.NewReader(""), &out, &errs}); code != exitDone {
			t.Fatalf("exit %d: %s", code, errs.String())
		}
		return out.String()
	}
	said := announced()
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if len(lines) > 20 {
		t.Errorf("%d lines, want at most 20", len(lines))
	}
	for _, want := range []string{"http://127.0.0.1:", "password", "anna@wisla.example", "curl -s", "edi drop", data, "--reset", " ms"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	// The next time the nodes may be elsewhere, and people sign in there.
	var again announcement
	if err := json.Unmarshal([]byte(announced("--json")), &again); err != nil {
		t.Fatal(err)
	}
	if len(again.Logins) == 0 {
		t.Error("the second start tells of no logins")
	}
	for _, l := range again.Logins {
		if l.Node != again.MakerURL && l.Node != again.PartnerURL {
			t.Errorf("%s is sent to %s; the nodes are at %s and %s", l.Email, l.Node, again.MakerURL, again.PartnerURL)
		}
	}
}
