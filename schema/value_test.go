package schema_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"fondaco/schema"
)

// drawValue draws a canonical value of the field, now and then null.
func drawValue(t *rapid.T, f *schema.Field) any {
	if f.Type != schema.Bool && rapid.IntRange(0, 3).Draw(t, "null") == 0 {
		return nil
	}
	label := f.Name
	switch f.Type {
	case schema.Text:
		return texts().Draw(t, label)
	case schema.Bool:
		return rapid.Bool().Draw(t, label)
	case schema.Int:
		return rapid.Int64().Draw(t, label)
	case schema.Decimal:
		return decimals().Draw(t, label)
	case schema.Amount:
		return money().Draw(t, label)
	case schema.Day:
		return days().Draw(t, label)
	case schema.Instant:
		return instants().Draw(t, label)
	case schema.Enum:
		return rapid.SampledFrom(f.Enum).Draw(t, label)
	case schema.Link:
		return ids().Draw(t, label)
	case schema.TextList:
		return rapid.SliceOfN(texts(), 1, 3).Draw(t, label)
	case schema.EnumList:
		return rapid.SliceOfN(rapid.SampledFrom(f.Enum), 1, 3).Draw(t, label)
	case schema.LinkList:
		return rapid.SliceOfN(ids(), 1, 3).Draw(t, label)
	case schema.JSON:
		raw, err := json.Marshal(map[string]any{"text": texts().Draw(t, label), "number": rapid.Int32().Draw(t, label)})
		if err != nil {
			t.Fatal(err)
		}
		return json.RawMessage(raw)
	}
	panic("no generator for the type of " + f.String())
}

func texts() *rapid.Generator[string] {
	return rapid.StringN(1, 20, -1).Filter(func(s string) bool { return !strings.ContainsRune(s, 0) })
}

func decimals() *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		return decimal.New(rapid.Int64().Draw(t, "coefficient"), -rapid.Int32Range(0, 18).Draw(t, "digits"))
	})
}

func money() *rapid.Generator[schema.Money] {
	return rapid.Custom(func(t *rapid.T) schema.Money {
		m, err := schema.NewMoney(decimals().Draw(t, "amount"), rapid.SampledFrom([]string{"EUR", "JPY", "TND", "CLF", "PLN"}).Draw(t, "currency"))
		if err != nil {
			t.Fatal(err)
		}
		return m
	})
}

func days() *rapid.Generator[schema.Date] {
	return rapid.Custom(func(t *rapid.T) schema.Date {
		return schema.Date{Year: 1, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 3652058).Draw(t, "day"))
	})
}

func instants() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		first, last := time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
		return time.UnixMicro(rapid.Int64Range(first.UnixMicro(), last.UnixMicro()).Draw(t, "instant")).UTC()
	})
}

func ids() *rapid.Generator[schema.ID] {
	return rapid.Custom(func(t *rapid.T) schema.ID {
		return schema.ID(append([]byte{1}, rapid.SliceOfN(rapid.Byte(), 15, 15).Draw(t, "id")...))
	})
}

// drawEntity draws a record of some kind, with values by field name.
func drawEntity(t *rapid.T) (schema.Entity, map[string]any) {
	e := rapid.SampledFrom(schema.Kinds()).Draw(t, "kind").New()
	values := map[string]any{}
	for _, f := range schema.KindOf(e).Fields {
		v := drawValue(t, f)
		if err := f.Set(e, v); err != nil {
			t.Fatalf("Set(%v): %v", v, err)
		}
		values[f.Name] = v
	}
	return e, values
}

func TestSetAndValueAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, values := drawEntity(t)
		for _, f := range schema.KindOf(e).Fields {
			got := f.Value(e)
			if !schema.SameValue(got, values[f.Name]) || fmt.Sprintf("%T", got) != fmt.Sprintf("%T", values[f.Name]) {
				t.Fatalf("%s: Value = %#v after Set(%#v)", f, got, values[f.Name])
			}
			if f.Type != schema.Bool && (got == nil) != schema.SameValue(got, nil) {
				t.Fatalf("%s: SameValue(%#v, nil) is wrong", f, got)
			}
		}
	})
}

func TestEncodedFieldsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, _ := drawEntity(t)
		k := schema.KindOf(e)
		mask := schema.Mask(rapid.Uint64().Draw(t, "mask"))
		raw, err := schema.EncodeFields(e, mask)
		if err != nil {
			t.Fatalf("EncodeFields: %v", err)
		}
		back := k.New()
		unknown, err := schema.DecodeFields(back, raw)
		if err != nil || len(unknown) > 0 {
			t.Fatalf("DecodeFields(%s) = %v, %v", raw, unknown, err)
		}
		for _, f := range k.Fields {
			want := f.Value(e)
			if !mask.Has(f.Bit) {
				want = f.Value(k.New())
			}
			if got := f.Value(back); !schema.SameValue(got, want) {
				t.Fatalf("%s came back as %#v, want %#v", f, got, want)
			}
		}
	})
}

func TestNormalizeIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, _ := drawEntity(t)
		schema.Normalize(e)
		once, err := schema.EncodeFields(e, schema.AllFields)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range schema.KindOf(e).Fields {
			for _, s := range textsOf(f.Value(e)) {
				if s != strings.TrimSpace(s) || !norm.NFC.IsNormalString(s) || s == "" {
					t.Fatalf("%s is %q after Normalize", f, s)
				}
			}
		}
		schema.Normalize(e)
		twice, err := schema.EncodeFields(e, schema.AllFields)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(once, twice) {
			t.Fatalf("Normalize makes of\n%s\nwhen done again\n%s", once, twice)
		}
	})
}

func textsOf(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	}
	return nil
}

func TestSetRefusesOtherTypes(t *testing.T) {
	t.Parallel()
	values := []any{
		"text", true, int64(1), decimal.New(1, 0), schema.Money{Currency: "EUR"}, schema.Date{Year: 2026, Month: 1, Day: 1},
		time.Unix(0, 0), schema.NewID(), []string{"a"}, []schema.ID{schema.NewID()}, json.RawMessage("{}"), 1, 1.5,
	}
	fits := map[schema.FieldType]string{
		schema.Text: "string", schema.Enum: "string", schema.Bool: "bool", schema.Int: "int64", schema.Decimal: "decimal.Decimal",
		schema.Amount: "schema.Money", schema.Day: "schema.Date", schema.Instant: "time.Time", schema.Link: "schema.ID",
		schema.TextList: "[]string", schema.EnumList: "[]string", schema.LinkList: "[]schema.ID", schema.JSON: "json.RawMessage",
	}
	seen := map[schema.FieldType]bool{}
	for _, k := range schema.Kinds() {
		for _, f := range k.Fields {
			seen[f.Type] = true
			for _, v := range values {
				err := f.Set(k.New(), v)
				if want := fmt.Sprintf("%T", v) == fits[f.Type]; (err == nil) != want {
					t.Errorf("%s: Set(%T) = %v, want it taken: %t", f, v, err, want)
				}
			}
		}
	}
	if len(seen) != len(fits) {
		t.Errorf("the kinds have fields of %d types, want all %d", len(seen), len(fits))
	}
}

