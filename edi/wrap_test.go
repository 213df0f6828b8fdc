package edi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
)

// wrap cuts s into lines.
func wrap(s string, width int, end string) string {
	s = strings.NewReplacer("\n", "", "\r", "").Replace(s)
	var b strings.Builder
	for len(s) > width {
		b.WriteString(s[:width] + end)
		s = s[width:]
	}
	return b.String() + s + end
}

// A file that is cut into lines of one length, wherever they end, says what it
// says without them, and is written as it was.
func TestWrappedFiles(t *testing.T) {
	t.Parallel()
	whole := map[string]string{"X12": document(report("0001"), report("0002"), report("0003")), "EDIFACT": exchange(message("M1"), message("M2"), message("M3"))}
	for name, plain := range whole {
		plain = strings.ReplaceAll(plain, "\n", "")
		var want []string
		for _, s := range readAll(t, strings.NewReader(plain), edi.Options{}) {
			want = append(want, string(s.Body()))
		}
		for _, width := range []int{40, 72, 79, 80, 81, 132} {
			for _, end := range []string{"\n", "\r\n"} {
				in := wrap(plain, width, end)
				var got []string
				for _, s := range readAll(t, strings.NewReader(in), edi.Options{}) {
					if s.Kind() != edi.Data {
						continue
					}
					text := string(s.TagBytes())
					for n := 1; n <= s.Len(); n++ {
						text += string(s.Delimiters().Element) + string(s.Element(n))
						if v := s.Element(n); len(v) > 0 {
							if at := s.ElementPosition(n).Offset; in[at] != v[0] {
								t.Fatalf("%s, %d: element %q is said to be at %q", name, width, v, in[at:at+5])
							}
						}
					}
					got = append(got, text)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s, lines of %d: segments differ (-whole +wrapped):\n%s", name, width, diff)
				}
				if list := toldOf(t, in); len(list) > 0 {
					t.Errorf("%s, lines of %d: %v", name, width, list)
				}
				_, out, err := copyAll(strings.NewReader(in))
				if err != nil || string(out) != in {
					t.Errorf("%s, lines of %d: the copy differs, %v", name, width, err)
				}
				var form, back strings.Builder
				if err := edi.EncodeJSON(&form, strings.NewReader(in)); err != nil {
					t.Fatal(err)
				}
				if err := edi.DecodeJSON(&back, strings.NewReader(form.String())); err != nil || back.String() != in {
					t.Errorf("%s, lines of %d: JSON there and back differs, %v", name, width, err)
				}
				compareParallel(t, in)
			}
		}
	}
}

// A line end in a value is a character like any other in a file that is not cut.
func TestLineEndsInValues(t *testing.T) {
	t.Parallel()
	in := strings.Replace(document(report("0001")), "MX-1", "MX\n1", 1)
	for _, s := range readAll(t, strings.NewReader(in), edi.Options{}) {
		if s.Is("LIN") && string(s.Element(3)) != "MX\n1" {
			t.Errorf("LIN03 = %q", s.Element(3))
		}
	}
}
