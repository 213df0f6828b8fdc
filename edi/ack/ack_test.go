package ack_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
)

const head = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*P*>~\nGS*PT*SENDER*RECEIVER*20240408*0612*1*X*004010~\n"

func good(control string) string {
	return "ST*867*" + control + "~\nBPT*00*R*20240408~\nPTD*SS~\nQTY*32*1~\nLIN*1*VP*MX-1~\nUIT*EA*9.5~\nSE*7*" + control + "~\n"
}

func tail(n string) string { return "GE*" + n + "*1~\nIEA*1*000000001~\n" }

// answer validates input and returns the segments between ISA and IEA of what
// is said about its first interchange.
func answer(t *testing.T, input string, p ack.Policy) string {
	t.Helper()
	a, ic := judge(t, input, p)
	if a.Empty() {
		return "nothing"
	}
	e := ack.Reply(ic)
	e.Interchange.Date, e.Interchange.ControlNumber = time.Date(2024, 4, 8, 6, 13, 0, 0, time.UTC), 93
	e.GroupControl, e.FirstTransaction = 93, 1
	var buf bytes.Buffer
	w := edi.NewWriter(&buf, edi.WriterOptions{Delimiters: edi.Delimiters{Element: '*', Component: '>', Terminator: "~"}})
	if err := a.Write(w, e); err != nil {
		t.Fatal(err)
	}
	out := buf.String()
	from, to := strings.Index(out, "~"), strings.Index(out, "IEA")
	return strings.ReplaceAll(out[from+1:to], "~", " ")
}

func judge(t *testing.T, input string, p ack.Policy) (*ack.Answer, *edi.Interchange) {
	t.Helper()
	v := guide.NewValidator(edi.NewReader(strings.NewReader(input), edi.Options{}), library, guide.Options{RequireGuide: true})
	rep, err := edi.Collect(v)
	if err != nil {
		t.Fatal(err)
	}
	return ack.For(rep.Interchanges[0], p), rep.Interchanges[0]
}

