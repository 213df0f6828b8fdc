package web

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fondaco/gateway/web/internal/bundle"
)

// firstLoad lists what a browser fetches before the first screen.
func firstLoad(t *testing.T) []string {
	t.Helper()
	page := get("/").Body.String()
	list := []string{"/index.html"}
	for _, m := range regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		list = append(list, m[1])
	}
	return list
}

// TestFirstLoadKeepsItsBudget holds the first load in each language, which
// fetches the texts of that language and of no other.
func TestFirstLoadKeepsItsBudget(t *testing.T) {
	t.Parallel()
	const mostBytes, mostRequests = 90_000, 8
	base := firstLoad(t)
	for language := range forms {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			list := append(slices.Clone(base), firstTexts(t, language))
			total := 0
			for _, name := range list {
				packed, err := fs.ReadFile(dist, "dist"+name+".gz")
				if err != nil {
					t.Fatal(err)
				}
				total += len(packed)
				t.Logf("%6d %s", len(packed), name)
			}
			if total > mostBytes || len(list) > mostRequests {
				t.Errorf("the first load is %d bytes in %d requests, want at most %d in %d", total, len(list), mostBytes, mostRequests)
			}
			t.Logf("%6d in %d requests", total, len(list))
		})
	}
}

// firstTexts gives the file with the texts of a language that the first screens need.
func firstTexts(t *testing.T, language string) string {
	t.Helper()
	names, err := fs.Glob(dist, "dist/assets/"+language+"-*.js")
	if err != nil || len(names) != 2 {
		t.Fatalf("texts of %s: %v, %v; want two files", language, names, err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(dist, name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(`"sign-in.title"`)) {
			return strings.TrimPrefix(name, "dist")
		}
	}
	t.Fatalf("no file of %v has the texts of the sign-in", names)
	return ""
}

// TestLaterLoadsKeepTheirBudget: what is fetched later is small, and so is all
// together, in one language.
func TestLaterLoadsKeepTheirBudget(t *testing.T) {
	t.Parallel()
	const mostOfOne, mostOfAll = 25_000, 250_000
	first := firstLoad(t)
	names, err := fs.Glob(dist, "dist/assets/*.gz")
	if err != nil || len(names) == 0 {
		t.Fatalf("files %v, %v", names, err)
	}
	total := 0
	for _, name := range names {
		packed, err := fs.ReadFile(dist, name)
		if err != nil {
			t.Fatal(err)
		}
		if language, _, _ := strings.Cut(filepath.Base(name), "-"); forms[language] != nil && language != "pl" {
			continue
		}
		total += len(packed)
		if len(packed) > mostOfOne && !slices.Contains(first, strings.TrimSuffix(strings.TrimPrefix(name, "dist"), ".gz")) {
			t.Errorf("%s is %d bytes, want at most %d", name, len(packed), mostOfOne)
		}
	}
	if total > mostOfAll {
		t.Errorf("the whole app is %d bytes, want at most %d", total, mostOfAll)
	}
	t.Logf("%d bytes in all", total)
}

// TestFirstScreensHaveTheirTexts: what the sources of the first load say is
// among the texts of the first load; the others come with what needs them.
func TestFirstScreensHaveTheirTexts(t *testing.T) {
	t.Parallel()
	names, err := bundle.First(".")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range names {
		if !strings.HasPrefix(name, "app/") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	families := families(all.String())
	for _, m := range regexp.MustCompile(`\bword\("(\w+)"`).FindAllStringSubmatch(all.String(), -1) {
		families = append(families, "enum."+m[1]+".")
	}
	families = slices.DeleteFunc(families, func(f string) bool { return f == "enum." })
	for _, key := range keys(catalogue(t, "app/locales/later/en.json")) {
		if strings.Contains(all.String(), `"`+key+`"`) || slices.ContainsFunc(families, func(f string) bool { return strings.HasPrefix(key, f) }) {
			t.Errorf("the first screens say %s: it belongs into locales/, not into locales/later/", key)
		}
	}
}

// families are the beginnings of keys that are put together: of
// `partnership.${state}` all that begin with "partnership.".
func families(source string) []string {
	var list []string
	for _, m := range regexp.MustCompile("`([a-z]+\\.(?:[A-Za-z]+\\.)*)\\$\\{").FindAllStringSubmatch(source, -1) {
		list = append(list, m[1])
	}
	return list
}
