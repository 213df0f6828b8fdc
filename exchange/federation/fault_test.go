package federation_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/exchange/exchangetest"
	"fondaco/exchange/federation"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

func TestLateCommitIsNotSkipped(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	first, second := customer(p, "First"), customer(p, "Second")
	p.Share(terms)
	p.B.AwaitRecord(schema.Customers, second)
	inside, commit := make(chan struct{}), make(chan struct{})
	written := make(chan error, 1)
	go func() {
		_, err := p.A.Write(policy.With(t.Context(), p.A.Admin), []partners.Command{{
			Verb: partners.Update, Kind: schema.Customers, ID: first, Values: partners.Values{"name": "First, late"},
		}}, func(context.Context, pgx.Tx, []partners.Outcome) error {
			close(inside)
			<-commit
			return nil
		})
		written <- err
	}()
	<-inside
	// It takes its place in the ledger later, and is committed and sent earlier.
	rename(p, second, "Second, early")
	awaitName(p.B, second, "Second, early")
	p.A.Settle()
	close(commit)
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	awaitName(p.B, first, "First, late")
}

func TestKilledAfterCommitAppliesNothingTwice(t *testing.T) {
	t.Parallel()
	var failures atomic.Int64
	fail := federation.FailAfterCommit(func() error {
		if failures.Add(-1) >= 0 {
			return errors.New("killed by the test")
		}
		return nil
	})
	p := exchangetest.Pair(t, fail)
	ribeiro := customer(p, "Padaria Ribeiro")
	p.Share(terms)
	p.B.AwaitRecord(schema.Customers, ribeiro)
	p.A.Settle()
	failures.Store(1)
	rename(p, ribeiro, "Padaria Nova")
	awaitName(p.B, ribeiro, "Padaria Nova")
	p.B.Restart()
	rename(p, ribeiro, "Padaria Novíssima")
	awaitName(p.B, ribeiro, "Padaria Novíssima")
	p.A.Settle()
	var lines int
	query(t, p.B, "SELECT count(*) FROM changes WHERE id = '"+ribeiro.String()+"'", &lines)
	if lines != 3 {
		t.Errorf("B's ledger has %d lines on the copy; want 3: it came, and was renamed twice", lines)
	}
}

func TestLostMailboxIsRepaired(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t, federation.ReportOften)
	ribeiro := customer(p, "Padaria Ribeiro")
	p.Share(terms)
	p.B.AwaitRecord(schema.Customers, ribeiro)
	p.A.Settle()
	p.B.Stop()
	rename(p, ribeiro, "Padaria Nova")
	awaitFlight(t, p.A)
	if err := p.Server.LoseMailbox(t.Context(), p.B.Admin.Firm); err != nil {
		t.Fatal(err)
	}
	p.B.Start()
	awaitName(p.B, ribeiro, "Padaria Nova")
	p.A.Settle()
}

// awaitFlight returns when a batch is under way.
func awaitFlight(t *testing.T, s *exchangetest.Side) {
	t.Helper()
	await(t, "a batch is under way", func() bool { return link(t, s).Unconfirmed > 0 })
}

func TestCutWireDelaysAndLosesNothing(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	ribeiro := customer(p, "Padaria Ribeiro")
	p.Share(terms)
	p.B.AwaitRecord(schema.Customers, ribeiro)
	p.Wire.Cut()
	rename(p, ribeiro, "While away")
	note := p.B.Create(p.B.Admin, schema.Interactions, partners.Values{
		"customer": ribeiro, "interactionType": "NOTE", "occurredAt": time.Now().UTC().Truncate(time.Second), "subject": "Written offline",
		"audience": "FIRMS", "audienceFirms": []schema.ID{p.A.Admin.Firm.ID()},
	})
	awaitFlight(t, p.A)
	p.Wire.Mend()
	awaitName(p.B, ribeiro, "While away")
	p.A.AwaitRecord(schema.Interactions, note)
	p.A.Settle()
	p.B.Settle()
}

