package postgres

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

// sharedMemoryBusy is what the server says when children of a killed one have not ended yet.
const sharedMemoryBusy = "pre-existing shared memory block"

// quitWithin is how long a server that was told to quit at once may take before it is killed.
const quitWithin = 5 * time.Second

// server is the process of a cluster.
type server struct {
	cmd      *exec.Cmd
	log      *serverLog
	stopping atomic.Bool
	done     chan struct{} // closed when the process has ended and err is set
	err      error
}

// start runs the server and returns when it accepts connections.
func start(ctx context.Context, o Options, bin Binaries, as account, socket string) (*server, error) {
	for deadline := time.Now().Add(quitWithin); ; {
		s, err := launch(o, bin, as, socket)
		if err != nil {
			return nil, err
		}
		if err = s.awaitReady(ctx, dataDir(o.Dir)); err == nil {
			return s, nil
		}
		s.stop(ctx)
		var said *ServerError
		if !errors.As(err, &said) || !said.says(sharedMemoryBusy) || time.Now().After(deadline) {
			return nil, err
		}
	}
}

func launch(o Options, bin Binaries, as account, socket string) (*server, error) {
	log, err := openLog(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	cmd := exec.Command(bin.program("postgres"), arguments(o, socket)...) //nolint:noctx // Stop ends it, not a context
	cmd.Dir = dataDir(o.Dir)
	cmd.Env = environment()
	cmd.Stdout, cmd.Stderr = log.file, log.file
	// The signal asks for a stop in good order: open transactions end, a checkpoint is written, nothing is to recover.
	cmd.SysProcAttr = as.process(syscall.SIGINT)
	s := &server{cmd: cmd, log: log, done: make(chan struct{})}
	started := make(chan error, 1)
	go s.run(started)
	if err := <-started; err != nil {
		<-s.done
		return nil, fmt.Errorf("start postgres%s: %w", reasonFor(as, o.Dir, err), err)
	}
	return s, nil
}

// run starts the process and waits for it on one thread, since the parent-death signal means the death of that thread.
func (s *server) run(started chan<- error) {
	defer close(s.done)
	defer func() { _ = s.log.close() }()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := s.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	err = s.cmd.Wait()
	if s.stopping.Load() {
		return
	}
	if err == nil {
		err = errors.New("stopped by somebody else")
	}
	s.err = &ServerError{Op: "postgres", Err: err, Log: s.log.tail()}
}

func (s *server) pid() int { return s.cmd.Process.Pid }

func (s *server) awaitReady(ctx context.Context, data string) error {
	path := filepath.Join(data, pidFileName)
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if file, err := readPIDFile(path); err == nil && file.pid == s.pid() && file.status == statusReady {
			return nil
		}
		select {
		case <-s.done:
			return s.err
		case <-ctx.Done():
			return &ServerError{Op: "start postgres", Err: context.Cause(ctx), Log: s.log.tail()}
		case <-tick.C:
		}
	}
}

// stop ends the server and returns when it has ended. It first asks for a stop in good order; when the context ends before
// that is done, it makes the server quit, which leaves a recovery to the next start but loses nothing.
func (s *server) stop(ctx context.Context) {
	s.stopping.Store(true)
	if s.stopOrderly(ctx) {
		return
	}
	s.signal(syscall.SIGQUIT)
	timer := time.NewTimer(quitWithin)
	defer timer.Stop()
	select {
	case <-s.done:
		return
	case <-timer.C:
	}
	s.signal(syscall.SIGKILL)
	<-s.done
}

// stopOrderly asks for a stop in good order, and tells whether the server ended before the context. It asks again and again:
// a server that has just begun, started by a program that ignores the signal, ignores it too until it has set its handlers.
func (s *server) stopOrderly(ctx context.Context) bool {
	again := time.NewTicker(time.Second)
	defer again.Stop()
	for {
		s.signal(syscall.SIGINT)
		select {
		case <-s.done:
			return true
		case <-ctx.Done():
			return false
		case <-again.C:
		}
	}
}

// signal reaches only a process that has not been waited for, so never a stranger with the same id.
func (s *server) signal(signal syscall.Signal) {
	_ = s.cmd.Process.Signal(signal) // the one error is that it has ended, which is what was wanted
}

// reasonFor explains a refused start by the folder that keeps the account out, when one does.
func reasonFor(as account, dir string, err error) string {
	if closed := as.closedFolder(dir); closed != "" && errors.Is(err, syscall.EACCES) {
		return fmt.Sprintf(" as %s, who may not enter %s", as.name, closed)
	}
	return ""
}

// onThread runs f on a thread that lives for as long as f does, for the sake of a parent-death signal.
func onThread(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		done <- f()
	}()
	return <-done
}
