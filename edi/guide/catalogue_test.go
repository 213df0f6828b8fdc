package guide_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// ruleIDs are the rules that the code can report, by the ends of the ids.
func ruleIDs(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	literal := regexp.MustCompile(`"(?:x12\.|edifact\.)?((?:file|interchange|group|transaction|set|segment|loop|element)\.[a-z-]+)"`)
	for _, pattern := range []string{"*.go", "../*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			code, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range literal.FindAllStringSubmatch(string(code), -1) {
				used[m[1]] = true
			}
		}
	}
	return used
}

// What the code can report has a sentence and a remedy in every language, and
// each sentence belongs to a finding.
func TestCatalogueIsComplete(t *testing.T) {
	t.Parallel()
	used := ruleIDs(t)
	if len(used) < 50 {
		t.Fatalf("found only %d ids in the code", len(used))
	}
	if diff := cmp.Diff([]string{"en", "es", "fr", "pl", "pt"}, guide.Languages()); diff != "" {
		t.Errorf("Languages() (-want +got):\n%s", diff)
	}
	for _, language := range guide.Languages() {
		texts, err := guide.Messages(language)
		if err != nil {
			t.Fatal(err)
		}
		for rule := range used {
			for _, standard := range []string{"x12.", "edifact."} {
				f := edi.Finding{ID: standard + rule, Value: "v", Expected: "SE before ST", Rule: "r", Name: "n", LoopID: "L", Path: edi.Path{Tag: "TAG", Element: 1}}
				says, fix := texts.Message(&f), texts.Remedy(&f)
				if says == f.ID || says == "" || fix == "" || strings.ContainsAny(says+fix, "{}") {
					t.Errorf("%s: %s says %q, remedy %q", language, f.ID, says, fix)
				}
			}
		}
	}
}

// catalogueFile reads the keys of a language's file, each with the words in
// braces that its sentences have.
func catalogueFile(t *testing.T, language string) map[string]string {
	t.Helper()
	text, err := os.ReadFile("messages/" + language + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile(`\{[a-z]+\}`)
	keys, key := map[string]string{}, ""
	for line := range strings.SplitSeq(string(text), "\n") {
		switch {
		case strings.HasPrefix(line, "#"), line == "":
		case strings.HasPrefix(line, "  "):
			words := word.FindAllString(line, -1)
			slices.Sort(words)
			keys[key] += strings.Fields(line)[0] + strings.Join(words, "") + " "
		default:
			key = line
			keys[key] = ""
		}
	}
	return keys
}

// All languages have the same keys with the same values in the sentences.
func TestLanguagesAgree(t *testing.T) {
	t.Parallel()
	want := catalogueFile(t, "en")
	used := ruleIDs(t)
	for key := range want {
		if !used[key] && !strings.HasPrefix(key, "word.") {
			t.Errorf("messages/en.txt has %s, which nothing reports", key)
		}
	}
	for _, language := range guide.Languages() {
		if diff := cmp.Diff(want, catalogueFile(t, language)); diff != "" {
			t.Errorf("messages/%s.txt (-en +%s):\n%s", language, language, diff)
		}
	}
}

func TestMessagesOfAnUnknownLanguage(t *testing.T) {
	t.Parallel()
	if _, err := guide.Messages("xx"); err == nil || !strings.Contains(err.Error(), "en") {
		t.Errorf("Messages(xx) = %v, want an error that lists the languages", err)
	}
}
