package ack_test

import (
	"bytes"
	"cmp"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/ack"
)

// order is an 850 in a version.
func order(version string) string {
	standard, isa := "U", "00401"
	if version >= "005010" {
		standard, isa = "^", "00501"
	}
	return "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*" + standard + "*" + isa + "*000000001*0*P*>~" +
		"GS*PO*SENDER*RECEIVER*20240408*0612*1*X*" + version + "~" +
		"ST*850*0001~BEG*00*SA*PO-1**20240408~CUR*BY*EUR~REF*CT*F-1~DTM*002*20240415*1200~N1*ST*Armazem*92*D1~N3*Rua~N4*Porto**4000*PT~" +
		"PO1*1*5*EA*9.5*PE*VP*MX-1~PID*F****Ponto~CTT*1~SE*12*0001~" +
		"GE*1*1~IEA*1*000000001~"
}

// replaced is a document with one thing in it replaced.
func replaced(t *testing.T, document, old, now string) string {
	t.Helper()
	if !strings.Contains(document, old) {
		t.Fatalf("%q is not in the document", old)
	}
	return strings.Replace(document, old, now, 1)
}

// said is what the answer to an input holds between two places.
func said(t *testing.T, input string, p ack.Policy, from, to string) string {
	t.Helper()
	a, ic := judge(t, input, p)
	if a.Empty() {
		return ""
	}
	e := ack.Reply(ic)
	envelope(ic, &e)
	var b bytes.Buffer
	if err := a.Write(edi.NewWriter(&b, edi.WriterOptions{Delimiters: ack.Delimiters(ic)}), e); err != nil {
		t.Fatal(err)
	}
	if sender, id := ic.Sender(); id != "" && strings.Trim(sender, "?z") == sender {
		if receiver, id := ic.Receiver(); id != "" && strings.Trim(receiver, "?z") == receiver {
			mustBeValid(t, b.String()) // what is sent back to a wrong address cannot be
		}
	}
	_, out, _ := strings.Cut(b.String(), from)
	out, _, _ = strings.Cut(out, to)
	return out
}

// message is an interchange of one ORDERS in a version of the syntax.
func message(syntax string) string {
	date := "240408"
	if syntax == "4" {
		date = "20240408"
	}
	return "UNB+UNOC:" + syntax + "+S:14+R:14+" + date + ":0612+REF1'" +
		"UNH+M1+ORDERS:D:96A:UN'BGM+220+PO1+9'DTM+137:20240408:102'NAD+BY+1::9'LIN+1++59:EN'QTY+21:5.5:PCE'UNS+S'CNT+2:1'UNT+9+M1'" +
		"UNZ+1+REF1'"
}

