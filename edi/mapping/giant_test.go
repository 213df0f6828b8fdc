package mapping

import (
	"bufio"
	"bytes"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// inPieces writes records that are not kept if they have more than a few bytes.
func inPieces(records []byte, limit int) ([]byte, error) {
	var b bytes.Buffer
	c := newWriting(bufio.NewReaderSize(bytes.NewReader(records), 16), testGuides, testMaps, WriteOptions{Date: time.Unix(1700000000, 0)})
	c.limit = limit
	err := c.write(&b)
	return b.Bytes(), err
}

// TestRecordsAreWrittenInPieces holds what is written while a record is read
// against what is written of the whole record.
func TestRecordsAreWrittenInPieces(t *testing.T) {
	t.Parallel()
	everyMap(t, func(t *testing.T, m *Map) {
		drawn, pieces := 0, 0
		rapid.Check(t, func(t *rapid.T) {
			d := drawDocument(t, m)
			o, _ := m.Decode(d)
			if rapid.IntRange(0, 3).Draw(t, "mixed up") == 0 {
				vocabularyOf(m).mixUp(t, m.rules, o)
			}
			group := `"1"`
			if isEDIFACT(m.Guide) {
				group = `""`
			}
			line := append([]byte(`{"kind":"`+m.Target+`","guide":"`+m.Guide.Name+`","interchange":"1","group":`+group+`,"transaction":"0001","record":`), text(o)...)
			line = append(line, "}\n"...)
			lines := bytes.Repeat(line, rapid.IntRange(1, 2).Draw(t, "records"))
			var whole bytes.Buffer
			want := Write(&whole, bytes.NewReader(lines), testGuides, testMaps, WriteOptions{Date: time.Unix(1700000000, 0)})
			got, err := inPieces(lines, rapid.SampledFrom([]int{1, 400, 4000}).Draw(t, "limit"))
			drawn++
			switch {
			case want != nil && err == nil:
				t.Fatalf("in pieces there was no error, want %v for\n%s", want, lines)
			case errors.Is(err, errDoubtful): // it is refused, and not written otherwise
			case want == nil && err != nil:
				t.Fatalf("in pieces: %v for\n%s", err, lines)
			case want == nil && !bytes.Equal(got, whole.Bytes()):
				t.Fatalf("in pieces\n%s\nwant\n%s", got, whole.Bytes())
			case want == nil:
				pieces++
			}
		})
		if t.Logf("%d of %d written in pieces, kept %v", pieces, drawn, m.keeps); drawn >= 100 && pieces == 0 {
			t.Error("nothing was written in pieces")
		}
	})
}
