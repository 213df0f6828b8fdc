package mapping_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
	"fondaco/edi/internal/measure"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// benchFiles are what the benchmarks read: orders of both standards, reports of
// sales with a customer for each line, and reports of short segments of which
// each is mapped; and short orders, for what a transaction costs beside its lines.
func benchFiles() map[string]func() []byte {
	orders := func(transactions, lines int) func() []byte {
		return func() []byte {
			return generate.PurchaseOrders(generate.Options{Transactions: transactions, Lines: lines})
		}
	}
	return map[string]func() []byte{
		"850":    orders(200, 100),
		"short":  orders(5000, 4),
		"ORDERS": func() []byte { return generate.Orders(generate.Options{Transactions: 200, Lines: 100}) },
		"867":    func() []byte { return generate.SalesReports(generate.Options{Transactions: 50, Lines: 200}) },
		"dense":  manyReports,
	}
}

// eachFile runs a benchmark on each file; the megabytes are those of the file.
func eachFile(b *testing.B, run func(b *testing.B, data []byte, guides *guide.Library, maps *mapping.Library)) {
	b.Helper()
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	for name, data := range benchFiles() {
		b.Run(name, func(b *testing.B) { run(b, data(), guides, maps) })
	}
}

// manyReports is a file of a hundred reports with a hundred lines each.
func manyReports() []byte {
	var body strings.Builder
	segments := 3
	for i := range 100 {
		fmt.Fprintf(&body, "PTD*SS~\nDTM*003*20240402~\nREF*IV*FT %d~\nN1*EN*Hospital de Braga EPE*92*E%d~\nN4*Braga**4710-243*PT~\n"+
			"QTY*32*3~\nLIN*%d*VP*MX-AP-650*UP*036000291452~\nUIT*EA*412.50~\nREF*SE*MX650A%d~\n", i, i, i+1, i)
		segments += 9
	}
	var file strings.Builder
	file.WriteString("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*P*>~\n" +
		"GS*PT*SENDER*RECEIVER*20240408*0612*1*X*004010~\n")
	for i := range 100 {
		fmt.Fprintf(&file, "ST*867*%04d~\nBPT*00*R1*20240408*02~\n%sSE*%d*%04d~\n", i+1, body.String(), segments, i+1)
	}
	file.WriteString("GE*100*1~\nIEA*1*000000001~\n")
	return []byte(file.String())
}

// BenchmarkValidate is what of the others is reading and validation.
func BenchmarkValidate(b *testing.B) {
	eachFile(b, func(b *testing.B, data []byte, guides *guide.Library, _ *mapping.Library) {
		b.Helper()
		measure.Bytes(b, len(data), func() {
			v := guide.NewValidator(edi.NewReader(bytes.NewReader(data), edi.Options{}), guides, guide.Options{})
			for {
				if _, err := v.Next(); err == io.EOF {
					return
				} else if err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

// BenchmarkJSON reads, validates and maps a file.
func BenchmarkJSON(b *testing.B) {
	eachFile(b, func(b *testing.B, data []byte, guides *guide.Library, maps *mapping.Library) {
		b.Helper()
		measure.Bytes(b, len(data), func() {
			if err := mapping.JSON(io.Discard, bytes.NewReader(data), guides, maps); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkJSONByGuide reads and validates the same files without their maps.
func BenchmarkJSONByGuide(b *testing.B) {
	eachFile(b, func(b *testing.B, data []byte, guides *guide.Library, _ *mapping.Library) {
		b.Helper()
		measure.Bytes(b, len(data), func() {
			if err := mapping.JSON(io.Discard, bytes.NewReader(data), guides, nil); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkWrite writes the records of a file, and validates what it writes;
// the megabytes are those of the documents.
func BenchmarkWrite(b *testing.B) {
	eachFile(b, func(b *testing.B, data []byte, guides *guide.Library, maps *mapping.Library) {
		b.Helper()
		var records, written bytes.Buffer
		if err := mapping.JSON(&records, bytes.NewReader(data), guides, maps); err != nil {
			b.Fatal(err)
		}
		if err := mapping.Write(&written, bytes.NewReader(records.Bytes()), guides, maps, options()); err != nil {
			b.Fatal(err)
		}
		measure.Bytes(b, written.Len(), func() {
			if err := mapping.Write(io.Discard, bytes.NewReader(records.Bytes()), guides, maps, options()); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkSalesReports reads, validates and maps reports to the values of the
// records, ready to be written to tables.
func BenchmarkSalesReports(b *testing.B) {
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	for _, name := range []string{"867", "dense"} {
		data := benchFiles()[name]()
		b.Run(name, func(b *testing.B) {
			measure.Count(b, 100*100, "lines", func() {
				n := 0
				err := mapping.SalesReports(bytes.NewReader(data), guides, maps, func(_ *edi.Event, r *mapping.SalesReport) error {
					n += len(r.Lines)
					return nil
				})
				if err != nil || n != 100*100 {
					b.Fatalf("%d lines: %v", n, err)
				}
			})
		})
	}
}
