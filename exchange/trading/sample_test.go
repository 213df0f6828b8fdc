package trading_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fondaco/edi"
	"fondaco/edi/sets"
	"fondaco/exchange/trading"
	"fondaco/schema"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// posted are the kinds whose records arise from documents, each before its
// lines.
var posted = []*schema.Kind{
	schema.SalesReports, schema.SalesReportLines, schema.TradeDocuments, schema.TradeDocumentLines, schema.PriceLists, schema.PriceListItems,
	schema.InventoryReports, schema.InventoryReportItems, schema.PriceAuthorizations, schema.PriceAuthorizationLines, schema.RebateClaims,
	schema.RebateClaimLines, schema.ClaimResponses, schema.ClaimResponseLines, schema.PartnerProfiles, schema.PartnerProfileSites,
}

// shown are the columns that tell a record from others.
var shown = []string{
	"document_type", "document_number", "report_number", "claim_number", "response_number", "authorization_number", "profile_number", "invoice_number",
	"name", "state", "flow", "purpose", "issued_on", "reported_on", "claimed_on", "responded_on", "valid_from", "currency", "line_number",
	"part_number", "gtin", "quantity", "unit_price", "authorized_price", "amount", "claimed_amount", "approved_amount", "answer", "on_hand", "sold",
	"total_amount", "city", "site_number", "end_customer_name",
}

