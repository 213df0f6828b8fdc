package mapping_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// FuzzDocument reads any bytes: nothing panics, every document keeps its bytes,
// and what is put back into a valid one changes none.
func FuzzDocument(f *testing.F) {
	f.Add(sample(f, "sample.edi"))
	f.Add(sample(f, "damaged.edi"))
	lib, m := report(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, _, err := mapping.Documents(bytes.NewReader(data), lib, guide.Options{RequireGuide: true})
		if err != nil {
			return
		}
		for _, d := range docs {
			if d.Guide != m.Guide {
				continue
			}
			o, problems := m.Decode(d)
			mapping.NewSalesReport(o)
			if d.Errors > 0 || len(problems) > 0 {
				continue
			}
			if !bytes.Contains(data, d.Bytes()) {
				t.Fatalf("Bytes() = %q, which the file does not have", d.Bytes())
			}
			again, err := m.Put(o, d)
			if err == nil && !bytes.Equal(again.Bytes(), d.Bytes()) {
				t.Fatalf("Put(Decode(d), d) = %q, want %q", again.Bytes(), d.Bytes())
			}
		}
	})
}

// FuzzJSON reads any bytes in passing: nothing panics, every line is JSON, and
// what has no errors is written back as it was read, by the guide alone.
func FuzzJSON(f *testing.F) {
	for _, folder := range withSample(f) {
		data, err := fs.ReadFile(sets.Files(), folder+"/sample.edi")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, m := range []*mapping.Library{nil, maps} {
			var lines bytes.Buffer
			if err := mapping.JSON(&lines, bytes.NewReader(data), guides, m); err != nil {
				continue
			}
			for line := range bytes.Lines(lines.Bytes()) {
				if !json.Valid(line) {
					t.Fatalf("JSON() wrote %q", line)
				}
			}
			var back, again bytes.Buffer
			if lines.Len() == 0 || bytes.Contains(lines.Bytes(), []byte(`"errors":`)) || mapping.Write(&back, bytes.NewReader(lines.Bytes()), guides, m, options()) != nil {
				continue
			}
			if err := mapping.JSON(&again, bytes.NewReader(back.Bytes()), guides, m); err != nil {
				t.Fatalf("JSON(Write()) = %v of %q", err, back.Bytes())
			}
			if got, want := bytes.Count(again.Bytes(), []byte("\n")), bytes.Count(lines.Bytes(), []byte("\n")); got != want {
				t.Fatalf("%d records were written as %d", want, got)
			}
		}
	})
}

// FuzzWrite reads any line: nothing panics.
func FuzzWrite(f *testing.F) {
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	for _, folder := range mapped(f) {
		data, _, _ := samples(f, folder)
		for _, m := range []*mapping.Library{nil, maps} {
			var lines bytes.Buffer
			if err := mapping.JSON(&lines, bytes.NewReader(data), guides, m); err != nil {
				f.Fatal(err)
			}
			f.Add(lines.Bytes())
		}
	}
	f.Fuzz(func(_ *testing.T, lines []byte) {
		var out bytes.Buffer
		_ = mapping.Write(&out, bytes.NewReader(lines), guides, maps, options())
	})
}

// FuzzReadJSON reads any record: nothing panics, and what was read reads the
// same again.
func FuzzReadJSON(f *testing.F) {
	f.Add([]byte(`{"purpose":"original","sales":[{"lines":[{"quantity":"1.50","serialNumbers":["a"]}]}]}`))
	_, m := report(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := m.ReadJSON(data)
		if err != nil {
			return
		}
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		again, err := m.ReadJSON(text)
		if err != nil || !mapping.Equal(o, again) {
			t.Fatalf("ReadJSON(%s) = %v, want what was written", text, err)
		}
	})
}

// FuzzParse reads any map: it is refused with the line, or it decodes.
func FuzzParse(f *testing.F) {
	text, err := fs.ReadFile(sets.Files(), "x12/004010/867/map")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add("map x12 004010 867 R\nrecord\n  LIN/02..31{VP} -> x\n")
	lib, m := report(f)
	docs := documents(f, lib, sample(f, "sample.edi"))
	f.Fuzz(func(_ *testing.T, text string) {
		parsed, err := mapping.Parse("map", text, m.Guide)
		if err != nil {
			return
		}
		for _, d := range docs {
			o, _ := parsed.Decode(d)
			_, _ = parsed.Put(o, d)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	_, m := report(t)
	head := "map x12 004010 867 R\n"
	for in, want := range map[string]string{
		"":                                  "a map begins with",
		"map x12 005010 867 R":              "the guide is for 004010 867",
		head:                                "a map has one record",
		head + "record\n  BPT/02 -> Number": "no name of a field",
		head + "record\n  BPT/02 -> a\n  BPT/03 -> a":              `line 4: "a" has two places`,
		head + "record\n  BPT -> a":                                "names no element",
		head + "record\n  BPT/99 -> a":                             "BPT has 10 elements, not 99",
		head + "record\n  XYZ/01 -> a":                             "has no segment XYZ",
		head + "record\n  LIN/01 -> a":                             "has no segment LIN",
		head + "record\n  BPT/02-2 -> a":                           "has no components",
		head + "record\n  BPT/02 -> a number":                      `"number" is none of`,
		head + "record\n  BPT/01 -> a code x":                      `no table of codes is named "x"`,
		head + "record\n  loop CUR -> a":                           "has no loop CUR",
		head + "record\n  loop PTD -> a party":                     `no shape above is named "party"`,
		head + "record\n  REF[01=IV/02 -> a":                       "lacks its closing bracket",
		head + "record\n  loop PTD -> a[]\n    QTY/01 -> b":        "has no segment PTD/QTY",
		head + "record\n  loop PTD -> a[]\n    CTT/01 = count LIN": "is of the whole transaction",
		head + "record\n  CTT/02 = hash QTY":                       "names no element",
		head + "record\n  CTT/02 = hash SE/01":                     "stands behind the hash total",
		head + "record\n  CTT/02 = hash XYZ/01":                    "has no segment XYZ",
		head + "record\n  CTT/02 = hash QTY/99":                    "QTY has 4 elements, not 99",
		head + "record\n  CTT/02 = hash LIN/02..31{VP}":            "a hash total is of one element",
		head + "codes c\n  one 1\n  one 2\nrecord\n":               `"one" stands twice`,
		head + "codes c\n  one 1\n  two 1\nrecord\n":               `the code "1" stands twice`,
		head + "record\n  BPT/02 -> a \"open":                      "closing quote",
	} {
		if _, err := mapping.Parse("map", in, m.Guide); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %v, want an error with %q", in, err, want)
		}
	}
}
