package gateway

import (
	"container/list"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"fondaco/policy"
)

// Allowance says how often something may be done: Burst times at once, and
// one time more each time Every has passed.
type Allowance struct {
	Burst int
	Every time.Duration
}

func (a Allowance) orElse(other Allowance) Allowance {
	if a.Burst == 0 || a.Every == 0 {
		return other
	}
	return a
}

// How many people's and firms' probes are remembered at once.
const (
	probingPeople = 10_000
	probingFirms  = 2_000
)

// probes bound how often other firms' records are counted and compared. Each
// answer tells a little of what is not shown, and many together could tell
// much; so they are bounded for each person and for each firm.
type probes struct {
	now           func() time.Time
	mu            sync.Mutex // guards both
	people, firms buckets
}

func newProbes(o Options) *probes {
	return &probes{now: o.Now, people: newBuckets(o.PersonProbes, probingPeople), firms: newBuckets(o.FirmProbes, probingFirms)}
}

// throttledError tells that somebody has asked too often.
type throttledError struct {
	whose string
	wait  time.Duration
}

func (e *throttledError) Error() string {
	return fmt.Sprintf("%s may count and compare other firms' records so often and no more; try again in %d s", e.whose, e.seconds())
}

func (e *throttledError) seconds() int { return int(max(1, math.Ceil(e.wait.Seconds()))) }

// take counts one question of the principal, or refuses it.
func (p *probes) take(who policy.Principal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	person := p.people.of(who.Firm.String()+who.User.String(), now)
	firm := p.firms.of(who.Firm.String(), now)
	if wait := person.wait(now); wait > 0 {
		return &throttledError{"a person", wait}
	}
	if wait := firm.wait(now); wait > 0 {
		return &throttledError{"a firm", wait}
	}
	person.AllowN(now, 1)
	firm.AllowN(now, 1)
	return nil
}

// buckets hold what each of many may still do. Only one that is full again is
// forgotten, as if it had never been: nobody gains by being forgotten. When
// there is none, newcomers wait.
type buckets struct {
	Allowance
	most   int
	recent *list.List // of *bucket, the one used last in front
	byKey  map[string]*list.Element
}

type bucket struct {
	*rate.Limiter
	key  string
	used time.Time
}

func newBuckets(a Allowance, most int) buckets {
	return buckets{a, most, list.New(), map[string]*list.Element{}}
}

// of finds the bucket of a key, and gives an empty one when there is no room
// for it.
func (b *buckets) of(key string, now time.Time) *bucket {
	if e, ok := b.byKey[key]; ok {
		b.recent.MoveToFront(e)
		found := e.Value.(*bucket)
		found.used = now
		return found
	}
	if b.recent.Len() >= b.most {
		oldest := b.recent.Back()
		old := oldest.Value.(*bucket)
		if now.Sub(old.used) < time.Duration(b.Burst)*b.Every {
			return &bucket{Limiter: rate.NewLimiter(rate.Every(b.Every), 0)}
		}
		b.recent.Remove(oldest)
		delete(b.byKey, old.key)
	}
	made := &bucket{rate.NewLimiter(rate.Every(b.Every), b.Burst), key, now}
	b.byKey[key] = b.recent.PushFront(made)
	return made
}

// wait tells how long it takes until there is something to take; zero if
// there is.
func (b *bucket) wait(now time.Time) time.Duration {
	missing := 1 - b.TokensAt(now)
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing / float64(b.Limit()) * float64(time.Second))
}
