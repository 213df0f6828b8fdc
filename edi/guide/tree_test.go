package guide

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// A tree has what a plain set has.
func TestTree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var tr tree
		for range 2 {
			set := map[string]bool{}
			next := 1
			for range rapid.IntRange(1, 60).Draw(t, "steps") {
				number := strconv.Itoa(next)
				if next++; rapid.IntRange(0, 3).Draw(t, "other") == 0 {
					number = rapid.OneOf(rapid.StringMatching(`[0-3]{1,2}`), rapid.SampledFrom([]string{"A", "01", "0", "999999999999", ""})).Draw(t, "number")
				}
				if tr.has([]byte(number)) != set[number] {
					t.Fatalf("%q is in the tree: %t", number, !set[number])
				}
				if !set[number] {
					tr.add([]byte(number))
					set[number] = number != ""
				}
			}
			for number, in := range set {
				if tr.has([]byte(number)) != in {
					t.Fatalf("%q is in the tree: %t", number, !in)
				}
			}
			tr.clear()
		}
	})
}

// Numbers that count upwards take no memory worth naming, however many they are.
func TestTreeOfMany(t *testing.T) {
	t.Parallel()
	var tr tree
	for n := 1; n <= 2_000_000; n++ {
		tr.add(strconv.AppendInt(nil, int64(n), 10))
	}
	if len(tr.runs) != 1 || len(tr.rest) > 0 || !tr.has([]byte("1999999")) || tr.has([]byte("2000001")) {
		t.Errorf("%d runs and %d other numbers", len(tr.runs), len(tr.rest))
	}
}
