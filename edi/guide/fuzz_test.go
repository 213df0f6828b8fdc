package guide_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// texts are all files of the sets with this name.
func texts(f *testing.F, name string) []string {
	f.Helper()
	var list []string
	err := fs.WalkDir(sets.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "/"+name) {
			return err
		}
		data, err := fs.ReadFile(sets.Files(), path)
		list = append(list, string(data))
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	return list
}

// dictionaries are those that the guides of a fuzz target are read with.
func dictionaries(f *testing.F) map[bool]*guide.Dictionary {
	f.Helper()
	lib := guide.NewLibrary(sets.Files())
	list := map[bool]*guide.Dictionary{}
	for edifact, name := range map[bool]string{false: "x12/004010/850", true: "edifact/d96a/ORDERS"} {
		g, err := lib.Load(name)
		if err != nil {
			f.Fatal(err)
		}
		list[edifact] = g.Dictionary
	}
	return list
}

const fuzzedGuide = "guide x12 004010 999 FA \"T\"\nstructure\n  ST M 1\n  loop N1 O 2\n    N1[01=ST|BY] M 1\n      02 M\n      03 codes 1 9\n    N4 O * unconfirmed\n  CTT O 1\n  SE M 1\n"

// FuzzGuide: a guide that can be read is the same when it is read again, and
// documents made up from it are what it allows.
func FuzzGuide(f *testing.F) {
	for _, text := range texts(f, "guide") {
		f.Add(text)
	}
	for _, rules := range []string{"", "rules\n  count CTT/01 N1\n  hash CTT/02 N1/02 unless N4 or N1/03!=1|9 unconfirmed\n  sum CTT/02 N1/04*02 - CTT/01\n",
		"rules\n  within N1 if N1/01=ST then not N4[01=x]\n  limit N1 1\n  unit N1/04\n  tree N1/01 N1/02\n"} {
		f.Add(fuzzedGuide + rules)
	}
	dicts := dictionaries(f)
	f.Fuzz(func(t *testing.T, text string) {
		d := dicts[strings.HasPrefix(text, "guide edifact")]
		g, err := guide.Parse("g", text, d)
		if err != nil {
			return
		}
		again, err := guide.Parse("g", text, d)
		if err != nil {
			t.Fatalf("a guide that was read is not read again: %v", err)
		}
		if list := guide.Diff(g, again); len(list) > 0 {
			t.Fatalf("a guide differs from itself: %v", list)
		}
		for _, u := range g.Uses() {
			if g.Use(u.Path) == nil {
				t.Fatalf("the place %s is not found", u.Path)
			}
		}
		document, err := guide.Sample(g, guide.SampleOptions{})
		if err != nil {
			return // its rules contradict one another
		}
		for _, f := range findings(t, document, guide.NewLibrary(), guide.Options{Guide: g, RequireGuide: true}) {
			t.Fatalf("%s %s in the sample %q", f.ID, f.Path, document)
		}
	})
}

// FuzzDictionary: whatever a dictionary says, reading it ends.
func FuzzDictionary(f *testing.F) {
	for _, text := range texts(f, "dictionary") {
		f.Add(text[:min(len(text), 4000)])
	}
	f.Add("element 1 ID 1 2 closed \"N\"\n  AA \"a\"\nelement 2 R 1 9 \"N\"\ncomposite C1 \"C\"\n  01 1 M\n  02 2 X\n  notes P0102\nsegment AB \"S\"\n  01 C1 O repeat 3\n  02 2 N\n  notes unconfirmed R0102\n")
	f.Add("dictionary edifact\nelement 1001 an..3 \"N\"\nelement 1002 n2 \"N\"\nsegment ABC \"S\" open\n  01 1001 M\n  02 1002 C\n  notes D5(01,02)\n")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := guide.ParseDictionary("d", text)
		if err != nil {
			return
		}
		if s := d.Segment(edi.TagOf("AB")); s != nil {
			for i := range s.Fields {
				if s.Fields[i].Number() == "" {
					t.Fatalf("element %d of %s has no number", i+1, s.ID)
				}
			}
		}
	})
}

