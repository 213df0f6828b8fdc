package edi_test

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// salesReport is a distributor's report with a price that is no number.
const salesReport = `ISA*00*          *00*          *ZZ*LUSODIST       *ZZ*MAKERPL        *240408*0612*U*00401*000000417*0*P*>~
GS*PT*LUSODIST*MAKERPL*20240408*0612*417*X*004010~
ST*867*0001~
BPT*00*POS-14*20240408*02~
PTD*SS~
QTY*32*3~
LIN*1*VP*MX-AP-650*UP*036000291452~
UIT*EA*412,50~
SE*7*0001~
GE*1*417~
IEA*1*000000417~
`

// The lowest rung: segments and elements, whatever they mean.
func ExampleReader() {
	r := edi.NewReader(strings.NewReader(salesReport), edi.Options{})
	for segment, err := range r.All() {
		if err != nil {
			fmt.Println(err)
			return
		}
		if segment.Is("LIN") {
			fmt.Printf("%s %s: %s\n", segment.Position(), segment.Path(), segment.Element(3))
		}
	}
	// Output:
	// 7:1 ISA[1]/GS[1]/ST[1]/LIN#5: MX-AP-650
}

// Reading and writing gives the same bytes, line ends and all.
func ExampleWriter_Copy() {
	var out strings.Builder
	r := edi.NewReader(strings.NewReader(salesReport), edi.Options{})
	w := edi.NewWriter(&out, edi.WriterOptions{})
	for segment, err := range r.All() {
		if err != nil {
			fmt.Println(err)
			return
		}
		_ = w.Copy(segment)
	}
	fmt.Println(w.Flush(), out.String() == salesReport)
	// Output:
	// <nil> true
}

