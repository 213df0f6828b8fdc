package guide_test

import (
	"bytes"
	"io"
	"runtime"
	"sync"
	"testing"
	"time"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
	"fondaco/edi/internal/measure"
	"fondaco/edi/sets"
)

func BenchmarkValidate(b *testing.B) {
	lib := guide.NewLibrary(sets.Files())
	for name, data := range generated() {
		b.Run(name, func(b *testing.B) {
			measure.Bytes(b, len(data), func() { validate(b, data, lib) })
		})
	}
}

// BenchmarkTokens is what of the above the reader takes.
func BenchmarkTokens(b *testing.B) {
	for name, data := range generated() {
		b.Run(name, func(b *testing.B) {
			measure.Bytes(b, len(data), func() {
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
	start, n := measure.CPU(), 0
	for b.Loop() {
		fn()
		n++
	}
	b.ReportMetric(float64((measure.CPU()-start).Microseconds())/1e3/float64(n), "cpu-ms/op")
}

// BenchmarkTwoCores validates a file on one processor and on two, in turns, and
// reports of the best runs how many times faster two are by the clock ("times"),
// and how much more of the processors they use ("cpu-ratio").
//
// Two processors that share an arithmetic unit, a cache or a machine with others
// are not twice as fast as one, whatever the program does. So two files are also
// validated at the same time, each by one processor and with nothing in common:
// what that gains is the "ceiling" of the machine, and "of-ceiling" is how much of
// it cutting one file reaches.
func BenchmarkTwoCores(b *testing.B) {
	lib := guide.NewLibrary(sets.Files())
	open := func(r *edi.Reader) edi.Source { return guide.NewValidator(r, lib, guide.Options{}) }
	for name, data := range map[string][]byte{
		"850":    generate.PurchaseOrders(generate.Options{Transactions: 800, Lines: 200}),
		"ORDERS": generate.Orders(generate.Options{Transactions: 600, Lines: 200}),
	} {
		alone := func() { drain(b, open(edi.NewReader(bytes.NewReader(data), edi.Options{}))) }
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			one, two, apart := best{}, best{}, best{}
			for b.Loop() {
				one.run(alone)
				two.run(func() {
					p := edi.NewParallel(bytes.NewReader(data), int64(len(data)), edi.ParallelOptions{Workers: 2}, open)
					defer p.Close()
					drain(b, p)
				})
				apart.run(func() {
					var both sync.WaitGroup
					both.Go(alone)
					both.Go(alone)
					both.Wait()
				})
			}
			times, ceiling := one.wall.Seconds()/two.wall.Seconds(), 2*one.wall.Seconds()/apart.wall.Seconds()
			b.ReportMetric(times, "times")
			b.ReportMetric(ceiling, "ceiling")
			b.ReportMetric(times/ceiling, "of-ceiling")
			b.ReportMetric(two.cpu.Seconds()/one.cpu.Seconds(), "cpu-ratio")
		})
	}
}

// best is the least time that something took.
type best struct{ wall, cpu time.Duration }

func (t *best) run(fn func()) {
	began, used := time.Now(), measure.CPU()
	fn()
	wall, cpu := time.Since(began), measure.CPU()-used
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
			b.Error(err)
			return
		}
	}
}
