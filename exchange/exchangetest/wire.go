package exchangetest

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"
)

// Wire is a TCP connection between two nodes that a test can cut and slow down.
type Wire struct {
	listener net.Listener
	target   string

	mu    sync.Mutex
	cut   bool
	delay time.Duration
	conns map[net.Conn]bool
	wait  sync.WaitGroup
}

func newWire(t testing.TB, target string) *Wire {
	t.Helper()
	ctx := t.Context()
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("lay a wire: %v", err)
	}
	w := &Wire{listener: l, target: target, conns: map[net.Conn]bool{}}
	w.wait.Go(func() { w.serve(ctx) })
	t.Cleanup(func() {
		_ = l.Close()
		w.Cut()
		w.wait.Wait()
	})
	return w
}

// Address is where the wire begins.
func (w *Wire) Address() string { return w.listener.Addr().String() }

// Cut breaks all connections and lets none through until Mend.
func (w *Wire) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = true
	for c := range w.conns {
		_ = c.Close()
	}
}

// Mend lets connections through again.
func (w *Wire) Mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = false
}

// Delay holds everything back for so long from now on.
func (w *Wire) Delay(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.delay = d
}

// lead lets the wire end elsewhere from now on.
func (w *Wire) lead(target string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.target = target
}

// serve lays each connection through to the target until the wire is taken away.
func (w *Wire) serve(ctx context.Context) {
	var dialer net.Dialer
	for {
		near, err := w.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		far, err := dialer.DialContext(ctx, "tcp", w.end())
		if err != nil || !w.hold(near, far) {
			_ = near.Close()
			if far != nil {
				_ = far.Close()
			}
			continue
		}
		w.wait.Go(func() { w.copy(near, far) })
		w.wait.Go(func() { w.copy(far, near) })
	}
}

func (w *Wire) end() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.target
}

// hold remembers two ends, unless the wire is cut.
func (w *Wire) hold(ends ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		return false
	}
	for _, c := range ends {
		w.conns[c] = true
	}
	return true
}

func (w *Wire) copy(to, from net.Conn) {
	defer func() {
		_, _ = to.Close(), from.Close()
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.conns, to)
		delete(w.conns, from)
	}()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			w.mu.Lock()
			delay := w.delay
			w.mu.Unlock()
			if delay > 0 {
				<-time.After(delay)
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
