package partners_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// carry takes what a firm on one node may hold of the records to the firm's
// own node, as federation does, and takes back what it may not hold.
func carry(t *testing.T, from, to *partnerstest.Node, sender, receiver schema.FirmID, k *schema.Kind, ids ...schema.ID) {
	t.Helper()
	puts, err := from.Project(t.Context(), receiver, k, ids)
	if err != nil {
		t.Fatalf("project: %v", err)
	}
	in := partners.Incoming{From: sender, To: receiver, Cause: "test", Puts: puts}
	for _, id := range ids {
		if !projected(puts, id) {
			in.Redactions = append(in.Redactions, partners.Redaction{Kind: k, ID: id})
		}
	}
	applied, err := to.Apply(t.Context(), in)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	for _, r := range applied.Refused {
		t.Fatalf("refused: %v", r.Err)
	}
}

func projected(puts []partners.Projection, id schema.ID) bool {
	for _, p := range puts {
		if p.ID == id {
			return true
		}
	}
	return false
}

// pair gives two nodes with a firm each, partners of one another.
func pair(t *testing.T) (a, b *partnerstest.Node, maker, distributor policy.Principal) {
	t.Helper()
	a, b = partnerstest.Open(t), partnerstest.Open(t)
	maker, distributor = a.Firm("Wisła Pompy", "PL"), b.Firm("Lusitânia", "PT")
	introduce(t, a, maker.Firm, distributor.Firm, "Lusitânia")
	introduce(t, b, distributor.Firm, maker.Firm, "Wisła Pompy")
	partnership := a.Create(maker, schema.Partnerships, partners.Values{"name": "Iberia", "addressedTo": distributor.Firm.ID()})
	carry(t, a, b, maker.Firm, distributor.Firm, schema.Partnerships, partnership)
	answer := b.Create(distributor, schema.Acceptances, partners.Values{"partnership": partnership, "answer": "ACCEPTED"})
	carry(t, b, a, distributor.Firm, maker.Firm, schema.Acceptances, answer)
	carry(t, a, b, maker.Firm, distributor.Firm, schema.Partnerships, partnership)
	agreement := a.Create(maker, schema.SharingAgreements, partners.Values{
		"name": "Customers in Portugal", "addressedTo": distributor.Firm.ID(), "partnership": partnership, "terms": raw(`[
			{"kind": "Customer", "level": "FILTER", "filter": {"field": "country", "op": "eq", "value": "PT"}, "actions": ["read", "comment", "attach"], "classes": ["personal"]},
			{"kind": "Interaction", "level": "CHILDREN", "actions": ["read"]},
			{"kind": "Document", "level": "CHILDREN", "actions": ["read"]},
			{"kind": "DocumentVersion", "level": "CHILDREN", "actions": ["read"]}]`),
	})
	a.Do(maker, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: agreement})
	carry(t, a, b, maker.Firm, distributor.Firm, schema.SharingAgreements, agreement)
	answer = b.Create(distributor, schema.Acceptances, partners.Values{"sharingAgreement": agreement, "answer": "ACCEPTED"})
	carry(t, b, a, distributor.Firm, maker.Firm, schema.Acceptances, answer)
	return a, b, maker, distributor
}

// introduce makes a firm known to a firm of another node, as pairing does.
func introduce(t *testing.T, n *partnerstest.Node, to, firm schema.FirmID, name string) {
	t.Helper()
	mask := schema.Firms.FieldsOf(schema.Basic)
	applied, err := n.Apply(t.Context(), partners.Incoming{From: firm, To: to, Puts: []partners.Projection{{
		Kind: schema.Firms, ID: firm.ID(), Owner: firm, Version: 1, Mask: mask, Fields: raw(`{"legalName":"` + name + `"}`),
	}}})
	if err != nil || len(applied.Refused) > 0 {
		t.Fatalf("introduce %s: %v, %v", name, applied, err)
	}
}

