package gateway

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"fondaco/schema"
)

// budgets hold what each firm may still spend. There are as many as firms
// that have signed in here.
type budgets struct {
	rate, burst int
	now         func() time.Time
	mu          sync.Mutex
	byFirm      map[schema.FirmID]*rate.Limiter
}

func newBudgets(o Options) *budgets {
	return &budgets{rate: o.CostRate, burst: o.CostBurst, now: o.Now, byFirm: map[schema.FirmID]*rate.Limiter{}}
}

func (b *budgets) of(firm schema.FirmID) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.byFirm[firm]
	if l == nil {
		l = rate.NewLimiter(rate.Limit(b.rate), b.burst)
		b.byFirm[firm] = l
	}
	return l
}

// spending is what one operation costs: asked for beforehand, and given back
// as far as it was not used.
type spending struct {
	limiter   *rate.Limiter
	now       func() time.Time
	requested int
	actual    int
}

// spend takes the cost from a firm's budget. If there is not enough it takes
// nothing, and tells in how many seconds there will be.
func (b *budgets) spend(firm schema.FirmID, cost int) (s *spending, wait int) {
	s = &spending{limiter: b.of(firm), now: b.now, requested: cost, actual: cost}
	if s.limiter.AllowN(b.now(), cost) {
		return s, 0
	}
	missing := float64(cost) - s.limiter.TokensAt(b.now())
	return nil, max(1, int(math.Ceil(missing/float64(b.rate))))
}

// settle gives back what was not used.
func (s *spending) settle(actual int) {
	s.actual = min(actual, s.requested)
	// To take a negative number is to give; the limiter never holds more than its burst.
	s.limiter.AllowN(s.now(), s.actual-s.requested)
}
