package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fondaco/schema"
)

// filterSamples show every operator on every type that has it.
var filterSamples = []struct {
	kind *schema.Kind
	text string
}{
	{schema.Customers, `{"field":"country","op":"eq","value":"PT"}`},
	{schema.Customers, `{"field":"country","op":"ne","value":"PT"}`},
	{schema.Customers, `{"field":"country","op":"in","value":["PT","ES"]}`},
	{schema.Customers, `{"field":"country","op":"isNull","value":true}`},
	{schema.Customers, `{"field":"country","op":"isNull","value":false}`},
	{schema.Customers, `{"field":"name","op":"startsWith","value":"100% \\_"}`},
	{schema.Customers, `{"field":"name","op":"contains","value":"łódź%"}`},
	{schema.Customers, `{"field":"status","op":"in","value":["ACTIVE","PROSPECT"]}`},
	{schema.Customers, `{"field":"assignee","op":"eq","value":"01000000-0000-7000-8000-000000000009"}`},
	{schema.Customers, `{"field":"assignee","op":"in","value":["01000000-0000-7000-8000-000000000009"]}`},
	{schema.Customers, `{"and":[{"field":"country","op":"eq","value":"PT"},{"or":[{"field":"city","op":"eq","value":"Porto"},{"not":{"field":"segment","op":"eq","value":"B"}}]}]}`},
	{schema.Customers, `{"not":{"and":[{"field":"country","op":"isNull","value":true}]}}`},
	{schema.Goals, `{"field":"reached","op":"eq","value":false}`},
	{schema.Goals, `{"field":"dueOn","op":"between","value":["2026-01-01","2026-06-30"]}`},
	{schema.Goals, `{"field":"dueOn","op":"in","value":["2026-01-01"]}`},
	{schema.SalesReportLines, `{"field":"lineNumber","op":"gte","value":7}`},
	{schema.SalesReportLines, `{"field":"lineNumber","op":"in","value":[7,9007199254740993]}`},
	{schema.Interactions, `{"field":"occurredAt","op":"lt","value":"2026-05-04T12:00:00.000001Z"}`},
	{schema.Interactions, `{"field":"occurredAt","op":"in","value":["2026-05-04T12:00:00Z"]}`},
}

func TestFilterSQL(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	show := func(f *Filter) {
		var args Args
		sql := f.SQL(&args, func(f *schema.Field) string { return "r." + f.Column })
		fmt.Fprintf(&b, "%s\n  shape %s\n  sql   %s\n", f, f.Shape(), sql)
		for i, v := range args.Values {
			fmt.Fprintf(&b, "  $%d    %T %v\n", i+1, v, v)
		}
	}
	for _, sample := range filterSamples {
		f, err := ParseFilter(sample.kind, json.RawMessage(sample.text))
		if err != nil {
			t.Fatalf("ParseFilter(%s) = %v", sample.text, err)
		}
		show(f)
	}
	// Fields by which lists cannot be filtered, for callers that know what they do.
	revenue, price := schema.Customers.FieldNamed("annualRevenue"), schema.SalesReportLines.FieldNamed("unitPrice")
	for _, op := range FilterOps(revenue) {
		switch op {
		case OpIsNull:
			show(must(t)(Compare(revenue, op, true)))
		case OpBetween:
			show(must(t)(Compare(revenue, op, money("1", "EUR"), money("2", "EUR"))))
		default:
			show(must(t)(Compare(revenue, op, money("12.5", "EUR"))))
		}
	}
	show(must(t)(Compare(price, OpIn, decimal.RequireFromString("0.000001"), decimal.RequireFromString("1e10"))))
	show(must(t)(Compare(price, OpBetween, decimal.Zero, decimal.RequireFromString("99.95"))))
	show(must(t)(Compare(schema.SalesReportLines.FieldNamed("serialNumbers"), OpHas, "A-1")))
	show(must(t)(Compare(schema.Firms.FieldNamed("partnerTypes"), OpHas, "RESELLER")))
	show(must(t)(Compare(schema.Promotions.FieldNamed("products"), OpHas, id(9))))
	golden(t, "filters.txt", b.String())
}

