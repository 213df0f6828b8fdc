package ack_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/ack"
)

const (
	unb       = "UNB+UNOC:3+SENDER:14+RECEIVER:14+240408:0612+REF1'"
	orders    = "UNH+M1+ORDERS:D:96A:UN:EAN008'BGM+220+PO1+9'DTM+137:20240408:102'LIN+1'QTY+21:x'UNT+6+M1'"
	second    = "UNH+M2+ORDERS:D:96A:UN'BGM+220+PO2+9'UNT+3+M2'"
	unz       = "UNZ+2+REF1'"
	answerUNB = "UNB+UNOC:3+RECEIVER:14+SENDER:14+240408:0613+93'\nUNH+1+CONTRL:D:3:UN'\n"
)

func TestCONTRL(t *testing.T) {
	t.Parallel()
	uci := answerUNB + "UCI+REF1+SENDER:14+RECEIVER:14+7'\n"
	m1, m2 := "UCM+M1+ORDERS:D:96A:UN:EAN008+7'\n", "UCM+M2+ORDERS:D:96A:UN+7'\n"
	quantity := map[string][]edi.Finding{"QTY": {element(1, 2, "37", "x")}}
	tests := []struct {
		name, input string
		finds       map[string][]edi.Finding
		policy      ack.Policy
		want        string
	}{
		{"all accepted", unb + orders + second + unz, nil, ack.Policy{}, uci + m1 + m2 + "UNT+5+1'\nUNZ+1+93'\n"},
		{"only errors told", unb + orders + second + unz, nil, ack.Policy{ErrorsOnly: true}, uci + "UNT+3+1'\nUNZ+1+93'\n"},
		{"an element in error", unb + orders + second + unz, quantity, ack.Policy{ErrorsOnly: true},
			uci + "UCM+M1+ORDERS:D:96A:UN:EAN008+4'\nUCS+5'\nUCD+37+1:2'\nUNT+6+1'\nUNZ+1+93'\n"},
		{"errors noted instead of rejected", unb + orders + second + unz, quantity, ack.Policy{ErrorsOnly: true, AcceptErrors: true},
			uci + "UCM+M1+ORDERS:D:96A:UN:EAN008+7'\nUCS+5'\nUCD+37+1:2'\nUNT+6+1'\nUNZ+1+93'\n"},
		{"segments in error", unb + orders + second + unz, map[string][]edi.Finding{"LIN": {segment("35"), element(1, 0, "12", "")}, "QTY": {segment("15")}},
			ack.Policy{ErrorsOnly: true}, uci + "UCM+M1+ORDERS:D:96A:UN:EAN008+4'\nUCS+4+35'\nUCD+12+1'\nUCS+5+15'\nUNT+7+1'\nUNZ+1+93'\n"},
		{"count of the message", strings.Replace(unb+orders+second+unz, "UNT+6", "UNT+7", 1), nil, ack.Policy{ErrorsOnly: true},
			uci + "UCM+M1+ORDERS:D:96A:UN:EAN008+4+29+UNT+1'\nUNT+4+1'\nUNZ+1+93'\n"},
		{"reference of the message", strings.Replace(unb+orders+second+unz, "UNT+3+M2", "UNT+3+M3", 1), nil, ack.Policy{ErrorsOnly: true},
			uci + "UCM+M2+ORDERS:D:96A:UN+4+28+UNT+2'\nUNT+4+1'\nUNZ+1+93'\n"},
		{"trailer of the message missing", strings.Replace(unb+orders+second+unz, "UNT+6+M1'", "", 1), nil, ack.Policy{ErrorsOnly: true},
			uci + "UCM+M1+ORDERS:D:96A:UN:EAN008+4+13+UNT'\nUNT+4+1'\nUNZ+1+93'\n"},
		{"count of the interchange is noted", strings.Replace(unb+orders+second+unz, "UNZ+2", "UNZ+3", 1), nil, ack.Policy{ErrorsOnly: true},
			strings.Replace(uci, "+7'", "+7+29+UNZ+1'", 1) + "UNT+3+1'\nUNZ+1+93'\n"},
		{"or rejects all", strings.Replace(unb+orders+second+unz, "UNZ+2", "UNZ+3", 1), nil, ack.Policy{RejectDamaged: true},
			strings.Replace(uci, "+7'", "+4+29+UNZ+1'", 1) + "UNT+3+1'\nUNZ+1+93'\n"},
		{"file cut", unb + orders + "UNH+M2+ORDERS:D:96A:UN'BGM", nil, ack.Policy{ErrorsOnly: true},
			strings.Replace(uci, "+7'", "+7+13+UNZ'", 1) + "UCM+M2+ORDERS:D:96A:UN+4+13+UNT'\nUCS+2+18'\nUNT+5+1'\nUNZ+1+93'\n"},
		{"a duplicate rejected whole", unb + orders + second + unz, nil, ack.Policy{RejectCode: "025"},
			strings.Replace(uci, "+7'", "+4+26'", 1) + "UNT+3+1'\nUNZ+1+93'\n"},
		{"the receipt alone", unb + orders + second + unz, quantity, ack.Policy{ReceiptOnly: true},
			strings.Replace(uci, "+7'", "+8'", 1) + "UNT+3+1'\nUNZ+1+93'\n"},
		{"nothing unless asked", unb + orders + second + unz, nil, ack.Policy{OnlyAsked: true}, ""},
		{"unless asked", strings.Replace(unb, "REF1'", "REF1++++1'", 1) + orders + second + unz, nil, ack.Policy{OnlyAsked: true, ErrorsOnly: true},
			uci + "UNT+3+1'\nUNZ+1+93'\n"},
		{"or wrong", unb + orders + second + unz, quantity, ack.Policy{OnlyAsked: true, ErrorsOnly: true},
			uci + "UCM+M1+ORDERS:D:96A:UN:EAN008+4'\nUCS+5'\nUCD+37+1:2'\nUNT+6+1'\nUNZ+1+93'\n"},
		{"a test is answered as a test", strings.Replace(unb, "REF1'", "REF1++++++1'", 1) + orders + second + unz, nil, ack.Policy{ErrorsOnly: true},
			strings.Replace(uci, "+93'", "+93++++++1'", 1) + "UNT+3+1'\nUNZ+1+93'\n"},
		{"syntax 4 has a century and a CONTRL of its own", strings.Replace(unb, "UNOC:3", "UNOC:4", 1) + orders + second + unz, nil, ack.Policy{ErrorsOnly: true},
			strings.NewReplacer("UNOC:3", "UNOC:4", "CONTRL:D:3", "CONTRL:4:1", "240408:0613", "20240408:0613").Replace(uci) + "UNT+3+1'\nUNZ+1+93'\n"},
		{"groups", unb + "UNG+ORDERS+A:1+B:2+240408:0612+G7+UN+D:96A'" + orders + second + "UNE+3+G7'UNZ+1+REF1'", nil, ack.Policy{},
			uci + "UCF+G7+A:1+B:2+7+29+UNE+1'\n" + m1 + m2 + "UNT+6+1'\nUNZ+1+93'\n"},
		{"a CONTRL is never answered", unb + "UNH+1+CONTRL:D:3:UN'UCI+5+A+B+7'UNT+9+1'UNZ+1+REF1'", nil, ack.Policy{}, ""},
		{"nor is an APERAK", unb + "UNH+1+APERAK:D:96A:UN'BGM+305+1'UNT+3+1'UNZ+1+REF1'", nil, ack.Policy{}, ""},
		{"but what comes with them is", unb + "UNH+1+CONTRL:D:3:UN'UCI+5+A+B+7'UNT+3+1'" + second + unz, nil, ack.Policy{}, uci + m2 + "UNT+4+1'\nUNZ+1+93'\n"},
		{"messages without an envelope can't be answered", orders, nil, ack.Policy{}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := collected(t, read(test.input, test.finds), test.policy)
			if diff := cmp.Diff(test.want, lines(got, "'")); diff != "" {
				t.Errorf("answer to %q (-want +got):\n%s", test.input, diff)
			}
			if diff := cmp.Diff(got, streamed(t, read(test.input, test.finds), test.policy)); diff != "" {
				t.Errorf("stream of %q (-For +Stream):\n%s", test.input, diff)
			}
		})
	}
}

