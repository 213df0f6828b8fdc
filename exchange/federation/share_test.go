package federation_test

import (
	"bytes"
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

// The terms under which A shares in these tests.
const terms = `[
	{"kind":"Customer","level":"ALL","actions":["read","comment"],"classes":["personal"]},
	{"kind":"Contact","level":"CHILDREN","actions":["read"]},
	{"kind":"Interaction","level":"CHILDREN","actions":["read","comment"]},
	{"kind":"Document","level":"CHILDREN","actions":["read"]},
	{"kind":"DocumentVersion","level":"CHILDREN","actions":["read"]},
	{"kind":"Product","level":"GRANTED","actions":["read"]}]`

func customer(p *exchangetest.Two, name string) schema.ID {
	return p.A.Create(p.A.Admin, schema.Customers, partners.Values{"name": name, "customerType": "ORGANISATION", "status": "ACTIVE"})
}

func rename(p *exchangetest.Two, id schema.ID, name string) {
	p.A.Do(p.A.Admin, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: id, Values: partners.Values{"name": name}})
}

func awaitName(s *exchangetest.Side, id schema.ID, name string) {
	s.Await("the customer is named "+name, schema.Customers, func(rows []partners.Row) bool {
		for _, r := range rows {
			if r.ID == id {
				return exchangetest.Text(schema.Customers, r, "name") == name
			}
		}
		return false
	})
}

func link(t *testing.T, s *exchangetest.Side) federation.Link {
	t.Helper()
	links, err := s.Federation.Links(t.Context())
	if err != nil || len(links) != 1 {
		t.Fatalf("links: %+v, %v; want one", links, err)
	}
	return links[0]
}

func TestSharedCustomerAppearsAndGoes(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	ribeiro := customer(p, "Padaria Ribeiro")
	agreement := p.Share(terms)
	row := p.B.AwaitRecord(schema.Customers, ribeiro)
	if got := exchangetest.Text(schema.Customers, row, "name"); got != "Padaria Ribeiro" {
		t.Errorf("the copy is named %q; want %q", got, "Padaria Ribeiro")
	}
	if row.Owner != p.A.Admin.Firm || row.Holder != p.B.Admin.Firm {
		t.Errorf("the copy is held by %s and owned by %s; want B and A", row.Holder, row.Owner)
	}
	rename(p, ribeiro, "Padaria Ribeiro & Filhos")
	awaitName(p.B, ribeiro, "Padaria Ribeiro & Filhos")

	p.A.Do(p.A.Admin, partners.Command{Verb: "revoke", Kind: schema.SharingAgreements, ID: agreement})
	p.B.AwaitGone(schema.Customers, ribeiro)
	p.A.Settle()
	exposures, err := p.A.Federation.Exposures(t.Context(), p.A.Admin.Firm, ribeiro)
	if err != nil || len(exposures) != 1 {
		t.Fatalf("exposures: %v, %v; want one", exposures, err)
	}
	x := exposures[0]
	if x.RedactedAt == nil || x.Shown != 0 || x.Mask == 0 || x.Peer != p.B.Admin.Firm {
		t.Errorf("exposure %+v; want that B received it and has it no more", x)
	}
	if !bytes.HasPrefix(x.Receipt, []byte("fondaco-report 1 ")) || !bytes.Contains(x.Receipt, []byte(p.B.Admin.Firm.String())) {
		t.Errorf("receipt %q; want the report that B signed", x.Receipt)
	}
}

func TestPartnersNoteTravelsBackAndStays(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	ribeiro := customer(p, "Padaria Ribeiro")
	agreement := p.Share(terms)
	p.B.AwaitRecord(schema.Customers, ribeiro)
	note := func(subject, audience string, firms []schema.ID) schema.ID {
		values := partners.Values{
			"customer": ribeiro, "interactionType": "NOTE", "occurredAt": time.Now().UTC().Truncate(time.Second), "subject": subject, "audience": audience,
		}
		if firms != nil {
			values["audienceFirms"] = firms
		}
		return p.B.Create(p.B.Admin, schema.Interactions, values)
	}
	private := note("For us alone", "FIRM", nil)
	shared := note("Wants a price by Friday", "FIRMS", []schema.ID{p.A.Admin.Firm.ID()})
	row := p.A.AwaitRecord(schema.Interactions, shared)
	if row.Owner != p.B.Admin.Firm {
		t.Errorf("the note is owned by %s; want B", row.Owner)
	}
	p.B.Settle()
	if rows := p.A.Rows(schema.Interactions); len(rows) != 1 {
		t.Errorf("A sees %d notes; want the one that names it, not %s", len(rows), private)
	}
	p.A.Do(p.A.Admin, partners.Command{Verb: "revoke", Kind: schema.SharingAgreements, ID: agreement})
	p.B.AwaitGone(schema.Customers, ribeiro)
	if rows := p.B.Rows(schema.Interactions); len(rows) != 2 {
		t.Errorf("B sees %d notes of its own after the unsharing; want both", len(rows))
	}
}

