package federation_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fondaco/exchange/exchangetest"
	"fondaco/exchange/federation"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

var convergeSeed = flag.Uint64("federation.seed", 0, "run the random test of two nodes with this seed; 0 takes a new one")

// TestNodesConvergeAfterAnything does random things to two nodes and what is
// between them, and then compares what A shows to B with what B holds.
func TestNodesConvergeAfterAnything(t *testing.T) {
	t.Parallel()
	seed := *convergeSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("repeat with -federation.seed=%d", seed)
	answers := &answers{}
	p := exchangetest.Pair(t, federation.FailAfterCommit(answers.next), federation.FailAfterStep(answers.next))
	c := &chaos{t: t, p: p, answers: answers, rng: rand.New(rand.NewPCG(seed, 1))}
	c.agreement = p.Share(terms)
	for range 60 {
		c.act()
	}
	p.Wire.Mend()
	c.state("resume")
	customer(p, "The last")
	p.A.Settle()
	for _, kind := range []*schema.Kind{schema.Customers, schema.Contacts, schema.Interactions, schema.Products} {
		shown := c.rows(p.A, policy.Node(p.B.Admin.Firm), kind)
		held := c.rows(p.B, p.B.Admin, kind)
		if kind == schema.Customers && len(shown) == 0 {
			t.Error("A shows no customer to B; want at least the last one")
		}
		if diff := cmp.Diff(shown, held); diff != "" {
			t.Errorf("seed %d: what A shows of %s differs from what B holds (-shown +held):\n%s", seed, kind, diff)
		}
	}
}

type chaos struct {
	t         *testing.T
	p         *exchangetest.Two
	answers   *answers
	rng       *rand.Rand
	agreement schema.ID
	customers []schema.ID
	products  []schema.ID
	grants    []schema.ID
	n         int
}

// act does one random thing.
func (c *chaos) act() {
	c.n++
	a, name := c.p.A, fmt.Sprint("Name ", c.n)
	switch n := c.rng.IntN(20); {
	case n < 4 || len(c.customers) == 0:
		c.customers = append(c.customers, customer(c.p, name))
	case n < 9:
		rename(c.p, c.any(c.customers), name)
	case n < 11:
		a.Create(a.Admin, schema.Contacts, partners.Values{"customer": c.any(c.customers), "name": name})
	case n < 12 && len(c.customers) > 3:
		i := c.rng.IntN(len(c.customers))
		a.Do(a.Admin, partners.Command{Verb: partners.Delete, Kind: schema.Customers, ID: c.customers[i]})
		c.customers = append(c.customers[:i], c.customers[i+1:]...)
	case n < 14:
		c.products = append(c.products, a.Create(a.Admin, schema.Products, partners.Values{"name": name, "partNumber": name}))
		c.grants = append(c.grants, a.Create(a.Admin, schema.Grants, partners.Values{
			"sharingAgreement": c.agreement, "recordKind": "Product", "recordId": c.products[len(c.products)-1].String(),
		}))
	case n < 15 && len(c.grants) > 0:
		a.Do(a.Admin, partners.Command{Verb: partners.Delete, Kind: schema.Grants, ID: c.grants[0]})
		c.grants = c.grants[1:]
	case n < 16:
		c.state("suspend")
	case n < 17:
		c.state("resume")
	default:
		c.fault()
	}
}

func (c *chaos) any(list []schema.ID) schema.ID { return list[c.rng.IntN(len(list))] }

// state lets the agreement rest or takes it up again, if that is possible now.
func (c *chaos) state(action string) {
	_, err := c.p.A.Write(policy.With(c.t.Context(), c.p.A.Admin), []partners.Command{{
		Verb: action, Kind: schema.SharingAgreements, ID: c.agreement,
	}})
	if err != nil && schema.Code(err) == schema.CodeInternal {
		c.t.Fatal(err)
	}
}

// fault does one random bad thing.
func (c *chaos) fault() {
	switch c.rng.IntN(6) {
	case 0:
		c.p.Wire.Cut()
	case 1:
		c.p.Wire.Mend()
	case 2:
		c.p.A.Restart()
	case 3:
		c.p.B.Restart()
	case 4:
		// There may be none at the moment.
		_ = c.p.Server.LoseMailbox(c.t.Context(), c.p.B.Admin.Firm)
	case 5:
		c.answers.lose.Add(1)
	}
}

// answers are those of the database to what the nodes commit.
type answers struct{ lose atomic.Int64 }

// next tells that the answer got lost, if one shall be.
func (a *answers) next() error {
	if a.lose.Add(-1) >= 0 {
		return errors.New("the answer of the database was lost by the test")
	}
	a.lose.Add(1)
	return nil
}

// rows gives A's records as a principal sees them on a side, by id.
func (c *chaos) rows(s *exchangetest.Side, as policy.Principal, kind *schema.Kind) map[schema.ID]string {
	c.t.Helper()
	var fields []*schema.Field
	for _, f := range kind.Fields {
		// A link to what B may not see is left out of the copy.
		if f.Target() == nil {
			fields = append(fields, f)
		}
	}
	pages, err := s.Read(policy.With(c.t.Context(), as), &partners.Plan{Kind: kind, Fields: fields, First: partners.PageLimit})
	if err != nil {
		c.t.Fatal(err)
	}
	rows := map[schema.ID]string{}
	for _, r := range pages[0].Rows {
		if r.Owner == c.p.A.Admin.Firm {
			rows[r.ID] = fmt.Sprintf("version %d, fields %b: %q", r.Version, r.Mask, r.Cells)
		}
	}
	return rows
}
