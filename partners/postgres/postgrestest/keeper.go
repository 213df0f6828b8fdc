package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"fondaco/partners/postgres"

	"github.com/gofrs/flock"
)

const (
	keeperVariable = "FONDACO_TEST_KEEPER" // names the folder; set for the keeper alone
	keeperReady    = "ready"
	keeperReport   = 3               // the file descriptor on which the keeper tells how its start went
	startWithin    = time.Minute     // for a start on a busy machine
	lingers        = 2 * time.Second // go test may take a moment from one package to the next
)

// init makes a keeper of the test binary that was started as one. A call from each TestMain would do the same, but a
// package that forgot it would run its tests again instead, and those would start a keeper.
func init() { //nolint:gochecknoinits // see above
	if dir := os.Getenv(keeperVariable); dir != "" {
		os.Exit(keep(folder(dir)))
	}
}

// keep runs the server until nobody needs it.
func keep(f folder) int {
	syscall.CloseOnExec(keeperReport) // the server must not hold it open
	report := os.NewFile(keeperReport, "report")
	cluster, err := openCluster(f)
	if err != nil {
		_, _ = fmt.Fprintln(report, err)
		return 1
	}
	_, err = fmt.Fprintln(report, keeperReady)
	if err := errors.Join(err, report.Close()); err != nil {
		fmt.Println("report the start:", err) // the test process is gone, others may come
	}
	if cluster == nil {
		return 0
	}
	if err := keepUntilIdle(f, cluster); err != nil {
		fmt.Println("stop the test server:", err)
		return 1
	}
	return 0
}

// openCluster starts the server, or waits for the one that another keeper is starting and returns nil: a test process that
// was killed at that moment leaves its keeper behind.
func openCluster(f folder) (*postgres.Cluster, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	defer cancel()
	tick := time.NewTicker(lingers / 20)
	defer tick.Stop()
	for {
		cluster, err := openNew(ctx, f)
		if !errors.Is(err, postgres.ErrInUse) {
			return cluster, err
		}
		if _, err := postgres.Join(ctx, f.cluster()); err == nil {
			return nil, nil
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-tick.C:
		}
	}
}

// openNew starts from nothing: what an earlier keeper left behind was not durable.
func openNew(ctx context.Context, f folder) (*postgres.Cluster, error) {
	if err := postgres.Remove(ctx, f.cluster()); err != nil {
		return nil, err
	}
	return postgres.Open(ctx, postgres.Options{
		Dir:            f.cluster(),
		Unsafe:         true,
		MaxConnections: 300,
		Settings: map[string]string{
			"max_wal_size": "256MB",
			// A test that wants statistics says ANALYZE; a worker that came by itself would make plans differ between runs.
			"autovacuum":     "off",
			"shared_buffers": "64MB",
			// In the data directory, so that nothing is left in memory after a kill.
			"dynamic_shared_memory_type": "mmap",
		},
	})
}

func keepUntilIdle(f folder, cluster *postgres.Cluster) error {
	keeper, users := flock.New(f.keeper()), flock.New(f.users())
	for {
		if !awaitIdle(users, cluster) {
			return errors.Join(cluster.Err(), cluster.Stop(context.Background()))
		}
		// Nobody joins while this lock is held, so the second look at the users is final.
		if err := keeper.Lock(); err != nil {
			return err
		}
		idle, err := users.TryLock()
		if err != nil {
			return err
		}
		if idle {
			return errors.Join(cluster.Stop(context.Background()), os.RemoveAll(f.cluster()), keeper.Unlock())
		}
		if err := keeper.Unlock(); err != nil {
			return err
		}
	}
}

// awaitIdle returns true when nobody has used the server for a while, false when the server has ended.
func awaitIdle(users *flock.Flock, cluster *postgres.Cluster) bool {
	tick := time.NewTicker(lingers / 20)
	defer tick.Stop()
	idleSince := time.Time{}
	for {
		select {
		case <-cluster.Done():
			return false
		case now := <-tick.C:
			switch idle := isIdle(users); {
			case !idle:
				idleSince = time.Time{}
			case idleSince.IsZero():
				idleSince = now
			case now.Sub(idleSince) >= lingers:
				return true
			}
		}
	}
}

func isIdle(users *flock.Flock) bool {
	locked, err := users.TryLock()
	if err != nil || !locked {
		return false
	}
	return users.Unlock() == nil
}

// startKeeper starts the keeper and returns when its server accepts connections. The keeper outlives this process, and
// holds none of its files: go test waits for the end of a test's output.
func startKeeper(f folder) error {
	err := tryKeeper(f)
	if err != nil { // two that begin at once may trip over one another's folder; the second try finds the first's
		err = tryKeeper(f)
	}
	return err
}

func tryKeeper(f folder) (err error) {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	report, told, err := os.Pipe()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, report.Close()) }()
	log, err := os.OpenFile(f.log(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return errors.Join(err, told.Close())
	}
	cmd := exec.Command(program) //nolint:noctx // it outlives every context of this process
	cmd.Dir = string(f)
	cmd.Env = append(os.Environ(), keeperVariable+"="+string(f))
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{told}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C ends the tests, not the server under them
	err = errors.Join(cmd.Start(), log.Close(), told.Close())
	if err != nil {
		return err
	}
	said, err := io.ReadAll(report)
	if err != nil {
		return err
	}
	if text := strings.TrimSpace(string(said)); text != keeperReady {
		_ = cmd.Wait() // its exit code says no more than its words
		return fmt.Errorf("start the test server: %s (its log is %s)", text, f.log())
	}
	return cmd.Process.Release()
}
