package edi_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"fondaco/edi"
)

func TestWriterEnvelope(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	w := edi.NewWriter(&buf, edi.WriterOptions{Delimiters: edi.Delimiters{Element: '*', Component: '>', Terminator: "~"}, Newline: "\n"})
	at := time.Date(2024, 4, 8, 6, 12, 0, 0, time.UTC)
	_ = w.BeginInterchange(edi.InterchangeHeader{Sender: "SENDER", Receiver: "RECEIVER", Date: at, ControlNumber: 1})
	_ = w.BeginGroup(edi.GroupHeader{FunctionalID: "PT", Sender: "SENDER", Receiver: "RECEIVER", Date: at, ControlNumber: 1, Version: "004010"})
	_ = w.BeginTransaction("867", 1)
	_ = w.Segment("BPT", "00", "R0001", "20240408", "02", "", "")
	_ = w.Segment("PTD", "SS")
	_ = w.Segment("QTY", "32", "1")
	_ = w.Segment("LIN", "1", "VP", "MX-1")
	w.Begin("UIT")
	w.Composite("EA", "", "")
	w.Element("9.5")
	_ = w.End()
	_ = w.Segment("CTT", "1")
	_ = w.EndTransaction()
	_ = w.EndGroup()
	if err := w.EndInterchange(); err != nil {
		t.Fatal(err)
	}
	if want := document(report("0001")); buf.String() != want {
		t.Errorf("written:\n%s\nwant:\n%s", buf.String(), want)
	}
}

func TestWriterValues(t *testing.T) {
	t.Parallel()
	edifact := edi.WriterOptions{Delimiters: edi.EDIFACTDelimiters}
	tests := []struct {
		name  string
		o     edi.WriterOptions
		write func(*edi.Writer) error
		want  string
		fails bool
	}{
		{"released in EDIFACT", edifact, func(w *edi.Writer) error { return w.Segment("FTX", "a+b'c?", "d:e") }, "FTX+a?+b?'c??+d?:e'", false},
		{"refused in X12", edi.WriterOptions{}, func(w *edi.Writer) error { return w.Segment("NTE", "a*b") }, "", true},
		{"substituted on demand", edi.WriterOptions{Substitute: ' '}, func(w *edi.Writer) error { return w.Segment("NTE", "a*b~c") }, "NTE*a b c~", false},
		{"empty at the end left out", edi.WriterOptions{}, func(w *edi.Writer) error { return w.Segment("N1", "ST", "", "", "") }, "N1*ST~", false},
		{"empty between kept", edi.WriterOptions{}, func(w *edi.Writer) error { return w.Segment("N4", "Porto", "", "4000", "PT") }, "N4*Porto**4000*PT~", false},
		{"no element at all", edi.WriterOptions{}, func(w *edi.Writer) error { return w.Segment("SE") }, "SE~", false},
		{"repetitions", edi.WriterOptions{}, func(w *edi.Writer) error {
			w.Begin("AK3")
			w.Element("a")
			w.Repeat("b", "c")
			return w.End()
		}, "AK3*a^b:c~", false},
		{"repetition without a separator", edifact, func(w *edi.Writer) error {
			w.Begin("AK3")
			w.Element("a")
			w.Repeat("b")
			return w.End()
		}, "", true},
		{"sender too long for an ISA", edi.WriterOptions{}, func(w *edi.Writer) error {
			return w.BeginInterchange(edi.InterchangeHeader{Sender: "SIXTEEN CHARS LONG"})
		}, "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var buf bytes.Buffer
			w := edi.NewWriter(&buf, test.o)
			err := test.write(w)
			if (err != nil) != test.fails {
				t.Fatalf("err = %v, want failure: %v", err, test.fails)
			}
			if ferr := w.Flush(); (ferr != nil) != test.fails {
				t.Errorf("Flush() = %v, want the first error to stay", ferr)
			}
			if buf.String() != test.want {
				t.Errorf("written %q, want %q", buf.String(), test.want)
			}
		})
	}
}

func TestWriterSaysWhichValueHoldsADelimiter(t *testing.T) {
	t.Parallel()
	err := edi.NewWriter(&bytes.Buffer{}, edi.WriterOptions{}).Segment("N1", "ST", "A*B")
	var de *edi.DelimiterError
	if !errors.As(err, &de) || de.Tag != "N1" || de.Element != 2 || !strings.Contains(err.Error(), "Substitute") {
		t.Errorf("err = %v, want a DelimiterError of N102 with a remedy", err)
	}
}
