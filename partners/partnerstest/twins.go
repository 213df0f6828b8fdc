package partnerstest

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/partners/postgres"
	"fondaco/policy"
)

// Twins are two nodes that were one: their databases are copies, their clocks
// are one, and so are their keys. What is done to one of them alone is a secret
// to whoever may not see it, and must not show in anything that it gets.
type Twins struct {
	A, B *Node
	// now is in nanoseconds since 1970: streams look at the clock while a test lets time pass.
	now atomic.Int64
	// known are the ids that both had from the beginning.
	known map[string]bool
}

// NewTwins lets build make a node, and takes it apart into two.
func NewTwins(t testing.TB, build func(n *Node)) *Twins {
	t.Helper()
	w := &Twins{}
	w.now.Store(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	clock := func(o *partners.Options) { o.Now = func() time.Time { return time.Unix(0, w.now.Load()).UTC() } }
	w.A = Open(t, clock)
	build(w.A)
	w.known = w.A.knownIDs()
	w.B = w.A.Copy(t, clock)
	return w
}

// Pass lets time pass at both.
func (w *Twins) Pass(d time.Duration) { w.now.Add(int64(d)) }

// Copy opens a node on a copy of the database and of the bytes of documents.
// Nothing may be at work on the node meanwhile.
func (n *Node) Copy(t testing.TB, change ...func(*partners.Options)) *Node {
	t.Helper()
	n.Pool().Reset()
	n.copies++
	dsn, err := url.Parse(n.DSN)
	if err != nil {
		t.Fatalf("copy: %v", err)
	}
	name := strings.TrimPrefix(dsn.Path, "/")
	dsn.Path = "/postgres"
	conn, err := pgx.Connect(t.Context(), dsn.String())
	if err != nil {
		t.Fatalf("copy: %v", err)
	}
	twin := fmt.Sprintf("%s_twin%d", name[:min(len(name), 55)], n.copies) // an identifier has 63 bytes
	// A connection that was given back a moment ago may not have ended yet.
	if _, err := conn.Exec(t.Context(), "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", name); err != nil {
		t.Fatalf("copy: %v", err)
	}
	if err := postgres.CreateDatabase(t.Context(), conn, twin, name); err != nil {
		t.Fatalf("copy: %v", err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if err := postgres.DropDatabase(ctx, conn, twin); err != nil {
			t.Errorf("drop the copy: %v", err)
		}
		if err := conn.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	dsn.Path = "/" + twin
	pool, err := partners.Connect(t.Context(), dsn.String(), 4)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(pool.Close)
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(n.bodies)); err != nil {
		t.Fatalf("copy bodies: %v", err)
	}
	return serve(t, pool, dsn.String(), folder, change...)
}

// A Driver is a way by which a viewer gets something of a node: the service
// itself, the gateway's HTTP, a federation link, an EDI mailbox.
type Driver interface {
	// Name names the driver in reports.
	Name() string
	// Run carries out one operation as the viewer, and gives all that the viewer gets: every byte of an answer, an
	// error, a header. The operation is drawn from the schema by op alone, so that the same op is the same operation
	// at both twins, and a new kind or field is covered by itself.
	Run(n *Node, viewer policy.Principal, op uint64) []byte
}

// Secret is something done at one of the twins that a viewer may not see.
type Secret struct {
	Name string
	// Do reports false where the node refused it, and nothing was done.
	Do func(n *Node) bool
}

// Compare does the secret at B, and then the same operations at both by each
// driver. It reports every operation by which a viewer gets another answer, and
// gives how many were carried out.
func (w *Twins) Compare(t testing.TB, secret Secret, viewers []policy.Principal, drivers []Driver, ops []uint64) int {
	t.Helper()
	if !secret.Do(w.B) {
		return 0
	}
	count := 0
	w.each(t, viewers, drivers, ops, func(viewer policy.Principal, d Driver, op uint64, a, b []byte) {
		count++
		if !bytes.Equal(a, b) {
			t.Errorf("%s %v by %s, operation %d, after the secret %q (-without +with):\n%s",
				viewer.Actor, viewer.Roles, d.Name(), op, secret.Name, cmp.Diff(string(a), string(b)))
		}
	})
	return count
}

// Differing counts the operations by which viewers get different answers. It
// is for those who see the secret: a driver that shows them no difference tests
// nothing. The operations must write nothing, or the twins go apart.
func (w *Twins) Differing(t testing.TB, viewers []policy.Principal, drivers []Driver, ops []uint64) int {
	t.Helper()
	count := 0
	w.each(t, viewers, drivers, ops, func(_ policy.Principal, _ Driver, _ uint64, a, b []byte) {
		if !bytes.Equal(a, b) {
			count++
		}
	})
	return count
}

func (w *Twins) each(t testing.TB, viewers []policy.Principal, drivers []Driver, ops []uint64, judge func(policy.Principal, Driver, uint64, []byte, []byte)) {
	t.Helper()
	for _, viewer := range viewers {
		for _, d := range drivers {
			for _, op := range ops {
				a, b := d.Run(w.A, viewer, op), d.Run(w.B, viewer, op)
				judge(viewer, d, op, w.newIDs(a), w.newIDs(b))
			}
		}
	}
}

// idText is an id in its text form.
var idText = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// newIDs replaces ids that were not there from the beginning by the order in
// which they appear: what is made by an operation has another id at each twin.
func (w *Twins) newIDs(answer []byte) []byte {
	places := map[string]string{}
	return idText.ReplaceAllFunc(answer, func(id []byte) []byte {
		if w.known[string(id)] {
			return id
		}
		if places[string(id)] == "" {
			places[string(id)] = fmt.Sprintf("new-id-%d", len(places))
		}
		return []byte(places[string(id)])
	})
}

func (n *Node) knownIDs() map[string]bool {
	n.t.Helper()
	rows, err := n.Pool().Query(n.t.Context(), "SELECT r.id::text FROM records r")
	if err != nil {
		n.t.Fatalf("list ids: %v", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		n.t.Fatalf("list ids: %v", err)
	}
	known := make(map[string]bool, len(list))
	for _, id := range list {
		known[id] = true
	}
	return known
}
