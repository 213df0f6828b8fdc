package sets_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestSets reads every document beside a guide and compares all that the engine
// says of it with its golden file: where each segment belongs, what is wrong,
// and how it is acknowledged.
func TestSets(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	names, err := lib.List()
	if err != nil || len(names) == 0 {
		t.Fatalf("List() = %v, %v, want some guides", names, err)
	}
	for _, name := range names {
		documents, err := fs.Glob(sets.Files(), name+"/*.edi")
		if err != nil || len(documents) == 0 {
			t.Errorf("%s has no sample", name)
		}
		for _, document := range documents {
			t.Run(document, func(t *testing.T) {
				t.Parallel()
				data, err := fs.ReadFile(sets.Files(), document)
				if err != nil {
					t.Fatal(err)
				}
				golden := strings.TrimSuffix(document, ".edi") + ".golden"
				compare(t, golden, describe(t, lib, data))
			})
		}
	}
}

func compare(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v; run the test with -update and read the file", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); run with -update if it should:\n%s", golden, diff)
	}
}

// describe writes the three sections of a golden file.
func describe(t *testing.T, lib *guide.Library, data []byte) string {
	t.Helper()
	var out bytes.Buffer
	o := guide.Options{RequireGuide: true}
	fmt.Fprintln(&out, "-- places --")
	places(t, &out, lib, data, o)
	fmt.Fprintln(&out, "-- findings --")
	sum, err := guide.Check(&out, bytes.NewReader(data), lib, guide.CheckOptions{Options: o, Name: "sample.edi", Remedies: true})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&out, "%+v\n", sum)
	fmt.Fprintln(&out, "-- acknowledgment --")
	rep, err := edi.Collect(guide.NewValidator(edi.NewReader(bytes.NewReader(data), edi.Options{}), lib, o))
	if err != nil {
		t.Fatal(err)
	}
	for _, ic := range rep.Interchanges {
		acknowledge(t, &out, ic)
	}
	return out.String()
}

func places(t *testing.T, out io.Writer, lib *guide.Library, data []byte, o guide.Options) {
	t.Helper()
	v := guide.NewValidator(edi.NewReader(bytes.NewReader(data), edi.Options{}), lib, o)
	for {
		e, err := v.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if e.Transaction == nil || e.Segment == nil {
			continue
		}
		place := "?"
		if u := v.Use(); u != nil {
			place = path.Join(v.LoopPath(), u.ID)
		}
		fmt.Fprintf(out, "%-26s %s\n", place, e.Segment.Body())
	}
}

func acknowledge(t *testing.T, out io.Writer, ic *edi.Interchange) {
	t.Helper()
	a := ack.For(ic, ack.Policy{})
	if a.Empty() {
		fmt.Fprintln(out, "none")
		return
	}
	e := ack.Reply(ic)
	e.Interchange.ControlNumber, e.GroupControl, e.FirstTransaction = 93, 93, 1
	e.Interchange.Date = time.Date(2024, 4, 8, 6, 13, 0, 0, time.UTC)
	w := edi.NewWriter(out, edi.WriterOptions{Delimiters: ic.Header.Delimiters(), Newline: "\n"})
	if err := a.Write(w, e); err != nil {
		t.Fatal(err)
	}
}
