package federation_test

import (
	"bytes"
	"context"
	"path/filepath"
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
	p.B.ShareWith(p.A, p.Partnership, terms)
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
