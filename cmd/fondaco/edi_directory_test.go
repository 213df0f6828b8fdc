package main

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// commandLine runs one command line and gives what it wrote.
func commandLine(t *testing.T, input string, args ...string) (code int, out, err string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), args, console{strings.NewReader(input), &o, &e})
	return code, o.String(), e.String()
}

// tiny is a directory in the published form, with one message of our own making.
var tiny = map[string]string{
	"EDED.10B": "----------------------------------------------------------------------\n\n     1004  Document identifier                                      [C]\n\n     Desc: To identify a document.\n\n     Repr: an..35\n\n",
	"EDSD.10B": "----------------------------------------------------------------------\n\n       BGM  BEGINNING OF MESSAGE\n\n       Function: To begin a message.\n\n010    1004 DOCUMENT IDENTIFIER                        C    1 an..35\n\n",
	"EDCD.10B": "----------------------------------------------------------------------\n\n       C002 DOCUMENT NAME\n\n       Desc: Name of a document.\n\n010    1004  Document identifier                       C      an..35\n\n",
	"TINYAB_D.10B": "                                           Message Type : TINYAB\n                                           Version      : D\n" +
		"                                           Release      : 10B\n                                           Contr. Agency: UN\n\n" +
		"                      Tiny message\n\n4.3.1  Segment table\n\nPos    Tag Name                                     S   R\n\n" +
		"00010   UNH Message header                           M   1\n00020   BGM Beginning of message                     M   1\n" +
		"00030   UNT Message trailer                          M   1\n",
}

func archive(t *testing.T, files map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "directory.zip")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// An imported message is validated like those that come with the program.
func TestDirectoryImport(t *testing.T) {
	t.Parallel()
	to := t.TempDir()
	code, out, errs := commandLine(t, "", "edi", "directory", "import", archive(t, tiny), "--to", to)
	if code != 0 || !strings.Contains(out, "D.10B: 1 message, 1 segment") {
		t.Fatalf("import = %d, %q, %q", code, out, errs)
	}
	message := "UNB+UNOA:3+A+B+240408:0612+1'UNH+1+TINYAB:D:10B:UN'BGM+X'UNT+3+1'UNZ+1+1'"
	if code, out, errs = commandLine(t, message, "edi", "validate", "-", "--guides", to); code != 0 || out != "" {
		t.Errorf("validate = %d, %q, %q, want no finding", code, out, errs)
	}
	if code, out, _ = commandLine(t, strings.Replace(message, "BGM+X'UNT+3", "UNT+2", 1), "edi", "validate", "-", "--guides", to); code != 1 || !strings.Contains(out, "BGM") {
		t.Errorf("validate without BGM = %d, %q, want that it is missing", code, out)
	}
	if code, out, _ = commandLine(t, "", "edi", "guide", "list", "--guides", to, "TINYAB"); code != 0 || !strings.Contains(out, "edifact/d10b/TINYAB") {
		t.Errorf("list = %d, %q", code, out)
	}
}

func TestDirectoryImportOfSomethingElse(t *testing.T) {
	t.Parallel()
	code, _, errs := commandLine(t, "", "edi", "directory", "import", archive(t, map[string]string{"a.txt": "Dear Sirs,"}), "--to", t.TempDir())
	if code != 2 || !strings.Contains(errs, "no directory of UN/EDIFACT") {
		t.Errorf("import = %d, %q, want 2 and the reason", code, errs)
	}
	text := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(text, []byte("Dear Sirs,"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs = commandLine(t, "", "edi", "directory", "import", text, "--to", t.TempDir()); code != 2 || !strings.Contains(errs, "a.txt: ") {
		t.Errorf("import = %d, %q, want 2 and the reason", code, errs)
	}
}
