package operation_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/operation"
	"fondaco/schema"
)

var inputs = gqlparser.MustLoadSchema(&ast.Source{Input: `
	scalar Date scalar DateTime scalar Decimal scalar Long scalar JSON
	enum Colour { RED GREEN }
	input In { int: Int, text: String, id: ID, list: [Int!], colour: Colour = GREEN, must: Boolean! = true, inner: In, day: Date }
	type Query {
		int(v: Int): Int  float(v: Float): Int  text(v: String): Int  bool(v: Boolean): Int  id(v: ID): Int
		long(v: Long): Int  decimal(v: Decimal): Int  day(v: Date): Int  at(v: DateTime): Int  json(v: JSON): Int
		colour(v: Colour): Int  in(v: In): Int  ints(v: [Int!]): Int  table(v: [[Int]]): Int  dflt(v: Int = 7): Int
		must(v: Int! = 3): Int
	}`})

// absent stands for an argument that is not there.
type absent struct{}

// argument gives the argument v of the only field of a query.
func argument(t *testing.T, text, variables string) (any, error) {
	t.Helper()
	d := operation.Parse(inputs, operation.DefaultLimits(), text)
	if len(d.Errors) > 0 {
		return nil, d.Errors
	}
	var vars map[string]json.RawMessage
	if err := json.Unmarshal([]byte(variables), &vars); err != nil {
		t.Fatal(err)
	}
	op, err := d.Operation("", vars)
	if err != nil {
		return nil, err
	}
	args, err := op.Arguments(op.Root()[0].Field)
	if err != nil {
		return nil, err
	}
	v, ok := args["v"]
	if !ok {
		return absent{}, nil
	}
	return v, nil
}

