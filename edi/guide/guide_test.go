package guide_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// smallDictionary has one of everything.
const smallDictionary = `
element 1 AN 1 3 "Text"
element 2 ID 2 2 closed "Code"
  AA "first"
  BB "second"
element 3 N2 1 4 "Amount"
element 4 R 1 5 "Number"
element 5 DT 8 8 "Date"
element 6 TM 4 8 "Time"
element 7 B 1 9 "Bytes"
element 8 AN 0 9 "Anything"
composite C100 "Pair"
  01 1 M
  02 4 O
  03 4 O
  notes P0203
segment ST "Header"
  01 8 O
  02 8 O
segment SE "Trailer"
  01 8 O
  02 8 O
segment TX "Types"
  01 1 O
  02 2 O
  03 3 O
  04 4 O
  05 5 O
  06 6 O
  07 C100 O repeat 2
  08 1 N
  09 1 O unconfirmed
segment MM "Required"
  01 1 M
segment NP "Paired"
  01 1 O
  02 1 O
  notes P0102
segment NR "At least one"
  01 1 O
  02 1 O
  notes R0102
segment NE "At most one"
  01 1 O
  02 1 O
  03 1 O
  notes E010203
segment NC "Conditional"
  01 1 O
  02 1 O
  03 1 O
  notes C010203
segment NL "List conditional"
  01 1 O
  02 1 O
  03 1 O
  notes L010203
segment AA "A"
  01 8 O
segment BB "B"
  01 8 O
segment CC "C"
  01 8 O
segment DD "D"
  01 8 O
segment EE "E"
  01 8 O
segment OP "Open" open
`

const smallGuide = `
guide x12 009999 999 ZZ "Small"   # a comment
structure
  ST M 1
  AA M 1
  BB O 2
  loop CC O 2
    CC M 1
    DD M 1
    EE O 1
    loop AA O *
      AA M 1
      BB O 1
  DD[01=X|Y] O 1
  DD[01=Z] O 1
  TX O *
  MM O *
  NP O *
  NR O *
  NE O *
  NC O *
  NL O *
  SE M 1
`

func small(t *testing.T) *guide.Guide {
	t.Helper()
	d, err := guide.ParseDictionary("dictionary", smallDictionary)
	if err != nil {
		t.Fatal(err)
	}
	g, err := guide.Parse("small", smallGuide, d)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

const header = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*^*00501*000000001*0*P*:~GS*ZZ*SENDER*RECEIVER*20240408*0612*1*X*009999~"

// walked is what is found wrong with some segments, and the places to which they go.
type walked struct {
	name, segments, places string
	findings               []string
}

func walkAll(t *testing.T, tests []walked) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			findings, places := check(t, test.segments)
			if diff := cmp.Diff(test.places, strings.Join(places, " ")); diff != "" {
				t.Errorf("places of %q (-want +got):\n%s", test.segments, diff)
			}
			if diff := cmp.Diff(test.findings, findings); diff != "" {
				t.Errorf("findings of %q (-want +got):\n%s", test.segments, diff)
			}
		})
	}
}

// check validates the segments between ST and SE against the small guide and
// returns the findings as "id TAG#position/element code", the walk's places too.
func check(t *testing.T, segments string) (findings, places []string) {
	t.Helper()
	n := strings.Count(segments, "~") + 2
	input := header + "ST*999*1~" + segments + "SE*" + itoa(n) + "*1~GE*1*1~IEA*1*000000001~"
	v := guide.NewValidator(edi.NewReader(strings.NewReader(input), edi.Options{}), guide.NewLibrary(fstest.MapFS{}), guide.Options{Guide: small(t)})
	for {
		e, err := v.Next()
		if err != nil {
			return findings, places
		}
		if e.Transaction == nil {
			continue
		}
		place := "?"
		if u := v.Use(); u != nil {
			place = u.Path
			if l := v.LoopPath(); l != "" {
				place = l + "/" + u.ID
			}
		}
		places = append(places, place)
		if e.Kind == edi.TransactionEnd {
			for _, f := range e.Transaction.List {
				p := f.Path.String()
				findings = append(findings, f.Severity.String()+" "+strings.TrimPrefix(f.ID, "x12.")+" "+strings.TrimPrefix(p, "ISA[1]/GS[1]/ST[1]/")+" "+f.Code)
			}
		}
	}
}

func itoa(n int) string {
	s := ""
	for ; n > 0; n /= 10 {
		s = string(rune('0'+n%10)) + s
	}
	return s
}

