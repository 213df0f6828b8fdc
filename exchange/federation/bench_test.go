package federation_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fondaco/exchange/exchangetest"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// BenchmarkChange measures from before a write at one node until the other
// node tells of the copy, one change at a time.
func BenchmarkChange(b *testing.B) {
	p := exchangetest.Pair(b)
	id := p.A.Create(p.A.Admin, schema.Customers, partners.Values{"name": "Padaria Ribeiro", "customerType": "ORGANISATION", "status": "ACTIVE"})
	p.Share(terms)
	p.B.AwaitRecord(schema.Customers, id)
	p.A.Settle()
	p.B.Settle()
	ctx := policy.With(b.Context(), p.A.Admin)
	position, err := p.B.Position(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	n := 0
	for b.Loop() {
		n++
		start := time.Now()
		_, err := p.A.Write(ctx, []partners.Command{{
			Verb: partners.Update, Kind: schema.Customers, ID: id, Values: partners.Values{"name": fmt.Sprint("Padaria ", n)},
		}})
		if err != nil {
			b.Fatal(err)
		}
		for {
			news := p.B.News()
			lines, next, err := p.B.Tail(b.Context(), position, 100)
			if err != nil {
				b.Fatal(err)
			}
			position = next
			if len(lines) > 0 {
				break
			}
			<-news
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkBackfill measures how fast a partner is given what it may see.
func BenchmarkBackfill(b *testing.B) {
	const customers = 5000
	for b.Loop() {
		b.StopTimer()
		p := exchangetest.Pair(b)
		ctx := policy.With(b.Context(), p.A.Admin)
		for done := 0; done < customers; done += 500 {
			commands := make([]partners.Command, 500)
			for i := range commands {
				commands[i] = partners.Command{Verb: partners.Create, Kind: schema.Customers, Values: partners.Values{
					"name": fmt.Sprint("Customer ", done+i), "customerType": "ORGANISATION", "status": "ACTIVE",
				}}
			}
			if _, err := p.A.Write(ctx, commands); err != nil {
				b.Fatal(err)
			}
		}
		p.A.Settle()
		b.StartTimer()
		start := time.Now()
		p.Share(terms)
		p.A.Settle()
		b.ReportMetric(customers/time.Since(start).Seconds(), "records/s")
	}
}