func TestCONTRLRepeatsDelimiters(t *testing.T) {
	t.Parallel()
	input := "UNA|^,! ~" + strings.NewReplacer("+", "^", ":", "|", "'", "~").Replace(unb+second+"UNZ+1+REF1'")
	got := collected(t, read(input, nil), ack.Policy{})
	want := "UNA|^,! ~UNB^UNOC|3^RECEIVER|14^SENDER|14^240408|0613^93~UNH^1^CONTRL|D|3|UN~UCI^REF1^SENDER|14^RECEIVER|14^7~" +
		"UCM^M2^ORDERS|D|96A|UN^7~UNT^4^1~UNZ^1^93~"
	if got != want {
		t.Errorf("answer = %q, want %q", got, want)
	}
}

func TestCONTRLHasLimits(t *testing.T) {
	t.Parallel()
	var input strings.Builder
	input.WriteString(unb + "UNH+M1+ORDERS:D:96A:UN'")
	for range 1010 {
		input.WriteString("QTY+1'")
	}
	input.WriteString("UNT+1012+M1'UNZ+1+REF1'")
	many := make([]edi.Finding, 0, 110)
	for n := range 110 {
		many = append(many, element(n+1, 0, "12", ""))
	}
	got := collected(t, &source{edi.NewParser(edi.NewReader(strings.NewReader(input.String()), edi.Options{}), edi.ParserOptions{MaxFindings: 1 << 20}),
		map[string][]edi.Finding{"QTY": many}}, ack.Policy{})
	if n := strings.Count(got, "'UCS+"); n != 999 {
		t.Errorf("UCS occurs %d times, want 999", n)
	}
	if n := strings.Count(got, "'UCD+"); n != 999*99 {
		t.Errorf("UCD occurs %d times, want 99 for each UCS", n)
	}
}