const (
	gs = "GS*FA*RECEIVER*SENDER*20240408*0613*93*X*004010 ST*997*0001 AK1*PT*1 "
	ge = " GE*1*93 "
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	all := head + good("0001") + good("0002") + tail("2")
	bad := strings.Replace(all, "UIT*EA*9.5", "UIT*EA>1*x", 1)
	tests := []struct {
		name, input string
		policy      ack.Policy
		want        string
	}{
		{"all accepted", all, ack.Policy{}, gs + "AK2*867*0001 AK5*A AK2*867*0002 AK5*A AK9*A*2*2*2 SE*8*0001" + ge},
		{"only errors told", all, ack.Policy{ErrorsOnly: true}, gs + "AK9*A*2*2*2 SE*4*0001" + ge},
		{"one rejected", bad, ack.Policy{}, gs + "AK2*867*0001 AK3*UIT*6*QTY*8 AK4*2*212*6*x AK5*R*5 AK2*867*0002 AK5*A AK9*P*2*2*1 SE*10*0001" + ge},
		{"only the rejected one told", bad, ack.Policy{ErrorsOnly: true}, gs + "AK2*867*0001 AK3*UIT*6*QTY*8 AK4*2*212*6*x AK5*R*5 AK9*P*2*2*1 SE*8*0001" + ge},
		{"errors noted instead of rejected", bad, ack.Policy{AcceptErrors: true}, gs + "AK2*867*0001 AK3*UIT*6*QTY*8 AK4*2*212*6*x AK5*E*5 AK2*867*0002 AK5*A AK9*E*2*2*2 SE*10*0001" + ge},
		{"all rejected", head + strings.Replace(good("0001"), "BPT*00*R", "BPT*00*R*x", 1) + tail("1"), ack.Policy{},
			gs + "AK2*867*0001 AK3*BPT*2**8 AK4*3*373*4*x AK4*4*755*5*20240408 AK5*R*5 AK9*R*1*1*0 SE*9*0001" + ge},
		{"component of a composite", strings.Replace(all, "UIT*EA*9.5", "UIT*EA>x*1", 1), ack.Policy{ErrorsOnly: true},
			gs + "AK2*867*0001 AK3*UIT*6*QTY*8 AK4*1>2*1018*6*x AK5*R*5 AK9*P*2*2*1 SE*8*0001" + ge},
		{"a value that can't be sent back", strings.Replace(all, "UIT*EA*9.5", "UIT*EA*9\x07", 1), ack.Policy{ErrorsOnly: true},
			gs + "AK2*867*0001 AK3*UIT*6*QTY*8 AK4*2*212*6 AK5*R*5 AK9*P*2*2*1 SE*8*0001" + ge},
		{"required segment missing", strings.Replace(all, "QTY*32*1~\n", "", 1), ack.Policy{ErrorsOnly: true},
			gs + "AK2*867*0001 AK3*QTY*4*QTY*3 AK5*R*4*5 AK9*P*2*2*1 SE*7*0001" + ge},
		{"count and control number of SE", strings.Replace(all, "SE*7*0001", "SE*8*0003", 1), ack.Policy{ErrorsOnly: true, AcceptErrors: true},
			gs + "AK2*867*0001 AK5*R*4*3 AK9*P*2*2*1 SE*6*0001" + ge},
		{"SE missing", strings.Replace(all, "SE*7*0001~\n", "", 1), ack.Policy{ErrorsOnly: true}, gs + "AK2*867*0001 AK5*R*2 AK9*P*2*2*1 SE*6*0001" + ge},
		{"control number twice", head + good("0001") + good("0001") + tail("2"), ack.Policy{ErrorsOnly: true}, gs + "AK2*867*0001 AK5*R*23 AK9*P*2*2*1 SE*6*0001" + ge},
		{"set that nobody knows", strings.ReplaceAll(all, "ST*867", "ST*868"), ack.Policy{}, gs + "AK2*868*0001 AK5*R*1 AK2*868*0002 AK5*R*1 AK9*R*2*2*0 SE*8*0001" + ge},
		{"set in the wrong group", strings.Replace(all, "GS*PT", "GS*QQ", 1), ack.Policy{ErrorsOnly: true},
			strings.Replace(gs, "PT", "QQ", 1) + "AK2*867*0001 AK5*R*6 AK2*867*0002 AK5*R*6 AK9*R*2*2*0*1 SE*8*0001" + ge},
		{"wrong trailer of the group", strings.Replace(all, "GE*2*1", "GE*3*7", 1), ack.Policy{ErrorsOnly: true}, gs + "AK9*E*3*2*2*5*4 SE*4*0001" + ge},
		{"file cut after the first transaction", head + good("0001") + "ST*867*0002~\nBPT*00*", ack.Policy{ErrorsOnly: true},
			"TA1*000000001*240408*0612*E*023 " + gs + "AK2*867*0002 AK3*BPT*2**8 AK5*R*2*5 AK9*P*2*2*1*3 SE*7*0001" + ge},
		{"wrong trailer of the interchange", strings.Replace(all, "IEA*1*000000001", "IEA*2*000000001", 1), ack.Policy{ErrorsOnly: true},
			"TA1*000000001*240408*0612*E*021 " + gs + "AK9*A*2*2*2 SE*4*0001" + ge},
		{"TA1 on demand", strings.Replace(all, "*0*P*>", "*1*P*>", 1), ack.Policy{ErrorsOnly: true},
			"TA1*000000001*240408*0612*A*000 " + gs + "AK9*A*2*2*2 SE*4*0001" + ge},
		{"TA1 always", all, ack.Policy{ErrorsOnly: true, TA1: ack.Always}, "TA1*000000001*240408*0612*A*000 " + gs + "AK9*A*2*2*2 SE*4*0001" + ge},
		{"TA1 never", strings.Replace(all, "*0*P*>", "*1*P*>", 1), ack.Policy{ErrorsOnly: true, TA1: ack.Never}, gs + "AK9*A*2*2*2 SE*4*0001" + ge},
		{"a duplicate rejected whole", all, ack.Policy{RejectCode: "025"}, "TA1*000000001*240408*0612*R*025 "},
		{"an acknowledgment is never acknowledged", strings.NewReplacer("GS*PT", "GS*FA").Replace(head) +
			"ST*997*0001~AK1*PT*1~AK9*A*1*1*1~SE*4*0001~" + tail("1"), ack.Policy{}, "nothing"},
		{"nor is a broken acknowledgment", strings.NewReplacer("GS*PT", "GS*FA").Replace(head) + "ST*997*0001~AK1*PT*1~SE*9*0001~" + tail("1"), ack.Policy{}, "nothing"},
		{"nor a TA1", head[:106] + "TA1*000000001*240408*0612*A*000~IEA*0*000000001~", ack.Policy{TA1: ack.Always}, "nothing"},
		{"nor a broken TA1", head[:106] + "TA1*000000001*240408*0612*A*000~IEA*9*000000009~", ack.Policy{TA1: ack.Always}, "nothing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, answer(t, test.input, test.policy)); diff != "" {
				t.Errorf("answer to %q (-want +got):\n%s", test.input, diff)
			}
		})
	}
}

