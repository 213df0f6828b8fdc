package federation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"fondaco/partners"
	"fondaco/schema"
)

// Options is what a Node needs.
type Options struct {
	Service *partners.Service
	// Folder holds the firms' keys and documents that have arrived in part.
	Folder string
	// Server is the nats-server within this process, if there is one; the caller starts and closes it.
	Server *Server
	// URL is a nats-server outside that this node administers, instead of Server.
	URL string
	// Advertise is where partners reach Server, host:port; "" is the server's own address.
	Advertise string
	// Idle is the longest wait before the ledger is looked at unasked; 0 is 250 ms.
	Idle time.Duration
	Now  func() time.Time
	Log  *slog.Logger

	afterCommit func() error  // for tests: fails the intake after a commit, whose answer is lost so
	afterStep   func() error  // for tests: the same for the relays
	reportEvery time.Duration // for tests, which would rather not wait so long; 0 is reportEvery
	tailGate    sync.Locker   // for tests: who holds it keeps the ledger from being read
}

// Node exchanges records between the firms on this node and the firms that
// they are paired with on other nodes.
type Node struct {
	service   *partners.Service
	store     *store
	folder    string
	server    *Server
	url       string
	advertise string
	idle      time.Duration
	// The tailer's alone: how long it waited last, and how far it has read.
	quiet  time.Duration
	cursor partners.Cursor

	now      func() time.Time
	log      *slog.Logger
	progress *bell
	paired   chan struct{} // the pairings changed

	afterCommit func() error
	afterStep   func() error
	reportEvery time.Duration
	tailGate    sync.Locker

	mu         sync.Mutex
	identities map[schema.FirmID]*Identity
	running    map[pair]*relay
	fetchers   map[pair]*fetcher
}

// New makes a node. It does nothing until Run.
func New(o Options) (*Node, error) {
	if o.Service == nil || o.Folder == "" {
		return nil, errors.New("federation needs a service and a folder")
	}
	n := &Node{
		service: o.Service, store: &store{o.Service.Pool()}, folder: o.Folder, server: o.Server, url: o.URL, advertise: o.Advertise,
		idle: o.Idle, now: o.Now, log: o.Log, progress: newBell(), paired: make(chan struct{}, 1), identities: map[schema.FirmID]*Identity{},
		afterCommit: o.afterCommit, afterStep: o.afterStep, reportEvery: o.reportEvery, tailGate: o.tailGate,
	}
	if n.idle == 0 {
		n.idle = 250 * time.Millisecond
	}
	if n.reportEvery == 0 {
		n.reportEvery = reportEvery
	}
	if n.now == nil {
		n.now = o.Service.Now
	}
	if n.log == nil {
		n.log = slog.New(slog.DiscardHandler)
	}
	return n, nil
}

// identity gives the keys of a firm; they are read once.
func (n *Node) identity(firm schema.FirmID) (*Identity, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if id := n.identities[firm]; id != nil {
		return id, nil
	}
	id, err := OpenIdentity(filepath.Join(n.folder, "keys"), firm)
	if err == nil {
		n.identities[firm] = id
	}
	return id, err
}

// relays lists the relays that run.
func (n *Node) relays() []*relay {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := make([]*relay, 0, len(n.running))
	for _, r := range n.running {
		list = append(list, r)
	}
	return list
}

func (n *Node) relay(l pair) *relay {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.running[l]
}

// fetchBodies lets what is missing of a peer's documents be fetched.
func (n *Node) fetchBodies(l pair) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if f := n.fetchers[l]; f != nil {
		f.rouse()
	}
}

// Run exchanges records until the context ends, and returns when all that it
// began has ended. What cannot be reached is tried again for ever.
func (n *Node) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := n.round(ctx); err != nil {
			return err
		}
	}
	return nil
}

// round runs all links until the pairings change.
func (n *Node) round(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var list []peering
	pause := backoff{least: 50 * time.Millisecond, most: 5 * time.Second}
	for {
		var err error
		if list, err = n.store.peerings(ctx); err == nil {
			break
		} else if !pause.wait(ctx, n.log, "read links", err) {
			return nil
		}
	}
	w := &wiring{node: n, transports: map[transportKey]*transport{}}
	defer w.close()
	g, ctx := errgroup.WithContext(ctx)
	if err := w.wire(ctx, g, list); err != nil {
		return err
	}
	g.Go(func() error { return n.tail(ctx) })
	g.Go(func() error {
		n.awaitPairing(ctx, list)
		stop()
		return nil
	})
	return g.Wait()
}

// awaitPairing waits until the pairings are others than in the list, whether
// this process or another one has changed them.
func (n *Node) awaitPairing(ctx context.Context, list []peering) {
	same := func(a, b peering) bool { return a.pair == b.pair && a.PairedAt.Equal(b.PairedAt) }
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.paired:
		case <-time.After(2 * time.Second):
		}
		if now, err := n.store.peerings(ctx); err == nil && !slices.EqualFunc(list, now, same) {
			return
		}
	}
}

// wiring is what one round runs on.
type wiring struct {
	node       *Node
	transports map[transportKey]*transport
}