// Every code of a 997 and 999 that a document can earn by itself, from the
// document to the answer: what stands between AK2 and AK9, and what AK9 ends
// with. Those of partner guides are in TestSituations and in package guide.
func TestCodesOfX12(t *testing.T) {
	t.Parallel()
	ref, beg := "REF*CT*F-1~", "BEG*00*SA*PO-1**20240408~"
	tests := []struct {
		name, old, now string
		want           string // of 004010, with AK for IK
		newer          string // of 005010 and in a 999, where it differs
	}{
		{"accepted", "", "", "AK5*A~AK9*A*1*1*1", ""},
		{"AK304 1, unknown", ref, "QQQ*1~", "AK3*QQQ*4**1~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK304 3 in a loop of which another segment comes, and 7", ref, "N3*Rua~", "AK3*N1*4*N1*3~AK3*DTM*5**7~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK304 3, missing", beg, "", "AK3*BEG*2**3~AK5*R*4*5~AK9*R*1*1*0", ""},
		{"AK304 5, too often", "CUR*BY*EUR~", "CUR*BY*EUR~CUR*BY*EUR~", "AK3*CUR*4**5~AK5*R*4*5~AK9*R*1*1*0", ""},
		{"AK304 5 in a loop", "N3*Rua~", "N3*Rua~N3*Rua~N3*Rua~", "AK3*N3*9*N1*5~AK5*R*4*5~AK9*R*1*1*0", ""},
		{"AK304 6, not in the set", ref, "BPT*00~", "AK3*BPT*4**6~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK304 7, out of sequence", "CTT*1~", "CTT*1~REF*CT*1~", "AK3*REF*12**7~AK5*R*4*5~AK9*R*1*1*0", ""},
		{"AK403 1 and 2, missing", ref, "REF~", "AK3*REF*4**8~AK4*1*128*1~AK4*2*127*2~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK403 1, empty", "BEG*00", "BEG*", "AK3*BEG*2**8~AK4*1*353*1~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK403 2, conditional", "PE*VP*MX-1", "PE*VP", "AK3*PO1*9*PO1*8~AK4*7*234*2~AK5*R*5~AK9*R*1*1*0",
			"AK3*PO1*9*PO1*8~AK4*7*234*2~CTX*SITUATIONAL TRIGGER*PO1*9*PO1*6~AK5*R*5~AK9*R*1*1*0"},
		{"AK403 3, too many", "DTM*002*20240415*1200", "DTM*002*20240415*1200*****x*y", "AK3*DTM*5**8~AK4*8**3*x~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK403 4, short", "REF*CT", "REF*C", "AK3*REF*4**8~AK4*1*128*4*C~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK403 5, long", "REF*CT", "REF*CTTTT", "AK3*REF*4**8~AK4*1*128*5*CTTTT~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK403 6, a control character", "PO-1", "PO\x01-1", "AK3*BEG*2**8~AK4*3*324*6~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK403 6, no number", "*5*EA", "*five*EA", "AK3*PO1*9*PO1*8~AK4*2*330*6*five~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK403 7, a total", "CTT*1", "CTT*2", "AK3*CTT*11*CTT*8~AK4*1*354*7*2~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK403 8, date", "20240415", "20240431", "AK3*DTM*5**8~AK4*2*373*8*20240431~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK403 9, time", "*1200", "*2460", "AK3*DTM*5**8~AK4*3*337*9*2460~AK5*R*5~AK9*R*1*1*0", ""},
		{"AK403 12, repetitions, which came with 00402", "PO1*1*5*", "PO1*1*5^6*", "AK3*PO1*9*PO1*8~AK4*2*330*6*5^6~AK5*R*5~AK9*R*1*1*0",
			"AK3*PO1*9*PO1*8~AK4*2>>2*330*12~AK5*R*5~AK9*R*1*1*0"},
		{"AK403 13, components", "PO1*1*5*", "PO1*1*5>6*", "AK3*PO1*9*PO1*8~AK4*2*330*3~AK5*R*5~AK9*R*1*1*0", "AK3*PO1*9*PO1*8~AK4*2*330*13~AK5*R*5~AK9*R*1*1*0"},
		{"AK502 1, set unknown", "ST*850", "ST*888", "AK5*R*1~AK9*R*1*1*0", ""},
		{"AK502 2, SE missing", "SE*12*0001~", "", "AK5*R*2~AK9*R*1*1*0", ""},
		{"AK502 3, control numbers", "SE*12*0001", "SE*12*0002", "AK5*R*3~AK9*R*1*1*0", ""},
		{"AK502 4, count", "SE*12", "SE*13", "AK5*R*4~AK9*R*1*1*0", ""},
		{"AK502 4, no number", "SE*12", "SE*x", "AK5*R*4~AK9*R*1*1*0", ""},
		{"AK502 6, no ST01", "ST*850", "ST*", "AK5*R*6~AK9*R*1*1*0", ""},
		{"AK502 6, ST01 too short", "ST*850", "ST*85", "AK5*R*6~AK9*R*1*1*0", ""},
		{"AK502 7, no ST02", "ST*850*0001", "ST*850*", "AK5*R*7~AK9*R*1*1*0", ""},
		{"AK502 7, ST02 too short", "ST*850*0001", "ST*850*1", "AK5*R*7*3~AK9*R*1*1*0", ""},
		{"AK502 19, ST03 too long; 004010 has no ST03, and another 19", "ST*850*0001", "ST*850*0001*" + strings.Repeat("X", 36), "AK5*R*5~AK9*R*1*1*0", "AK5*R*19~AK9*R*1*1*0"},
		{"AK502 18, not in this group, and AK905 1, nobody's group", "GS*PO", "GS*QQ", "AK5*R*6~AK9*R*1*1*0*1", "AK5*R*18~AK9*R*1*1*0*1"},
		{"AK905 2, version", "X*00", "X*99", "AK5*R*1~AK9*R*1*1*0*2", ""},
		{"AK905 3, GE missing", "GE*1*1~", "", "AK5*A~AK9*E*1*1*1*3", ""},
		{"AK905 4, control numbers", "GE*1*1", "GE*1*2", "AK5*A~AK9*E*1*1*1*4", ""},
		{"AK905 5, count", "GE*1*1", "GE*2*1", "AK5*A~AK9*E*2*1*1*5", ""},
		{"AK905 6, GS06", "*0612*1*X", "*0612*A*X", "AK5*A~AK9*E*1*1*1*6*4", ""},
		{"several", "SE*12*0001", "SE*13*0002", "AK5*R*4*3~AK9*R*1*1*0", ""},
	}
	for _, test := range tests {
		for version, p := range map[string]ack.Policy{"004010": {}, "005010": {Form: ack.Form999}} {
			t.Run(test.name+" in "+version, func(t *testing.T) {
				t.Parallel()
				want := test.want
				if p.Form == ack.Form999 {
					want = strings.NewReplacer("AK3*", "IK3*", "AK4*", "IK4*", "AK5*", "IK5*").Replace(cmp.Or(test.newer, test.want))
				}
				_, got, _ := strings.Cut(said(t, replaced(t, order(version), test.old, test.now), p, "AK2*", "~SE*"), "~")
				if got != want {
					t.Errorf("answer = %q, want %q", got, want)
				}
			})
		}
	}
}

