package trading

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// TestFindingsAreSaidInEveryLanguage: what trading finds itself, and what its
// maps find, has words in each language, with the same places for values.
func TestFindingsAreSaidInEveryLanguage(t *testing.T) {
	t.Parallel()
	all, err := translations()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range guide.Languages() {
		if language == "en" {
			continue
		}
		for id, english := range messages {
			told, known := all[language][id]
			if !known || told[0] == "" || told[1] == "" {
				t.Errorf("%s: %s is not said", language, id)
			}
			for _, place := range []string{"{value}", "{rule}"} {
				if strings.Contains(english[0], place) != strings.Contains(told[0], place) {
					t.Errorf("%s: %s has %s in one language alone: %s", language, id, place, told[0])
				}
			}
		}
		for id, told := range all[language] {
			f := &edi.Finding{ID: id, Value: "a value", Rule: "a rule"}
			says, _, ofMaps := mapping.Message(f)
			if _, ours := messages[id]; !ours && !ofMaps {
				t.Errorf("%s: there is no finding %s any more", language, id)
			}
			if ofMaps && strings.Contains(says, "a value") != strings.Contains(told[0], "{value}") {
				t.Errorf("%s: %s has {value} in one language alone: %s", language, id, told[0])
			}
		}
	}
}

// TestFindingsCanBeSaidAgain: what a record keeps of a finding is enough to say
// it in another language, in the very words that the catalogue has for it.
func TestFindingsCanBeSaidAgain(t *testing.T) {
	t.Parallel()
	good, err := fs.ReadFile(sets.Files(), "x12/004010/850/sample.edi")
	if err != nil {
		t.Fatal(err)
	}
	bad := bytes.Replace(bytes.Replace(good, []byte("BEG*00"), []byte("BEG*"), 1), []byte("\nPO1*"), []byte("\nXX1*7~\nPO1*"), 1)
	v := guide.NewValidator(edi.NewReader(bytes.NewReader(bad), edi.Options{}), guide.NewLibrary(sets.Files()), guide.Options{})
	report, err := edi.Collect(v)
	if err != nil {
		t.Fatal(err)
	}
	var list []edi.Finding
	report.All(func(f *edi.Finding) { list = append(list, *f) })
	if len(list) < 2 {
		t.Fatalf("%d findings in a document with mistakes", len(list))
	}
	raw := encodeFindings((&Service{}).tell(list, edi.Position{}))
	var kept []finding
	if err := json.Unmarshal(raw.(json.RawMessage), &kept); err != nil {
		t.Fatal(err)
	}
	for _, language := range guide.Languages() {
		w, err := wordsOf(language)
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			says, remedy := w.say(&list[i])
			if got, fix := w.say(kept[i].again()); got != says || fix != remedy {
				t.Errorf("%s: %s is said again as %q, %q, want %q, %q", language, list[i].ID, got, fix, says, remedy)
			}
		}
	}
	if _, err := wordsOf("tlh"); err == nil || !slices.Contains(guide.Languages(), "pl") {
		t.Errorf("wordsOf(tlh) = %v, want it refused", err)
	}
}
