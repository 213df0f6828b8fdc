package guide_test

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// doubted marks all that a dictionary or guide says of contents as unconfirmed.
func doubted(name, text string) string {
	var out []string
	usage := regexp.MustCompile("^[MOXCN]$")
	element := regexp.MustCompile(`^(element .*) (".*")`)
	rules := false
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.TrimRight(line, "\n"), " #")
		line = strings.TrimRight(line, " ")
		words := strings.Fields(line)
		rules = rules || line == "rules"
		switch {
		case len(words) == 0 || words[0][0] == '#' || strings.Contains(line, "unconfirmed"):
		case path.Base(name) == "dictionary" && words[0] == "element":
			line = element.ReplaceAllString(line, "$1 unconfirmed $2")
		case words[0] == "notes":
			line = strings.Replace(line, "notes", "notes unconfirmed", 1)
		case rules && line != "rules" && words[0] != "unit":
			line += " unconfirmed"
		case len(words) > 2 && line[0] == ' ' && usage.MatchString(words[len(words)-1]):
			line += " unconfirmed" // an element of a segment
		case len(words) > 2 && line[0] == ' ' && path.Base(name) == "guide":
			line += " unconfirmed" // a place or a loop
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n") + "\n"
}

// doubtedSets are the shipped guides with everything unconfirmed.
func doubtedSets(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(sets.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if base := path.Base(name); err != nil || d.IsDir() || base != "guide" && base != "dictionary" {
			return err
		}
		data, err := fs.ReadFile(sets.Files(), name)
		files[name] = &fstest.MapFile{Data: []byte(doubted(name, string(data)))}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// What the syntax itself asks for needs nobody to confirm it, nor does what the
// set has no place for at all.
var certain = map[string]bool{
	"segment.unknown": true, "segment.not-in-set": true, "segment.unexpected": true, "segment.sequence": true, "element.too-many": true,
	"element.components": true, "element.repeats": true, "transaction.count": true, "transaction.control-mismatch": true,
	"transaction.tree-duplicate": true, "transaction.tree-parent": true, // rules that HL brings with it
}

// A rule that nobody confirms never refuses anything: every way to break a guide
// is a warning once the guide is marked so. The segments of the syntax of EDIFACT,
// whose tags begin with U, are in no guide.
func TestUnconfirmedRulesOnlyWarn(t *testing.T) {
	t.Parallel()
	lib, doubting := guide.NewLibrary(sets.Files()), guide.NewLibrary(doubtedSets(t))
	everyGuide(t, lib, func(t *testing.T, name string, g *guide.Guide) {
		doubted, err := doubting.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		list, err := guide.Broken(g, guide.SampleOptions{Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		warned := 0
		for _, b := range list {
			_, rule, _ := strings.Cut(b.ID, ".")
			for _, f := range findings(t, b.Document, lib, guide.Options{Guide: doubted, RequireGuide: true}) {
				if f.Unconfirmed && f.Severity == edi.Error || f.ID == b.ID && f.Severity == edi.Error && !certain[rule] && !strings.HasPrefix(f.Path.Tag, "U") {
					t.Errorf("%s at %s is an error, although nobody confirms the rule", f.ID, f.Path)
				}
				if f.ID == b.ID && f.Unconfirmed {
					warned++
				}
			}
		}
		if warned < 5 && path.Base(name) != "CONTRL" {
			t.Errorf("only %d of %d broken documents break what is unconfirmed", warned, len(list))
		}
	})
}
