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

// initialize makes the data directory. It appears under its name only when it is complete and, unless unsafe, on disk.
func initialize(ctx context.Context, dir string, bin Binaries, as account, unsafe bool) (err error) {
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
	if err := runInitDB(ctx, work, bin, as, unsafe); err != nil {
		return err
	}
	if err := os.Rename(work, dataDir(dir)); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	if unsafe {
		return nil
	}
	return syncDir(dir)
}

func runInitDB(ctx context.Context, work string, bin Binaries, as account, unsafe bool) error {
	args := []string{"--no-locale", "--encoding=UTF8", "--auth=trust", "--username=" + Superuser, "--no-instructions"}
	if unsafe {
		args = append(args, "--no-sync")
	}
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
