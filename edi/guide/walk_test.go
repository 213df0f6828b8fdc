package guide_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A tag that cannot be one is told once, whether it is too short, too long or of
// other characters.
func TestTagThatIsNoneIsToldOnce(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"Q", "QQQQ", "q!q", "qq"} {
		findings, _ := check(t, "AA*1~"+tag+"*1~")
		if diff := cmp.Diff([]string{"error segment.tag-invalid " + tag + "#3 1"}, findings); diff != "" {
			t.Errorf("findings of %q (-want +got):\n%s", tag, diff)
		}
	}
}
