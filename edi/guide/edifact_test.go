package guide_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

const smallDirectory = `
element 1 an..3 "Text"
element 2 an2 closed "Code"
  AA "first"
  BB "second"
element 3 n..4 "Number"
element 4 a..3 "Letters"
element 5 an3 "Three"
element 6 an..17 "Identification"
element 2005 an..3 "Kind of date"
element 2380 an..35 "Date"
element 2379 an..3 "Format"
composite C100 "Pair"
  01 1 M
  02 3 C
  03 3 C
  notes D2(02,03)
composite C507 "Date"
  01 2005 M
  02 2380 C
  03 2379 C
segment TYP "Types"
  01 1 C
  02 2 C
  03 3 C
  04 4 C
  05 5 C
  06 C100 C repeat 2
  07 1 C
segment DTM "Date"
  01 C507 M
segment AAA "First"
  01 1 C
segment BBB "Second"
  01 1 C
  02 3 C
segment CCC "Third"
  01 1 C
segment ONE "D1"
  01 1 C
  02 1 C
  notes D1(01,02)
segment ALL "D2"
  01 1 C
  02 1 C
  notes D2(01,02)
segment SOM "D3"
  01 1 C
  02 1 C
  notes D3(01,02)
segment OPT "D4"
  01 1 C
  02 1 C
  notes D4(01,02)
segment FAL "D5"
  01 1 C
  02 1 C
  03 1 C
  notes D5(01,02,03)
segment FSO "D6"
  01 1 C
  02 1 C
  03 1 C
  notes D6(01,02,03)
segment FNO "D7"
  01 1 C
  02 1 C
  03 1 C
  notes D7(01,02,03)
segment IDN "Identification"
  01 6 C
  02 6 C
`

const smallMessage = `
guide edifact D.99Z SMALLM UN "Small"
structure
  UNH M 1
  AAA M 1
  TYP C 9
  DTM C 9
  ONE C 9
  ALL C 9
  SOM C 9
  OPT C 9
  FAL C 9
  FSO C 9
  FNO C 9
  IDN C 9
    01 check gtin
  loop SG1 C 2
    BBB M 1
    CCC C 1
    DTM[01-1=1|2] C 1
    DTM[01-1=3] C 1
  UNS M 1
  CCC C 1
  UNT M 1
rules
  sum CCC/01 BBB/02
`

var smallLibrary = guide.NewLibrary(fstest.MapFS{
	"edifact/d99z/dictionary":      {Data: []byte(smallDirectory)},
	"edifact/d99z/SMALLM/guide":    {Data: []byte(smallMessage)},
	"edifact/d99z/SMALLM-P1/guide": {Data: []byte("guide edifact D.99Z SMALLM UN \"Of a partner\" extends edifact/d99z/SMALLM\nrestrict\n  SG1/CCC N\n")},
	"edifact/ia-991/OTHERM/guide":  {Data: []byte("guide edifact 99.1 OTHERM IA \"Of another agency\"\nstructure\n  UNH M 1\n  UNT M 1\n")},
	"edifact/ia-991/dictionary":    {Data: []byte("dictionary edifact\n")},
	"edifact/d99z/BROKEN/guide":    {Data: []byte("guide edifact D.99Z BROKEN UN \"T\" extends edifact/d99z/BROKEN\n")},
})

// message checks the segments between UNH and UNT, in syntax 3 or 4.
func message(t *testing.T, syntax, segments string) []string {
	t.Helper()
	advice := "UNA:+.? '"
	if syntax == "4" {
		advice = "UNA:+.?*'"
	}
	input := advice + "UNB+UNOC:" + syntax + "+A+B+20240408:0612+1'UNH+1+SMALLM:D:99Z:UN'" + segments +
		"UNT+" + itoa(strings.Count(strings.ReplaceAll(segments, "?'", ""), "'")+2) + "+1'UNZ+1+1'"
	input = strings.Replace(input, ":3+A+B+20", ":3+A+B+", 1)
	var list []string
	for _, f := range findings(t, []byte(input), smallLibrary, guide.Options{}) {
		list = append(list, f.Severity.String()+" "+strings.TrimPrefix(f.ID, "edifact.")+" "+strings.TrimPrefix(f.Path.String(), "UNB[1]/UNH[1]/")+" "+f.Code)
	}
	return list
}

