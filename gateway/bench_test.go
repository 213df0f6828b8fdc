package gateway_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"fondaco/gateway"
	"fondaco/gateway/gatewaytest"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// bench serves 50 customers with 10 interactions each, in process.
func bench(b *testing.B, query func(customer string) string) {
	b.Helper()
	node := partnerstest.Open(b)
	var g *gateway.Gateway
	s := gatewaytest.Serve(b, node)
	maker := node.Firm("Maker", "PL")
	c := s.As(maker)
	g, err := gateway.New(gateway.Options{Partners: node.Service, Authenticator: s, Key: make([]byte, 32), CostRate: 1e9, CostBurst: 1e9})
	if err != nil {
		b.Fatal(err)
	}
	var last schema.ID
	for i := range 50 {
		last = node.Create(maker, schema.Customers, partners.Values{"name": fmt.Sprintf("Customer %03d", i), "customerType": "ORGANISATION", "status": "ACTIVE", "country": "PL"})
		var commands []partners.Command
		for j := range 10 {
			commands = append(commands, partners.Command{Verb: partners.Create, Kind: schema.Interactions, Values: partners.Values{
				"customer": last, "interactionType": "CALL", "occurredAt": node.Now(), "subject": fmt.Sprintf("Call %d of %d", j, i)}})
		}
		if _, err := node.Write(policy.With(b.Context(), maker), commands); err != nil {
			b.Fatal(err)
		}
	}
	analyze(b, node.DSN)
	body := fmt.Sprintf(`{"query":%q}`, query(gid(schema.Customers, last)))
	handler := g.Handler()
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+c.Token)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != 200 || strings.Contains(w.Body.String(), "errors") {
			b.Fatal(w.Body.String())
		}
	}
}

// analyze lets PostgreSQL know its tables, as it does by itself in a while.
func analyze(b *testing.B, dsn string) {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	_, err = conn.Exec(b.Context(), "ANALYZE")
	if err = errors.Join(err, conn.Close(b.Context())); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkNode(b *testing.B) {
	bench(b, func(id string) string { return `{node(id: "` + id + `") { id ... on Customer { name city } }}` })
}

func BenchmarkNestedList(b *testing.B) {
	bench(b, func(string) string {
		return `{customers(first: 50) { nodes { id name country interactions(first: 10) { nodes { id subject occurredAt interactionType } } } }}`
	})
}
