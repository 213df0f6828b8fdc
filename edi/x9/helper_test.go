package x9_test

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"fondaco/edi/x9"
)

// picture is an image that holds whatever could be taken for framing.
var picture = "II*\x00\n01\r\n99\x00\x00\x00P\x25\x15\xf9\xf9" + strings.Repeat("\n", 90)

// cashLetter writes a file with one bundle of two cheques, each with two images.
func cashLetter(t testing.TB, o x9.WriterOptions) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := x9.NewWriter(&buf, o)
	put := func(typ string, values map[string]string) {
		if err := w.Record(typ, values); err != nil {
			t.Fatal(err)
		}
	}
	route := "021000021"
	put("01", map[string]string{"standardLevel": "03", "testIndicator": "T", "destinationRouting": route, "originRouting": "011000015",
		"creationDate": "20240331", "creationTime": "1805", "resend": "N", "originName": "Maker Sp. z o.o.", "country": "PL"})
	put("10", map[string]string{"collectionType": "01", "destinationRouting": route, "institutionRouting": "011000015", "businessDate": "20240331",
		"creationDate": "20240331", "creationTime": "1805", "recordsType": "I", "documentation": "G", "cashLetterId": "CLAIMS01"})
	put("20", map[string]string{"collectionType": "01", "destinationRouting": route, "institutionRouting": "011000015", "businessDate": "20240331",
		"creationDate": "20240331", "sequence": "0001", "cycle": "01"})
	for i := range 2 {
		item := fmt.Sprintf("%015d", i+1)
		put("25", map[string]string{"auxiliaryOnUs": "4711", "payorRouting": "02100002", "payorCheckDigit": "1", "onUs": "99887766/101",
			"amount": "12050", "itemSequence": item, "micrValid": "1", "firstDeposit": "Y", "addenda": "1"})
		put("26", map[string]string{"addendum": "1", "depositRouting": "011000015", "endorsementDate": "20240331", "itemSequence": item, "truncation": "Y"})
		for side := range 2 {
			put("50", map[string]string{"imageIndicator": "1", "creatorRouting": "011000015", "creationDate": "20240331", "side": strconv.Itoa(side)})
			err := w.Image(map[string]string{"institutionRouting": "011000015", "businessDate": "20240331", "itemSequence": item, "clippingOrigin": "0"},
				"KEY"[:side*3], strings.NewReader(picture), int64(len(picture)))
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	put("70", map[string]string{"items": "2", "amount": "24100", "micrValidAmount": "24100", "images": "4", "creditsIncluded": "0"})
	put("90", map[string]string{"bundles": "1", "items": "2", "amount": "24100", "images": "4", "creditsIncluded": "0"})
	put("99", map[string]string{"cashLetters": "1", "records": "18", "items": "2", "amount": "24100", "creditsIncluded": "0"})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// forms are all ways in which a file may be written.
var forms = []x9.WriterOptions{
	{Framing: x9.Lengths}, {Framing: x9.Lengths, EBCDIC: true}, {Framing: x9.Lines}, {Framing: x9.Lines, EBCDIC: true},
	{Framing: x9.Straight}, {Framing: x9.Straight, EBCDIC: true},
}

// copied reads data and writes it again.
func copied(data []byte) ([]byte, error) {
	var buf bytes.Buffer
	r, w := x9.NewReader(bytes.NewReader(data)), x9.NewWriter(&buf, x9.WriterOptions{})
	for {
		rec, err := r.Next()
		if err == io.EOF {
			err = w.Flush()
			return buf.Bytes(), err
		}
		if err != nil {
			return nil, err
		}
		if err := w.Copy(rec); err != nil {
			return nil, err
		}
	}
}

// found lists what the checker says of data.
func found(t testing.TB, data []byte) []string {
	t.Helper()
	var list []string
	err := x9.Check(bytes.NewReader(data), func(f *x9.Finding) {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%d %s %s", f.Record, f.ID, f.Expected)))
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
