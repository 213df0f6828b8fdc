package edi_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
)

func TestReaderDelimiters(t *testing.T) {
	t.Parallel()
	std := "00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*"
	tests := []struct {
		name, input string
		want        edi.Delimiters
		second      string // body of the second segment
	}{
		{"the usual ones", isa + "GS*PT~", edi.Delimiters{Element: '*', Component: '>', Terminator: "~"}, "GS*PT"},
		{"repetition from 00402 on", "ISA*" + std + "^*00402*000000001*0*P*:~GS*PT~", edi.Delimiters{Element: '*', Component: ':', Repetition: '^', Terminator: "~"}, "GS*PT"},
		{"no repetition in 00401", "ISA*" + std + "^*00401*000000001*0*P*:~GS*PT~", edi.Delimiters{Element: '*', Component: ':', Terminator: "~"}, "GS*PT"},
		{"control characters", strings.NewReplacer("*", "\x1d", ">", "\x1f", "~", "\x1c").Replace(isa + "GS*PT~"), edi.Delimiters{Element: 0x1d, Component: 0x1f, Terminator: "\x1c"}, "GS\x1dPT"},
		{"line feed as terminator", strings.TrimSuffix(isa, "~") + "\nGS*PT\n", edi.Delimiters{Element: '*', Component: '>', Terminator: "\n"}, "GS*PT"},
		{"carriage return and line feed", strings.TrimSuffix(isa, "~") + "\r\nGS*PT\r\n", edi.Delimiters{Element: '*', Component: '>', Terminator: "\r"}, "GS*PT"},
		{"component separator missing", strings.TrimSuffix(isa, ">~") + "~\nGS*PT~\n", edi.Delimiters{Element: '*', Terminator: "~"}, "GS*PT"},
		{"terminator of three bytes", strings.TrimSuffix(isa, "~") + "…\nGS*PT “a”…", edi.Delimiters{Element: '*', Component: '>', Terminator: "…"}, "GS*PT “a”"},
		{"fields not padded", "ISA*00**00**ZZ*S*ZZ*R*240408*0612*U*00401*1*0*P*>~GS*PT~", edi.Delimiters{Element: '*', Component: '>', Terminator: "~"}, "GS*PT"},
		{"fields too long", strings.Replace(isa, "SENDER ", "SENDER             ", 1) + "GS*PT~", edi.Delimiters{Element: '*', Component: '>', Terminator: "~"}, "GS*PT"},
		{"wrapped at a fixed width", isa[:50] + "\n" + isa[50:] + "GS*\nPT~", edi.Delimiters{Element: '*', Component: '>', Terminator: "~"}, "GS*\nPT"},
		{"terminator missing in the header", strings.TrimSuffix(isa, "~") + "GS*PT~ST*867*1~", edi.Delimiters{Element: '*', Component: '>', Terminator: "~"}, "GS*PT"},
		{"byte order mark", "\xef\xbb\xbf" + isa + "GS*PT~", edi.Delimiters{Element: '*', Component: '>', Terminator: "~"}, "GS*PT"},
		{"mail header before it", "Subject: POS\n\n" + isa + "GS*PT~", edi.Delimiters{Element: '*', Component: '>', Terminator: "~"}, "GS*PT"},
		{"EDIFACT without advice", "UNB+UNOA:1+S+R+240408:0612+1'UNH+1+SLSRPT:D:96A:UN'", edi.Delimiters{Element: '+', Component: ':', Release: '?', Terminator: "'"}, "UNH+1+SLSRPT:D:96A:UN"},
		{"EDIFACT with advice", "UNA*|,\\ ~UNB|UNOA*1~", edi.Delimiters{Element: '|', Component: '*', Release: '\\', Decimal: ',', Terminator: "~"}, "UNB|UNOA*1"},
		{"TRADACOMS", "STX=ANA:1+5000000000000:S'MHD=1+ORDHDR:9'", edi.Delimiters{Element: '+', Component: ':', Release: '?', Tag: '=', Terminator: "'"}, "MHD=1+ORDHDR:9"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			all := readAll(t, strings.NewReader(test.input), edi.Options{})
			if got := rawOf(all); got != test.input {
				t.Errorf("read %q, want %q", got, test.input)
			}
			for len(all) > 0 && all[0].Kind() != edi.Data {
				all = all[1:]
			}
			if len(all) < 2 {
				t.Fatalf("%d segments of %q, want two", len(all), test.input)
			}
			if test.want.Decimal == 0 {
				test.want.Decimal = '.'
			}
			if diff := cmp.Diff(test.want, all[1].Delimiters()); diff != "" {
				t.Errorf("delimiters of %q (-want +got):\n%s", test.input, diff)
			}
			if got := string(all[1].Body()); got != test.second {
				t.Errorf("second segment = %q, want %q", got, test.second)
			}
		})
	}
}

