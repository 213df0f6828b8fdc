package directory_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi/guide/directory"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// zipped makes an archive of files by their names.
func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// archive is a directory as it is published: lists in an archive of their own
// beside the messages.
func archive(t *testing.T, folder string) []byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", folder, "*.*Z"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files in %s", folder)
	}
	inner, outer := map[string][]byte{}, map[string][]byte{"readme.txt": []byte("nothing"), "program.exe": {0}}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(name)
		if len(base) == len("TRYOUT_D.99Z") {
			outer["d99z/edmd/"+base] = data
		} else {
			inner[base] = data
		}
	}
	outer["lists.ZIP"] = zipped(t, inner)
	return zipped(t, outer)
}

func TestImport(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"old", "new"} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			data := archive(t, folder)
			out := directory.Memory{}
			rep, err := directory.Import(bytes.NewReader(data), int64(len(data)), out, directory.Options{Codes: directory.AllCodes})
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			fmt.Fprintf(&got, "%+v\n", *rep)
			for _, name := range slices.Sorted(maps.Keys(out)) {
				fmt.Fprintf(&got, "-- %s --\n%s", name, out[name])
			}
			golden := "testdata/" + folder + ".golden"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatalf("%v; run with -update and read the file", err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		})
	}
}

func TestImportOfWhatIsNoDirectory(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"nothing":       {},
		"no archive":    []byte("hello"),
		"empty archive": zipped(t, nil),
		"other files":   zipped(t, map[string][]byte{"ORDERS.txt": []byte("x"), "EDSD.99Z": []byte("x")}),
	} {
		_, err := directory.Import(bytes.NewReader(data), int64(len(data)), directory.Memory{}, directory.Options{})
		if err == nil {
			t.Errorf("Import(%s) = nil, want an error", name)
		}
	}
	data := zipped(t, map[string][]byte{"x.txt": nil})
	for range 6 {
		data = zipped(t, map[string][]byte{"again.zip": data})
	}
	if _, err := directory.Read(bytes.NewReader(data), int64(len(data))); err == nil || errors.Is(err, directory.ErrNoDirectory) {
		t.Errorf("Read of archives within archives = %v, want an error about its size", err)
	}
}

// One message that is drawn wrong does not stop the others, and a selection has
// only what it needs.
func TestImportOfSome(t *testing.T) {
	t.Parallel()
	inner := map[string][]byte{}
	for _, name := range []string{"EDED.99Z", "EDCD.99Z", "EDSD.99Z", "TRYOUT_D.99Z"} {
		data, err := os.ReadFile("testdata/new/" + name)
		if err != nil {
			t.Fatal(err)
		}
		inner[name] = data
	}
	inner["BROKEN_D.99Z"] = []byte("0010   UNH Message header      M   1\n0020   QTY Quantity      C   9──┘│││\n0030   UNT Message trailer      M   1\n")
	inner["NOTHIN_D.99Z"] = []byte("no table")
	data := zipped(t, inner)
	folder := t.TempDir()
	rep, err := directory.Import(bytes.NewReader(data), int64(len(data)), directory.Folder(folder), directory.Options{Messages: []string{"TRYOUT"}, Compact: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"TRYOUT"}, rep.Messages); diff != "" || len(rep.Failed) != 2 {
		t.Errorf("report %+v; messages (-want +got):\n%s", rep, diff)
	}
	text, err := os.ReadFile(filepath.Join(folder, "edifact", "d99z", "dictionary"))
	if err != nil || !bytes.Contains(text, []byte("segment QTY")) || bytes.Contains(text, []byte("1131")) {
		t.Errorf("dictionary %s, %v", text, err)
	}
}

// FuzzRead: whatever an archive holds, it is read or refused.
func FuzzRead(f *testing.F) {
	seed, err := os.ReadFile("testdata/new/TRYOUT_D.99Z")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed, []byte("x"))
	f.Fuzz(func(t *testing.T, message, list []byte) {
		data := zipped(t, map[string][]byte{"TRYOUT_D.99Z": message, "EDSD.99Z": list, "EDED.99Z": list, "EDCD.99Z": list, "UNCL.99Z": list})
		_, _ = directory.Import(bytes.NewReader(data), int64(len(data)), directory.Memory{}, directory.Options{Codes: directory.AllCodes})
	})
}
