package ack_test

import (
	"bytes"
	"io"
	"syscall"
	"testing"

	"fondaco/edi"
	"fondaco/edi/ack"
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
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				start, rounds := processor(), 0
				for b.Loop() {
					s := ack.NewStream(io.Discard, ack.StreamOptions{Policy: func(*edi.Interchange) ack.Policy { return p }})
					if err := s.Run(validator(bytes.NewReader(data))); err != nil {
						b.Fatal(err)
					}
					rounds++
				}
				if used := processor() - start; used > 0 {
					b.ReportMetric(float64(len(data))*float64(rounds)/1e6/used, "MB/cpu-s")
				}
			})
		}
	}
}
