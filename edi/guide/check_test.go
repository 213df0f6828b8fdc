package guide_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
	"fondaco/edi/sets"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sick has something wrong on each level.
const sick = `mail header
ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*Q*>~
GS*PT*SENDER*RECEIVER*20241308*0612*1*X*004010~
ST*867*0001~
BPT*00*R1*20240408*02~
PTD*SS~
QTY*32*1~
LIN*1*VP*MX-1*UP~
UIT*EA>1*nine~
SE*7*0001~
ST*199*0002~
BEG*00*SA*1**20240408~
SE*3*0002~
GE*3*1~
IEA*1*000000001~
`

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = "testdata/" + name
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v; run with -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	var text, lines bytes.Buffer
	sum, err := guide.Check(&text, strings.NewReader(sick), lib, guide.CheckOptions{Name: "sick.edi", Remedies: true})
	if err != nil {
		t.Fatal(err)
	}
	if want := (guide.Summary{Interchanges: 1, Groups: 1, Transactions: 2, Accepted: 1, Errors: 5, Warnings: 2}); sum != want {
		t.Errorf("summary = %+v, want %+v", sum, want)
	}
	golden(t, "check.txt", text.Bytes())
	if _, err := guide.Check(&lines, strings.NewReader(sick), lib, guide.CheckOptions{Name: "sick.edi", JSON: true}); err != nil {
		t.Fatal(err)
	}
	golden(t, "check.jsonl", lines.Bytes())
	for line := range bytes.SplitSeq(bytes.TrimSpace(lines.Bytes()), []byte("\n")) {
		var f edi.Finding
		if err := json.Unmarshal(line, &f); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	var plain, color bytes.Buffer
	if err := guide.Explain(&plain, strings.NewReader(sick), lib, guide.ExplainOptions{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "explain.txt", plain.Bytes())
	if err := guide.Explain(&color, strings.NewReader(sick), lib, guide.ExplainOptions{Color: true}); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(plain.Bytes(), []byte("\x1b[")) || !bytes.Contains(color.Bytes(), []byte("\x1b[31m")) {
		t.Error("colours where none were asked for, or none where they were")
	}
}

func TestCheckOfWhatItCannotRead(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	for input, want := range map[string]error{"hello": edi.ErrNoInterchange, "STX=ANA:1+a+b+c+d'": edi.ErrUnsupported} {
		var out bytes.Buffer
		if _, err := guide.Check(&out, strings.NewReader(input), lib, guide.CheckOptions{}); !errors.Is(err, want) {
			t.Errorf("Check(%q) = %v, want %v", input, err, want)
		}
	}
}

func TestTolerances(t *testing.T) {
	t.Parallel()
	o := guide.Options{ParserOptions: edi.ParserOptions{MaskValues: true, Tolerances: map[string]edi.Severity{
		"x12.element.number": edi.Warning, "x12.element.condition": edi.Ignore}}}
	rep, err := edi.Collect(guide.NewValidator(edi.NewReader(strings.NewReader(sick), edi.Options{}), guide.NewLibrary(sets.Files()), o))
	if err != nil {
		t.Fatal(err)
	}
	ts := rep.Interchanges[0].Groups[0].Transactions[0]
	if !ts.OK() || ts.Warnings != 1 || ts.List[0].Value != "" {
		t.Errorf("transaction = %+v, want one warning without its value", ts.Findings)
	}
}

func TestFindingsAreLimited(t *testing.T) {
	t.Parallel()
	input := header + "ST*867*0001~" + strings.Repeat("QQ*1~", 500) + "SE*502*0001~GE*1*1~IEA*1*000000001~"
	o := guide.Options{Guide: nil, ParserOptions: edi.ParserOptions{MaxFindings: 10}}
	rep, err := edi.Collect(guide.NewValidator(edi.NewReader(strings.NewReader(strings.Replace(input, "009999", "004010", 1)), edi.Options{}), guide.NewLibrary(sets.Files()), o))
	if err != nil {
		t.Fatal(err)
	}
	ts := rep.Interchanges[0].Groups[0].Transactions[0]
	if len(ts.List) != 10 || ts.Errors < 500 || ts.Dropped != ts.Errors+ts.Warnings-10 {
		t.Errorf("%d kept, %d dropped of %d, want 10 kept and all counted", len(ts.List), ts.Dropped, ts.Errors)
	}
}

func validate(tb testing.TB, data []byte, lib *guide.Library) {
	tb.Helper()
	v := guide.NewValidator(edi.NewReader(bytes.NewReader(data), edi.Options{}), lib, guide.Options{})
	for {
		e, err := v.Next()
		if err != nil {
			return
		}
		if e.Kind == edi.TransactionEnd && !e.Transaction.OK() {
			tb.Fatalf("findings: %+v", e.Transaction.List)
		}
	}
}

//nolint:paralleltest // it counts allocations
func TestValidatorAllocatesNothingPerTransaction(t *testing.T) {
	lib := guide.NewLibrary(sets.Files())
	for name, generator := range map[string]func(generate.Options) []byte{"867": generate.SalesReports, "850": generate.PurchaseOrders, "ORDERS": generate.Orders} {
		count := func(n int) float64 {
			data := generator(generate.Options{Transactions: n, Lines: 20})
			return testing.AllocsPerRun(3, func() { validate(t, data, lib) })
		}
		few, many := count(50), count(250)
		if many-few > 20 { // the table of control numbers grows a few times
			t.Errorf("200 more transactions of %s cost %v allocations more, want none", name, many-few)
		}
	}
}
