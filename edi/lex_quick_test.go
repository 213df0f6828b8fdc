package edi

import (
	"bytes"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzQuick: the quick way reads what the careful way reads.
func FuzzQuick(f *testing.F) {
	isa := "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*P*>~"
	for _, s := range []string{
		string(skimmed()[:600]),
		isa + "\nGS*PO*A*B*20240408*0612*1*X*004010~ST*850*1~N1*ST*Zürich>x^y~\r\nN1*\n~N1*" + strings.Repeat("*", 300) + "~SE*2*1~GE*1*1~IEA*1*000000001~",
		isa + "N1*" + strings.Repeat("x", 255) + "~N1*" + strings.Repeat("y", 253) + "~N1*" + strings.Repeat("z*", 126) + "~",
		strings.Replace(isa, "*U*00401*", "*^*00704*", 1) + "ISX*?~N1*a?*b??~REF*IV*1^2^3~",
		"UNA:+.? 'UNB+UNOA:3+a+b'UNH+1+ORDERS:D:96A:UN'FTX+AAI+++it?'s ?+ ??'IMD+F++:::Ö'UNT+3+1'UNZ+1+1'",
		"UNB+UNOC:4+a+b'UNH+1+ORDERS:D:96A:UN'PIA+1+x*y:z'RFF+CT:?''UNT+3+1'UNZ+1+1'",
		charted("\r\n"), charted("")[:2400],
		"UNB+UNOC:3+a+b'ABC+UNB+UNOC:3+a+b'NAD+BY+x+y+zUNB+UNOC:3+a+b+c+d'LIN+1UNA:+.? '",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		readers := [3]*Reader{}
		for i := range readers {
			readers[i] = NewReader(bytes.NewReader(data), Options{})
		}
		careful, plain, chart := readers[0], readers[1], readers[2]
		for {
			careful.quick, careful.charts, plain.charts = false, false, false
			want, err := careful.Next()
			for name, r := range map[string]*Reader{"the quick way": plain, "the chart": chart} {
				got, other := r.Next()
				if err != nil || other != nil {
					if (err == nil) != (other == nil) || err == io.EOF && other != io.EOF {
						t.Fatalf("%s ends with %v, the careful way with %v", name, other, err)
					}
					continue
				}
				if a, b := look(want), look(got); !reflect.DeepEqual(a, b) { // cmp takes far longer to find no difference
					t.Fatalf("%s (+) reads %q otherwise:\n%s", name, want.Raw(), cmp.Diff(a, b))
				}
				if seps, ok := got.Separators(); ok && seps != bounds(got) {
					t.Fatalf("%q has by %s the separators %b, want %b", got.Raw(), name, seps, bounds(got))
				}
				if found := got.Classes(); found&^got.Most() != 0 {
					t.Fatalf("%q has by %s classes %b, and at most %b", got.Raw(), name, found, got.Most())
				}
			}
			if err != nil {
				return
			}
		}
	})
}

// bounds are the separators of a short segment, found byte by byte.
func bounds(s *Segment) (w uint64) {
	text, at := s.body(), 0
	for n, end := range s.fields {
		for ; at < end.end(); at++ {
			switch text[at] {
			case 0: // no delimiter, and what stands for one that there is not
			case s.delims.Release:
				at++
			case s.component(n):
				w |= 1 << at
			}
		}
		at = end.end() + 1
		w |= 1 << end
	}
	return w
}

// view is all that can be seen of a segment.
type view struct {
	Kind                      Kind
	Role                      role
	Tag                       Tag
	Raw, Gap, Body            string
	Place                     [4]int32
	Position                  Position
	Elements                  []string
	Classes                   []Class
	Overlong, More, WrongSize bool
}

func look(s *Segment) view {
	l := view{Kind: s.kind, Role: s.role, Tag: s.tag, Raw: string(s.Raw()), Gap: string(s.Gap()), Body: string(s.Body()), Place: [4]int32{s.env.interchange, s.env.group, s.env.transaction, s.env.segment},
		Position: s.Position(), Overlong: s.overlong, More: s.more, WrongSize: s.wrongSize}
	if s.kind != Data {
		return l
	}
	for n := range s.Len() + 1 {
		l.Elements, l.Classes = append(l.Elements, string(s.Element(n))), append(l.Classes, s.Class(n))
	}
	return l
}

// The classes of an element are those of its bytes. What is released is no
// delimiter, and an interchange header has its delimiters as data.
func TestClass(t *testing.T) {
	t.Parallel()
	x12 := "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*^*00501*000000001*0*P*>~"
	for _, c := range []struct {
		input, tag string
		n          int
		want       Class
	}{
		{x12, "ISA", 11, Extended},
		{x12, "ISA", 16, Extended},
		{x12 + "SV1*HC>99213*-1.5^2*é\n~", "SV1", 0, Upper | Digit},
		{x12 + "SV1*HC>99213*-1.5^2*é\n~", "SV1", 1, Upper | Digit | Composed},
		{x12 + "SV1*HC>99213*-1.5^2*é\n~", "SV1", 2, Minus | Dot | Digit | Repeated},
		{x12 + "SV1*HC>99213*-1.5^2*é\n~", "SV1", 3, High | Control | LineBreak},
		{x12 + "SV1*HC>99213*-1.5^2*é\n~", "SV1", 4, 0},
		{x12 + "BIN*5*a>b*c~", "BIN", 2, Lower | Extended | Basic},
		{"UNB+UNOA:3+a+b'FTX+a b?'?+c+X:?:'", "FTX", 1, Lower | Foreign | Space | Basic | Released},
		{"UNB+UNOA:3+a+b'FTX+a b?'?+c+X:?:'", "FTX", 2, Upper | Composed | Basic | Released},
	} {
		r := NewReader(strings.NewReader(c.input), Options{})
		for {
			s, err := r.Next()
			if err != nil {
				break
			}
			if s.Is(c.tag) {
				if got := s.Class(c.n); got != c.want {
					t.Errorf("class of %s%02d in %q = %014b, want %014b", c.tag, c.n, c.input, got, c.want)
				}
				if all := s.Classes(); all&c.want != c.want {
					t.Errorf("classes of %s in %q = %014b, without %014b", c.tag, c.input, all, c.want)
				}
			}
		}
	}
}

// Layout says the same as Element.
func TestLayout(t *testing.T) {
	t.Parallel()
	r := NewReader(bytes.NewReader(skimmed()[:2000]), Options{})
	for {
		s, err := r.Next()
		if err != nil {
			break
		}
		text, ends := s.Layout()
		var got []string
		for n := 1; n < len(ends); n++ {
			got = append(got, string(text[ends[n-1]+1:ends[n]]))
		}
		var want []string
		for n := 1; n <= s.Len(); n++ {
			want = append(want, string(s.Element(n)))
		}
		if !slices.Equal(got, want) {
			t.Errorf("Layout of %q has the elements %q, want %q", s.Raw(), got, want)
		}
	}
}
