package x9_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"fondaco/edi/x9"
)

// A file is written, read and checked.
func Example() {
	var file bytes.Buffer
	w := x9.NewWriter(&file, x9.WriterOptions{EBCDIC: true})
	_ = w.Record("01", map[string]string{"standardLevel": "03", "testIndicator": "T", "creationDate": "20240408"})
	_ = w.Record("10", map[string]string{"collectionType": "01", "businessDate": "20240408"})
	_ = w.Record("20", map[string]string{"collectionType": "01", "businessDate": "20240408", "sequence": "1"})
	_ = w.Record("25", map[string]string{"payorRouting": "02100002", "payorCheckDigit": "1", "amount": "12050"})
	_ = w.Record("50", map[string]string{"imageIndicator": "1", "side": "0"})
	_ = w.Image(nil, "", strings.NewReader("a picture"), 9)
	_ = w.Record("70", map[string]string{"items": "1", "amount": "12051", "images": "1"})
	_ = w.Record("90", map[string]string{"bundles": "1", "items": "1", "amount": "12050", "images": "1"})
	_ = w.Record("99", map[string]string{"cashLetters": "1", "records": "9", "items": "1", "amount": "12050"})
	if err := w.Flush(); err != nil {
		fmt.Println(err)
		return
	}

	r := x9.NewReader(bytes.NewReader(file.Bytes()))
	for {
		record, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		switch record.Type() {
		case "25":
			fmt.Println("cheque of", strings.TrimLeft(record.Field("amount"), "0"), "cents")
		case "52":
			_, _ = io.Copy(os.Stdout, record.Image())
			fmt.Println(" of", record.ImageSize(), "bytes")
		}
	}
	_ = x9.Check(bytes.NewReader(file.Bytes()), func(f *x9.Finding) { fmt.Println(f) })
	// Output:
	// cheque of 12050 cents
	// a picture of 9 bytes
	// record 7 (type 70), amount "000000012051": the sum of the bundle's items is wrong, expected 12050
}
