package guide

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fondaco/edi"
	"fondaco/edi/sets"
)

// drawn writes a document that follows a guide, drawing whatever is free.
type drawn struct {
	t *rapid.T
	g *Guide
	w *edi.Writer
	n int
}

func (d *drawn) children(parent int) {
	for _, c := range d.g.nodes[parent].children {
		k := &d.g.nodes[c]
		least := 0
		if k.required {
			least = 1
		}
		for range rapid.IntRange(least, int(min(k.max, 2))).Draw(d.t, "times") {
			if k.loop != nil {
				d.children(c)
			} else if tag := k.use.ID; tag != "ST" && tag != "SE" && !k.use.Unconfirmed {
				d.segment(k.use.Segment)
			}
		}
	}
}

func (d *drawn) segment(s *Segment) {
	d.w.Begin(s.ID)
	present := d.presence(s.Fields, s.notes)
	for i := range s.Fields {
		f := &s.Fields[i]
		switch {
		case present&(1<<(i+1)) == 0:
			d.w.Element("")
		case f.Composite != nil:
			inside := d.presence(f.Composite.Fields, f.Composite.notes)
			var parts []string
			for j := range f.Composite.Fields {
				v := ""
				if inside&(1<<(j+1)) != 0 {
					v = d.value(f.Composite.Fields[j].Element)
				}
				parts = append(parts, v)
			}
			d.w.Composite(parts...)
		default:
			d.w.Element(d.value(f.Element))
		}
	}
	if err := d.w.End(); err != nil {
		d.t.Fatal(err)
	}
	d.n++
}

// presence draws which elements are there until the notes are content.
func (d *drawn) presence(fields []Field, notes []note) uint64 {
	for {
		var present uint64
		density := rapid.IntRange(0, 3).Draw(d.t, "density")
		for i := range fields {
			if fields[i].Usage == Required || rapid.IntRange(0, 3).Draw(d.t, "there") < density {
				present |= 1 << (i + 1)
			}
		}
		for range 10 { // add what paired elements miss
			for i := range notes {
				if notes[i].kind != 'E' {
					present |= notes[i].broken(present)
				}
			}
		}
		content := true
		for i := range notes {
			content = content && notes[i].broken(present) == 0
		}
		if content {
			return present
		}
	}
}

func (d *drawn) value(e *Element) string {
	if e.Closed {
		return rapid.SampledFrom(e.Codes).Draw(d.t, "code").Value
	}
	size := rapid.IntRange(max(e.Min, 1), max(e.Min, min(e.Max, 12))).Draw(d.t, "size")
	switch e.Type {
	case DT:
		return "20240229"
	case TM:
		return rapid.SampledFrom([]string{"0000", "2359", "120000"}).Draw(d.t, "time")
	case N:
		return rapid.SampledFrom([]string{"", "-"}).Draw(d.t, "sign") + strings.Repeat("7", size)
	case R:
		return rapid.SampledFrom([]string{"", "-"}).Draw(d.t, "sign") + strings.Repeat("5", size-1) + ".5"[rapid.IntRange(0, 1).Draw(d.t, "point"):]
	}
	return rapid.StringOfN(rapid.RuneFrom([]rune("ABC xyz 012 .,-/")), size-1, size-1, -1).Draw(d.t, "text") + "Z"
}

// Any document drawn from a guide is clean, and what is then broken is found.
func TestPropertyDrawnDocumentsAreClean(t *testing.T) {
	t.Parallel()
	lib := NewLibrary(sets.Files())
	for _, set := range []string{"867", "997"} {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			g, err := lib.Guide("004010", set)
			if err != nil {
				t.Fatal(err)
			}
			rapid.Check(t, func(t *rapid.T) { drawAndCheck(t, lib, g) })
		})
	}
}

func drawAndCheck(t *rapid.T, lib *Library, g *Guide) {
	var buf bytes.Buffer
	w := edi.NewWriter(&buf, edi.WriterOptions{Newline: "\n"})
	_ = w.BeginInterchange(edi.InterchangeHeader{Sender: "A", Receiver: "B", ControlNumber: 1})
	_ = w.BeginGroup(edi.GroupHeader{FunctionalID: g.Group, Sender: "AA", Receiver: "BB", ControlNumber: 1, Version: g.Version})
	_ = w.BeginTransaction(g.Set, 1)
	d := &drawn{t: t, g: g, w: w}
	d.children(0)
	_ = w.EndTransaction()
	_ = w.EndGroup()
	if err := w.EndInterchange(); err != nil {
		t.Fatal(err)
	}
	document := strings.Replace(buf.String(), "*010101*0000*U", "*240101*0000*U", 1)
	document = strings.Replace(document, "*00010101*0000*1*X", "*20240101*0000*1*X", 1)
	rep, err := edi.Collect(NewValidator(edi.NewReader(strings.NewReader(document), edi.Options{}), lib, Options{RequireGuide: true}))
	if err != nil {
		t.Fatal(err)
	}
	if errors, _ := rep.Totals(); errors > 0 {
		rep.All(func(f *edi.Finding) { t.Logf("%s %s %s", f.ID, f.Path, f.Value) })
		t.Fatalf("%d errors in\n%s", errors, document)
	}
	broken := strings.Replace(document, "SE*", "QZ*1~\nSE*", 1)
	rep, err = edi.Collect(NewValidator(edi.NewReader(strings.NewReader(broken), edi.Options{}), lib, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	ts := rep.Interchanges[0].Groups[0].Transactions[0]
	if !ts.Has("x12.segment.unknown") || !ts.Has("x12.transaction.count") || ts.Errors != 2 {
		t.Fatalf("findings of a broken document: %+v", ts.Findings)
	}
}
