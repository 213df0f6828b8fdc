package gateway_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fondaco/gateway/gatewaytest"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/schema"
)

// counter counts the statements and the round trips of a pool.
type counter struct{ statements, trips atomic.Int64 }

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.statements.Add(1)
	c.trips.Add(1)
	return ctx
}

func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (c *counter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.trips.Add(1)
	return ctx
}

func (c *counter) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {
	c.statements.Add(1)
}

func (c *counter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// counted gives a node whose statements are counted.
func counted(t testing.TB) (*partnerstest.Node, *counter) {
	t.Helper()
	c := &counter{}
	return partnerstest.Open(t, func(o *partners.Options) {
		config := o.Pool.Config()
		config.ConnConfig.Tracer = c
		pool, err := pgxpool.NewWithConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		o.Pool = pool
	}), c
}

func TestStatementsDoNotGrowWithRows(t *testing.T) {
	t.Parallel()
	node, count := counted(t)
	s := gatewaytest.Serve(t, node)
	maker, partner := s.Firm("Maker", "PL"), s.Firm("Partner", "PT")
	s.Share(maker, partner, s.Partnership(maker, partner),
		`[{"kind":"Customer","level":"ALL","actions":["read"]},{"kind":"Contact","level":"CHILDREN","actions":["read"]}]`)
	for i := range 100 {
		id := s.Create(maker, schema.Customers, partners.Values{"name": fmt.Sprintf("Customer %03d", i), "customerType": "ORGANISATION", "status": "ACTIVE"})
		for j := range 2 {
			s.Create(maker, schema.Contacts, partners.Values{"customer": id, "name": fmt.Sprintf("Contact %d of %d", j, i)})
		}
	}
	// For each selection: what a page of it costs beyond beginning and ending the transaction.
	//nolint:paralleltest // statements are counted
	for name, x := range map[string]struct {
		selection  string
		statements int64
	}{
		"a list":                    {`nodes { id name }`, 1},
		"children":                  {`nodes { id contacts(first: 2) { nodes { name } } }`, 2},
		"children of two kinds":     {`nodes { id contacts(first: 2) { nodes { name } } tasks(first: 2) { nodes { title } } }`, 3},
		"children and their parent": {`nodes { id contacts(first: 2) { nodes { name customer { name } } } }`, 3},
	} {
		for who, p := range map[string]gatewaytest.Client{"the owner": *s.As(maker), "a partner": *s.As(partner)} {
			t.Run(name+" for "+who, func(t *testing.T) {
				var first int64
				for _, n := range []int{1, 10, 100} {
					query := fmt.Sprintf(`{customers(first: %d) { %s }}`, n, x.selection)
					if n == 100 { // the limit of cost allows 1000 objects
						query = strings.ReplaceAll(query, "first: 2", "first: 1")
					}
					if r := p.Do(query, nil); len(r.Errors) > 0 { // also lets connections prepare
						t.Fatal(r.Body)
					}
					before := count.statements.Load()
					r := p.Do(query, nil)
					got := count.statements.Load() - before
					if strings.Count(r.Body, `{"id"`) != n {
						t.Fatalf("%d rows wanted: %s", n, r.Body)
					}
					if first == 0 {
						first = got
						if overhead := got - x.statements; overhead < 1 || overhead > 4 {
							t.Errorf("a page costs %d statements, of which %d read rows", got, x.statements)
						}
					}
					if got != first {
						t.Errorf("%d statements for 1 parent, %d for %d", first, got, n)
					}
				}
			})
		}
	}
}
