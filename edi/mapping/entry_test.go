package mapping_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi/mapping"
	"fondaco/schema"
)

// TestEntriesOfSamples shows the records that the samples of all maps state,
// and takes them back to documents that state the same.
func TestEntriesOfSamples(t *testing.T) {
	t.Parallel()
	for _, folder := range mapped(t) {
		if strings.HasSuffix(folder, "867") || strings.HasSuffix(folder, "SLSRPT") {
			continue // NewSalesReport is about these
		}
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			_, docs, m := samples(t, folder)
			var b bytes.Buffer
			for _, d := range docs {
				o, _ := m.Decode(d)
				entries, err := m.Entries(o)
				if err != nil {
					t.Fatal(err)
				}
				want := entryText(entries)
				b.WriteString(want)
				if folder == "edifact/d01b/INVRPT" {
					continue // a round for each quantity: it is read, and not written from a record
				}
				back, err := m.Record(entries...)
				if err != nil {
					t.Fatal(err)
				}
				text, _ := back.MarshalJSON()
				written, err := m.Encode(back, d.ControlNumber())
				if err != nil {
					t.Fatalf("Encode() = %v of\n%s", err, text)
				}
				o, _ = m.Decode(written)
				again, err := m.Entries(o)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(bound(want), bound(entryText(again))); diff != "" {
					t.Errorf("Entries(Encode(Record())) differs (-want +got):\n%s\nof\n%s", diff, text)
				}
			}
			golden(t, "testdata/"+strings.ReplaceAll(folder, "/", "-")+".txt", b.Bytes())
		})
	}
}

// bound leaves out what a record keeps of a document beside its fields.
func bound(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, " relatedDocuments:") && !strings.Contains(line, " parties:") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func entryText(entries []*mapping.Entry) string {
	var b strings.Builder
	for _, e := range entries {
		writeEntity(&b, "", e.Head)
		for _, l := range e.Lines {
			writeEntity(&b, "  ", l)
		}
		for _, f := range e.Findings {
			fmt.Fprintf(&b, "%s %s: %s\n", f.Severity, f.Path, f.Rule)
		}
	}
	return b.String()
}

func writeEntity(b *strings.Builder, indent string, e schema.Entity) {
	k := schema.KindOf(e)
	fmt.Fprintf(b, "%s%s\n", indent, k)
	for _, f := range k.Fields {
		if v := f.Value(e); v != nil {
			if raw, isJSON := v.([]byte); isJSON {
				v = string(raw)
			}
			fmt.Fprintf(b, "%s  %s: %s\n", indent, f.Name, fmt.Sprint(v))
		}
	}
}
