package edi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"fondaco/edi"
)

// A file in an encoding that no segment can be read in says so, and how to
// convert it.
func TestForeignEncodings(t *testing.T) {
	t.Parallel()
	type outcome struct{ Encoding, Remedy string }
	utf16 := unicode.UTF16
	little, big, ebcdic := outcome{"UTF-16LE", "iconv -f UTF-16LE -t UTF-8"}, outcome{"UTF-16BE", "iconv -f UTF-16BE -t UTF-8"}, outcome{"EBCDIC", "iconv -f IBM037 -t UTF-8"}
	x12, edifact := document(report("0001"), report("0002")), exchange(message("M1"))
	for name, c := range map[string]struct {
		in   string
		code encoding.Encoding
		want outcome
	}{
		"UTF-16, little end first":              {x12, utf16(unicode.LittleEndian, unicode.UseBOM), little},
		"UTF-16, little, without mark":          {x12, utf16(unicode.LittleEndian, unicode.IgnoreBOM), little},
		"UTF-16, big end first":                 {edifact, utf16(unicode.BigEndian, unicode.UseBOM), big},
		"UTF-16, big, without mark":             {"UNA:+.? '\r\n" + edifact, utf16(unicode.BigEndian, unicode.IgnoreBOM), big},
		"UTF-16, letters that are not in ASCII": {strings.Replace(edifact, "BGM", "FTX+Ł'BGM", 1), utf16(unicode.LittleEndian, unicode.UseBOM), little},
		"UTF-32":                                {edifact, utf32.UTF32(utf32.BigEndian, utf32.UseBOM), outcome{"UTF-32BE", "iconv -f UTF-32BE -t UTF-8"}},
		"UTF-32, little end first":              {x12, utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), outcome{"UTF-32LE", "iconv -f UTF-32LE -t UTF-8"}},
		"EBCDIC, X12":                           {x12, charmap.CodePage037, ebcdic},
		"EBCDIC, another page":                  {x12, charmap.CodePage1047, ebcdic},
		"EBCDIC, lines":                         {strings.ReplaceAll(x12, "~\n", "\u0085"), charmap.CodePage037, ebcdic},
		"EBCDIC, UNB":                           {edifact, charmap.CodePage037, ebcdic},
		"EBCDIC, UNA":                           {"UNA:+.? '" + edifact, charmap.CodePage037, ebcdic},
		"EBCDIC, mail header before":            {"Subject: orders\n\n" + edifact, charmap.CodePage037, ebcdic},
		"EBCDIC, longer than a buffer":          {document(strings.Repeat(report("0001"), 1000)), charmap.CodePage037, ebcdic},
		"text in UTF-16":                        {"hello", utf16(unicode.LittleEndian, unicode.UseBOM), outcome{}},
		"text in EBCDIC":                        {"ISA and UNB are words", charmap.CodePage037, outcome{}},
		"text":                                  {"hello", encoding.Nop, outcome{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, err := c.code.NewEncoder().String(c.in)
			if err != nil {
				t.Fatal(err)
			}
			_, err = edi.NewReader(strings.NewReader(in), edi.Options{}).Next()
			var format *edi.FormatError
			if !errors.Is(err, edi.ErrNoInterchange) || !errors.As(err, &format) {
				t.Fatalf("Next() = %v, want a FormatError", err)
			}
			if diff := cmp.Diff(c.want, outcome{format.Encoding, format.Remedy}); diff != "" {
				t.Errorf("FormatError (-want +got):\n%s", diff)
			}
			if c.want.Encoding != "" && !strings.Contains(err.Error(), c.want.Remedy) {
				t.Errorf("%q does not name the remedy", err)
			}
			one, pieces := parser(edi.NewReader(strings.NewReader(in), edi.Options{})), edi.NewParallel(strings.NewReader(in), int64(len(in)), edi.ParallelOptions{}, parser)
			defer pieces.Close()
			for _, src := range []edi.Source{one, pieces} {
				rep, err := edi.Collect(src)
				var got outcome
				for _, f := range rep.List {
					if f.ID == "x12.file.encoding" && f.Severity == edi.Error && f.Level == edi.LevelFile {
						got = outcome{f.Value, f.Expected}
					}
				}
				if diff := cmp.Diff(c.want, got); diff != "" || !errors.Is(err, edi.ErrNoInterchange) {
					t.Errorf("Collect() = %v, finding (-want +got):\n%s", err, diff)
				}
			}
		})
	}
}
