package ack_test

import (
	"bytes"
	"io"
	"testing"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/internal/generate"
	"fondaco/edi/internal/measure"
)

// BenchmarkAcknowledge validates a file with its guide and writes the answer,
// as one pass.
func BenchmarkAcknowledge(b *testing.B) {
	files := map[string][]byte{
		"850":    generate.PurchaseOrders(generate.Options{Transactions: 2000, Lines: 20}),
		"867":    generate.SalesReports(generate.Options{Transactions: 100, Lines: 200}),
		"ORDERS": generate.Orders(generate.Options{Transactions: 2000, Lines: 20}),
	}
	for name, data := range files {
		for policy, p := range map[string]ack.Policy{"all": {}, "errors": {ErrorsOnly: true}} {
			b.Run(name+"/"+policy, func(b *testing.B) {
				measure.Bytes(b, len(data), func() {
					s := ack.NewStream(io.Discard, ack.StreamOptions{Policy: func(*edi.Interchange) ack.Policy { return p }})
					if err := s.Run(validator(bytes.NewReader(data))); err != nil {
						b.Fatal(err)
					}
				})
			})
		}
	}
}