func TestHiddenEditSendsNothing(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	ribeiro := customer(p, "Padaria Ribeiro")
	p.Share(terms)
	p.B.AwaitRecord(schema.Customers, ribeiro)
	p.A.Settle()
	before, err := p.A.Federation.Exposures(t.Context(), p.A.Admin.Firm, ribeiro)
	if err != nil {
		t.Fatal(err)
	}
	hidden := hiddenText(t)
	p.A.Do(p.A.Admin, partners.Command{
		Verb: partners.Update, Kind: schema.Customers, ID: ribeiro, Values: partners.Values{hidden.Name: "not for them"},
	})
	p.A.Settle()
	after, err := p.A.Federation.Exposures(t.Context(), p.A.Admin.Firm, ribeiro)
	if err != nil {
		t.Fatal(err)
	}
	if !before[0].LastSent.Equal(after[0].LastSent) {
		t.Errorf("the record was sent at %v after a change of %s, which B does not see", after[0].LastSent, hidden)
	}
}

// hiddenText gives a text field of Customer that no agreement shows.
func hiddenText(t *testing.T) *schema.Field {
	t.Helper()
	for _, f := range schema.Customers.Fields {
		if f.Class == schema.Internal && f.Type == schema.Text && !f.System {
			return f
		}
	}
	t.Fatal("Customer has no internal text")
	return nil
}

func TestDocumentIsFetchedAndTakenBack(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	ribeiro := customer(p, "Padaria Ribeiro")
	agreement := p.Share(terms)
	content := bytes.Repeat([]byte("Preisliste 2026, seite um. "), 60_000) // three pieces
	body, err := p.A.PutBody(policy.With(t.Context(), p.A.Admin), bytes.NewReader(content), 10<<20)
	if err != nil {
		t.Fatal(err)
	}
	document := p.A.Create(p.A.Admin, schema.Documents, partners.Values{
		"customer": ribeiro, "title": "Price list", "documentType": "PRICE_LIST", "status": "ACTIVE",
		"audience": "FIRMS", "audienceFirms": []schema.ID{p.B.Admin.Firm.ID()},
	})
	version := p.A.Do(p.A.Admin, partners.Command{
		Verb: partners.Create, Kind: schema.DocumentVersions, Body: &body,
		Values: partners.Values{"document": document, "fileName": "prices.txt"},
	})
	p.B.AwaitRecord(schema.DocumentVersions, version)
	got := awaitBytes(t, p.B, version)
	if !bytes.Equal(got, content) {
		t.Errorf("B has %d bytes that differ from the %d of A", len(got), len(content))
	}
	p.A.Do(p.A.Admin, partners.Command{Verb: "revoke", Kind: schema.SharingAgreements, ID: agreement})
	p.B.AwaitGone(schema.DocumentVersions, version)
	p.A.Settle()
	if _, _, err := p.B.OpenBody(policy.With(t.Context(), p.B.Admin), version); schema.Code(err) != schema.CodeNotFound {
		t.Errorf("open at B after the unsharing: %v; want not found", err)
	}
	if bytes := stored(t, p.B); bytes != 0 {
		t.Errorf("B still stores %d bodies", bytes)
	}
	if left, err := filepath.Glob(filepath.Join(p.B.Folder, "arriving", "*")); err != nil || len(left) > 0 {
		t.Errorf("B still stores parts: %v, %v", left, err)
	}
}

