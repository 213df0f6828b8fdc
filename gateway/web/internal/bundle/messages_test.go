package bundle

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCatalogue(t *testing.T) {
	t.Parallel()
	got, err := catalogue([]byte("# About\n\nx12.one\n  says \"{value} is \\\"odd\\\"\"\n  fix \"Mend it.\"\nx12.two\n  says \"bare\"\n"))
	want := map[string][]string{"x12.one": {`{value} is "odd"`, "Mend it."}, "x12.two": {"bare", ""}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("catalogue: %v (-want +got):\n%s", err, diff)
	}
	for _, text := range []string{"  says \"no id\"", "x12.one\n  says unquoted words"} {
		if _, err := catalogue([]byte(text)); err == nil {
			t.Errorf("catalogue(%q) is no error", text)
		}
	}
}
