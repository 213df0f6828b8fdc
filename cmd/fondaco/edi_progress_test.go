package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

// slow gives one piece at a time, and lets a clock go on.
type slow struct {
	pieces []string
	step   time.Duration
	clock  *time.Time
}

func (s *slow) Read(b []byte) (int, error) {
	if len(s.pieces) == 0 {
		return 0, io.EOF
	}
	n := copy(b, s.pieces[0])
	s.pieces, *s.clock = s.pieces[1:], s.clock.Add(s.step)
	return n, nil
}

func TestProgress(t *testing.T) {
	t.Parallel()
	piece := strings.Repeat("x", 1000)
	tests := []struct {
		name string
		step time.Duration
		size int64
		want string
	}{
		{"a fast file shows nothing", time.Millisecond, 4000, ""},
		{"a slow one what was read of it", 500 * time.Millisecond, 4000,
			"\r\x1b[K0 of 0 MB, 50 %, 0 MB/s\r\x1b[K0 of 0 MB, 75 %, 0 MB/s\r\x1b[K0 of 0 MB, 100 %, 0 MB/s\r\x1b[K"},
		{"not oftener than it can be read", 125 * time.Millisecond, 4000, ""},
		{"nobody knows how long standard input is", time.Second, 0, "\r\x1b[K0 MB, 0 MB/s\r\x1b[K0 MB, 0 MB/s\r\x1b[K0 MB, 0 MB/s\r\x1b[K0 MB, 0 MB/s\r\x1b[K"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var told bytes.Buffer
			clock := time.Date(2024, 4, 8, 6, 13, 0, 0, time.UTC)
			p := newProgress(io.NopCloser(&slow{[]string{piece, piece, piece, piece}, test.step, &clock}), test.size, &told)
			p.now = func() time.Time { return clock }
			p.begin()
			if n, err := io.Copy(io.Discard, p); n != 4000 || err != nil {
				t.Fatalf("Copy = %d, %v", n, err)
			}
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			if told.String() != test.want {
				t.Errorf("told %q, want %q", told.String(), test.want)
			}
		})
	}
}

// What else goes to the terminal does not stand behind the progress.
func TestProgressMakesRoom(t *testing.T) {
	t.Parallel()
	var terminal bytes.Buffer
	p := newProgress(io.NopCloser(strings.NewReader("")), 0, &terminal)
	p.show(p.begun.Add(time.Second))
	b := besideProgress{p, &terminal}
	for _, s := range []string{"a finding\n", "another\n"} {
		if _, err := io.WriteString(&b, s); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := terminal.String(), "\r\x1b[K0 MB, 0 MB/s\r\x1b[Ka finding\nanother\n"; got != want {
		t.Errorf("terminal shows %q, want %q", got, want)
	}
}
