package ack_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fondaco/edi"
	"fondaco/edi/ack"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run the test with -update and read the file", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); run with -update if it should:\n%s", path, diff)
	}
}

// refused is a claim of which the application took two lines and refused others.
func refused() []ack.Refusal {
	return []ack.Refusal{{
		Number: "R-17", Interchange: "000000001", Group: "1", Transaction: "0001", Set: "844", Version: "004010",
		Sender: "SENDER", Receiver: "RECEIVER", SentAt: time.Date(2024, 4, 8, 6, 12, 0, 0, time.UTC),
		Document: "CL-4711", DocumentQualifier: "CM", Status: ack.Rejected,
		Reasons: []ack.Reason{
			{Cause: ack.ExpiredAuthorization, Tag: "CON", Segment: 4, Element: 2, DataElem: "127", Value: "SPA-9"},
			{Cause: ack.UnknownItem, Item: "3", Tag: "LIN", Segment: 14, Element: 3, DataElem: "234", Value: "WP-81"},
			{Cause: ack.WrongQuantity, Item: "3", Text: "The quantity exceeds what the authorization still has left for this customer: " +
				"twenty pieces were claimed and twelve are left, of which four belong to an earlier claim."},
			{Cause: ack.UnknownCustomer, Item: "5", Value: "Müller*Söhne"},
			{Code: "X9", Text: "as agreed on the telephone"},
		},
	}, {Number: "R-18", Transaction: "0002", Set: "844", Status: ack.WithError, Reasons: []ack.Reason{{Cause: ack.Duplicate}}}}
}

func header(standard edi.Standard) ack.Envelope {
	return ack.Envelope{Standard: standard, Interchange: edi.InterchangeHeader{Sender: "RECEIVER", Receiver: "SENDER", Date: now, ControlNumber: 93},
		Sender: "RECEIVER", Receiver: "SENDER", GroupControl: 93, FirstTransaction: 1}
}

func written(t *testing.T, e ack.Envelope, list []ack.Refusal) string {
	t.Helper()
	o := edi.WriterOptions{Newline: "\n"}
	if e.Standard == edi.EDIFACT {
		o.Delimiters = edi.EDIFACTDelimiters
	}
	var b bytes.Buffer
	if err := ack.WriteRefusals(edi.NewWriter(&b, o), e, list); err != nil {
		t.Fatal(err)
	}
	mustBeValid(t, b.String())
	return b.String()
}

func TestApplicationAdvice(t *testing.T) {
	t.Parallel()
	golden(t, "824.edi", written(t, header(edi.X12), refused()))
}

func TestAPERAK(t *testing.T) {
	t.Parallel()
	golden(t, "aperak.edi", written(t, header(edi.EDIFACT), refused()))
	e := header(edi.EDIFACT)
	e.Syntax, e.Version = "UNOW:4", "D01B"
	golden(t, "aperak-d01b.edi", written(t, e, refused()))
}

// An 824 reads as what was meant: all of it but what the form has no place for.
func TestApplicationAdviceReads(t *testing.T) {
	t.Parallel()
	received, err := ack.Read(strings.NewReader(written(t, header(edi.X12), refused())))
	if err != nil || len(received) != 1 || len(received[0].Answers) != 2 {
		t.Fatalf("Read = %+v, %v", received, err)
	}
	want := refused()[0]
	got := received[0].Answers[0].Refusals[0]
	want.Interchange = "" // an OTI names group and transaction
	want.Reasons = append(want.Reasons[:1:1], want.Reasons[4], want.Reasons[1], want.Reasons[2], want.Reasons[3])
	want.Reasons[0].Cause, want.Reasons[0].Text = ack.Other, "the authorization has expired"
	want.Reasons[1].Cause = ack.Other
	want.Reasons[2].Text, want.Reasons[4].Text = "the item is not known", "the customer is not known"
	want.Reasons[3].Text = strings.Replace(want.Reasons[3].Text, ":", " ", 1) // a delimiter
	want.Reasons[4].Value = ""                                                // it cannot be sent: it holds a delimiter
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(ack.Reason{}, "Code")); diff != "" {
		t.Errorf("refusal (-written +read):\n%s", diff)
	}
	if got := received[0].Answers[1].Refusals[0]; got.Status != ack.WithError || got.Transaction != "" || got.Document != "0002" {
		t.Errorf("second refusal = %+v", got)
	}
}

func TestAPERAKReads(t *testing.T) {
	t.Parallel()
	received, err := ack.Read(strings.NewReader(written(t, header(edi.EDIFACT), refused())))
	if err != nil || len(received) != 1 || len(received[0].Answers) != 2 {
		t.Fatalf("Read = %+v, %v", received, err)
	}
	got := received[0].Answers[0].Refusals[0]
	want := ack.Refusal{Number: "R-17", Interchange: "000000001", Transaction: "0001", Document: "CL-4711", Status: ack.Rejected, Reasons: []ack.Reason{
		{Cause: ack.Other, Code: "024", Text: "THE AUTHORIZATION HAS EXPIRED", Value: "CON 4 ELEMENT 2: SPA-9"},
		{Cause: ack.UnknownItem, Code: "Q", Text: "THE ITEM IS NOT KNOWN", Item: "3", Value: "LIN 14 ELEMENT 3: WP-81"},
		{Cause: ack.WrongQuantity, Code: "P", Item: "3", Text: strings.ToUpper(refused()[0].Reasons[2].Text)},
		{Cause: ack.UnknownCustomer, Code: "027", Text: "THE CUSTOMER IS NOT KNOWN", Item: "5", Value: "M?LLER*S?HNE"},
		{Cause: ack.Other, Code: "X9", Text: "AS AGREED ON THE TELEPHONE"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("refusal (-want +read):\n%s", diff)
	}
}

func TestRefusalsNeedANumber(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := edi.NewWriter(&b, edi.WriterOptions{})
	if err := ack.WriteRefusals(w, header(edi.X12), nil); err == nil {
		t.Error("WriteRefusals of none = nil, want an error")
	}
	if err := ack.WriteRefusals(w, header(edi.X12), []ack.Refusal{{Set: "844"}}); err == nil || b.Len() > 0 {
		t.Errorf("WriteRefusals without a number = %v and %q, want an error and nothing", err, b.String())
	}
}

func TestRefuseDescribesATransaction(t *testing.T) {
	t.Parallel()
	rep, err := edi.Collect(read(head+good("0001")+tail("1"), nil))
	if err != nil {
		t.Fatal(err)
	}
	g := rep.Interchanges[0].Groups[0]
	got := ack.Refuse(rep.Interchanges[0], g, g.Transactions[0])
	want := ack.Refusal{Interchange: "000000001", Group: "1", Transaction: "0001", Set: "867", Version: "004010", Sender: "SENDER", Receiver: "RECEIVER",
		SentAt: time.Date(2024, 4, 8, 6, 12, 0, 0, time.UTC), Status: ack.Rejected}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Refuse (-want +got):\n%s", diff)
	}
}