// TestSamplesOfAllSets sends the sample of every set that the engine knows,
// and shows what became of its documents and which records arose.
func TestSamplesOfAllSets(t *testing.T) {
	t.Parallel()
	w := open(t)
	names, err := fs.Glob(sets.Files(), "*/*/*/sample.edi")
	if err != nil || len(names) < 60 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	var received []trading.Status
	for i, name := range names {
		data, err := fs.ReadFile(sets.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		received = append(received, w.receive(path.Base(path.Dir(name)), w.from(i, data)))
	}
	sets, records := w.transactionSets(), w.recordsBySet()
	var b strings.Builder
	for i, name := range names {
		fmt.Fprintf(&b, "%s\n", path.Dir(name))
		for _, ic := range received[i].Interchanges {
			fmt.Fprintf(&b, "  %s\n", ic.State)
			if len(sets[ic.ID.String()]) == 0 {
				t.Errorf("%s has no transaction sets", name)
			}
			for _, set := range sets[ic.ID.String()] {
				fmt.Fprintf(&b, "  %s\n", set.text)
				for _, record := range records[set.id] {
					fmt.Fprintf(&b, "%s\n", record.text)
				}
			}
		}
	}
	golden(t, "testdata/samples.txt", b.String())
	for _, k := range posted {
		statement := fmt.Sprintf("SELECT count(*) FROM %s x WHERE x.provenance <> 'EDI' OR x.owner_firm_id <> $1", k.Table)
		if n := w.one(statement, w.maker.Firm); n != 0 {
			t.Errorf("%d %s did not arise from EDI in the books of the receiver", n, k.Plural)
		}
		if !k.HasAddress {
			continue
		}
		statement = fmt.Sprintf("SELECT count(*) FROM %s x WHERE x.addressed_to <> $1 OR x.sent_at IS NULL OR x.transaction_set IS NULL", k.Table)
		if n := w.one(statement, w.distributor.Firm); n != 0 {
			t.Errorf("%d %s are not addressed to the sender, or do not name their transaction set", n, k.Plural)
		}
		if all, seen := w.one("SELECT count(*) FROM "+k.Table), len(w.list(w.distributor, k)); all == 0 || seen != min(all, 200) {
			t.Errorf("the sender sees %d of %d %s", seen, all, k.Plural)
		}
		if seen := len(w.list(w.third, k)); seen != 0 {
			t.Errorf("a third firm sees %d %s", seen, k.Plural)
		}
	}
}

// from gives a sample a sender of its own, so that its control numbers are its
// own too, and makes that a name of the distributor.
func (w *world) from(n int, data []byte) string {
	w.t.Helper()
	report, err := edi.Collect(edi.NewParser(edi.NewReader(bytes.NewReader(data), edi.Options{}), edi.ParserOptions{}))
	if err != nil || len(report.Interchanges) != 1 {
		w.t.Fatalf("%d interchanges, %v", len(report.Interchanges), err)
	}
	ic := report.Interchanges[0]
	sender := fmt.Sprintf("SENDER%d", n)
	p := trading.Partner{Receiver: w.maker.Firm, Sender: w.distributor.Firm, Name: fmt.Sprintf("sender-%d", n), SenderID: sender}
	var was string
	p.SenderQualifier, was = ic.Sender()
	p.ReceiverQualifier, p.ReceiverID = ic.Receiver()
	if _, _, err := w.AddPartner(w.t.Context(), p); err != nil {
		w.t.Fatal(err)
	}
	if ic.Standard() == edi.X12 {
		return string(data[:35]) + fmt.Sprintf("%-15s", sender) + string(data[50:])
	}
	return strings.Replace(string(data), "+"+was+":", "+"+sender+":", 1)
}

// shownRow is a record as text.
type shownRow struct{ id, text string }

// byParent runs a statement that gives a parent, an id and a text a row.
func (w *world) byParent(statement string, args ...any) map[string][]shownRow {
	w.t.Helper()
	ctx := w.t.Context()
	conn, err := pgx.Connect(ctx, w.node.DSN)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, statement, args...)
	if err != nil {
		w.t.Fatal(err)
	}
	all := map[string][]shownRow{}
	var parent string
	var row shownRow
	if _, err := pgx.ForEachRow(rows, []any{&parent, &row.id, &row.text}, func() error {
		all[parent] = append(all[parent], row)
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// transactionSets shows those of each interchange, with what was found.
func (w *world) transactionSets() map[string][]shownRow {
	w.t.Helper()
	return w.byParent(`
		SELECT s.interchange::text, s.id::text, concat_ws(' ', s.set_id, s.control_number, s.verdict, s.record_count) || coalesce((
			SELECT string_agg(E'\n    ' || concat_ws(' ', f->>'severity', f->>'code', f->>'path', f->>'message'), '' ORDER BY n)
			FROM jsonb_array_elements(s.findings) WITH ORDINALITY AS found (f, n)), '')
		FROM transaction_sets s
		ORDER BY s.place`)
}

// recordsBySet shows the records that arose from each transaction set.
func (w *world) recordsBySet() map[string][]shownRow {
	w.t.Helper()
	var union []string
	for _, k := range posted {
		if !k.HasAddress {
			continue
		}
		line := k.Children()[0]
		union = append(union, fmt.Sprintf(`
			SELECT h.transaction_set::text AS parent, h.id AS head, 0 AS number, h.id, '    %s' AS title, to_jsonb(h) AS fields FROM %s h
			UNION ALL
			SELECT h.transaction_set::text, h.id, l.line_number, l.id, '     ', to_jsonb(l) FROM %s h JOIN %s l ON l.%s = h.id`,
			k, k.Table, k.Table, line.Table, column(line)))
	}
	return w.byParent(`
		SELECT u.parent, u.id::text, u.title || ' ' || (
			SELECT string_agg(key || '=' || value, ' ' ORDER BY array_position($1, key)) FROM jsonb_each_text(u.fields) WHERE key = ANY ($1))
		FROM (`+strings.Join(union, " UNION ALL ")+`) u
		ORDER BY u.head, u.number`, shown)
}

// column is that of the parent of a line.
func column(k *schema.Kind) string {
	var b strings.Builder
	for _, r := range k.Parent.Name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(path.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v; run the test with -update and read the file", err)
	}
	if diff := cmp.Diff(string(data), got); diff != "" {
		t.Errorf("%s differs (-want +got); run with -update if it should:\n%s", name, diff)
	}
}
