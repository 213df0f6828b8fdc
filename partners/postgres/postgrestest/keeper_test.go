package postgrestest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fondaco/partners/postgres"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5"
)

// helperVariable names the folder for the notes of a test process that another test starts.
const helperVariable = "FONDACO_POSTGRESTEST_HELPER"

// TestHelper is what the processes do that the other tests start; go test itself finds nothing to do in it.
func TestHelper(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(helperVariable)
	if dir == "" {
		return
	}
	dsn := Database(t, notes(dir), dir)
	if got := value[string](t, dsn, "SELECT text FROM notes"); got != "from the template" {
		t.Errorf("the copy holds %q", got)
	}
	if os.Getenv(helperVariable+"_DIES") != "" {
		if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
}

func helper(t *testing.T, dir string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelper$", "-test.v")
	cmd.Env = append(append(os.Environ(), helperVariable+"="+dir), env...)
	return cmd
}

func TestProcessesShareTheServerAndItsTemplates(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if out, err := helper(t, dir).CombinedOutput(); err != nil {
				t.Errorf("a test process: %v\n%s", err, out)
			}
		})
	}
	all.Wait()
	if got := runs(t, dir); got != 1 {
		t.Errorf("the migration ran %d times in four processes, want once", got)
	}
}

func TestDatabasesOfAKilledProcessAreDropped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := helper(t, dir, helperVariable+"_DIES=1").Run(); err == nil {
		t.Fatal("the process did not die")
	}
	left := func() int {
		return value[int](t, Server(t), `
			SELECT count(*) FROM pg_database
			WHERE datname LIKE 'fondaco\_test\_%\_testhelper' AND split_part(datname, '_', 3) NOT IN (
				SELECT split_part(application_name, '_', 3) FROM pg_stat_activity)`)
	}
	// The cluster is shared: the tests of another package may have come meanwhile, and tidied up already.
	if got := left(); got > 1 {
		t.Fatalf("the killed process left %d databases, want 1 at most", got)
	}
	if out, err := helper(t, dir).CombinedOutput(); err != nil {
		t.Fatalf("the next process: %v\n%s", err, out)
	}
	if got := left(); got != 0 {
		t.Errorf("%d databases are left after the next process came", got)
	}
}

func TestKeeperEndsAfterItsLastUser(t *testing.T) {
	t.Parallel()
	f := folder(reachable(t))
	users := flock.New(f.users())
	if err := users.RLock(); err != nil {
		t.Fatal(err)
	}
	if err := startKeeper(f); err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Join(t.Context(), f.cluster()); err != nil {
		t.Fatal(err)
	}
	if err := users.Unlock(); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, f.cluster())
}

func TestServerOfTheUsersOwnNeedsNoSuperuser(t *testing.T) {
	t.Parallel()
	f := folder(reachable(t))
	users := flock.New(f.users())
	if err := users.RLock(); err != nil {
		t.Fatal(err)
	}
	if err := startKeeper(f); err != nil {
		t.Fatal(err)
	}
	address, err := postgres.Join(t.Context(), f.cluster())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), address.DSN("", ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "CREATE ROLE plain LOGIN CREATEDB"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for range 2 {
		if out, err := helper(t, dir, ServerVariable+"="+address.DSN("", "plain")).CombinedOutput(); err != nil {
			t.Errorf("a test process with a server of the user's own: %v\n%s", err, out)
		}
	}
	if got := runs(t, dir); got != 1 {
		t.Errorf("the migration ran %d times, want once", got)
	}
	left := value[int](t, address.DSN("", ""), "SELECT count(*) FROM pg_database WHERE datname LIKE 'fondaco\\_test\\_%'")
	if left != 0 {
		t.Errorf("%d databases are left there", left)
	}
	if err := errors.Join(conn.Close(t.Context()), users.Unlock()); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, f.cluster())
}

func TestKeeperThatWasKilledIsReplaced(t *testing.T) {
	t.Parallel()
	f := folder(reachable(t))
	users := flock.New(f.users())
	if err := users.RLock(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := startKeeper(f); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(keeperOf(t, f), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	if err := startKeeper(f); err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Join(t.Context(), f.cluster()); err != nil {
		t.Errorf("Join after two keepers were killed: %v", err)
	}
	if err := users.Unlock(); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, f.cluster())
}

func TestASecondKeeperLeavesTheFieldToTheFirst(t *testing.T) {
	t.Parallel()
	f := folder(reachable(t))
	users := flock.New(f.users())
	if err := users.RLock(); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if err := startKeeper(f); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if _, err := postgres.Join(t.Context(), f.cluster()); err != nil {
		t.Error(err)
	}
	if err := users.Unlock(); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, f.cluster())
}

func TestKeeperTellsWhyItDidNotStart(t *testing.T) {
	f := folder(reachable(t))
	t.Setenv(postgres.BinDirVariable, "/nonexistent")
	if err := startKeeper(f); err == nil || !strings.Contains(err.Error(), "no PostgreSQL server in /nonexistent") {
		t.Errorf("startKeeper = %v, want the launcher's refusal", err)
	}
}

func keeperOf(t *testing.T, f folder) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(f.cluster(), "owner.lock"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func awaitGone(t *testing.T, path string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(time.Minute)
	for {
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			return
		}
		select {
		case <-tick.C:
		case <-timeout:
			t.Fatalf("%s is still there a minute after its last user", path)
		}
	}
}

// reachable is a folder that the account of the server may enter.
func reachable(t *testing.T) string {
	t.Helper()
	dir := Folder(t)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