func TestReaderRefusesWhatIsNoEDI(t *testing.T) {
	t.Parallel()
	for _, input := range []string{"", "  \n", "hello", "ISA\nGROUP\n", "ISABELLA*MARIA", "UNA CASA UNICA", strings.Repeat("no EDI here ", 20000)} {
		_, err := edi.NewReader(strings.NewReader(input), edi.Options{}).Next()
		var fe *edi.FormatError
		if !errors.Is(err, edi.ErrNoInterchange) || !errors.As(err, &fe) {
			t.Errorf("Next() of %.20q = %v, want ErrNoInterchange in a FormatError", input, err)
		}
	}
}

func TestReaderReportsTheSourcesError(t *testing.T) {
	t.Parallel()
	broken := errors.New("cable cut")
	r := edi.NewReader(io.MultiReader(strings.NewReader(document(report("0001"))[:200]), iotest.ErrReader(broken)), edi.Options{})
	n := 0
	for {
		_, err := r.Next()
		if err == nil {
			n++
			continue
		}
		if !errors.Is(err, broken) || n < 5 {
			t.Errorf("after %d segments: %v, want the source's error after what was complete", n, err)
		}
		return
	}
}

func TestReaderPositions(t *testing.T) {
	t.Parallel()
	all := readAll(t, strings.NewReader("\xef\xbb\xbf"+document(report("0001"))+"\n"), edi.Options{})
	var got []string
	for _, s := range all[2:6] {
		got = append(got, fmt.Sprintf("%s %d %s %s", s.Position(), s.Position().Offset, s.Path(), s.ElementPosition(2)))
	}
	want := []string{
		"3:1 158 ISA[1]/GS[1]/ST[1] 3:8",
		"4:1 171 ISA[1]/GS[1]/ST[1]/BPT#2 4:8",
		"5:1 197 ISA[1]/GS[1]/ST[1]/PTD#3 5:1",
		"6:1 205 ISA[1]/GS[1]/ST[1]/QTY#4 6:8",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}
	if last := all[len(all)-1]; last.Kind() != edi.Filler || string(last.Raw()) != "\n\n" {
		t.Errorf("last = %v %q, want the line ends as filler", last.Kind(), last.Raw())
	}
}

func TestSegmentParts(t *testing.T) {
	t.Parallel()
	input := strings.Replace(strings.Replace(isa, "*U*00401*", "*^*00501*", 1), ">~", ":~", 1) + "AB*one**a:b:c*x^y:z^*~"
	s := readAll(t, strings.NewReader(input), edi.Options{})[1]
	type at struct{ n, r, c int }
	for p, want := range map[at]string{
		{1, 1, 1}: "one", {2, 1, 1}: "", {3, 1, 2}: "b", {3, 1, 4}: "<nil>", {4, 1, 1}: "x", {4, 2, 2}: "z", {4, 3, 1}: "", {4, 4, 1}: "<nil>", {5, 1, 1}: "", {6, 1, 1}: "<nil>", {1, 2, 1}: "<nil>",
	} {
		got := "<nil>"
		if v := s.Part(p.n, p.r, p.c); v != nil {
			got = string(v)
		}
		if got != want {
			t.Errorf("Part(%d, %d, %d) of %q = %q, want %q", p.n, p.r, p.c, s.Body(), got, want)
		}
	}
	var repeats []string
	for i, v := range s.Repetitions(4) {
		repeats = append(repeats, fmt.Sprintf("%d=%s", i, v))
	}
	if diff := cmp.Diff([]string{"1=x", "2=y:z", "3="}, repeats); diff != "" {
		t.Errorf("Repetitions(4) (-want +got):\n%s", diff)
	}
	if s.Len() != 5 || s.Size(3) != 5 || !s.Is("AB") || s.Tag().String() != "AB" {
		t.Errorf("Len %d, Size(3) %d, tag %v of %q", s.Len(), s.Size(3), s.Tag(), s.Body())
	}
}