// awaitBytes reads a document version as soon as its bytes are there.
func awaitBytes(t *testing.T, s *exchangetest.Side, version schema.ID) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(policy.With(t.Context(), s.Admin), exchangetest.Patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		file, v, err := s.OpenBody(ctx, version)
		if err == nil {
			defer file.Close()
			content := make([]byte, *v.Size)
			if _, err := file.ReadAt(content, 0); err != nil {
				t.Fatal(err)
			}
			return content
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the bytes do not arrive: %v", err)
		case <-tick.C:
		}
	}
}

// stored counts the bodies in a node's database, beyond the fence.
func stored(t *testing.T, s *exchangetest.Side) (n int) {
	t.Helper()
	query(t, s, "SELECT count(*) FROM bodies", &n)
	return n
}

func query(t *testing.T, s *exchangetest.Side, statement string, to ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if len(to) == 0 {
		_, err = conn.Exec(t.Context(), statement)
	} else {
		err = conn.QueryRow(t.Context(), statement).Scan(to...)
	}
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestDocumentOfTheFirmThatJoinedIsFetched(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	p.B.Share(p.A, p.Partnership, terms)
	own := p.B.Create(p.B.Admin, schema.Customers, partners.Values{"name": "Casa Lima", "customerType": "ORGANISATION", "status": "ACTIVE"})
	content := []byte("Uma proposta.")
	body, err := p.B.PutBody(policy.With(t.Context(), p.B.Admin), bytes.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	document := p.B.Create(p.B.Admin, schema.Documents, partners.Values{
		"customer": own, "title": "Proposal", "documentType": "PROPOSAL", "status": "ACTIVE",
		"audience": "FIRMS", "audienceFirms": []schema.ID{p.A.Admin.Firm.ID()},
	})
	version := p.B.Do(p.B.Admin, partners.Command{
		Verb: partners.Create, Kind: schema.DocumentVersions, Body: &body,
		Values: partners.Values{"document": document, "fileName": "proposta.txt"},
	})
	if got := awaitBytes(t, p.A, version); !bytes.Equal(got, content) {
		t.Errorf("A has %q; want %q", got, content)
	}
}

func TestGrantOpensAndClosesOneRecord(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	agreement := p.Share(terms)
	product := func(name string) schema.ID {
		return p.A.Create(p.A.Admin, schema.Products, partners.Values{"name": name, "partNumber": name})
	}
	granted, kept := product("Pump"), product("Valve")
	grant := p.A.Create(p.A.Admin, schema.Grants, partners.Values{
		"sharingAgreement": agreement, "recordKind": "Product", "recordId": granted.String(),
	})
	p.B.AwaitRecord(schema.Products, granted)
	if rows := p.B.Rows(schema.Products); len(rows) != 1 {
		t.Errorf("B holds %d products; want the one granted and not %s", len(rows), kept)
	}
	p.A.Do(p.A.Admin, partners.Command{Verb: partners.Delete, Kind: schema.Grants, ID: grant})
	p.B.AwaitGone(schema.Products, granted)
}

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
	p := exchangetest.Pair(t)
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
	p := exchangetest.Pair(t)
	ribeiro := customer(p, "Padaria Ribeiro")
	p.Share(terms)
	p.B.AwaitRecord(schema.Customers, ribeiro)
	p.A.Settle()
	p.A.Stop()
	// What the link remembers is set back to this moment further down.
	query(t, p.A, `
		CREATE TABLE backup_links AS SELECT * FROM federation_links;
		CREATE TABLE backup_batches AS SELECT * FROM federation_batches;
		CREATE TABLE backup_exposures AS SELECT * FROM federation_exposures`)
	p.A.Start()
	lost := customer(p, "Of the lost time")
	p.B.AwaitRecord(schema.Customers, lost)
	p.A.Settle()
	p.A.Stop()
	query(t, p.A, `
		TRUNCATE federation_links, federation_batches, federation_exposures, federation_pending;
		INSERT INTO federation_links SELECT * FROM backup_links;
		INSERT INTO federation_batches SELECT * FROM backup_batches;
		INSERT INTO federation_exposures SELECT * FROM backup_exposures;
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
	p := exchangetest.Pair(t)
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
	await(t, "the link is fenced", func() bool { return link(t, p.A).State == "FENCED" })
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
