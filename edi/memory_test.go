package edi_test

import (
	"bytes"
	"io"
	"runtime"
	"testing"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
)

// endless repeats the transactions of a file, so that one interchange of any
// size can be read without being held.
type endless struct {
	head, body, tail []byte
	left             int // bodies still to come
	now              []byte
	state            int
}

func (e *endless) Read(p []byte) (int, error) {
	for len(e.now) == 0 {
		switch {
		case e.state == 0:
			e.now, e.state = e.head, 1
		case e.left > 0:
			e.now = e.body
			e.left--
		case e.state == 1:
			e.now, e.state = e.tail, 2
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, e.now)
	e.now = e.now[n:]
	return n, nil
}

// A transaction of 24 MB is validated, and 10 MB of it turned into JSON and back,
// in the memory that a small one needs.
//
//nolint:paralleltest // it measures memory
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("reads 24 MB, and measures a heap that is not the race detector's")
	}
	data := generate.SalesReports(generate.Options{Transactions: 1, Lines: 1000})
	from := bytes.Index(data, []byte("PTD*"))
	to := bytes.Index(data, []byte("CTT*"))
	source := func() io.Reader {
		return &endless{head: data[:from], body: data[from:to], tail: data[to:], left: 24 << 20 / (to - from)}
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	sum, err := guide.Check(io.Discard, source(), library, guide.CheckOptions{})
	if err != nil || sum.Transactions != 1 {
		t.Fatalf("Check = %+v, %v", sum, err)
	}
	pipe, w := io.Pipe()
	go func() { w.CloseWithError(edi.EncodeJSON(w, io.LimitReader(source(), 10<<20))) }()
	if err := edi.DecodeJSON(io.Discard, pipe); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 16<<20 {
		t.Errorf("the heap grew by %d MB, want at most 16", grown>>20)
	}
}