func TestValuesAreCoerced(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 31, 12, 0, 0, 500_000_000, time.UTC)
	for _, c := range []struct {
		name, text, vars string
		want             any
	}{
		{"a literal", `{int(v: 5)}`, `{}`, int64(5)},
		{"a variable", `query($v: Int){int(v: $v)}`, `{"v": 5}`, int64(5)},
		{"a whole number with a fraction of zero", `query($v: Int){int(v: $v)}`, `{"v": 5.0}`, int64(5)},
		{"a null literal", `{int(v: null)}`, `{}`, nil},
		{"a null variable", `query($v: Int){int(v: $v)}`, `{"v": null}`, nil},
		{"an absent argument", `{int}`, `{}`, absent{}},
		{"an absent variable", `query($v: Int){int(v: $v)}`, `{}`, absent{}},
		{"the default of an argument", `{dflt}`, `{}`, int64(7)},
		{"the default of an argument for an absent variable", `query($v: Int){dflt(v: $v)}`, `{}`, int64(7)},
		{"the default of a variable", `query($v: Int = 9){dflt(v: $v)}`, `{}`, int64(9)},
		{"null beats a default", `{dflt(v: null)}`, `{}`, nil},
		{"the default of a non-null argument", `{must}`, `{}`, int64(3)},
		{"an id as a large number", `query($v: ID){id(v: $v)}`, `{"v": 12345678901234567890}`, "12345678901234567890"},
		{"an id of a million", `query($v: ID){id(v: $v)}`, `{"v": 1000000}`, "1000000"},
		{"an id literal", `{id(v: 42)}`, `{}`, "42"},
		{"a long as a string", `{long(v: "9223372036854775807")}`, `{}`, int64(9223372036854775807)},
		{"a long as a number", `query($v: Long){long(v: $v)}`, `{"v": 9223372036854775807}`, int64(9223372036854775807)},
		{"a decimal", `{decimal(v: "12.50")}`, `{}`, decimal.RequireFromString("12.50")},
		{"a day", `{day(v: "2026-01-31")}`, `{}`, schema.Date{Year: 2026, Month: 1, Day: 31}},
		{"an instant", `query($v: DateTime){at(v: $v)}`, `{"v": "2026-01-31T13:00:00.5+01:00"}`, at},
		{"a float from a whole number", `{float(v: 1)}`, `{}`, 1.0},
		{"an enum", `{colour(v: RED)}`, `{}`, "RED"},
		{"an enum variable", `query($v: Colour){colour(v: $v)}`, `{"v": "RED"}`, "RED"},
		{"a list of one", `{ints(v: 5)}`, `{}`, []any{int64(5)}},
		{"a list variable of one", `query($v: [Int!]){ints(v: $v)}`, `{"v": 5}`, []any{int64(5)}},
		{"a variable in a list", `query($v: Int!){ints(v: [1, $v])}`, `{"v": 5}`, []any{int64(1), int64(5)}},
		{"a table", `{table(v: [[1], null, [null, 2]])}`, `{}`, []any{[]any{int64(1)}, nil, []any{nil, int64(2)}}},
		{"an object with defaults", `{in(v: {int: 1, text: null})}`, `{}`,
			map[string]any{"int": int64(1), "text": nil, "colour": "GREEN", "must": true}},
		{"an object variable keeps absent apart from null", `query($v: In){in(v: $v)}`, `{"v": {"text": null, "colour": null}}`,
			map[string]any{"text": nil, "colour": nil, "must": true}},
		{"an absent variable in an object", `query($x: Int){in(v: {int: $x})}`, `{}`, map[string]any{"colour": "GREEN", "must": true}},
		{"JSON", `query($v: JSON){json(v: $v)}`, `{"v": {"b": [1, 2.50], "a": null}}`, json.RawMessage(`{"b": [1, 2.50], "a": null}`)},
		{"a JSON literal", `{json(v: {b: [1, 2.50], a: "x\"y", c: E})}`, `{}`, nil},
		{"a JSON literal with a variable", `query($x: Int){json(v: {b: [$x, true]})}`, `{"x": 4}`, json.RawMessage(`{"b":[4,true]}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := argument(t, c.text, c.vars)
			if strings.Contains(c.text, "c: E") {
				if err == nil {
					t.Errorf("an enum value in JSON gives %s", got)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s with %s: %v", c.text, c.vars, err)
			}
			if diff := cmp.Diff(c.want, got, cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })); diff != "" {
				t.Errorf("%s with %s (-want +got):\n%s", c.text, c.vars, diff)
			}
		})
	}
}

func TestWrongValuesAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{`query($v: Int){int(v: $v)}`, `{"v": 1.5}`}, {`query($v: Int){int(v: $v)}`, `{"v": "7"}`},
		{`query($v: Int){int(v: $v)}`, `{"v": 2147483648}`}, {`query($v: Int){int(v: $v)}`, `{"v": true}`},
		{`query($v: Int!){int(v: $v)}`, `{}`}, {`query($v: Int!){int(v: $v)}`, `{"v": null}`},
		{`query($v: String){text(v: $v)}`, `{"v": 5}`}, {`query($v: String){text(v: $v)}`, `{"v": "a\u0000b"}`},
		{`query($v: Boolean){bool(v: $v)}`, `{"v": "no"}`}, {`query($v: Boolean){bool(v: $v)}`, `{"v": 1}`},
		{`query($v: ID){id(v: $v)}`, `{"v": 1.5}`}, {`query($v: ID){id(v: $v)}`, `{"v": {}}`},
		{`query($v: Decimal){decimal(v: $v)}`, `{"v": 12.5}`}, {`query($v: Decimal){decimal(v: $v)}`, `{"v": "1e9"}`},
		{`query($v: Long){long(v: $v)}`, `{"v": "9223372036854775808"}`}, {`{long(v: 1.0)}`, `{}`},
		{`query($v: Date){day(v: $v)}`, `{"v": "31.01.2026"}`}, {`{day(v: "2026-02-30")}`, `{}`}, {`{day(v: 5)}`, `{}`},
		{`query($v: Colour){colour(v: $v)}`, `{"v": "BLUE"}`}, {`query($v: Colour){colour(v: $v)}`, `{"v": 1}`},
		{`query($v: In){in(v: $v)}`, `{"v": {"unknown": 1}}`}, {`query($v: In){in(v: $v)}`, `{"v": {"must": null}}`},
		{`query($v: In){in(v: $v)}`, `{"v": [1]}`}, {`query($v: [Int!]){ints(v: $v)}`, `{"v": [1, null]}`},
		{`query($v: JSON){json(v: $v)}`, `{"v": 5}`}, {`{json(v: "x")}`, `{}`},
		{`query($v: Int){must(v: $v)}`, `{"v": null}`}, {`{in(v: {day: "x"})}`, `{}`},
		{`query($v: JSON){json(v: $v)}`, `{"v": ` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`},
		{`query($v: In){in(v: $v)}`, `{"v": ` + strings.Repeat(`{"inner":`, 3000) + "null" + strings.Repeat("}", 3000) + `}`},
	} {
		if got, err := argument(t, c[0], c[1]); err == nil {
			t.Errorf("%s with %.60s = %v, want an error", c[0], c[1], got)
		}
	}
}
