package edi_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
)

// unb is a well-formed header with control reference R1.
const unb = "UNB+UNOC:3+5790000000012:14+5790000000029:14+240408:0612+R1'"

// message is a clean ORDERS of 5 segments.
func message(reference string) string {
	return "UNH+" + reference + "+ORDERS:D:96A:UN:EAN008'\nBGM+220+PO" + reference + "+9'\nDTM+137:20240408:102'\nUNS+S'\nUNT+5+" + reference + "'\n"
}

// exchange wraps messages in an interchange.
func exchange(messages ...string) string {
	return unb + "\n" + strings.Join(messages, "") + fmt.Sprintf("UNZ+%d+R1'\n", len(messages))
}

// grouped wraps messages in a group.
func grouped(reference string, messages ...string) string {
	return "UNG+ORDERS+A+B+240408:0612+" + reference + "+UN+D:96A'\n" + strings.Join(messages, "") + fmt.Sprintf("UNE+%d+%s'\n", len(messages), reference)
}

// envelopes writes what the parser alone makes of input.
func envelopes(t *testing.T, input string) []string {
	t.Helper()
	rep, err := edi.Collect(edi.NewParser(edi.NewReader(strings.NewReader(input), edi.Options{}), edi.ParserOptions{}))
	if err != nil {
		t.Fatalf("Collect(%q) = %v", input, err)
	}
	var lines []string
	add := func(l *edi.Findings) {
		for _, f := range l.List {
			here := input[f.Position.Offset:]
			lines = append(lines, fmt.Sprintf("  %s %s %s=%s %s at %q", f.Severity, f.ID, f.Level, f.Code, f.Path, here[:min(9, len(here))]))
		}
	}
	add(&rep.Findings)
	for _, ic := range rep.Interchanges {
		lines = append(lines, fmt.Sprintf("%s %s %s groups=%d transactions=%d complete=%v", ic.Header.Tag(), ic.Standard(), ic.ControlNumber(), ic.Count, ic.Transactions, ic.Complete()))
		add(&ic.Findings)
		for _, g := range ic.Groups {
			if !g.Implicit() {
				lines = append(lines, fmt.Sprintf(" %s %s complete=%v", g.Header.Tag(), g.ControlNumber(), g.Complete()))
			}
			add(&g.Findings)
			for _, ts := range g.Transactions {
				lines = append(lines, fmt.Sprintf(" %s %s %s ok=%v segments=%d", ts.Header.Tag(), ts.ControlNumber(), ts.Set(), ts.OK(), ts.Segments))
				add(&ts.Findings)
			}
		}
	}
	return lines
}

