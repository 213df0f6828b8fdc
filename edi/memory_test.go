package edi_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
)

var size = flag.Int("size", 24, "megabytes of the files that are read to see that memory does not grow with them")

// endless repeats the middle of a file, so that one transaction of any size can
// be read without being held.
type endless struct {
	head, body, tail []byte
	left             int // bodies still to come
	now              []byte
	state            int
}

func (e *endless) Read(p []byte) (int, error) {
	for len(e.now) == 0 {
		switch {
		case e.state == 0:
			e.now, e.state = e.head, 1
		case e.left > 0:
			e.now = e.body
			e.left--
		case e.state == 1:
			e.now, e.state = e.tail, 2
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, e.now)
	e.now = e.now[n:]
	return n, nil
}

// giant is a file of about that many megabytes, what stands between two tags
// being repeated.
func giant(data []byte, from, to string, megabytes int) *endless {
	i, j := bytes.Index(data, []byte(from)), bytes.LastIndex(data, []byte(to))
	return &endless{head: data[:i], body: data[i:j], tail: data[j:], left: megabytes << 20 / (j - i)}
}

// resident is the memory of the process in bytes, zero where nobody says it.
func resident() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

// Files of any size, one giant transaction and many small interchanges among
// them, are read in the memory that a small one needs.
//
//nolint:paralleltest // it measures memory
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("reads much, and measures a memory that is not the race detector's")
	}
	reports := generate.SalesReports(generate.Options{Transactions: 1, Lines: 1000})
	orders := generate.Orders(generate.Options{Transactions: 1, Lines: 1000})
	messages := generate.Orders(generate.Options{Transactions: 1000, Lines: 10})
	purchases := generate.PurchaseOrders(generate.Options{Transactions: 50, Lines: 10})
	for name, c := range map[string]struct {
		source func() io.Reader
		read   func(io.Reader) error
	}{
		"one transaction of X12, validated": {func() io.Reader { return giant(reports, "PTD*", "CTT*", *size) }, func(r io.Reader) error {
			_, err := guide.Check(io.Discard, r, library, guide.CheckOptions{})
			return err
		}},
		"one message of EDIFACT, parsed":         {func() io.Reader { return giant(orders, "LIN+", "UNS+", *size) }, parseAll},
		"one transaction of X12, tokens":         {func() io.Reader { return giant(reports, "PTD*", "CTT*", *size) }, tokens},
		"one message of EDIFACT, validated":      {func() io.Reader { return giant(orders, "LIN+", "UNS+", *size) }, validateAll},
		"one transaction of X12, answered":       {func() io.Reader { return giant(reports, "PTD*", "CTT*", *size) }, answerAll(ack.Policy{})},
		"one message of EDIFACT, answered":       {func() io.Reader { return giant(orders, "LIN+", "UNS+", *size) }, answerAll(ack.Policy{})},
		"many transactions, answered":            {func() io.Reader { return giant(purchases, "ST*", "GE*", *size) }, answerAll(ack.Policy{})},
		"many messages, the wrong ones answered": {func() io.Reader { return giant(messages, "UNH+", "UNZ+", *size) }, answerAll(ack.Policy{ErrorsOnly: true})},
		"many transactions, parsed":              {func() io.Reader { return giant(purchases, "ST*", "GE*", *size) }, parseAll},
		"many interchanges, parsed":              {func() io.Reader { return giant(append(purchases, "x"...), "ISA*", "x", *size) }, parseAll},
		"JSON there and back": {func() io.Reader { return giant(reports, "PTD*", "CTT*", *size/2) }, func(r io.Reader) error {
			pipe, w := io.Pipe()
			go func() { w.CloseWithError(edi.EncodeJSON(w, r)) }()
			return edi.DecodeJSON(io.Discard, pipe)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			runtime.GC()
			before, most := resident(), int64(0)
			err := c.read(&watched{Reader: c.source(), see: func() { most = max(most, resident()) }})
			if err != nil {
				t.Fatal(err)
			}
			if most-before > 32<<20 {
				t.Errorf("the process grew by %d MB, want at most 32", (most-before)>>20)
			}
			t.Logf("%d MB: the process grew by %.1f MB", *size, float64(most-before)/(1<<20))
		})
	}
}

// watched calls see once for every megabyte that is read.
type watched struct {
	io.Reader
	see func()
	n   int
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if w.n += n; w.n >= 1<<20 {
		w.n = 0
		w.see()
	}
	return n, err
}

func tokens(r io.Reader) error {
	for _, err := range edi.NewReader(r, edi.Options{}).All() {
		if err != nil {
			return err
		}
	}
	return nil
}

func validateAll(r io.Reader) error {
	v := guide.NewValidator(edi.NewReader(r, edi.Options{}), library, guide.Options{})
	for {
		if _, err := v.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func answerAll(p ack.Policy) func(io.Reader) error {
	return func(r io.Reader) error {
		v := guide.NewValidator(edi.NewReader(r, edi.Options{}), library, guide.Options{RequireGuide: true,
			ParserOptions: edi.ParserOptions{Tolerances: map[string]edi.Severity{"edifact.transaction.control-duplicate": edi.Ignore}}})
		return ack.NewStream(io.Discard, ack.StreamOptions{Policy: func(*edi.Interchange) ack.Policy { return p }}).Run(v)
	}
}

func parseAll(r io.Reader) error {
	p := edi.NewParser(edi.NewReader(r, edi.Options{}), edi.ParserOptions{MaxFindings: 10})
	for {
		if _, err := p.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Nothing is allocated for a segment or a transaction that is in order.
//
//nolint:paralleltest // it counts allocations
func TestNothingIsAllocatedForASegment(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates")
	}
	for name, generated := range map[string]func(generate.Options) []byte{"850": generate.PurchaseOrders, "ORDERS": generate.Orders} {
		count := func(transactions int) float64 {
			data := generated(generate.Options{Transactions: transactions, Lines: 30})
			return testing.AllocsPerRun(3, func() {
				if err := parseAll(bytes.NewReader(data)); err != nil {
					t.Fatal(err)
				}
			})
		}
		few, many := count(50), count(1050)
		if per := (many - few) / 1000; per > 0.05 { // the table of control numbers grows
			t.Errorf("%s: %.2f allocations for each transaction", name, per)
		}
	}
}