func TestEDIFACT(t *testing.T) {
	t.Parallel()
	const end = "UNS+S'"
	tests := []struct {
		name, syntax, segments string
		want                   []string
	}{
		{"least that is allowed", "3", "AAA'" + end, nil},
		{"all types", "3", "AAA'TYP+a?+b+AA+-12.50+ABC+xyz+T:1:2'" + end, nil},
		{"a released character counts once", "3", "AAA'TYP+?+?:?''" + end, nil},
		{"too long although released", "3", "AAA'TYP+ab?+c'" + end, []string{"error element.too-long TYP[1]/01 39"}},
		{"too short although released", "3", "AAA'TYP+++++a?+'" + end, []string{"error element.too-short TYP[1]/05 40"}},
		{"code", "3", "AAA'TYP++CC'" + end, []string{"error element.code TYP[1]/02 12"}},
		{"no number", "3", "AAA'TYP+++12X'" + end, []string{"error element.number TYP[1]/03 37"}},
		{"number without digit before the mark", "3", "AAA'TYP+++.5'" + end, []string{"error element.decimal-digit TYP[1]/03 38"}},
		{"number without digit behind the mark", "3", "AAA'TYP+++5.'" + end, []string{"error element.decimal-mark TYP[1]/03 19"}},
		{"number too long, sign and mark not counted", "3", "AAA'TYP+++-1234.5'" + end, []string{"error element.too-long TYP[1]/03 39"}},
		{"digits among letters", "3", "AAA'TYP++++A1'" + end, []string{"error element.type TYP[1]/04 37"}},
		{"required component missing", "3", "AAA'TYP++++++:1:2'" + end, []string{"error element.missing TYP[1]/06-1 13"}},
		{"components that need each other", "3", "AAA'TYP++++++T:1'" + end, []string{"error element.condition TYP[1]/06-3 48"}},
		{"too many components", "3", "AAA'TYP++++++T:1:2:3'" + end, []string{"error element.components TYP[1]/06 16"}},
		{"component in a simple element", "3", "AAA'TYP+a:b'" + end, []string{"error element.components TYP[1]/01 16"}},
		{"separator at the end of a composite", "3", "AAA'TYP++++++T:'" + end, []string{"warning segment.trailing-separator TYP[1]/06 45"}},
		{"separator at the end of a segment", "3", "AAA'TYP+a+'" + end, []string{"warning segment.trailing-separator TYP[1] 45"}},
		{"repetitions by position before syntax 4", "3", "AAA'TYP++++++T+U+a'" + end, nil},
		{"repetitions by separator in syntax 4", "4", "AAA'TYP++++++T*U:1:2+a'" + end, nil},
		{"too many repetitions", "4", "AAA'TYP++++++T*U*V'" + end, []string{"error element.repeats TYP[1]/06[3] 35"}},
		{"too many elements, spread out", "3", "AAA'TYP++++++T+U+a+b'" + end, []string{"error element.too-many TYP[1]/09 16"}},
		{"day that is", "3", "AAA'DTM+2:20240229:102'DTM+2:202402292359:203'DTM+2:20240101-20241231:718'DTM+2:2024010120241231:718'" + end, nil},
		{"day that is not", "3", "AAA'DTM+2:20230229:102'" + end, []string{"error element.date DTM[1]/01-2 12"}},
		{"end of a day", "3", "AAA'DTM+2:202402292400:203'DTM+2:20240229240000:204'" + end, nil},
		{"later than the end of a day", "3", "AAA'DTM+2:202402292401:203'" + end, []string{"error element.date DTM[1]/01-2 12"}},
		{"time with a released sign of its zone", "3", "AAA'DTM+2:202402291200?+00:303'" + end, nil},
		{"hour that is not", "3", "AAA'DTM+2:202402292460:203'" + end, []string{"error element.date DTM[1]/01-2 12"}},
		{"unknown format", "3", "AAA'DTM+2:whatever:999'" + end, nil},
		{"one and only one", "3", "AAA'ONE+a'ONE'ONE+a+b'" + end, []string{"error element.condition ONE[2]/01 48", "error element.condition ONE[3]/02 48"}},
		{"all or none", "3", "AAA'ALL+a+b'ALL+a'" + end, []string{"error element.condition ALL[2]/02 48"}},
		{"one or more", "3", "AAA'SOM+a'SOM'" + end, []string{"error element.condition SOM[2]/01 48"}},
		{"one or none", "3", "AAA'OPT'OPT+a+b'" + end, []string{"error element.exclusion OPT[2]/02 48"}},
		{"if the first then all", "3", "AAA'FAL++b'FAL+a+b'" + end, []string{"error element.condition FAL[2]/03 48"}},
		{"if the first then one or more", "3", "AAA'FSO+a++c'FSO+a'" + end, []string{"error element.condition FSO[2]/02 48"}},
		{"if the first then none", "3", "AAA'FNO+a'FNO+a++c'" + end, []string{"error element.exclusion FNO[2]/03 48"}},
		{"check digit", "3", "AAA'IDN+5901234123457'IDN+5901234123458'" + end, []string{"error element.check-digit IDN[2]/01 12"}},
		{"segment group too often", "3", "AAA'BBB'BBB'BBB'" + end, []string{"error loop.too-many BBB#5 36"}},
		{"places by qualifiers of components", "3", "AAA'BBB'DTM+3'DTM+2'" + end, nil},
		{"qualifier that no place has", "3", "AAA'BBB'DTM+4'" + end, []string{"error segment.sequence DTM#4 15"}},
		{"section separator missing", "3", "AAA'BBB'", []string{"error segment.missing UNS#4 13"}},
		{"what stands before the separator stays there", "3", "AAA'BBB'CCC'CCC'" + end, []string{"error segment.too-many SG1[1]/CCC#5 35"}},
		{"section that is none", "3", "AAA'UNS+X'", []string{"error element.code UNS[1]/01 12"}},
		{"unknown segment", "3", "AAA'QQQ+1'" + end, []string{"error segment.unknown QQQ#3 15"}},
		{"known but not in the message", "3", "AAA'UCI+1'" + end, []string{"error segment.not-in-set UCI#3 15"}},
		{"required segment missing", "3", "TYP+a'" + end, []string{"error segment.missing AAA#2 13"}},
		{"total", "3", "AAA'BBB++1.5'BBB++2'" + end + "CCC+3.5'", nil},
		{"wrong total", "3", "AAA'BBB++1.5'BBB++2'" + end + "CCC+3'", []string{"error transaction.total CCC#6/01 29"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, message(t, test.syntax, test.segments), cmp.Transformer("empty", func(l []string) string { return strings.Join(l, "\n") })); diff != "" {
				t.Errorf("findings of %q (-want +got):\n%s", test.segments, diff)
			}
		})
	}
}

