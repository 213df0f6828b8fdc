package mapping

import (
	"io"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// SalesReports gives the sales reports of r one after the other, as their
// transactions end, with what was found in each. No document is kept: values
// know no place in the file. A report that is very large comes in parts, all
// but the last with More set, before its transaction ends. Transactions of
// other kinds are passed over.
//
// A report is valid until take returns, since the next one uses its memory again;
// Clone keeps it.
func SalesReports(r io.Reader, guides *guide.Library, maps *Library, take func(*edi.Event, *SalesReport) error) error {
	return salesReports(newStream(r, guides, maps, guide.Options{}), take)
}

func salesReports(s *stream, take func(*edi.Event, *SalesReport) error) error {
	y := newReporter(manyFigures)
	var p portion
	for {
		e, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if s.m == nil || s.m.sales == nil {
			continue
		}
		switch {
		case e.Kind == edi.TransactionEnd:
			p.more = false
		case e.Kind == edi.TransactionSegment && s.large():
			p.more = true
		default:
			continue
		}
		if err := take(e, s.report(y, &p)); err != nil {
			return err
		}
	}
}

// report makes a report of what is on the tape and takes it off, if more is to
// come.
func (s *stream) report(y *reporter, p *portion) *SalesReport {
	top := passage{tape: &s.t, reading: s.m.sales}
	if p.split = false; !p.more {
		top.texts = string(s.t.text)
		report := y.report(top, *p)
		*p = portion{}
		return report
	}
	s.t.settle()
	chain := s.t.chain()
	restore := s.t.without(chain)
	top.texts = string(s.t.text)
	p.split = s.t.flowing(chain) > 1
	report := y.report(top, *p)
	p.continued = p.split && y.sales > 0 && (p.continued && y.sales == 1 || y.last > 0)
	p.lines += int64(len(report.Lines))
	restore()
	s.t.shed(chain)
	s.patience = 2 * len(s.t.nodes)
	return report
}

// without takes the innermost round that goes on off its list, until it is put
// back.
func (t *tape) without(chain []int32) (restore func()) {
	depth := t.flowing(chain)
	if depth == 0 {
		return func() {}
	}
	sl := t.listOf(chain, depth)
	was, before := *sl, int32(0)
	for n := sl.head; t.nodes[n].frame != chain[depth]; n = t.nodes[n].next {
		before = n
	}
	if before == 0 {
		sl.head = 0
	} else {
		t.nodes[before].next = 0
	}
	return func() {
		if *sl = was; before != 0 {
			t.nodes[before].next = was.tail
		}
	}
}

// flowing is how many of the frames that are open are rounds of lists that can
// be handed over as they come.
func (t *tape) flowing(chain []int32) int {
	n := 0
	for n+1 < len(chain) {
		if r := t.frames[chain[n+1]].scope; r == nil || !r.flows {
			break
		}
		n++
	}
	return n
}

// listOf is the list in which the n-th open frame stands, as the last one.
func (t *tape) listOf(chain []int32, n int) *slot {
	return &t.slots[int(t.frames[chain[n-1]].slots)+t.frames[chain[n]].scope.slot]
}

// shed takes the rounds that are over off the tape.
func (t *tape) shed(chain []int32) {
	for n := t.flowing(chain); n > 0; n-- {
		sl := t.listOf(chain, n)
		sl.head, sl.count = sl.tail, 1
	}
	t.compact(chain)
}
