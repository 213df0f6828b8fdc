package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"fondaco/partners/postgres"
)

type demoCommand struct {
	Data          string `env:"FONDACO_DATA" help:"Folder for all data of the demo." default:"${data}/demo" placeholder:"DIR"`
	DatabaseURL   string `name:"database-url" env:"FONDACO_DATABASE_URL,DATABASE_URL" help:"A PostgreSQL server to use instead of a private one; two databases are made on it." placeholder:"URL"`
	Port          int    `help:"Port of the maker's node; the distributor's takes the next one." default:"8080"`
	Install       bool   `env:"FONDACO_INSTALL_POSTGRES" help:"Install PostgreSQL by the system's package manager if it is missing."`
	ExitWhenReady bool   `name:"exit-when-ready" help:"Stop as soon as all is ready."`
	Reset         bool   `help:"Delete the data of an earlier demo first."`
	JSON          bool   `help:"Write JSON."`
	Log           string `env:"FONDACO_LOG" help:"How much is logged: debug, info, warn or error." enum:"debug,info,warn,error" default:"error"`
}

// demo is a demo at work: two nodes, and the PostgreSQL under them.
type demo struct {
	demoCommand
	console     console
	clock       stopwatch
	databases   databases
	migrated    bool // both databases are new and up to date
	maker       *program
	distributor *program
	told        *told
	password    *password // for a story that is still to be told
	collect     func()    // begins to collect garbage
}

// Run shows the demo until it is told to stop.
func (d demoCommand) Run(ctx context.Context, c console) error {
	show := &demo{demoCommand: d, console: c, clock: stopwatch{begun: time.Now()}}
	// A start allocates little in all: collecting garbage meanwhile takes a fifth of its CPU time and wins nothing.
	const enough = 1 << 29
	limit := debug.SetMemoryLimit(enough)
	percent := debug.SetGCPercent(-1)
	show.collect = func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
		debug.FreeOSMemory() // hashing the passwords of the story took some hundred megabytes
	}
	defer show.close() //nolint:contextcheck // what was begun is ended also when ctx has ended
	if err := show.prepare(ctx); err != nil {
		return err
	}
	return show.run(ctx)
}

// prepare brings up the database and opens both nodes.
func (d *demo) prepare(ctx context.Context) error {
	if d.Reset {
		if err := d.reset(ctx); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(d.Data, 0o711); err != nil {
		return err
	}
	var err error
	if d.told, err = readTold(d.Data); err != nil {
		return err
	}
	if d.told == nil {
		d.password = newPassword()
		// A first run that was cut off has told half a story; nothing in it is anybody's work.
		if err := d.reset(ctx); err != nil {
			return err
		}
	}
	if err := d.openDatabases(ctx); err != nil {
		return err
	}
	return d.openNodes(ctx)
}

// reset deletes the data of the demo.
func (d *demo) reset(ctx context.Context) error {
	if err := d.dropDatabases(ctx); err != nil {
		return err
	}
	for _, name := range []string{"maker", "distributor", toldFile, "secrets"} {
		if err := os.RemoveAll(filepath.Join(d.Data, name)); err != nil {
			return err
		}
	}
	return nil
}

// openNodes opens both nodes at once, and brings their databases up to date.
func (d *demo) openNodes(ctx context.Context) error {
	log := newLog(d.Log)
	// Port 0 takes any free port for each node.
	open := func(name string, port int, peers string) (*program, error) {
		o := programOptions{
			nodeOptions: nodeOptions{DatabaseURL: d.databases.url(name), Data: filepath.Join(d.Data, name), Connections: leastConnections, migrated: d.migrated},
			Listen:      net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), PeerListen: peers, Log: d.Log,
		}
		return openProgram(ctx, o, log)
	}
	var g errgroup.Group
	g.Go(func() (err error) { d.maker, err = open("maker", d.Port, "127.0.0.1:0"); return err })
	next := d.Port
	if next != 0 {
		next++
	}
	g.Go(func() (err error) { d.distributor, err = open("distributor", next, ""); return err })
	err := g.Wait()
	d.clock.mark("two nodes")
	return err
}

// run lets both nodes work, tells the story if it was not told yet, and says
// where everything is.
func (d *demo) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	for _, p := range []*program{d.maker, d.distributor} {
		g.Go(func() error { return p.run(ctx) })
	}
	if d.databases.cluster != nil {
		g.Go(func() error { return d.watch(ctx) })
	}
	g.Go(func() error {
		if err := d.begin(ctx); err != nil {
			return err
		}
		if d.ExitWhenReady {
			stop()
			return nil
		}
		for _, p := range []*program{d.maker, d.distributor} {
			p.index(ctx)
			p.pool.Reset() // the server's side of a connection keeps all that the story has touched in memory
		}
		return nil
	})
	return ignore(g.Wait(), context.Canceled)
}

func (d *demo) begin(ctx context.Context) error {
	if d.told == nil {
		var err error
		if d.told, err = d.tell(ctx); err != nil {
			return err
		}
		d.clock.mark("the story")
	}
	err := d.announce()
	d.collect()
	return err
}

// watch ends the demo when its PostgreSQL has died.
func (d *demo) watch(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-d.databases.cluster.Done():
		return fail(exitUnavailable, d.databases.cluster.Err(), "PostgreSQL has stopped: %v; start the demo again", d.databases.cluster.Err())
	}
}

func (d *demo) close() {
	for _, p := range []*program{d.distributor, d.maker} {
		if p != nil {
			p.close()
		}
	}
	d.databases.close()
}

// stopwatch notes how long each step took.
type stopwatch struct {
	begun, last time.Time
	steps       []step
}

type step struct {
	Name         string `json:"name"`
	Milliseconds int64  `json:"milliseconds"`
}

func (s *stopwatch) mark(name string) {
	now := time.Now()
	if s.last.IsZero() {
		s.last = s.begun
	}
	s.steps = append(s.steps, step{name, now.Sub(s.last).Milliseconds()})
	s.last = now
}

// databases are those of the two nodes: on a private cluster, or on a server
// that the operator named.
type databases struct {
	cluster *postgres.Cluster
	server  string // the operator's server
}

func (b *databases) close() {
	if b.cluster == nil {
		return
	}
	const grace = 10 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := b.cluster.Stop(ctx); err != nil && !errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(os.Stderr, "fondaco: stop PostgreSQL:", err)
	}
}
