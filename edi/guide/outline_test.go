package guide

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fondaco/edi"
	"fondaco/edi/sets"
)

const someDictionary = `# of what
element 1 ID 2 2 closed "Kind"
  AA "a"
  BB "b"

element 2 AN 1 9 "Text"
composite C001 "Both"
  01 1 M
# stands among them
  02 2 O
  notes P0102
segment AB "First"
  01 C001 M
  02 2 O repeat 2
segment BB "Second"
  01 1 M
`

// A dictionary that is read as far as it is asked for says what one says that is
// read whole.
func TestOutline(t *testing.T) {
	t.Parallel()
	whole, err := ParseDictionary("d", someDictionary)
	if err != nil {
		t.Fatal(err)
	}
	for _, tags := range [][]string{{"AB", "BB"}, {"BB", "AB", "AB"}} {
		part, err := outlined("d", someDictionary)
		if err != nil {
			t.Fatal(err)
		}
		if len(part.segments) > 0 {
			t.Errorf("segments are read before they are asked for: %d", len(part.segments))
		}
		for _, tag := range tags {
			want, got := whole.Segment(edi.TagOf(tag)), part.Segment(edi.TagOf(tag))
			if diff := cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true }), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-whole +outlined):\n%s", tag, diff)
			}
		}
		if part.Segment(edi.TagOf("CC")) != nil || part.Element("3") != nil || part.Element("2") == nil {
			t.Error("what is there and what is not is mixed up")
		}
	}
	part, _ := outlined("d", someDictionary)
	if diff := cmp.Diff(len(whole.segments), len(part.all())); diff != "" {
		t.Error(diff)
	}
}

// What is wrong with an entry is told with its line, at once or when it is needed.
func TestOutlineErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		someDictionary + "segment AB \"Again\"\n  01 1 M\n": "line 17: segment AB is there twice",
		someDictionary + "sentence AB\n":                    "line 17: \"sentence\"",
	} {
		if _, err := outlined("d", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	part, err := outlined("d", someDictionary+"segment CC \"Third\"\n  01 7 M\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.lookUp(edi.TagOf("CC")); err == nil || !strings.Contains(err.Error(), "line 18: element 7 is not described above") {
		t.Errorf("error %v", err)
	}
	_, err = Parse("g", "guide x12 1 100 AA \"G\"\nstructure\n  CC M 1\n", part)
	if err == nil {
		t.Error("a guide that names a broken entry is read")
	}
}

// The dictionaries that come with the program are right as a whole, whatever
// their guides name.
func TestShippedDictionaries(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(sets.Files(), "*/*/dictionary")
	if err != nil || len(files) == 0 {
		t.Fatalf("dictionaries %v, %v", files, err)
	}
	for _, name := range files {
		text, err := readText(sets.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := ParseDictionary(name, text)
		if err != nil {
			t.Fatal(err)
		}
		part, err := outlined(name, text)
		if err != nil {
			t.Fatal(err)
		}
		if want, got := len(whole.segments), len(part.all()); want != got || part.Standard != whole.Standard {
			t.Errorf("%s has %d segments of %s, and %d of %s when they are asked for", name, want, whole.Standard, got, part.Standard)
		}
	}
}
