package guide_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// eachJudged are the findings of a file with the names that do not change when the
// file is read behind another.
func eachJudged(t *testing.T, documents ...[]byte) [][]string {
	t.Helper()
	file := bytes.Join(documents, []byte("\n"))
	rep, err := edi.Collect(guide.NewValidator(edi.NewReader(bytes.NewReader(file), edi.Options{}), library, guide.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	list := make([][]string, len(rep.Interchanges))
	rep.All(func(f *edi.Finding) {
		if i := f.Path.Interchange - 1; i >= 0 && i < len(list) {
			p := f.Path
			p.Interchange = 1
			list[i] = append(list[i], strings.Join([]string{f.Severity.String(), f.ID, f.Code, p.String(), f.Value, f.Expected, f.Rule}, " "))
		}
	})
	return list
}

var library = guide.NewLibrary(sets.Files())

// What a validator has learnt of one document changes nothing that it finds in
// another, whether that is like it or differs in one place.
func TestLearntFromOthers(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"x12/004010/850", "x12/004010/867", "x12/005010/856", "edifact/d96a/ORDERS", "edifact/d01b/INVOIC"} {
		g, err := library.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var documents [][]byte
			broken, err := guide.Broken(g, guide.SampleOptions{Seed: 3})
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range broken {
				if one := eachJudged(t, b.Document); len(one) == 1 && !damaged(one[0]) {
					documents = append(documents, b.Document)
				}
			}
			var want [][]string
			for _, d := range documents {
				want = append(want, eachJudged(t, d)...)
			}
			// each comes twice and behind another one the second time
			twice := slices.Concat(documents, documents)
			slices.Reverse(documents)
			twice = slices.Concat(twice, documents)
			got := eachJudged(t, twice...)
			all := slices.Concat(want, want)
			slices.Reverse(want)
			all = slices.Concat(all, want)
			if diff := cmp.Diff(all, got); diff != "" || len(documents) < 10 {
				t.Errorf("findings of %d documents in one file (-alone +together):\n%s", len(documents), diff)
			}
		})
	}
}

// damaged tells findings about the envelope, which end a document elsewhere when
// another one follows.
func damaged(findings []string) bool {
	return slices.ContainsFunc(findings, func(f string) bool {
		return strings.Contains(f, ".interchange.") || strings.Contains(f, ".group.") || strings.Contains(f, "missing-trailer")
	})
}
