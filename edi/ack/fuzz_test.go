package ack_test

import (
	"bytes"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/ack"
)

// FuzzAcknowledge answers whatever comes. The answer is itself in order, it
// reads back as what it is, and a Stream says the same.
func FuzzAcknowledge(f *testing.F) {
	all := head + good("0001") + good("0002") + tail("2")
	for _, input := range []string{
		all, strings.Replace(all, "UIT*EA*9.5", "UIT*EA>1*x", 1), head5010 + set5010 + tail5010,
		strings.Replace(all, "ST*867*0001", "ST*8-7*1", 1), strings.Replace(all, "*1*X*004010", "*A*X*00401", 1),
		unb + orders + second + unz, unb + "UNG+ORDERS+A:1+B:2+240408:0612+G7+UN+D:96A'" + orders + second + "UNE+3+G7'UNZ+1+REF1'",
		strings.Replace(unb, "UNOC:3", "UNOA:4", 1) + "UNH+é+ORDERS'UNT+2+1'" + unz,
		ack997("AK1*PO*12~AK2*850*0001~AK5*A~AK9*A*1*1*1~"),
	} {
		f.Add([]byte(input), uint8(0))
		f.Add([]byte(input), uint8(7))
	}
	f.Fuzz(func(t *testing.T, input []byte, options uint8) {
		p := ack.Policy{ErrorsOnly: options&1 != 0, AcceptErrors: options&4 != 0}
		if options&2 != 0 {
			p.Form = ack.Form999
		}
		report, err := edi.Collect(validator(bytes.NewReader(input)))
		if err != nil {
			return
		}
		for _, ic := range report.Interchanges {
			answered(t, ic, p)
		}
		var b bytes.Buffer
		s := ack.NewStream(&b, ack.StreamOptions{Policy: func(*edi.Interchange) ack.Policy { return p }, Envelope: envelope})
		_ = s.Run(validator(bytes.NewReader(input))) // an address that no envelope can hold is an error
	})
}

func answered(t *testing.T, ic *edi.Interchange, p ack.Policy) {
	t.Helper()
	a := ack.For(ic, p)
	if a.Empty() {
		return
	}
	e := ack.Reply(ic)
	envelope(ic, &e)
	var b bytes.Buffer
	if err := a.Write(edi.NewWriter(&b, edi.WriterOptions{Delimiters: ack.Delimiters(ic)}), e); err != nil {
		return // likewise
	}
	if _, err := ack.Read(bytes.NewReader(b.Bytes())); err != nil {
		t.Fatalf("Read of %q: %v", b.Bytes(), err)
	}
	report, err := edi.Collect(validator(bytes.NewReader(b.Bytes())))
	if err != nil {
		t.Fatalf("%v in %q", err, b.Bytes())
	}
	report.All(func(f *edi.Finding) {
		// what no guide describes yet, and what is copied from the header as it came
		if f.Severity == edi.Error && f.ID != "x12.set.no-guide" && f.ID != "edifact.set.no-guide" && f.Level > edi.LevelGroup {
			t.Errorf("%s %s %q in the answer %q", f.ID, f.Path, f.Value, b.Bytes())
		}
	})
}
