package guide

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
)

const repeatDictionary = `
element 143 ID 3 3 "Set"
element 329 AN 4 9 "Control number"
element 96 N0 1 10 "Segments"
element 1 AN 1 9 "Text"
composite C001 "Pair"
  01 1 M
  02 1 O
segment ST "Header"
  01 143 M
  02 329 M
segment AA "Repeated"
  01 1 O repeat 5
  02 C001 O repeat 3
segment SE "Trailer"
  01 96 M
  02 329 M
`

const repeatGuide = "guide x12 005010 850 PO \"T\"\nstructure\n  ST M 1\n  AA M 3\n    01 repeat 2 4\n  SE M 1\n"

func repeatGuides(t *testing.T) (*Library, *Guide) {
	t.Helper()
	d, err := ParseDictionary("d", repeatDictionary)
	if err != nil {
		t.Fatal(err)
	}
	g, err := Parse("base", repeatGuide, d)
	if err != nil {
		t.Fatal(err)
	}
	lib := NewLibrary()
	lib.guides["base"] = &entry{guide: g}
	return lib, g
}

// An element can be asked for at least so many times: I11 in a 999.
func TestTooFewRepetitions(t *testing.T) {
	t.Parallel()
	lib, base := repeatGuides(t)
	partner, err := lib.Read("partner", "guide x12 005010 850 PO \"P\" extends base\nrestrict\n  AA\n    01 repeat 3 4\n    02 repeat 2 2\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		guide *Guide
		aa    string
		want  []string
	}{
		{base, "a^b", nil},
		{base, "", nil},
		{base, "*x:y", nil},
		{base, "a", []string{"error x12.element.too-few-repeats I11 AA01>>1 a of 2"}},
		{base, "a^b^c^d^e", []string{"error x12.element.repeats 12 AA01>>5 a^b^c^d^e of 4"}},
		{partner, "a^b", []string{"error x12.element.too-few-repeats I11 AA01>>2 a^b of 3"}},
		{partner, "a^b^c*x:y", []string{"error x12.element.too-few-repeats I11 AA02>>1 x:y of 2"}},
		{partner, "a^b^c*x:y^z", nil},
	} {
		document := "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*^*00501*000000001*0*T*:~GS*PO*AA*BB*20240408*0612*1*X*005010~" +
			"ST*850*0001~AA*" + test.aa + "~SE*3*0001~GE*1*1~IEA*1*000000001~"
		rep, err := edi.Collect(NewValidator(edi.NewReader(strings.NewReader(document), edi.Options{}), NewLibrary(), Options{Guide: test.guide}))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		rep.All(func(f *edi.Finding) {
			if strings.HasPrefix(f.ID, "x12.element") {
				p := f.Path
				got = append(got, f.Severity.String()+" "+f.ID+" "+f.Code+" "+p.Tag+place(p.Element, 0)+">>"+string(rune('0'+p.Repetition))+" "+f.Value+" of "+f.Expected)
			}
		})
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s of %q (-want +got):\n%s", test.guide.Name, test.aa, diff)
		}
	}
}

// Samples repeat as often as they have to, and a broken one does not.
func TestRepetitionsOfSamples(t *testing.T) {
	t.Parallel()
	lib, _ := repeatGuides(t)
	g, err := lib.Read("partner", "guide x12 005010 850 PO \"P\" extends base\nrestrict\n  AA\n    01 M\n")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for seed := range uint64(8) {
		document, err := Sample(g, SampleOptions{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(document, []byte("^X"))
	}
	if !found {
		t.Error("no sample repeats an element")
	}
	list, err := Broken(g, SampleOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	ids := ""
	for _, b := range list {
		ids += b.ID + " "
	}
	if !strings.Contains(ids, "x12.element.too-few-repeats") {
		t.Errorf("Broken gives %s, and no document with too few repetitions", ids)
	}
}

func TestRepetitionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	lib, base := repeatGuides(t)
	for _, text := range []string{"01 repeat 0", "01 repeat 5 3", "01 repeat x", "01 repeat 1 x", "01 repeat 3 6", "01 repeat 1"} {
		if _, err := lib.Read("p", "guide x12 005010 850 PO \"P\" extends base\nrestrict\n  AA\n    "+text+"\n"); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	narrower, err := lib.Read("p", "guide x12 005010 850 PO \"P\" extends base\nrestrict\n  AA\n    01 repeat 3 4\n")
	if err != nil {
		t.Fatal(err)
	}
	if list := Diff(base, narrower); len(list) != 1 || list[0].String() != "AA/01 repeat at least 2 -> 3" {
		t.Errorf("Diff = %v", list)
	}
}
