package guide

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fondaco/edi"
)

// What is read eight bytes at a time is what is read byte by byte.
func TestWords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SliceOfN(rapid.SampledFrom([]byte("0123456789012345678901234567890123456789.,-+A~\x00\x80/:")), 1, 8).Draw(t, "value")
		around := rapid.SliceOfN(rapid.Byte(), 8, 12).Draw(t, "around")
		for _, before := range [][]byte{nil, around} {
			text := slices.Concat(before, value, around)
			from := len(before)
			checkWord(t, text, from, from+len(value))
			checkWord(t, text[:from+len(value)], from, from+len(value))
		}
	})
}

func checkWord(t *rapid.T, text []byte, from, to int) {
	value := text[from:to]
	want := shortWord(value)
	if len(text) >= wordSize {
		if got := word(text, from, to); got != want {
			t.Fatalf("word(%q, %d, %d) = %x, want %x", text, from, to, got, want)
		}
	}
	if got, want := oddDigits(want|zeros<<(8*uint(len(value)))) == 0, onlyDigits(value); got != want {
		t.Fatalf("oddDigits of %q says %v, want %v", value, got, want)
	}
	if isDay(want, len(value)) && !edi.ValidDate(value) {
		t.Fatalf("%q passes as a day", value)
	}
	for _, mark := range []byte(".,") {
		for _, f := range []packedField{{min: 1, span: 4 + markRoom, at: 1}, {min: 2, span: 6 + markRoom}, {min: 1, span: markRoom, at: 1}} {
			if f.number(want, len(value), mark) && !f.digits(value, mark) {
				t.Fatalf("%q passes as a number with %q between %d and %d digits", value, mark, f.min, f.min+f.span-markRoom)
			}
		}
	}
	got, ok := wordNumber(want, len(value))
	if n, known := parseNumber(value); ok && (!known || n != got) {
		t.Fatalf("wordNumber(%q) = %v, want %v, %v", value, got, n, known)
	}
}

// Nothing that is usual takes the slow road.
func TestWordsPass(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"20240228", "240101", "19991231"[:6] + "28"} {
		if !isDay(shortWord([]byte(day)), len(day)) {
			t.Errorf("isDay(%s) = false", day)
		}
	}
	f := packedField{min: 1, span: 9 + markRoom, at: 1}
	for _, number := range []string{"0", "12345678", "1.5", "-12", "1234.567"} {
		if !f.number(shortWord([]byte(number)), len(number), '.') {
			t.Errorf("%s is no number", number)
		}
		if _, ok := wordNumber(shortWord([]byte(number)), len(number)); !ok && number[0] != '-' {
			t.Errorf("wordNumber does not know %s", number)
		}
	}
}
