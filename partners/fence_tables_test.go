package partners_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fondaco/partners/partnerstest"
	"fondaco/schema"
)

// unfenced are the tables, or by a trailing * the families of tables, without
// forced row-level security, each with its reason.
var unfenced = map[string]string{
	"records":          "an id that another firm has taken must be refused; the registry tells no more than kind and owner, and of an id alone",
	"search_texts":     "is fenced for the role that serves; its owner stands outside so that fondaco_found can use an index of words",
	"ledger_epoch":     "one line that names the history of this database",
	"policy_epochs":    "a number for each firm, read before any fence stands; a write raises those of both firms",
	"audit_tail":       "one line that says how far the node has sealed its ledger",
	"hosted_firms":     "which firms live here, which the fence of the node's own work is made of",
	"goose_db_version": "which migrations ran; of no firm",
	"changes_*":        "the role that serves has no right on a partition but through the ledger, which is fenced",
	"auth_*":           "is asked who somebody is before any firm is known; private to the gateway's door",
	"gateway_*":        "private to the gateway's door, which names the firm in each statement; no record",
	"federation_*":     "private to the federation's door, which works for all firms of the node; no record",
	"trading_*":        "private to trading's door, which works for all firms of the node; no record",
}

// TestEveryTableIsFenced: a table that somebody adds is fenced, or somebody
// has written down why not.
func TestEveryTableIsFenced(t *testing.T) {
	t.Parallel()
	conn := owner(t, partnerstest.Open(t))
	rows, err := conn.Query(t.Context(), `
		SELECT c.relname::text, c.relrowsecurity AND c.relforcerowsecurity,
			EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname)
		FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'f')
		ORDER BY c.relname`)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	tables := 0
	var table string
	var forced, policies bool
	_, err = pgx.ForEachRow(rows, []any{&table, &forced, &policies}, func() error {
		tables++
		reason := exemption(table)
		switch {
		case forced && reason != "":
			t.Errorf("%s is fenced, and yet exempt: %s", table, unfenced[reason])
		case forced && !policies:
			t.Errorf("%s has row-level security and no policy: nobody can use it", table)
		case !forced && reason == "":
			t.Errorf("%s has no forced row-level security; fence it, or write down why not", table)
		}
		used[reason] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if tables < len(schema.Kinds()) {
		t.Errorf("%d tables, want at least one for each of %d kinds", tables, len(schema.Kinds()))
	}
	for name := range unfenced {
		if !used[name] {
			t.Errorf("there is no table %s to be exempt", name)
		}
	}
}

// exemption gives the entry of unfenced for a table, or none.
func exemption(table string) string {
	for name := range unfenced {
		prefix, family := strings.CutSuffix(name, "*")
		if table == name || family && strings.HasPrefix(table, prefix) {
			return name
		}
	}
	return ""
}

// TestFenceOfWhatIsNoRecord: words, values, points, bodies, rules and the
// ledger of a firm are for its own transactions, and for nobody without any.
func TestFenceOfWhatIsNoRecord(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor, stranger := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT"), n.Firm("Nordwind", "DE")
	customerID := n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	agreement := n.Share(maker, distributor, n.Partnership(maker, distributor), `[{"kind": "Customer", "level": "GRANTED", "actions": ["read"]}]`)
	n.Create(maker, schema.Grants, map[string]any{"sharingAgreement": agreement, "recordKind": "Customer", "recordId": customerID.String()})
	conn := owner(t, n)
	if _, err := conn.Exec(t.Context(), "INSERT INTO policy_overrides VALUES ($1, '')", maker.Firm); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "INSERT INTO bodies VALUES ($1, 'ab', 1, 'text/plain', now())", maker.Firm); err != nil {
		t.Fatal(err)
	}
	own := map[string]string{
		"bodies": "holder_firm_id", "change_values": "holder_firm_id", "changes": "holder_firm_id", "policy_overrides": "firm_id",
		"reach": "owner_firm_id", "search_texts": "holder_firm_id",
	}
	for _, test := range []struct {
		name  string
		fence []schema.FirmID
		want  []string
	}{
		{"nobody", nil, nil},
		{"the firm", []schema.FirmID{maker.Firm}, []string{"bodies", "change_values", "changes", "policy_overrides", "reach", "search_texts"}},
		{"the firm that is granted something, alone", []schema.FirmID{distributor.Firm}, nil},
		{"the firm that is granted something", []schema.FirmID{distributor.Firm, maker.Firm}, []string{"bodies", "change_values", "changes", "policy_overrides", "reach", "search_texts"}},
		{"a stranger", []schema.FirmID{stranger.Firm}, nil},
	} {
		var got []string
		asApplication(t, conn, test.fence, func(tx pgx.Tx) {
			for table, column := range own {
				var lines int
				if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" WHERE "+column+" = $1", maker.Firm).Scan(&lines); err != nil {
					t.Fatalf("count %s: %v", table, err)
				}
				if lines > 0 {
					got = append(got, table)
				}
			}
			var found int
			if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM fondaco_found('Customer', '{%porto%}', 10)").Scan(&found); err != nil {
				t.Fatal(err)
			}
			if want := slices.Contains(test.fence, maker.Firm); (found == 1) != want {
				t.Errorf("%s finds %d rows by a word, want one: %t", test.name, found, want)
			}
		})
		slices.Sort(got)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("tables of which %s sees lines of the firm (-want +got):\n%s", test.name, diff)
		}
	}
}
