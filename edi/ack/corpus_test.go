package ack_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
	"fondaco/edi/x9"
)

// TestCorpus walks the folder that FONDACO_EDI_CORPUS names, any files in any
// folders, and tells of each what became of it (go test -v): recognised as what,
// how many segments, the same bytes again, what was found, how it is answered.
// Files that come back changed, and answers that are not valid, are errors.
func TestCorpus(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("FONDACO_EDI_CORPUS")
	if dir == "" {
		t.Skip("DID NOT RUN: set FONDACO_EDI_CORPUS to a folder of EDI files to read and answer them all")
	}
	total := map[string]int{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		line := told(t, strings.TrimPrefix(path, dir), data, total)
		t.Logf("%s: %s", strings.TrimPrefix(path, dir), line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range slices.Sorted(maps.Keys(total)) {
		t.Logf("%5d %s", total[k], k)
	}
}

// told is a line about a file.
func told(t *testing.T, name string, data []byte, total map[string]int) string {
	t.Helper()
	total["files"]++
	if _, _, images := x9.Detect(data); images {
		total["recognised as X9"]++
		return toldImages(t, name, data)
	}
	segments, same, err := roundTrip(data)
	if errors.Is(err, edi.ErrNoInterchange) {
		total["not recognised"]++
		return "not recognised"
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return err.Error()
	}
	standard := edi.Detect(data)
	total["recognised as "+standard.String()]++
	line := fmt.Sprintf("recognised %s, lexed %d segments, round trip %s", standard, segments, same)
	if same != "byte for byte" {
		t.Errorf("%s: round trip %s", name, same)
	}
	report, err := edi.Collect(guide.NewValidator(edi.NewReader(bytes.NewReader(data), edi.Options{}), library, guide.Options{}))
	if errors.Is(err, edi.ErrUnsupported) {
		total["without guides"]++
		return line + ", not validated"
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return line
	}
	failed, warned := report.Totals()
	if failed > 0 {
		total["with errors"]++
	}
	return fmt.Sprintf("%s, %d errors, %d warnings%s, answered%s", line, failed, warned, counted(report), answers(t, name, report, total))
}

// toldImages is the line about an image cash letter.
func toldImages(t *testing.T, name string, data []byte) string {
	t.Helper()
	var form, back bytes.Buffer
	if err := errors.Join(x9.EncodeJSON(&form, bytes.NewReader(data)), x9.DecodeJSON(&back, &form)); err != nil {
		t.Errorf("%s: %v", name, err)
		return err.Error()
	}
	if !bytes.Equal(back.Bytes(), data) {
		t.Errorf("%s: round trip CHANGED BY JSON", name)
	}
	found := 0
	if err := x9.Check(bytes.NewReader(data), func(*x9.Finding) { found++ }); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return fmt.Sprintf("recognised X9, round trip byte for byte, %d findings", found)
}

func roundTrip(data []byte) (segments int, same string, err error) {
	var out, form, back bytes.Buffer
	r := edi.NewReader(bytes.NewReader(data), edi.Options{})
	w := edi.NewWriter(&out, edi.WriterOptions{})
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return segments, "", err
		}
		if s.Kind() == edi.Data {
			segments++
		}
		if err := w.Copy(s); err != nil {
			return segments, "", err
		}
	}
	if err := w.Flush(); err != nil {
		return segments, "", err
	}
	if err := edi.EncodeJSON(&form, bytes.NewReader(data)); err != nil {
		return segments, "", err
	}
	if err := edi.DecodeJSON(&back, &form); err != nil {
		return segments, "", err
	}
	switch {
	case !bytes.Equal(out.Bytes(), data):
		return segments, "CHANGED", nil
	case !bytes.Equal(back.Bytes(), data):
		return segments, "CHANGED BY JSON", nil
	}
	return segments, "byte for byte", nil
}

// counted lists the findings by what they are.
func counted(report *edi.Report) string {
	ids := map[string]int{}
	report.All(func(f *edi.Finding) { ids[f.Severity.String()+" "+f.ID]++ })
	var list []string
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		list = append(list, fmt.Sprintf("%s %d", id, ids[id]))
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}

// answers says how each interchange is answered, and checks that the answer is
// in order itself and reads as what it is.
func answers(t *testing.T, name string, report *edi.Report, total map[string]int) string {
	t.Helper()
	said := ""
	for _, ic := range report.Interchanges {
		a := ack.For(ic, ack.Policy{})
		if a.Empty() {
			said += " nothing"
			continue
		}
		if v := a.Interchange; v != nil {
			said += " " + map[bool]string{true: "UCI", false: "TA1"}[a.Form == ack.FormCONTRL] + "=" + string(v.Status) + v.Code
		}
		for _, g := range a.Groups {
			said += " " + a.Form + "=" + string(g.Status)
		}
		e := ack.Reply(ic)
		envelope(ic, &e)
		var b bytes.Buffer
		if err := a.Write(edi.NewWriter(&b, edi.WriterOptions{Delimiters: ack.Delimiters(ic)}), e); err != nil {
			total["answers that cannot be addressed"]++
			said += " (cannot be addressed: " + err.Error() + ")"
			continue
		}
		total["answers"]++
		mustBeValid(t, b.String())
		if received, err := ack.Read(&b); err != nil || len(received) != 1 || len(received[0].Results()) == 0 {
			t.Errorf("%s: the answer reads as %+v, %v", name, received, err)
		}
	}
	return said
}
