package trading_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
	"fondaco/exchange/trading"
	"fondaco/policy"
	"fondaco/schema"
)

// post sends the documents of a set's own sample to the distributor, and has
// them delivered.
func (w *world) post(name string) trading.Sending {
	w.t.Helper()
	data, err := fs.ReadFile(sets.Files(), name+"/sample.edi")
	if err != nil {
		w.t.Fatal(err)
	}
	guides := guide.NewLibrary(sets.Files())
	docs, _, err := mapping.Documents(bytes.NewReader(data), guides, guide.Options{})
	if err != nil || len(docs) == 0 {
		w.t.Fatalf("%d documents, %v", len(docs), err)
	}
	m, err := mapping.NewLibrary(sets.Files()).Map(docs[0].Guide)
	if err != nil {
		w.t.Fatal(err)
	}
	out := trading.Outgoing{Partner: w.partner.ID, Guide: name}
	for _, d := range docs {
		o, problems := m.Decode(d)
		if len(problems) > 0 {
			w.t.Fatal(problems)
		}
		number := o.Text("documentNumber")
		out.Documents = append(out.Documents, trading.OutgoingDocument{Record: o, Number: number})
	}
	sending, err := w.Send(policy.With(w.t.Context(), w.maker), out)
	if err != nil {
		w.t.Fatal(err)
	}
	w.cycle()
	return sending
}

