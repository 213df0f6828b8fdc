package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPrintList(t *testing.T) {
	t.Parallel()
	type line struct {
		Name  string `json:"name"`
		Times int    `json:"times"`
	}
	for _, test := range []struct {
		name   string
		list   []line
		asJSON bool
		want   string
	}{
		{"columns stand below each other", []line{{"Maker", 3}, {"Ö", 12}}, false, "NAME   TIMES\nMaker  3\nÖ      12\n"},
		{"what a name contains does not make a line or a colour", []line{{"a\tb\n\x1b[31mc", 1}}, false, "NAME        TIMES\na b  [31mc  1\n"},
		{"nothing but the header", nil, false, "NAME  TIMES\n"},
		{"JSON", []line{{"Maker", 3}}, true, `[{"name":"Maker","times":3}]` + "\n"},
		{"an empty list in JSON", nil, true, "[]\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := printList(&out, test.asJSON, test.list, []string{"NAME", "TIMES"}, func(l line) []any { return []any{l.Name, l.Times} })
			if diff := cmp.Diff(test.want, out.String()); err != nil || diff != "" {
				t.Errorf("printList() = %v (-want +got):\n%s", err, diff)
			}
		})
	}
}
