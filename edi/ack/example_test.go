package ack_test

import (
	"fmt"
	"os"
	"strings"
	"time"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// A file is acknowledged while it is read.
func ExampleStream() {
	file := "UNB+UNOA:3+BUYER:14+MAKER:14+240408:0612+REF1'UNH+M1+ORDERS:D:96A:UN'BGM+220+PO-1+9'DTM+137:20240408:102'" +
		"NAD+BY+5400000000010::9'LIN+1'QTY+21:many'UNS+S'UNT+8+M1'UNZ+1+REF1'"
	stream := ack.NewStream(os.Stdout, ack.StreamOptions{
		Newline: "\n",
		Envelope: func(_ *edi.Interchange, e *ack.Envelope) {
			e.Interchange.Date = time.Date(2024, 4, 8, 6, 13, 0, 0, time.UTC)
			e.Interchange.ControlNumber = 93
		},
	})
	reader := edi.NewReader(strings.NewReader(file), edi.Options{})
	err := stream.Run(guide.NewValidator(reader, guide.NewLibrary(sets.Files()), guide.Options{RequireGuide: true}))
	fmt.Println(err)
	// Output:
	// UNB+UNOA:3+MAKER:14+BUYER:14+240408:0613+93'
	// UNH+1+CONTRL:D:3:UN'
	// UCI+REF1+BUYER:14+MAKER:14+7'
	// UCM+M1+ORDERS:D:96A:UN+4'
	// UCS+6'
	// UCD+37+1:2'
	// UNT+6+1'
	// UNZ+1+93'
	// <nil>
}

// What a partner says is matched to what was sent.
func ExampleMatch() {
	sent := []ack.Sent{{Sender: "MAKER", Receiver: "BUYER", FunctionalID: "IN", Group: "12", Set: "810", Transaction: "0001"},
		{Sender: "MAKER", Receiver: "BUYER", FunctionalID: "IN", Group: "13", Set: "810", Transaction: "0001"}}
	received, err := ack.Read(strings.NewReader("ISA*00*          *00*          *ZZ*BUYER          *ZZ*MAKER          *240408*0613*U*00401*000000093*0*P*>~" +
		"GS*FA*BUYER*MAKER*20240408*0613*93*X*004010~ST*997*0001~AK1*IN*12~AK2*810*0001~AK3*TDS*9**8~AK4*1*610*6*x~AK5*R*5~AK9*R*1*1*0~SE*8*0001~" +
		"GE*1*93~IEA*1*000000093~"))
	if err != nil {
		fmt.Println(err)
		return
	}
	matched := ack.Match(sent, received)
	for i, v := range matched.Verdicts {
		fmt.Printf("group %s: syntax %q, still open: %v\n", sent[i].Group, v.Syntax, v.Open())
		for _, r := range v.Results {
			for _, s := range r.Segments {
				fmt.Printf("  segment %d %s: %s\n", s.Position, s.Tag, ack.Meaning(ack.AK403, s.Elements[0].Code))
			}
		}
	}
	// Output:
	// group 12: syntax "R", still open: false
	//   segment 9 TDS: invalid character
	// group 13: syntax "", still open: true
}

// An application refuses what it cannot use, although the syntax is in order.
func ExampleWriteRefusals() {
	refusal := ack.Refusal{Number: "R-17", Group: "12", Transaction: "0001", Set: "844", Document: "CL-4711", DocumentQualifier: "CM",
		Reasons: []ack.Reason{{Cause: ack.UnknownItem, Item: "3", Tag: "LIN", Segment: 14, Element: 3, DataElem: "234", Value: "WP-81"}}}
	e := ack.Envelope{Sender: "MAKER", Receiver: "BUYER", GroupControl: 93, Interchange: edi.InterchangeHeader{Sender: "MAKER", Receiver: "BUYER",
		Date: time.Date(2024, 4, 8, 6, 13, 0, 0, time.UTC), ControlNumber: 93}}
	err := ack.WriteRefusals(edi.NewWriter(os.Stdout, edi.WriterOptions{Newline: "\n"}), e, []ack.Refusal{refusal})
	fmt.Println(err)
	// Output:
	// ISA*00*          *00*          *ZZ*MAKER          *ZZ*BUYER          *240408*0613*U*00401*000000093*0*P*:~
	// GS*AG*MAKER*BUYER*20240408*0613*93*X*004010~
	// ST*824*0001~
	// BGN*11*R-17*20240408*0613~
	// OTI*TR*CM*CL-4711*****12*0001*844~
	// OTI*IR*LI*3*****12*0001*844~
	// TED*Q*the item is not known*LIN*14*3*234*WP-81~
	// SE*6*0001~
	// GE*1*93~
	// IEA*1*000000093~
	// <nil>
}
