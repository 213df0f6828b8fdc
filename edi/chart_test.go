package edi

import (
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// charted is an interchange longer than a chart covers, with release characters
// at every place in a strip, segments of every length and, between them, gap.
func charted(gap string) string {
	var b strings.Builder
	b.WriteString("UNA:+.? '" + gap + "UNB+UNOC:3+a+b'" + gap + "UNH+1+ORDERS:D:96A:UN'" + gap)
	for n := range 150 {
		fmt.Fprintf(&b, "IMD+F++:::it?'s %s??'%sFTX+%s+Ö\x01?+'%s", strings.Repeat("x", n%67), gap, strings.Repeat("y:+", n%90), gap)
		if n%9 == 0 {
			b.WriteString("LIN+" + strings.Repeat("z", n) + "'" + gap + "Q'" + gap + "qty+1'" + gap)
		}
	}
	b.WriteString("UNT+3+1'" + gap + "UNZ+1+1'" + gap)
	return b.String()
}

// However the input comes, a chart shows what the careful way reads.
func TestChartInAnyWindow(t *testing.T) {
	t.Parallel()
	read := func(src io.Reader, careful bool) (all []view) {
		r := NewReader(src, Options{Buffer: 1})
		for {
			if careful {
				r.quick, r.charts = false, false
			}
			s, err := r.Next()
			if err != nil {
				return all
			}
			all = append(all, look(s))
		}
	}
	for _, data := range []string{charted(""), charted("\r\n"), string(skimmed()[:9000])} {
		want := read(strings.NewReader(data), true)
		if len(want) < 200 {
			t.Fatalf("%d segments, want many", len(want))
		}
		for name, src := range map[string]io.Reader{
			"whole":    strings.NewReader(data),
			"halves":   iotest.HalfReader(strings.NewReader(data)),
			"by bytes": iotest.OneByteReader(strings.NewReader(data)),
			"with end": iotest.DataErrReader(strings.NewReader(data)),
		} {
			if diff := cmp.Diff(want, read(src, false)); diff != "" {
				t.Errorf("%s, the chart (+) reads otherwise:\n%s", name, diff)
			}
		}
	}
}

// The maps say of every byte what the table of marks says.
func TestSurvey(t *testing.T) {
	t.Parallel()
	if !canChart {
		t.Skip("this processor draws no charts")
	}
	foreign := [256]bool{'a': true, 'z': true, 0x7f: true, 0x80: true}
	for _, c := range []struct {
		delims  Delimiters
		foreign *[256]bool
	}{
		{X12Delimiters, nil},
		{EDIFACTDelimiters, nil},
		{EDIFACTDelimiters, &foreign},
		{Delimiters{Element: 0x1d, Component: 0x1f, Repetition: 0x1e, Terminator: "\n"}, nil},
		{Delimiters{Element: 0xff, Component: 0x80, Release: '\\', Terminator: "\x1c"}, &foreign},
		{Delimiters{Element: '+', Component: '+', Release: '+', Terminator: "+"}, nil},
		{Delimiters{Element: '*', Component: '?', Release: '?', Terminator: "~"}, nil},
	} {
		m := c.delims.marks(c.foreign)
		var k chart
		k.palette.paint(c.delims, m)
		src := noise(c.delims)
		survey(&k.maps, &src[0], len(src)/strip, &k.palette)
		for i, b := range src {
			class, ordinary := Class(m[b]>>classShift)&allClasses, m[b]&(markEnd|markElement) == 0
			want := [mapCount]bool{
				mapElements:   b == c.delims.Element,
				mapEnds:       b == c.delims.Terminator[0],
				mapComponents: b == k.palette.component,
				mapReleases:   b == k.palette.release,
				mapSymbols:    ordinary && class&(Basic|Extended) != 0,
				mapOdd:        b >= 0x80 || m[b] == markRelease || ordinary && class&(Control|Foreign|Repeated) != 0,
			}
			for n := range want {
				if got := k.maps[n][i/8]>>(i%8)&1 != 0; got != want[n] {
					t.Fatalf("map %d of %q says %v of byte %#x, want %v", n, c.delims, got, b, want[n])
				}
			}
		}
	}
}

// noise is as much as a chart covers, in which the delimiters are frequent.
func noise(d Delimiters) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	often := []byte{d.Element, d.Component, d.Release, d.Repetition, d.Terminator[0]}
	src := make([]byte, surveyed)
	for i := range src {
		if src[i] = byte(random.Uint32()); i >= 256 && random.IntN(2) == 0 {
			src[i] = often[random.IntN(len(often))]
		} else if i < 256 {
			src[i] = byte(i)
		}
	}
	return src
}

// What a release character protects is no delimiter, across strips too.
func TestProtect(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		src := make([]byte, surveyed)
		for i := range src {
			src[i] = "?'??+:x"[random.IntN(7)]
		}
		var k chart
		for i, b := range src {
			for n, d := range map[int]byte{mapElements: '+', mapEnds: '\'', mapComponents: ':', mapReleases: '?'} {
				if b == d {
					k.maps[n][i/8] |= 1 << (i % 8)
				}
			}
		}
		k.protect(surveyed / strip)
		for i := 0; i < len(src); i++ {
			if src[i] == '?' {
				i++
				if i < len(src) && (k.maps[mapElements][i/8]|k.maps[mapEnds][i/8]|k.maps[mapComponents][i/8])>>(i%8)&1 != 0 {
					t.Fatalf("%q is a delimiter although it is released", src[max(0, i-20):i+1])
				}
				continue
			}
			is := (k.maps[mapElements][i/8]|k.maps[mapEnds][i/8]|k.maps[mapComponents][i/8])>>(i%8)&1 != 0
			if is != strings.ContainsRune("'+:", rune(src[i])) {
				t.Fatalf("%q is a delimiter: %v", src[max(0, i-20):i+1], is)
			}
		}
	}
}

// The assembler counts on these.
func TestSizes(t *testing.T) {
	t.Parallel()
	if spots, words := reflect.TypeFor[spot]().Size(), reflect.TypeFor[told]().Size(); spots != 16 || words != 12 {
		t.Errorf("a spot has %d bytes and an entry of leads %d, want 16 and 12", spots, words)
	}
}
