package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fondaco/schema"

	"golang.org/x/text/language"
)

// TestCatalogueNamesWhatTheKindsSay: of each kind that the app's documents
// show, every field and every value of an enum has its words. What is missing
// would be shown by its name in the API, in English whatever the language.
func TestCatalogueNamesWhatTheKindsSay(t *testing.T) {
	t.Parallel()
	words := english(t)
	for _, k := range schema.Kinds() {
		if words["enum.Kinds."+k.Name] == nil {
			t.Errorf("no words for the kind %s", k.Name)
		}
	}
	for _, k := range shownKinds(t) {
		for _, f := range k.Fields {
			if words["field."+f.String()] == nil && words["field."+f.Name] == nil && !slices.Contains(unseen, f.Name) {
				t.Errorf("no words for the field %s", f)
			}
			for _, v := range f.Enum {
				if words["enum."+f.EnumName()+"."+v] == nil {
					t.Errorf("no words for the value enum.%s.%s", f.EnumName(), v)
				}
			}
		}
	}
}

// unseen are fields that no screen shows by their names.
var unseen = []string{"audience", "audienceTeam", "audienceFirms", "addressedTo", "sentAt", "scannedAt", "textSha256", "signingKey", "recordKind", "recordId"}

// shownKinds are the kinds on which the app's documents have fragments.
func shownKinds(t *testing.T) []*schema.Kind {
	t.Helper()
	names, err := filepath.Glob("app/operations/*.graphql")
	if err != nil || len(names) == 0 {
		t.Fatalf("documents %v, %v", names, err)
	}
	var list []*schema.Kind
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`fragment \w+ on (\w+)`).FindAllStringSubmatch(string(text), -1) {
			if k := schema.KindNamed(m[1]); k != nil && !slices.Contains(list, k) {
				list = append(list, k)
			}
		}
	}
	return list
}

// shown are the attributes whose values people read or hear.
var shown = regexp.MustCompile(`\b(aria-label|title|placeholder|alt|label|hint)="([^"{]*\p{L}{2,}[^"{]*)"`)

// between is text that stands in an element.
var between = regexp.MustCompile(`>([^<>{}=;()]*\p{L}{2,}[^<>{}=;()]*)</`)

// TestNoTextStandsInTheSources: what people read is in the catalogue, but for
// names that are the same in every language.
func TestNoTextStandsInTheSources(t *testing.T) {
	t.Parallel()
	same := []string{"SHA-256", "Fondaco", "GTIN"}
	for _, pattern := range []string{"app/*.tsx", "app/screens/*.tsx", "app/ui/*.tsx"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v, %v", pattern, names, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range append(shown.FindAllStringSubmatch(string(text), -1), between.FindAllStringSubmatch(string(text), -1)...) {
				if said := strings.TrimSpace(m[len(m)-1]); !slices.Contains(same, said) {
					t.Errorf("%s: %q stands outside of the catalogue", name, said)
				}
			}
		}
	}
}

// TestCountriesAreCountries holds the app's list of countries against one that
// others keep.
func TestCountriesAreCountries(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("app/countries.ts")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`\b[A-Z]{2}\b`).FindAllString(string(text), -1)
	if !slices.IsSorted(codes) || len(slices.Compact(slices.Clone(codes))) != len(codes) {
		t.Error("the countries are not in the order of their codes, each once")
	}
	for _, code := range codes {
		if r, err := language.ParseRegion(code); err != nil || !r.IsCountry() || r.Canonicalize() != r {
			t.Errorf("%s is no country: %v", code, err)
		}
	}
}
