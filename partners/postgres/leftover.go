package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// How long what a crash left running is given, counted from the first look.
const (
	orphanStops = 5 * time.Second // a server to end in good order before it is told to quit, which costs it a recovery
	orphanQuits = 8 * time.Second // the same before all of it is killed
	strayEnds   = time.Second     // children without their server, which end by themselves
	pollEvery   = 5 * time.Millisecond
)

// clearLeftover ends what runs in a data directory without an owner, and removes a process id that would mislead the next
// server: that of a zombie, or one that now belongs to another program. The caller holds the owner lock.
func clearLeftover(ctx context.Context, data string) error {
	path := filepath.Join(data, pidFileName)
	if exists, err := fileExists(path); !exists {
		return err // after a clean stop there is nothing to look for
	}
	file, err := readPIDFile(path)
	if err != nil {
		file = pidFile{} // a file cut off by a full disk names nobody
	}
	if err := endAll(ctx, data, file.pid); err != nil {
		return err
	}
	// The file of a dead process stays: the server checks by it that no shared memory of that one is in use.
	if file.pid != 0 && errors.Is(syscall.Kill(file.pid, 0), syscall.ESRCH) {
		return nil
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove a stale process id: %w", err)
	}
	return nil
}

func endAll(ctx context.Context, data string, server int) error {
	began := time.Now()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	sent := syscall.Signal(0)
	for {
		pids, err := processesIn(data)
		if err != nil {
			return fmt.Errorf("look for processes in %s: %w", data, err)
		}
		if len(pids) == 0 {
			return nil
		}
		if next := nextSignal(slices.Contains(pids, server), time.Since(began)); next != sent {
			sent = next
			if err := signalOrphans(pids, server, next); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the server left in %s, processes %v: %w", data, pids, context.Cause(ctx))
		case <-tick.C:
		}
	}
}

func nextSignal(serverLives bool, waited time.Duration) syscall.Signal {
	switch {
	case serverLives && waited < orphanStops:
		return syscall.SIGINT
	case serverLives && waited < orphanQuits:
		return syscall.SIGQUIT
	case !serverLives && waited < strayEnds:
		return 0
	}
	return syscall.SIGKILL
}

// signalOrphans tells the server alone, which tells its children; only the last resort goes to all.
func signalOrphans(pids []int, server int, signal syscall.Signal) error {
	if signal == 0 {
		return nil
	}
	for _, pid := range pids {
		if signal != syscall.SIGKILL && pid != server {
			continue
		}
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("end process %d, left by an earlier run: %w", pid, err)
		}
	}
	return nil
}
