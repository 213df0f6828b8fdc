package guide_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A required element that holds blanks alone is missing, in a segment that is like
// the one before, too; optional ones may be filled up.
func TestBlanksAreNoText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []string
	}{
		{"text", "AA*1~MM*a b~", nil},
		{"leading blanks", "AA*1~MM*  a~", nil},
		{"blanks", "AA*1~MM*  ~", []string{"error element.missing MM[1]/01 1"}},
		{"after one that is well", "AA*1~MM*a b~MM*   ~MM*c d~", []string{"error element.missing MM[2]/01 1"}},
		{"optional", "AA*1~TX*  ~", nil},
		{"nothing at all", "AA*1~MM~", []string{"error element.missing MM[1]/01 1"}},
	}
	for _, test := range tests {
		findings, _ := check(t, test.in)
		if diff := cmp.Diff(test.want, findings); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