// FuzzOverlay: what a guide that restricts another one allows, that one allows.
func FuzzOverlay(f *testing.F) {
	lib := guide.NewLibrary(sets.Files())
	bases := []*guide.Guide{}
	for _, name := range []string{"x12/004010/850", "edifact/d96a/ORDERS", "x12/005010/846"} {
		g, err := lib.Load(name)
		if err != nil {
			f.Fatal(err)
		}
		bases = append(bases, g)
		head := fmt.Sprintf("guide %s %s %s %s \"P\" extends %s\nrestrict\n", strings.SplitN(name, "/", 2)[0], g.Version, g.Set, g.Group, name)
		f.Add(head)
		f.Add(head + "  DTM N\n  REF M max 2\n  N1[01=ST] M max 1\n    04 check gln\n  N1[01=ST]/N4 M\n  N1 N\n")
		f.Add(head + "  DTM[01-1=2] M\n    01-2 format CCYYMMDD\n  LIN max 3\n    01 length 1 3\n  NAD[01=BY] M\n  NAD N\nrules\n  if BGM/01=220 then NAD[01=BY]\n  limit LIN 2\n")
	}
	f.Add(partner)
	f.Fuzz(func(t *testing.T, text string) {
		g, err := lib.Read("overlay", text)
		if err != nil || g.Base == nil {
			return
		}
		_ = guide.Diff(g.Base, g)
		document, err := guide.Sample(g, guide.SampleOptions{})
		if err != nil {
			return // its rules contradict one another
		}
		base := g.Base
		for base.Base != nil {
			base = base.Base
		}
		for _, f := range findings(t, document, lib, guide.Options{Guide: base, RequireGuide: true}) {
			t.Fatalf("%s allows what %s does not: %s %s %q in %q", text, base.Name, f.ID, f.Path, f.Value, document)
		}
		for _, base := range bases {
			_ = guide.Diff(base, g)
			_ = guide.Diff(g, base)
		}
	})
}

// FuzzSegments: any segments are judged by every guide, and how they come in
// makes no difference.
func FuzzSegments(f *testing.F) {
	lib := guide.NewLibrary(sets.Files())
	names, err := lib.List()
	if err != nil {
		f.Fatal(err)
	}
	guides := make([]*guide.Guide, len(names))
	for i, name := range names {
		if guides[i], err = lib.Load(name); err != nil {
			f.Fatal(err)
		}
		document, err := guide.Sample(guides[i], guide.SampleOptions{Seed: uint64(i), Newline: "\n"})
		if err != nil {
			f.Fatal(err)
		}
		lines := bytes.SplitAfter(document, []byte("\n"))
		f.Add(bytes.Join(lines[3:len(lines)-4], nil), uint16(i), false)
		f.Add(bytes.Join(lines[4:], nil), uint16(i+1), true)
	}
	f.Fuzz(func(t *testing.T, body []byte, which uint16, repeats bool) {
		g := guides[int(which)%len(guides)]
		document := append([]byte(opening(g, repeats)), body...)
		want := judged(t, document, g, edi.Options{})
		if diff := cmp.Diff(want, judged(t, document, g, edi.Options{Buffer: 1})); diff != "" {
			t.Fatalf("findings of %q in one piece and in many (+):\n%s", document, diff)
		}
		if err := guide.Explain(&bytes.Buffer{}, bytes.NewReader(document), lib, guide.ExplainOptions{}); err != nil {
			t.Fatal(err)
		}
	})
}

// opening are the headers before the segments of a document.
func opening(g *guide.Guide, repeats bool) string {
	if g.Standard == edi.EDIFACT {
		version, release, _ := strings.Cut(g.Version, ".")
		syntax := "3"
		if repeats {
			syntax = "4"
		}
		return "UNA:+.?*'UNB+UNOC:" + syntax + "+A+B+240408:0612+1'UNH+1+" + g.Set + ":" + version + ":" + release + ":" + g.Group + "'"
	}
	eleventh := "U*00401"
	if repeats {
		eleventh = "^*00501"
	}
	return "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*" + eleventh + "*000000001*0*T*:~" +
		"GS*" + g.Group + "*AA*BB*20240408*0612*1*X*" + g.Version + "~ST*" + g.Set + "*0001~"
}

// judged is what a guide finds of a document, in which nothing is nowhere.
func judged(t *testing.T, document []byte, g *guide.Guide, o edi.Options) []edi.Finding {
	t.Helper()
	v := guide.NewValidator(edi.NewReader(bytes.NewReader(document), o), guide.NewLibrary(), guide.Options{Guide: g, ParserOptions: edi.ParserOptions{MaxFindings: 200}})
	rep, err := edi.Collect(v)
	if err != nil {
		t.Fatal(err)
	}
	var list []edi.Finding
	rep.All(func(f *edi.Finding) {
		if f.ID == "" || f.Position.Offset < 0 || f.Position.Offset > int64(len(document)) || f.Unconfirmed && f.Severity == edi.Error {
			t.Fatalf("finding %+v of %q is nowhere, or an error that nobody confirms", f, document)
		}
		list = append(list, *f)
	})
	return list
}
