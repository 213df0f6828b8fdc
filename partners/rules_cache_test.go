package partners_test

import (
	"testing"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

func TestRulesAreKeptOfTheFirmsThatAskedLast(t *testing.T) {
	t.Parallel()
	c := partners.NewRulesCache(2)
	set := func(firm byte, epoch int64) *partners.RuleSet {
		s, err := partners.Compiled(policy.Rules{Firm: schema.FirmID{15: firm}, Epoch: epoch})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first, second, third := set(1, 1), set(2, 5), set(3, 1)
	c.Put(first)
	c.Put(second)
	if c.Get(first) != first { // now nobody asked for the second one for longest
		t.Error("what was put is not there")
	}
	c.Put(third)
	if c.Get(second) != nil || c.Get(first) == nil || c.Get(third) == nil {
		t.Errorf("the set of the second firm is %v, want the one asked for longest ago gone and no other", c.Get(second))
	}
	c.Put(second)
	c.Put(set(2, 4))
	if c.Get(second) != second {
		t.Error("an older epoch takes the place of a newer one")
	}
	newer := set(2, 6)
	c.Put(newer)
	c.Forget(second)
	if c.Get(second) != newer {
		t.Error("a set is forgotten in place of another one")
	}
	if c.Forget(newer); c.Get(newer) != nil {
		t.Error("a set is not forgotten")
	}
}