// A document from values: the writer counts, repeats and terminates.
func ExampleWriter() {
	w := edi.NewWriter(os.Stdout, edi.WriterOptions{Newline: "\n"})
	at := time.Date(2024, 4, 8, 6, 12, 0, 0, time.UTC)
	w.BeginInterchange(edi.InterchangeHeader{Sender: "LUSODIST", Receiver: "MAKERPL", Date: at, ControlNumber: 418})
	w.BeginGroup(edi.GroupHeader{FunctionalID: "PT", Sender: "LUSODIST", Receiver: "MAKERPL", Date: at, ControlNumber: 418, Version: "004010"})
	w.BeginTransaction("867", 1)
	w.Segment("BPT", "00", "POS-15", "20240408")
	w.Segment("PTD", "SS")
	w.Begin("UIT")
	w.Composite("EA", "1")
	w.Element("412.5")
	w.End()
	w.EndTransaction()
	w.EndGroup()
	if err := w.EndInterchange(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// ISA*00*          *00*          *ZZ*LUSODIST       *ZZ*MAKERPL        *240408*0612*U*00401*000000418*0*P*:~
	// GS*PT*LUSODIST*MAKERPL*20240408*0612*418*X*004010~
	// ST*867*0001~
	// BPT*00*POS-15*20240408~
	// PTD*SS~
	// UIT*EA:1*412.5~
	// SE*5*0001~
	// GE*1*418~
	// IEA*1*000000418~
}

// Following the envelopes of a file, one transaction at a time.
func ExampleParser() {
	p := edi.NewParser(edi.NewReader(strings.NewReader(salesReport), edi.Options{}), edi.ParserOptions{})
	for {
		event, err := p.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		if event.Kind == edi.TransactionEnd {
			t := event.Transaction
			fmt.Printf("%s %s of group %s: %d segments, %d errors\n", t.Set(), t.ControlNumber(), event.Group.ControlNumber(), t.Segments, t.Errors)
		}
	}
	// Output:
	// 867 0001 of group 417: 7 segments, 0 errors
}

// EDIFACT gives the same events. Messages that stand in no group have one that
// is implicit.
func ExampleParser_edifact() {
	const orders = "UNA:+.? 'UNB+UNOC:3+5601234000009:14+5901234000007:14+240408:0612+418'" +
		"UNH+1+ORDERS:D:96A:UN'BGM+220+PO-1187+9'UNT+4+1'UNZ+1+418'"
	p := edi.NewParser(edi.NewReader(strings.NewReader(orders), edi.Options{}), edi.ParserOptions{})
	report, err := edi.Collect(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, interchange := range report.Interchanges {
		_, sender := interchange.Sender()
		fmt.Println(interchange.Standard(), "from", sender)
		for _, message := range interchange.Groups[0].Transactions {
			fmt.Println(message.Set(), message.Version(), message.ControlNumber())
		}
	}
	report.All(func(f *edi.Finding) { fmt.Println(f.Path, f.ID, f.Code, f.Value, f.Expected) })
	// Output:
	// EDIFACT from 5601234000009
	// ORDERS D96A 1
	// UNB[1]/UNH[1]/UNT#3/01 edifact.transaction.count 29 4 3
}

// A large file, read on all processors: the same findings in the same order.
func ExampleNewParallel() {
	file := strings.NewReader(salesReport) // an *os.File as a rule
	library := guide.NewLibrary(sets.Files())
	source := edi.NewParallel(file, file.Size(), edi.ParallelOptions{}, func(r *edi.Reader) edi.Source {
		return guide.NewValidator(r, library, guide.Options{})
	})
	defer source.Close()
	report, err := edi.Collect(source)
	if err != nil {
		fmt.Println(err)
		return
	}
	report.All(func(f *edi.Finding) { fmt.Println(f.Position, f.ID) })
	// Output:
	// 8:8 x12.element.number
}

// Text in the character set of an interchange, and what to do with a character
// that it does not have.
func ExampleCharset() {
	latin1, err := edi.CharsetOf("UNOC")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = latin1.Encode(nil, "Łódź", nil)
	fmt.Println(err)
	b, _ := latin1.Encode(nil, "Łódź", map[rune]string{'Ł': "L", 'ź': "z"})
	text, ok := latin1.Decode(nil, b)
	fmt.Printf("%q %s %v\n", b, text, ok)
	// Output:
	// 'Ł' cannot be written in UNOC (ISO 8859-1); substitute it or agree on another character set
	// "L\xf3dz" Lódz true
}

// Validation in words.
func ExampleParser_validation() {
	library := guide.NewLibrary(sets.Files())
	summary, err := guide.Check(os.Stdout, strings.NewReader(salesReport), library, guide.CheckOptions{Name: "pos.edi", Remedies: true})
	fmt.Println(summary.Errors, err)
	// Output:
	// pos.edi:8:8 259 ISA[1]/GS[1]/ST[1]/PTD[1]/QTY[1]/UIT[1]/02 x12.element.number UIT02 (Unit price) is no number: "412,50"
	// 	Send digits, with a leading minus and a decimal mark where the type has one.
	// 1 <nil>
}

// The acknowledgment of the same file.
func ExampleCollect() {
	library := guide.NewLibrary(sets.Files())
	report, err := edi.Collect(guide.NewValidator(edi.NewReader(strings.NewReader(salesReport), edi.Options{}), library, guide.Options{RequireGuide: true}))
	if err != nil {
		fmt.Println(err)
		return
	}
	received := report.Interchanges[0]
	envelope := ack.Reply(received)
	envelope.Interchange.ControlNumber, envelope.GroupControl = 93, 93
	envelope.Interchange.Date = time.Date(2024, 4, 8, 6, 13, 0, 0, time.UTC)
	w := edi.NewWriter(os.Stdout, edi.WriterOptions{Delimiters: received.Header.Delimiters(), Newline: "\n"})
	if err := ack.For(received, ack.Policy{}).Write(w, envelope); err != nil {
		fmt.Println(err)
	}
	// Output:
	// ISA*00*          *00*          *ZZ*MAKERPL        *ZZ*LUSODIST       *240408*0613*U*00401*000000093*0*P*>~
	// GS*FA*MAKERPL*LUSODIST*20240408*0613*93*X*004010~
	// ST*997*0001~
	// AK1*PT*417~
	// AK2*867*0001~
	// AK3*UIT*6*QTY*8~
	// AK4*2*212*6*412,50~
	// AK5*R*5~
	// AK9*R*1*1*0~
	// SE*8*0001~
	// GE*1*93~
	// IEA*1*000000093~
}

// JSON that loses nothing, from an EDIFACT file.
func ExampleEncodeJSON() {
	err := edi.EncodeJSON(os.Stdout, strings.NewReader("UNB+UNOC:3+A+B+240408:0612+1'\nUNZ+0+1'\n"))
	fmt.Println(err)
	// Output:
	// {"format":"fondaco.edi.segments/1","segments":[
	// {"delimiters":{"element":"+","component":":","release":"?","decimal":".","terminator":"'"},"tag":"UNB","elements":[["UNOC","3"],"A","B",["240408","0612"],"1"]},
	// {"gap":"\n","tag":"UNZ","elements":["0","1"]},
	// {"filler":"\n"}
	// ]}
	// <nil>
}
