package trading_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fondaco/exchange/trading"
	"fondaco/schema"
)

func TestFolder(t *testing.T) {
	t.Parallel()
	w := open(t)
	in := file(1, sale("R1", "FT 1", hospital, "MX-1", 3))
	w.drop("week.edi", in[:100])
	w.drop("later.edi.part", in)
	w.drop("empty.edi", "")
	w.cycle()
	w.drop("week.edi", in[:300])
	w.cycle()
	want(t, "in/ while the file grows", w.files("in"), []string{"empty.edi", "later.edi.part", "week.edi"})
	w.drop("week.edi", in)
	for range 3 {
		w.cycle()
	}
	want(t, "in/", w.files("in"), []string{"empty.edi", "later.edi.part", "week.edi.done"})
	want(t, "out/", w.files("out"), []string{"997-000000001.edi"})
	want(t, "err/", w.files("err"), []string{})
	want(t, "reports", w.list(w.maker, schema.SalesReports, "reportNumber"), []string{"R1"})
	done, err := os.ReadFile(filepath.Join(w.Folder(w.partner), "in", "week.edi.done"))
	if err != nil || string(done) != in {
		t.Errorf("the file that was given back = %q, %v, want the bytes that were dropped", done, err)
	}
	// The partner took the answer away, and sends the same again: it is answered again.
	if err := os.Remove(filepath.Join(w.Folder(w.partner), "out", "997-000000001.edi")); err != nil {
		t.Fatal(err)
	}
	w.drop("week.edi", in)
	for range 3 {
		w.cycle()
	}
	want(t, "in/ after the second time", w.files("in"), []string{"empty.edi", "later.edi.part", "week.edi.2.done", "week.edi.done"})
	want(t, "out/ after the second time", w.files("out"), []string{"997-000000001.edi"})
	want(t, "err/ after the second time", w.files("err"), []string{"week.edi.err.txt"})
}

func TestReportInWords(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.drop("week.edi", file(417, sale("R1", "FT 1", hospital, "MX-1", 3), bad("R2")))
	w.cycle()
	w.cycle()
	text, err := os.ReadFile(filepath.Join(w.Folder(w.partner), "err", "week.edi.err.txt"))
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(text), ". ")
	want(t, "report", body, `Some of it was taken; what is listed as rejected was not.

Transaction set 867 0002: rejected
  line 36, column 8: error: UIT02 (Unit price) is no number: "12,50".
    at ISA[1]/GS[1]/ST[2]/PTD[1]/QTY[1]/UIT[1]/02
    Send digits, with a leading minus and a decimal mark where the type has one.
`)
}

func TestFileThatIsTooLarge(t *testing.T) {
	t.Parallel()
	w := open(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := trading.New(trading.Options{Partners: w.node.Service, Dir: w.dir, Stable: 1, MaxFile: 200})
	if err != nil {
		t.Fatal(err)
	}
	w.Service = s
	w.drop("big.edi", file(1, sale("R1", "FT 1", hospital, "MX-1", 3)))
	w.cycle()
	w.cycle()
	want(t, "in/", w.files("in"), []string{})
	want(t, "err/", w.files("err"), []string{"big.edi", "big.edi.err.txt"})
}

func TestSecondProcessOnTheSameFolder(t *testing.T) {
	t.Parallel()
	w := open(t)
	_, err := trading.New(trading.Options{Partners: w.node.Service, Dir: w.dir})
	if schema.Code(err) != schema.CodeUnavailable || !strings.Contains(err.Error(), w.dir) {
		t.Errorf("New() = %v, want a refusal that names the folder", err)
	}
}
