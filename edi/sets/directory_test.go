package sets_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"fondaco/edi/guide"
	"fondaco/edi/guide/directory"
	"fondaco/edi/sets"
)

// TestMessagesAreThoseOfTheDirectory compares the shipped EDIFACT messages with
// the directories that they were made from: nothing but rules may differ.
func TestMessagesAreThoseOfTheDirectory(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("FONDACO_TEST_DIRECTORIES")
	if folder == "" {
		t.Skip("FONDACO_TEST_DIRECTORIES names no folder of UNECE directories: NOT TESTED")
	}
	shipped := guide.NewLibrary(sets.Files())
	names, err := shipped.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"d96a", "d01b"} {
		published := guide.NewLibrary(imported(t, filepath.Join(folder, version+".zip")))
		for _, name := range names {
			if !strings.HasPrefix(name, "edifact/"+version+"/") {
				continue
			}
			a, err := published.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			b, err := shipped.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range guide.Diff(a, b) {
				if d.What != "rule" {
					t.Errorf("%s: %s", name, d)
				}
			}
		}
	}
}

func imported(t *testing.T, name string) fstest.MapFS {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	out := directory.Memory{}
	if _, err := directory.Import(f, info.Size(), out, directory.Options{}); err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for name, data := range out {
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}