func must(t *testing.T) func(*Filter, error) *Filter {
	return func(f *Filter, err error) *Filter {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
}

func money(amount, currency string) schema.Money {
	m, err := schema.ParseMoney(amount, currency)
	if err != nil {
		panic(err)
	}
	return m
}

func TestParseFilterRefuses(t *testing.T) {
	t.Parallel()
	leaf := `{"field":"country","op":"eq","value":"PT"}`
	nest := func(n int) string { return strings.Repeat(`{"not":`, n) + leaf + strings.Repeat("}", n) }
	leaves := func(n int) string { return `{"or":[` + strings.TrimSuffix(strings.Repeat(leaf+",", n), ",") + `]}` }
	for _, test := range []struct{ name, text, field, want string }{
		{"nothing", ``, "", "want an object"},
		{"null", `null`, "", "want an object"},
		{"a list", `[]`, "", "want an object"},
		{"an empty object", `{}`, "", "has 0 entries"},
		{"half an object", `{"not":`, "", "want an object"},
		{"two objects", leaf + leaf, "", "want an object"},
		{"two joints", `{"and":[` + leaf + `],"or":[` + leaf + `]}`, "", "has 2 entries"},
		{"an unknown joint", `{"xor":[` + leaf + `]}`, "", `"xor" is not known`},
		{"a joint in capitals", `{"AND":[` + leaf + `]}`, "", `"AND" is not known`},
		{"an empty and", `{"and":[]}`, "", "a list of one filter at least"},
		{"a null or", `{"or":null}`, "", "a list of one filter at least"},
		{"an and of one object", `{"and":` + leaf + `}`, "", "a list of one filter at least"},
		{"a not of a list", `{"not":[` + leaf + `]}`, "", "want an object"},
		{"a key twice", `{"field":"country","op":"eq","value":"PT","value":"ES"}`, "", `"value" stands twice`},
		{"a key too many", `{"field":"country","op":"eq","value":"PT","or":[]}`, "", "field, op and value"},
		{"no op", `{"field":"country","value":"PT"}`, "", "field, op and value"},
		{"no value", `{"field":"country","op":"eq"}`, "", "field, op and value"},
		{"a field that is no text", `{"field":7,"op":"eq","value":"PT"}`, "", "field, op and value"},
		{"too deep", nest(maxFilterDepth), "", "more than 5 deep"},
		{"far too deep", nest(20000), "", "at most 65536 are allowed"},
		{"too many comparisons", leaves(maxFilterLeaves + 1), "", "more than 50 comparisons"},
		{"an unknown field", `{"field":"nation","op":"eq","value":"PT"}`, "nation", "cannot be filtered"},
		{"a field that is no filter", `{"field":"street","op":"eq","value":"x"}`, "street", "cannot be filtered"},
		{"an unknown op", `{"field":"country","op":"like","value":"P%"}`, "country", `cannot be compared by "like": use one of eq`},
		{"an op of joints", `{"field":"country","op":"and","value":"P"}`, "country", "cannot be compared"},
		{"an op of another type", `{"field":"country","op":"lt","value":"P"}`, "country", "cannot be compared"},
		{"a number for a text", `{"field":"country","op":"eq","value":7}`, "country", "want a string"},
		{"a list for a text", `{"field":"country","op":"eq","value":["PT"]}`, "country", "want a string"},
		{"a text for a list", `{"field":"country","op":"in","value":"PT"}`, "country", "want a list"},
		{"an empty list", `{"field":"country","op":"in","value":[]}`, "country", "state 1 to 200"},
		{"too long a list", `{"field":"country","op":"in","value":["PT"` + strings.Repeat(`,"PT"`, maxFilterValues) + `]}`, "country", "state 1 to 200"},
		{"a null", `{"field":"country","op":"eq","value":null}`, "country", "ask with isNull"},
		{"a null in a list", `{"field":"country","op":"in","value":["PT",null]}`, "country", "ask with isNull"},
		{"an empty text", `{"field":"country","op":"eq","value":""}`, "country", "ask with isNull"},
		{"a NUL", `{"field":"country","op":"eq","value":"P\u0000"}`, "country", "without NUL"},
		{"a long text", `{"field":"country","op":"eq","value":"` + strings.Repeat("x", maxFilterText+1) + `"}`, "country", "longer than"},
		{"a value of no enum", `{"field":"status","op":"eq","value":"GONE"}`, "status", "is not one of"},
		{"a text for isNull", `{"field":"country","op":"isNull","value":"true"}`, "country", "want true or false"},
		{"a null for isNull", `{"field":"country","op":"isNull","value":null}`, "country", "want true or false"},
		{"no id", `{"field":"assignee","op":"eq","value":"anna"}`, "assignee", "36 characters"},
		{"a number for an id", `{"field":"assignee","op":"eq","value":1}`, "assignee", "want a string"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f, err := ParseFilter(schema.Customers, json.RawMessage(test.text))
			if f != nil || err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("ParseFilter(%.80s) = %v, %v, want an error with %q", test.text, f, err, test.want)
			}
			checkInvalid(t, err, test.field)
		})
	}
	for _, test := range []struct {
		kind              *schema.Kind
		text, field, want string
	}{
		{schema.Goals, `{"field":"reached","op":"eq","value":"true"}`, "reached", "want true or false"},
		{schema.Goals, `{"field":"dueOn","op":"lt","value":"1 May"}`, "dueOn", "want a day"},
		{schema.Goals, `{"field":"dueOn","op":"between","value":["2026-01-01"]}`, "dueOn", "the lower and the upper"},
		{schema.SalesReportLines, `{"field":"lineNumber","op":"eq","value":"7"}`, "lineNumber", "want a whole number"},
		{schema.SalesReportLines, `{"field":"lineNumber","op":"eq","value":7.5}`, "lineNumber", "want a whole number"},
		{schema.SalesReportLines, `{"field":"lineNumber","op":"startsWith","value":7}`, "lineNumber", "cannot be compared"},
		{schema.Interactions, `{"field":"occurredAt","op":"lt","value":"yesterday"}`, "occurredAt", "want RFC 3339"},
	} {
		_, err := ParseFilter(test.kind, json.RawMessage(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("ParseFilter(%s) = %v, want an error with %q", test.text, err, test.want)
			continue
		}
		checkInvalid(t, err, test.field)
	}
	if _, err := ParseFilter(schema.Customers, json.RawMessage(nest(maxFilterDepth-1))); err != nil {
		t.Errorf("%d deep: %v", maxFilterDepth, err)
	}
	if _, err := ParseFilter(schema.Customers, json.RawMessage(leaves(maxFilterLeaves))); err != nil {
		t.Errorf("%d comparisons: %v", maxFilterLeaves, err)
	}
}

