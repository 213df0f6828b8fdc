package edi

import "io"

// Report is everything found in a file, interchange by interchange. It grows
// with the number of transactions; whoever reads files of any size follows the
// events instead.
type Report struct {
	Interchanges []*Interchange `json:"interchanges"`
	Findings                    // outside of every interchange
}

// Source yields events: a Parser, or a validator on top of one.
type Source interface {
	Next() (*Event, error)
	File() *Findings
}

var _ Source = (*Parser)(nil)

// Collect follows src to its end and keeps what it reports. When reading fails
// the report holds what was complete by then.
func Collect(src Source) (*Report, error) {
	rep := &Report{}
	for {
		e, err := src.Next()
		if err != nil {
			rep.Findings = src.File().clone()
			if err == io.EOF {
				return rep, nil
			}
			return rep, err
		}
		rep.keep(e)
	}
}

func (r *Report) keep(e *Event) {
	switch e.Kind {
	case InterchangeStart:
		r.Interchanges = append(r.Interchanges, &Interchange{})
	case GroupStart:
		ic := r.Interchanges[len(r.Interchanges)-1]
		ic.Groups = append(ic.Groups, &Group{})
	case TransactionEnd:
		g := r.lastGroup()
		g.Transactions = append(g.Transactions, e.Transaction.clone())
	case GroupEnd:
		g := r.lastGroup()
		*g = e.Group.copyOf(g.Transactions)
	case InterchangeEnd:
		ic := r.Interchanges[len(r.Interchanges)-1]
		*ic = e.Interchange.copyOf(ic.Groups)
	}
}

func (r *Report) lastGroup() *Group {
	ic := r.Interchanges[len(r.Interchanges)-1]
	return ic.Groups[len(ic.Groups)-1]
}

// All calls fn for every finding of the report, those of a group before those
// of its transactions.
func (r *Report) All(fn func(*Finding)) {
	r.each(fn)
	for _, ic := range r.Interchanges {
		ic.each(fn)
		for _, g := range ic.Groups {
			g.each(fn)
			for _, t := range g.Transactions {
				t.each(fn)
			}
		}
	}
}

// Totals are the numbers of errors and warnings in the whole report.
func (r *Report) Totals() (errors, warnings int) {
	add := func(l *Findings) { errors, warnings = errors+l.Errors, warnings+l.Warnings }
	add(&r.Findings)
	for _, ic := range r.Interchanges {
		add(&ic.Findings)
		for _, g := range ic.Groups {
			add(&g.Findings)
			for _, t := range g.Transactions {
				add(&t.Findings)
			}
		}
	}
	return errors, warnings
}

func (l *Findings) each(fn func(*Finding)) {
	for i := range l.List {
		fn(&l.List[i])
	}
}

func (t *Transaction) clone() *Transaction {
	c := &Transaction{}
	c.copyFrom(t)
	return c
}

// copyFrom makes t a copy of s that stays valid, reusing the memory of t.
func (t *Transaction) copyFrom(s *Transaction) {
	t.Header.CopyFrom(&s.Header)
	t.Trailer.CopyFrom(&s.Trailer)
	t.Index, t.Segments, t.Guide = s.Index, s.Segments, s.Guide
	list := append(t.List[:0], s.List...)
	if len(list) == 0 {
		list = nil
	}
	t.Findings = s.Findings
	t.List = list
}

func (g *Group) copyOf(transactions []*Transaction) Group {
	c := Group{Index: g.Index, Count: g.Count, Accepted: g.Accepted, Findings: g.Findings.clone(), Transactions: transactions, implicit: g.implicit}
	c.Header.CopyFrom(&g.Header)
	c.Trailer.CopyFrom(&g.Trailer)
	return c
}

func (i *Interchange) copyOf(groups []*Group) Interchange {
	c := *i
	c.Header, c.Trailer, c.Findings, c.Groups = Segment{}, Segment{}, i.Findings.clone(), groups
	c.Header.CopyFrom(&i.Header)
	c.Trailer.CopyFrom(&i.Trailer)
	return c
}
