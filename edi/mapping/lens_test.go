package mapping

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/schema"
)

// tally counts what became of what was drawn. A law that holds because
// everything is refused holds nothing: half of it has to be written, and of the
// values of a kind, which may lack what a document must say, a quarter.
type tally struct{ drawn, read, written, put, stated, reported int }

// enough holds the counts against these shares, once there are enough of them
// to say something. A share is missed when the count is so low that chance
// would bring it about once in millions of runs.
func (c *tally) enough(t *testing.T, m *Map) {
	t.Helper()
	t.Logf("%+v", *c)
	if c.drawn < 100 {
		return
	}
	least := func(what string, n int, share float64) {
		drawn := float64(c.drawn)
		if bar := share*drawn - 5*math.Sqrt(drawn*share*(1-share)); float64(n) < bar {
			t.Errorf("of %d documents %d were %s, want %.0f or more", c.drawn, n, what, bar)
		}
	}
	least("read", c.read, 0.5)
	least("written", c.written, 0.5)
	least("stated by values", c.stated, 0.25)
	if len(m.trees) == 0 { // of a tree no level can be changed
		least("changed", c.put, 0.25)
	}
	if reports(m) {
		least("reported", c.reported, 0.25)
	}
}

// reports tells whether sales reports, which have values of their own, are read
// by the map.
func reports(m *Map) bool { return m.Target == schema.SalesReports.Name && !isEDIFACT(m.Guide) }

// TestLensLaws draws documents for every map from its guide and from what the
// map understands, and holds the laws of a lens against them.
func TestLensLaws(t *testing.T) {
	t.Parallel()
	everyMap(t, func(t *testing.T, m *Map) {
		var c tally
		rapid.Check(t, func(t *rapid.T) {
			d := drawDocument(t, m)
			o, problems := m.Decode(d)
			if c.drawn++; len(problems) > 0 {
				return
			}
			c.read++
			getPut(t, m, o, d)
			c.written += writeRead(t, m, o)
			c.put += putGet(t, m, o, d)
			c.stated += valuesBack(t, m, o)
			if reports(m) {
				c.reported += reportBack(t, m, o)
			}
		})
		c.enough(t, m)
	})
}

// getPut: what was read and is put back changes no byte.
func getPut(t *rapid.T, m *Map, o *Object, d *Document) {
	same, err := m.Put(o, d)
	if err != nil {
		t.Fatalf("Put(Decode(d), d) = %v for\n%s", err, d.Bytes())
	}
	if diff := cmp.Diff(string(d.Bytes()), string(same.Bytes())); diff != "" {
		t.Fatalf("Put(Decode(d), d) changed (-want +got)\n%s", diff)
	}
	var line bytes.Buffer
	file := envelope(m.Guide, d.delims, d.Bytes())
	if err := JSON(&line, bytes.NewReader(file), testGuides, testMaps); err != nil {
		t.Fatal(err)
	}
	pieces(t, m, file, line.String())
	var passed struct{ Record json.RawMessage }
	if err := json.Unmarshal(line.Bytes(), &passed); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text(o), string(passed.Record)); diff != "" {
		t.Fatalf("JSON() reads otherwise than Decode() (-Decode +JSON)\n%s\nof\n%s", diff, d.Bytes())
	}
}

// pieces: a record that is written piece by piece is the same. Only a tree may
// be such that this cannot be.
func pieces(t *rapid.T, m *Map, file []byte, want string) {
	s := newStream(bytes.NewReader(file), testGuides, testMaps, guide.Options{})
	s.limit = rapid.SampledFrom([]int{1, 400, 1500}).Draw(t, "limit")
	var line bytes.Buffer
	if err := writeJSON(&line, s); errors.Is(err, errLate) && len(m.trees) > 0 {
		return
	} else if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, line.String()); diff != "" {
		t.Fatalf("in pieces of %d bytes (-whole +pieces)\n%s", s.limit, diff)
	}
}

