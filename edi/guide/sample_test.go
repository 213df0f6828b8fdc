package guide_test

import (
	"bytes"
	"testing"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// Every shipped guide has documents, and they are clean.
func TestSamplesAreClean(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	names, err := lib.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, err := lib.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			for seed := range uint64(5) {
				document, err := guide.Sample(g, guide.SampleOptions{Seed: seed})
				if err != nil {
					t.Fatalf("Sample(%s, %d): %v", name, seed, err)
				}
				for _, f := range findings(t, document, lib, guide.Options{RequireGuide: true}) {
					t.Errorf("%s seed %d: %s %s %q", name, seed, f.ID, f.Path, f.Value)
				}
			}
		})
	}
}

// Every rule of a guide that a document can break, broken, gives exactly the
// finding that it should.
func TestBrokenSamplesYieldTheirFinding(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	everyGuide(t, lib, func(t *testing.T, name string, g *guide.Guide) {
		list, err := guide.Broken(g, guide.SampleOptions{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) < 10 {
			t.Errorf("Broken(%s) made only %d documents", name, len(list))
		}
		for _, b := range list {
			got := findings(t, b.Document, lib, guide.Options{RequireGuide: true})
			if len(got) != 1 || got[0].ID != b.ID || got[0].Path.String() != b.Path {
				t.Errorf("%s, %s at %s: found %v", name, b.ID, b.Path, got)
			}
		}
	})
}

// everyGuide runs a test for each guide, with -short for each eighth.
func everyGuide(t *testing.T, lib *guide.Library, run func(t *testing.T, name string, g *guide.Guide)) {
	t.Helper()
	names, err := lib.List()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		if testing.Short() && i%8 != 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, err := lib.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			run(t, name, g)
		})
	}
}

func findings(t *testing.T, document []byte, lib *guide.Library, o guide.Options) []edi.Finding {
	t.Helper()
	rep, err := edi.Collect(guide.NewValidator(edi.NewReader(bytes.NewReader(document), edi.Options{}), lib, o))
	if err != nil {
		t.Fatal(err)
	}
	var list []edi.Finding
	rep.All(func(f *edi.Finding) { list = append(list, *f) })
	return list
}
