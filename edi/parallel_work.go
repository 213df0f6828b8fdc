package edi

import "io"

// start has the file cut and its pieces read. There is nobody who cuts alone:
// whoever has read a piece cuts the next one, which is then in the cache next to
// the processor that reads it.
func (p *Parallel) start() {
	p.cutter = newCutter(p.in, p.size, p.opt, &p.buffers)
	for range p.opt.Workers {
		p.group.Go(func() {
			for t := p.take(); t != nil; t = p.take() {
				p.read(t)
				close(t.ready)
			}
		})
	}
}

// take cuts off a piece and puts it in the line of those to be asked for, nil if
// there is none. Of those that nobody has asked for yet there are never more than
// the channel holds.
func (p *Parallel) take() *task {
	p.turn.Lock()
	defer p.turn.Unlock()
	if p.cutter == nil {
		return nil
	}
	if q := p.cutter.next(); q != nil {
		t, ok := p.free.Get().(*task)
		if !ok {
			t = &task{}
		}
		t.piece, t.n, t.err, t.ready = q, 0, nil, make(chan struct{})
		select {
		case p.work <- t:
			return t
		case <-p.stop:
		}
	}
	p.cutter = nil
	close(p.work)
	return nil
}

// read reads a piece and keeps its envelopes.
func (p *Parallel) read(t *task) {
	r := t.piece.reader(p.in, p.size, p.opt.Options)
	src := p.open(r)
	if t.piece.buf != nil {
		defer func() { p.buffers.Put(&r.buf) }() // what is kept of a piece is copied
	}
	for n := 0; ; n++ {
		if n%askEvery == 0 && p.stopped() {
			t.err = errClosed
			return
		}
		switch e, err := src.Next(); {
		case err == nil && e.Kind == TransactionSegment: // as nearly all are
		case err == nil && isEnvelope(e.Kind):
			t.keep(e)
		case err != nil:
			t.end(src, err)
			return
		}
	}
}

// end keeps how the reading of the piece has ended.
func (t *task) end(src Source, err error) {
	if err != io.EOF {
		t.err = err
	} else if q := t.piece; q.to != nil && (q.parser == nil || !q.parser.stopped) {
		q.torn = true
	}
	t.file = src.File()
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
