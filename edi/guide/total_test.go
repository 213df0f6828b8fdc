package guide_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

func TestHashTotal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		values string
		digits int
		want   string
	}{
		{"", 10, "0"},
		{"-.0018 .18 1.8 18.01", 10, "1855"}, // the example that describes the element
		{"-.0018 .18 1.8 18.01", 3, "855"},
		{"18E2 1", 10, "19"}, // an exponent is no digit of the value
		{"9999999999 1", 10, "0"},
		{"9999999999 1", 0, "10000000000"},
		{"999999999999999999999999 1", 10, "0"},
		{"1,5", 10, "15"},
	} {
		var h guide.HashTotal
		for v := range strings.FieldsSeq(test.values) {
			if !h.Add([]byte(v)) {
				t.Errorf("Add(%q) = false", v)
			}
		}
		if got := h.Text(test.digits); got != test.want {
			t.Errorf("hash total of %q in %d digits = %s, want %s", test.values, test.digits, got, test.want)
		}
	}
	var h guide.HashTotal
	for _, v := range []string{"", "-", ".", "1-2", "abc", "E5", "1x"} {
		if h.Add([]byte(v)) {
			t.Errorf("Add(%q) = true, want false", v)
		}
	}
	if got := h.Text(10); got != "0" {
		t.Errorf("total after values that are none = %s, want 0", got)
	}
}

// invoice is an 810 with these segments between its beginning and its trailer.
func invoice(t *testing.T, segments string) []string {
	t.Helper()
	body := "ST*810*0001~BIG*20240408*1~" + segments
	n := strings.Count(body, "~") + 1
	document := "ISA*00*          *00*          *ZZ*A              *ZZ*B              *240408*0612*U*00401*000000001*0*T*:~GS*IN*AA*BB*20240408*0612*1*X*004010~" +
		body + "SE*" + strconv.Itoa(n) + "*0001~GE*1*1~IEA*1*000000001~"
	return described(t, document)
}

// described is what is found of the transaction as a whole, in short.
func described(t *testing.T, document string) []string {
	t.Helper()
	var list []string
	for _, f := range findings(t, []byte(document), guide.NewLibrary(sets.Files()), guide.Options{RequireGuide: true}) {
		if _, rule, _ := strings.Cut(f.ID, "."); strings.HasPrefix(rule, "transaction.") {
			list = append(list, fmt.Sprintf("%s %s %s%02d says %s, is %s", f.Severity, rule, f.Path.Tag, f.Path.Element, f.Value, f.Expected))
		}
	}
	return list
}

func TestTotalsOfAnInvoice(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, segments string
		want           []string
	}{
		{"hash total", "IT1**2*EA*10~IT1**3*EA*1~TDS*2300~CTT*2*5~", nil},
		{"hash total with zeros before", "IT1**2*EA*10~IT1**3*EA*1~TDS*2300~CTT*2*0005~", nil},
		{"no hash total", "IT1**2*EA*10~IT1**3*EA*1~TDS*2300~CTT*2~", nil},
		{"wrong hash total", "IT1**2*EA*10~IT1**3*EA*1~TDS*2300~CTT*2*6~", []string{"error transaction.hash-total CTT02 says 6, is 5"}},
		{"decimal points are not regarded", "IT1**1.5*EA*10~IT1**3*EA*1~TDS*1800~CTT*2*18~", nil},
		{"a value with many zeros", "IT1**1.00000000*EA*10~IT1**3*EA*1~TDS*1300~CTT*2*100000003~", nil},
		{"neither are signs", "IT1**-1*EA*10~IT1**3*EA*1~TDS*-700~CTT*2*4~", nil},
		{"a plain sum is a warning", "IT1**1.5*EA*10~IT1**3*EA*1~TDS*1800~CTT*2*4.5~", []string{"warning transaction.hash-as-sum CTT02 says 4.5, is 18"}},
		{"a plain sum with signs too", "IT1**-1*EA*10~IT1**3*EA*1~TDS*-700~CTT*2*2~", []string{"warning transaction.hash-as-sum CTT02 says 2, is 4"}},
		{"digits on the left are lost", "IT1**999999999.9*EA~IT1**2*EA~TDS*1~CTT*2*1~", nil},
		{"sum of the lines", "IT1**2*EA*10*PE~IT1**3*EA*1.115~TDS*2335~CTT*2~", nil},
		{"wrong sum of the lines", "IT1**2*EA*10*PE~IT1**3*EA*1~TDS*2400~", []string{"warning transaction.total TDS01 says 2400, is 2300"}},
		{"allowance and charge", "IT1**2*EA*10~TDS*2100~SAC*C*D240***300~SAC*A*C310***200~", nil},
		{"charge left out", "IT1**2*EA*10~TDS*2000~SAC*C*D240***300~", []string{"warning transaction.total TDS01 says 2000, is 2300"}},
		{"price of a hundred", "IT1**200*EA*10*HP~TDS*2000~", nil},
		{"line without a price", "IT1**2*EA*10~IT1**2*EA~TDS*9900~", nil},
		{"tax", "IT1**2*EA*10~TDS*2460~TXI*VA*4.6~", nil},
		{"allowance as a percentage", "IT1**2*EA*10~TDS*1800~SAC*A*C310****3*10~", nil},
		{"charge of a line, which the summary may repeat", "IT1**2*EA*10~SAC*C*D240***300~TDS*2300~", nil},
		{"no lines", "TDS*1800~", nil},
		{"credit", "IT1**2*EA*10~TDS*-2000~", []string{"warning transaction.total TDS01 says -2000, is 2000"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, invoice(t, test.segments)); diff != "" {
				t.Errorf("findings of %q (-want +got):\n%s", test.segments, diff)
			}
		})
	}
}

