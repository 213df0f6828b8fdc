package edi_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/internal/generate"
)

// told is everything that a Source tells of envelopes: the events, and the
// report as JSON.
func told(t *testing.T, src edi.Source) (events []string, report string) {
	t.Helper()
	rep, err := edi.Collect(&listener{Source: src, heard: &events})
	b, jsonErr := json.Marshal(rep)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	return events, fmt.Sprintf("%s, %v", b, err)
}

// listener notes the events about envelopes that pass by.
type listener struct {
	edi.Source
	heard *[]string
}

func (l *listener) Next() (*edi.Event, error) {
	e, err := l.Source.Next()
	if err != nil {
		return e, err
	}
	switch e.Kind {
	case edi.InterchangeStart, edi.GroupStart, edi.GroupEnd, edi.InterchangeEnd:
		*l.heard = append(*l.heard, fmt.Sprint(e.Kind, e.Interchange.Index))
	case edi.TransactionStart, edi.TransactionEnd:
		*l.heard = append(*l.heard, fmt.Sprint(e.Kind, e.Interchange.Index, e.Group.Index, e.Transaction.Index, e.Transaction.ControlNumber(), e.Group.Version(), e.Interchange.ControlNumber()))
	case edi.InterchangeControl, edi.TransactionSegment, edi.Stray, edi.Skipped, edi.Advice:
	}
	return e, nil
}

func parser(r *edi.Reader) edi.Source { return edi.NewParser(r, edi.ParserOptions{MaxFindings: 3}) }

// TestParallelTellsTheSame compares pieces of every size with the whole.
func TestParallelTellsTheSame(t *testing.T) {
	t.Parallel()
	orders := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, message(fmt.Sprintf("M%d", i%7)))
		}
		return strings.Join(all, "")
	}
	inputs := map[string]string{
		"clean":                       document(report("0001"), report("0002"), report("0003"), report("0004")),
		"several interchanges":        document(report("0001"), report("0002")) + "\n--\n" + document(report("0001")) + document(),
		"one control number twice":    document(report("0001"), report("0002"), report("0001"), report("0002")),
		"lost SE":                     strings.ReplaceAll(document(report("0001"), report("0002"), report("0003")), "SE*8*0002~\n", ""),
		"lost GE and IEA":             strings.Split(document(report("0001"), report("0002")), "GE*")[0] + document(report("0003")),
		"strays":                      strings.Replace(document(report("0001"), report("0002"), report("0003")), "ST*867*0002", "X1~SE*~~ST*867*0002", 1),
		"binary that looks like more": document(report("0001"), "ST*867*0002~BIN*20*~ST*867*0009~~~~~~~~~SE*3*0002~\n", report("0003")),
		"a header is swallowed":       document(report("0001"), "ST*867*0002~\nREF*IV*47"+strings.TrimSpace(document(report("0001"), report("0002")))+report("0003")),
		"no group":                    isa + report("0001") + report("0002") + "IEA*1*000000001~",
		"EDIFACT":                     unb + orders(9) + "UNZ+9+R1'",
		"EDIFACT in groups":           unb + grouped("G1", orders(3)) + grouped("G1", orders(4)) + orders(2) + "UNZ+9+R1'",
		"EDIFACT, many interchanges":  strings.Repeat("UNA:+.? '\r\n"+exchange(message("M1")), 7),
		"release before a terminator": strings.Replace(exchange(message("M1"), message("M2"), message("M3")), "UNS+S", "FTX+a?'UNH+9'UNS+S", 1),
		"bare":                        orders(4),
		"much between interchanges":   document(report("0001")) + strings.Repeat("much that is none ", 9000) + document(report("0001")) + strings.Repeat(" ", 70_000) + document(report("0001")),
		"longer than buffers":         document(report("0001")) + document(strings.Repeat(report("0001"), 3), "ST*867*0002~\nMSG*"+strings.Repeat("x", 300_000)+"~\nSE*3*0002~\n", strings.Repeat(report("0003"), 700)),
		"nothing":                     "hello",
		"TRADACOMS later":             exchange(message("M1"), message("M2")) + "STX=ANA:1+S'MHD=1+ORDHDR:9'MTR=2'END=1'" + exchange(message("M1")),
	}
	for name, input := range inputs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compareParallel(t, input)
		})
	}
}

func compareParallel(t *testing.T, input string) {
	t.Helper()
	wantEvents, want := told(t, parser(edi.NewReader(strings.NewReader(input), edi.Options{})))
	for _, size := range []int{1, 50, 200, 1000, 1 << 20} {
		p := edi.NewParallel(strings.NewReader(input), int64(len(input)), edi.ParallelOptions{Workers: 3, Piece: size}, parser)
		events, got := told(t, p)
		p.Close()
		if diff := cmp.Diff(wantEvents, events); diff != "" {
			t.Errorf("pieces of %d of %q: events differ (-one +pieces):\n%s", size, input, diff)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pieces of %d of %q: reports differ (-one +pieces):\n%s", size, input, diff)
		}
	}
}