func TestParserFollowsEDIFACT(t *testing.T) {
	t.Parallel()
	good := exchange(message("M1"), message("M2"))
	clean := func(complete string) []string {
		return []string{
			`UNB EDIFACT R1 groups=0 transactions=2 complete=` + complete,
			` UNH M1 ORDERS ok=true segments=5`,
			` UNH M2 ORDERS ok=true segments=5`,
		}
	}
	with := func(at int, extra ...string) []string {
		c := clean("true")
		return append(append(append([]string(nil), c[:at]...), extra...), c[at:]...)
	}
	tests := []struct {
		name  string
		input string
		want  []string
	}{
		{"nothing is wrong", good, clean("true")},
		{"service string advice", "UNA:+.? '\r\n" + good, clean("true")},
		{"service string advice that lost its blank", "UNA:+.?'\n" + good, append([]string{
			`  warning x12.file.skipped file= - at "UNA:+.?'\n"`}, clean("true")...)},
		{"groups", unb + grouped("G1", message("M1")) + grouped("G2", message("M1"), message("M2")) + "UNZ+2+R1'", []string{
			`UNB EDIFACT R1 groups=2 transactions=3 complete=true`,
			` UNG G1 complete=true`,
			` UNH M1 ORDERS ok=true segments=5`,
			` UNG G2 complete=true`,
			` UNH M1 ORDERS ok=true segments=5`,
			` UNH M2 ORDERS ok=true segments=5`,
		}},
		{"wrong count in UNT", strings.Replace(good, "UNT+5+M1", "UNT+6+M1", 1), []string{
			`UNB EDIFACT R1 groups=0 transactions=2 complete=true`,
			` UNH M1 ORDERS ok=false segments=5`,
			`  error edifact.transaction.count transaction=29 UNB[1]/UNH[1]/UNT#5/01 at "6+M1'\nUNH"`,
			` UNH M2 ORDERS ok=true segments=5`,
		}},
		{"wrong reference in UNT", strings.Replace(good, "UNT+5+M1", "UNT+5+M7", 1), []string{
			`UNB EDIFACT R1 groups=0 transactions=2 complete=true`,
			` UNH M1 ORDERS ok=false segments=5`,
			`  error edifact.transaction.control-mismatch transaction=28 UNB[1]/UNH[1]/UNT#5/02 at "M7'\nUNH+M"`,
			` UNH M2 ORDERS ok=true segments=5`,
		}},
		{"missing UNT", strings.Replace(good, "UNT+5+M1'\n", "", 1), []string{
			`UNB EDIFACT R1 groups=0 transactions=2 complete=true`,
			` UNH M1 ORDERS ok=false segments=4`,
			`  error edifact.transaction.trailer-missing transaction=13 UNB[1]/UNH[1] at "UNH+M2+OR"`,
			` UNH M2 ORDERS ok=true segments=5`,
		}},
		{"missing UNZ before the next interchange", strings.Replace(good, "UNZ+2+R1'\n", "", 1) + "UNA:+.? '" + good, append([]string{
			`UNB EDIFACT R1 groups=0 transactions=2 complete=false`,
			`  error edifact.interchange.trailer-missing interchange=13 UNB[1]/UNA at "UNA:+.? '"`,
			` UNH M1 ORDERS ok=true segments=5`,
			` UNH M2 ORDERS ok=true segments=5`,
		}, clean("true")...)},
		{"wrong trailer of the interchange", strings.Replace(good, "UNZ+2+R1", "UNZ+1+R2", 1), with(1,
			`  error edifact.interchange.count interchange=29 UNB[1]/UNZ/01 at "1+R2'\n"`,
			`  error edifact.interchange.control-mismatch interchange=28 UNB[1]/UNZ/02 at "R2'\n"`)},
		{"wrong trailer of a group", unb + strings.Replace(grouped("G1", message("M1")), "UNE+1+G1", "UNE+2+G2", 1) + "UNZ+1+R1'", []string{
			`UNB EDIFACT R1 groups=1 transactions=1 complete=true`,
			` UNG G1 complete=true`,
			`  error edifact.group.count group=29 UNB[1]/UNG[1]/UNE/01 at "2+G2'\nUNZ"`,
			`  error edifact.group.control-mismatch group=28 UNB[1]/UNG[1]/UNE/02 at "G2'\nUNZ+1"`,
			` UNH M1 ORDERS ok=true segments=5`,
		}},
		{"missing UNE", unb + strings.Replace(grouped("G1", message("M1")), "UNE+1+G1'\n", "", 1) + grouped("G2", message("M1")) + "UNZ+2+R1'", []string{
			`UNB EDIFACT R1 groups=2 transactions=2 complete=true`,
			` UNG G1 complete=false`,
			`  error edifact.group.trailer-missing group=13 UNB[1]/UNG[1] at "UNG+ORDER"`,
			` UNH M1 ORDERS ok=true segments=5`,
			` UNG G2 complete=true`,
			` UNH M1 ORDERS ok=true segments=5`,
		}},
		{"groups and messages mixed", unb + grouped("G1", message("M1")) + message("M2") + "UNZ+2+R1'", []string{
			`UNB EDIFACT R1 groups=1 transactions=2 complete=true`,
			`  error edifact.interchange.mixed interchange=30 UNB[1] at "UNH+M2+OR"`,
			` UNG G1 complete=true`,
			` UNH M1 ORDERS ok=true segments=5`,
			` UNH M2 ORDERS ok=true segments=5`,
		}},
		{"two types in one group", unb + grouped("G1", message("M1"), strings.ReplaceAll(message("M2"), "ORDERS", "ORDRSP")) + "UNZ+1+R1'", []string{
			`UNB EDIFACT R1 groups=1 transactions=2 complete=true`,
			` UNG G1 complete=true`,
			`  error edifact.group.types group=31 UNB[1]/UNG[1]/02-1 at "ORDRSP:D:"`,
			` UNH M1 ORDERS ok=true segments=5`,
			` UNH M2 ORDRSP ok=true segments=5`,
		}},
		{"segments outside of messages", strings.Replace(good, "UNH+M2", "LIN+1'\nUNH+M2", 1), with(1,
			`  error edifact.segment.stray interchange=33 UNB[1]/LIN at "LIN+1'\nUN"`)},
		{"a trailer that nothing began", strings.Replace(good, "UNZ", "UNT+5+M2'\nUNZ", 1), with(1,
			`  error edifact.segment.stray interchange=33 UNB[1]/UNT at "UNT+5+M2'"`)},
		{"one reference twice", strings.ReplaceAll(good, "M2", "M1"), []string{
			`UNB EDIFACT R1 groups=0 transactions=2 complete=true`,
			` UNH M1 ORDERS ok=true segments=5`,
			` UNH M1 ORDERS ok=false segments=5`,
			`  error edifact.transaction.control-duplicate transaction=26 UNB[1]/UNH[2]/01 at "M1+ORDERS"`,
		}},
		{"nothing inside", exchange(), []string{
			`UNB EDIFACT R1 groups=0 transactions=0 complete=true`,
			`  error edifact.interchange.empty interchange=32 UNB[1]/UNZ at "UNZ+0+R1'"`,
		}},
		{"bare messages", "\n" + message("M1") + message("M2"), []string{
			` EDIFACT  groups=0 transactions=2 complete=false`,
			`  error edifact.interchange.header-missing interchange=13 UNB[1] at "UNH+M1+OR"`,
			` UNH M1 ORDERS ok=true segments=5`,
			` UNH M2 ORDERS ok=true segments=5`,
		}},
		{"file cut in UNT", good[:strings.LastIndex(good, "UNT")+5], []string{
			`UNB EDIFACT R1 groups=0 transactions=2 complete=false`,
			`  error edifact.interchange.trailer-missing interchange=13 UNB[1] at ""`,
			` UNH M1 ORDERS ok=true segments=5`,
			` UNH M2 ORDERS ok=false segments=5`,
			`  error edifact.segment.unterminated segment=18 UNB[1]/UNH[2]/UNT#5 at "UNT+5"`,
			`  error edifact.transaction.trailer-missing transaction=13 UNB[1]/UNH[2] at ""`,
		}},
		{"terminator of UNZ lost", strings.TrimSuffix(good, "'\n") + "\n" + good, append(with(1,
			`  warning edifact.segment.unterminated interchange= UNB[1]/UNZ at "UNZ+2+R1\n"`), clean("true")...)},
		{"terminator of UNZ lost at the end of the file", strings.TrimSuffix(good, "'\n") + "\r\n", with(1,
			`  warning edifact.segment.unterminated interchange= UNB[1]/UNZ at "UNZ+2+R1\r"`)},
		{"a file cut inside a segment swallows no interchange", good[:strings.LastIndex(good, "UNS")] + "LIN+1++47" + good, append([]string{
			`UNB EDIFACT R1 groups=0 transactions=2 complete=false`,
			`  error edifact.interchange.trailer-missing interchange=13 UNB[1] at "UNB+UNOC:"`,
			` UNH M1 ORDERS ok=true segments=5`,
			` UNH M2 ORDERS ok=false segments=4`,
			`  error edifact.segment.unterminated segment=18 UNB[1]/UNH[2]/LIN#4 at "LIN+1++47"`,
			`  error edifact.transaction.trailer-missing transaction=13 UNB[1]/UNH[2] at "UNB+UNOC:"`,
		}, clean("true")...)},
		{"header values", strings.Replace(good, "UNB+UNOC:3+5790000000012:14+5790000000029:14+240408:0612", "UNB+UNO1:7++5790000000029:14+241308:0612", 1), with(1,
			`  error edifact.interchange.header-value interchange=2 UNB[1]/01-1 at "UNO1:7++5"`,
			`  error edifact.interchange.header-value interchange=2 UNB[1]/01-2 at "7++579000"`,
			`  error edifact.interchange.header-missing-value interchange=13 UNB[1]/02-1 at "+57900000"`,
			`  error edifact.interchange.header-value interchange=12 UNB[1]/04-1 at "241308:06"`)},
		{"interactive", "UIB+UNOA:4+D1+++:+PHARM:ZZ+PRESC:ZZ+240408:0612'UIH+SCRIPT:010:006:NEWRX+1+D1'PVD+P1'UIT+1+3'UIZ+D1+1'", []string{
			`UIB EDIFACT D1 groups=0 transactions=1 complete=true`,
			` UIH 1 SCRIPT ok=true segments=3`,
		}},
		{"interactive without what may be left out", "UIB+UNOA:4+++++PHARM+PRESC'UIH+SCRIPT:010:006:NEWRX+1'PVD+P1'UIT'UIZ'", []string{
			`UIB EDIFACT  groups=0 transactions=1 complete=true`,
			` UIH 1 SCRIPT ok=true segments=3`,
		}},
		{"explicit nesting", exchange("UNH+1+PAXLST:2:912:UN'NAD:1:2+FL'UNT+3+1'"), []string{
			`UNB EDIFACT R1 groups=0 transactions=1 complete=true`,
			` UNH 1 PAXLST ok=true segments=3`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, envelopes(t, test.input)); diff != "" {
				t.Errorf("envelopes(%q) differ (-want +got):\n%s", test.input, diff)
			}
		})
	}
}

