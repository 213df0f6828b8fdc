package ack_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
)

// situational is a guide with rules about two places each.
const situational = `guide x12 004010 850 PO "Order to Maker" extends x12/004010/850

rules
  if BEG/02=DS then N1[01=ST]
  if CUR/02=EUR then BEG/04
  if BEG/01=22 then not CUR
  if BEG/02=KN then not BEG/04
`

// A 999 names what is missing or too much, and in a CTX what makes that so.
func TestSituations(t *testing.T) {
	t.Parallel()
	g, err := library.Read("situational", situational)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, begin, want string }{
		{"a segment is missing", "BEG*00*DS*PO-1**20240408~", "IK3*N1*2**I6~CTX*SITUATIONAL TRIGGER*BEG*2**2*92~IK5*R*I5~"},
		{"an element is missing", "BEG*00*SA*PO-1**20240408~CUR*BY*EUR~", "IK3*BEG*3**8~IK4*4**I9~CTX*SITUATIONAL TRIGGER*CUR*3**2*100~IK5*R*I5~"},
		{"a segment must not be there", "BEG*22*SA*PO-1**20240408~CUR*BY*USD~", "IK3*CUR*3**I9~CTX*SITUATIONAL TRIGGER*BEG***1~IK5*R*I5~"},
		{"an element must not be there", "BEG*00*KN*PO-1*R1*20240408~", "IK3*BEG*2**8~IK4*4*328*I13*R1~CTX*SITUATIONAL TRIGGER*BEG***2~IK5*R*I5~"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			input := strings.Replace(head, "GS*PT", "GS*PO", 1) + "ST*850*0001~" + test.begin + "PO1*1*5*EA*9.5**VP*MX-1~CTT*1~SE*9*0001~" + tail("1")
			v := guide.NewValidator(edi.NewReader(strings.NewReader(input), edi.Options{}), library, guide.Options{Guide: g,
				ParserOptions: edi.ParserOptions{Tolerances: map[string]edi.Severity{"x12.transaction.count": edi.Ignore}}})
			got := collected(t, v, ack.Policy{Form: ack.Form999})
			if diff := cmp.Diff(test.want, between(got, "IK3")); diff != "" {
				t.Errorf("999 (-want +got):\n%s", diff)
			}
		})
	}
}
