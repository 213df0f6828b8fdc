package policy

import (
	"container/list"
	"sync"

	"fondaco/schema"
)

// Cache keeps the snapshots of the firms that were asked about last. What a
// decision costs does not depend on how many firms there are: each has a
// snapshot of its own, which is made anew when it is needed again.
//
// A snapshot never changes; whether it is still the policy is for the caller
// to find out, by comparing its epoch with the one that its own transaction
// reads, so that no rule outlives its end.
type Cache struct {
	mu    sync.Mutex
	max   int
	at    map[schema.FirmID]*list.Element
	order *list.List // of *Snapshot, the one that was asked about last in front
}

// NewCache makes a cache for as many firms as max says, one at least.
func NewCache(maxFirms int) *Cache {
	return &Cache{max: max(maxFirms, 1), at: map[schema.FirmID]*list.Element{}, order: list.New()}
}

// Get gives the snapshot of a firm, nil if it is not there.
func (c *Cache) Get(firm schema.FirmID) *Snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.at[firm]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*Snapshot)
}

// Put keeps a snapshot, unless there is one of a newer epoch, and lets go of
// the one that was not asked about for longest.
func (c *Cache) Put(s *Snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.at[s.Firm()]; e != nil {
		if e.Value.(*Snapshot).Epoch() <= s.Epoch() {
			e.Value = s
		}
		c.order.MoveToFront(e)
		return
	}
	c.at[s.Firm()] = c.order.PushFront(s)
	for c.order.Len() > c.max {
		last := c.order.Back()
		delete(c.at, last.Value.(*Snapshot).Firm())
		c.order.Remove(last)
	}
}

// Forget lets go of a snapshot, if it is the one that is kept of its firm.
func (c *Cache) Forget(s *Snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.at[s.Firm()]; e != nil && e.Value.(*Snapshot) == s {
		delete(c.at, s.Firm())
		c.order.Remove(e)
	}
}

// Len is how many snapshots are kept.
func (c *Cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.order.Len()
}
