package guide

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"fondaco/edi"
)

// A part of a segment is found by its separators where the segment's own method
// finds it, and a mark says what the qualifiers say that it stands for.
func TestPiece(t *testing.T) {
	t.Parallel()
	refs := []ref{}
	for _, s := range []string{"QTY[01-1=21]/01-2", "QTY[01-2=21]/01", "QTY[02=KGM]/02", "QTY[01=12345678]/01", "QTY[01=1:2]/01", "QTY[01=2|21]/01"} {
		var r ref
		if !r.parse(s) {
			t.Fatal(s)
		}
		refs = append(refs, r)
	}
	for _, text := range []string{
		"UNB+UNOC:3+A+B+240101:1200+1'UNH+1+ORDERS:D:96A:UN'QTY+21:5:KGM'QTY+21'QTY+21:'QTY'QTY+:21'QTY++KGM'QTY+21::X+KGM:A'QTY+12345678:1'QTY+2?:1:21'QTY+211:2'QTY+1:2'A+1'UNT+14+1'UNZ+1+1'",
		"UNA1+.? 'UNB+UNOC13+A+B+2401012001+0'UNH+0+ORDERS1D196A1UN'QTY+21'QTY+2131KGM'QTY+2+KGM'UNT+4+0'UNZ+2+0'",
		"UNA:+.? 'UNB+UNOC:4+A+B+20240101:1200+1'UNH+1+ORDERS:D:96A:UN'QTY+21:5*21:6'UNT+3+1'UNZ+1+1'",
	} {
		r, v := edi.NewReader(bytes.NewReader([]byte(text)), edi.Options{}), &Validator{}
		for {
			s, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			v.seps = separators(s)
			for e := 1; e < 5; e++ {
				for c := 1; c < 6; c++ {
					if want, got := s.Component(e, c), v.piece(s, e, c); !bytes.Equal(want, got.bytes()) {
						t.Errorf("%s: component %d of element %d is %q, not %q", s.Body(), c, e, want, got.bytes())
					}
				}
			}
			for i := range refs {
				w := watch{mark: refs[i].mark()}
				if want, got := refs[i].means(s), v.meant(s, &refs[i], &w); want != got {
					t.Errorf("%s is %s: %t, not %t", s.Body(), refs[i].text, want, got)
				}
				if want, got := refs[i].holds(s), v.holds(s, &refs[i], &w); want != got {
					t.Errorf("%s holds %s: %t, not %t", s.Body(), refs[i].text, want, got)
				}
			}
		}
	}
}
