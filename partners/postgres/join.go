package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// ErrNotRunning tells that no server runs in a folder.
var ErrNotRunning = errors.New("not running")

// Join gives the address of the cluster that another process runs in a folder. It waits for one that is starting, until
// the context ends, and returns [ErrNotRunning] when there is none.
func Join(ctx context.Context, dir string) (Address, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Address{}, err
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		file, err := readPIDFile(filepath.Join(dataDir(dir), pidFileName))
		if errors.Is(err, os.ErrPermission) {
			return Address{}, fmt.Errorf("join the cluster in %s: %w", dir, err)
		}
		if err != nil || !lives(dir, file.pid) || file.status == "stopping" {
			return Address{}, fmt.Errorf("join the cluster in %s: %w", dir, ErrNotRunning)
		}
		if file.status == statusReady {
			a := Address{Socket: file.socket}
			return a, a.Ping(ctx)
		}
		select {
		case <-ctx.Done():
			return Address{}, fmt.Errorf("join the cluster in %s, which is starting: %w", dir, context.Cause(ctx))
		case <-tick.C:
		}
	}
}

func lives(dir string, pid int) bool {
	pids, err := processesIn(dataDir(dir))
	return err == nil && slices.Contains(pids, pid)
}

// Remove ends what runs in the folder of a cluster without an owner and deletes the folder. A folder that is missing is
// no error; one whose owner lives is an [*InUseError].
func Remove(ctx context.Context, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if exists, err := fileExists(dir); !exists {
		return err
	}
	lock, err := lockOwner(dir)
	if err != nil {
		return err
	}
	err = errors.Join(clearForRemoval(ctx, dir), lock.release())
	if err != nil {
		return fmt.Errorf("remove %s: %w", dir, err)
	}
	return nil
}

func clearForRemoval(ctx context.Context, dir string) error {
	data := dataDir(dir)
	file, pidErr := readPIDFile(filepath.Join(data, pidFileName))
	if err := clearLeftover(ctx, data); err != nil {
		return err
	}
	if pidErr == nil && file.socket != "" {
		if err := removeSocket(dir, file.socket); err != nil {
			return err
		}
	}
	if err := removeHalfDone(ctx, dir); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
