package mapping

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fondaco/edi"
)

// TestRecordsInAnyForm writes a record several times by one pen: at first one
// part after the other, then by sheets; at first as its members are met for the
// first time, then as they are known, and in between with spaces and escapes. The
// delimiters may stand in what is written.
func TestRecordsInAnyForm(t *testing.T) {
	t.Parallel()
	everyMap(t, func(t *testing.T, m *Map) {
		drawn, sheets := 0, 0
		rapid.Check(t, func(t *rapid.T) {
			o, _ := m.Decode(drawDocument(t, m))
			if rapid.IntRange(0, 3).Draw(t, "mixed up") == 0 {
				vocabularyOf(m).mixUp(t, m.rules, o)
			}
			w := newPen(m, rapid.SampledFrom([]edi.Delimiters{delimiters(m.Guide), {Element: '*', Component: 'e', Repetition: '1', Release: '?', Terminator: "~"},
				{Element: '|', Component: '-', Repetition: 'A', Terminator: "0"}}).Draw(t, "delimiters"))
			var f filler
			record := []byte(text(o))
			other := loose(record, rapid.Uint64().Draw(t, "form"))
			want, script := "", []uint16(nil)
			for n, form := range [][]byte{record, other, record, record, other} {
				said := bodyOf(&f, w, form)
				if n == 0 {
					want, script = said, slices.Clone(w.script)
				}
				if said != want || !slices.Equal(w.script, script) {
					t.Fatalf("time %d of\n%s\ngives\n%s\nwant\n%s", n, form, said, want)
				}
			}
			if drawn++; w.shelves[0] != nil && slices.ContainsFunc(w.shelves[0][:], func(s sheet) bool { return s.strokes != nil }) {
				sheets++
			}
		})
		if drawn >= 50 && m.top.size <= maskBits && sheets < drawn/4 {
			t.Errorf("%d of %d records were written by sheets", sheets, drawn)
		}
	})
}

// bodyOf is a record as a transaction, or what is wrong with it.
func bodyOf(f *filler, w *pen, record []byte) string {
	f.begin(w.m.draft(), record)
	defer w.m.drafts.Put(f.t)
	f.at = 0
	f.record(w.m)
	if err := f.object(0); err != nil {
		w.script = nil
		return err.Error()
	}
	body, err := w.transaction(nil, f.t, []byte("0001"))
	if err != nil {
		return err.Error()
	}
	return string(body)
}

// loose writes JSON with spaces and escapes that say nothing else, where chance
// wants them.
func loose(record []byte, chance uint64) []byte {
	var b []byte
	inside := false
	for i := 0; i < len(record); i++ {
		c := record[i]
		chance = chance*6364136223846793005 + 1442695040888963407
		switch {
		case c == '\\':
			end := i + 2
			if record[i+1] == 'u' {
				end += 4
			}
			b = append(b, record[i:end]...)
			i = end - 1
			continue
		case c == '"':
			inside = !inside
		case inside && c < 0x80 && chance>>59 == 0:
			b = append(append(b, `\u00`...), "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
			continue
		}
		if b = append(b, c); !inside && chance>>60 == 0 {
			b = append(b, " \t\n"[:chance>>40%4]...)
		}
	}
	return b
}