func checkInvalid(t *testing.T, err error, field string) {
	t.Helper()
	e, ok := errors.AsType[*schema.Error](err)
	if !ok || e.Code != schema.CodeInvalid || e.Field != field {
		t.Errorf("error %#v: want an invalid *schema.Error of field %q", err, field)
	}
}

func TestCompareRefuses(t *testing.T) {
	t.Parallel()
	name, revenue := schema.Customers.FieldNamed("name"), schema.Customers.FieldNamed("annualRevenue")
	for _, test := range []struct {
		name   string
		field  *schema.Field
		op     Op
		values []any
	}{
		{"another type", name, OpEq, []any{int64(1)}},
		{"no value", name, OpEq, nil},
		{"two values", name, OpEq, []any{"a", "b"}},
		{"null", name, OpEq, []any{nil}},
		{"bytes that are no text", name, OpEq, []any{"\xff"}},
		{"limits in two currencies", revenue, OpBetween, []any{money("1", "EUR"), money("2", "PLN")}},
		{"a decimal for an amount", revenue, OpEq, []any{decimal.Zero}},
		{"a list of amounts", revenue, OpIn, []any{money("1", "EUR")}},
		{"JSON", schema.Interchanges.FieldNamed("findings"), OpEq, []any{json.RawMessage(`[]`)}},
	} {
		if f, err := Compare(test.field, test.op, test.values...); f != nil || err == nil {
			t.Errorf("%s: Compare() = %v, %v, want an error", test.name, f, err)
		}
	}
}

