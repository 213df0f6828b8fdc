package edi_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// isa is a well-formed header with control number 1.
const isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*P*>~"

// document wraps transactions in an interchange and a group of 867 reports.
func document(transactions ...string) string {
	return isa + "\nGS*PT*SENDER*RECEIVER*20240408*0612*1*X*004010~\n" + strings.Join(transactions, "") +
		fmt.Sprintf("GE*%d*1~\nIEA*1*000000001~\n", len(transactions))
}

// report is a clean 867 of 8 segments.
func report(control string) string {
	return "ST*867*" + control + "~\nBPT*00*R" + control + "*20240408*02~\nPTD*SS~\nQTY*32*1~\nLIN*1*VP*MX-1~\nUIT*EA*9.5~\nCTT*1~\nSE*8*" + control + "~\n"
}

// library has the embedded guides.
var library = guide.NewLibrary(sets.Files())

// outcome validates input and writes what happened, one line a transaction and
// one a finding, the latter with the code and the text that it points at.
func outcome(t *testing.T, input string) []string {
	t.Helper()
	rep, err := edi.Collect(guide.NewValidator(edi.NewReader(strings.NewReader(input), edi.Options{}), library, guide.Options{RequireGuide: true}))
	if err != nil {
		t.Fatalf("Collect(%q) = %v", input, err)
	}
	var lines []string
	add := func(l *edi.Findings) {
		for _, f := range l.List {
			here := input[f.Position.Offset:]
			lines = append(lines, fmt.Sprintf("  %s %s %s=%s at %q", f.Severity, f.ID, f.Level, f.Code, here[:min(9, len(here))]))
		}
	}
	add(&rep.Findings)
	for _, ic := range rep.Interchanges {
		lines = append(lines, fmt.Sprintf("ISA %s complete=%v", ic.ControlNumber(), ic.Complete()))
		add(&ic.Findings)
		for _, g := range ic.Groups {
			lines = append(lines, fmt.Sprintf("GS %s complete=%v", g.ControlNumber(), g.Complete()))
			add(&g.Findings)
			for _, ts := range g.Transactions {
				lines = append(lines, fmt.Sprintf("ST %s ok=%v segments=%d", ts.ControlNumber(), ts.OK(), ts.Segments))
				add(&ts.Findings)
			}
		}
	}
	return lines
}

// readAll reads everything and fails on an error.
func readAll(t *testing.T, src io.Reader, o edi.Options) []*edi.Segment {
	t.Helper()
	var all []*edi.Segment
	r := edi.NewReader(src, o)
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("Next() = %v", err)
		}
		all = append(all, s.Clone())
	}
}

// rawOf is what the segments were read from.
func rawOf(all []*edi.Segment) string {
	var b bytes.Buffer
	for _, s := range all {
		b.Write(s.Raw())
	}
	return b.String()
}
