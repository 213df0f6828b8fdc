package postgres

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// ErrInUse tells that another process runs the cluster of a folder; the error is an [*InUseError].
var ErrInUse = errors.New("in use")

// InUseError names who runs the cluster of a folder.
type InUseError struct {
	Dir string
	PID int // the process that runs it, 0 when it has not written its id yet
}

// Error names the cause and both remedies.
func (e *InUseError) Error() string {
	who := "another process"
	if e.PID != 0 {
		who = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("%s is in use by %s: stop that one, or choose another data folder", e.Dir, who)
}

// Is makes errors.Is(err, ErrInUse) true.
func (e *InUseError) Is(target error) bool { return target == ErrInUse }

// ownerLock is held for as long as a process runs a cluster. The kernel lets go of it when the process ends, however it
// ends; the server does not inherit it.
type ownerLock struct {
	file *flock.Flock
}

func lockOwner(dir string) (*ownerLock, error) {
	path := filepath.Join(dir, "owner.lock")
	file := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	locked, err := file.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if !locked {
		return nil, &InUseError{Dir: dir, PID: readOwner(path)}
	}
	l := &ownerLock{file: file}
	if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the data folder: %w", err), l.release())
	}
	return l, nil
}

// release leaves the file in place: removing it would let two processes hold locks on two files of one name.
func (l *ownerLock) release() error {
	return l.file.Close()
}

func readOwner(path string) int {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
}
