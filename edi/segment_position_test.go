package edi_test

import (
	"strings"
	"testing"

	"fondaco/edi"
)

// The mark stands where the part begins that is asked for.
func TestPartPosition(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body    string
		n, r, c int
	}{
		{"∑AAA+1:2*3:4+5", 0, 0, 0},
		{"AAA+∑1:2*3:4+5", 1, 0, 0},
		{"AAA+1:∑2*3:4+5", 1, 0, 2},
		{"AAA+1:2*∑3:4+5", 1, 2, 0},
		{"AAA+1:2*3:∑4+5", 1, 2, 2},
		{"AAA+∑1:2*3:4+5", 1, 3, 1},
		{"AAA+1:2*3:4+∑5", 2, 1, 1},
		{"AAA+a?:b?*c:∑\nd", 1, 1, 2},
		{"AAA+\r\n\n x:∑d", 1, 1, 2},
	}
	for _, test := range tests {
		body := strings.ReplaceAll(test.body, "∑", "")
		head := "UNB+UNOC:4+A+B+20240408:0612+1'\n"
		all := readAll(t, strings.NewReader(head+body+"'"), edi.Options{})
		got := all[len(all)-1].PartPosition(test.n, test.r, test.c)
		marked, _, _ := strings.Cut(test.body, "∑")
		before := head + marked
		want := edi.Position{Offset: int64(len(before)), Line: 1 + strings.Count(before, "\n"), Column: len(before) - strings.LastIndex(before, "\n")}
		if got != want {
			t.Errorf("PartPosition(%d, %d, %d) of %q = %+v, want %+v", test.n, test.r, test.c, body, got, want)
		}
	}
}
