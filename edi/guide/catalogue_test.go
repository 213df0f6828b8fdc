package guide_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// Every finding that the code can report has a sentence and a remedy, and every
// sentence belongs to a finding.
func TestCatalogueIsComplete(t *testing.T) {
	t.Parallel()
	texts, err := guide.Messages("en")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	id := regexp.MustCompile(`"(x12\.[a-z]+\.[a-z-]+)"`)
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
			for _, m := range id.FindAllStringSubmatch(string(code), -1) {
				used[m[1]] = true
			}
		}
	}
	if len(used) < 40 {
		t.Fatalf("found only %d ids in the code", len(used))
	}
	for id := range used {
		f := edi.Finding{ID: id, Value: "v", Expected: "e", Rule: "r", Name: "n", LoopID: "L", Path: edi.Path{Tag: "TAG", Element: 1}}
		says, fix := texts.Message(&f), texts.Remedy(&f)
		if says == id || says == "" || fix == "" || strings.ContainsAny(says+fix, "{}") {
			t.Errorf("%s says %q, remedy %q", id, says, fix)
		}
	}
	text, err := os.ReadFile("messages/en.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if strings.HasPrefix(line, "x12.") && !used[line] {
			t.Errorf("messages/en.txt has %s, which nothing reports", line)
		}
	}
}

func TestMessagesOfAnUnknownLanguage(t *testing.T) {
	t.Parallel()
	if _, err := guide.Messages("xx"); err == nil || !strings.Contains(err.Error(), "en") {
		t.Errorf("Messages(xx) = %v, want an error that lists the languages", err)
	}
}