func TestWalk(t *testing.T) {
	t.Parallel()
	walkAll(t, []walked{
		{"least that is allowed", "AA*1~", "ST AA SE", nil},
		{"everything in order", "AA*1~BB~BB~CC~DD~EE~AA~BB~AA~CC~DD~DD*Z~DD*X~",
			"ST AA BB BB CC[1]/CC CC[1]/DD CC[1]/EE CC[1]/AA[1]/AA CC[1]/AA[1]/BB CC[1]/AA[2]/AA CC[2]/CC CC[2]/DD DD DD SE", nil},
		{"required segment missing", "BB*1~", "ST BB SE", []string{"error segment.missing AA#2 3"}},
		{"required segment of a loop missing, noticed at its end", "AA*1~CC~CC~DD~", "ST AA CC[1]/CC CC[2]/CC CC[2]/DD SE",
			[]string{"error segment.missing CC[1]/DD#4 3"}},
		{"segment too often", "AA*1~BB~BB~BB~", "ST AA BB BB BB SE", []string{"error segment.too-many BB#5 5"}},
		{"loop too often", "AA*1~CC~DD~CC~DD~CC~DD~", "ST AA CC[1]/CC CC[1]/DD CC[2]/CC CC[2]/DD CC[3]/CC CC[3]/DD SE", []string{"error loop.too-many CC#7 4"}},
		{"out of sequence", "AA*1~CC~DD~DD*X~BB~", "ST AA CC[1]/CC CC[1]/DD DD BB SE", []string{"error segment.sequence BB#6 7"}},
		{"loop out of sequence keeps what follows together", "AA*1~MM*1~CC~DD~MM*1~", "ST AA MM CC[1]/CC CC[1]/DD MM SE", []string{"error segment.sequence CC[1]/CC#4 7"}},
		{"first segment of a loop missing", "AA*1~EE~", "ST AA CC[1]/EE SE", []string{"error segment.missing CC[1]/CC#3 3"}},
		{"qualifier that no place has", "AA*1~DD*Q~", "ST AA CC[1]/DD SE", []string{"error segment.missing CC[1]/CC#3 3"}},
		{"known but not in the set", "AA*1~OP*1~", "ST AA ? SE", []string{"error segment.not-in-set OP#3 6"}},
		{"unknown", "AA*1~QQ*1~", "ST AA ? SE", []string{"error segment.unknown QQ#3 1"}},
		{"tag that is none", "AA*1~q!q*1~", "ST AA ? SE", []string{"error segment.tag-invalid q!q#3 1"}},
	})
}

