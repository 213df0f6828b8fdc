package mapping

import (
	"bytes"
	"errors"
	"io/fs"
	"testing"
	"time"

	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// sampleFiles are the embedded samples of all sets.
func sampleFiles(t testing.TB) [][]byte {
	t.Helper()
	names, err := fs.Glob(sets.Files(), "*/*/*/sample.edi")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	list := make([][]byte, len(names))
	for i, name := range names {
		if list[i], err = fs.ReadFile(sets.Files(), name); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// FuzzPieces holds a record that is written piece by piece against the same
// record in one piece, whatever the file.
func FuzzPieces(f *testing.F) {
	for _, data := range sampleFiles(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, maps := range []*Library{testMaps, nil} {
			var whole, pieces bytes.Buffer
			s := newStream(bytes.NewReader(data), testGuides, maps, guide.Options{})
			if s.limit = 1 << 30; writeJSON(&whole, s) != nil {
				continue
			}
			s = newStream(bytes.NewReader(data), testGuides, maps, guide.Options{})
			s.limit = 1
			if err := writeJSON(&pieces, s); errors.Is(err, errLate) {
				continue // it says so, and writes nothing that is wrong
			} else if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(whole.Bytes(), pieces.Bytes()) {
				t.Fatalf("in pieces\n%s\nwant\n%s", pieces.Bytes(), whole.Bytes())
			}
		}
	})
}

// FuzzWrittenPieces holds records that are written while they are read against
// the same records written as a whole, whatever the lines.
func FuzzWrittenPieces(f *testing.F) {
	for _, data := range sampleFiles(f) {
		var lines bytes.Buffer
		if err := JSON(&lines, bytes.NewReader(data), testGuides, testMaps); err != nil {
			f.Fatal(err)
		}
		f.Add(lines.Bytes(), uint16(1))
		f.Add(lines.Bytes(), uint16(400))
	}
	f.Fuzz(func(t *testing.T, lines []byte, limit uint16) {
		var whole bytes.Buffer
		want := Write(&whole, bytes.NewReader(lines), testGuides, testMaps, WriteOptions{Date: time.Unix(1700000000, 0)})
		got, err := inPieces(lines, int(limit))
		switch {
		case want != nil && err == nil:
			t.Fatalf("in pieces there was no error, want %v for\n%s", want, lines)
		case errors.Is(err, errDoubtful) || errors.Is(err, errTooLate): // it is refused, and not written otherwise
		case want == nil && err != nil:
			t.Fatalf("in pieces: %v for\n%s", err, lines)
		case want == nil && !bytes.Equal(got, whole.Bytes()):
			t.Fatalf("in pieces\n%s\nwant\n%s", got, whole.Bytes())
		}
	})
}