func TestCopyHoldsWhatIsSharedAndGoesAgain(t *testing.T) {
	t.Parallel()
	a, b, maker, distributor := pair(t)
	shared := a.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	hidden := a.Create(maker, schema.Customers, customer("Wodociągi Kraków", "PL"))
	carry(t, a, b, maker.Firm, distributor.Firm, schema.Customers, shared, hidden)

	row, ok := list(t, b, distributor)["Águas do Porto"]
	if !ok || row.Owner != maker.Firm || row.Holder != distributor.Firm {
		t.Fatalf("the distributor's node holds %v, want a copy that the maker owns", row)
	}
	phone, revenue := schema.Customers.FieldNamed("phone"), schema.Customers.FieldNamed("annualRevenue")
	if !row.Mask.Has(phone.Bit) || row.Mask.Has(revenue.Bit) || row.Cells[2] != nil {
		t.Errorf("mask %b: want the phone shown and the revenue hidden", row.Mask)
	}
	if n := rowsHolding(t, b, "1200000"); n != 0 {
		t.Errorf("the hidden revenue stands in %d rows of the distributor's database", n)
	}

	// A note of the distributor's, on the copy, reaches the maker and nobody else.
	note := b.Create(distributor, schema.Interactions, partners.Values{
		"customer": shared, "interactionType": "NOTE", "subject": "They plan a second station",
		"audience": "FIRMS", "audienceFirms": []schema.ID{maker.Firm.ID()},
	})
	internal := b.Create(distributor, schema.Interactions, partners.Values{"customer": shared, "interactionType": "NOTE", "subject": "Ours alone"})
	carry(t, b, a, distributor.Firm, maker.Firm, schema.Interactions, note, internal)
	if got := notes(t, a, maker, shared); len(got) != 1 || got[0] != "They plan a second station" {
		t.Errorf("the maker sees the notes %q, want the one that names it", got)
	}

	// Taken back, the copy is gone, and the distributor's own note stays.
	a.Do(maker, partners.Command{Verb: "update", Kind: schema.Customers, ID: shared, Values: partners.Values{"country": "ES"}})
	carry(t, a, b, maker.Firm, distributor.Firm, schema.Customers, shared)
	if got := list(t, b, distributor); len(got) != 0 {
		t.Errorf("the distributor still sees %d customers", len(got))
	}
	for _, secret := range []string{"guas do Porto", "351 21 000"} {
		if n := rowsHolding(t, b, secret); n != 0 {
			t.Errorf("%q stands in %d rows of the distributor's database", secret, n)
		}
	}
	if got := notes(t, b, distributor, shared); len(got) != 2 {
		t.Errorf("the distributor's own notes are %q, want both kept", got)
	}
}