// Damage anywhere changes nothing about that.
func TestParallelTellsTheSameOfDamage(t *testing.T) {
	t.Parallel()
	rounds := 400
	if raced || testing.Short() {
		rounds = 40
	}
	random := rand.New(rand.NewPCG(7, 11))
	good := []string{
		document(report("0001"), report("0002"), report("0003")) + document(report("0001")),
		exchange(message("M1"), message("M2")) + unb + grouped("G1", message("M1"), message("M2")) + "UNZ+1+R1'",
	}
	for range rounds {
		b := []byte(good[random.IntN(len(good))])
		for range 1 + random.IntN(3) {
			at := random.IntN(len(b))
			switch random.IntN(4) {
			case 0:
				b = append(b[:at:at], b[min(len(b), at+1+random.IntN(40)):]...)
			case 1:
				b[at] = "*~+'?\nISAUNBST"[random.IntN(13)]
			case 2:
				from := random.IntN(len(b))
				b = append(b[:at:at], append([]byte(string(b[from:min(len(b), from+random.IntN(120))])), b[at:]...)...)
			case 3:
				b = b[:at+1]
			}
		}
		compareParallel(t, string(b))
	}
}

// A clean file is read once, in pieces that begin where they should and have the
// size that they should have, the first and the last ones less.
func TestParallelCuts(t *testing.T) {
	t.Parallel()
	const piece = 20_000
	for name, c := range map[string]struct{ data, begins string }{
		"850":          {string(generate.PurchaseOrders(generate.Options{Transactions: 400, Lines: 5})), "ST*"},
		"ORDERS":       {string(generate.Orders(generate.Options{Transactions: 400, Lines: 5})), "UNH"},
		"interchanges": {strings.Repeat(exchange(message("M1")), 1000), "\nUN"},
	} {
		opened := make(chan int64, 1000)
		p := edi.NewParallel(strings.NewReader(c.data), int64(len(c.data)), edi.ParallelOptions{Workers: 2, Piece: piece}, func(r *edi.Reader) edi.Source {
			opened <- r.Position().Offset
			return parser(r)
		})
		_, report := told(t, p)
		close(opened)
		var at []int64
		for offset := range opened {
			at = append(at, offset)
			if offset > 0 && !strings.HasPrefix(c.data[offset:]+"UN", c.begins) {
				t.Errorf("%s: a piece begins with %.20q, want %q", name, c.data[offset:], c.begins)
			}
		}
		slices.Sort(at)
		if at[0] != 0 || len(slices.Compact(at)) != len(at) {
			t.Errorf("%s: pieces begin at %d, want each place once", name, at)
		}
		var sizes []int64
		for i := range len(at) - 1 {
			sizes = append(sizes, at[i+1]-at[i])
		}
		most, last := slices.Max(sizes), sizes[len(sizes)-1]
		if most < piece || most > piece+1000 || sizes[0] > piece/4 || last > piece/4 || len(at) < len(c.data)/piece {
			t.Errorf("%s: pieces have %d bytes, want %d and less at both ends", name, sizes, piece)
		}
		if strings.Contains(report, "error\"") {
			t.Errorf("%s: %.500s", name, report)
		}
	}
}

func TestParallelStops(t *testing.T) {
	t.Parallel()
	data := string(generate.PurchaseOrders(generate.Options{Transactions: 200, Lines: 20}))
	p := edi.NewParallel(strings.NewReader(data), int64(len(data)), edi.ParallelOptions{Workers: 2, Piece: 10_000}, parser)
	for range 20 {
		if _, err := p.Next(); err != nil {
			t.Fatal(err)
		}
	}
	p.Close()
	p.Close()
	if _, err := p.Next(); err == nil || err == io.EOF {
		// what is already read may still be given, and then an error that says why there is no more
		for err == nil {
			_, err = p.Next()
		}
		if err == io.EOF {
			t.Error("Next after Close = io.EOF, want an error")
		}
	}
}

// FuzzParallel: pieces tell the same as the whole, whatever is in them.
func FuzzParallel(f *testing.F) {
	for _, s := range []string{
		document(report("0001"), report("0002"), report("0001")),
		document(report("0001"), "ST*867*0002~\nREF*IV*47"+document(report("0001"))+report("0003")),
		unb + grouped("G1", message("M1")) + message("M2") + "UNZ+9+R1'",
		strings.ReplaceAll(exchange(message("M1"), message("M2"), message("M3")), "'UNS+S", "'\r\n\xffFTX+a?'?\xff'\nUNS+S"),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { compareParallel(t, string(data)) })
}