// writeRead: a document that is written of a record states that record, and
// what it states is written the same again. It says 1 where it was written.
func writeRead(t *rapid.T, m *Map, o *Object) int {
	d, err := m.Encode(o, "0001")
	if err != nil {
		return 0
	}
	back, problems := m.Decode(d)
	if at := unsaid(m.rules, o, back); len(problems) > 0 || at != "" {
		t.Fatalf("Decode(Encode(o)) = %s, want %s: %v at %s", text(back), text(o), problems, at)
	}
	again, err := m.Encode(back, "0001")
	if err != nil {
		t.Fatalf("Encode(Decode(Encode(o))) = %v for %s", err, text(back))
	}
	if diff := cmp.Diff(string(d.Bytes()), string(again.Bytes())); diff != "" {
		t.Fatalf("Encode(Decode(Encode(o))) differs (-first +second)\n%s", diff)
	}
	return 1
}

// putGet: another record that is put into a document reads back, and to put it
// once more changes nothing.
func putGet(t *rapid.T, m *Map, own *Object, d *Document) int {
	other, problems := m.Decode(drawDocument(t, m))
	if len(problems) > 0 {
		return 0
	}
	if rapid.Bool().Draw(t, "a part") { // most changes are of a few fields
		other = &Object{Fields: mixed(t, m, own, other)}
	}
	put, err := m.Put(other, d)
	if err != nil {
		return 0
	}
	back, problems := m.Decode(put)
	if at := unsaid(m.rules, other, back); len(problems) > 0 || at != "" {
		t.Fatalf("Decode(Put(o, d)) = %s, want %s: %v at %s", text(back), text(other), problems, at)
	}
	again, err := m.Put(other, put)
	if err != nil {
		t.Fatalf("Put(o, Put(o, d)) = %v", err)
	}
	if diff := cmp.Diff(string(put.Bytes()), string(again.Bytes())); diff != "" {
		t.Fatalf("Put(o, Put(o, d)) differs (-first +second)\n%s", diff)
	}
	return 1
}

// mixed takes each field from one of two records.
func mixed(t *rapid.T, m *Map, a, b *Object) []Field {
	var fields []Field
	for _, r := range m.rules {
		from := a
		if rapid.IntRange(0, 3).Draw(t, "from") == 0 {
			from = b
		}
		if f := from.Field(r.name); f != nil {
			fields = append(fields, *f)
		}
	}
	return fields
}

// valuesBack: the values of a kind that a document states are stated alike by
// the document that is written of them.
func valuesBack(t *rapid.T, m *Map, o *Object) int {
	entries, err := m.Entries(o)
	if err != nil {
		t.Fatal(err)
	}
	record, err := m.Record(entries...)
	if err != nil {
		t.Fatal(err)
	}
	d, err := m.Encode(record, "0001")
	if err != nil {
		return 0
	}
	back, problems := m.Decode(d)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	again, err := m.Entries(back)
	if err != nil {
		t.Fatal(err)
	}
	if diff := m.statedOtherwise(entries, again); diff != "" {
		t.Fatalf("Entries(Decode(Encode(Record(e)))): %s\nof\n%s\nby\n%s", diff, text(o), d.Bytes())
	}
	return 1
}

// reportBack: the same for the sales report, which has values of its own.
func reportBack(t *rapid.T, m *Map, o *Object) int {
	report := NewSalesReport(o)
	reportInParts(t, m, o, report)
	d, err := m.Encode(report.Object(), "0001")
	if err != nil {
		return 0
	}
	back, problems := m.Decode(d)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	again := NewSalesReport(back)
	if diff := cmp.Diff(reported(report), reported(again)); diff != "" {
		t.Fatalf("NewSalesReport(Decode(Encode(r.Object()))) differs (-want +got)\n%s\nof\n%s\nby\n%s", diff, text(o), d.Bytes())
	}
	return 1
}

