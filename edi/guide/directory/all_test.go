package directory_test

import (
	"os"
	"path/filepath"
	"testing"

	"fondaco/edi/guide/directory"
)

// TestEveryDirectory imports each ZIP file of a folder: every message in it has
// to compile, without help.
func TestEveryDirectory(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("FONDACO_TEST_DIRECTORIES")
	if folder == "" {
		t.Skip("FONDACO_TEST_DIRECTORIES names no folder of UNECE directories: NOT TESTED")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.zip"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no ZIP files in %s", folder)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
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
			rep, err := directory.Import(f, info.Size(), out, directory.Options{Codes: directory.AllCodes})
			if err != nil {
				t.Fatal(err)
			}
			for _, failure := range rep.Failed {
				t.Errorf("%v", failure)
			}
			t.Logf("%s: %d elements, %d composites, %d segments, %d codes, %d messages", rep.Version, rep.Elements, rep.Composites, rep.Segments, rep.Codes, len(rep.Messages))
		})
	}
}
