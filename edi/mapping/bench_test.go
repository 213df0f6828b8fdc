package mapping_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// perCPU reports how much was done in a second of the processor's time, which
// other programs on the machine do not change much.
func perCPU(b *testing.B, each float64, unit string, run func()) {
	b.Helper()
	b.ReportAllocs()
	n, begin := 0, cpuTime(b)
	for b.Loop() {
		run()
		n++
	}
	b.ReportMetric(each*float64(n)/(cpuTime(b)-begin).Seconds(), unit+"/cpu-s")
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
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

// BenchmarkJSON reads, validates and maps a file.
func BenchmarkJSON(b *testing.B) {
	lib, _ := report(b)
	maps := mapping.NewLibrary(sets.Files())
	data := manyReports()
	perCPU(b, float64(len(data))/1e6, "MB", func() {
		if err := mapping.JSON(io.Discard, bytes.NewReader(data), lib, maps); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkJSONByGuide reads and validates the same file without its map.
func BenchmarkJSONByGuide(b *testing.B) {
	lib, _ := report(b)
	data := manyReports()
	perCPU(b, float64(len(data))/1e6, "MB", func() {
		if err := mapping.JSON(io.Discard, bytes.NewReader(data), lib, nil); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkValidate is what of the others is reading and validation.
func BenchmarkValidate(b *testing.B) {
	lib, _ := report(b)
	data := manyReports()
	perCPU(b, float64(len(data))/1e6, "MB", func() {
		v := guide.NewValidator(edi.NewReader(bytes.NewReader(data), edi.Options{}), lib, guide.Options{})
		for {
			if _, err := v.Next(); err == io.EOF {
				return
			} else if err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkWrite writes the records of the file, and validates what it writes;
// the megabytes are those of the documents.
func BenchmarkWrite(b *testing.B) {
	lib, _ := report(b)
	maps := mapping.NewLibrary(sets.Files())
	var records, written bytes.Buffer
	if err := mapping.JSON(&records, bytes.NewReader(manyReports()), lib, maps); err != nil {
		b.Fatal(err)
	}
	if err := mapping.Write(&written, bytes.NewReader(records.Bytes()), lib, maps, options()); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d bytes of records, %d of documents", records.Len(), written.Len())
	perCPU(b, float64(written.Len())/1e6, "MB", func() {
		if err := mapping.Write(io.Discard, bytes.NewReader(records.Bytes()), lib, maps, options()); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkSalesReports reads, validates and maps the file to the values of the
// records, ready to be written to tables.
func BenchmarkSalesReports(b *testing.B) {
	lib, _ := report(b)
	maps := mapping.NewLibrary(sets.Files())
	data := manyReports()
	perCPU(b, 100*100, "lines", func() {
		n := 0
		err := mapping.SalesReports(bytes.NewReader(data), lib, maps, func(_ *edi.Event, r *mapping.SalesReport) error {
			n += len(r.Lines)
			return nil
		})
		if err != nil || n != 100*100 {
			b.Fatalf("%d lines: %v", n, err)
		}
	})
}
