package edi_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"testing"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
	"fondaco/edi/internal/measure"
)

// BenchmarkPieces is how much more of a processor it takes to validate a file in
// pieces of some size than as a whole ("cpu-ratio"). One worker reads them, so that
// what two do to each other, by the cache or the machine, plays no part in it.
func BenchmarkPieces(b *testing.B) {
	open := func(r *edi.Reader) edi.Source { return guide.NewValidator(r, library, guide.Options{}) }
	drain := func(src edi.Source) {
		for {
			if _, err := src.Next(); err == io.EOF {
				return
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
	for name, data := range map[string][]byte{
		"850":    generate.PurchaseOrders(generate.Options{Transactions: 200, Lines: 200}),
		"ORDERS": generate.Orders(generate.Options{Transactions: 200, Lines: 200}),
	} {
		for _, size := range []int{64 << 10, 256 << 10, 1 << 20, 4 << 20} {
			b.Run(fmt.Sprintf("%s/%dK", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				var ratios []float64
				used := func(fn func()) float64 {
					before := measure.CPU()
					fn()
					return float64(measure.CPU() - before)
				}
				for b.Loop() {
					whole := used(func() { drain(open(edi.NewReader(bytes.NewReader(data), edi.Options{}))) })
					pieces := used(func() {
						p := edi.NewParallel(bytes.NewReader(data), int64(len(data)), edi.ParallelOptions{Workers: 1, Piece: size}, open)
						defer p.Close()
						drain(p)
					})
					ratios = append(ratios, pieces/whole)
				}
				slices.Sort(ratios)
				b.ReportMetric(ratios[len(ratios)/2], "cpu-ratio")
			})
		}
	}
}