// TA105, from the header to the TA1.
func TestCodesOfTA1(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, old, now, want string }{
		{"nothing", "", "", "A*000"},
		{"control numbers", "IEA*1*000000001", "IEA*1*000000002", "E*001"},
		{"terminator", ">~GS", ">GS", "E*004"},
		{"sender's qualifier", "*ZZ*SENDER ", "*?Z*SENDER ", "E*005"},
		{"sender", "*SENDER         *", "*               *", "E*006"},
		{"receiver's qualifier", "*ZZ*RECEIVER ", "*z *RECEIVER ", "E*007"},
		{"receiver", "*RECEIVER       *", "*               *", "E*008"},
		{"authorization", "ISA*00*", "ISA*?0*", "E*010"},
		{"security", "*00*          *ZZ", "*?0*          *ZZ", "E*012"},
		{"date", "*240408*0612*", "*240431*0612*", "E*014"},
		{"time", "*240408*0612*", "*240408*2460*", "E*015"},
		{"version", "*000000001*0*P", "*00000000A*0*P", "E*018"},
		{"acknowledgment requested", "*0*P*", "*2*P*", "E*019"},
		{"usage", "*0*P*", "*0*Q*", "E*020"},
		{"groups", "IEA*1*", "IEA*2*", "E*021"},
		{"width", "*SENDER         *", "*SENDER*", "E*022"},
		{"a segment outside of groups", "IEA*1*", "SE*1*0001~IEA*1*", "E*022"},
		{"the file ends", "IEA*1*000000001~", "", "E*023"},
		{"no group", "GE*1*1~", "GE*1*1~ST*850*0009~SE*2*0009~GE*1*1~", "E*024"},
		{"component separator", "*0*P*>~", "*0*P*A~", "E*027"},
	}
	for _, version := range []string{"004010", "005010"} {
		for _, test := range tests {
			t.Run(test.name+" in "+version, func(t *testing.T) {
				t.Parallel()
				got := said(t, replaced(t, order(version), test.old, test.now), ack.Policy{TA1: ack.Always}, "~TA1*", "~")
				if !strings.HasSuffix(got, "*"+test.want) {
					t.Errorf("TA1 = %q, want %q at the end", got, test.want)
				}
			})
		}
	}
	// what only the receiver can know
	for _, code := range []string{"002", "003", "009", "017", "025"} {
		if got := said(t, order("004010"), ack.Policy{RejectCode: code}, "~TA1*", "~"); !strings.HasSuffix(got, "*R*"+code) {
			t.Errorf("TA1 = %q, want R*%s at the end", got, code)
		}
	}
}

