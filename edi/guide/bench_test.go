package guide_test

import (
	"bytes"
	"io"
	"runtime"
	"syscall"
	"testing"
	"time"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
	"fondaco/edi/sets"
)

// cpuTime is what the process has used of all processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// benchmark runs fn over data and reports megabytes for each second of a
// processor, since wall clocks mean little on a shared machine.
func benchmark(b *testing.B, data []byte, fn func()) {
	b.Helper()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	runtime.GC()
	start, n := cpuTime(), 0
	for b.Loop() {
		fn()
		n++
	}
	if used := cpuTime() - start; used > 0 {
		b.ReportMetric(float64(len(data))*float64(n)/1e6/used.Seconds(), "MB/cpu-s")
	}
}

func BenchmarkValidate(b *testing.B) {
	lib := guide.NewLibrary(sets.Files())
	for name, data := range generated() {
		b.Run(name, func(b *testing.B) {
			benchmark(b, data, func() { validate(b, data, lib) })
		})
	}
}

// BenchmarkTokens is what of the above the reader takes.
func BenchmarkTokens(b *testing.B) {
	for name, data := range generated() {
		b.Run(name, func(b *testing.B) {
			benchmark(b, data, func() {
				for r := edi.NewReader(bytes.NewReader(data), edi.Options{}); ; {
					if _, err := r.Next(); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func generated() map[string][]byte {
	return map[string][]byte{
		"850":    generate.PurchaseOrders(generate.Options{Transactions: 100, Lines: 200}),
		"867":    generate.SalesReports(generate.Options{Transactions: 100, Lines: 200}),
		"ORDERS": generate.Orders(generate.Options{Transactions: 100, Lines: 200}),
	}
}

func BenchmarkLoadOne(b *testing.B) {
	for _, name := range []string{"x12/004010/850", "edifact/d96a/ORDERS", "edifact/d01b/INVOIC"} {
		b.Run(name, func(b *testing.B) {
			loading(b, func() {
				if _, err := guide.NewLibrary(sets.Files()).Load(name); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkLoadAll(b *testing.B) {
	loading(b, func() {
		lib := guide.NewLibrary(sets.Files())
		names, err := lib.List()
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range names {
			if _, err := lib.Load(name); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// loading runs fn and reports milliseconds of a processor for each time.
func loading(b *testing.B, fn func()) {
	b.Helper()
	b.ReportAllocs()
	runtime.GC()
	start, n := cpuTime(), 0
	for b.Loop() {
		fn()
		n++
	}
	b.ReportMetric(float64((cpuTime()-start).Microseconds())/1e3/float64(n), "cpu-ms/op")
}

// BenchmarkParallel is BenchmarkValidate on two processors.
func BenchmarkParallel(b *testing.B) {
	lib := guide.NewLibrary(sets.Files())
	for name, data := range generated() {
		b.Run(name, func(b *testing.B) {
			benchmark(b, data, func() {
				p := edi.NewParallel(bytes.NewReader(data), int64(len(data)), edi.ParallelOptions{Workers: 2, Piece: 256 << 10}, func(r *edi.Reader) edi.Source {
					return guide.NewValidator(r, lib, guide.Options{})
				})
				defer p.Close()
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
