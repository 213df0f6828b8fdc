package ack_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi/ack"
)

// An element that several rules miss is told once; a 999 names all that makes them
// apply.
func TestElementIsToldOnce(t *testing.T) {
	t.Parallel()
	input := strings.Replace(head, "GS*PT", "GS*PO", 1) + "ST*850*0001~BEG*00*SA*PO-1**20240408~PO1*1*5*EA*9.5**VP*MX-1~PO4*12*********1*2*3~CTT*1~SE*6*0001~" + tail("1")
	for form, want := range map[string]string{
		ack.Form997: "AK3*PO4*4*PO1*8~AK4*13*355*2~AK5*R*5~",
		ack.Form999: "IK3*PO4*4*PO1*8~IK4*13*355*2~CTX*SITUATIONAL TRIGGER*PO4*4*PO1*10~CTX*SITUATIONAL TRIGGER*PO4*4*PO1*11~CTX*SITUATIONAL TRIGGER*PO4*4*PO1*12~IK5*R*5~",
	} {
		got := said(t, input, ack.Policy{Form: form}, want[:3], "AK9")
		if diff := cmp.Diff(want[3:], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", form, diff)
		}
	}
}