// Codes of 0085, from the interchange to the CONTRL, in every version of the
// syntax.
func TestCodesOfCONTRL(t *testing.T) {
	t.Parallel()
	uci, ucm := "REF1+S:14+R:14+7", "'UCM+M1+ORDERS:D:96A:UN+4"
	dtm, unt := "DTM+137:20240408:102", "UNT+9+M1'"
	message1 := func(errors string) string { return uci + ucm + errors }
	tests := []struct {
		name, old, now, want string
		newer                string // in syntax 4, where it differs
	}{
		{"accepted", "", "", uci, ""},
		{"2, version", "UNOC:", "UNOC:9", uci + "+2+UNB+1:2", ""},
		{"2, level", "UNOC", "UNO1", uci + "+2+UNB+1:1", ""},
		{"46, character set", "UNOC", "UNOX", uci + "+46+UNB+1:1", ""},
		{"13, sender missing", "+S:14", "+", "REF1+0+R:14+7+13+UNB+2:1", ""},
		{"39, reference too long", "REF1'UNH", "12345678901234567'UNH", "12345678901234+S:14+R:14+7+39+UNB+5:1", ""},
		{"12, time", ":0612", ":2612", uci + "+12+UNB+4:2", ""},
		{"29, count of the interchange", "UNZ+1", "UNZ+2", uci + "+29+UNZ+1", ""},
		{"28, reference of the interchange", "UNZ+1+REF1", "UNZ+1+REF2", uci + "+28+UNZ+2", ""},
		{"13, UNZ missing", "UNZ+1+REF1'", "", uci + "+13+UNZ", ""},
		{"33, outside of messages", unt, unt + "LIN+1'", uci + "+33", ""},
		{"30, groups and messages", "UNZ+1", "UNG+ORDERS+A+B+240408:0612+G1+UN+D:96A'UNE+0+G1'UNZ+2", uci + "+30+UNG'UCF+G1+A+B+4+32+UNE", ""},
		{"22, service character", "UNB+UNOC", "UNA:+.: 'UNB+UNOC", "REF1+S14+R14+7+22+UNB'UCM+M1+ORDERS:0:0:0+4+14+UNH+2", "-"},
		{"29, count of the message", unt, "UNT+8+M1'", message1("+29+UNT+1"), ""},
		{"28, reference of the message", unt, "UNT+9+M2'", message1("+28+UNT+2"), ""},
		{"13, UNT missing", unt, "", message1("+13+UNT"), ""},
		{"26, duplicate", unt, unt + "UNH+M1+ORDERS:D:96A:UN'BGM+220+PO1+9'DTM+137:20240408:102'NAD+BY+1::9'LIN+1'UNS+S'UNT+7+M1'", uci + "+29+UNZ+1" + ucm + "+26+UNH+1", ""},
		{"13, no reference", "UNH+M1", "UNH+", uci + "'UCM+0+ORDERS:D:96A:UN+4+13+UNH+1", ""},
		{"14, type not known", "ORDERS", "ORDZZZ", uci + "'UCM+M1+ORDZZZ:D:96A:UN+4+14+UNH+2", ""},
		{"14, directory not known", "96A", "77A", uci + "'UCM+M1+ORDERS:D:77A:UN+4+14+UNH+2", ""},
		{"15, segment not known, and 13", "UNS+S'", "QQQ+1'", message1("'UCS+7+15'UCS+8+13"), ""},
		{"15, segment not of this message", "NAD+BY+1::9'", "UGH+1'", message1("'UCS+4+15"), ""},
		{"35, segment too often", "BGM+220+PO1+9'", "BGM+220+PO1+9'BGM+220+PO1+9'", message1("+29+UNT+1'UCS+3+35"), ""},
		{"13, composite", dtm, "DTM", message1("'UCS+3'UCD+13+1"), ""},
		{"13, component", dtm, "DTM+:20240408:102", message1("'UCS+3'UCD+13+1:1"), ""},
		{"12, date", dtm, "DTM+137:20240431:102", message1("'UCS+3'UCD+12+1:2"), ""},
		{"12, code", "UNS+S", "UNS+X", message1("'UCS+7'UCD+12+1"), ""},
		{"16, components", dtm, dtm + ":x", message1("'UCS+3'UCD+16+1"), ""},
		{"16, elements", dtm, dtm + "+x", message1("'UCS+3'UCD+16+2"), ""},
		{"37, no number", "21:5.5", "21:x", message1("'UCS+6'UCD+37+1:2"), ""},
		{"38, no digit before the mark", "21:5.5", "21:.5", message1("'UCS+6'UCD+38+1:2"), ""},
		{"19, nothing behind it", "21:5.5", "21:5.", message1("'UCS+6'UCD+19+1:2"), ""},
		{"21, a control character", "PO1", "P\x01O1", message1("'UCS+2'UCD+21+2"), ""},
		{"39, long", "+BY", "+BYZZZ", message1("'UCS+4'UCD+39+1"), ""},
		{"35, repetition, which came with syntax 4", "PO1+9", "PO1*2+9", uci, message1("'UCS+2'UCD+35+2")},
		{"a separator at the end is a warning", "LIN+1++59:EN", "LIN+1++59:EN+", uci, ""},
	}
	for _, syntax := range []string{"1", "2", "3", "4"} {
		for _, test := range tests {
			want := test.want
			if syntax == "4" {
				want = cmp.Or(test.newer, want)
			}
			if test.newer == "-" && syntax == "4" {
				continue
			}
			t.Run(test.name+" in syntax "+syntax, func(t *testing.T) {
				t.Parallel()
				old := test.old
				if test.now == "UNOC:9" {
					old += syntax
				}
				if got := said(t, replaced(t, message(syntax), old, test.now), ack.Policy{ErrorsOnly: true}, "UCI+", "'UNT+"); got != want {
					t.Errorf("CONTRL = %q, want %q", got, want)
				}
			})
		}
	}
	// what only the receiver can know, as a code of either standard
	for code, want := range map[string]string{"7": "7", "17": "17", "23": "23", "24": "24", "25": "25", "26": "26", "009": "7", "006": "23", "020": "25", "025": "26", "003": "2"} {
		if got := said(t, message("3"), ack.Policy{RejectCode: code}, "UCI+", "'UNT+"); got != "REF1+S:14+R:14+4+"+want {
			t.Errorf("CONTRL to %s = %q, want %s", code, got, want)
		}
	}
}