// answered is what a partner that uses this engine too says of an interchange:
// a true acknowledgment, in an interchange of its own.
func (w *world) answered(data []byte, number int, p ack.Policy) string {
	w.t.Helper()
	ic := w.judged(data)
	e := ack.Reply(ic)
	e.Interchange.ControlNumber, e.GroupControl, e.FirstTransaction = number, number, 1
	e.Interchange.Date = time.Date(2024, 4, 8, 6, 12, 0, 0, time.UTC)
	var b bytes.Buffer
	if err := ack.For(ic, p).Write(edi.NewWriter(&b, edi.WriterOptions{Delimiters: ack.Delimiters(ic), Newline: "\n"}), e); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

// advised is an 824 or APERAK about the first document of an interchange.
func (w *world) advised(data []byte, number int) string {
	w.t.Helper()
	ic := w.judged(data)
	refusal := ack.Refuse(ic, ic.Groups[0], ic.Groups[0].Transactions[0])
	refusal.Number, refusal.Reasons = "ADV-1", []ack.Reason{{Cause: ack.UnknownItem, Text: "no such product"}}
	e := ack.Reply(ic)
	e.Interchange.ControlNumber, e.GroupControl, e.FirstTransaction = number, number, 1
	e.Interchange.Date = time.Date(2024, 4, 8, 6, 12, 0, 0, time.UTC)
	e.ReplyGroup(ic.Groups[0])
	var b bytes.Buffer
	if err := ack.WriteRefusals(edi.NewWriter(&b, edi.WriterOptions{Delimiters: ack.Delimiters(ic), Newline: "\n"}), e, []ack.Refusal{refusal}); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

func (w *world) judged(data []byte) *edi.Interchange {
	w.t.Helper()
	v := guide.NewValidator(edi.NewReader(bytes.NewReader(data), edi.Options{}), guide.NewLibrary(sets.Files()), guide.Options{RequireGuide: true})
	rep, err := edi.Collect(v)
	if err != nil || len(rep.Interchanges) != 1 {
		w.t.Fatalf("%d interchanges, %v in\n%s", len(rep.Interchanges), err, data)
	}
	return rep.Interchanges[0]
}

// sent tells what the maker knows of what it has sent, a line for each document.
func (w *world) sent() []string {
	w.t.Helper()
	all, err := w.Sent(policy.With(w.t.Context(), w.maker))
	if err != nil {
		w.t.Fatal(err)
	}
	lines := []string{}
	for _, d := range all {
		line := d.Set + " " + d.Number
		for _, part := range [][2]string{{"envelope", d.Envelope}, {"syntax", d.Syntax}, {"content", d.Content}, {"said", d.Said}} {
			if part[1] != "" {
				line += ", " + part[0] + " " + part[1]
			}
		}
		if d.Overdue {
			line += ", overdue"
		}
		lines = append(lines, line)
	}
	return lines
}

// wonders are the ids of the findings of all interchanges of a flow.
func (w *world) wonders(flow schema.Flow) []string {
	w.t.Helper()
	ids := []string{}
	for _, line := range w.list(w.maker, schema.Interchanges, "flow", "findings") {
		of, raw, _ := strings.Cut(line, " | ")
		var list []struct{ ID string }
		if of != string(flow) || raw == "-" {
			continue
		}
		if err := json.Unmarshal([]byte(strings.TrimLeft(raw, "\x01")), &list); err != nil {
			w.t.Fatalf("%v in %q", err, raw)
		}
		for _, f := range list {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// TestAcknowledgmentsFindWhatWasSent sends true documents, and has them
// answered by what another user of the engine would send.
func TestAcknowledgmentsFindWhatWasSent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set     string
		answer  func(w *world, s trading.Sending) []string // the files that come back
		want    []string
		state   string
		wonders []string // of the answers
		fates   []string // findings of what was sent
	}{
		"a 997 that accepts": {
			set:    "x12/004010/849",
			answer: func(w *world, s trading.Sending) []string { return []string{w.answered(s.Bytes, 7, ack.Policy{})} },
			want:   []string{"849 1, syntax A"}, state: "DELIVERED",
		},
		"a 997 of errors only": {
			set: "x12/004010/849",
			answer: func(w *world, s trading.Sending) []string {
				return []string{w.answered(s.Bytes, 7, ack.Policy{ErrorsOnly: true})}
			},
			want: []string{"849 1, syntax A"}, state: "DELIVERED",
		},
		"a 999 that refuses": {
			set: "x12/005010/849",
			answer: func(w *world, s trading.Sending) []string {
				return []string{w.answered(bytes.Replace(s.Bytes, []byte("\nBRC*"), []byte("\nBRC*X"), 1), 7, ack.Policy{Form: ack.Form999})}
			},
			want:  []string{`849 1, syntax R, said 999, 5 segments in error, segment 2 BRC: 8 elements in error, BRC01 "X00": 5 too long`},
			state: "REJECTED", fates: []string{"trading.ack-refused"},
		},
		"a TA1 that refuses": {
			set: "x12/004010/849",
			answer: func(w *world, s trading.Sending) []string {
				return []string{w.answered(s.Bytes, 7, ack.Policy{RejectCode: "025"})}
			},
			want: []string{"849 1, envelope R, said TA1, 025 control number seen before"}, state: "REJECTED", fates: []string{"trading.ack-refused"},
		},
		"a 997, and then an 824 that refuses": {
			set: "x12/004010/849",
			answer: func(w *world, s trading.Sending) []string {
				return []string{w.answered(s.Bytes, 7, ack.Policy{}), w.advised(s.Bytes, 8)}
			},
			want: []string{"849 1, syntax A, content R, said 824, Q no such product"}, state: "REJECTED", fates: []string{"trading.ack-refused"},
		},
		"the same 997 twice": {
			set: "x12/004010/849",
			answer: func(w *world, s trading.Sending) []string {
				return []string{w.answered(s.Bytes, 7, ack.Policy{}), w.answered(s.Bytes, 8, ack.Policy{})}
			},
			want: []string{"849 1, syntax A"}, state: "DELIVERED",
		},
		"a 997 that takes back what another one said": {
			set: "x12/004010/849",
			answer: func(w *world, s trading.Sending) []string {
				bad := bytes.Replace(s.Bytes, []byte("\nBRC*"), []byte("\nBRC*X"), 1)
				return []string{w.answered(s.Bytes, 7, ack.Policy{}), w.answered(bad, 8, ack.Policy{})}
			},
			want: []string{"849 1, syntax A"}, state: "DELIVERED", wonders: []string{"trading.ack-contradicts"},
		},
		"an answer to nothing": {
			set: "x12/004010/849",
			answer: func(w *world, s trading.Sending) []string {
				return []string{regexp.MustCompile(`AK1\*(\w+)\*1`).ReplaceAllString(w.answered(s.Bytes, 7, ack.Policy{}), "AK1*$1*77")}
			},
			want: []string{"849 1"}, state: "DELIVERED", wonders: []string{"trading.ack-unmatched", "trading.ack-unmatched"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			s := w.post(c.set)
			want(t, "sent before", w.sent(), []string{c.want[0][:5]})
			for i, in := range c.answer(w, s) {
				w.receive(string(rune('a'+i))+".edi", in)
			}
			want(t, "sent", w.sent(), c.want)
			if diff := cmp.Diff(c.state, w.text("SELECT state FROM interchanges WHERE id = $1", s.Interchange)); diff != "" {
				t.Errorf("the state of what was sent (-want +got):\n%s", diff)
			}
			want(t, "findings of the answers", w.wonders(schema.Received), append([]string{}, c.wonders...))
			want(t, "findings of what was sent", w.wonders(schema.Sent), append([]string{}, c.fates...))
		})
	}
}

// TestEDIFACTAcknowledgmentsFindWhatWasSent is the same for CONTRL and APERAK.
func TestEDIFACTAcknowledgmentsFindWhatWasSent(t *testing.T) {
	t.Parallel()
	w := open(t, edifact)
	first, second := w.post("edifact/d96a/ORDERS"), w.post("edifact/d96a/ORDERS")
	want(t, "sent", w.sent(), []string{"ORDERS 1", "ORDERS 1"})
	w.receive("a.edi", w.answered(second.Bytes, 7, ack.Policy{ReceiptOnly: true}))
	want(t, "after the receipt", w.sent(), []string{"ORDERS 1, envelope 8, syntax 8", "ORDERS 1"})
	w.receive("b.edi", w.answered(second.Bytes, 8, ack.Policy{}))
	want(t, "after the verdict", w.sent(), []string{"ORDERS 1, envelope A, syntax A", "ORDERS 1"})
	w.receive("c.edi", w.advised(first.Bytes, 9))
	got := w.sent()
	if len(got) != 2 || !strings.HasPrefix(got[1], "ORDERS 1, content R, said APERAK, Q no such product") {
		t.Errorf("sent = %q, want the first refused by an APERAK", got)
	}
	want(t, "findings of the answers", w.wonders(schema.Received), []string{})
}

// TestOverdueAcknowledgments: what is not answered in time says so, until it
// is answered.
func TestOverdueAcknowledgments(t *testing.T) {
	t.Parallel()
	w := open(t, func(p *trading.Partner) { p.AcknowledgeWithin = 24 * time.Hour })
	s := w.post("x12/004010/849")
	w.pass(23 * time.Hour)
	w.cycle()
	want(t, "before the time", w.sent(), []string{"849 1"})
	w.pass(2 * time.Hour)
	w.cycle()
	w.cycle()
	want(t, "after it", w.sent(), []string{"849 1, overdue"})
	want(t, "findings", w.wonders(schema.Sent), []string{"trading.ack-overdue"})
	w.receive("late.edi", w.answered(s.Bytes, 7, ack.Policy{}))
	want(t, "answered late", w.sent(), []string{"849 1, syntax A"})
	want(t, "findings after the answer", w.wonders(schema.Sent), []string{})
}

// TestSendIsForThoseWhoMay: neither the partner itself nor somebody else sends
// in the name of the maker.
func TestSendIsForThoseWhoMay(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, who := range []policy.Principal{w.distributor, w.third} {
		_, err := w.Send(policy.With(t.Context(), who), trading.Outgoing{Partner: w.partner.ID, Guide: "x12/004010/849"})
		if schema.Code(err) != schema.CodeNotFound {
			t.Errorf("Send() = %v, want not found", err)
		}
	}
	reader := w.node.Person(w.maker.Firm, "Reader", schema.ReadOnly)
	_, err := w.Send(policy.With(t.Context(), reader), trading.Outgoing{Partner: w.partner.ID, Guide: "x12/004010/849"})
	if schema.Code(err) != schema.CodeDenied {
		t.Errorf("Send() by a reader = %v, want denied", err)
	}
	_, err = w.Send(policy.With(t.Context(), w.maker), trading.Outgoing{Partner: w.partner.ID, Guide: "x12/004010/849"})
	if schema.Code(err) != schema.CodeInvalid {
		t.Errorf("Send() of nothing = %v, want invalid", err)
	}
}

// TestPartnersTerms: what was agreed on decides how the same file is answered.
func TestPartnersTerms(t *testing.T) {
	t.Parallel()
	// An unknown code in a segment that nothing is posted from.
	flawed := file(3, strings.Replace(sale("R1", "FT 1", hospital, "MX-1", 3), "PID*F****Wireless access point", "PID*FX****Wireless access point", 1))
	for name, c := range map[string]struct {
		terms trading.Terms
		state string
		ak5   string // in the answer
	}{
		"refused as a rule":        {trading.Terms{}, "REJECTED", "AK5*R*5~"},
		"taken with errors":        {trading.Terms{AcceptErrors: true}, "POSTED", "AK5*E*5~"},
		"refused, answered by 999": {trading.Terms{Form: ack.Form999}, "REJECTED", "IK5*R*5~"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, func(p *trading.Partner) { p.Terms = c.terms })
			st := w.receive("in.edi", flawed)
			if len(st.Interchanges) != 1 || st.Interchanges[0].State != c.state {
				t.Fatalf("status = %+v, want %s", st, c.state)
			}
			answer, err := w.Raw(policy.With(t.Context(), w.maker), *st.Interchanges[0].Acknowledgment)
			if err != nil || !strings.Contains(string(answer), c.ak5) {
				t.Errorf("the answer is %s, %v, want %s in it", answer, err, c.ak5)
			}
			n := 0
			if c.state == "POSTED" {
				n = 1
			}
			if got := len(w.list(w.maker, schema.SalesReportLines)); got != n {
				t.Errorf("%d lines were posted, want %d", got, n)
			}
		})
	}
}

// TestSetPartner changes terms, and refuses what makes no sense.
func TestSetPartner(t *testing.T) {
	t.Parallel()
	w := open(t)
	p := w.partner
	p.ErrorsOnly, p.Terms = true, trading.Terms{Form: ack.Form999, OnlyAsked: true, Transport: "https", AcknowledgeWithin: 90 * time.Minute}
	if err := w.SetPartner(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	list, err := w.Partners(t.Context(), w.maker.Firm)
	if err != nil || len(list) != 1 {
		t.Fatalf("Partners() = %v, %v", list, err)
	}
	if diff := cmp.Diff(p, list[0]); diff != "" {
		t.Errorf("the partner (-want +got):\n%s", diff)
	}
	for _, terms := range []trading.Terms{{Form: "998"}, {Transport: "pigeon"}, {AcknowledgeWithin: -time.Second}, {AcknowledgeWithin: time.Millisecond}} {
		p.Terms = terms
		if err := w.SetPartner(t.Context(), p); schema.Code(err) != schema.CodeInvalid {
			t.Errorf("SetPartner(%+v) = %v, want invalid", terms, err)
		}
	}
	p.Terms, p.ID = trading.Terms{}, schema.NewID()
	if err := w.SetPartner(t.Context(), p); schema.Code(err) != schema.CodeNotFound {
		t.Errorf("SetPartner() of nobody = %v, want not found", err)
	}
}
