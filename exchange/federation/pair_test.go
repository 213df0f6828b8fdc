package federation_test

import (
	"context"
	"encoding/base64"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fondaco/exchange/exchangetest"
	"fondaco/exchange/federation"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// strangers gives two firms on two nodes that are not paired and do not run.
func strangers(t *testing.T) (a, b *federation.Node, firmA, firmB policy.Principal, now *time.Time) {
	t.Helper()
	server, err := federation.StartServer(t.Context(), federation.ServerOptions{Folder: filepath.Join(t.TempDir(), "nats"), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	clock := time.Now()
	open := func(name string, server *federation.Server) (*federation.Node, policy.Principal) {
		service := partnerstest.Open(t)
		firm := service.Firm(name, "PL")
		node, err := federation.New(federation.Options{
			Service: service.Service, Folder: t.TempDir(), Server: server, Now: func() time.Time { return clock },
		})
		if err != nil {
			t.Fatal(err)
		}
		return node, firm
	}
	a, firmA = open("Wisła Works", server)
	b, firmB = open("Tejo", nil)
	return a, b, firmA, firmB, &clock
}

func TestInvitationTellsWhoseItIs(t *testing.T) {
	t.Parallel()
	a, b, firmA, firmB, _ := strangers(t)
	token, err := a.Invite(t.Context(), firmA.Firm)
	if err != nil {
		t.Fatal(err)
	}
	card, err := federation.ReadCard(" " + token + "\n")
	if err != nil {
		t.Fatal(err)
	}
	if card.Name() != "Wisła Works" || card.Firm != firmA.Firm || card.Address == "" {
		t.Errorf("card %+v; want the name, the id and the address of A", card)
	}
	answer, err := b.Join(t.Context(), firmB.Firm, token)
	if err != nil {
		t.Fatal(err)
	}
	links, err := b.Links(t.Context())
	if err != nil || len(links) != 1 || links[0].Fingerprint != card.Fingerprint() || links[0].Name != "Wisła Works" {
		t.Errorf("links of B: %+v, %v; want A with the fingerprint %s", links, err, card.Fingerprint())
	}
	if err := a.Accept(t.Context(), firmA.Firm, answer); err != nil {
		t.Errorf("accept: %v", err)
	}
	if err := a.Accept(t.Context(), firmA.Firm, answer); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("accept the same answer again: %v; want invalid", err)
	}
}

func TestPairingRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	a, b, firmA, firmB, now := strangers(t)
	ctx := t.Context()
	invitation, err := a.Invite(ctx, firmA.Firm)
	if err != nil {
		t.Fatal(err)
	}
	message, err := base64.RawURLEncoding.DecodeString(invitation)
	if err != nil {
		t.Fatal(err)
	}
	changed := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(message), "Wisła", "Visła", 1)))
	for name, c := range map[string]struct {
		try  func() error
		want string
	}{
		"a token cut short":                {func() error { _, err := b.Join(ctx, firmB.Firm, invitation[:100]); return err }, "copy all of it"},
		"a token that was changed":         {func() error { _, err := b.Join(ctx, firmB.Firm, changed); return err }, "copy all of it"},
		"one's own invitation":             {func() error { _, err := a.Join(ctx, firmA.Firm, invitation); return err }, "your own firm's"},
		"an invitation taken for answer":   {func() error { return b.Accept(ctx, firmB.Firm, invitation) }, "is an invitation"},
		"an invitation without an address": {func() error { _, err := b.Invite(ctx, firmB.Firm); return err }, "runs no nats-server"},
		"a firm that does not live here":   {func() error { _, err := a.Invite(ctx, firmB.Firm); return err }, "does not live"},
	} {
		err := c.try()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want an error with %q", name, err, c.want)
		}
	}
	*now = now.Add(8 * 24 * time.Hour)
	if _, err := b.Join(ctx, firmB.Firm, invitation); err == nil || !strings.Contains(err.Error(), "expired") {
		t.Errorf("join after eight days: %v; want a word that it expired", err)
	}
}

func TestLateAcceptanceOfAnAnswer(t *testing.T) {
	t.Parallel()
	a, b, firmA, firmB, _ := strangers(t)
	invitation, err := a.Invite(t.Context(), firmA.Firm)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := b.Join(t.Context(), firmB.Firm, invitation)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), exchangetest.Patience)
	defer cancel()
	ended := make(chan error, 2)
	run, stop := context.WithCancel(t.Context())
	defer func() {
		stop()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	}()
	// B knocks in vain, several times, until A accepts.
	go func() { ended <- b.Run(run) }()
	go func() { ended <- a.Run(run) }()
	refused, give := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer give()
	if err := b.Settle(refused); err == nil {
		t.Fatal("B is linked before A has accepted")
	}
	if err := a.Accept(t.Context(), firmA.Firm, answer); err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string]*federation.Node{"A": a, "B": b} {
		if err := n.Settle(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadCard(f *testing.F) {
	f.Add("")
	f.Add(base64.RawURLEncoding.EncodeToString([]byte("fondaco-card 1 AAAA\n{}")))
	f.Fuzz(func(t *testing.T, token string) {
		if card, err := federation.ReadCard(token); err == nil {
			t.Errorf("ReadCard(%q) = %+v; nobody has signed that", token, card)
		}
	})
}

func TestSetAsideRecordIsTakenAfterAnUpgrade(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	poison := customer(p, "Poison")
	p.B.Do(p.B.Admin, partners.Command{Verb: partners.Create, Kind: schema.Customers, ID: poison, Values: partners.Values{
		"name": "Ours", "customerType": "ORGANISATION", "status": "ACTIVE",
	}})
	good := customer(p, "Good")
	p.Share(terms)
	p.B.AwaitRecord(schema.Customers, good)
	p.A.Settle()
	p.B.Stop()
	id := poison.String()
	query(t, p.B, "DELETE FROM customers WHERE id = '"+id+"'; DELETE FROM records WHERE id = '"+id+"'")
	query(t, p.B, "UPDATE federation_quarantine SET schema = schema - 1")
	p.B.Start()
	awaitName(p.B, poison, "Poison")
	if n := link(t, p.B).Quarantined; n != 0 {
		t.Errorf("B has %d records set aside; want none", n)
	}
}
