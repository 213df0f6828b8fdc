package postgres

import (
	"context"
	"errors"
	"sync"
)

// Cluster is a running server that this process owns. Its methods may be called from several goroutines.
type Cluster struct {
	Address
	// Created tells that the data directory was made by this Open.
	Created bool
	// Mode is how the server runs.
	Mode Mode
	// Binaries are those that run.
	Binaries Binaries

	dir    string
	server *server
	lock   *ownerLock
	flush  *flushing
	stop   sync.Once
	err    error // of stop
}

// Open starts the cluster of a folder and returns when it accepts connections; the caller ends it by Stop. The first time
// it makes the data, and brings them to the disk while the caller goes on; see [Cluster.Flushed]. What a crash left is ended
// and recovered from. The context bounds the start, not the server's life.
//
// Errors to act on: an [*InUseError] when a living process has the folder, which is left alone; a [*NotFoundError] when
// there is no PostgreSQL for these data; an [*AccountError] when root finds no account to run it; a [*ServerError] with
// the last lines of the log when the server did not start.
func Open(ctx context.Context, o Options) (_ *Cluster, err error) {
	if o, err = o.complete(); err != nil {
		return nil, err
	}
	lock, err := lockOwner(o.Dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, lock.release())
		}
	}()
	if err = dropFresh(ctx, o.Dir); err != nil {
		return nil, err
	}
	major, err := dataMajor(dataDir(o.Dir))
	if err != nil {
		return nil, err
	}
	bin, err := o.binaries(ctx, major)
	if err != nil {
		return nil, err
	}
	as, err := chooseAccount(ctx, o.Dir, dataDir(o.Dir), bin)
	if err != nil {
		return nil, err
	}
	if major == 0 {
		err = initialize(ctx, o.Dir, bin, as)
	} else {
		err = clearLeftover(ctx, dataDir(o.Dir))
	}
	if err != nil {
		return nil, err
	}
	socket, err := prepareSocket(o.Dir, as, temporaryFolders())
	if err != nil {
		return nil, err
	}
	var fresh *flushing
	if major == 0 {
		fresh = beginFlush(ctx, func(ctx context.Context) error { return flush(ctx, o.Dir, bin, as, o.Unsafe) })
	}
	s, err := start(ctx, o, bin, as, socket)
	if err != nil {
		return nil, errors.Join(err, fresh.end(ctx)) // the data are good, and stay
	}
	return &Cluster{
		Address: Address{Socket: socket},
		Created: major == 0, Mode: as.mode, Binaries: bin,
		dir: o.Dir, server: s, lock: lock, flush: fresh,
	}, nil
}

// Flushed returns when the data are on the disk: at once, unless Open has just made them. Until then a machine that goes
// down takes all of them with it, and the next Open makes them anew; a caller tells nobody of what was written before.
func (c *Cluster) Flushed(ctx context.Context) error { return c.flush.wait(ctx) }

// A flushing brings data to the disk beside other work. The nil flushing is done.
type flushing struct {
	cancel context.CancelFunc
	done   chan struct{}
	err    error
}

func beginFlush(ctx context.Context, flush func(context.Context) error) *flushing {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // it outlives the start
	f := &flushing{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(f.done)
		f.err = flush(ctx)
	}()
	return f
}

func (f *flushing) wait(ctx context.Context) error {
	if f == nil {
		return nil
	}
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// end lets the work be done, or breaks it off when the context ends.
func (f *flushing) end(ctx context.Context) error {
	if f == nil {
		return nil
	}
	_ = f.wait(ctx)
	f.cancel()
	<-f.done
	return f.err
}

// PID is the process id of the server.
func (c *Cluster) PID() int { return c.server.pid() }

// Dir is the folder of the cluster, as an absolute path.
func (c *Cluster) Dir() string { return c.dir }

// Done is closed when the server has ended, by Stop or by itself; Err tells which.
func (c *Cluster) Done() <-chan struct{} { return c.server.done }

// Err is nil while the server runs and after Stop, and a [*ServerError] when the server ended by itself.
func (c *Cluster) Err() error {
	select {
	case <-c.server.done:
		return c.server.err
	default:
		return nil
	}
}

// Wait returns when the server has ended, with what Err says.
func (c *Cluster) Wait() error {
	<-c.server.done
	return c.server.err
}

// Stop ends the server in good order and lets go of the folder. When the context ends first, the server quits at once and
// recovers at its next start; nothing that was committed is lost, unless the data were not [Cluster.Flushed] yet. Later
// calls do nothing and return the same.
func (c *Cluster) Stop(ctx context.Context) error {
	c.stop.Do(func() {
		c.server.stop(ctx)
		c.err = errors.Join(c.flush.end(ctx), removeSocket(c.dir, c.Socket), c.lock.release())
	})
	return c.err
}
