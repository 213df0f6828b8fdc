package edi_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
)

// corpus returns the files of the folder named by FONDACO_EDI_CORPUS, and
// skips loudly when there is none.
func corpus(t *testing.T) map[string][]byte {
	t.Helper()
	dir := os.Getenv("FONDACO_EDI_CORPUS")
	if dir == "" {
		t.Skip("DID NOT RUN: set FONDACO_EDI_CORPUS to a folder of EDI files to read them all")
	}
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestCorpus runs everything over files that others have made, some of them
// broken on purpose, and tells of each what became of it (go test -v).
func TestCorpus(t *testing.T) {
	t.Parallel()
	for name, data := range corpus(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			segments, out, err := copyAll(bytes.NewReader(data))
			standard := edi.Detect(data)
			if errors.Is(err, edi.ErrNoInterchange) {
				if standard != edi.Unknown {
					t.Errorf("%s: detected as %s but not read: %v", name, standard, err)
				}
				t.Logf("%s: not recognised", name)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(out, data) {
				t.Errorf("round trip changed the file: %d bytes became %d", len(data), len(out))
			}
			var asJSON, back bytes.Buffer
			if err := edi.EncodeJSON(&asJSON, bytes.NewReader(data)); err != nil {
				t.Fatal(err)
			}
			if !json.Valid(asJSON.Bytes()) {
				t.Errorf("not valid JSON: %s", asJSON.Bytes())
			}
			if err := edi.DecodeJSON(&back, &asJSON); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(back.Bytes(), data) {
				t.Error("JSON there and back changed the file")
			}
			t.Logf("%s: recognised %s, lexed %d segments, round trip byte for byte, %s", name, standard, segments, judged(t, data))
		})
	}
}

// judged tells what validation and acknowledgment say of a file.
func judged(t *testing.T, data []byte) string {
	t.Helper()
	rep, err := edi.Collect(guide.NewValidator(edi.NewReader(bytes.NewReader(data), edi.Options{}), library, guide.Options{}))
	if errors.Is(err, edi.ErrUnsupported) {
		return "not validated"
	}
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]int{}
	rep.All(func(f *edi.Finding) { ids[f.Severity.String()+" "+f.ID]++ })
	failed, warned := rep.Totals()
	verdicts := ""
	for _, ic := range rep.Interchanges {
		a := ack.For(ic, ack.Policy{})
		for _, g := range a.Groups {
			verdicts += " AK9=" + string(g.Status)
		}
		if a.Interchange != nil {
			verdicts += " TA1=" + string(a.Interchange.Status) + a.Interchange.Code
		}
	}
	return fmt.Sprintf("%d errors, %d warnings %v, acknowledged%s", failed, warned, ids, verdicts)
}

// copyAll reads everything from src and writes it again.
func copyAll(src io.Reader) (segments int, out []byte, err error) {
	var buf bytes.Buffer
	r := edi.NewReader(src, edi.Options{})
	w := edi.NewWriter(&buf, edi.WriterOptions{})
	for {
		s, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return segments, nil, err
		}
		if string(s.Gap())+string(s.Body())+string(s.Terminator()) != string(s.Raw()) {
			return segments, nil, fmt.Errorf("gap, body and terminator of %q are not its raw bytes", s.Raw())
		}
		if s.Kind() == edi.Data {
			segments++
		}
		if err := w.Copy(s); err != nil {
			return segments, nil, err
		}
	}
	err = w.Flush()
	return segments, buf.Bytes(), err
}
