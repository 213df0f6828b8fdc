package guide

import "testing"

func TestFixed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text    string
		implied int
		want    fixed
		ok      bool
	}{
		{"1", 0, 1_000_000, true}, {"-1.5", 0, -1_500_000, true}, {"1,25", 0, 1_250_000, true}, {"123", 2, 1_230_000, true},
		{"1.23", 2, 1_230_000, true}, {".5", 0, 500_000, true}, {"1.0000000000", 0, 1_000_000, true}, {"1.0000001", 0, 0, false},
		{"", 0, 0, false}, {"1x", 0, 0, false}, {"1.2.3", 0, 0, false}, {"99999999999999999999", 0, 0, false}, {"900000000000", 0, 900_000_000_000_000_000, true},
	} {
		got, ok := parseFixed([]byte(test.text), test.implied)
		if ok != test.ok || ok && got != test.want {
			t.Errorf("parseFixed(%q, %d) = %d, %v, want %d, %v", test.text, test.implied, got, ok, test.want, test.ok)
		}
	}
	for _, test := range []struct{ a, b, want string }{{"2", "3", "6"}, {"12", "99.5", "1194"}, {"-0.5", "0.5", "-0.25"}, {"0.001", "0.001", "0.000001"}} {
		a, _ := parseFixed([]byte(test.a), 0)
		b, _ := parseFixed([]byte(test.b), 0)
		if got, ok := a.times(b); !ok || got.write(0, false) != test.want {
			t.Errorf("%s * %s = %s, %v, want %s", test.a, test.b, got.write(0, false), ok, test.want)
		}
	}
	if huge, _ := parseFixed([]byte("900000000000"), 0); true {
		if _, ok := huge.times(huge); ok {
			t.Error("a product that does not fit was given")
		}
		if s, ok := huge.plus(8_900_000_000_000_000_000); ok {
			t.Errorf("a sum that does not fit is %d", s)
		}
	}
}
