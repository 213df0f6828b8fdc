package encode_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fondaco/gateway/encode"
	"fondaco/gateway/sdl"
	"fondaco/schema"
)

// types gives a map of types; one is not safe for several tests at once.
func types() *pgtype.Map { return pgtype.NewMap() }

// binary gives a value in PostgreSQL's binary format, as pgx sends it.
func binary(t testing.TB, oid uint32, v any) []byte {
	t.Helper()
	b, err := types().Encode(oid, pgtype.BinaryFormatCode, v, []byte{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func field(kind *schema.Kind, name string) *schema.Field { return kind.FieldNamed(name) }

func numeric(s string) pgtype.Numeric {
	var n pgtype.Numeric
	if err := n.Scan(s); err != nil {
		panic(err)
	}
	return n
}

func TestValue(t *testing.T) {
	t.Parallel()
	id := schema.ID{1, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 16}
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	cells := func(all ...[]byte) [][]byte { return all }
	for _, c := range []struct {
		name  string
		field *schema.Field
		cells [][]byte
		want  string
	}{
		{"null", field(schema.Customers, "name"), cells(nil), `null`},
		{"text", field(schema.Customers, "name"), cells([]byte("a\"b\\c\n\t\x01<&> é\u2028\x7f")), "\"a\\\"b\\\\c\\n\\t\\u0001<&> é\u2028\\u007f\""},
		{"text that is no UTF-8", field(schema.Customers, "name"), cells([]byte("a\xffb\xe2\x82")), `"a\ufffdb\ufffd\ufffd"`},
		{"an enum", field(schema.Customers, "status"), cells([]byte("ACTIVE")), `"ACTIVE"`},
		{"true", field(schema.Goals, "reached"), cells(binary(t, pgtype.BoolOID, true)), `true`},
		{"false", field(schema.Goals, "reached"), cells(binary(t, pgtype.BoolOID, false)), `false`},
		{"a long", field(schema.Customers, "employees"), cells(binary(t, pgtype.Int8OID, int64(math.MinInt64))), `"-9223372036854775808"`},
		{"a decimal", field(schema.SalesReportLines, "quantity"), cells(binary(t, pgtype.NumericOID, numeric("-12.50"))), `"-12.50"`},
		{"a small decimal", field(schema.SalesReportLines, "quantity"), cells(binary(t, pgtype.NumericOID, numeric("0.000012"))), `"0.000012"`},
		{"a large decimal", field(schema.SalesReportLines, "quantity"), cells(binary(t, pgtype.NumericOID, numeric("120000000000"))), `"120000000000"`},
		{"zero", field(schema.SalesReportLines, "quantity"), cells(binary(t, pgtype.NumericOID, numeric("0"))), `"0"`},
		{"not a number", field(schema.SalesReportLines, "quantity"), cells(binary(t, pgtype.NumericOID, pgtype.Numeric{NaN: true, Valid: true})), `null`},
		{"infinity", field(schema.SalesReportLines, "quantity"),
			cells(binary(t, pgtype.NumericOID, pgtype.Numeric{InfinityModifier: pgtype.Infinity, Valid: true})), `null`},
		{"euros", field(schema.Customers, "annualRevenue"), cells(binary(t, pgtype.NumericOID, numeric("12")), []byte("EUR")),
			`{"amount":"12.00","currency":"EUR"}`},
		{"yen", field(schema.Customers, "annualRevenue"), cells(binary(t, pgtype.NumericOID, numeric("1200")), []byte("JPY")),
			`{"amount":"1200","currency":"JPY"}`},
		{"dinars", field(schema.Customers, "annualRevenue"), cells(binary(t, pgtype.NumericOID, numeric("1.5")), []byte("KWD")),
			`{"amount":"1.500","currency":"KWD"}`},
		{"a day", field(schema.Goals, "dueOn"), cells(binary(t, pgtype.DateOID, at)), `"2026-01-31"`},
		{"a day before 2000", field(schema.Goals, "dueOn"), cells(binary(t, pgtype.DateOID, at.AddDate(-1000, 0, 0))), `"1026-01-31"`},
		{"a day of infinity", field(schema.Goals, "dueOn"),
			cells(binary(t, pgtype.DateOID, pgtype.Date{InfinityModifier: pgtype.Infinity, Valid: true})), `null`},
		{"an instant", field(schema.Interactions, "occurredAt"), cells(binary(t, pgtype.TimestamptzOID, at)), `"2026-01-31T12:00:00Z"`},
		{"an instant with microseconds", field(schema.Interactions, "occurredAt"),
			cells(binary(t, pgtype.TimestamptzOID, at.Add(1230*time.Microsecond))), `"2026-01-31T12:00:00.00123Z"`},
		{"an instant of infinity", field(schema.Interactions, "occurredAt"),
			cells(binary(t, pgtype.TimestamptzOID, pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true})), `null`},
		{"an instant of minus infinity", field(schema.Interactions, "occurredAt"),
			cells(binary(t, pgtype.TimestamptzOID, pgtype.Timestamptz{InfinityModifier: pgtype.NegativeInfinity, Valid: true})), `null`},
		{"a link", field(schema.Interactions, "customer"), cells(id[:]), `"` + sdl.GlobalID(schema.Customers, id) + `"`},
		{"texts", field(schema.Firms, "domains"), cells(binary(t, pgtype.TextArrayOID, []string{"a.example", `b"`})), `["a.example","b\""]`},
		{"texts with null", field(schema.Firms, "domains"),
			cells(binary(t, pgtype.TextArrayOID, []pgtype.Text{{String: "a", Valid: true}, {}})), `["a",null]`},
		{"no texts", field(schema.Firms, "domains"), cells(binary(t, pgtype.TextArrayOID, []string{})), `[]`},
		{"links", field(schema.Promotions, "products"), cells(binary(t, pgtype.UUIDArrayOID, [][16]byte{id})), `["` + sdl.GlobalID(schema.Products, id) + `"]`},
		{"JSON", field(schema.SharingAgreements, "terms"), cells(binary(t, pgtype.JSONBOID, []byte(`[{"kind":"Customer"}]`))), `[{"kind":"Customer"}]`},
		{"JSON as text", field(schema.SharingAgreements, "terms"), cells([]byte(`[{"kind": "Customer"}]`)), `[{"kind": "Customer"}]`},
		{"no JSON", field(schema.SharingAgreements, "terms"), cells([]byte{1}), `null`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := string(encode.Value(nil, c.field, c.cells)); got != c.want {
				t.Errorf("Value(%s, %x) = %s, want %s", c.field, c.cells, got, c.want)
			}
		})
	}
}

func TestDecimalsAreWrittenAsTheyWereStored(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d := decimal.New(rapid.Int64().Draw(r, "digits"), rapid.Int32Range(-30, 12).Draw(r, "exponent"))
		cell, err := types().Encode(pgtype.NumericOID, pgtype.BinaryFormatCode, numeric(d.String()), []byte{})
		if err != nil {
			r.Fatal(err)
		}
		var text string
		if err := json.Unmarshal(encode.Decimal(nil, cell, -1), &text); err != nil {
			r.Fatal(err)
		}
		if got, err := decimal.NewFromString(text); err != nil || !got.Equal(d) {
			r.Errorf("Decimal of %s = %s", d, text)
		}
	})
}

