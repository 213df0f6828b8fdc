package mapping

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// TestHashTotalsAreWrittenAsTheValidatorMakesThem draws documents, writes what
// they say, and lets the validator make the totals once more.
func TestHashTotalsAreWrittenAsTheValidatorMakesThem(t *testing.T) {
	t.Parallel()
	everyMap(t, func(t *testing.T, m *Map) {
		if m.hashes == 0 {
			t.Skip("it makes no hash total")
		}
		drawn, written := 0, 0
		rapid.Check(t, func(t *rapid.T) {
			o, _ := m.Decode(drawDocument(t, m))
			d, err := m.Encode(o, "0001")
			if err != nil {
				return
			}
			_, rep, err := Documents(bytes.NewReader(envelope(m.Guide, d.delims, d.Bytes())), nil, guide.Options{Guide: m.Guide})
			if err != nil {
				t.Fatal(err)
			}
			rep.All(func(f *edi.Finding) {
				if strings.Contains(f.ID, "hash") {
					t.Fatalf("%s: %q, want %q in\n%s", f.ID, f.Value, f.Expected, d.Bytes())
				}
			})
			drawn++
			for _, c := range m.sums {
				if c.hash == nil {
					continue
				}
				if at := d.root.having(&c.place); at != nil && c.place.best(at, c.place.holds) != nil {
					written++
				}
			}
		})
		if drawn >= 50 && written < drawn/4 {
			t.Errorf("only %d of %d documents have a hash total", written, drawn)
		}
	})
}

// TestPutKeepsHashTotals: a total that stands there follows what it is made of,
// and one that does not stand there is not added.
func TestPutKeepsHashTotals(t *testing.T) {
	t.Parallel()
	const body = "ST*846*0001~\nBIA*00*DD*1*20240408~\nN1*DS*Luso~\nLIN*1*VP*A~\nQTY*33*1.5*EA~\nLIN*2*VP*B~\nQTY*33*-3*EA~\nCTT*2%~\nSE*9*0001~\n"
	for said, want := range map[string]string{"*18": "*43", "": ""} {
		g, err := testGuides.Load("x12/004010/846")
		if err != nil {
			t.Fatal(err)
		}
		m, err := testMaps.Map(g)
		if err != nil {
			t.Fatal(err)
		}
		file := envelope(g, delimiters(g), []byte(strings.Replace(body, "%", said, 1)))
		docs, rep, err := Documents(bytes.NewReader(file), testGuides, guide.Options{})
		if err != nil || len(docs) != 1 || docs[0].Errors > 0 {
			t.Fatalf("%d documents, %v, %+v", len(docs), err, rep)
		}
		o, _ := m.Decode(docs[0])
		o.Objects("items")[0].Object("available").Field("quantity").Text = "40"
		d, err := m.Put(o, docs[0])
		if err != nil {
			t.Fatal(err)
		}
		if last := string(d.Bytes()); !strings.Contains(last, "\nCTT*2"+want+"~") {
			t.Errorf("with CTT*2%s: Put() = %s, want CTT*2%s", said, last, want)
		}
	}
}
