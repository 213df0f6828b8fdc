package generate

import (
	"bytes"
	"fmt"
	"strconv"

	"fondaco/edi"
)

// PurchaseOrders returns an X12 interchange of 850 purchase orders.
func PurchaseOrders(o Options) []byte {
	var buf bytes.Buffer
	w := edi.NewWriter(&buf, edi.WriterOptions{Newline: "\n"})
	_ = w.BeginInterchange(edi.InterchangeHeader{Sender: "LUSODIST", Receiver: "MAKERPL", Date: date, ControlNumber: 1})
	_ = w.BeginGroup(edi.GroupHeader{FunctionalID: "PO", Sender: "LUSODIST", Receiver: "MAKERPL", Date: date, ControlNumber: 1, Version: "004010"})
	for t := range o.Transactions {
		_ = w.BeginTransaction("850", t+1)
		_ = w.Segment("BEG", "00", "SA", fmt.Sprintf("PO%06d", t+1), "", "20240331")
		_ = w.Segment("CUR", "BY", "EUR")
		_ = w.Segment("REF", "CT", "FRAME-2024")
		_ = w.Segment("DTM", "002", "20240415")
		_ = w.Segment("N1", "BY", "Luso Distribuicao SA", "92", "D1001")
		_ = w.Segment("N1", "ST", "Armazem Norte", "92", "D1001-N")
		_ = w.Segment("N3", "Rua do Cais 4")
		_ = w.Segment("N4", "Porto", "", "4000-123", "PT")
		for l := range o.Lines {
			n := t*1000 + l
			_ = w.Segment("PO1", strconv.Itoa(l+1), strconv.Itoa(1+n%20), "EA", fmt.Sprintf("%d.%02d", 10+n%900, n%100), "PE",
				"BP", fmt.Sprintf("L-%05d", n%4001), "VP", fmt.Sprintf("MX-%04d", n%500), "UP", "036000291452")
			_ = w.Segment("PID", "F", "", "", "", "Wireless access point, indoor")
			_ = w.Segment("SCH", strconv.Itoa(1+n%20), "EA", "", "", "002", "20240415")
		}
		_ = w.Segment("CTT", strconv.Itoa(o.Lines))
		_ = w.EndTransaction()
	}
	_ = w.EndGroup()
	_ = w.EndInterchange()
	return buf.Bytes()
}

// Orders returns an EDIFACT interchange of ORDERS messages. Some of their texts
// hold released delimiters.
func Orders(o Options) []byte {
	var buf bytes.Buffer
	w := edi.NewWriter(&buf, edi.WriterOptions{Newline: "\n", Delimiters: edi.EDIFACTDelimiters})
	put := func(tag string, elements ...[]string) {
		w.Begin(tag)
		for _, e := range elements {
			w.Composite(e...)
		}
		_ = w.End()
	}
	of := func(components ...string) []string { return components }
	put("UNB", of("UNOC", "3"), of("5601234000009", "14"), of("5901234000007", "14"), of("240331", "1805"), of("1"))
	for t := range o.Transactions {
		reference := strconv.Itoa(t + 1)
		put("UNH", of(reference), of("ORDERS", "D", "96A", "UN"))
		put("BGM", of("220"), of(fmt.Sprintf("PO%06d", t+1)), of("9"))
		put("DTM", of("137", "20240331", "102"))
		put("DTM", of("2", "20240415", "102"))
		put("NAD", of("BY"), of("5601234000009", "", "9"), of(), of("Luso Distribuicao SA"), of("Rua do Cais 4"), of("Porto"), of(), of("4000-123"), of("PT"))
		put("NAD", of("SU"), of("5901234000007", "", "9"))
		put("CUX", of("2", "EUR", "9"))
		for l := range o.Lines {
			orderLine(put, of, t*1000+l, l)
		}
		put("UNS", of("S"))
		put("CNT", of("2", strconv.Itoa(o.Lines)))
		put("UNT", of(strconv.Itoa(9+6*o.Lines+1)), of(reference))
	}
	put("UNZ", of(strconv.Itoa(o.Transactions)), of("1"))
	_ = w.Flush()
	return buf.Bytes()
}

func orderLine(put func(string, ...[]string), of func(...string) []string, n, l int) {
	text := "Wireless access point, indoor"
	if n%7 == 0 {
		text = "Bracket 2'' + screws: 4?"
	}
	put("LIN", of(strconv.Itoa(l+1)), of(), of("5901234123457", "EN"))
	put("PIA", of("1"), of(fmt.Sprintf("MX-%04d", n%500), "SA"))
	put("IMD", of("F"), of(), of("", "", "", text))
	put("QTY", of("21", strconv.Itoa(1+n%20), "PCE"))
	put("PRI", of("AAA", fmt.Sprintf("%d.%02d", 10+n%900, n%100)))
	put("RFF", of("CT", "FRAME-2024"))
}