// reportInParts: the parts of a report have its lines.
func reportInParts(t *rapid.T, m *Map, o *Object, want *SalesReport) {
	d, err := m.Encode(o, "0001")
	if err != nil {
		return
	}
	s := newStream(bytes.NewReader(envelope(m.Guide, d.delims, d.Bytes())), testGuides, testMaps, guide.Options{})
	s.limit = rapid.SampledFrom([]int{1, 800}).Draw(t, "limit")
	got := &SalesReport{}
	if err := salesReports(s, func(_ *edi.Event, r *SalesReport) error {
		got.Report, got.Lines = r.Report, append(got.Lines, r.Clone().Lines...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(reported(want), reported(got)); diff != "" {
		t.Fatalf("in parts (-whole +parts)\n%s\nof\n%s", diff, d.Bytes())
	}
}

func reported(s *SalesReport) []string {
	all := []string{statement(s.Report)}
	for _, l := range s.Lines {
		all = append(all, statement(l.Line))
	}
	return all
}

func statement(e schema.Entity) string {
	var b strings.Builder
	for _, f := range schema.KindOf(e).Fields {
		if one, several := textOf(f, e); one != "" || several != nil {
			b.WriteString(f.Name + "=" + one + strings.Join(several, "|") + " ")
		}
	}
	return b.String()
}

// statedOtherwise tells what the records in want say and those in got do not.
// What only got says is a default of the map, or what all lines say alike.
func (m *Map) statedOtherwise(want, got []*Entry) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d records, want %d", len(got), len(want))
	}
	for i, e := range want {
		if len(e.Lines) != len(got[i].Lines) {
			return fmt.Sprintf("record %d has %d lines, want %d", i, len(got[i].Lines), len(e.Lines))
		}
		if diff := m.saidOtherwise(e.Head, got[i].Head, e.Lines); diff != "" {
			return fmt.Sprintf("record %d: %s", i, diff)
		}
		byProduct(e)
		byProduct(got[i])
		for j := range e.Lines {
			if diff := m.saidOtherwise(e.Lines[j], got[i].Lines[j], nil); diff != "" {
				return fmt.Sprintf("record %d, line %d: %s", i, j, diff)
			}
		}
	}
	return ""
}

// byProduct puts lines that were made of one, for stores, into an order of
// their own: a document has none for them.
func byProduct(e *Entry) {
	if len(e.Lines) == 0 || schema.KindOf(e.Lines[0]) != schema.InventoryReportItems {
		return
	}
	number := schema.InventoryReportItems.FieldNamed("lineNumber")
	for _, l := range e.Lines {
		_ = number.Set(l, int64(1))
	}
	slices.SortFunc(e.Lines, func(a, b schema.Entity) int { return strings.Compare(statement(a), statement(b)) })
}

func (m *Map) saidOtherwise(want, got schema.Entity, lines []schema.Entity) string {
	for _, f := range schema.KindOf(want).Fields {
		was, wasList := textOf(f, want)
		is, isList := textOf(f, got)
		if was+strings.Join(wasList, "|") == is+strings.Join(isList, "|") {
			continue
		}
		if was == "" && wasList == nil && (m.hasDefault(f.Name) || alike(f.Name, is, lines)) {
			continue
		}
		return fmt.Sprintf("%s is %q%q, want %q%q", f.Name, is, isList, was, wasList)
	}
	return ""
}

func (m *Map) hasDefault(field string) bool {
	return slices.ContainsFunc(m.all[1:], func(r *rule) bool {
		return r.dflt != "" && strings.HasSuffix(strings.ToLower(field), strings.ToLower(r.name))
	})
}

func alike(field, value string, lines []schema.Entity) bool {
	for _, l := range lines {
		f := schema.KindOf(l).FieldNamed(field)
		if f == nil {
			return false
		}
		if v, _ := textOf(f, l); v != value {
			return false
		}
	}
	return len(lines) > 0
}

func text(o *Object) string { return string(o.append(nil)) }
