package edi

import "io"

// start cuts the file in one goroutine and reads the pieces in others.
func (p *Parallel) start() {
	queue := make(chan *task)
	p.group.Go(func() { p.deal(queue) })
	for range p.opt.Workers {
		p.group.Go(func() {
			for t := range queue {
				p.read(t)
				close(t.ready)
			}
		})
	}
}

// deal cuts the file into tasks. Of those that nobody has asked for yet there
// are never more than the channel holds.
func (p *Parallel) deal(queue chan<- *task) {
	defer close(p.work)
	defer close(queue)
	c := newCutter(p.in, p.size, p.opt.Piece, p.opt.Options)
	for q := c.next(); q != nil; q = c.next() {
		t, ok := p.free.Get().(*task)
		if !ok {
			t = &task{}
		}
		t.piece, t.n, t.err, t.ready = q, 0, nil, make(chan struct{})
		select {
		case p.work <- t:
		case <-p.stop:
			return
		}
		select {
		case queue <- t:
		case <-p.stop:
			return
		}
	}
}

// read reads a piece and keeps its envelopes.
func (p *Parallel) read(t *task) {
	buf, _ := p.buffers.Get().(*[]byte)
	r := t.piece.reader(p.in, p.size, p.opt.Options, buf)
	src := p.open(r)
	defer func() { p.buffers.Put(&r.buf) }() // what is kept of a piece is copied
	for n := 0; ; n++ {
		if n%askEvery == 0 && p.stopped() {
			t.err = errClosed
			return
		}
		e, err := src.Next()
		if err != nil {
			if err != io.EOF {
				t.err = err
			} else if q := t.piece; q.to != nil && (q.parser == nil || !q.parser.stopped) {
				q.torn = true
			}
			t.file = src.File()
			return
		}
		if isEnvelope(e.Kind) {
			t.keep(e)
		}
	}
}

// askEvery is how many events pass before a reader asks whether it is to stop:
// asking costs as much as a segment.
const askEvery = 1024

func (p *Parallel) stopped() bool {
	select {
	case <-p.stop:
		return true
	default:
		return false
	}
}

func (t *task) keep(e *Event) {
	if t.n == len(t.steps) {
		t.steps = append(t.steps, step{})
	}
	s := &t.steps[t.n]
	t.n++
	s.kind = e.Kind
	switch e.Kind {
	case InterchangeStart, InterchangeEnd:
		s.ic = e.Interchange.copyOf(nil)
	case GroupStart, GroupEnd:
		s.gr = e.Group.copyOf(nil)
	default:
		s.ic.Transactions, s.gr.Count = e.Interchange.Transactions, e.Group.Count
		s.ts.copyFrom(e.Transaction)
	}
}