func TestReaderBinary(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, segments, want string }{
		{"data with terminators", "BIN*9*a~b*c\n~~~~REF*IV~", "BIN*9*a~b*c\n~~~"},
		{"filtered data", "BDS*ASC*3*~~~~REF*IV~", "BDS*ASC*3*~~~"},
		{"length that is no number", "BIN*3x*a~REF*IV~", "BIN*3x*a"},
		{"length beyond the file", "BIN*999*a~REF*IV~", "BIN*999*a"},
		{"length at which nothing ends", "BIN*4*a~REF*IV~", "BIN*4*a"},
		{"length beyond every limit", "BIN*99999999999999999999*a~REF*IV~", "BIN*99999999999999999999*a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			all := readAll(t, strings.NewReader(isa+test.segments), edi.Options{})
			if got := string(all[1].Body()); got != test.want {
				t.Errorf("binary segment of %q = %q, want %q", test.segments, got, test.want)
			}
			if !all[2].Is("REF") {
				t.Errorf("after it comes %q, want REF", all[2].Body())
			}
		})
	}
}

func TestReaderLimits(t *testing.T) {
	t.Parallel()
	long := "REF*IV*" + strings.Repeat("x", 5000) + "~"
	input := isa + long + "SE*1~" + "AB" + strings.Repeat("*", 40) + "~SE*2~"
	all := readAll(t, strings.NewReader(input), edi.Options{MaxSegment: 1000, MaxElements: 10})
	if got := rawOf(all); got != input {
		t.Fatalf("read %d bytes, want all %d", len(got), len(input))
	}
	if !all[1].Overlong() || len(all[1].Body()) != 1000 || all[2].Kind() != edi.Fragment {
		t.Errorf("overlong segment: %v, %d bytes, then %v", all[1].Overlong(), len(all[1].Body()), all[2].Kind())
	}
	var wide *edi.Segment
	for _, s := range all {
		if s.Is("AB") {
			wide = s
		}
	}
	if wide == nil || !wide.Overfull() || wide.Len() != 11 {
		t.Errorf("wide segment = %+v, want 10 elements and the rest", wide)
	}
	if last := all[len(all)-1]; string(last.Body()) != "SE*2" {
		t.Errorf("last = %q, want SE*2", last.Body())
	}
}

// However the bytes arrive, the segments are the same.
func TestReaderDoesNotCareHowBytesArrive(t *testing.T) {
	t.Parallel()
	inputs := []string{document(report("0001"), report("0002")), "junk " + document(report("0001")) + "more junk" + document(report("0001"))[:270],
		isa + "BIN*9*a~b*c\n~~~~REF*IV~?? broken" + isa, "UNA:+.? 'UNB+UNOC:3+a?'b'UNZ+1'  UNB+UNOC:3'"}
	for _, input := range inputs {
		want := readAll(t, strings.NewReader(input), edi.Options{MaxSegment: 300})
		for name, src := range map[string]io.Reader{"one by one": iotest.OneByteReader(strings.NewReader(input)), "halves": iotest.HalfReader(strings.NewReader(input)), "end with data": iotest.DataErrReader(strings.NewReader(input))} {
			got := readAll(t, src, edi.Options{MaxSegment: 300, Buffer: 16})
			if diff := cmp.Diff(bodies(want), bodies(got)); diff != "" {
				t.Errorf("%s of %.30q (-want +got):\n%s", name, input, diff)
			}
		}
	}
}

func bodies(all []*edi.Segment) []string {
	var list []string
	for _, s := range all {
		list = append(list, fmt.Sprintf("%s|%s|%s|%s|%d", s.Position(), s.Gap(), s.Body(), s.Terminator(), s.Len()))
	}
	return list
}

//nolint:paralleltest // it counts allocations
func TestReaderAllocatesNothingPerSegment(t *testing.T) {
	data := []byte(document(strings.Repeat(report("0001"), 2000)))
	allocs := testing.AllocsPerRun(5, func() {
		r := edi.NewReader(bytes.NewReader(data), edi.Options{})
		for {
			if _, err := r.Next(); err != nil {
				return
			}
		}
	})
	if allocs > 10 {
		t.Errorf("%v allocations for 16,000 segments, want the reader's own few", allocs)
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]edi.Standard{
		isa: edi.X12, "\n UNB+UNOA:1+S+R'": edi.EDIFACT, "UNH+1+ORDERS:D:96A:UN'": edi.EDIFACT,
		"STX=ANA:1+S'": edi.TRADACOMS, "From: me\n" + isa: edi.X12, "PK\x03\x04": edi.Unknown, "": edi.Unknown,
	} {
		if got := edi.Detect([]byte(input)); got != want {
			t.Errorf("Detect(%.20q) = %v, want %v", input, got, want)
		}
	}
}
