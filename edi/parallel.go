package edi

import (
	"errors"
	"io"
	"runtime"
	"sync"
)

// ParallelOptions shape a Parallel.
type ParallelOptions struct {
	Options
	// Workers is how many pieces are read at a time, as many as there are
	// processors if zero.
	Workers int
	// Piece is the size of a piece in bytes, 512 KiB if zero, as far as transactions
	// allow: none is cut in two. The first and the last pieces are smaller, so that
	// no processor waits long for another.
	Piece int
}

// Parallel reads a file on several processors. It is a Source that gives the
// envelopes in the order of the file and everything found in them, exactly as
// one Source after the whole file would, but neither segments nor what stands
// outside of transactions: of the events there are InterchangeStart,
// GroupStart, TransactionStart, TransactionEnd, GroupEnd and InterchangeEnd,
// and their Segment is nil.
//
// The file is cut before the headers of transactions and behind interchanges.
// Whether a cut was a good one is seen when the piece before it is read to its
// end. If not, which takes damage of a rare kind, the whole file is read once
// more by one Source, and the events go on where they were.
type Parallel struct {
	in   io.ReaderAt
	size int64
	opt  ParallelOptions
	open func(*Reader) Source

	work    chan *task // in the order of the file
	stop    chan struct{}
	started bool
	once    sync.Once
	group   sync.WaitGroup
	free    sync.Pool // of tasks
	buffers sync.Pool // of pieces
	turn    sync.Mutex
	cutter  *cutter // of whose turn it is, nil when there is no more to cut

	now    *task
	at     int // of the next step in now
	passed int // steps given
	serial Source
	ic     Interchange
	gr     Group
	carry  carry
	file   Findings
	err    error
	ev     Event
}

// carry is what the pieces before have found of envelopes that are still open.
type carry struct {
	ic, gr   Findings
	acks     int
	accepted int
}

// task is the reading of one piece.
type task struct {
	piece *piece
	ready chan struct{}
	steps []step
	n     int // of steps in use
	err   error
	file  *Findings
}

// limit is how many findings are kept of an envelope.
func (t *task) limit() int {
	if t.piece.parser == nil {
		return 0
	}
	return t.piece.parser.opt.MaxFindings
}

// step is one event and a copy of the envelope that it is about.
type step struct {
	kind EventKind
	ic   Interchange
	gr   Group
	ts   Transaction
}

// NewParallel returns a Parallel of the size bytes of in. Open makes the Source
// of one piece, a Parser or what is built on one, of a Reader that it gets; it is called
// by several goroutines at a time, and its options must be the same every time.
// Close ends the reading.
func NewParallel(in io.ReaderAt, size int64, o ParallelOptions, open func(*Reader) Source) *Parallel {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Piece <= 0 {
		o.Piece = 512 << 10
	}
	return &Parallel{in: in, size: size, opt: o, open: open, work: make(chan *task, 2*o.Workers), stop: make(chan struct{})}
}

var _ Source = (*Parallel)(nil)

// Close stops what is still being read and waits for it. It may be called more
// than once, and need not be after an error of Next, io.EOF included.
func (p *Parallel) Close() {
	if p.err == nil {
		p.err = errClosed
	}
	p.halt()
}

var errClosed = errors.New("this reading has been closed")

func (p *Parallel) halt() {
	p.once.Do(func() { close(p.stop) })
	p.group.Wait()
}

// File holds what was found outside of every interchange, complete after io.EOF.
func (p *Parallel) File() *Findings { return &p.file }

// Next returns the next event, and io.EOF after the last. The event and what it
// points to are valid until the next call.
func (p *Parallel) Next() (*Event, error) {
	if !p.started {
		p.started = true
		p.start()
	}
	for p.serial == nil {
		if p.now != nil && p.at < p.now.n {
			p.at++
			p.passed++
			return p.event(&p.now.steps[p.at-1]), nil
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	return p.again()
}

// advance goes on to the next piece.
func (p *Parallel) advance() error {
	if p.err != nil {
		return p.err
	}
	if t := p.now; t != nil {
		p.now = nil
		if t.piece.torn {
			p.halt()
			p.passed, p.at = 0, p.passed
			p.serial = p.open(NewReader(io.NewSectionReader(p.in, 0, p.size), p.opt.Options))
			return nil
		}
		p.settle(t)
		if p.err = t.err; p.err != nil {
			p.halt()
			return p.err
		}
		p.free.Put(t)
	}
	t, ok := <-p.work
	if !ok {
		p.err = io.EOF
		p.halt()
		return p.err
	}
	<-t.ready
	p.now, p.at = t, 0
	return nil
}

// settle keeps what the piece has found of envelopes that go on behind it.
func (p *Parallel) settle(t *task) {
	limit := t.limit()
	if q := t.piece.parser; q != nil {
		p.carry.ic.merge(&q.ic.Findings, limit)
		p.carry.gr.merge(&q.gr.Findings, limit)
		p.carry.acks += q.ic.Acks
		p.carry.accepted += q.gr.Accepted
	}
	p.file.merge(t.file, limit)
}

// event makes an event of a step, with what earlier pieces know of its envelope.
func (p *Parallel) event(s *step) *Event {
	p.ev = Event{Kind: s.kind, Interchange: &p.ic, Group: &p.gr}
	limit := p.now.limit()
	switch s.kind {
	case InterchangeStart:
		p.ic, p.carry = s.ic, carry{}
		p.ev.Group = nil
	case GroupStart:
		p.gr, p.carry.gr, p.carry.accepted = s.gr, Findings{}, 0
	case TransactionStart, TransactionEnd:
		p.ic.Transactions, p.gr.Count = s.ic.Transactions, s.gr.Count
		p.ev.Transaction = &s.ts
	case GroupEnd:
		p.gr = s.gr
		p.carry.gr.merge(&s.gr.Findings, limit)
		p.gr.Findings, p.gr.Accepted = p.carry.gr, s.gr.Accepted+p.carry.accepted
		p.carry.gr, p.carry.accepted = Findings{}, 0
	case InterchangeEnd:
		p.ic = s.ic
		p.carry.ic.merge(&s.ic.Findings, limit)
		p.ic.Findings, p.ic.Acks = p.carry.ic, s.ic.Acks+p.carry.acks
		p.carry = carry{}
		p.ev.Group = nil
	}
	return &p.ev
}

// again gives the events of the one Source that reads the whole file, but for
// those that were given before.
func (p *Parallel) again() (*Event, error) {
	for {
		e, err := p.serial.Next()
		if err != nil {
			p.file = *p.serial.File()
			return nil, err
		}
		if !isEnvelope(e.Kind) {
			continue
		}
		if p.passed++; p.passed > p.at {
			e.Segment = nil
			return e, nil
		}
	}
}

func isEnvelope(k EventKind) bool {
	switch k {
	case InterchangeStart, GroupStart, TransactionStart, TransactionEnd, GroupEnd, InterchangeEnd:
		return true
	}
	return false
}
