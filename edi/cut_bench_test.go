package edi

import (
	"bytes"
	"sync"
	"testing"
)

// skimmed is a file of many alike segments, for a benchmark that package
// generate cannot serve from in here.
func skimmed() []byte {
	var b bytes.Buffer
	b.WriteString("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*P*>~\nGS*PO*A*B*20240408*0612*1*X*004010~\n")
	for range 500 {
		b.WriteString("ST*850*0001~\n")
		for range 100 {
			b.WriteString("PO1*1*12*EA*11.50*PE*BP*L-00123*VP*MX-0123*UP*036000291452~\nPID*F****Wireless access point, indoor~\nSCH*12*EA***002*20240415~\n")
		}
		b.WriteString("SE*302*0001~\n")
	}
	return b.Bytes()
}

// BenchmarkCut is what cutting a file costs beside reading it.
func BenchmarkCut(b *testing.B) {
	data := skimmed()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	var buffers sync.Pool
	for b.Loop() {
		c := newCutter(bytes.NewReader(data), int64(len(data)), ParallelOptions{Workers: 2, Piece: 512 << 10}, &buffers)
		for q := c.next(); q != nil; q = c.next() {
			buffers.Put(q.buf)
		}
	}
}
