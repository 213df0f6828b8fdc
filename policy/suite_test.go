package policy

import "testing"

// The shipped tests hold for the shipped rules. What no test speaks of is
// told, so that a new rule gets a test.
func TestShippedSuites(t *testing.T) {
	t.Parallel()
	r, err := RunTests(home, "", ShippedSuites()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Failures {
		t.Error(f)
	}
	t.Logf("%d questions; %d of %d rules and %d of %d cells", r.Ran, r.LinesHit, r.Lines, r.CellsHit, r.Cells)
	for _, source := range r.Silent {
		t.Log("no test speaks of", source)
	}
}