func TestEDIFACTAccessors(t *testing.T) {
	t.Parallel()
	input := "UNA:+,? 'UNB+UNOC:3+SELLER?+CO:14:S1+BUYER:ZZ+240408:0612+R?'1++ORDERS++1++1'" + grouped("G1", message("M1")) + "UNZ+1+R?'1'"
	p := edi.NewParser(edi.NewReader(strings.NewReader(input), edi.Options{}), edi.ParserOptions{})
	var kinds []edi.EventKind
	for {
		e, err := p.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, e.Kind)
		if e.Kind != edi.TransactionEnd {
			continue
		}
		ic, g, ts := e.Interchange, e.Group, e.Transaction
		sq, s := ic.Sender()
		rq, r := ic.Receiver()
		id, version := ic.Syntax()
		date, clock := ic.Date()
		got := []string{sq, s, rq, r, id, version, date, clock, ic.ControlNumber(), ic.Usage(), ic.Application(), ic.Version(),
			g.FunctionalID(), g.Sender(), g.Receiver(), g.ControlNumber(), g.Version(),
			ts.Set(), ts.ControlNumber(), ts.Version(), ts.Agency(), ts.Association()}
		want := []string{"14", "SELLER+CO", "ZZ", "BUYER", "UNOC", "3", "240408", "0612", "R'1", "T", "ORDERS", "3",
			"ORDERS", "A", "B", "G1", "D96A", "ORDERS", "M1", "D96A", "UN", "EAN008"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("accessors differ (-want +got):\n%s", diff)
		}
		if !ic.AckRequested() || ic.Start.Offset != 0 || ic.Header.Position().Offset != 9 || ic.Standard() != edi.EDIFACT || ts.Standard() != edi.EDIFACT || g.Implicit() {
			t.Errorf("interchange = %+v", ic)
		}
	}
	want := []edi.EventKind{edi.Advice, edi.InterchangeStart, edi.GroupStart, edi.TransactionStart, edi.TransactionSegment, edi.TransactionSegment,
		edi.TransactionSegment, edi.TransactionEnd, edi.GroupEnd, edi.InterchangeEnd}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("events differ (-want +got):\n%s", diff)
	}
}