func TestFilterMatch(t *testing.T) {
	t.Parallel()
	number := int64(7)
	customer := &schema.Customer{
		Name: "Zażółć Łódź Spółka", Country: "PT", Status: schema.Active, AnnualRevenue: money("12.50", "EUR"), Assignee: schema.Ref[schema.User](id(9)),
	}
	goal := &schema.Goal{DueOn: schema.Date{Year: 2026, Month: 6, Day: 30}}
	lineOf := &schema.SalesReportLine{LineNumber: &number, SerialNumbers: []string{"A-1", "B-2"}, UnitPrice: decimal.NewNullDecimal(decimal.RequireFromString("1.10"))}
	note := &schema.Interaction{OccurredAt: noon}
	for _, test := range []struct {
		e      schema.Entity
		field  string
		op     Op
		values []any
		want   bool
	}{
		{customer, "country", OpEq, []any{"PT"}, true},
		{customer, "country", OpEq, []any{"pt"}, false},
		{customer, "country", OpNe, []any{"ES"}, true},
		{customer, "country", OpNe, []any{"PT"}, false},
		{customer, "city", OpEq, []any{"Porto"}, false},
		{customer, "city", OpNe, []any{"Porto"}, false}, // null differs from nothing
		{customer, "city", OpIn, []any{"Porto"}, false},
		{customer, "city", OpStartsWith, []any{"P"}, false},
		{customer, "city", OpContains, []any{"P"}, false},
		{customer, "city", OpIsNull, []any{true}, true},
		{customer, "city", OpIsNull, []any{false}, false},
		{customer, "country", OpIn, []any{"ES", "PT"}, true},
		{customer, "name", OpStartsWith, []any{"Zażółć"}, true},
		{customer, "name", OpStartsWith, []any{"zażółć"}, false},
		{customer, "name", OpStartsWith, []any{"Za\u017co\u0301\u0142c\u0301"}, true}, // the same text, taken apart
		{customer, "name", OpContains, []any{"lodz SPOL"}, true},
		{customer, "name", OpContains, []any{"%"}, false},
		{customer, "status", OpEq, []any{"ACTIVE"}, true},
		{customer, "assignee", OpEq, []any{id(9)}, true},
		{customer, "assignee", OpIn, []any{id(8)}, false},
		{customer, "annualRevenue", OpEq, []any{money("12.5", "EUR")}, true},
		{customer, "annualRevenue", OpNe, []any{money("12.5", "PLN")}, true},
		{customer, "annualRevenue", OpGt, []any{money("12.49", "EUR")}, true},
		{customer, "annualRevenue", OpGt, []any{money("1", "PLN")}, false},
		{customer, "annualRevenue", OpLte, []any{money("99", "PLN")}, false},
		{customer, "annualRevenue", OpBetween, []any{money("12.50", "EUR"), money("13", "EUR")}, true},
		{customer, "creditLimit", OpNe, []any{money("1", "EUR")}, false},
		{goal, "reached", OpEq, []any{false}, true},
		{goal, "reached", OpNe, []any{false}, false},
		{goal, "dueOn", OpBetween, []any{schema.Date{Year: 2026, Month: 1, Day: 1}, goal.DueOn}, true},
		{goal, "dueOn", OpLt, []any{goal.DueOn}, false},
		{goal, "dueOn", OpLte, []any{goal.DueOn}, true},
		{lineOf, "lineNumber", OpGte, []any{int64(7)}, true},
		{lineOf, "lineNumber", OpGt, []any{int64(7)}, false},
		{lineOf, "unitPrice", OpEq, []any{decimal.RequireFromString("1.1")}, true},
		{lineOf, "serialNumbers", OpHas, []any{"B-2"}, true},
		{lineOf, "serialNumbers", OpHas, []any{"B"}, false},
		{note, "occurredAt", OpEq, []any{noon.In(time.FixedZone("x", 3600))}, true},
		{note, "occurredAt", OpLt, []any{noon.Add(time.Microsecond)}, true},
	} {
		f := must(t)(Compare(schema.KindOf(test.e).FieldNamed(test.field), test.op, test.values...))
		if got := f.Match(test.e); got != test.want {
			t.Errorf("%s.Match() = %v, want %v", f, got, test.want)
		}
		if got := Not(f).Match(test.e); got == test.want {
			t.Errorf("not %s.Match() = %v, want %v", f, got, !test.want)
		}
		null := f.compare(nil)
		if masked := f.MatchMasked(test.e, 0); masked != null {
			t.Errorf("%s.MatchMasked(none) = %v, want what null gives, %v", f, masked, null)
		}
	}
}

func TestFilterOfNothing(t *testing.T) {
	t.Parallel()
	var none *Filter
	if !none.Match(&schema.Customer{}) || none.Fields() != 0 || none.String() != "" || none.Shape() != "" || And(nil, nil) != nil || Or() != nil {
		t.Error("a nil filter is not the filter that holds for all")
	}
	one := must(t)(Compare(schema.Customers.FieldNamed("country"), OpEq, "PT"))
	if And(nil, one) != one || Or(one, nil) != one {
		t.Error("a list of one filter is not that filter")
	}
}

