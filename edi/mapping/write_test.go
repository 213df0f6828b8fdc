package mapping_test

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// withSample lists the folders of sets that have a sample.
func withSample(t testing.TB) []string {
	t.Helper()
	var list []string
	err := fs.WalkDir(sets.Files(), ".", func(name string, _ fs.DirEntry, err error) error {
		if err == nil && path.Base(name) == "sample.edi" {
			list = append(list, path.Dir(name))
		}
		return err
	})
	if err != nil || len(list) == 0 {
		t.Fatalf("%d samples: %v", len(list), err)
	}
	return list
}

// bodies are the segments between the envelopes' of a file, one a line.
func bodies(t testing.TB, data []byte) string {
	t.Helper()
	var b strings.Builder
	r := edi.NewReader(bytes.NewReader(data), edi.Options{})
	for {
		s, err := r.Next()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch s.Tag() {
		case edi.ISA, edi.GS, edi.GE, edi.IEA, edi.TagOf("UNA"), edi.TagOf("UNB"), edi.TagOf("UNZ"):
		default:
			if s.Kind() == edi.Data {
				b.Write(s.Body())
				b.WriteByte('\n')
			}
		}
	}
}

func options() mapping.WriteOptions {
	return mapping.WriteOptions{Sender: "LUSODIST", Receiver: "MAKERPL", Date: time.Date(2024, 4, 8, 6, 12, 0, 0, time.UTC)}
}

// TestEverySetByItsGuideAlone takes every sample to canonical JSON without a
// map, and back to the same segments.
func TestEverySetByItsGuideAlone(t *testing.T) {
	t.Parallel()
	for _, folder := range withSample(t) {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			data, err := fs.ReadFile(sets.Files(), folder+"/sample.edi")
			if err != nil {
				t.Fatal(err)
			}
			guides := guide.NewLibrary(sets.Files())
			var records, back bytes.Buffer
			if err := mapping.JSON(&records, bytes.NewReader(data), guides, nil); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(records.String(), `"unplaced"`) {
				t.Errorf("JSON() found no place for segments of\n%s", records.String())
			}
			o := options()
			if o.Delimiters = edi.EDIFACTDelimiters; strings.HasPrefix(folder, "x12/") {
				o.Delimiters = edi.Delimiters{Element: '*', Component: '>', Repetition: '^', Terminator: "~"}
			}
			if err := mapping.Write(&back, bytes.NewReader(records.Bytes()), guides, nil, o); err != nil {
				t.Fatalf("Write() = %v of\n%s", err, records.String())
			}
			if diff := cmp.Diff(bodies(t, data), bodies(t, back.Bytes())); diff != "" {
				t.Errorf("Write(JSON()) differs (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRecordsAreWrittenAndReadBack takes the samples of all maps to records, to
// documents, and to the same records.
func TestRecordsAreWrittenAndReadBack(t *testing.T) {
	t.Parallel()
	for _, folder := range mapped(t) {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			data, err := fs.ReadFile(sets.Files(), folder+"/sample.edi")
			if err != nil {
				t.Fatal(err)
			}
			guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
			var records, written, again bytes.Buffer
			if err := mapping.JSON(&records, bytes.NewReader(data), guides, maps); err != nil {
				t.Fatal(err)
			}
			if err := mapping.Write(&written, bytes.NewReader(records.Bytes()), guides, maps, options()); err != nil {
				t.Fatalf("Write() = %v of\n%s", err, records.String())
			}
			if err := mapping.JSON(&again, bytes.NewReader(written.Bytes()), guides, maps); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(records.String(), again.String()); diff != "" {
				t.Errorf("JSON(Write(JSON())) differs (-want +got):\n%s", diff)
			}
		})
	}
}
