package partners_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/schema"
)

// owner opens a node's database as the role that owns it, beyond the fence.
func owner(t *testing.T, n *partnerstest.Node) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), n.DSN)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(func() {
		if err := conn.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return conn
}

// TestTablesAreThoseOfTheKinds holds the migrated database against the kinds:
// a field without its column, or a fact without its constraint, is found here
// and not by a user.
func TestTablesAreThoseOfTheKinds(t *testing.T) {
	t.Parallel()
	conn := owner(t, partnerstest.Open(t))
	for _, k := range schema.Kinds() { //nolint:paralleltest // all ask one connection
		t.Run(k.Name, func(t *testing.T) {
			for _, aspect := range []struct {
				name, query string
				want        []string
			}{
				{"columns", columnsQuery, wantColumns(k)},
				{"constraints", constraintsQuery, wantConstraints(k)},
				{"indexes", indexesQuery, wantIndexes(k)},
				{"row-level security", securityQuery, []string{"enabled true, forced true"}},
				{"policies", policiesQuery, wantPolicies(k)},
				{"grants", grantsQuery, []string{"DELETE", "INSERT", "SELECT", "UPDATE"}},
			} {
				rows, err := conn.Query(t.Context(), aspect.query, k.Table)
				if err != nil {
					t.Fatalf("%s: %v", aspect.name, err)
				}
				got, err := pgx.CollectRows(rows, pgx.RowTo[string])
				if err != nil {
					t.Fatalf("%s: %v", aspect.name, err)
				}
				if aspect.name != "columns" { // whose order is that of the file, and of the masks
					slices.Sort(got)
					slices.Sort(aspect.want)
				}
				if diff := cmp.Diff(aspect.want, got); diff != "" {
					t.Errorf("%s of table %s (-want by the kind, +got in the database):\n%s", aspect.name, k.Table, diff)
				}
			}
		})
	}
}

const (
	columnsQuery = `
		SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
			CASE WHEN a.attnotnull THEN 'NOT NULL' END,
			CASE WHEN a.attcollation <> 0 AND a.attcollation <> 100 THEN 'COLLATE ' || c.collname END,
			CASE a.attgenerated WHEN 's' THEN 'GENERATED' WHEN '' THEN 'DEFAULT' END || ' ' || pg_get_expr(d.adbin, d.adrelid))
		FROM pg_attribute a
		LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		LEFT JOIN pg_collation c ON c.oid = a.attcollation
		WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
		ORDER BY a.attnum`
	// Parentheses are left out: how many PostgreSQL prints differs from version to version, as do rows for NOT NULL.
	constraintsQuery = `
		SELECT n.conname || ' ' || translate(pg_get_constraintdef(n.oid), '()', '')
		FROM pg_constraint n
		WHERE n.conrelid = $1::text::regclass AND n.contype <> 'n'`
	indexesQuery = `
		SELECT c.relname || ' ' || substring(pg_get_indexdef(i.indexrelid) FROM 'USING (.*)')
		FROM pg_index i
		JOIN pg_class c ON c.oid = i.indexrelid
		WHERE i.indrelid = $1::text::regclass AND NOT i.indisprimary`
	securityQuery = `
		SELECT format('enabled %s, forced %s', c.relrowsecurity::text, c.relforcerowsecurity::text)
		FROM pg_class c
		WHERE c.oid = $1::text::regclass`
	policiesQuery = `
		SELECT format('%s for %s to %s using %s check %s', p.policyname, p.cmd, p.roles, translate(p.qual, '()', ''), coalesce(translate(p.with_check, '()', ''), 'none'))
		FROM pg_policies p
		WHERE p.schemaname = 'public' AND p.tablename = $1`
	grantsQuery = `
		SELECT privilege
		FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
		WHERE has_table_privilege('fondaco_app', $1::text, privilege)`
)

var sqlTypes = map[schema.FieldType]string{
	schema.Text: "text", schema.Bool: "boolean", schema.Int: "bigint", schema.Decimal: "numeric", schema.Day: "date",
	schema.Instant: "timestamp with time zone", schema.Enum: "text", schema.Link: "uuid", schema.TextList: "text[]",
	schema.EnumList: "text[]", schema.LinkList: "uuid[]", schema.JSON: "jsonb",
}

func wantColumns(k *schema.Kind) []string {
	list := []string{
		"holder_firm_id uuid NOT NULL", "id uuid NOT NULL", "owner_firm_id uuid NOT NULL", "version bigint NOT NULL",
		"field_versions bigint[] NOT NULL", "field_times timestamp with time zone[] NOT NULL",
		"created_at timestamp with time zone NOT NULL", "created_by uuid", "updated_at timestamp with time zone NOT NULL", "updated_by uuid",
		"deleted_at timestamp with time zone", "provenance text NOT NULL", "mask bigint NOT NULL DEFAULT '-1'::integer", "custom jsonb", "unknown jsonb",
	}
	for _, f := range k.Fields {
		if f.Type == schema.Amount {
			list = append(list, f.Column+"_amount numeric", f.Column+"_currency text")
			continue
		}
		// No column is NOT NULL: a copy may lack what was not shared.
		list = append(list, f.Column+" "+sqlTypes[f.Type])
		if f == k.Label {
			list = append(list, "sort_key text COLLATE C GENERATED fondaco_key("+f.Column+")")
		}
	}
	return list
}

func wantConstraints(k *schema.Kind) []string {
	list := []string{
		k.Table + "_pkey PRIMARY KEY holder_firm_id, id",
		k.Table + "_id_fkey FOREIGN KEY id REFERENCES recordsid",
		k.Table + "_version_check CHECK version > 0",
	}
	add := func(f *schema.Field, rule, format string, args ...any) {
		list = append(list, fmt.Sprintf("%s_%s_%s ", k.Table, f.Column, rule)+fmt.Sprintf(format, args...))
	}
	for _, f := range k.Fields {
		if f.Required || f.Type == schema.Bool {
			add(f, "required", "CHECK holder_firm_id <> owner_firm_id OR %s IS NOT NULL", f.Columns()[0])
		}
		switch f.Type {
		case schema.Text:
			add(f, "max", "CHECK char_length%s <= %d", f.Column, f.Max)
		case schema.Enum:
			add(f, "known", "CHECK holder_firm_id <> owner_firm_id OR %s = ANY ARRAY['%s'::text]", f.Column, strings.Join(f.Enum, "'::text, '"))
		case schema.Link:
			add(f, "refers", "FOREIGN KEY %s REFERENCES recordsid", f.Column)
		case schema.Amount:
			add(f, "whole", "CHECK %s_amount IS NULL = %s_currency IS NULL", f.Column, f.Column)
		case schema.Bool, schema.Int, schema.Decimal, schema.Day, schema.Instant, schema.TextList, schema.EnumList, schema.LinkList, schema.JSON:
		}
	}
	return list
}

// namesShared tells whether a field of what can leave a node names what can
// leave it, and with it may appear for a reader or go.
func namesShared(k *schema.Kind, f *schema.Field) bool {
	return !k.Private && f.Target() != nil && !f.Target().Private && f.Target() != schema.Firms
}

// wantIndexes are those by which the statements walk: by id, by label, below a
// parent, by what lists are filtered and ordered by, by what is named.
func wantIndexes(k *schema.Kind) []string {
	const listed = " INCLUDE (owner_firm_id) WHERE (deleted_at IS NULL)"
	list := []string{k.Table + "_id btree (id)"}
	if k.Label != nil {
		list = append(list, k.Table+"_label btree (holder_firm_id, sort_key, id)"+listed)
	}
	if k.HasAddress {
		list = append(list, k.Table+"_addressed btree (addressed_to, id)")
	}
	if k.HasAudience && k.Parent != nil { // of what hangs below a record, another firm sees only what names it
		list = append(list, fmt.Sprintf("%s_named btree (%s, id) WHERE (audience_firms IS NOT NULL)", k.Table, k.Parent.Column))
	}
	for _, f := range k.Fields {
		if k.Parent != nil && f.Sort && f.Required && f != k.Label { // the first ones below each of many parents
			list = append(list, fmt.Sprintf("%s_%s_%s btree (%s, holder_firm_id, %s, id)", k.Table, k.Parent.Column, f.Column, k.Parent.Column, f.Column))
			if k.HasAudience {
				list = append(list, fmt.Sprintf("%s_named_%s btree (%s, %s, id) WHERE (audience_firms IS NOT NULL)", k.Table, f.Column, k.Parent.Column, f.Column))
			}
		}
		var columns string
		switch {
		case f == k.Label:
			continue
		case f.Parent:
			columns = f.Column + ", holder_firm_id, id"
		case f.Filter && k == schema.Customers: // which firms share by filter: a filtered list is walked in its order
			list = append(list, fmt.Sprintf("%s_%s btree (holder_firm_id, %s, sort_key, id)%s", k.Table, f.Column, f.Column, listed))
			continue
		case f.Sort:
			columns = "holder_firm_id, " + f.Column + ", id"
		case f.Type == schema.LinkList && namesShared(k, f):
			list = append(list, fmt.Sprintf("%s_%s gin (%s)", k.Table, f.Column, f.Column))
			continue
		case f.Filter || namesShared(k, f):
			columns = "holder_firm_id, " + f.Column
		default:
			continue
		}
		list = append(list, fmt.Sprintf("%s_%s btree (%s)", k.Table, f.Column, columns))
	}
	return list
}

func wantPolicies(k *schema.Kind) []string {
	const fenced = "%s = ANY  SELECT fondaco_fence AS fondaco_fence::uuid[]"
	holder := fmt.Sprintf(fenced, "holder_firm_id")
	list := []string{"fence for ALL to {fondaco_app} using " + holder + " IS TRUE check " + holder}
	if k.HasAddress {
		list = append(list, "addressed for SELECT to {fondaco_app} using "+fmt.Sprintf(fenced, "addressed_to")+" AND sent_at IS NOT NULL check none")
	}
	return list
}

// TestConstraintsNameTheirField: an error of the database names the field in
// the form that the user filled in.
func TestConstraintsNameTheirField(t *testing.T) {
	t.Parallel()
	for _, k := range schema.Kinds() {
		for _, f := range k.Fields {
			for _, rule := range []string{"required", "max", "known", "refers"} {
				name := k.Table + "_" + f.Column + "_" + rule
				if got := partners.FieldOfConstraint(k, name); got != f {
					t.Errorf("constraint %s is taken for one of %v, want %s", name, got, f)
				}
				if len(name) > 63 {
					t.Errorf("the name %s has %d characters; PostgreSQL cuts it at 63", name, len(name))
				}
			}
		}
		if got := partners.FieldOfConstraint(k, k.Table+"_pkey"); got != nil {
			t.Errorf("the primary key of %s is taken for a constraint of %s", k.Table, got)
		}
	}
}
