package measure

import "testing"

func TestYardstickIsFixedWork(t *testing.T) {
	t.Parallel()
	a, b := newYardstick(), newYardstick()
	a.run()
	b.run()
	if a.sum != b.sum || a.sum == 0 {
		t.Errorf("two yardsticks give %d and %d, want the same", a.sum, b.sum)
	}
	if got, want := a.size(), float64(2<<20); got != want {
		t.Errorf("size() = %v, want %v", got, want)
	}
}

func TestBytesReports(t *testing.T) {
	t.Parallel()
	r := testing.Benchmark(func(b *testing.B) {
		b.Helper()
		y := newYardstick()
		Bytes(b, int(y.size()), y.run)
	})
	for _, unit := range []string{"MB/cpu-s", "yard-MB/cpu-s", "yards"} {
		if r.Extra[unit] <= 0 {
			t.Errorf("%s = %v, want more than nothing", unit, r.Extra[unit])
		}
	}
}

func TestCountReports(t *testing.T) {
	t.Parallel()
	r := testing.Benchmark(func(b *testing.B) {
		b.Helper()
		Count(b, 1000, "lines", newYardstick().run)
	})
	for _, unit := range []string{"lines/cpu-s", "yard-MB/cpu-s", "lines/yard-MB"} {
		if r.Extra[unit] <= 0 {
			t.Errorf("%s = %v, want more than nothing", unit, r.Extra[unit])
		}
	}
	if r.Bytes != 0 {
		t.Errorf("%d bytes are said to be worked on, want none", r.Bytes)
	}
}
