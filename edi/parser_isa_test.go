package edi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A header that lacks elements ends where the first group begins, so that the
// group is not lost with it.
func TestHeaderWithElementsMissing(t *testing.T) {
	t.Parallel()
	good := document(report("0001"), report("0002"))
	change := func(old, now string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in the header", old)
		}
		return strings.Replace(good, old, now, 1)
	}
	incomplete := []string{"error x12.interchange.header-incomplete interchange=022"}
	tests := map[string]struct {
		in   string
		want []string
	}{
		"component separator": {change("*P*>~", "*P~"), incomplete},
		"two at the end":      {change("*0*P*>~", "*0~"), incomplete},
		"two further on":      {change("ISA*00*          *00*          *", "ISA*00*00*"), incomplete},
		"on one line":         {strings.ReplaceAll(change("*P*>~", "*P~"), "\n", ""), incomplete},
		"lines without terminator": {strings.ReplaceAll(change("*P*>~", "*P~"), "~", ""),
			incomplete},
		"lines of CR and LF": {strings.ReplaceAll(strings.ReplaceAll(change("*P*>~", "*P~"), "~", ""), "\n", "\r\n"),
			incomplete},
		"blanks before the line end":         {change("*P*>~", "*P~  "), incomplete},
		"two component separators":           {change("*P*>~", "*P*>>~"), []string{"error x12.interchange.header-length interchange=022"}},
		"a receiver that is GS":              {change("*RECEIVER       *", "*             GS*"), nil},
		"a receiver that ends with GS":       {change("*RECEIVER       *", "*WAREHOUSE-01-GS*"), nil},
		"a short receiver that ends with GS": {change("*RECEIVER       *", "*A-GS*"), []string{"error x12.interchange.header-length interchange=022"}},
		"a receiver of GS alone":             {change("*RECEIVER       *", "*GS*"), []string{"error x12.interchange.header-length interchange=022"}},
	}
	for name, test := range tests {
		if diff := cmp.Diff(test.want, toldOf(t, test.in)); diff != "" {
			t.Errorf("%s: findings differ (-want +got):\n%s", name, diff)
		}
		transactions := 0
		for _, line := range envelopes(t, test.in) {
			if strings.Contains(line, " 867 ok=true") {
				transactions++
			}
		}
		if transactions != 2 {
			t.Errorf("%s: %d transactions were read, want 2:\n%s", name, transactions, strings.Join(envelopes(t, test.in), "\n"))
		}
	}
}

// What a file begins with is an error where a group has lost its header, and
// noise where it is anything else.
func TestInterchangeWithoutHeader(t *testing.T) {
	t.Parallel()
	good := document(report("0001"))
	_, body, _ := strings.Cut(good, "~\n")
	lost, skipped := []string{"error x12.file.lost file="}, []string{"warning x12.file.skipped file="}
	for name, test := range map[string]struct {
		in   string
		want []string
	}{
		"at the beginning":        {body + good, lost},
		"at the beginning, blank": {"\n" + body + good, lost},
		"behind another":          {good + body + good, lost},
		"text":                    {"GS is short for group start\n" + good, skipped},
		"letters":                 {"Guesses\n" + good, skipped},
	} {
		if diff := cmp.Diff(test.want, toldOf(t, test.in)); diff != "" {
			t.Errorf("%s: findings differ (-want +got):\n%s", name, diff)
		}
	}
}

// A service string advice whose characters cannot be delimiters hides nothing.
func TestAdviceOfLetters(t *testing.T) {
	t.Parallel()
	good := exchange(message("M1"))
	want := append([]string{"warning x12.file.skipped file="}, toldOf(t, good)...)
	for _, advice := range []string{"UNAABCDEF", "UNA:+.? A", "UNA123456", "UNA\x00\x00\x00\x00\x00\x00"} {
		if diff := cmp.Diff(want, toldOf(t, advice+good)); diff != "" {
			t.Errorf("%q: findings differ (-want +got):\n%s", advice, diff)
		}
	}
}
