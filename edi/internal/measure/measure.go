package measure

import (
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
)

// CPU is the processor time that the process has used until now.
func CPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Bytes runs fn, which works on n bytes, as a benchmark, and reports its
// MB/cpu-s, those of the yardstick, and how many yards that is.
func Bytes(b *testing.B, n int, fn func()) {
	b.Helper()
	b.SetBytes(int64(n))
	compare(b, float64(n)/1e6, "MB/cpu-s", "yards", fn)
}

// Count runs fn, which makes n of something that is no bytes, as a benchmark, and
// reports lines/cpu-s, say, and lines/yard-MB: how many in the time that the
// yardstick takes for a megabyte.
func Count(b *testing.B, n int, unit string, fn func()) {
	b.Helper()
	compare(b, float64(n), unit+"/cpu-s", unit+"/yard-MB", fn)
}

// compare reports how much is done in a second of a processor, and in the time of
// a megabyte of the yardstick.
func compare(b *testing.B, n float64, speed, yards string, fn func()) {
	b.Helper()
	b.ReportAllocs()
	runtime.GC()
	var used, yard time.Duration
	var ratios []float64
	y := newYardstick()
	for b.Loop() {
		b.StopTimer()
		before := CPU()
		y.run()
		after := CPU()
		b.StartTimer()
		fn()
		b.StopTimer()
		end := CPU()
		yard, used = yard+after-before, used+end-after
		if end > after && after > before {
			ratios = append(ratios, n/float64(end-after)*float64(after-before)/y.size()*1e6)
		}
		b.StartTimer()
	}
	if used > 0 && yard > 0 && len(ratios) > 0 {
		slices.Sort(ratios)
		b.ReportMetric(n*float64(b.N)/used.Seconds(), speed)
		b.ReportMetric(y.size()*float64(b.N)/1e6/yard.Seconds(), "yard-MB/cpu-s")
		b.ReportMetric(ratios[len(ratios)/2], yards)
	}
}

// yardstick is a loop whose work is always the same.
type yardstick struct {
	block []byte
	table [256]uint64
	sum   uint64
}

// rounds is how often the yardstick passes over its block, which fits into the
// cache next to a processor.
const rounds = 128

func newYardstick() *yardstick {
	y := &yardstick{block: make([]byte, 16<<10)}
	x := uint32(1)
	for i := range y.block {
		x = x*1664525 + 1013904223
		y.block[i] = byte(x >> 24)
	}
	for i := range y.table {
		y.table[i] = uint64(i) << (i % 32)
	}
	return y
}

// size is how many bytes run passes over.
func (y *yardstick) size() float64 { return float64(rounds * len(y.block)) }

func (y *yardstick) run() {
	all := y.sum
	for range rounds {
		n := uint64(0)
		for _, c := range y.block {
			k := y.table[c]
			all |= k
			n += k >> 62 & 1
		}
		all += n
	}
	y.sum = all
}
