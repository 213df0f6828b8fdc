package edi_test

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fondaco/edi"
)

// anyInput draws files of every kind: clean ones, damaged ones, and noise.
func anyInput(t *rapid.T) string {
	piece := rapid.SampledFrom([]string{isa, strings.TrimSuffix(isa, "~") + "\n", strings.Replace(isa, "*U*00401*", "*^*00501*", 1),
		"UNA:+.? '", "UNB+UNOC:3+a+b'", "UNZ+1+1'", "STX=ANA:1+S'", "END=1'", "GS*PT~", "ST*867*0001~", "SE*2*0001~", "GE*1*1~", "IEA*1*000000001~",
		"\n", "\r\n", "~", "*", ">", "^", "?", "'", "+", "BIN*5*", "junk ", "\xef\xbb\xbf", "\xe9", "\x00", "ISA", "ISA*", "UNA", "N1*ST*Nome~", "UIT*EA>1*5~"})
	var b strings.Builder
	b.WriteString(rapid.SampledFrom([]string{isa, "", " \n" + isa, "UNB+UNOC:3'", "STX=ANA'", "x" + isa}).Draw(t, "start"))
	for range rapid.IntRange(0, 40).Draw(t, "pieces") {
		if rapid.IntRange(0, 9).Draw(t, "noise") == 0 {
			b.Write(rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "bytes"))
			continue
		}
		b.WriteString(piece.Draw(t, "piece"))
	}
	return b.String()
}

func TestPropertyReadWriteIsIdentical(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		input := anyInput(t)
		if _, err := edi.NewReader(strings.NewReader(input), edi.Options{}).Next(); err != nil {
			return // no interchange in it
		}
		if _, out, err := copyAll(strings.NewReader(input)); err != nil || string(out) != input {
			t.Fatalf("copy of %q = %q, %v", input, out, err)
		}
		var form, back bytes.Buffer
		if err := edi.EncodeJSON(&form, strings.NewReader(input)); err != nil {
			t.Fatal(err)
		}
		if err := edi.DecodeJSON(&back, &form); err != nil || back.String() != input {
			t.Fatalf("JSON there and back of %q = %q, %v", input, back.String(), err)
		}
	})
}

// What the writer writes, the reader reads as the same values.
func TestPropertyWriteReadKeepsValues(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]edi.Delimiters{"X12": edi.X12Delimiters, "EDIFACT": edi.EDIFACTDelimiters} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := strings.Replace(strings.Replace(isa, "*U*00401*", "*^*00501*", 1), ">~", ":~", 1)
			letters := "abc XYZ019-.,"
			if d.Release != 0 {
				header, letters = "UNB+UNOC:3+a+b'", letters+"+:?'"
			}
			rapid.Check(t, func(t *rapid.T) {
				values := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune(letters)), 0, 8, -1), 0, 12).Draw(t, "values")
				var buf bytes.Buffer
				buf.WriteString(header)
				w := edi.NewWriter(&buf, edi.WriterOptions{Delimiters: d})
				if err := w.Segment("QQ", values...); err != nil {
					t.Fatal(err)
				}
				if err := w.Flush(); err != nil {
					t.Fatal(err)
				}
				r := edi.NewReader(&buf, edi.Options{})
				_, _ = r.Next()
				s, err := r.Next()
				if err != nil {
					t.Fatal(err)
				}
				for i, v := range values {
					if got := s.Text(i+1, 1); got != v {
						t.Fatalf("element %d of %q = %q, want %q", i+1, s.Body(), got, v)
					}
				}
			})
		})
	}
}
