package postgres

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// ownerVariable makes this test binary a program that runs the cluster of a folder until it is killed.
const ownerVariable = "FONDACO_POSTGRES_TEST_OWNER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(ownerVariable); dir != "" {
		os.Exit(own(dir))
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if err := seed.remove(); err != nil {
			fmt.Println("error:", err)
			code = 1
		}
		os.Exit(code)
	}))
}

func own(dir string) int {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	c, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	if err := c.Flushed(ctx); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Println("ready", c.PID())
	<-ctx.Done()
	if err := c.Stop(context.Background()); err != nil {
		return 1
	}
	return 0
}

// startOwner runs the cluster of a folder in another process and returns the server's process id.
func startOwner(t *testing.T, dir string) (cmd *exec.Cmd, server int) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), ownerVariable+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(t, cmd) })
	line, _ := bufio.NewReader(out).ReadString('\n')
	if _, err := fmt.Sscanf(strings.TrimSpace(line), "ready %d", &server); err != nil {
		t.Fatalf("the owner process said %q, want its server's process id", line)
	}
	return cmd, server
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if cmd.ProcessState == nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // "signal: killed" is what was asked for
	}
}

// open starts a cluster that the test ends.
func open(t *testing.T, o Options) *Cluster {
	t.Helper()
	c, err := Open(deadline(t), o)
	if err != nil {
		t.Fatalf("Open(%s): %v", o.Dir, err)
	}
	t.Cleanup(func() { stop(t, c) })
	return c
}

func stop(t *testing.T, c *Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.Stop(ctx); err != nil {
		t.Errorf("Stop: %v", err)
	}
}

func deadline(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// reachable is a folder that every account may enter, unlike t.TempDir, whose parent is closed.
func reachable(t *testing.T) string {
	t.Helper()
	return reachableIn(t, "")
}

// roomy is a reachable folder for a cluster: in memory where there is enough, for what others write to the disk makes every
// flush of new data wait. That they come to the disk is shown by the example, and cannot be told from the files.
func roomy(t *testing.T) string {
	t.Helper()
	return reachableIn(t, inMemory())
}

// made is the folder of a cluster that was opened and stopped before: a copy of one that the tests have in common, for
// making data takes longer than most of what is shown with them.
func made(t *testing.T) string {
	t.Helper()
	return madeAt(t, filepath.Join(roomy(t), "cluster"))
}

func madeAt(t *testing.T, dir string) string {
	t.Helper()
	from, err := seed.make(deadline(t))
	if err != nil {
		t.Fatalf("make the data that tests have in common: %v", err)
	}
	if err := os.Mkdir(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "cp", "-a", dataDir(from), dataDir(dir)).CombinedOutput(); err != nil {
		t.Fatalf("copy the data: %v\n%s", err, out)
	}
	return dir
}

// seed has the data that tests have in common, from the first test on that wants a copy.
var seed common

type common struct {
	once sync.Once
	dir  string
	err  error
}

func (c *common) make(ctx context.Context) (string, error) {
	c.once.Do(func() {
		if c.dir, c.err = os.MkdirTemp(inMemory(), "fondaco-postgres-"); c.err != nil {
			return
		}
		if c.err = os.Chmod(c.dir, 0o755); c.err != nil {
			return
		}
		cluster, err := Open(ctx, Options{Dir: c.dir, Unsafe: true})
		if c.err = err; err == nil {
			c.err = cluster.Stop(ctx)
		}
	})
	return c.dir, c.err
}

func (c *common) remove() error {
	return os.RemoveAll(c.dir) // which does nothing when no test has asked
}

// memoryFree is what the clusters of all tests that run at a time need, several times over. A container often has 64 MB.
const memoryFree = 2 << 30

// inMemory is a folder in memory, and "" where there is none or too little.
func inMemory() string {
	const folder = "/dev/shm"
	var fs syscall.Statfs_t
	if err := syscall.Statfs(folder, &fs); err != nil || fs.Bavail*uint64(fs.Bsize) < memoryFree {
		return ""
	}
	return folder
}

func reachableIn(t *testing.T, parent string) string {
	t.Helper()
	dir, err := os.MkdirTemp(parent, "fondaco-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}
