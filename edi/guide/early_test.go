package guide_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// A segment that stands too early is one finding, and what it has passed over is in
// its place; what is really missing is missing, once, and nothing misplaced is silent.
func TestTooEarly(t *testing.T) {
	t.Parallel()
	walkAll(t, []walked{
		{"a segment", "BB~AA*1~CC~DD~", "ST BB AA CC[1]/CC CC[1]/DD SE", []string{"error segment.sequence BB#2 7"}},
		{"and then what belongs before it", "BB~AA*1~BB~CC~DD~", "ST BB AA BB CC[1]/CC CC[1]/DD SE", []string{"error segment.sequence BB#2 7"}},
		{"and it once more than it may be", "BB~AA*1~BB~BB~CC~DD~", "ST BB AA BB BB CC[1]/CC CC[1]/DD SE",
			[]string{"error segment.sequence BB#2 7", "error segment.too-many BB#5 5"}},
		{"what is missing", "BB~CC~DD~", "ST BB CC[1]/CC CC[1]/DD SE", []string{"error segment.missing AA#2 3"}},
		{"a loop in a loop", "AA*1~CC~AA*1~DD~", "ST AA CC[1]/CC CC[1]/AA[1]/AA CC[1]/DD SE", []string{"error segment.sequence CC[1]/AA[1]/AA#4 7"}},
		{"one of two that are missing", "BB~CC~AA*1~DD~", "ST BB CC[1]/CC CC[1]/AA[1]/AA CC[1]/DD SE",
			[]string{"error segment.missing AA#2 3", "error segment.sequence CC[1]/AA[1]/AA#4 7"}},
		{"two before it", "BB~BB~AA*1~CC~DD~", "ST BB BB AA CC[1]/CC CC[1]/DD SE",
			[]string{"error segment.missing AA#2 3", "error segment.sequence AA#4 7"}},
	})
}

// Two neighbours that are swapped, the first of which has to be there, are one
// finding.
func TestSwappedNeighbours(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	for name, swap := range map[string][2]string{
		"x12/004010/810": {"TDS", "ISS"}, "x12/004010/850": {"BEG", "CUR"}, "x12/005010/843": {"BQR", "CUR"},
		"edifact/d96a/INVOIC": {"BGM", "DTM"}, "edifact/d01b/PARTIN": {"BGM", "DTM"},
	} {
		g, err := lib.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(20) {
			text, err := guide.Sample(g, guide.SampleOptions{Seed: seed})
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.SplitAfter(string(text), "\n")
			for i := range lines[:len(lines)-1] {
				if !strings.HasPrefix(lines[i], swap[0]) || !strings.HasPrefix(lines[i+1], swap[1]) {
					continue
				}
				lines[i], lines[i+1] = lines[i+1], lines[i]
				var got []string
				rep, err := edi.Collect(guide.NewValidator(edi.NewReader(strings.NewReader(strings.Join(lines, "")), edi.Options{}), lib, guide.Options{}))
				if err != nil {
					t.Fatal(err)
				}
				rep.All(func(f *edi.Finding) {
					if f.Severity == edi.Error {
						got = append(got, f.ID[strings.Index(f.ID, ".")+1:]+" "+f.Path.Tag+" "+f.Code)
					}
				})
				code := "7"
				if strings.HasPrefix(name, "edifact") {
					code = "15"
				}
				if diff := cmp.Diff([]string{"segment.sequence " + swap[1] + " " + code}, got); diff != "" {
					t.Errorf("%s, seed %d (-want +got):\n%s", name, seed, diff)
				}
				break
			}
		}
	}
}
