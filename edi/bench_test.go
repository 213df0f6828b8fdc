package edi_test

import (
	"bytes"
	"io"
	"syscall"
	"testing"

	"fondaco/edi"
	"fondaco/edi/internal/generate"
)

// processor is the processor time that the process has used, in seconds.
func processor() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// measure runs fn over n bytes at a time, and reports megabytes per second of
// processor time beside those of the clock, which others share.
func measure(b *testing.B, n int, fn func()) {
	b.Helper()
	b.SetBytes(int64(n))
	b.ReportAllocs()
	start, rounds := processor(), 0
	for b.Loop() {
		fn()
		rounds++
	}
	if used := processor() - start; used > 0 {
		b.ReportMetric(float64(n)*float64(rounds)/1e6/used, "MB/cpu-s")
	}
}

// BenchmarkTokens reads segments alone.
func BenchmarkTokens(b *testing.B) {
	for name, data := range map[string][]byte{
		"850":    generate.PurchaseOrders(generate.Options{Transactions: 400, Lines: 100}),
		"867":    generate.SalesReports(generate.Options{Transactions: 50, Lines: 200}),
		"ORDERS": generate.Orders(generate.Options{Transactions: 400, Lines: 100}),
	} {
		b.Run(name, func(b *testing.B) {
			measure(b, len(data), func() {
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
			measure(b, len(data), func() {
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
	measure(b, len(data), func() {
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
