package mapping

import (
	"bytes"
	"strings"
	"testing"
)

// What is read from words at once is what is read byte by byte.
func TestWordsOfASegment(t *testing.T) {
	t.Parallel()
	const signs = "0159.-A:"
	for _, before := range []string{"", "A*", "QTY*32*", "LONGER*SEGMENT*"} {
		for _, after := range []string{"", "*", ":1", "*MORE THAN A WORD"} {
			for size := range 10 {
				for seed := range 400 {
					value := make([]byte, size)
					for i, n := 0, seed; i < size; i, n = i+1, n/len(signs)+i*seed%7 {
						value[i] = signs[n%len(signs)]
					}
					atWords(t, before, string(value), after)
				}
			}
		}
	}
}

func atWords(t *testing.T, before, value, after string) {
	t.Helper()
	s := seen{text: []byte(before + value + after), sep: ':'}
	from, to := len(before), len(before)+len(value)
	if got, want := s.pack(from, to), pack(value); got != want {
		t.Errorf("pack %q before %q = %x, want %x", value, after, got, want)
	}
	if value != "" {
		if got, want := canonicalAt(s.text, from, to), canonical([]byte(value)); got != want {
			t.Errorf("canonical %q behind %q = %v, want %v", value, before, got, want)
		}
		if end := figureEnd(s.text, from, to); end > 0 {
			if got, err := (asDecimal{}).decode(nil, []byte(value)); err != nil || string(got) != string(s.text[from:end]) {
				t.Errorf("figureEnd %q behind %q: %q, want %q, %v", value, before, s.text[from:end], got, err)
			}
		}
	}
	parts := strings.Split(value, ":")
	for component := 1; component <= len(parts)+1; component++ {
		want := ""
		if component <= len(parts) {
			want = parts[component-1]
		}
		for range 2 { // found, and known
			a, b := s.part(from, to, component)
			if got := s.text[a:b]; !bytes.Equal(got, []byte(want)) {
				t.Errorf("component %d of %q before %q = %q, want %q", component, value, after, got, want)
			}
		}
	}
}
