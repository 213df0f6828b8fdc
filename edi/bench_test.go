package edi_test

import (
	"bytes"
	"io"
	"testing"

	"fondaco/edi"
	"fondaco/edi/internal/generate"
	"fondaco/edi/internal/measure"
)

// BenchmarkTokens reads segments alone.
func BenchmarkTokens(b *testing.B) {
	for name, data := range map[string][]byte{
		"850":    generate.PurchaseOrders(generate.Options{Transactions: 400, Lines: 100}),
		"867":    generate.SalesReports(generate.Options{Transactions: 50, Lines: 200}),
		"ORDERS": generate.Orders(generate.Options{Transactions: 400, Lines: 100}),
	} {
		b.Run(name, func(b *testing.B) {
			measure.Bytes(b, len(data), func() {
				r := edi.NewReader(bytes.NewReader(data), edi.Options{})
				for {
					if _, err := r.Next(); err == io.EOF {
						return
					} else if err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkEnvelopes follows the envelopes of the same files.
func BenchmarkEnvelopes(b *testing.B) {
	for name, data := range map[string][]byte{
		"850":    generate.PurchaseOrders(generate.Options{Transactions: 400, Lines: 100}),
		"ORDERS": generate.Orders(generate.Options{Transactions: 400, Lines: 100}),
	} {
		b.Run(name, func(b *testing.B) {
			measure.Bytes(b, len(data), func() {
				p := edi.NewParser(edi.NewReader(bytes.NewReader(data), edi.Options{}), edi.ParserOptions{})
				for {
					if _, err := p.Next(); err == io.EOF {
						return
					} else if err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkParallel follows the envelopes of one file on all processors.
func BenchmarkParallel(b *testing.B) {
	data := generate.PurchaseOrders(generate.Options{Transactions: 2000, Lines: 100})
	measure.Bytes(b, len(data), func() {
		p := edi.NewParallel(bytes.NewReader(data), int64(len(data)), edi.ParallelOptions{}, func(r *edi.Reader) edi.Source {
			return edi.NewParser(r, edi.ParserOptions{})
		})
		for {
			if _, err := p.Next(); err == io.EOF {
				return
			} else if err != nil {
				b.Fatal(err)
			}
		}
	})
}