func TestElements(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, segment string
		want          []string
	}{
		{"all well", "TX*abc*BB*-1234*-12.345*20240229*2359*ab:1:2^c", nil},
		{"characters count, not bytes", "TX*łóż", nil},
		{"sign and point do not count", "TX***-1234*-.12345", nil},
		{"too long", "TX*abcd", []string{"error element.too-long TX[1]/01 5"}},
		{"number too long", "TX***12345", []string{"error element.too-long TX[1]/03 5"}},
		{"too short", "TX**A", []string{"error element.too-short TX[1]/02 4"}},
		{"code not in the list", "TX**CC", []string{"error element.code TX[1]/02 7"}},
		{"integer with a point", "TX***1.2", []string{"error element.number TX[1]/03 6"}},
		{"number with letters", "TX****1x", []string{"error element.number TX[1]/04 6"}},
		{"minus in the middle", "TX****1-2", []string{"error element.number TX[1]/04 6"}},
		{"two points", "TX****1.2.3", []string{"error element.number TX[1]/04 6"}},
		{"only a minus", "TX****-", []string{"error element.too-short TX[1]/04 4"}},
		{"day that is not", "TX*****20230229", []string{"error element.date TX[1]/05 8"}},
		{"hour that is not", "TX******2400", []string{"error element.time TX[1]/06 9"}},
		{"control character", "TX*a\x07", []string{"error element.character TX[1]/01 6"}},
		{"line break", "TX*a\n", []string{"error element.character TX[1]/01 6"}},
		{"component in a simple element", "TX*a:b", []string{"error element.components TX[1]/01 13"}},
		{"repetition of a simple element", "TX*a^b", []string{"error element.repeats TX[1]/01[2] 12"}},
		{"repeated too often", "TX*******a^b^c", []string{"error element.repeats TX[1]/07[3] 12"}},
		{"wrong component in the second repetition", "TX*******a^b:x:1", []string{"error element.number TX[1]/07[2]-2 6"}},
		{"required component missing", "TX*******:1:2", []string{"error element.missing TX[1]/07-1 1"}},
		{"components that need each other", "TX*******a:1", []string{"error element.condition TX[1]/07-3 2"}},
		{"too many components", "TX*******a:1:2:3", []string{"error element.components TX[1]/07 13"}},
		{"element not used", "TX********x", []string{"error element.not-used TX[1]/08 I10"}},
		{"unconfirmed rule only warns", "TX*********abcd", []string{"warning element.too-long TX[1]/09 5"}},
		{"too many elements", "TX**********1", []string{"error element.too-many TX[1]/10 3"}},
		{"separator at the end", "TX*a*", []string{"warning segment.trailing-separator TX[1] "}},
		{"separators beyond the end", "TX***********", []string{"warning segment.trailing-separator TX[1] "}},
		{"required element missing", "MM", []string{"error element.missing MM[1]/01 1"}},
		{"paired", "NP*a", []string{"error element.condition NP[1]/02 2"}},
		{"paired, both or none", "NP*a*b~NP", nil},
		{"at least one", "NR", []string{"error element.condition NR[1]/01 2"}},
		{"at most one", "NE*a*b", []string{"error element.exclusion NE[1]/02 10"}},
		{"conditional", "NC*a", []string{"error element.condition NC[1]/02 2", "error element.condition NC[1]/03 2"}},
		{"conditional, the other way round", "NC**b", nil},
		{"list conditional", "NL*a", []string{"error element.condition NL[1]/02 2"}},
		{"list conditional, one is enough", "NL*a**c", nil},
		{"several in one segment", "TX*abcd*CC*x", []string{"error element.too-long TX[1]/01 5", "error element.code TX[1]/02 7", "error element.number TX[1]/03 6"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			findings, _ := check(t, "AA*1~"+test.segment+"~")
			if diff := cmp.Diff(test.want, findings); diff != "" {
				t.Errorf("findings of %q (-want +got):\n%s", test.segment, diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	d, err := guide.ParseDictionary("dictionary", smallDictionary)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"":                             "a guide begins with",
		"guide x12 1 2 3 \"T\"":        "no structure",
		"guide x12 1 2 3 \"T\"\nother": `line 2: "other" is none of`,
		"guide x12 1 2 3 \"T\"\nstructure\n  ST M 1\n  QQ O 1\n  SE M 1":               "line 4: segment QQ is not in dictionary",
		"guide x12 1 2 3 \"T\"\nstructure\n  ST M 1\n  AA X 1\n  SE M 1":               `line 4: "X" is neither M nor O`,
		"guide x12 1 2 3 \"T\"\nstructure\n  ST M 1\n  AA O 0\n  SE M 1":               "line 4: a limit of 0 times",
		"guide x12 1 2 3 \"T\"\nstructure\n  ST M 1\n  loop AA O 1\n  SE M 1":          "line 4: loop AA does not begin with a segment",
		"guide x12 1 2 3 \"T\"\nstructure\n  AA M 1\n  SE M 1":                         "line 2: a structure begins with ST",
		"guide x12 1 2 3 \"T\"\nstructure\n  ST M 1\n  AA[x] O 1\n  SE M 1":            "line 4: \"AA[x]\" is not a segment with a qualifier",
		"guide x12 1 2 3 \"T\"\nstructure\n  ST M 1\n  AA O 1\n    02 M\n  SE M 1":     "line 5: AA has no element 02",
		"guide x12 1 2 3 \"T\"\nstructure\n  ST M 1\n  SE M 1\nrules\n  sum CTT/01 AA": "line 6: a rule is",
		"guide x12 1 2 3 \"T": "line 1: text without its closing quote",
	} {
		if _, err := guide.Parse("g", text, d); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %v, want an error with %q", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"thing 1":                                            `line 1: "thing" is none of`,
		"element 1 XX 1 2 \"T\"":                             `type "XX"`,
		"element 1 AN 3 2 \"T\"":                             "make no sense",
		"element 1 AN 1 x \"T\"":                             `"x" is no number`,
		"segment AA \"T\"\n  01 77 O":                        "line 2: element 77 is not described above",
		"segment AA \"T\"\n  02 77 O":                        `line 2: position "02" where 01 is next`,
		"segment AA \"T\"\n  notes Q0102":                    "does not begin with",
		"segment AA \"T\"\n  notes P012":                     "is not a letter and pairs",
		"segment A \"T\"\nsegment A \"T\"":                   "is there twice",
		"segment AA \"T\"\n  01 C001 O":                      "composite C001 is not described above",
		"element 1 AN 1 1 \"T\"\nsegment AA \"T\"\n  01 1 Q": `usage "Q"`,
	} {
		if _, err := guide.ParseDictionary("d", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseDictionary(%q) = %v, want an error with %q", text, err, want)
		}
	}
}

func TestLibrary(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	g, err := lib.Guide("004010VICS", "867")
	if err != nil || g.Name != "x12/004010/867" || g.Use("PTD/QTY/LIN") == nil || g.Use("PTD/LIN") != nil {
		t.Fatalf("Guide(004010VICS, 867) = %v, %v", g, err)
	}
	if again, _ := lib.Guide("004010", "867"); again == nil || again.Title != g.Title {
		t.Errorf("Guide(004010, 867) = %v, want the same guide", again)
	}
	for _, set := range []string{"199", "", "../867", "867/../997", "\x00"} {
		if _, err := lib.Guide("004010", set); !errors.Is(err, guide.ErrNoGuide) {
			t.Errorf("Guide(004010, %q) = %v, want ErrNoGuide", set, err)
		}
	}
}