func TestEncodedForm(t *testing.T) {
	t.Parallel()
	customer, team, firm := schema.ID{15: 1}, schema.ID{15: 2}, schema.ID{15: 3}
	interaction := &schema.Interaction{
		Audience: schema.Audience{
			Audience: schema.AudienceIsFirms, AudienceTeam: schema.Ref[schema.Team](team), AudienceFirms: []schema.FirmID{schema.FirmID(firm)},
		},
		Customer: schema.Ref[schema.Customer](customer), InteractionType: schema.Call, Subject: `"Hi" <b>`,
		OccurredAt:   time.Date(2026, 3, 1, 12, 30, 0, 120_000_000, time.FixedZone("", 3600)),
		Participants: []string{"Ana", "Łukasz"},
	}
	size := int64(-7)
	for _, test := range []struct {
		name string
		e    schema.Entity
		want string
	}{
		{"texts, links and instants", interaction, `{"audience":"FIRMS","audienceTeam":"00000000-0000-0000-0000-000000000002",` +
			`"audienceFirms":["00000000-0000-0000-0000-000000000003"],"customer":"00000000-0000-0000-0000-000000000001",` +
			`"interactionType":"CALL","occurredAt":"2026-03-01T11:30:00.12Z","subject":"\"Hi\" \u003cb\u003e","participants":["Ana","Łukasz"]}`},
		{"money keeps its minor units", &schema.Customer{AnnualRevenue: schema.Money{Amount: decimal.New(15, -1), Currency: "EUR"}},
			`{"annualRevenue":{"amount":"1.50","currency":"EUR"}}`},
		{"decimals and days are texts", &schema.Promotion{StartsOn: schema.Date{Year: 2026, Month: 2, Day: 1}, DiscountPercent: decimal.NewNullDecimal(decimal.New(1250, -2))},
			`{"startsOn":"2026-02-01","discountPercent":"12.5"}`},
		{"whole numbers and documents", &schema.Interchange{Size: &size, Findings: json.RawMessage(`[1]`)},
			`{"test":false,"size":-7,"findings":[1]}`},
		{"false is stated", &schema.User{}, `{"active":false}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			raw, err := schema.EncodeFields(test.e, schema.AllFields)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(raw)); diff != "" {
				t.Errorf("EncodeFields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeFieldsRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind       *schema.Kind
		raw, field string
	}{
		{schema.Customers, `[]`, ""},
		{schema.Customers, `{"name":"x"`, ""},
		{schema.Customers, `{"name":5}`, "name"},
		{schema.Customers, `{"employees":"5"}`, "employees"},
		{schema.Customers, `{"employees":5.5}`, "employees"},
		{schema.Customers, `{"employees":9223372036854775808}`, "employees"},
		{schema.Customers, `{"annualRevenue":"5"}`, "annualRevenue"},
		{schema.Customers, `{"annualRevenue":{"amount":"5","currency":"QQQ"}}`, "annualRevenue"},
		{schema.Customers, `{"annualRevenue":{"amount":5,"currency":"EUR"}}`, "annualRevenue"},
		{schema.Customers, `{"annualRevenue":{"currency":"EUR"}}`, "annualRevenue"},
		{schema.Customers, `{"assignee":"5"}`, "assignee"},
		{schema.Users, `{"active":"true"}`, "active"},
		{schema.Promotions, `{"startsOn":"2026-02-30"}`, "startsOn"},
		{schema.Promotions, `{"discountPercent":"1e3"}`, "discountPercent"},
		{schema.Promotions, `{"products":["x"]}`, "products"},
		{schema.Interactions, `{"occurredAt":"2026-02-01"}`, "occurredAt"},
		{schema.Interactions, `{"participants":"Ana"}`, "participants"},
		{schema.SharingAgreements, `{"terms":"x"}`, "terms"},
	} {
		_, err := schema.DecodeFields(test.kind.New(), json.RawMessage(test.raw))
		if schema.Code(err) != schema.CodeInvalid {
			t.Errorf("DecodeFields(%s, %s) = %v, want invalid", test.kind, test.raw, err)
			continue
		}
		if e, ok := errors.AsType[*schema.Error](err); !ok || e.Field != test.field {
			t.Errorf("DecodeFields(%s, %s) = %v, want an error that names the field %q", test.kind, test.raw, err, test.field)
		}
	}
}

func TestDecodeFieldsKeepsWhatIsUnknown(t *testing.T) {
	t.Parallel()
	c := &schema.Customer{Status: schema.Active, City: "Porto"}
	unknown, err := schema.DecodeFields(c, json.RawMessage(`{"name":"Águas","status":"FROZEN","vibe":{"a":1},"city":null,"region":""}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]json.RawMessage{"status": json.RawMessage(`"FROZEN"`), "vibe": json.RawMessage(`{"a":1}`)}
	if diff := cmp.Diff(want, unknown); diff != "" {
		t.Errorf("unknown (-want +got):\n%s", diff)
	}
	if c.Name != "Águas" || c.Status != schema.Active || c.City != "" {
		t.Errorf("customer is %q, %q, %q; want the name set, the status kept and the city cleared", c.Name, c.Status, c.City)
	}
}

func TestSameValue(t *testing.T) {
	t.Parallel()
	now := time.Now()
	id := schema.NewID()
	for _, test := range []struct {
		name string
		a, b any
		want bool
	}{
		{"nothing and nothing", nil, nil, true},
		{"nothing and something", nil, "x", false},
		{"digits behind the point", decimal.RequireFromString("1.5"), decimal.RequireFromString("1.50"), true},
		{"amounts", schema.Money{Amount: decimal.RequireFromString("1.5"), Currency: "EUR"}, schema.Money{Amount: decimal.RequireFromString("1.50"), Currency: "EUR"}, true},
		{"currencies", schema.Money{Currency: "EUR"}, schema.Money{Currency: "PLN"}, false},
		{"zones", now, now.In(time.FixedZone("", 3600)), true},
		{"types", "1", int64(1), false},
		{"a list and its entry", []string{"a"}, "a", false},
		{"lists in order", []string{"a", "b"}, []string{"a", "b"}, true},
		{"lists out of order", []string{"a", "b"}, []string{"b", "a"}, false},
		{"ids", []schema.ID{id}, []schema.ID{id}, true},
		{"documents", json.RawMessage(`{"a":1,"b":[2]}`), json.RawMessage(`{ "b": [2], "a": 1 }`), true},
		{"other documents", json.RawMessage(`{"a":1}`), json.RawMessage(`{"a":2}`), false},
		{"days", schema.Date{Year: 2026, Month: 1, Day: 1}, schema.Date{Year: 2026, Month: 1, Day: 1}, true},
		{"largest numbers", int64(math.MaxInt64), int64(math.MaxInt64 - 1), false},
	} {
		if got := schema.SameValue(test.a, test.b); got != test.want {
			t.Errorf("%s: SameValue(%v, %v) = %t, want %t", test.name, test.a, test.b, got, test.want)
		}
	}
}

// FuzzDecodeFields: what another node sends never panics, and what was taken
// from it can be sent on.
func FuzzDecodeFields(f *testing.F) {
	f.Add(0, []byte(`{}`))
	for i, k := range schema.Kinds() {
		var fields []string
		for _, field := range k.Fields {
			fields = append(fields, fmt.Sprintf("%q:%s", field.Name, seeds[field.Type]))
		}
		f.Add(i, []byte("{"+strings.Join(fields, ",")+"}"))
	}
	f.Fuzz(func(t *testing.T, kind int, raw []byte) {
		k := schema.Kinds()[uint(kind)%uint(len(schema.Kinds()))]
		e := k.New()
		if _, err := schema.DecodeFields(e, raw); err != nil {
			return
		}
		once, err := schema.EncodeFields(e, schema.AllFields)
		if err != nil {
			t.Fatalf("EncodeFields after DecodeFields(%s): %v", raw, err)
		}
		again := k.New()
		if unknown, err := schema.DecodeFields(again, once); err != nil || len(unknown) > 0 {
			t.Fatalf("DecodeFields(%s) = %v, %v", once, unknown, err)
		}
		twice, err := schema.EncodeFields(again, schema.AllFields)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%s became %s, %v", once, twice, err)
		}
		_ = schema.Check(e)
		schema.Normalize(e)
	})
}

var seeds = map[schema.FieldType]string{
	schema.Text: `"Águas do Porto"`, schema.Bool: `true`, schema.Int: `-12`, schema.Decimal: `"-12.5"`,
	schema.Amount: `{"amount":"12.5","currency":"EUR"}`, schema.Day: `"2026-01-31"`, schema.Instant: `"2026-01-31T12:00:00+01:00"`,
	schema.Enum: `"ACTIVE"`, schema.Link: `"0193b0a0-0000-7000-8000-000000000001"`, schema.TextList: `["a","b"]`,
	schema.EnumList: `["SALES"]`, schema.LinkList: `["0193b0a0-0000-7000-8000-000000000001"]`, schema.JSON: `[{"a":null}]`,
}
