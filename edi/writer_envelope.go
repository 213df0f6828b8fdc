package edi

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// InterchangeHeader is what an ISA says. Values are padded as the standard
// demands; Date also gives the time of day.
type InterchangeHeader struct {
	SenderQualifier, Sender     string
	ReceiverQualifier, Receiver string
	Date                        time.Time
	Version                     string // 00401 if empty
	ControlNumber               int
	AckRequested                bool   // ask the receiver for a TA1
	Usage                       string // P production, T test, I information; P if empty
}

// GroupHeader is what a GS says.
type GroupHeader struct {
	FunctionalID     string // PT for an 867, FA for a 997
	Sender, Receiver string
	Date             time.Time
	ControlNumber    int
	Version          string // 004010
}

// writerEnvelope remembers what the trailers have to repeat.
type writerEnvelope struct {
	interchange, group   string
	transaction          string
	groups, transactions int
}

// BeginInterchange writes the ISA. Its fixed width takes no value that is too
// long: that is an error.
func (w *Writer) BeginInterchange(h InterchangeHeader) error {
	d := w.opt.Delimiters
	version, usage, ack := orElse(h.Version, "00401"), orElse(h.Usage, "P"), "0"
	if h.AckRequested {
		ack = "1"
	}
	repetition := "U"
	if version >= "00402" {
		if d.Repetition == 0 {
			w.fail(fmt.Errorf("write ISA11: version %s needs a repetition separator", version))
		}
		repetition = string([]byte{d.Repetition})
	} else {
		w.opt.Delimiters.Repetition = 0
	}
	if d.Component == 0 {
		w.fail(errors.New("write ISA16: an X12 interchange needs a component separator"))
	}
	w.env = writerEnvelope{interchange: fmt.Sprintf("%09d", h.ControlNumber)}
	fields := []struct {
		value string
		width int
	}{
		{"00", 2}, {"", 10}, {"00", 2}, {"", 10},
		{orElse(h.SenderQualifier, "ZZ"), 2}, {h.Sender, 15}, {orElse(h.ReceiverQualifier, "ZZ"), 2}, {h.Receiver, 15},
		{h.Date.Format("060102"), 6}, {h.Date.Format("1504"), 4}, {repetition, 1}, {version, 5},
		{w.env.interchange, 9}, {ack, 1}, {usage, 1}, {string([]byte{d.Component}), 1},
	}
	w.buf = append(w.buf[:0], "ISA"...)
	for i, f := range fields {
		if len(f.value) > f.width {
			w.fail(fmt.Errorf("write ISA%02d: %q is longer than %d", i+1, f.value, f.width))
		}
		w.buf = append(w.buf, d.Element)
		w.buf = fmt.Appendf(w.buf, "%-*s", f.width, f.value)
	}
	w.keep = len(w.buf)
	return w.End()
}

// BeginGroup writes the GS.
func (w *Writer) BeginGroup(h GroupHeader) error {
	w.env.group, w.env.transactions = strconv.Itoa(h.ControlNumber), 0
	w.env.groups++
	return w.Segment("GS", h.FunctionalID, h.Sender, h.Receiver, h.Date.Format("20060102"), h.Date.Format("1504"),
		w.env.group, "X", h.Version)
}

// BeginTransaction writes the ST of the transaction set, 867 for example.
func (w *Writer) BeginTransaction(set string, controlNumber int) error {
	w.env.transaction = fmt.Sprintf("%04d", controlNumber)
	w.env.transactions++
	w.segments = 0
	return w.Segment("ST", set, w.env.transaction)
}

// EndTransaction writes the SE with its count.
func (w *Writer) EndTransaction() error {
	return w.Segment("SE", strconv.Itoa(w.segments+1), w.env.transaction)
}

// EndGroup writes the GE with its count.
func (w *Writer) EndGroup() error {
	return w.Segment("GE", strconv.Itoa(w.env.transactions), w.env.group)
}

// EndInterchange writes the IEA with its count and flushes.
func (w *Writer) EndInterchange() error {
	if err := w.Segment("IEA", strconv.Itoa(w.env.groups), w.env.interchange); err != nil {
		return err
	}
	return w.Flush()
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
