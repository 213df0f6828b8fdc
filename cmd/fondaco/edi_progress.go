package main

import (
	"fmt"
	"io"
	"time"
)

// progress counts what is read of a file, and tells a person at a terminal how
// far it has come once that takes longer than a second.
type progress struct {
	in    io.ReadCloser
	size  int64 // 0 if nobody knows
	tell  io.Writer
	now   func() time.Time
	begun time.Time
	next  time.Time // when to tell again
	read  int64
	shown bool
}

const (
	patience = time.Second
	interval = 250 * time.Millisecond
)

func newProgress(in io.ReadCloser, size int64, tell io.Writer) *progress {
	p := &progress{in: in, size: size, tell: tell, now: time.Now}
	p.begin()
	return p
}

func (p *progress) begin() {
	p.begun = p.now()
	p.next = p.begun.Add(patience)
}

// Read reads on, and tells if it is time to.
func (p *progress) Read(b []byte) (int, error) {
	n, err := p.in.Read(b)
	p.read += int64(n)
	if err != nil {
		p.clear() // what follows goes to the same terminal
	}
	if now := p.now(); err == nil && !now.Before(p.next) {
		p.next = now.Add(interval)
		p.show(now)
	}
	return n, err
}

// megabyte is that of disks, not of memory.
const megabyte = 1e6

func (p *progress) show(now time.Time) {
	p.shown = true
	done, speed := float64(p.read)/megabyte, float64(p.read)/megabyte/now.Sub(p.begun).Seconds()
	if p.size > 0 {
		fmt.Fprintf(p.tell, "\r\x1b[K%.0f of %.0f MB, %d %%, %.0f MB/s", done, float64(p.size)/megabyte, p.read*100/p.size, speed)
		return
	}
	fmt.Fprintf(p.tell, "\r\x1b[K%.0f MB, %.0f MB/s", done, speed)
}

func (p *progress) clear() {
	if p.shown {
		p.shown = false
		fmt.Fprint(p.tell, "\r\x1b[K")
	}
}

// Close closes the file and takes the line back.
func (p *progress) Close() error {
	p.clear()
	return p.in.Close()
}

// beside gives a writer for what else goes to the terminal, which takes the line
// back before it writes.
func (p *progress) beside(w io.Writer) io.Writer {
	if !terminal(w) {
		return w
	}
	return &besideProgress{p, w}
}

type besideProgress struct {
	p *progress
	w io.Writer
}

// Write takes the line back and writes.
func (b *besideProgress) Write(data []byte) (int, error) {
	b.p.clear()
	return b.w.Write(data)
}