type transportKey struct {
	hub  string
	firm schema.FirmID // zero at our own hub, where one connection serves all firms
}

func (w *wiring) close() {
	w.node.mu.Lock()
	w.node.running, w.node.fetchers = nil, nil
	w.node.mu.Unlock()
	for _, t := range w.transports {
		t.close()
	}
}

// wire connects all links and starts what serves them.
func (w *wiring) wire(ctx context.Context, g *errgroup.Group, list []peering) error {
	n := w.node
	w.admit(list)
	running, fetchers := map[pair]*relay{}, map[pair]*fetcher{}
	mailboxes := map[transportKey][]peering{}
	firms := map[transportKey]schema.FirmID{}
	for _, p := range list {
		t, err := w.transport(p)
		if err != nil {
			return fmt.Errorf("link of %s and %s: %w", p.Firm, p.Peer, err)
		}
		running[p.pair] = newRelay(n, p, t)
		fetchers[p.pair] = &fetcher{pair: p.pair, node: n, from: t, wake: make(chan struct{}, 1)}
		k := transportKey{p.Hub, p.Firm}
		mailboxes[k], firms[k] = append(mailboxes[k], p), p.Firm
	}
	n.mu.Lock()
	n.running, n.fetchers = running, fetchers
	n.mu.Unlock()
	if err := w.serve(ctx, g, list, mailboxes); err != nil {
		return err
	}
	for _, r := range running {
		g.Go(func() error { return r.run(ctx) })
	}
	for _, f := range fetchers {
		g.Go(func() error { return f.run(ctx) })
	}
	return nil
}

// admit lets the peers connect whose mailboxes are at our own server.
func (w *wiring) admit(list []peering) {
	if w.node.server == nil {
		return
	}
	guests := map[schema.FirmID]*access{}
	var order []schema.FirmID
	for _, p := range list {
		if p.Hub != "" {
			continue
		}
		if guests[p.Peer] == nil {
			guests[p.Peer] = &access{key: p.Transport, firm: p.Peer}
			order = append(order, p.Peer)
		}
		guests[p.Peer].hosts = append(guests[p.Peer].hosts, p.Firm)
	}
	all := make([]access, len(order))
	for i, firm := range order {
		all[i] = *guests[firm]
	}
	w.node.server.admit(all)
}

// transport gives the connection to the hub of a link.
func (w *wiring) transport(p peering) (*transport, error) {
	k := transportKey{hub: p.Hub}
	if p.Hub != "" {
		k.firm = p.Firm
	}
	if t := w.transports[k]; t != nil {
		return t, nil
	}
	t, err := w.dial(p)
	if err == nil {
		w.transports[k] = t
	}
	return t, err
}

func (w *wiring) dial(p peering) (*transport, error) {
	n := w.node
	switch {
	case p.Hub == "" && n.server != nil:
		return dialOwn(n.server, n.log)
	case p.Hub == "" && n.url != "":
		return dialURL(n.url, n.log)
	case p.Hub == "":
		return nil, errors.New("the mailboxes are at this node, which runs no nats-server; give it an address to listen on, or NATS_URL")
	}
	id, err := n.identity(p.Firm)
	if err != nil {
		return nil, err
	}
	return dialPeer(p.Hub, p.Pin, id, n.log)
}

// serve starts what listens: to reports, to requests for bytes and for
// purges, and to the mailboxes.
func (w *wiring) serve(ctx context.Context, g *errgroup.Group, list []peering, mailboxes map[transportKey][]peering) error {
	n := w.node
	for k, peers := range mailboxes {
		t, err := w.transport(peers[0])
		if err != nil {
			return err
		}
		if _, err := n.serveReports(t, peers[0].Firm); err != nil {
			return fmt.Errorf("listen to reports at %q: %w", k.hub, err)
		}
		if _, err := n.serveBodies(ctx, t, peers[0].Firm); err != nil {
			return fmt.Errorf("listen to requests at %q: %w", k.hub, err)
		}
		in := newIntake(n, peers[0].Firm, t, peers)
		g.Go(func() error { return in.run(ctx) })
	}
	if t := w.transports[transportKey{}]; t != nil {
		hosts := func(firm schema.FirmID) bool {
			for _, p := range list {
				if p.Firm == firm && p.Hub == "" {
					return true
				}
			}
			return false
		}
		if _, err := t.servePurges(ctx, hosts, n.log); err != nil {
			return fmt.Errorf("listen to requests for purges: %w", err)
		}
		// A peer without a mailbox could not be sent anything.
		g.Go(func() error { return w.mailboxes(ctx, t, list) })
	}
	return nil
}

// mailboxes makes the mailboxes of the peers at our own hub, and makes them
// again should the store lose them.
func (w *wiring) mailboxes(ctx context.Context, t *transport, list []peering) error {
	tick := time.NewTicker(w.node.reportEvery)
	defer tick.Stop()
	for t.connected(ctx) {
		for _, p := range list {
			if p.Hub != "" {
				continue
			}
			if err := t.ensureMailbox(ctx, p.Peer); err != nil && ctx.Err() == nil {
				w.node.log.Warn("federation: a peer has no mailbox", slog.Any("peer", p.Peer), slog.Any("cause", err))
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
	return nil
}
