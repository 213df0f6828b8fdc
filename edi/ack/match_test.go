package ack_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi/ack"
)

const (
	fa   = "ISA*00*          *00*          *ZZ*RECEIVER       *ZZ*SENDER         *240408*0613*U*00401*000000093*0*P*:~"
	gsFA = "GS*FA*RECEIVER*SENDER*20240408*0613*93*X*004010~"
	endF = "GE*1*93~IEA*1*000000093~"
)

func ack997(segments string) string {
	return fa + gsFA + "ST*997*0001~" + segments + "SE*9*0001~" + endF
}

// sentByUs are two transactions in one group, and an EDIFACT message.
var sentByUs = []ack.Sent{
	{Sender: "SENDER", Receiver: "RECEIVER", Interchange: "000000007", FunctionalID: "PO", Group: "12", Set: "850", Transaction: "0001", Document: "PO-1"},
	{Sender: "SENDER", Receiver: "RECEIVER", Interchange: "000000007", FunctionalID: "PO", Group: "12", Set: "850", Transaction: "0002", Document: "PO-2"},
	{Sender: "SENDER", Receiver: "OTHER", Interchange: "REF7", Set: "ORDERS", Transaction: "M1", Document: "PO-3"},
}

// Of each document: TA1 or UCI, 997 or CONTRL, 824 or APERAK.
func TestMatch(t *testing.T) {
	t.Parallel()
	edifact := func(body string) string {
		return "UNB+UNOC:3+OTHER+SENDER+240408:0613+93'UNH+1+" + body + "UNT+9+1'UNZ+1+93'"
	}
	tests := []struct {
		name      string
		received  []string
		want      string
		unmatched int
		doubled   string
	}{
		{"nothing", nil, "-/-/- -/-/- -/-/-", 0, ""},
		{"TA1", []string{fa + "TA1*000000007*240408*0612*A*000~IEA*0*000000093~"}, "A/-/- A/-/- -/-/-", 0, ""},
		{"a rejected interchange", []string{fa + "TA1*000000007*240408*0612*R*025~IEA*0*000000093~"}, "R/-/- R/-/- -/-/-", 0, ""},
		{"each listed", []string{ack997("AK1*PO*12~AK2*850*0001~AK5*A~AK2*850*0002~AK3*BEG*2**8~AK4*1*353*7*99~AK5*R*5~AK9*P*2*2*1~")}, "-/A/- -/R/- -/-/-", 0, ""},
		{"with other zeros", []string{ack997("AK1*PO*000012~AK2*850*1~AK5*A~AK2*850*000002~AK5*E*5~AK9*E*2*2*2~")}, "-/A/- -/E/- -/-/-", 0, ""},
		{"only errors listed", []string{ack997("AK1*PO*12~AK2*850*0002~AK5*R*5~AK9*P*2*2*1~")}, "-/A/- -/R/- -/-/-", 0, ""},
		{"only some errors listed", []string{ack997("AK1*PO*12~AK2*850*0002~AK5*R*5~AK9*P*3*3*1~")}, "-/-/- -/R/- -/-/-", 0, ""},
		{"none listed", []string{ack997("AK1*PO*12~AK9*A*2*2*2~")}, "-/A/- -/A/- -/-/-", 0, ""},
		{"a rejected group", []string{ack997("AK1*PO*12~AK9*R*2*2*0*1~")}, "-/R/- -/R/- -/-/-", 0, ""},
		{"a 999", []string{strings.ReplaceAll(ack997("AK1*PO*12*005010~AK2*850*0001~IK3*BEG*2**8~CTX*PO1:7~IK4*1*353*7*99~CTX*SITUATIONAL TRIGGER*BEG*2**2~IK5*R*5~AK9*P*2*2*1~"), "ST*997", "ST*999")},
			"-/R/- -/A/- -/-/-", 0, ""},
		{"another group", []string{ack997("AK1*PO*13~AK2*850*0001~AK5*A~AK9*A*1*1*1~")}, "-/-/- -/-/- -/-/-", 2, ""},
		{"another kind of group", []string{ack997("AK1*IN*12~AK9*A*1*1*1~")}, "-/-/- -/-/- -/-/-", 1, ""},
		{"another partner", []string{strings.Replace(ack997("AK1*PO*12~AK9*A*1*1*1~"), "*RECEIVER       *", "*STRANGER       *", 1)}, "-/-/- -/-/- -/-/-", 1, ""},
		{"the same twice", []string{ack997("AK1*PO*12~AK2*850*0001~AK5*A~AK9*A*2*2*2~"), ack997("AK1*PO*12~AK2*850*0001~AK5*A~AK9*A*2*2*2~")},
			"-/A/- -/A/- -/-/-", 0, "997 group A, 997 transaction A"},
		{"the opposite later", []string{ack997("AK1*PO*12~AK2*850*0001~AK5*A~AK9*A*2*2*2~"), ack997("AK1*PO*12~AK2*850*0001~AK5*R*5~AK9*P*2*2*1~")},
			"-/A/- -/A/- -/-/-", 0, "997 group P contradicts, 997 transaction R contradicts"},
		{"CONTRL", []string{edifact("CONTRL:D:3:UN'UCI+REF7+SENDER+OTHER+7'")}, "-/-/- -/-/- A/A/-", 0, ""},
		{"CONTRL that rejects", []string{edifact("CONTRL:D:3:UN'UCI+REF7+SENDER+OTHER+4+28+UNZ+2'")}, "-/-/- -/-/- R/R/-", 0, ""},
		{"CONTRL that rejects the message", []string{edifact("CONTRL:D:3:UN'UCI+REF7+SENDER+OTHER+7'UCM+M1+ORDERS:D:96A:UN+4'UCS+3+35'UCD+12+1:2'")}, "-/-/- -/-/- A/R/-", 0, ""},
		{"CONTRL that notes errors", []string{edifact("CONTRL:D:3:UN'UCI+REF7+SENDER+OTHER+7'UCM+M1+ORDERS:D:96A:UN+7'UCS+3+35'")}, "-/-/- -/-/- A/E/-", 0, ""},
		{"receipt and then verdict", []string{edifact("CONTRL:D:3:UN'UCI+REF7+SENDER+OTHER+8'"), edifact("CONTRL:D:3:UN'UCI+REF7+SENDER+OTHER+7'")}, "-/-/- -/-/- A/A/-", 0, ""},
		{"the receipt alone", []string{edifact("CONTRL:D:3:UN'UCI+REF7+SENDER+OTHER+8'")}, "-/-/- -/-/- 8/8/-", 0, ""},
		{"CONTRL about another's", []string{edifact("CONTRL:D:3:UN'UCI+REF7+STRANGER+OTHER+7'")}, "-/-/- -/-/- -/-/-", 1, ""},
		{"824", []string{fa + "GS*AG*RECEIVER*SENDER*20240408*0613*93*X*004010~ST*824*0001~BGN*11*R-1*20240408~OTI*TR*PO*PO-1*SENDER*RECEIVER***12*0001*850~TED*007*data~SE*5*0001~" + endF},
			"-/-/R -/-/- -/-/-", 0, ""},
		{"824 by the document's number", []string{fa + "GS*AG*RECEIVER*SENDER*20240408*0613*93*X*004010~ST*824*0001~BGN*11*R-1*20240408~OTI*TE*PO*PO-2~TED*007*data~SE*5*0001~" + endF},
			"-/-/- -/-/E -/-/-", 0, ""},
		{"APERAK", []string{edifact("APERAK:D:96A:UN'BGM+305+1+9+RE'RFF+ACW:M1'ERC+12'FTX+AAO+++NO SUCH ITEM'")}, "-/-/- -/-/- -/-/R", 0, ""},
		{"APERAK by the document's number", []string{edifact("APERAK:D:01B:UN'BGM+305+1+29'DOC+220+PO-3'")}, "-/-/- -/-/- -/-/A", 0, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var received []ack.Received
			for _, input := range test.received {
				r, err := ack.Read(strings.NewReader(input))
				if err != nil {
					t.Fatal(err)
				}
				received = append(received, r...)
			}
			m := ack.Match(sentByUs, received)
			var got, doubled []string
			for i := range m.Verdicts {
				v := &m.Verdicts[i]
				got = append(got, dash(v.Interchange)+"/"+dash(v.Syntax)+"/"+dash(v.Content))
			}
			for _, d := range m.Doubled {
				s := fmt.Sprint(d.Result.Form, " ", d.Result.Level, " ", d.Result.Status)
				if d.Contradicts {
					s += " contradicts"
				}
				doubled = append(doubled, s)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
			if len(m.Unmatched) != test.unmatched || strings.Join(doubled, ", ") != test.doubled {
				t.Errorf("unmatched %+v, want %d; doubled %q, want %q", m.Unmatched, test.unmatched, doubled, test.doubled)
			}
		})
	}
}

