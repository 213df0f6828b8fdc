package mapping_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// TestCorpus takes every file of a folder to canonical JSON by the guides
// alone, and the transactions without errors back to the same segments.
func TestCorpus(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("FONDACO_EDI_CORPUS")
	if dir == "" {
		t.Skip("NOT RUN: set FONDACO_EDI_CORPUS to a folder of files")
	}
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	files, records, clean, mapped := 0, 0, 0, 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		docs, _, err := mapping.Documents(bytes.NewReader(data), guides, guide.Options{})
		if err != nil || len(docs) == 0 {
			return nil //nolint:nilerr // other tests tell what cannot be read
		}
		files++
		var lines bytes.Buffer
		if err := mapping.JSON(&lines, bytes.NewReader(data), guides, nil); err != nil {
			t.Errorf("%s: JSON() = %v", name, err)
		}
		if err := mapping.JSON(&bytes.Buffer{}, bytes.NewReader(data), guides, maps); err != nil {
			t.Errorf("%s: JSON() by its map = %v", name, err)
		}
		i := 0
		for line := range bytes.Lines(lines.Bytes()) {
			d := docs[i]
			i++
			records++
			if !json.Valid(line) {
				t.Errorf("%s: JSON() wrote %s", name, line)
			}
			if m, err := maps.Map(d.Guide); err == nil {
				mapped++
				o, _ := m.Decode(d)
				if m.Target != "SalesReport" {
					if _, err := m.Entries(o); err != nil {
						t.Errorf("%s: Entries() = %v", name, err)
					}
				}
				if again, err := m.Put(o, d); err == nil && !bytes.Equal(again.Bytes(), d.Bytes()) {
					t.Errorf("%s: Put(Decode(d), d) wrote\n%s\nwant\n%s", name, again.Bytes(), d.Bytes())
				}
			}
			if d.Errors > 0 {
				continue
			}
			clean++
			o := options()
			o.Delimiters = edi.EDIFACTDelimiters
			if d.Delimiters().Release == 0 {
				o.Delimiters = d.Delimiters()
			}
			var back bytes.Buffer
			if err := mapping.Write(&back, bytes.NewReader(line), guides, nil, o); err != nil {
				t.Logf("%s: Write() = %v", name, err)
				continue
			}
			// Separators at the end of a segment say nothing, and are not written.
			want := segmentsOf(d)
			if got := bodies(t, back.Bytes()); d.Delimiters().Release == 0 && want != got && !strings.Contains(want, string(rune(d.Delimiters().Element))+"\n") {
				t.Errorf("%s: Write(JSON()) wrote\n%s\nwant\n%s", name, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d documents with a guide, %d without errors, %d with a map", files, records, clean, mapped)
}

// segmentsOf are the segments of a document, one a line.
func segmentsOf(d *mapping.Document) string {
	var b strings.Builder
	for one := range strings.SplitSeq(string(d.Bytes()), d.Delimiters().Terminator) {
		if one = strings.TrimLeft(one, "\r\n \t"); one != "" {
			b.WriteString(one + "\n")
		}
	}
	return b.String()
}