func TestWhatWasRevokedWhileAwayIsNeverDelivered(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	ribeiro := customer(p, "Padaria Ribeiro")
	agreement := p.Share(terms)
	p.B.AwaitRecord(schema.Customers, ribeiro)
	p.A.Settle()
	p.B.Stop()
	rename(p, ribeiro, "Canary")
	awaitFlight(t, p.A)
	p.A.Do(p.A.Admin, partners.Command{Verb: "revoke", Kind: schema.SharingAgreements, ID: agreement})
	awaitWithdrawal(t, p.A, ribeiro)
	p.B.Start()
	p.B.AwaitGone(schema.Customers, ribeiro)
	p.A.Settle()
	var canaries int
	query(t, p.B, "SELECT count(*) FROM change_values WHERE after::text LIKE '%Canary%'", &canaries)
	if canaries > 0 {
		t.Error("B received the name that was given after it went and taken back before it came")
	}
}

// awaitWithdrawal returns when a record is being taken back.
func awaitWithdrawal(t *testing.T, s *exchangetest.Side, id schema.ID) {
	t.Helper()
	await(t, "the record is being taken back", func() bool {
		exposures, err := s.Federation.Exposures(t.Context(), s.Admin.Firm, id)
		if err != nil {
			t.Fatal(err)
		}
		return len(exposures) == 1 && exposures[0].Shown == 0
	})
}

func TestPoisonRecordIsSetAside(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	poison := customer(p, "Poison")
	// B knows this very id as a record of its own.
	p.B.Do(p.B.Admin, partners.Command{Verb: partners.Create, Kind: schema.Customers, ID: poison, Values: partners.Values{
		"name": "Ours", "customerType": "ORGANISATION", "status": "ACTIVE",
	}})
	good := customer(p, "Good")
	p.Share(terms)
	p.B.AwaitRecord(schema.Customers, good)
	p.A.Settle()
	if n := link(t, p.B).Quarantined; n != 1 {
		t.Errorf("B has set %d records aside; want 1", n)
	}
	awaitName(p.B, poison, "Ours")
}

func TestForgedBatchBreaksTheLinkUntilMended(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	ribeiro := customer(p, "Padaria Ribeiro")
	p.Share(terms)
	p.B.AwaitRecord(schema.Customers, ribeiro)
	p.A.Settle()
	forged := []byte("fondaco-batch 1 " + strings.Repeat("A", 86) + "==\n{}\n")
	if err := p.Server.Forge(t.Context(), p.B.Admin.Firm, p.A.Admin.Firm, forged); err != nil {
		t.Fatal(err)
	}
	await(t, "the link is broken", func() bool { return link(t, p.B).Broken != "" })
	if err := p.Server.Clean(t.Context(), p.B.Admin.Firm, p.A.Admin.Firm); err != nil {
		t.Fatal(err)
	}
	rename(p, ribeiro, "After the forgery")
	if err := p.B.Federation.Mend(t.Context(), p.B.Admin.Firm, p.A.Admin.Firm); err != nil {
		t.Fatal(err)
	}
	p.B.Restart()
	awaitName(p.B, ribeiro, "After the forgery")
}

func TestOwnerSetBackToABackupIsFenced(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t, federation.ReportOften)
	ribeiro := customer(p, "Padaria Ribeiro")
	p.Share(terms)
	p.B.AwaitRecord(schema.Customers, ribeiro)
	p.A.Settle()
	p.A.Stop()
	// What the link remembers is set back to this moment further down.
	query(t, p.A, `
		CREATE TABLE backup_links AS TABLE federation_links;
		CREATE TABLE backup_batches AS TABLE federation_batches;
		CREATE TABLE backup_exposures AS TABLE federation_exposures`)
	p.A.Start()
	lost := customer(p, "Of the lost time")
	p.B.AwaitRecord(schema.Customers, lost)
	p.A.Settle()
	p.A.Stop()
	query(t, p.A, `
		TRUNCATE federation_links, federation_batches, federation_exposures, federation_pending;
		INSERT INTO federation_links TABLE backup_links;
		INSERT INTO federation_batches TABLE backup_batches;
		INSERT INTO federation_exposures TABLE backup_exposures;
		DELETE FROM customers WHERE id = '`+lost.String()+`'`)
	p.A.Start()
	p.B.AwaitGone(schema.Customers, lost)
	p.A.Settle()
	if l := link(t, p.A); !strings.Contains(l.Alarm, "older backup") {
		t.Errorf("link %+v; want an alarm on the backup", l)
	}
	awaitName(p.B, ribeiro, "Padaria Ribeiro")
}

