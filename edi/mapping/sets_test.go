package mapping_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// mapped lists the folders of sets that have a map: a file of their own, or
// that of another version.
func mapped(t testing.TB) []string {
	t.Helper()
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	var list []string
	for _, folder := range withSample(t) {
		g, err := guides.Load(folder)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := maps.Map(g); err == nil {
			list = append(list, folder)
		} else if !errors.Is(err, mapping.ErrNoMap) {
			t.Error(err)
		}
	}
	if len(list) < 40 {
		t.Fatalf("only %d sets have a map", len(list))
	}
	return list
}

// samples gives the documents of a set's sample and its map.
func samples(t testing.TB, folder string) ([]byte, []*mapping.Document, *mapping.Map) {
	t.Helper()
	data, err := fs.ReadFile(sets.Files(), folder+"/sample.edi")
	if err != nil {
		t.Fatal(err)
	}
	docs, _, err := mapping.Documents(bytes.NewReader(data), guide.NewLibrary(sets.Files()), guide.Options{RequireGuide: true})
	if err != nil || len(docs) == 0 {
		t.Fatalf("%d documents: %v", len(docs), err)
	}
	m, err := mapping.NewLibrary(sets.Files()).Map(docs[0].Guide)
	if err != nil {
		t.Fatal(err)
	}
	return data, docs, m
}

// TestSamples takes the sample of every map to its record and back.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, folder := range mapped(t) {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			data, docs, m := samples(t, folder)
			var records, written, line bytes.Buffer
			for _, d := range docs {
				o, problems := m.Decode(d)
				if len(problems) > 0 {
					t.Errorf("Decode() reports %v", problems)
				}
				text, err := json.MarshalIndent(o, "", "  ")
				if err != nil {
					t.Fatal(err)
				}
				records.Write(append(text, '\n'))
				again, err := m.Encode(o, d.ControlNumber())
				if err != nil {
					t.Fatalf("Encode() = %v of\n%s", err, text)
				}
				written.Write(bytes.TrimLeft(again.Bytes(), "\n"))
				written.WriteByte('\n')
				same, err := m.Put(o, d)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(same.Bytes(), d.Bytes()) {
					t.Errorf("Put(Decode(d), d) wrote\n%s\nwant\n%s", same.Bytes(), d.Bytes())
				}
			}
			name := "testdata/" + strings.ReplaceAll(folder, "/", "-")
			golden(t, name+".json", records.Bytes())
			golden(t, name+".edi", written.Bytes())
			if err := mapping.JSON(&line, bytes.NewReader(data), guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())); err != nil {
				t.Fatal(err)
			}
			sameRecords(t, line.Bytes(), docs, m)
		})
	}
}

// sameRecords holds what is read as it passes by against what is read of whole
// documents.
func sameRecords(t *testing.T, lines []byte, docs []*mapping.Document, m *mapping.Map) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(lines))
	for _, doc := range docs {
		var r struct{ Record json.RawMessage }
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		o, _ := m.Decode(doc)
		if want, _ := o.MarshalJSON(); !bytes.Equal(want, r.Record) {
			t.Errorf("JSON() wrote\n%s\nwant\n%s", r.Record, want)
		}
	}
}
