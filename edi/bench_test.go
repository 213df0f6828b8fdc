package edi_test

import (
	"bytes"
	"io"
	"testing"

	"fondaco/edi"
	"fondaco/edi/internal/generate"
)

func BenchmarkReader(b *testing.B) {
	data := generate.SalesReports(generate.Options{Transactions: 100, Lines: 200})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r := edi.NewReader(bytes.NewReader(data), edi.Options{})
		for {
			if _, err := r.Next(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
