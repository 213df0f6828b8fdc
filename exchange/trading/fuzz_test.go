package trading

import (
	"bytes"
	"testing"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// FuzzRead reads any file: nothing panics, every interchange has its own bytes
// in the order of the file, and every finding lies within them.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"sample.edi", "damaged.edi"} {
		data, err := sets.Files().ReadFile("x12/004010/867/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(append(append(data[:len(data)-30:len(data)-30], "\nnoise\n"...), data...))
	}
	for _, name := range []string{
		"edifact/d96a/SLSRPT", "edifact/d01b/INVOIC", "edifact/d96a/PRICAT", "edifact/d96a/PARTIN", "x12/004010/844", "x12/004010/845", "x12/004010/856",
	} {
		data, err := sets.Files().ReadFile(name + "/sample.edi")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	s := &Service{guides: guide.NewLibrary(sets.Files()), maps: mapping.NewLibrary(sets.Files())}
	f.Fuzz(func(t *testing.T, data []byte) {
		end := 0
		for _, p := range s.read(data) {
			from := int(p.start.Offset)
			if from < end || from+len(p.data) > len(data) || !bytes.Equal(p.data, data[from:from+len(p.data)]) {
				t.Fatalf("interchange %d has %q at %d, after %d", p.place, p.data, from, end)
			}
			end = from + len(p.data)
			if p.ic == nil {
				continue
			}
			// What is accepted with errors is read all the same.
			terms := Terms{AcceptErrors: len(data)%2 == 0, RejectDamaged: len(data)%3 == 0}
			work := &posting{job: &job{s: s, piece: p, partner: &Partner{Terms: terms}}}
			for _, d := range work.documents() {
				for _, told := range s.tell(d.tx.List, p.start) {
					if told.Position < 0 || int(told.Position) > len(p.data) || told.Message == "" {
						t.Fatalf("finding %+v lies outside of %d bytes", told, len(p.data))
					}
				}
			}
			s.tell(append(append([]edi.Finding(nil), p.ic.List...), p.findings...), p.start)
		}
	})
}