// What is written is valid, and reads as what was meant.
func TestPropertyWriteRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.Map(rapid.StringOfN(rapid.RuneFrom([]rune("ABC019 -.")), 0, 12, -1), func(s string) string { return s + "x" })
		code := rapid.SampledFrom([]string{"1", "2", "3", "5", "7"})
		a := &ack.Answer{}
		if rapid.Bool().Draw(t, "ta1") {
			a.Interchange = &ack.Interchange{ControlNumber: "000000001", Date: "240408", Time: "0612", Status: ack.WithError, Code: "021"}
		}
		for range rapid.IntRange(1, 3).Draw(t, "groups") {
			g := ack.Group{FunctionalID: "PT", ControlNumber: "17", Status: ack.Partly, Included: 3, Received: 2, Accepted: 1}
			for range rapid.IntRange(0, 3).Draw(t, "transactions") {
				ts := ack.Transaction{Set: "867", ControlNumber: "0001", Status: ack.Rejected, Codes: []string{"5"}}
				for range rapid.IntRange(0, 3).Draw(t, "segments") {
					s := ack.Segment{Tag: "LIN", Position: rapid.IntRange(1, 999).Draw(t, "at"), Loop: "QTY", Code: "8"}
					for range rapid.IntRange(0, 2).Draw(t, "elements") {
						s.Elements = append(s.Elements, ack.Element{Position: rapid.IntRange(1, 31).Draw(t, "element"),
							Component: rapid.IntRange(0, 3).Draw(t, "component"), Number: "234", Code: code.Draw(t, "code"), Value: word.Draw(t, "value")})
					}
					ts.Segments = append(ts.Segments, s)
				}
				g.Transactions = append(g.Transactions, ts)
			}
			a.Groups = append(a.Groups, g)
		}
		var buf bytes.Buffer
		e := ack.Envelope{Interchange: edi.InterchangeHeader{Sender: "A1", Receiver: "B1", Date: time.Date(2024, 4, 8, 0, 0, 0, 0, time.UTC), ControlNumber: 5},
			Sender: "A1", Receiver: "B1", GroupControl: 5}
		if err := a.Write(edi.NewWriter(&buf, edi.WriterOptions{}), e); err != nil {
			t.Fatal(err)
		}
		v := guide.NewValidator(edi.NewReader(bytes.NewReader(buf.Bytes()), edi.Options{}), library, guide.Options{RequireGuide: true})
		rep, err := edi.Collect(v)
		if err != nil {
			t.Fatal(err)
		}
		if errors, warnings := rep.Totals(); errors+warnings > 0 {
			rep.All(func(f *edi.Finding) { t.Logf("%+v", f) })
			t.Fatalf("findings in\n%s", buf.String())
		}
		received, err := ack.Read(&buf)
		if err != nil || len(received) != 1 {
			t.Fatalf("Read = %+v, %v", received, err)
		}
		got := &ack.Answer{}
		for _, r := range received[0].Answers {
			if r.Interchange != nil {
				got.Interchange = r.Interchange
			}
			got.Groups = append(got.Groups, r.Groups...)
		}
		if diff := cmp.Diff(a, got); diff != "" {
			t.Fatalf("read differs (-written +read):\n%s", diff)
		}
		if received[0].Sender != "A1" || received[0].ControlNumber != "000000005" {
			t.Fatalf("received = %+v", received[0])
		}
	})
}

func TestWriteOfNothing(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	if err := (&ack.Answer{}).Write(edi.NewWriter(&buf, edi.WriterOptions{}), ack.Envelope{}); err == nil || buf.Len() > 0 {
		t.Errorf("Write of an empty answer = %v and %q, want an error and nothing", err, buf.String())
	}
}

func TestReadPassesOverDamage(t *testing.T) {
	t.Parallel()
	input := strings.Replace(head, "GS*PT", "GS*FA", 1) + "ST*997*0001~AK3*X*1~AK1*PT*7~AK4*1*2*3~AK2*867*0001~AK4*1~AK5*R*5~AK9*x*y~"
	received, err := ack.Read(strings.NewReader(input))
	if err != nil || len(received) != 1 || len(received[0].Answers) != 1 {
		t.Fatalf("Read = %+v, %v", received, err)
	}
	g := received[0].Answers[0].Groups[0]
	if g.ControlNumber != "7" || len(g.Transactions) != 1 || g.Transactions[0].Status != ack.Rejected {
		t.Errorf("group = %+v, want what could be read", g)
	}
}