// drawFilter makes a filter on customers that the parser takes.
func drawFilter(t *rapid.T, depth int) *Filter {
	if depth > 1 && rapid.Bool().Draw(t, "joint") {
		var list []*Filter
		for range rapid.IntRange(1, 3).Draw(t, "of") {
			list = append(list, drawFilter(t, depth-1))
		}
		op := rapid.SampledFrom([]Op{OpAnd, OpOr, OpNot}).Draw(t, "op")
		if op == OpNot {
			list = list[:1]
		}
		return &Filter{kind: schema.Customers, op: op, list: list}
	}
	f := schema.Customers.FieldNamed(rapid.SampledFrom([]string{"country", "status", "city"}).Draw(t, "field"))
	op := rapid.SampledFrom([]Op{OpEq, OpNe, OpIn, OpIsNull}).Draw(t, "comparison")
	values := []any{rapid.SampledFrom([]string{"PT", "ES"}).Draw(t, "value")}
	if f.Type == schema.Enum {
		values = []any{rapid.SampledFrom(f.Enum).Draw(t, "value")}
	}
	if op == OpIsNull {
		values = []any{rapid.Bool().Draw(t, "null")}
	}
	leaf, err := Compare(f, op, values...)
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}

func TestFilterIsWhatItsTextSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFilter(t, 3)
		g, err := ParseShareFilter(schema.Customers, json.RawMessage(f.String()))
		if err != nil {
			t.Fatalf("ParseShareFilter(%s) = %v", f, err)
		}
		if diff := cmp.Diff(f.String(), g.String()); diff != "" || f.Shape() != g.Shape() || f.Fields() != g.Fields() {
			t.Fatalf("the filter changes on its way through text (-before +after):\n%s", diff)
		}
		c := &schema.Customer{
			Country: rapid.SampledFrom([]string{"", "PT", "ES"}).Draw(t, "country"),
			City:    rapid.SampledFrom([]string{"", "PT", "ES"}).Draw(t, "city"),
			Status:  rapid.SampledFrom([]schema.CustomerStatus{"", schema.Active, schema.Prospect}).Draw(t, "status"),
		}
		if f.Match(c) != g.Match(c) || Not(f).Match(c) == f.Match(c) || Not(Not(f)).Match(c) != f.Match(c) {
			t.Fatalf("%s and its text, or its opposite, disagree about %+v", f, c)
		}
		var a, b Args
		column := func(f *schema.Field) string { return f.Column }
		if f.SQL(&a, column) != g.SQL(&b, column) || !cmp.Equal(a.Values, b.Values) {
			t.Fatalf("%s and its text print different SQL", f)
		}
		hidden := &schema.Customer{City: c.City, Name: "x"} // what f does not compare cannot matter
		if mask := f.Fields(); f.MatchMasked(c, mask) != f.Match(c) || f.MatchMasked(c, schema.Customers.FieldsOf(schema.Internal)) != f.Match(&schema.Customer{}) {
			t.Fatalf("%s looks at more than its fields %x, say of %+v", f, uint64(mask), hidden)
		}
	})
}

func FuzzParseFilter(f *testing.F) {
	for _, sample := range filterSamples {
		f.Add(sample.kind.Name, sample.text)
	}
	f.Add("Firm", `{"field":"partnerTypes","op":"has","value":"RESELLER"}`)
	f.Fuzz(func(t *testing.T, kind, text string) {
		k := schema.KindNamed(kind)
		if k == nil {
			k = schema.Customers
		}
		filter, err := ParseFilter(k, json.RawMessage(text))
		if err != nil {
			if schema.Code(err) != schema.CodeInvalid {
				t.Fatalf("ParseFilter(%q) = %v, want an invalid", text, err)
			}
			return
		}
		again, err := ParseFilter(k, json.RawMessage(filter.String()))
		if err != nil || again.String() != filter.String() {
			t.Fatalf("ParseFilter(%q) gives %s, which reads as %s, %v", text, filter, again, err)
		}
		var args Args
		if sql := filter.SQL(&args, func(f *schema.Field) string { return f.Column }); strings.Count(sql, "$") != len(args.Values) {
			t.Fatalf("%s has %d parameters", sql, len(args.Values))
		}
		filter.Match(k.New())
	})
}
