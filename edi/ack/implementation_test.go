package ack_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/ack"
)

const (
	head5010 = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*^*00501*000000001*0*P*:~" +
		"GS*PT*SENDER*RECEIVER*20240408*0612*7*X*005010X999~"
	set5010  = "ST*867*0001*005010X999~BPT*00*R*20240408~DTM*003**1200~REF*SE~PTD*SS~SE*6*0001~"
	tail5010 = "GE*1*7~IEA*1*000000001~"
)

// What a 999 says of the segments and elements of a transaction, and what a 997
// of an older version makes of the same.
func TestImplementationAcknowledgment(t *testing.T) {
	t.Parallel()
	rule := func(f edi.Finding, note string) edi.Finding { f.Rule = note; return f }
	loop := func(f edi.Finding, id string) edi.Finding { f.LoopID = id; return f }
	numbered := func(f edi.Finding, n string) edi.Finding { f.DataElement = n; return f }
	tests := []struct {
		name  string
		finds map[string][]edi.Finding
		impl  string // the segments between AK2 and AK9 of the 999
		plain string // and of the 997
	}{
		{"nothing wrong", nil, "IK5*A~", "AK5*A~"},
		{"a segment of the guide missing", map[string][]edi.Finding{"PTD": {segment("I6")}},
			"IK3*PTD*5**I6~IK5*R*I5~", "AK3*PTD*5**3~AK5*R*5~"},
		{"a segment not used", map[string][]edi.Finding{"REF": {segment("I4")}}, "IK3*REF*4**I4~IK5*R*I5~", "AK3*REF*4**2~AK5*R*5~"},
		{"a loop too seldom", map[string][]edi.Finding{"PTD": {loop(segment("I7"), "PTDLOOP")}},
			"IK3*PTD*5*PTDL*I7~IK5*R*I5~", "AK3*PTD*5*PTDLOO*3~AK5*R*5~"},
		{"a code not in the guide", map[string][]edi.Finding{"REF": {numbered(element(1, 0, "I6", "SE"), "128")}},
			"IK3*REF*4**8~IK4*1*128*I6*SE~IK5*R*I5~", "AK3*REF*4**8~AK4*1*128*7*SE~AK5*R*5~"},
		{"too few repetitions", map[string][]edi.Finding{"REF": {numbered(element(1, 0, "I11", "SE"), "128")}},
			"IK3*REF*4**8~IK4*1*128*I11*SE~IK5*R*I5~", "AK3*REF*4**8~AK4*1*128*1*SE~AK5*R*5~"},
		{"both kinds of errors", map[string][]edi.Finding{"REF": {element(1, 0, "I12", "SE")}, "PTD": {element(1, 0, "7", "SS")}},
			"IK3*REF*4**8~IK4*1**I12*SE~IK3*PTD*5**8~IK4*1**7*SS~IK5*R*5*I5~", "AK3*REF*4**8~AK4*1**7*SE~AK3*PTD*5**8~AK4*1**7*SS~AK5*R*5~"},
		{"a condition names what triggers it", map[string][]edi.Finding{"DTM": {rule(element(2, 0, "2", ""), "C0302")}},
			"IK3*DTM*3**8~IK4*2**2~CTX*SITUATIONAL TRIGGER*DTM*3**3~IK5*R*5~", "AK3*DTM*3**8~AK4*2**2~AK5*R*5~"},
		{"a pair too", map[string][]edi.Finding{"DTM": {rule(element(3, 0, "2", ""), "P0203")}},
			"IK3*DTM*3**8~IK4*3**2~CTX*SITUATIONAL TRIGGER*DTM*3**2~IK5*R*5~", "AK3*DTM*3**8~AK4*3**2~AK5*R*5~"},
		{"so does a rule about two segments", map[string][]edi.Finding{"PTD": {rule(segment("I6"), "if REF[01=SE]/02-1=7 then N1[01=ST]")}},
			"IK3*PTD*5**I6~CTX*SITUATIONAL TRIGGER*REF***2:1~IK5*R*I5~", "AK3*PTD*5**3~AK5*R*5~"},
		{"in a loop too", map[string][]edi.Finding{"PTD": {rule(segment("I9"), "within PTD if PTD/QTY/01 then not REF")}},
			"IK3*PTD*5**I9~CTX*SITUATIONAL TRIGGER*QTY***1~IK5*R*I5~", "AK3*PTD*5**2~AK5*R*5~"},
		{"one of several names nothing", map[string][]edi.Finding{"DTM": {rule(element(2, 0, "2", ""), "R0203")}},
			"IK3*DTM*3**8~IK4*2**2~IK5*R*5~", "AK3*DTM*3**8~AK4*2**2~AK5*R*5~"},
		{"repetitions and components", map[string][]edi.Finding{"REF": {element(1, 0, "12", "SE"), element(1, 2, "13", "SE")}},
			"IK3*REF*4**8~IK4*1**12*SE~IK4*1:2**13*SE~IK5*R*5~", "AK3*REF*4**8~AK4*1**3*SE~AK4*1>2**3*SE~AK5*R*5~"},
		{"the convention", map[string][]edi.Finding{"ST": {{ID: "test", Severity: edi.Error, Level: edi.LevelTransaction, Code: "I6"}}}, "IK5*R*I6~", "AK5*R*1~"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := "GS*FA*RECEIVER*SENDER*20240408*0613*93*X*005010~ST*999*0001*005010X231A1~AK1*PT*7*005010X999~AK2*867*0001*005010X999~" + test.impl
			input := head5010 + set5010 + tail5010
			policy := ack.Policy{Form: ack.Form999}
			got := collected(t, read(input, test.finds), policy)
			if diff := cmp.Diff(want, between(got, "GS*")); diff != "" {
				t.Errorf("999 (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(got, streamed(t, read(input, test.finds), policy)); diff != "" {
				t.Errorf("stream (-For +Stream):\n%s", diff)
			}
			old := strings.NewReplacer("*^*00501", "*U*00401", "005010X999", "004010", "*:~", "*>~").Replace(input)
			got = collected(t, read(old, test.finds), ack.Policy{})
			if diff := cmp.Diff(test.plain, between(got, "AK2*867*0001~")[len("AK2*867*0001~"):]); diff != "" {
				t.Errorf("997 (-want +got):\n%s", diff)
			}
		})
	}
}

// between is the part of s from one word on up to the AK9.
func between(s, from string) string {
	i := strings.Index(s, from)
	j := strings.Index(s, "AK9")
	if i < 0 || j < i {
		return s
	}
	return s[i:j]
}

// A 999 needs a version that has it, whatever the group's.
func TestImplementationAcknowledgmentOf004010(t *testing.T) {
	t.Parallel()
	got := collected(t, read(head+good("0001")+tail("1"), nil), ack.Policy{Form: ack.Form999})
	want := "GS*FA*RECEIVER*SENDER*20240408*0613*93*X*005010~ST*999*0001~AK1*PT*1*004010~AK2*867*0001~IK5*A~"
	if diff := cmp.Diff(want, between(got, "GS*")); diff != "" {
		t.Errorf("999 (-want +got):\n%s", diff)
	}
}
