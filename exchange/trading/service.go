package trading

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5/pgxpool"

	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
	"fondaco/exchange/trading/mailbox"
	"fondaco/partners"
	"fondaco/schema"
)

// Options is what a Service needs.
type Options struct {
	Partners *partners.Service
	// Dir keeps the bytes of all files received. It is made when absent, and belongs to one process.
	Dir string
	// Mailboxes has a folder for each trading partner; Dir/mailboxes if empty.
	Mailboxes string
	// MaxFile is the most bytes of one file; 16 MiB if 0.
	MaxFile int64
	// Poll is how often folders and the database are looked at; 500 ms if 0.
	Poll time.Duration
	// Stable is how long a file in a folder must not have changed before it is taken; 1 s if 0.
	Stable time.Duration
	Log    *slog.Logger
}

// Service takes and works off EDI files. Its methods are safe for concurrent
// use.
type Service struct {
	o      Options
	pool   *pgxpool.Pool
	log    *slog.Logger
	lock   *flock.Flock
	store  *store
	guides *guide.Library
	maps   *mapping.Library
	// node names this service in the lease. It belongs to the folder, so that a process that was killed takes up at once.
	node string
	// step is called between durable steps; tests fail there.
	step func(point string) error

	wake    chan struct{}
	folders map[schema.ID]*mailbox.Folder // used by the worker alone

	mu       sync.Mutex
	progress chan struct{} // closed when something was worked off
}

// New makes a Service. A second one on the same folder is refused.
func New(o Options) (*Service, error) {
	if o.MaxFile <= 0 {
		o.MaxFile = 16 << 20
	}
	if o.Poll <= 0 {
		o.Poll = 500 * time.Millisecond
	}
	if o.Stable <= 0 {
		o.Stable = time.Second
	}
	if o.Mailboxes == "" {
		o.Mailboxes = filepath.Join(o.Dir, "mailboxes")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		o: o, pool: o.Partners.Pool(), log: o.Log, guides: guide.NewLibrary(sets.Files()), maps: mapping.NewLibrary(sets.Files()),
		step: func(string) error { return nil }, wake: make(chan struct{}, 1), folders: map[schema.ID]*mailbox.Folder{}, progress: make(chan struct{}),
	}
	return s, s.open()
}

func (s *Service) open() error {
	for _, dir := range []string{s.o.Dir, s.o.Mailboxes} {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return fmt.Errorf("folder of trading: %w", err)
		}
	}
	s.lock = flock.New(filepath.Join(s.o.Dir, "lock"))
	held, err := s.lock.TryLock()
	if err != nil {
		return fmt.Errorf("folder of trading: %w", err)
	}
	if !held {
		return &schema.Error{
			Code: schema.CodeUnavailable, Op: "open trading",
			Message: fmt.Sprintf("another process uses the folder %s; stop it, or name another folder", s.o.Dir),
		}
	}
	if s.store, err = openStore(s.o.Dir); err == nil {
		s.node, err = s.store.node()
	}
	if err != nil {
		return errors.Join(err, s.lock.Unlock())
	}
	return nil
}

// Close releases the folders. Run must have returned.
func (s *Service) Close() error {
	var errs []error
	for _, f := range s.folders {
		errs = append(errs, f.Close())
	}
	return errors.Join(append(errs, s.store.close(), s.lock.Unlock())...)
}

// Run takes files from folders, works receipts off and delivers what is to go
// out, until the context ends. Another process that holds the lease makes it
// wait.
func (s *Service) Run(ctx context.Context) error {
	if err := s.store.sweep(ctx, s.pool, time.Now().Add(-24*time.Hour)); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "leftover files of trading stay", slog.Any("error", err))
	}
	pause := s.o.Poll
	for {
		err := s.cycle(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "trading", slog.Any("error", err))
			pause = min(2*pause, maxPause) // a database that is away is not helped by asking all the time
		} else {
			pause = s.o.Poll
		}
		tick := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			tick.Stop()
			return nil
		case <-s.wake:
			tick.Stop()
		case <-tick.C:
		}
	}
}

const maxPause = 10 * time.Second

// cycle does all that there is to do.
func (s *Service) cycle(ctx context.Context) error {
	mine, err := s.lead(ctx)
	if err != nil || !mine {
		return err
	}
	all, err := s.partnersList(ctx)
	if err != nil {
		return err
	}
	errs := []error{s.takeFolders(ctx, all)}
	for {
		worked, err := s.work(ctx)
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		if !worked {
			break
		}
	}
	return errors.Join(append(errs, s.deliver(ctx, all), s.findOverdue(ctx))...)
}

// leaseTime is how long a lease holds when its holder is gone.
const leaseTime = "20 seconds"

// lead takes or renews the lease. The database's clock decides.
func (s *Service) lead(ctx context.Context) (bool, error) {
	const statement = `
		UPDATE trading_lease l
		SET holder = $1, until = now() + interval '` + leaseTime + `'
		WHERE l.holder = $1 OR l.until < now()`
	tag, err := s.pool.Exec(ctx, statement, s.node)
	if err != nil {
		return false, fmt.Errorf("take the lease: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// rouse wakes the worker.
func (s *Service) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// worked tells those who wait that something was worked off.
func (s *Service) worked() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.progress)
	s.progress = make(chan struct{})
}

func (s *Service) next() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.progress
}
