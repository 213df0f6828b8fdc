package federation_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fondaco/exchange/exchangetest"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

var revocations = flag.Int("races", 2, "how many revocations race with the link")

// TestNothingIsSentAfterARevocation: while records are changed and bytes are
// asked for, sharing is suspended. With the wire up, cut or slow, or with the
// nats-server closed outright, what is written after that has committed never leaves for the peer, no bytes are
// given to who asks from then on, and who reads at the owner's node sees
// nothing.
func TestNothingIsSentAfterARevocation(t *testing.T) {
	t.Parallel()
	w := &farWorld{Two: exchangetest.Pair(t)}
	ribeiro := customer(w.Two, "Padaria Ribeiro")
	agreement := w.Share(terms)
	near := w.A.Firm("Near", "PL") // a partner on the owner's own node, for which NATS does not matter
	nearby := w.A.Node.Share(w.A.Admin, near, w.A.Node.Partnership(w.A.Admin, near), terms)
	version := document(t, w.Two, ribeiro)
	w.listen(t)
	rng := rand.New(rand.NewPCG(*twinSeed, 37))
	late := 0
	for i := range *revocations {
		w.B.AwaitRecord(schema.DocumentVersions, version)
		wire := []func(){func() {}, w.Wire.Cut, func() { w.Wire.Delay(50e6) }, w.Server.Close}[i%4]
		late += revoke(t, w, ribeiro, version, near, []schema.ID{agreement, nearby}, i, wire, rng)
		w.Wire.Mend()
		w.Wire.Delay(0)
		if i%4 == 3 {
			w.RestartServer()
			w.listen(t)
		}
		w.B.AwaitGone(schema.Customers, ribeiro)
		w.A.Settle()
		for _, line := range w.take() {
			if strings.Contains(line, "After") {
				t.Errorf("revocation %d: what was written after it left for the peer: %s", i, line)
			}
		}
		for _, line := range w.held(t) {
			if strings.Contains(line, "After") || strings.Contains(line, "Before") {
				t.Errorf("revocation %d: the peer still holds %s", i, line)
			}
		}
		rename(w.Two, ribeiro, fmt.Sprint("Padaria ", i))
		for _, id := range []schema.ID{agreement, nearby} {
			w.A.Do(w.A.Admin, partners.Command{Verb: "resume", Kind: schema.SharingAgreements, ID: id})
		}
	}
	t.Logf("%d revocations, %d reads and requests for bytes that began after one", *revocations, late)
	if late == 0 {
		t.Error("nothing was asked for after a revocation: the test tests nothing")
	}
}

// document shares the bytes of a document of the customer.
func document(t *testing.T, p *exchangetest.Two, customer schema.ID) schema.ID {
	t.Helper()
	body, err := p.A.PutBody(policy.With(t.Context(), p.A.Admin), strings.NewReader(strings.Repeat("secret bytes ", 1000)), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	id := p.A.Create(p.A.Admin, schema.Documents, partners.Values{
		"customer": customer, "title": "Prices", "documentType": "PRICE_LIST", "status": "ACTIVE",
		"audience": "FIRMS", "audienceFirms": []schema.ID{p.B.Admin.Firm.ID()},
	})
	return p.A.Do(p.A.Admin, partners.Command{Verb: partners.Create, Kind: schema.DocumentVersions, Body: &body,
		Values: partners.Values{"document": id, "fileName": "prices.txt"}})
}

// revoke suspends the agreements at some moment of many changes and questions.
// It gives how many of these began afterwards.
func revoke(t *testing.T, w *farWorld, customer, version schema.ID, near policy.Principal, agreements []schema.ID, n int, wire func(), rng *rand.Rand) int {
	t.Helper()
	var revoked atomic.Bool
	var late atomic.Int64
	var wait sync.WaitGroup
	ask := func(what string, shows func() (string, bool)) {
		wait.Go(func() {
			for after := 0; after < 2; {
				began := revoked.Load()
				answer, shown := shows()
				if began {
					after++
					late.Add(1)
				}
				if began && shown {
					t.Errorf("revocation %d: %s that began after it gives %s", n, what, answer)
				}
			}
		})
	}
	changes := rng.IntN(6)
	ask("a request for bytes", func() (string, bool) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second) // with the wire cut, nobody answers
		defer cancel()
		content, err := w.B.Federation.AskBody(ctx, w.B.Admin.Firm, w.A.Admin.Firm, version)
		return fmt.Sprintf("%.30q", content), err == nil
	})
	ask("a partner on the owner's node", func() (string, bool) {
		pages, err := w.A.Read(policy.With(t.Context(), near), &partners.Plan{Kind: schema.Customers, First: 10, CountMax: 10})
		return fmt.Sprint(pages), err != nil || len(pages[0].Rows) > 0 || pages[0].Count > 0
	})
	for i := range changes {
		rename(w.Two, customer, fmt.Sprintf("Before %d %d", n, i))
	}
	wire()
	for _, id := range agreements {
		w.A.Do(w.A.Admin, partners.Command{Verb: "suspend", Kind: schema.SharingAgreements, ID: id})
	}
	revoked.Store(true)
	for i := range 3 {
		rename(w.Two, customer, fmt.Sprintf("After %d %d", n, i))
	}
	wait.Wait()
	return int(late.Load())
}
