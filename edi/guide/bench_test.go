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

// BenchmarkTwoCores validates a file on one processor and on two, in turns, and
// reports of the best runs how many times faster two are by the clock ("times"),
// and how much more of the processors they use ("cpu-ratio"). Where others use
// the machine too, two over the latter is what two idle processors would give.
func BenchmarkTwoCores(b *testing.B) {
	lib := guide.NewLibrary(sets.Files())
	open := func(r *edi.Reader) edi.Source { return guide.NewValidator(r, lib, guide.Options{}) }
	for name, data := range map[string][]byte{
		"850":    generate.PurchaseOrders(generate.Options{Transactions: 800, Lines: 200}),
		"ORDERS": generate.Orders(generate.Options{Transactions: 600, Lines: 200}),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			one, two := best{}, best{}
			for b.Loop() {
				one.run(func() { drain(b, open(edi.NewReader(bytes.NewReader(data), edi.Options{}))) })
				two.run(func() {
					p := edi.NewParallel(bytes.NewReader(data), int64(len(data)), edi.ParallelOptions{Workers: 2}, open)
					defer p.Close()
					drain(b, p)
				})
			}
			b.ReportMetric(one.wall.Seconds()/two.wall.Seconds(), "times")
			b.ReportMetric(two.cpu.Seconds()/one.cpu.Seconds(), "cpu-ratio")
		})
	}
}

// best is the least time that something took.
type best struct{ wall, cpu time.Duration }

func (t *best) run(fn func()) {
	began, used := time.Now(), cpuTime()
	fn()
	wall, cpu := time.Since(began), cpuTime()-used
	if t.cpu == 0 || cpu < t.cpu {
		t.cpu = cpu
	}
	if t.wall == 0 || wall < t.wall {
		t.wall = wall
	}
}

func drain(b *testing.B, src edi.Source) {
	b.Helper()
	for {
		if _, err := src.Next(); err == io.EOF {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}
