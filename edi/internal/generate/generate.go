// Package generate makes large EDI files for benchmarks and memory tests. The
// files are never committed; the same arguments always give the same bytes.
package generate

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"fondaco/edi"
)

// Options size a generated file.
type Options struct {
	Transactions int // 867 reports in the file
	Lines        int // resale lines in each
}

var date = time.Date(2024, 3, 31, 18, 5, 0, 0, time.UTC)

// SalesReports returns an interchange of 867 reports of one distributor, each
// line of which was sold to another end customer.
func SalesReports(o Options) []byte {
	var buf bytes.Buffer
	w := edi.NewWriter(&buf, edi.WriterOptions{Newline: "\n"})
	_ = w.BeginInterchange(edi.InterchangeHeader{Sender: "LUSODIST", Receiver: "MAKERPL", Date: date, ControlNumber: 1})
	_ = w.BeginGroup(edi.GroupHeader{FunctionalID: "PT", Sender: "LUSODIST", Receiver: "MAKERPL", Date: date, ControlNumber: 1, Version: "004010"})
	for t := range o.Transactions {
		_ = w.BeginTransaction("867", t+1)
		_ = w.Segment("BPT", "00", fmt.Sprintf("POS%06d", t+1), "20240331", "02")
		_ = w.Segment("CUR", "SE", "EUR")
		_ = w.Segment("DTM", "090", "20240301")
		_ = w.Segment("DTM", "091", "20240331")
		_ = w.Segment("N1", "DB", "Luso Distribuicao SA", "92", "D1001")
		_ = w.Segment("N1", "SE", "Maker Sp. z o.o.", "1", "364128874")
		for l := range o.Lines {
			line(w, t, l)
		}
		_ = w.Segment("CTT", strconv.Itoa(o.Lines))
		_ = w.EndTransaction()
	}
	_ = w.EndGroup()
	_ = w.EndInterchange()
	return buf.Bytes()
}

func line(w *edi.Writer, t, l int) {
	n := t*1000 + l
	_ = w.Segment("PTD", "SS")
	_ = w.Segment("DTM", "003", fmt.Sprintf("202403%02d", 1+n%31))
	_ = w.Segment("REF", "IV", fmt.Sprintf("FT2024/%07d", n))
	_ = w.Segment("REF", "PO", fmt.Sprintf("PO%06d", n%99991))
	_ = w.Segment("N1", "ST", fmt.Sprintf("Customer number %d Lda", n%4001), "92", fmt.Sprintf("C%05d", n%4001))
	_ = w.Segment("N3", fmt.Sprintf("Rua das Flores %d", n%300))
	_ = w.Segment("N4", "Porto", "", "4000-123", "PT")
	_ = w.Segment("QTY", "39", strconv.Itoa(1+n%20))
	_ = w.Segment("LIN", strconv.Itoa(l+1), "VP", fmt.Sprintf("MX-%04d", n%500), "UP", "036000291452")
	_ = w.Segment("UIT", "EA", fmt.Sprintf("%d.%02d", 10+n%900, n%100))
	_ = w.Segment("PID", "F", "", "", "", "Wireless access point, indoor")
}
