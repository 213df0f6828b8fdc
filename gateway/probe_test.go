package gateway_test

import (
	"fmt"
	"strings"
	"testing"

	"fondaco/gateway"
	"fondaco/gateway/gatewaytest"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/schema"
)

// TestProbesAreBounded: counts and overlaps answer so often and no more; who
// has asked too often is told when to ask again.
func TestProbesAreBounded(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := gatewaytest.Serve(t, partnerstest.Open(t), func(o *gateway.Options) {
		o.Now, o.PersonProbes, o.FirmProbes = c.now, gateway.Allowance{Burst: 2, Every: minute}, gateway.Allowance{Burst: 3, Every: minute}
	})
	maker, partner := s.Firm("Maker", "PL"), s.Firm("Partner", "PT")
	partnership := s.Partnership(maker, partner)
	s.Share(maker, partner, partnership, `[{"kind":"Customer","level":"COUNTS","floor":5,"actions":["read"]}]`)
	s.Share(maker, partner, partnership, `[{"kind":"Customer","level":"OVERLAP","keys":["vatId"],"actions":["read"]}]`)
	h := &house{Server: s, maker: maker, partner: partner}
	for i := range 7 {
		h.customer(maker, fmt.Sprintf("Customer %d", i), partners.Values{"country": "PT", "vatId": fmt.Sprint("PT", i)})
	}
	own := gid(schema.Customers, h.customer(partner, "Own", partners.Values{"vatId": "PT3"}))
	const counts = `{sharedCounts(kind: CUSTOMER) { atLeast floor firmId firm { legalName } }}`
	const overlaps = `{overlaps(kind: CUSTOMER, first: 5) { nodes { recordId record { ... on Customer { name } } firm { legalName } } pageInfo { hasNextPage } }}`
	first, colleague := s.As(partner), s.As(s.Person(partner.Firm, "Colleague", schema.Sales))
	firm := gid(schema.Firms, maker.Firm.ID())
	same(t, first.Do(counts, nil).Data, `{"sharedCounts":[{"atLeast":5,"floor":5,"firmId":"`+firm+`","firm":{"legalName":"Maker"}}]}`)
	same(t, first.Do(overlaps, nil).Data, `{"overlaps":{"nodes":[{"recordId":"`+own+`","record":{"name":"Own"},"firm":{"legalName":"Maker"}}],"pageInfo":{"hasNextPage":false}}}`)
	refused := func(who string, c *gatewaytest.Client, query string, seconds float64) {
		t.Helper()
		r := c.Do(query, nil)
		if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "THROTTLED" || r.Errors[0].Extensions["retryAfter"] != seconds ||
			!strings.HasPrefix(r.Errors[0].Message, who) || r.Header.Get("Retry-After") != fmt.Sprint(seconds) {
			t.Errorf("answer %s with Retry-After %q, want %s refused for %v s", r.Body, r.Header.Get("Retry-After"), who, seconds)
		}
	}
	answered := func(c *gatewaytest.Client, query string) {
		t.Helper()
		if r := c.Do(query, nil); len(r.Errors) > 0 {
			t.Errorf("answer %s", r.Body)
		}
	}
	refused("a person", first, counts, 60)
	refused("a person", first, overlaps, 60)
	answered(colleague, counts)
	refused("a firm", colleague, counts, 60)
	answered(s.As(maker), counts) // another firm's
	c.pass(45 * second)
	refused("a person", first, counts, 15)
	c.pass(15 * second)
	answered(first, counts)
	refused("a person", first, counts, 60)
	// What is refused for its words costs nothing.
	c.pass(minute)
	for range 3 {
		if r := first.Do(`{sharedCounts(kind: CUSTOMER, filter: {field: "nothing", op: "eq", value: 1}) { atLeast }}`, nil); r.Errors[0].Extensions["code"] != "BAD_USER_INPUT" {
			t.Errorf("answer %s", r.Body)
		}
	}
	answered(first, `{sharedCounts(kind: CUSTOMER, filter: {field: "country", op: "eq", value: "PT"}) { atLeast }}`)
}
