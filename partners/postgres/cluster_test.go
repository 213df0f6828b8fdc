package postgres

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func execute(t *testing.T, c Address, statement string) {
	t.Helper()
	conn, err := pgx.Connect(deadline(t), c.DSN("", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(deadline(t), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func query[T any](t *testing.T, dsn, statement string) T {
	t.Helper()
	conn, err := pgx.Connect(deadline(t), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var value T
	if err := conn.QueryRow(deadline(t), statement).Scan(&value); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return value
}

func TestOpenMakesDataOnceAndKeepsThem(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(roomy(t), "cluster")
	began := time.Now()
	c := open(t, Options{Dir: dir})
	t.Logf("first start, %s: %v", c.Mode, time.Since(began).Round(time.Millisecond))
	if !c.Created {
		t.Error("Created = false at the first start")
	}
	execute(t, c.Address, "CREATE TABLE kept AS SELECT 42 AS answer")
	stop(t, c)
	if err := c.Err(); err != nil {
		t.Errorf("Err after Stop = %v, want none", err)
	}
	began = time.Now()
	c = open(t, Options{Dir: dir})
	t.Logf("second start: %v", time.Since(began).Round(time.Millisecond))
	if c.Created {
		t.Error("Created = true at the second start")
	}
	if got := query[int](t, c.DSN("", ""), "SELECT answer FROM kept"); got != 42 {
		t.Errorf("the table holds %d after a restart, want 42", got)
	}
}

func TestOpenMakesDataAnewThatNeverCameToTheDisk(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(roomy(t), "cluster")
	c := open(t, Options{Dir: dir})
	execute(t, c.Address, "CREATE TABLE lost AS SELECT 42 AS answer")
	if err := c.Flushed(deadline(t)); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(dir, freshName)
	if exists, err := fileExists(fresh); exists || err != nil {
		t.Fatalf("%s is there when the data are flushed (%v), want it gone", freshName, err)
	}
	stop(t, c)
	// What a power cut leaves: the data have their name, and nobody knows what of them is on the disk.
	if err := markFresh(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "data", "global", "pg_control")); err != nil {
		t.Fatal(err)
	}
	c = open(t, Options{Dir: dir})
	if !c.Created {
		t.Error("Created = false, want the data made anew")
	}
	if query[bool](t, c.DSN("", ""), "SELECT to_regclass('lost') IS NOT NULL") {
		t.Error("the table of the data that were cut off is there")
	}
}

func TestOpenSettings(t *testing.T) {
	t.Parallel()
	c := open(t, Options{Dir: made(t), Settings: map[string]string{"work_mem": "8MB"}})
	for _, tt := range []struct{ name, want string }{
		{"listen_addresses", ""},
		{"fsync", "on"},
		{"full_page_writes", "on"},
		{"shared_buffers", "16MB"},
		{"max_connections", "30"},
		{"jit", "off"},
		{"wal_level", "minimal"},
		{"max_wal_senders", "0"},
		{"work_mem", "8MB"},
		{"server_encoding", "UTF8"},
		{"is_superuser", "on"},
	} {
		if got := query[string](t, c.DSN("", ""), "SELECT current_setting('"+tt.name+"')"); got != tt.want {
			t.Errorf("%s = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestOpenChoosesHowRootRunsTheServer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, dir string
		root      Mode
	}{
		{"every account may enter the folder", filepath.Join(roomy(t), "cluster"), ModeAccount},
		{"a parent folder is closed to others", filepath.Join(closed(t), "cluster"), ModeNamespace},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := tt.root
			if os.Geteuid() != 0 {
				want = ModeDirect
			}
			for _, created := range []bool{true, false} {
				c := open(t, Options{Dir: tt.dir, Unsafe: true})
				if c.Mode != want || c.Created != created {
					t.Errorf("Open: mode %s, created %v, want %s, %v", c.Mode, c.Created, want, created)
				}
				stop(t, c)
			}
		})
	}
}

func closed(t *testing.T) string {
	t.Helper()
	dir := roomy(t)
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestOpenRefusesASecondOwnerAndJoinLetsOthersIn(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(roomy(t), "cluster")
	if _, err := Join(deadline(t), dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("Join before any start = %v, want ErrNotRunning", err)
	}
	owner, _ := startOwner(t, dir)
	_, err := Open(deadline(t), Options{Dir: dir})
	var inUse *InUseError
	if !errors.As(err, &inUse) || inUse.PID != owner.Process.Pid || !errors.Is(err, ErrInUse) {
		t.Fatalf("Open of a folder in use = %v, want an InUseError with process %d", err, owner.Process.Pid)
	}
	a, err := Join(deadline(t), dir)
	if err != nil {
		t.Fatalf("Join: %v", err)
	}
	if got := query[string](t, a.DSN("", ""), "SELECT current_user::text"); got != Superuser {
		t.Errorf("joined as %q, want %q", got, Superuser)
	}
	if err := Remove(deadline(t), dir); !errors.Is(err, ErrInUse) {
		t.Errorf("Remove of a folder in use = %v, want ErrInUse", err)
	}
	if err := owner.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := owner.Wait(); err != nil {
		t.Errorf("the owner ended with %v, want a clean end", err)
	}
	if _, err := Join(deadline(t), dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("Join after the end = %v, want ErrNotRunning", err)
	}
	if err := Remove(deadline(t), dir); err != nil {
		t.Errorf("Remove: %v", err)
	}
	if exists, err := fileExists(dir); exists || err != nil {
		t.Errorf("after Remove the folder exists: %v, %v", exists, err)
	}
}

func TestOpenPutsTheSocketOfALongPathElsewhere(t *testing.T) {
	t.Parallel()
	dir := madeAt(t, filepath.Join(roomy(t), strings.Repeat("long, \"quoted\" and spaced ", 5)))
	c := open(t, Options{Dir: dir, Unsafe: true})
	if strings.HasPrefix(c.Socket, dir) {
		t.Errorf("the socket stands in %s, whose path is over %d bytes", c.Socket, socketMax)
	}
	if got := query[int](t, c.DSN("", ""), "SELECT 1"); got != 1 {
		t.Errorf("SELECT 1 = %d", got)
	}
	stop(t, c)
	if exists, err := fileExists(c.Socket); exists || err != nil {
		t.Errorf("after Stop the socket's folder exists: %v, %v", exists, err)
	}
}

func TestOpenShowsWhatTheServerSaid(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(roomy(t), "cluster")
	_, err := Open(deadline(t), Options{Dir: dir, Unsafe: true, Settings: map[string]string{"work_mem": "plenty"}})
	var said *ServerError
	if !errors.As(err, &said) || !said.says(`invalid value for parameter "work_mem": "plenty"`) {
		t.Fatalf("Open with a bad setting = %v, want a ServerError with the server's own words", err)
	}
	if c := open(t, Options{Dir: dir, Unsafe: true}); c.Created {
		t.Error("the data were made again after a failed start")
	}
}

func TestOpenEndsWithItsContext(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(roomy(t), "cluster")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond) // in the middle of initdb
	defer cancel()
	if c, err := Open(ctx, Options{Dir: dir}); err == nil {
		stop(t, c)
		t.Fatal("Open made a cluster within 100 ms, want the context's end")
	} else if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Open = %v, want the context's end", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, initPrefix+"*"))
	if err != nil || len(left) > 0 {
		t.Errorf("initdb left %v, %v", left, err)
	}
	open(t, Options{Dir: dir, Unsafe: true})
}

func TestDoneTellsThatTheServerDied(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := open(t, Options{Dir: dir, Unsafe: true})
	if err := c.Err(); err != nil {
		t.Errorf("Err of a running server = %v", err)
	}
	if err := syscall.Kill(c.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-c.Done():
	case <-deadline(t).Done():
		t.Fatal("Done is not closed after the server was killed")
	}
	if err := c.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("Wait = %v, want that the server was killed", err)
	}
	stop(t, c)
	if c := open(t, Options{Dir: dir, Unsafe: true}); c.Created {
		t.Error("the data were made again after the server was killed")
	}
}

func TestEnsureDatabaseCopiesATemplate(t *testing.T) {
	t.Parallel()
	c := open(t, Options{Dir: made(t), Unsafe: true})
	if created, err := c.EnsureDatabase(deadline(t), "first", ""); err != nil || !created {
		t.Fatalf("EnsureDatabase(first) = %v, %v", created, err)
	}
	conn, err := pgx.Connect(deadline(t), c.DSN("first", ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(deadline(t), "CREATE TABLE kept AS SELECT 42 AS answer"); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(deadline(t)); err != nil {
		t.Fatal(err)
	}
	name := `second "node"`
	for _, want := range []bool{true, false} {
		if created, err := c.EnsureDatabase(deadline(t), name, "first"); err != nil || created != want {
			t.Fatalf("EnsureDatabase(second) = %v, %v, want %v", created, err, want)
		}
	}
	if got := query[int](t, c.DSN(name, ""), "SELECT answer FROM kept"); got != 42 {
		t.Errorf("the copy holds %d, want 42", got)
	}
	if _, err := c.EnsureDatabase(deadline(t), "third", "missing"); err == nil {
		t.Error("EnsureDatabase from a missing template succeeded")
	}
	admin, err := pgx.Connect(deadline(t), c.DSN("", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = admin.Close(context.Background()) }()
	for range 2 {
		if err := DropDatabase(deadline(t), admin, name); err != nil {
			t.Errorf("DropDatabase: %v", err)
		}
	}
}

func BenchmarkOpenFirst(b *testing.B) {
	for b.Loop() {
		dir, err := os.MkdirTemp("", "fondaco-postgres-")
		if err != nil {
			b.Fatal(err)
		}
		openAndStop(b, dir)
		b.StopTimer()
		if err := os.RemoveAll(dir); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkOpenAgain(b *testing.B) {
	dir := b.TempDir()
	openAndStop(b, dir)
	for b.Loop() {
		openAndStop(b, dir)
	}
}

// openAndStop times the start alone.
func openAndStop(b *testing.B, dir string) {
	b.Helper()
	b.StartTimer()
	c, err := Open(b.Context(), Options{Dir: dir})
	b.StopTimer()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Stop(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.StartTimer()
}
