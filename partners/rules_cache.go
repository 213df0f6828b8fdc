package partners

import (
	"cmp"
	"container/list"
	"sync"

	"fondaco/schema"
)

// maxRuleSets is for how many firms compiled rules are kept. A set is a
// tenth of a megabyte, and made anew within milliseconds.
const maxRuleSets = 1024

// rulesCache keeps the compiled rules of the firms whose readers asked last.
// A set is never changed; whoever uses one compares its epoch with the one that
// its own transaction reads, so that no rule outlives its end, whatever becomes
// of notices.
type rulesCache struct {
	most  int // maxRuleSets if 0
	mu    sync.Mutex
	at    map[schema.FirmID]*list.Element
	order list.List // of *ruleSet, the one that was asked for last in front
}

func (c *rulesCache) get(firm schema.FirmID) *ruleSet {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.at[firm]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*ruleSet)
}

// put keeps a set, unless there is one of a newer epoch, and lets go of the
// one that was not asked for for longest.
func (c *rulesCache) put(set *ruleSet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.at[set.Firm()]; e != nil {
		if e.Value.(*ruleSet).Epoch() <= set.Epoch() {
			e.Value = set
		}
		return
	}
	if c.at == nil {
		c.at = map[schema.FirmID]*list.Element{}
	}
	c.at[set.Firm()] = c.order.PushFront(set)
	if c.order.Len() > cmp.Or(c.most, maxRuleSets) {
		c.remove(c.order.Back())
	}
}

// forget drops a set, so that the next reader of its firm compiles it anew.
func (c *rulesCache) forget(set *ruleSet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.at[set.Firm()]; e != nil && e.Value.(*ruleSet) == set {
		c.remove(e)
	}
}

func (c *rulesCache) remove(e *list.Element) {
	delete(c.at, e.Value.(*ruleSet).Firm())
	c.order.Remove(e)
}
