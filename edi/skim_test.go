package edi

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// Whoever skims sees each segment that opens or closes an envelope, wherever the
// ends of windows are, by a chart and without.
func TestSkimSeesEnvelopes(t *testing.T) {
	t.Parallel()
	envelopes := func(src io.Reader, skims, scouts bool) (all []view) {
		r := NewReader(src, Options{Buffer: 1})
		r.skims = skims
		for {
			r.scouts = r.scouts && scouts
			s, err := r.Next()
			if err != nil {
				return all
			}
			if s.role != content {
				v := look(s)
				v.Place[3] = 0 // who skims does not count segments
				all = append(all, v)
			}
		}
	}
	message := func(gap string, n int) string {
		m := "UNH+1+ORDERS:D:96A:UN'"
		for i := range n {
			m += "IMD+F++:::it?'s " + strings.Repeat("x", i) + "??'" + gap + "FTX+it\nUNH+1'" + gap + "LIN+?'UNH+1??'" + gap + "GIN+UNH'" + strings.Repeat("RFF+CT:1'"+gap, i%9)
		}
		return m + "FTX+" + strings.Repeat("long?'", 600) + "'" + gap + "UNT+3+1'" + gap
	}
	unb, unz := "UNB+UNOC:3+a+b'", "UNZ+1+1'"
	for _, data := range []string{
		string(skimmed()[:30000]),
		strings.ReplaceAll(string(skimmed()[:9000]), "~\n", "~"),
		unb + message("", 3) + message("\r\n", 70) + message("  \n", 9) + unz,
		unb + strings.Repeat(message("", 0), 3) + strings.Repeat("UNH+1'UNT+2+1'", 400) + unz + unb + message("", 40) + unz,
	} {
		want := envelopes(strings.NewReader(data), false, false)
		if len(want) < 3 {
			t.Fatalf("%d envelopes, want some", len(want))
		}
		for name, src := range map[string]func() io.Reader{
			"whole":    func() io.Reader { return strings.NewReader(data) },
			"halves":   func() io.Reader { return iotest.HalfReader(strings.NewReader(data)) },
			"by bytes": func() io.Reader { return iotest.OneByteReader(strings.NewReader(data)) },
		} {
			for _, scouts := range []bool{false, true} {
				if diff := cmp.Diff(want, envelopes(src(), true, scouts)); diff != "" {
					t.Errorf("%s, scouts %v, envelopes are seen otherwise (+):\n%s", name, scouts, diff)
				}
			}
		}
	}
}
