package auth

import (
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"fondaco/partners/postgres/postgrestest"
	"fondaco/policy"
	"fondaco/schema"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func migrate(ctx context.Context, dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	files, err := fs.Sub(schema.Migrations, "sql")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// people stands for the service that knows who has which role now.
type people struct {
	mu   sync.Mutex
	gone map[schema.ID]bool
}

func (p *people) Principal(_ context.Context, user schema.ID) (policy.Principal, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone[user] {
		return policy.Principal{}, schema.NotFound("User")
	}
	return policy.Principal{Firm: firm, User: schema.Ref[schema.User](user), Actor: policy.ActorUser, Roles: []schema.Role{schema.Sales}}, nil
}

func (p *people) remove(user schema.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone[user] = true
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

var (
	firm = schema.FirmID(schema.NewID())
	ana  = Account{User: schema.NewID(), Firm: firm, Email: "Ana@Example.com"}
)

const password = "quatro palavras bem longas"

// world is a node's authentication over a database of its own, with one
// person who has a password.
type world struct {
	*Service
	t      *testing.T
	clock  *clock
	people *people
	server *httptest.Server
}

func open(t *testing.T, change func(*Options)) *world {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), postgrestest.Database(t, migrate, "auth"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	w := &world{t: t, clock: &clock{at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}, people: &people{gone: map[schema.ID]bool{}}}
	o := Options{Pool: pool, Principals: w.people, NodeID: t.Name(), Listen: "127.0.0.1:0", Now: w.clock.now}
	if change != nil {
		change(&o)
	}
	w.Service = New(o)
	w.hasher = newHasher(2, 32, cheap)
	w.server = httptest.NewServer(w.Handler())
	t.Cleanup(w.server.Close)
	if err := w.SetPassword(t.Context(), ana, password); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w.t.Cleanup(client.CloseIdleConnections)
	return client
}

// call gives status, body and header of the answer.
func (w *world) call(client *http.Client, method, path, body string, header ...string) (int, string, http.Header) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, string(b), resp.Header
}

func (w *world) signIn(client *http.Client, email, password string) (int, string, http.Header) {
	w.t.Helper()
	body, _ := json.Marshal(map[string]string{"email": email, "password": password})
	return w.call(client, "POST", "/auth/sign-in", string(body))
}

func (w *world) signedIn(client *http.Client) bool {
	w.t.Helper()
	status, body, _ := w.call(client, "GET", "/auth/session", "")
	if status != http.StatusOK {
		w.t.Fatalf("GET /auth/session: %d %s", status, body)
	}
	return strings.HasPrefix(body, `{"signedIn":true`)
}
