package mapping_test

import (
	"bytes"
	"errors"
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

// TestNamesWithEscapes reads the members of a line, whose names and values may be
// written with escapes.
func TestNamesWithEscapes(t *testing.T) {
	t.Parallel()
	const plain = `{"kind":"TradeDocument","guide":"x12/004010/850","interchange":"1","group":"1","transaction":"0001",` +
		`"record":{"purpose":"original","documentNumber":"PO1","issuedOn":"2024-03-31","lines":[{"quantity":"1"}]}}`
	escaped := strings.NewReplacer("kind", `k\u0069nd`, "TradeDocument", `Trade\u0044ocument`, "transaction", `tr\u0061nsaction`, "0001", `\u0030001`,
		"documentNumber", `document\u004eumber`, "PO1", `P\u004f1`).Replace(plain)
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	var want, got bytes.Buffer
	if err := mapping.Write(&want, strings.NewReader(plain), guides, maps, options()); err != nil {
		t.Fatal(err)
	}
	if err := mapping.Write(&got, strings.NewReader(escaped), guides, maps, options()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), got.String()); diff != "" {
		t.Errorf("Write() with escapes differs (-plain +escaped):\n%s", diff)
	}
}

// TestMembersBesideTheRecord passes over what it does not know in a line, and
// refuses a record of which [mapping.JSON] has said that it may lack something.
func TestMembersBesideTheRecord(t *testing.T) {
	t.Parallel()
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	for _, c := range []struct{ members, want string }{
		{`"errors":0`, ""},
		{`"errors":3`, "made of a document with errors (3)"},
		{`"errors":[]`, "want an object"},
		{`"size":-1.5e3,"seen":true,"by":null,"list":[1, false ,{"a":2}],"errors": 0 `, ""},
		{`"size":1.5.3`, "want an object"},
		{`"size":yes`, "want an object"},
		{`"size":`, "want an object"},
		{`"size":` + strings.Repeat("1", 100), "want an object"},
	} {
		for _, m := range []*mapping.Library{maps, nil} {
			line := `{"kind":"TradeDocument","guide":"x12/004010/850","interchange":"1","group":"1","transaction":"0001",` +
				`"record":{"purpose":"original","documentNumber":"PO1","issuedOn":"2024-03-31","lines":[{"quantity":"1"}]},` + c.members + "}"
			if m == nil {
				line = `{"kind":"997","guide":"x12/004010/997","interchange":"1","group":"1","transaction":"0001",` +
					`"record":{"AK1":{"01":"PO","02":"1"},"AK9":{"01":"A","02":"1","03":"1","04":"1"}},` + c.members + "}"
			}
			err := mapping.Write(io.Discard, strings.NewReader(line), guides, m, options())
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("Write() of a line with %.60s = %v, want %q", c.members, err, c.want)
			}
		}
	}
}

// TestWhatIsValidIsWritten ends with an error at one of several records: those
// before it are written.
func TestWhatIsValidIsWritten(t *testing.T) {
	t.Parallel()
	record := func(number, quantity string) string {
		return `{"kind":"TradeDocument","guide":"x12/004010/850","interchange":"1","group":"1","transaction":"` + number + `",` +
			`"record":{"purpose":"original","documentNumber":"PO1","issuedOn":"2024-03-31","lines":[{"quantity":` + quantity + "}]}}\n"
	}
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	for name, last := range map[string]string{
		"no JSON":   record("0003", "1"),
		"no number": record("0003", `"x"`),
		"not valid": record("0002", `"1"`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var written bytes.Buffer
			err := mapping.Write(&written, strings.NewReader(record("0001", `"1"`)+record("0002", `"2"`)+last+record("0004", `"4"`)), guides, maps, options())
			if err == nil || !strings.HasPrefix(err.Error(), "record 3: ") {
				t.Errorf("Write() = %v, want an error about record 3", err)
			}
			if text := written.String(); !strings.HasSuffix(text, "*0002~") || strings.Count(text, "\nST*") != 2 {
				t.Errorf("Write() has written\n%s\nwant the two records before", text)
			}
		})
	}
}

// TestRecordErrors tells where in the input a record is that cannot be written, and
// what the validator found in it.
func TestRecordErrors(t *testing.T) {
	t.Parallel()
	const head = `{"kind":"TradeDocument","guide":"x12/004010/850","interchange":"1","group":"1","transaction":"0001","record":`
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	for name, c := range map[string]struct {
		input        string
		line, column int
		finding      string
	}{
		"no JSON":  {"\n\n  " + head + `{"purpose":"original",}}`, 3, 2 + len(head) + 23, ""},
		"no field": {head + `{"purposes":"original"}}`, 1, len(head) + 12, ""},
		"no date":  {"\n" + head + `{"purpose":"original","documentNumber":"PO1","issuedOn":"2024-02-30","lines":[{"quantity":"1"}]}}`, 2, len(head) + 69, ""},
		"too long": {"\n" + head + `{"purpose":"original","documentNumber":"PO1","issuedOn":"2024-02-28","currency":"EURO","lines":[{"quantity":"1"}]}}`, 2, 0, "x12.element.too-long"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var failed *mapping.RecordError
			err := mapping.Write(io.Discard, strings.NewReader(c.input), guides, maps, options())
			if !errors.As(err, &failed) {
				t.Fatalf("Write() = %v, want a RecordError", err)
			}
			finding := ""
			if len(failed.Findings) > 0 {
				finding = failed.Findings[0].ID
			}
			if failed.Record != 1 || failed.Line != c.line || failed.Column != c.column || finding != c.finding {
				t.Errorf("Write() = record %d, line %d, column %d, finding %q: %v; want line %d, column %d, finding %q",
					failed.Record, failed.Line, failed.Column, finding, err, c.line, c.column, c.finding)
			}
		})
	}
}