func TestTextIsWhatTheStandardLibraryReads(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := rapid.String().Draw(r, "text")
		var got string
		if err := json.Unmarshal(encode.Text(nil, s), &got); err != nil || got != strings.ToValidUTF8(s, "\ufffd") {
			r.Errorf("Text(%q) reads %q, %v", s, got, err)
		}
	})
}

// FuzzValue holds that whatever a cell holds, valid JSON is written.
func FuzzValue(f *testing.F) {
	f.Add([]byte{}, []byte("EUR"))
	f.Add(binary(f, pgtype.NumericOID, numeric("-12.50")), []byte("JPY"))
	f.Add(binary(f, pgtype.TextArrayOID, []string{"a", "b"}), []byte{})
	f.Add(binary(f, pgtype.JSONBOID, []byte(`{"a":1}`)), []byte{})
	f.Fuzz(func(t *testing.T, cell, second []byte) {
		for _, k := range schema.Kinds() {
			for _, field := range k.Fields {
				if b := encode.Value(nil, field, [][]byte{cell, second}); !json.Valid(b) {
					t.Fatalf("Value(%s, %x, %x) = %s, which is no JSON", field, cell, second, b)
				}
			}
		}
	})
}

func BenchmarkValue(b *testing.B) {
	f := field(schema.Customers, "name")
	cell := [][]byte{[]byte("Águas do Norte, S.A.")}
	buffer := make([]byte, 0, 100)
	b.ReportAllocs()
	for b.Loop() {
		buffer = encode.Value(buffer[:0], f, cell)
	}
}
