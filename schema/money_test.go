package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"fondaco/schema"
)

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, want string // want "" for an error
	}{
		{"0", "0"},
		{"12", "12"},
		{"-12.50", "-12.5"},
		{"+12.50", "12.5"},
		{"-0", "0"},
		{".5", "0.5"},
		{"5.", "5"},
		{"007", "7"},
		{strings.Repeat("9", 20) + "." + strings.Repeat("1", 18), strings.Repeat("9", 20) + "." + strings.Repeat("1", 18)},
		{strings.Repeat("9", 21), ""},
		{"0." + strings.Repeat("1", 19), ""},
		{"", ""},
		{".", ""},
		{"-", ""},
		{"--1", ""},
		{"1-", ""},
		{"1.2.3", ""},
		{"1,5", ""},
		{"1 000", ""},
		{" 1", ""},
		{"1e3", ""},
		{"1e999999999", ""},
		{"0x10", ""},
		{"١", ""},
		{"NaN", ""},
		{"Infinity", ""},
	} {
		got, err := schema.ParseDecimal(test.text)
		switch {
		case test.want == "" && err == nil:
			t.Errorf("ParseDecimal(%q) = %s, want an error", test.text, got)
		case test.want != "" && (err != nil || got.String() != test.want):
			t.Errorf("ParseDecimal(%q) = %s, %v, want %s", test.text, got, err, test.want)
		}
	}
}

// FuzzParseDecimal: what was read can be written and read again, also as an
// amount with all minor units, and a short text never makes a long number.
func FuzzParseDecimal(f *testing.F) {
	for _, seed := range []string{"0", "-12.50", "+.5", "5.", strings.Repeat("9", 20) + "." + strings.Repeat("9", 18), "1e9", "٣", "--"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := schema.ParseDecimal(text)
		if err != nil {
			return
		}
		if len(d.String()) > len(text)+1 {
			t.Errorf("ParseDecimal(%q) = %s, which is longer", text, d)
		}
		again, err := schema.ParseDecimal(d.String())
		if err != nil || !again.Equal(d) {
			t.Errorf("ParseDecimal(%q) = %s, %v, want %s", d.String(), again, err, d)
		}
		field := schema.Customers.FieldNamed("annualRevenue")
		for _, currency := range []string{"EUR", "JPY", "CLF"} {
			m, err := schema.NewMoney(d, currency)
			if err != nil {
				continue // rounded up to one digit too many
			}
			raw, err := field.EncodeValue(m)
			if err != nil {
				t.Fatal(err)
			}
			back, err := field.DecodeValue(raw)
			if err != nil || !schema.SameValue(back, m) {
				t.Errorf("%s came back from %s as %v, %v", m, raw, back, err)
			}
		}
	})
}

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ amount, currency, want string }{
		{"12.5", "EUR", "12.50 EUR"},
		{"0", "EUR", "0.00 EUR"},
		{"-0.005", "EUR", "-0.01 EUR"},
		{"12.5", "JPY", "13 JPY"},
		{"1.2345", "TND", "1.235 TND"},
		{"1.23456", "UYW", "1.2346 UYW"},
		{"12.5", "eur", ""},
		{"12.5", "QQQ", ""},
		{"12.5", "", ""},
		{"twelve", "EUR", ""},
		{"99999999999999999999.99", "EUR", "99999999999999999999.99 EUR"},
		{"99999999999999999999.999", "EUR", ""},
	} {
		m, err := schema.ParseMoney(test.amount, test.currency)
		if (err != nil) != (test.want == "") || m.String() != test.want {
			t.Errorf("ParseMoney(%q, %q) = %q, %v, want %q", test.amount, test.currency, m, err, test.want)
		}
	}
	zero, err := schema.ParseMoney("0", "EUR")
	if err != nil || zero.IsZero() {
		t.Errorf("0.00 EUR is not stated (%v), want it stated", err)
	}
	if (schema.Money{}).String() != "" || !(schema.Money{}).IsZero() {
		t.Error("the zero Money stands for something")
	}
	raw, err := json.Marshal(zero)
	if err != nil || string(raw) != `{"amount":"0","currency":"EUR"}` {
		t.Errorf("Marshal = %s, %v", raw, err)
	}
}