func TestDocumentBytesGoWithTheCopy(t *testing.T) {
	t.Parallel()
	a, b, maker, distributor := pair(t)
	shared := a.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	document := a.Create(maker, schema.Documents, partners.Values{
		"customer": shared, "title": "Offer", "documentType": "PROPOSAL", "status": "ACTIVE",
		"audience": "FIRMS", "audienceFirms": []schema.ID{distributor.Firm.ID()},
	})
	body, err := a.PutBody(policy.With(t.Context(), maker), strings.NewReader("the offer"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	version := a.Do(maker, partners.Command{
		Verb: partners.Create, Kind: schema.DocumentVersions, Values: partners.Values{"document": document, "fileName": "offer.txt"}, Body: &body,
	})
	for k, id := range map[*schema.Kind]schema.ID{schema.Customers: shared, schema.Documents: document, schema.DocumentVersions: version} {
		carry(t, a, b, maker.Firm, distributor.Firm, k, id)
	}
	missing, err := b.MissingBodies(t.Context(), distributor.Firm, maker.Firm)
	if err != nil || len(missing) != 1 || missing[0] != version {
		t.Fatalf("missing bodies %v, %v; want that of the version", missing, err)
	}
	if err := b.KeepBody(t.Context(), distributor.Firm, version, strings.NewReader("another")); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("other bytes: %v, want them refused", err)
	}
	if err := b.KeepBody(t.Context(), distributor.Firm, version, strings.NewReader("the offer")); err != nil {
		t.Fatal(err)
	}
	f, _, err := b.OpenBody(policy.With(t.Context(), distributor), version)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	path := f.Name()
	if err := errors.Join(err, f.Close()); err != nil || string(text) != "the offer" {
		t.Errorf("read %q, %v", text, err)
	}
	a.Do(maker, partners.Command{Verb: "update", Kind: schema.Documents, ID: document, Values: partners.Values{"audience": "FIRM", "audienceFirms": nil}})
	carry(t, a, b, maker.Firm, distributor.Firm, schema.DocumentVersions, version)
	carry(t, a, b, maker.Firm, distributor.Firm, schema.Documents, document)
	if n, err := b.SweepBodies(t.Context()); err != nil || n != 2 {
		t.Errorf("swept %d bodies, %v; want the copy, and the bytes that were refused", n, err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file is still there: %v", err)
	}
}

func TestApplyRefusesRecordsOfOthers(t *testing.T) {
	t.Parallel()
	a, b, maker, distributor := pair(t)
	shared := a.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	puts, err := a.Project(t.Context(), distributor.Firm, schema.Customers, []schema.ID{shared})
	if err != nil {
		t.Fatal(err)
	}
	stranger := schema.FirmID(schema.NewID())
	applied, err := b.Apply(t.Context(), partners.Incoming{From: stranger, To: distributor.Firm, Puts: puts})
	if err != nil || len(applied.Refused) != 1 {
		t.Errorf("a batch of a stranger: %v, %v; want its record refused", applied, err)
	}
	carry(t, a, b, maker.Firm, distributor.Firm, schema.Customers, shared)
	puts[0].Owner = stranger
	applied, err = b.Apply(t.Context(), partners.Incoming{From: stranger, To: distributor.Firm, Puts: puts})
	if err != nil || len(applied.Refused) != 1 {
		t.Errorf("a known id under another owner: %v, %v; want it refused", applied, err)
	}
	redaction := []partners.Redaction{{Kind: schema.Customers, ID: shared}}
	applied, err = b.Apply(t.Context(), partners.Incoming{From: stranger, To: distributor.Firm, Redactions: redaction})
	if err != nil || len(applied.Refused) != 1 || len(applied.Redacted) != 0 {
		t.Errorf("a stranger takes back a record of the maker's: %v, %v; want it refused", applied, err)
	}
}

// notes lists the subjects of the notes on a customer, oldest first.
func notes(t *testing.T, n *partnerstest.Node, p policy.Principal, customer schema.ID) []string {
	t.Helper()
	where, err := policy.Compare(schema.Interactions.FieldNamed("customer"), "eq", customer)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := n.Read(policy.With(t.Context(), p), &partners.Plan{
		Kind: schema.Interactions, Fields: []*schema.Field{schema.Interactions.FieldNamed("subject")},
		Where: where, Order: []partners.Order{{Field: schema.Interactions.FieldNamed("occurredAt")}}, First: 100,
	})
	if err != nil {
		t.Fatalf("read notes: %v", err)
	}
	var list []string
	for _, r := range pages[0].Rows {
		list = append(list, string(r.Cells[0]))
	}
	return list
}

// rowsHolding counts the rows of all tables in which a text stands, as the
// role that owns them sees it.
func rowsHolding(t *testing.T, n *partnerstest.Node, text string) int {
	t.Helper()
	conn := owner(t, n)
	rows, err := conn.Query(t.Context(), "SELECT format('SELECT count(*) FROM %I x WHERE x::text LIKE $1', c.relname) FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = 'public' AND c.relkind IN ('r', 'p')")
	if err != nil {
		t.Fatal(err)
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, s := range statements {
		var n int
		if err := conn.QueryRow(t.Context(), s, "%"+text+"%").Scan(&n); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		found += n
	}
	return found
}
