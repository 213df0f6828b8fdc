package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Superuser is the name of the role that owns a cluster. It has no password: whoever may enter the socket's folder is let
// in.
const Superuser = "fondaco"

// initPrefix begins the names of folders in which initdb works; one that is found later is what a crash left.
const initPrefix = "initdb-"

// dataMajor is the major version that made the data, 0 when there are none.
func dataMajor(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		if exists, err := fileExists(data); err != nil || exists {
			return 0, errors.Join(err, fmt.Errorf("%s is not a data directory of PostgreSQL, it has no PG_VERSION: "+
				"move it away, or choose another data folder", data))
		}
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s: PG_VERSION is %q, want a major version", data, text)
	}
	return major, nil
}

// freshName is the file beside data/ that tells that its first start never came to an end. Nobody has got a connection
// from Open then, so nothing is lost with them.
const freshName = "data.fresh"

// initialize makes the data directory. It appears under its name only when it is complete. Being on disk is left to flush,
// which has time for it while the server starts.
func initialize(ctx context.Context, dir string, bin Binaries, as account) (err error) {
	if err := removeHalfDone(ctx, dir); err != nil {
		return err
	}
	work, err := os.MkdirTemp(dir, initPrefix)
	if err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(work))
		}
	}()
	if err := as.own(work); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	if err := runInitDB(ctx, work, bin, as, "--no-sync", "--no-locale", "--encoding=UTF8", "--auth=trust", "--username="+Superuser,
		"--no-instructions", "--wal-segsize="+segmentMegabytes); err != nil {
		return err
	}
	if err := markFresh(dir); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	if err := os.Rename(work, dataDir(dir)); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	return nil
}

// segmentMegabytes is the size of a file of the server's log. The usual 16 MB are written in full when data are made, which
// a small cluster has no use for.
const segmentMegabytes = "4"

// flush brings new data to the disk. From then on they are kept whatever happens.
func flush(ctx context.Context, dir string, bin Binaries, as account, unsafe bool) error {
	if !unsafe {
		if err := runInitDB(ctx, dataDir(dir), bin, as, "--sync-only"); err != nil {
			return err
		}
		if err := syncDir(dir); err != nil {
			return err
		}
	}
	if err := os.Remove(filepath.Join(dir, freshName)); err != nil {
		return err
	}
	if unsafe {
		return nil
	}
	return syncDir(dir)
}

// markFresh notes, on disk, that the data are not complete yet.
func markFresh(dir string) error {
	f, err := os.Create(filepath.Join(dir, freshName))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close(), syncDir(dir))
}

// dropFresh removes data whose first start was cut off.
func dropFresh(ctx context.Context, dir string) error {
	fresh := filepath.Join(dir, freshName)
	if there, err := fileExists(fresh); err != nil || !there {
		return err
	}
	if there, err := fileExists(dataDir(dir)); err != nil {
		return err
	} else if there {
		if err := clearLeftover(ctx, dataDir(dir)); err != nil {
			return err
		}
	}
	return errors.Join(os.RemoveAll(dataDir(dir)), os.Remove(fresh))
}

func runInitDB(ctx context.Context, work string, bin Binaries, as account, args ...string) error {
	cmd := exec.CommandContext(ctx, bin.program("initdb"), append(args, "--pgdata="+work)...)
	cmd.Dir = work
	cmd.Env = environment()
	cmd.SysProcAttr = as.process(syscall.SIGKILL)
	cmd.WaitDelay = time.Second
	var out []byte
	if err := onThread(func() (err error) { out, err = cmd.CombinedOutput(); return err }); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return &ServerError{Op: "initdb", Err: err, Log: lastLines(string(out))}
	}
	return nil
}

// removeHalfDone clears what an initdb left that was killed. Its last child may still be writing, hence several attempts.
func removeHalfDone(ctx context.Context, dir string) error {
	left, _ := filepath.Glob(filepath.Join(dir, initPrefix+"*")) // the only error is a bad pattern, which finds nothing
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for _, path := range left {
		for attempt := 0; ; attempt++ {
			err := os.RemoveAll(path)
			if err == nil {
				break
			}
			if attempt == 200 || errors.Is(err, os.ErrPermission) {
				return fmt.Errorf("clear a half-done initdb: %w", err)
			}
			select {
			case <-ctx.Done():
				return errors.Join(fmt.Errorf("clear a half-done initdb: %w", err), context.Cause(ctx))
			case <-tick.C:
			}
		}
	}
	return nil
}

func dataDir(dir string) string { return filepath.Join(dir, "data") }

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