// No form of answer is answered, whatever it holds and whatever is wrong with
// it. An 824 is a document like others by default, and an APERAK is none.
func TestAnswersAreNotAnswered(t *testing.T) {
	t.Parallel()
	x12 := func(group, set string) string {
		return strings.Replace(head, "GS*PT", "GS*"+group, 1) + "ST*" + set + "*0001~XYZ*1~SE*9*0002~" + tail("1")
	}
	edifact := func(set string) string {
		return unb + "UNH+1+" + set + "'XYZ+1'UNT+9+2'UNZ+1+REF1'"
	}
	for name, input := range map[string]string{
		"997": x12("FA", "997"), "999": x12("FA", "999"), "824": x12("AG", "824"),
		"TA1":    head[:106] + "TA1*000000001*240408*0612*A*000~IEA*9*000000009~",
		"CONTRL": edifact("CONTRL:D:3:UN"), "CONTRL of syntax 4": edifact("CONTRL:4:1:UN"), "APERAK": edifact("APERAK:D:96A:UN"),
	} {
		for policy, p := range map[string]ack.Policy{"": {}, "errors only": {ErrorsOnly: true}, "999": {Form: ack.Form999}} {
			if name == "824" {
				if collected(t, validator(strings.NewReader(input)), p) == "" {
					t.Errorf("no answer to 824 %s", policy)
				}
				p.Advice = ack.AdviceUnanswered
			}
			if got := collected(t, validator(strings.NewReader(input)), p); got != "" {
				t.Errorf("answer to %s %s = %q", name, policy, got)
			}
			if got := streamed(t, validator(strings.NewReader(input)), p); got != "" {
				t.Errorf("stream of %s %s = %q", name, policy, got)
			}
		}
		p := ack.Policy{Advice: ack.AdviceAnswered}
		if got := collected(t, validator(strings.NewReader(input)), p); (got != "") != (name == "824" || name == "APERAK") {
			t.Errorf("answer to %s if advice is answered = %q", name, got)
		}
		if a, b := collected(t, validator(strings.NewReader(input)), p), streamed(t, validator(strings.NewReader(input)), p); a != b {
			t.Errorf("stream of %s = %q, answer = %q", name, b, a)
		}
	}
}
