package mapping

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
	"fondaco/edi/sets"
)

// repeated is a document whose segments come several times, each time changed a
// little, so that rounds go the way of others in part.
func repeated(t *rapid.T, d *Document) []byte {
	delims := d.Delimiters()
	all := strings.Split(strings.TrimSuffix(string(d.Bytes()), delims.Terminator), delims.Terminator)
	head, rest, tail := all[0], all[1:len(all)-1], all[len(all)-1]
	body := []string{head}
	for len(rest) > 0 {
		n := rapid.IntRange(1, min(len(rest), 10)).Draw(t, "segments")
		for range rapid.IntRange(1, 6).Draw(t, "times") {
			for _, s := range rest[:n] {
				body = append(body, changed(t, s, delims))
			}
		}
		rest = rest[n:]
	}
	return []byte(strings.Join(append(body, tail, ""), delims.Terminator))
}

// changed is a segment, once in a while with something else in one of its elements.
func changed(t *rapid.T, s string, d edi.Delimiters) string {
	elements := strings.Split(s, string(rune(d.Element)))
	if len(elements) == 1 || rapid.IntRange(0, 9).Draw(t, "change") > 0 {
		return s
	}
	i := rapid.IntRange(1, len(elements)-1).Draw(t, "element")
	is := rapid.SampledFrom([]string{
		"", "X", "007.50", "-3", "1.5.2", "20240230", "20240415", `a "word"`, "é", "\x01", "VP", "EN", "1",
		"a text that is longer than what is copied at once, or seen at a glance: more than 64 bytes",
		"component" + string(rune(d.Component)) + "component",
	}).Draw(t, "value")
	if elements[i] = is; d.Release != 0 && rapid.Bool().Draw(t, "release") {
		elements[i] += string([]byte{d.Release, d.Element, d.Release, d.Release})
	}
	return strings.Join(elements, string(rune(d.Element)))
}

// untrodden writes the records of a file as JSON does, but without remembering how
// rounds went.
func untrodden(file []byte) (string, error) {
	var all strings.Builder
	s := newStream(bytes.NewReader(file), testGuides, testMaps, guide.Options{})
	for {
		e, err := s.next()
		switch {
		case err == io.EOF:
			return all.String(), nil
		case err != nil:
			return "", err
		case e.Kind == edi.TransactionEnd && s.g != nil:
			s.head(e)
			s.record(e)
			all.Write(s.line)
		}
	}
}

// TestRoundsPrintAsTheyRead: a round that goes the way of one before is printed as
// if it had been the first.
func TestRoundsPrintAsTheyRead(t *testing.T) {
	t.Parallel()
	everyMap(t, func(t *testing.T, m *Map) {
		rapid.Check(t, func(t *rapid.T) {
			d := drawDocument(t, m)
			file := envelope(m.Guide, d.Delimiters(), repeated(t, d))
			want, err := untrodden(file)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := JSON(&got, bytes.NewReader(file), testGuides, testMaps); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got.String()); diff != "" {
				t.Fatalf("JSON() of\n%s\n(-without trails +with them)\n%s", file, diff)
			}
		})
	})
}

// FuzzRounds reads any bytes three times over, so that rounds go the way of others:
// they are printed as if nobody had remembered it.
func FuzzRounds(f *testing.F) {
	names, err := fs.Glob(sets.Files(), "*/*/*/sample.edi")
	if err != nil || len(names) == 0 {
		f.Fatalf("%d samples, %v", len(names), err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(sets.Files(), name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := bytes.Repeat(slices.Concat(data, []byte("\n")), 3)
		var got bytes.Buffer
		want, err := untrodden(file)
		if is := JSON(&got, bytes.NewReader(file), testGuides, testMaps); err != nil || is != nil {
			if err == nil || is == nil || err.Error() != is.Error() {
				t.Fatalf("JSON() = %v, without trails %v", is, err)
			}
			return
		}
		if diff := cmp.Diff(want, got.String()); diff != "" {
			t.Fatalf("JSON() (-without trails +with them)\n%s", diff)
		}
	})
}

// shares are how many rounds of the records of a file there are, and how many of
// them were printed without being read.
func shares(t *testing.T, file []byte) (rounds, straight int, s *stream) {
	t.Helper()
	s = newStream(bytes.NewReader(file), testGuides, testMaps, guide.Options{})
	for s.w = io.Discard; ; {
		e, err := s.next()
		if err == io.EOF {
			return rounds, straight, s
		}
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind != edi.TransactionEnd {
			continue
		}
		for i := range s.t.nodes {
			switch frame := s.t.nodes[i].frame; {
			case frame == printed:
				rounds, straight = rounds+1, straight+1
			case frame > 0:
				rounds++
			}
		}
	}
}

// TestRoundsGoTheSameWay: the lines of orders and reports are printed at once.
func TestRoundsGoTheSameWay(t *testing.T) {
	t.Parallel()
	o := generate.Options{Transactions: 1, Lines: 200}
	for name, file := range map[string][]byte{"850": generate.PurchaseOrders(o), "ORDERS": generate.Orders(o), "867": generate.SalesReports(o)} {
		rounds, straight, _ := shares(t, file)
		if least := o.Lines * 9 / 10; straight < least {
			t.Errorf("%s: of %d rounds %d were printed at once, want %d or more", name, rounds, straight, least)
		}
	}
}

// TestTrailsAreBounded: a file in which each line is of another kind does not make
// more and more be remembered.
func TestTrailsAreBounded(t *testing.T) {
	t.Parallel()
	var lines strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&lines, "LIN+%d++:::'\nPIA+1+A:Q%d+B:R%d'\nQTY+21:%d'\n", i+1, i%97, i%89, i)
	}
	file := "UNB+UNOC:3+S:14+R:14+240331:1805+1'\nUNH+1+ORDERS:D:96A:UN'\nBGM+220+1+9'\nDTM+137:20240331:102'\n" +
		lines.String() + "UNS+S'\nUNT+60006+1'\nUNZ+1+1'\n"
	_, _, s := shares(t, []byte(file))
	if most := mostPieces + longestRound*mostUnits; s.t.held.pieces > most {
		t.Errorf("%d pieces are remembered, want at most %d", s.t.held.pieces, most)
	}
	if s.t.tooLate || errors.Is(s.relieve(), errLate) {
		t.Error("a record in order is told to be too late")
	}
}