func TestBackupThatOpensAgainWhatWasRevokedNeedsAPerson(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t, federation.ReportOften)
	agreement := p.Share(terms)
	product := p.A.Create(p.A.Admin, schema.Products, partners.Values{"name": "Pump", "partNumber": "P-1"})
	grant := p.A.Create(p.A.Admin, schema.Grants, partners.Values{
		"sharingAgreement": agreement, "recordKind": "Product", "recordId": product.String(),
	})
	p.B.AwaitRecord(schema.Products, product)
	p.A.Settle()
	p.A.Stop()
	tables := []string{"federation_links", "federation_batches", "federation_exposures", "grants", "reach"}
	for _, table := range tables {
		query(t, p.A, "CREATE TABLE backup_"+table+" (LIKE "+table+")")
		query(t, p.A, "INSERT INTO backup_"+table+" SELECT "+plainColumns(t, p.A, table)+" FROM "+table)
	}
	p.A.Start()
	p.A.Do(p.A.Admin, partners.Command{Verb: partners.Delete, Kind: schema.Grants, ID: grant})
	p.B.AwaitGone(schema.Products, product)
	p.A.Settle()
	p.A.Stop()
	for _, table := range tables {
		list := plainColumns(t, p.A, table)
		query(t, p.A, "TRUNCATE "+table)
		query(t, p.A, "INSERT INTO "+table+" ("+list+") SELECT "+list+" FROM backup_"+table)
	}
	query(t, p.A, "TRUNCATE federation_pending")
	p.A.Start()
	await(t, "the link is fenced, and says why", func() bool { l := link(t, p.A); return l.State == "FENCED" && l.Alarm != "" })
	if rows := p.B.Rows(schema.Products); len(rows) != 0 {
		t.Fatal("the product that was revoked is at B again before anybody has confirmed it")
	}
	if l := link(t, p.A); !strings.Contains(l.Alarm, "node confirm") {
		t.Errorf("alarm %q; want it to name the remedy", l.Alarm)
	}
	if err := p.A.Federation.Confirm(t.Context(), p.A.Admin.Firm, p.B.Admin.Firm); err != nil {
		t.Fatal(err)
	}
	p.B.AwaitRecord(schema.Products, product)
	p.A.Settle()
}

// plainColumns lists the columns of a table that are stored as they are.
func plainColumns(t *testing.T, s *exchangetest.Side, table string) (list string) {
	t.Helper()
	query(t, s, "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns "+
		"WHERE table_name = '"+table+"' AND is_generated = 'NEVER'", &list)
	return list
}

func await(t *testing.T, what string, reached func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(exchangetest.Patience)
	for !reached() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: not within %v", what, exchangetest.Patience)
		}
	}
}

func TestNodeSurvivesRestarts(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	ribeiro := customer(p, "Padaria Ribeiro")
	p.Share(terms)
	for _, name := range []string{"one", "two", "three"} {
		p.A.Restart()
		rename(p, ribeiro, name)
		p.B.Restart()
		awaitName(p.B, ribeiro, name)
	}
	p.A.Settle()
	if _, err := os.Stat(filepath.Join(p.A.Folder, "keys")); err != nil {
		t.Error(err)
	}
}
