package partners_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// asApplication runs do as the role by which the service works, behind the
// fence of the firms, and undoes it.
func asApplication(t *testing.T, conn *pgx.Conn, firms []schema.FirmID, do func(pgx.Tx)) {
	t.Helper()
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := tx.Rollback(t.Context()); err != nil {
			t.Errorf("rollback: %v", err)
		}
	}()
	texts := make([]string, len(firms))
	for i, f := range firms {
		texts[i] = f.String()
	}
	if _, err := tx.Exec(t.Context(), "SELECT set_config('fondaco.fence', $1, true)", strings.Join(texts, ",")); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "SET LOCAL ROLE fondaco_app"); err != nil {
		t.Fatal(err)
	}
	do(tx)
}

// bareRow writes the least row that a kind's table takes, past the service.
func bareRow(t *testing.T, conn *pgx.Conn, k *schema.Kind, holder, addressed schema.FirmID) {
	t.Helper()
	columns := []string{"holder_firm_id", "id", "owner_firm_id", "version", "field_versions", "field_times", "created_at", "updated_at", "provenance"}
	// A copy needs nothing but its header; its owner is some other firm.
	values := []string{"'" + holder.String() + "'", "gen_random_uuid()", "gen_random_uuid()", "1", "'{}'", "'{}'", "now()", "now()", "'SYSTEM'"}
	if k.HasAddress {
		columns, values = append(columns, "addressed_to", "sent_at"), append(values, "'"+addressed.String()+"'", "now()")
	}
	statement := fmt.Sprintf(`
		WITH row AS (INSERT INTO %s (%s) VALUES (%s) RETURNING id, owner_firm_id)
		INSERT INTO records (id, kind, owner_firm_id)
		SELECT id, '%s', owner_firm_id FROM row`, k.Table, strings.Join(columns, ", "), strings.Join(values, ", "), k)
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("write a bare %s: %v", k, err)
	}
}

func TestFence(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	conn := owner(t, n)
	holder, addressed, stranger := schema.FirmID(schema.NewID()), schema.FirmID(schema.NewID()), schema.FirmID(schema.NewID())
	for _, firm := range []schema.FirmID{holder, addressed, stranger} {
		if _, err := conn.Exec(t.Context(), "INSERT INTO records (id, kind, owner_firm_id) VALUES ($1, 'Firm', $1)", firm); err != nil {
			t.Fatal(err)
		}
	}
	var addresses, all []string
	for _, k := range schema.Kinds() {
		bareRow(t, conn, k, holder, addressed)
		all = append(all, k.Name)
		if k.HasAddress {
			addresses = append(addresses, k.Name)
		}
	}
	for _, test := range []struct {
		name  string
		fence []schema.FirmID
		want  []string
	}{
		{"nobody", nil, nil},
		{"the holder", []schema.FirmID{holder}, all},
		{"the firm addressed", []schema.FirmID{addressed}, addresses},
		{"a stranger", []schema.FirmID{stranger}, nil},
		{"a stranger and the holder", []schema.FirmID{stranger, holder}, all},
	} {
		var got []string
		asApplication(t, conn, test.fence, func(tx pgx.Tx) {
			for _, k := range schema.Kinds() {
				var count int
				if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM "+k.Table).Scan(&count); err != nil {
					t.Fatalf("count %s: %v", k.Table, err)
				}
				if count > 0 {
					got = append(got, k.Name)
				}
			}
		})
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("kinds of which %s sees rows (-want +got):\n%s", test.name, diff)
		}
	}
	t.Run("none writes for another firm", func(t *testing.T) {
		for _, k := range schema.Kinds() {
			asApplication(t, conn, []schema.FirmID{addressed}, func(tx pgx.Tx) {
				for _, statement := range []string{"DELETE FROM %s WHERE holder_firm_id = $1", "UPDATE %s SET version = 2 WHERE holder_firm_id = $1"} {
					tag, err := tx.Exec(t.Context(), fmt.Sprintf(statement, k.Table), holder)
					if err != nil || tag.RowsAffected() != 0 {
						t.Errorf(statement+": %v rows, %v, want none", k.Table, tag.RowsAffected(), err)
					}
				}
				_, err := tx.Exec(t.Context(), fmt.Sprintf(`
					INSERT INTO %s (holder_firm_id, id, owner_firm_id, version, field_versions, field_times, created_at, updated_at, provenance)
					VALUES ($1, $1, $1, 1, '{}', '{}', $2, $2, 'SYSTEM')`, k.Table), holder, n.Now())
				if !refused(err, "42501") {
					t.Errorf("insert into %s for another firm: %v, want it refused by the fence", k.Table, err)
				}
			})
		}
	})
}

// refused tells whether PostgreSQL answered with the SQLSTATE.
func refused(err error, state string) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == state
}

// TestLedgerIsAppendOnly: not even a fault of the service, or a statement
// smuggled into it, can take a line back.
func TestLedgerIsAppendOnly(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	n.Create(maker, schema.Customers, customer("Wodociągi Kraków", "PL"))
	conn := owner(t, n)
	rows, err := conn.Query(t.Context(), `
		SELECT c.relname::text
		FROM pg_class c
		WHERE c.relname IN ('changes', 'change_values', 'ledger_epoch')
			OR c.oid IN (SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = 'changes'::regclass)
			AND c.relkind IN ('r', 'p')
		ORDER BY c.relname`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(tables, "changes_default") {
		t.Fatalf("tables of the ledger are %q, want its partitions too", tables)
	}
	for _, table := range tables {
		// PostgreSQL refuses by privilege before it looks for lines, so an empty month is as good to try on.
		column := "seq"
		if table == "ledger_epoch" {
			column = "epoch"
		}
		for _, statement := range []string{
			fmt.Sprintf("UPDATE %s SET %s = %s", table, column, column),
			"DELETE FROM " + table,
			"TRUNCATE " + table,
		} {
			asApplication(t, conn, []schema.FirmID{maker.Firm}, func(tx pgx.Tx) {
				if tag, err := tx.Exec(t.Context(), statement); !refused(err, "42501") {
					t.Errorf("%s: %d lines, %v; want it refused", statement, tag.RowsAffected(), err)
				}
			})
		}
	}
}

// TestACountIsFencedAsItsList: what was granted one by one can be counted from
// its points alone; behind a fence without its owner it is not there either.
func TestACountIsFencedAsItsList(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	agreement := n.Share(maker, distributor, n.Partnership(maker, distributor), `[{"kind": "Customer", "level": "GRANTED", "actions": ["read"]}]`)
	granted := n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	n.Create(maker, schema.Grants, map[string]any{"sharingAgreement": agreement, "recordKind": "Customer", "recordId": granted.String()})
	for _, test := range []struct {
		name  string
		fence []schema.FirmID
		want  int
	}{
		{"behind the fence of both", []schema.FirmID{distributor.Firm, maker.Firm}, 1},
		{"behind the reader's own alone", []schema.FirmID{distributor.Firm}, 0},
	} {
		if err := n.Misfence(t.Context(), distributor.Firm, test.fence); err != nil {
			t.Fatal(err)
		}
		pages, err := n.Read(policy.With(t.Context(), distributor), &partners.Plan{Kind: schema.Customers, First: 10, CountMax: 10})
		if err != nil {
			t.Fatal(err)
		}
		if p := pages[0]; len(p.Rows) != test.want || p.Count != test.want {
			t.Errorf("%s: %d rows and a count of %d, want %d of both", test.name, len(p.Rows), p.Count, test.want)
		}
	}
}
