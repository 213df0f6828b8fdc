package edi_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"testing"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// seed adds our own samples, and the kinds of damage that the tests know.
func seed(f *testing.F) {
	f.Helper()
	err := fs.WalkDir(sets.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || len(path) < 4 || path[len(path)-4:] != ".edi" {
			return err
		}
		data, err := fs.ReadFile(sets.Files(), path)
		f.Add(data)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	good := document(report("0001"), report("0002"))
	for _, s := range []string{good, good[:270], "junk" + good + "junk", isa + "BIN*9*a~b*c\n~~~~REF*IV~", isa[:60],
		"UNA:+.? 'UNB+UNOC:3+a?'b'UNH+1+ORDERS:D:96A:UN'UNT+2+1'UNZ+1+1'", "STX=ANA:1+S'MHD=1+ORDHDR:9'MTR=2'END=1'"} {
		f.Add([]byte(s))
	}
}

// FuzzRoundTrip: whatever is read is written back byte for byte, directly and
// by way of JSON.
func FuzzRoundTrip(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		_, out, err := copyAll(bytes.NewReader(data))
		if errors.Is(err, edi.ErrNoInterchange) {
			return
		}
		if err != nil || !bytes.Equal(out, data) {
			t.Fatalf("copy = %q, %v", out, err)
		}
		var form, back bytes.Buffer
		if err := edi.EncodeJSON(&form, bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		if err := edi.DecodeJSON(&back, &form); err != nil || !bytes.Equal(back.Bytes(), data) {
			t.Fatalf("JSON there and back = %q, %v", back.Bytes(), err)
		}
	})
}

// FuzzLex: every byte is in exactly one segment, positions only grow, and small
// limits hold.
func FuzzLex(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r := edi.NewReader(bytes.NewReader(data), edi.Options{MaxSegment: 64, MaxElements: 4, Buffer: 1})
		at := int64(0)
		for {
			s, err := r.Next()
			if err != nil {
				if err == io.EOF && at != int64(len(data)) {
					t.Fatalf("%d of %d bytes read", at, len(data))
				}
				return
			}
			if want := at + int64(len(s.Gap())); s.Position().Offset != want || len(s.Raw()) == 0 {
				t.Fatalf("segment %q at %d, want %d", s.Raw(), s.Position().Offset, want)
			}
			for n := 0; n <= s.Len()+1; n++ {
				_ = s.ElementPosition(n)
				_ = s.Part(n, 1, 1)
				for _, v := range s.Repetitions(n) {
					for range s.Components(v) {
					}
				}
			}
			at += int64(len(s.Raw()))
		}
	})
}

// FuzzValidate: validation, explanation and acknowledgment of anything end, and
// an acknowledgment that is written can be read.
func FuzzValidate(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		o := guide.Options{ParserOptions: edi.ParserOptions{MaxFindings: 50}}
		rep, err := edi.Collect(guide.NewValidator(edi.NewReader(bytes.NewReader(data), edi.Options{MaxSegment: 4096}), library, o))
		if err != nil {
			return
		}
		rep.All(func(f *edi.Finding) {
			if f.Position.Offset < 0 || f.Position.Offset > int64(len(data)) || f.ID == "" {
				t.Fatalf("finding %+v is nowhere", f)
			}
		})
		if err := guide.Explain(io.Discard, bytes.NewReader(data), library, guide.ExplainOptions{}); err != nil {
			t.Fatal(err)
		}
		for _, ic := range rep.Interchanges {
			a := ack.For(ic, ack.Policy{})
			if a.Empty() {
				continue
			}
			var out bytes.Buffer
			if err := a.Write(edi.NewWriter(&out, edi.WriterOptions{Delimiters: ack.Delimiters(ic)}), ack.Envelope{}); err != nil {
				t.Fatalf("acknowledgment of %q: %v", data, err)
			}
			if _, err := ack.Read(&out); err != nil {
				t.Fatal(err)
			}
		}
	})
}
