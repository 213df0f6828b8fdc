package ack_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"fondaco/edi"
	"fondaco/edi/ack"
)

var now = time.Date(2024, 4, 8, 6, 13, 0, 0, time.UTC)

// source is a Source that finds what a test tells it to, as a validator would.
type source struct {
	*edi.Parser
	finds map[string][]edi.Finding // by tag
}

func (s *source) Next() (*edi.Event, error) {
	e, err := s.Parser.Next()
	if err == nil && e.Segment != nil && e.Transaction != nil {
		for _, f := range s.finds[string(e.Segment.TagBytes())] {
			s.Add(f, e.Segment)
		}
	}
	return e, err
}

func read(input string, finds map[string][]edi.Finding) *source {
	return &source{edi.NewParser(edi.NewReader(strings.NewReader(input), edi.Options{}), edi.ParserOptions{}), finds}
}

// element is a finding about an element, as the guides make them.
func element(n, component int, code, value string) edi.Finding {
	return edi.Finding{ID: "test.element", Severity: edi.Error, Level: edi.LevelElement, Code: code, Value: value,
		Path: edi.Path{Element: n, Component: component}}
}

func segment(code string) edi.Finding {
	return edi.Finding{ID: "test.segment", Severity: edi.Error, Level: edi.LevelSegment, Code: code}
}

// envelope completes an envelope with the numbers that the tests use.
func envelope(_ *edi.Interchange, e *ack.Envelope) {
	e.Interchange.Date, e.Interchange.ControlNumber = now, 93
	e.GroupControl, e.FirstTransaction = 93, 1
}

// collected gives the answer to the first interchange by For and Write.
func collected(t *testing.T, src edi.Source, p ack.Policy) string {
	t.Helper()
	report, err := edi.Collect(src)
	if err != nil {
		t.Fatal(err)
	}
	a := ack.For(report.Interchanges[0], p)
	if a.Empty() {
		return ""
	}
	e := ack.Reply(report.Interchanges[0])
	envelope(nil, &e)
	var b bytes.Buffer
	w := edi.NewWriter(&b, edi.WriterOptions{Delimiters: ack.Delimiters(report.Interchanges[0])})
	if err := a.Write(w, e); err != nil {
		t.Fatal(err)
	}
	mustBeValid(t, b.String())
	return b.String()
}

// mustBeValid demands that an acknowledgment is itself without errors.
func mustBeValid(t *testing.T, s string) {
	t.Helper()
	report, err := edi.Collect(validator(strings.NewReader(s)))
	if err != nil {
		t.Fatal(err)
	}
	report.All(func(f *edi.Finding) {
		if f.Severity == edi.Error {
			t.Errorf("%s %s %q in the acknowledgment %q", f.ID, f.Path, f.Value, s)
		}
	})
}

// streamed gives the answers by a Stream.
func streamed(t *testing.T, src edi.Source, p ack.Policy) string {
	t.Helper()
	var b bytes.Buffer
	s := ack.NewStream(&b, ack.StreamOptions{Policy: func(*edi.Interchange) ack.Policy { return p }, Envelope: envelope})
	if err := s.Run(src); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 0 {
		mustBeValid(t, b.String())
	}
	return b.String()
}

// lines is a segment on each line, for the eye.
func lines(s, terminator string) string { return strings.ReplaceAll(s, terminator, terminator+"\n") }