func TestControlTotals(t *testing.T) {
	t.Parallel()
	despatch := func(body string) string {
		n := strconv.Itoa(3 + strings.Count(body, "'"))
		return "UNB+UNOC:3+A+B+240408:0612+1'UNH+1+DESADV:D:96A:UN'BGM+351+1'" + body + "UNT+" + n + "+1'UNZ+1+1'"
	}
	lines := "CPS+1'PAC+3'LIN+1'QTY+12:5'LIN+2'QTY+12:2.5'QTY+59:12'"
	for _, test := range []struct {
		name, body string
		want       []string
	}{
		{"all right", lines + "CNT+1:7.5'CNT+2:2'CNT+11:3'", nil},
		{"quantities", lines + "CNT+1:8'", []string{"warning transaction.total CNT01 says 8, is 7.5"}},
		{"lines", lines + "CNT+2:3'", []string{"warning transaction.total CNT01 says 3, is 2"}},
		{"packages", lines + "CNT+11:4'", []string{"warning transaction.total CNT01 says 4, is 3"}},
		{"packages within packages", "CPS+1'PAC+1'CPS+2+1'PAC+3'LIN+1'QTY+12:5'CNT+11:1'", nil},
		{"levels of packages", "CPS+1'PAC+1+3'PAC+4+1'LIN+1'QTY+12:5'CNT+11:1'", nil},
		{"sublines", "CPS+1'LIN+1'QTY+12:5'LIN+2+++1:1'QTY+12:2'CNT+1:5'", nil},
		{"no quantities", "CPS+1'LIN+1'CNT+1:8'", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, described(t, despatch(test.body))); diff != "" {
				t.Errorf("findings of %q (-want +got):\n%s", test.body, diff)
			}
		})
	}
}

// Documents with a wrong hash total, and with a sum in its place, can be had.
func TestBrokenHashTotals(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	for _, name := range []string{"x12/004010/850", "x12/004010/810", "x12/005010/855", "x12/005010/860", "x12/005010/846"} {
		g, err := lib.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		list, err := guide.Broken(g, guide.SampleOptions{})
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, b := range list {
			ids[b.ID] = true
		}
		for _, id := range []string{"x12.transaction.total", "x12.transaction.hash-total", "x12.transaction.hash-as-sum"} {
			if !ids[id] {
				t.Errorf("Broken(%s) has no document for %s", name, id)
			}
		}
	}
}

func TestRulesOfTotalsThatAreNone(t *testing.T) {
	t.Parallel()
	dict, err := guide.ParseDictionary("d", "element 1 R 1 9 \"N\"\nelement 143 ID 3 3 \"S\"\nelement 329 AN 4 9 \"C\"\nelement 96 N0 1 9 \"N\"\nsegment ST \"ST\"\n  01 143 M\n  02 329 M\nsegment AA \"AA\"\n  01 1 O\n  02 1 O\nsegment SE \"SE\"\n  01 96 M\n  02 329 M\n")
	if err != nil {
		t.Fatal(err)
	}
	for rule, good := range map[string]bool{
		"hash AA/01 AA/02": true, "hash AA/01 AA": false, "hash AA AA/01": false, "hash AA/01": false, "hash AA/01 AA/02*01": false,
		"hash AA/01 AA/02 unless AA": true, "hash AA/01 AA/02 unless": false, "hash AA/01 AA/02 unless AA or": false, "hash AA/01 AA/02 unless AA and AA": false,
		"sum AA/01 AA/02 unless AA/01=3 or AA/02!=4|5 unconfirmed": true, "count AA/01 AA unless BB": false, "unless AA": false,
		"limit AA 5 unless AA": false,
	} {
		_, err := guide.Parse("g", "guide x12 004010 999 FA \"T\"\nstructure\n  ST M 1\n  AA O *\n  SE M 1\nrules\n  "+rule+"\n", dict)
		if (err == nil) != good {
			t.Errorf("rule %q: %v, want good: %v", rule, err, good)
		}
	}
}
