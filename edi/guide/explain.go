package guide

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"fondaco/edi"
)

// ExplainOptions shape what Explain writes.
type ExplainOptions struct {
	Options
	Reader   edi.Options
	Color    bool // with ANSI colours, for a terminal
	Language string
}

// Explain writes every segment of r in plain words: its place, what the guide
// calls it and its elements, what codes mean, and below it what is wrong with
// it. The error is about reading or writing.
func Explain(w io.Writer, r io.Reader, lib *Library, o ExplainOptions) error {
	texts, err := Messages(o.Language)
	if err != nil {
		return err
	}
	x := &explainer{w: bufio.NewWriter(w), o: o, texts: texts, v: NewValidator(edi.NewReader(r, o.Reader), lib, o.Options)}
	for err == nil {
		var e *edi.Event
		if e, err = x.v.Next(); err == nil {
			x.event(e)
		}
	}
	x.list(x.v.File(), &x.file)
	if flushed := x.w.Flush(); flushed != nil {
		return fmt.Errorf("write explanation: %w", flushed)
	}
	if err == io.EOF {
		return nil
	}
	return err
}

type explainer struct {
	w     *bufio.Writer
	o     ExplainOptions
	texts *Catalogue
	v     *Validator
	// how many findings of each envelope have been shown
	file, interchange, group, transaction int
	known                                 int // how many the transaction had at the last event
}

func (x *explainer) event(e *edi.Event) {
	switch e.Kind {
	case edi.InterchangeStart:
		x.interchange = 0
	case edi.GroupStart:
		x.group = 0
	case edi.TransactionStart:
		x.transaction, x.known = 0, 0
		x.title(e)
	case edi.Skipped:
		fmt.Fprintf(x.w, "%s\n", x.dim(fmt.Sprintf("-- %d bytes between interchanges", len(e.Segment.Raw()))))
	}
	if e.Transaction != nil {
		x.held(&e.Transaction.Findings)
	}
	if e.Segment != nil && e.Segment.Kind() == edi.Data {
		x.segment(e)
	}
	x.list(x.v.File(), &x.file)
	if e.Interchange != nil {
		x.list(&e.Interchange.Findings, &x.interchange)
	}
	if e.Group != nil {
		x.list(&e.Group.Findings, &x.group)
	}
	if e.Transaction != nil {
		x.known = len(e.Transaction.List)
		if e.Kind != edi.TransactionSegment { // what comes next may change what was found
			x.list(&e.Transaction.Findings, &x.transaction)
		}
	}
}

func (x *explainer) title(e *edi.Event) {
	name := "no guide is loaded for it"
	if g := x.v.Guide(); g != nil {
		name = g.Title
	}
	fmt.Fprintf(x.w, "%s\n", x.bold(fmt.Sprintf("== %s %s, control number %s: %s", shown(e.Transaction.Set()), shown(version(e)), shown(e.Transaction.ControlNumber()), name)))
}

// version is that of the set or message, as its guide has it.
func version(e *edi.Event) string {
	if e.Transaction.Standard() == edi.EDIFACT {
		return e.Transaction.Version()
	}
	return e.Group.Version()
}

func (x *explainer) segment(e *edi.Event) {
	s := e.Segment
	d := x.describe(e)
	depth := 0
	if u := x.v.Use(); u != nil {
		for l := u.Loop; l != nil; l = l.Parent {
			depth++
		}
	}
	pad := strings.Repeat("  ", depth)
	name := "not in any guide"
	if d != nil {
		name = d.Name
	}
	fmt.Fprintf(x.w, "%5d  %s%s  %s\n", s.Position().Line, pad, x.bold(shown(text(s.TagBytes()))), name)
	for n := 1; n <= s.Len(); n++ {
		if s.Size(n) > 0 {
			x.element(s, d, n, pad)
		}
	}
}

func (x *explainer) describe(e *edi.Event) *Segment {
	if u := x.v.Use(); u != nil {
		return u.Segment.In(e.Segment.Delimiters())
	}
	around := envelopes()
	if e.Segment.Standard() == edi.EDIFACT {
		around = service()
	}
	if d := around.Segment(e.Segment.Tag()); d != nil {
		return d.In(e.Segment.Delimiters())
	}
	if g := x.v.Guide(); g != nil {
		if d := g.Dictionary.Segment(e.Segment.Tag()); d != nil {
			return d.In(e.Segment.Delimiters())
		}
	}
	return nil
}

func (x *explainer) element(s *edi.Segment, d *Segment, n int, pad string) {
	var f *Field
	label := ""
	if d != nil && n <= len(d.Fields) {
		f = &d.Fields[n-1]
		label = f.Name()
	}
	value := shown(text(s.Element(n)))
	if meaning := meaning(f, s, n); meaning != "" {
		value += "  " + x.dim(meaning)
	}
	fmt.Fprintf(x.w, "       %s  %s %-38s %s\n", pad, x.dim(fmt.Sprintf("%02d", n)), label, value)
}

// meaning is what the codes of an element say, in words.
func meaning(f *Field, s *edi.Segment, n int) string {
	if f == nil {
		return ""
	}
	if f.Element != nil {
		return f.Element.Meaning(string(s.Element(n)))
	}
	var words []string
	for c, part := range s.Components(s.Repetition(n, 1)) {
		if c <= len(f.Composite.Fields) {
			if m := f.Composite.Fields[c-1].Element.Meaning(string(part)); m != "" {
				words = append(words, m)
			}
		}
	}
	return strings.Join(words, ", ")
}

// list shows the findings that have come since it was last called.
func (x *explainer) list(l *edi.Findings, shown *int) {
	for ; *shown < len(l.List); *shown++ {
		x.finding(&l.List[*shown])
	}
}

// held shows the findings of a transaction that the event before had.
func (x *explainer) held(l *edi.Findings) {
	for ; x.transaction < min(x.known, len(l.List)); x.transaction++ {
		x.finding(&l.List[x.transaction])
	}
}

func (x *explainer) finding(f *edi.Finding) {
	mark := x.color("33", "  warning")
	if f.Severity == edi.Error {
		mark = x.color("31", "  error  ")
	}
	fmt.Fprintf(x.w, "%s %s  %s\n", mark, x.texts.Message(f), x.dim(f.ID))
}

func (x *explainer) bold(s string) string { return x.color("1", s) }
func (x *explainer) dim(s string) string  { return x.color("2", s) }

func (x *explainer) color(code, s string) string {
	if !x.o.Color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
