package auth

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter has a bucket of attempts per key. It remembers the keys used last
// up to a number; a key that is forgotten has long been idle, or is one of a
// flood that the slots of the hasher bear.
type limiter struct {
	every rate.Limit
	burst int
	keys  int

	mu     sync.Mutex
	recent *list.List // of *bucket, the newest first
	byKey  map[string]*list.Element
}

type bucket struct {
	key string
	*rate.Limiter
}

func newLimiter(every time.Duration, burst, keys int) *limiter {
	return &limiter{every: rate.Every(every), burst: burst, keys: keys, recent: list.New(), byKey: map[string]*list.Element{}}
}

// wait takes an attempt from the key's bucket. It gives zero, or how long it
// takes until there is one again.
func (l *limiter) wait(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key)
	if b.AllowN(now, 1) {
		return 0
	}
	r := b.ReserveN(now, 1)
	defer r.CancelAt(now)
	return max(r.DelayFrom(now), time.Second)
}

func (l *limiter) bucket(key string) *bucket {
	if e, ok := l.byKey[key]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if l.recent.Len() >= l.keys {
		oldest := l.recent.Back()
		delete(l.byKey, oldest.Value.(*bucket).key)
		l.recent.Remove(oldest)
	}
	b := &bucket{key, rate.NewLimiter(l.every, l.burst)}
	l.byKey[key] = l.recent.PushFront(b)
	return b
}

// addressKey is the address to which attempts are counted: of IPv6 the first
// 64 bits, since one customer has all the rest.
func addressKey(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}