func TestMessageGuides(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ version, agency, set, association, want string }{
		{"D99Z", "UN", "SMALLM", "", "edifact/d99z/SMALLM"},
		{"D99Z", "UN", "SMALLM", "P2", "edifact/d99z/SMALLM"},
		{"D99Z", "UN", "SMALLM", "P.1", "edifact/d99z/SMALLM-P1"},
		{"991", "IA", "OTHERM", "", "edifact/ia-991/OTHERM"},
		{"991", "UN", "OTHERM", "", ""},
		{"D99Z", "UN", "../d99z/SMALLM", "", ""},
		{"D99Z", "UN", "SMALLM", "../..", "edifact/d99z/SMALLM"},
		{"D99Z", "", "", "", ""},
	} {
		g, err := smallLibrary.Message(test.version, test.agency, test.set, test.association)
		if test.want == "" {
			if err == nil {
				t.Errorf("Message(%v) = %s, want none", test, g.Name)
			}
			continue
		}
		if err != nil || g.Name != test.want {
			t.Errorf("Message(%v) = %v, %v", test, g, err)
		}
	}
	if _, err := smallLibrary.Load("edifact/d99z/BROKEN"); err == nil || !strings.Contains(err.Error(), "circle") {
		t.Errorf("a guide that extends itself: %v", err)
	}
	shipped := guide.NewLibrary(sets.Files())
	for _, version := range []string{"D3", "41", "D96A"} {
		if g, err := shipped.Message(version, "UN", "CONTRL", ""); err != nil || g.Set != "CONTRL" {
			t.Errorf("Message(%s, CONTRL) = %v, %v", version, g, err)
		}
	}
}

// A decimal comma is fine where the interchange declares it.
func TestDecimalMark(t *testing.T) {
	t.Parallel()
	for mark, want := range map[string]string{",": "", ".": "edifact.element.decimal-mark"} {
		input := "UNA:+,? 'UNB+UNOC:3+A+B+240408:0612+1'UNH+1+SMALLM:D:99Z:UN'AAA'TYP+++1" + mark + "5'UNS+S'UNT+5+1'UNZ+1+1'"
		got := ""
		for _, f := range findings(t, []byte(input), smallLibrary, guide.Options{}) {
			got += f.ID
		}
		if got != want {
			t.Errorf("1%s5 where the mark is a comma: %q, want %q", mark, got, want)
		}
	}
}