func dash(s ack.Status) string {
	if s == "" {
		return "-"
	}
	return string(s)
}

// Open documents are those that still wait for a verdict on their syntax.
func TestVerdictOpen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		v    ack.Verdict
		want bool
	}{
		{ack.Verdict{}, true},
		{ack.Verdict{Interchange: ack.Accepted}, true},
		{ack.Verdict{Interchange: ack.Rejected}, false},
		{ack.Verdict{Syntax: ack.Arrived, Interchange: ack.Arrived}, true},
		{ack.Verdict{Syntax: ack.Rejected}, false},
		{ack.Verdict{Content: ack.Accepted}, true},
	}
	for _, test := range tests {
		if got := test.v.Open(); got != test.want {
			t.Errorf("%+v.Open() = %v, want %v", test.v, got, test.want)
		}
	}
}

// Control numbers that were used again belong to the first document that waits.
func TestMatchOfNumbersUsedTwice(t *testing.T) {
	t.Parallel()
	sent := []ack.Sent{sentByUs[0], sentByUs[0]}
	one, err := ack.Read(strings.NewReader(ack997("AK1*PO*12~AK2*850*0001~AK5*A~AK9*~")))
	if err != nil {
		t.Fatal(err)
	}
	two, err := ack.Read(strings.NewReader(ack997("AK1*PO*12~AK2*850*0001~AK5*R*5~AK9*~")))
	if err != nil {
		t.Fatal(err)
	}
	m := ack.Match(sent, append(one, two...))
	if m.Verdicts[0].Syntax != ack.Accepted || m.Verdicts[1].Syntax != ack.Rejected {
		t.Errorf("verdicts = %+v", m.Verdicts)
	}
}
