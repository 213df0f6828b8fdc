package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestOpenAfterKill(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		dir  string
		kill func(t *testing.T, dir string, owner *exec.Cmd, server int)
	}{
		{"of the program, whose server ends with it", made(t), func(t *testing.T, _ string, owner *exec.Cmd, _ int) {
			kill(t, owner)
		}},
		{"of the server, then of the program", made(t), func(t *testing.T, _ string, owner *exec.Cmd, server int) {
			terminate(t, server)
			kill(t, owner)
		}},
		{"of everything at once, soon after the data were made", filepath.Join(roomy(t), "cluster"), func(t *testing.T, dir string, owner *exec.Cmd, _ int) {
			pids, err := processesIn(dataDir(dir))
			if err != nil {
				t.Fatal(err)
			}
			for _, pid := range append(pids, owner.Process.Pid) {
				terminate(t, pid)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := tt.dir
			owner, server := startOwner(t, dir)
			a, err := Join(deadline(t), dir)
			if err != nil {
				t.Fatal(err)
			}
			execute(t, a, "CREATE TABLE kept AS SELECT 42 AS answer")
			tt.kill(t, dir, owner, server)
			kill(t, owner)
			began := time.Now()
			c := open(t, Options{Dir: dir})
			t.Logf("start after the kill: %v", time.Since(began).Round(time.Millisecond))
			if got := query[int](t, c.DSN("", ""), "SELECT answer FROM kept"); got != 42 {
				t.Errorf("the committed row is %d after the kill, want 42", got)
			}
		})
	}
}

func TestServerEndsWithItsProgram(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, dir string }{
		{"under another account", made(t)},
		{"in a user namespace", filepath.Join(closed(t), "cluster")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			owner, _ := startOwner(t, tt.dir)
			kill(t, owner)
			awaitEnd(t, dataDir(tt.dir))
		})
	}
}

func awaitEnd(t *testing.T, data string) {
	t.Helper()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for ctx := deadline(t); ; {
		pids, err := processesIn(data)
		if err != nil {
			t.Fatal(err)
		}
		if len(pids) == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("processes %v outlive their program", pids)
		}
	}
}

func terminate(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
}

// A server that outlived its program is a child of this test here, which does not wait for it: after its end it stays in
// the process table as a zombie, and its id in the data directory looks alive.
func TestOpenEndsAnOrphanThatNobodyReaps(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := open(t, Options{Dir: dir})
	as, err := chooseAccount(deadline(t), dir, dataDir(dir), c.Binaries)
	if err != nil {
		t.Fatal(err)
	}
	stop(t, c)

	orphan := exec.Command(c.Binaries.program("postgres"), arguments(Options{Dir: dir, MaxConnections: 10}, c.Socket)...)
	orphan.Env, orphan.SysProcAttr = environment(), as.process(0)
	if err := orphan.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = orphan.Process.Signal(syscall.SIGQUIT) // for the case that the test gave up while it still runs
		_ = orphan.Wait()
	}()
	awaitFile(t, filepath.Join(dataDir(dir), pidFileName))
	// The file is there before the server answers.
	for ctx := deadline(t); ; {
		if _, err = Join(ctx, dir); err == nil {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("the orphan does not answer: %v", err)
		}
		time.Sleep(pollEvery)
	}
	c = open(t, Options{Dir: dir})
	if c.PID() == orphan.Process.Pid {
		t.Error("Open took the orphan for its own server")
	}
	if got := query[int](t, c.DSN("", ""), "SELECT 1"); got != 1 {
		t.Errorf("SELECT 1 = %d", got)
	}
}

func awaitFile(t *testing.T, path string) {
	t.Helper()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for ctx := deadline(t); ; {
		if exists, err := fileExists(path); err != nil {
			t.Fatal(err)
		} else if exists {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s does not appear", path)
		}
	}
}

func TestOpenIsNotMisledByAStaleProcessID(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := open(t, Options{Dir: dir, Unsafe: true})
	as, err := chooseAccount(deadline(t), dir, dataDir(dir), c.Binaries)
	if err != nil {
		t.Fatal(err)
	}
	stop(t, c)
	path := filepath.Join(dataDir(dir), pidFileName)
	for _, tt := range []struct{ name, text string }{
		{"of a living stranger", fmt.Sprintf("%d\n%s\n1700000000\n5432\n%s\n\n  1 2\nready\n", os.Getpid(), dataDir(dir), c.Socket)},
		{"of a living stranger, in the first process of the system", "1\n"},
		{"of a dead process", "4194304\n"},
		{"that is not a number", "nonsense\n"},
		{"of nobody, in a file cut off by a full disk", ""},
	} {
		if err := errors.Join(os.WriteFile(path, []byte(tt.text), 0o600), as.own(path)); err != nil {
			t.Fatal(err)
		}
		again, err := Open(deadline(t), Options{Dir: dir, Unsafe: true})
		if err != nil {
			t.Errorf("Open with a process id %s: %v", tt.name, err)
			continue
		}
		stop(t, again)
	}
}

func TestOpenClearsAHalfDoneInitdb(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(roomy(t), "cluster")
	half := filepath.Join(dir, initPrefix+"123", "base")
	if err := os.MkdirAll(half, 0o711); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, initPrefix+"123", "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c := open(t, Options{Dir: dir, Unsafe: true}); !c.Created {
		t.Error("Created = false, want new data")
	}
	if exists, err := fileExists(filepath.Dir(half)); exists || err != nil {
		t.Errorf("the half-done data exist: %v, %v", exists, err)
	}
}

func TestOpenRefusesDataItCannotRun(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, version, want string
	}{
		{"of another major version", "12\n", "were made by PostgreSQL 12, which is not installed"},
		{"that are not a cluster", "", "is not a data directory of PostgreSQL"},
		{"of no version", "new\n", `PG_VERSION is "new\n", want a major version`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(roomy(t), "cluster")
			if err := os.MkdirAll(dataDir(dir), 0o700); err != nil {
				t.Fatal(err)
			}
			if tt.version != "" {
				if err := os.WriteFile(filepath.Join(dataDir(dir), "PG_VERSION"), []byte(tt.version), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Open(deadline(t), Options{Dir: dir})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("Open = %v, want %q", err, tt.want)
			}
			var missing *NotFoundError
			if errors.As(err, &missing) && (len(missing.Refused) == 0 || missing.Data != dataDir(dir)) {
				t.Errorf("the refusal is %+v, want the data and what was found", missing)
			}
		})
	}
}
