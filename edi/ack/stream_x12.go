package ack

import (
	"bytes"

	"fondaco/edi"
)

// x12Stream answers one X12 interchange.
type x12Stream struct {
	s     *Stream
	out   *out         // nil until there is a group to answer
	held  bytes.Buffer // the answer, where the interchange may yet be rejected
	tally tally
	in    bool // a group that is answered
	acks  bool // all groups are acknowledgments
}

func (x *x12Stream) groupStart(ic *edi.Interchange, g *edi.Group) {
	x.tally = tally{}
	x.in = false
	if isAnswer(g, x.s.policy) {
		return
	}
	x.acks = false
	if g.Header.Kind() == 0 || x.s.policy.RejectCode != "" {
		return
	}
	if x.out == nil {
		x.begin(ic, g)
	}
	x.in = true
	x.out.beginResponse(&Group{FunctionalID: g.FunctionalID(), ControlNumber: g.ControlNumber(), Version: g.Version()})
}

func (x *x12Stream) begin(ic *edi.Interchange, g *edi.Group) {
	e := ReplyHeader(ic)
	e.ReplyGroup(g)
	x.s.o.Envelope(ic, &e)
	to := x.s.w
	if x.s.policy.RejectDamaged {
		to = &x.held
	}
	x.out = newOut(x.s.writers.get(toAnswer, to, Delimiters(ic)), formOf(x.s.policy), e)
	x.out.begin()
	x.out.beginGroup(functionalAcknowledgment, x.out.version)
}

func (x *x12Stream) transaction(t *edi.Transaction) {
	if !x.in {
		return
	}
	if t.OK() {
		x.tally.add(Accepted)
		if !x.s.policy.ErrorsOnly {
			x.out.accepted(t)
		}
		return
	}
	v := JudgeTransaction(t, x.s.policy)
	x.tally.add(v.Status)
	x.out.transaction(&v)
}

func (x *x12Stream) groupEnd(g *edi.Group) {
	if !x.in {
		return
	}
	x.in = false
	v := x.tally.verdict(g)
	x.out.endResponse(&v)
}

// end completes the answer, and sends the TA1 if one is due.
func (x *x12Stream) end(ic *edi.Interchange) error {
	if x.out != nil {
		x.out.endGroup()
		if err := x.out.w.EndInterchange(); err != nil {
			return err
		}
		if !rejects(ic, x.s.policy) {
			if _, err := x.s.w.Write(x.held.Bytes()); err != nil {
				return err
			}
			x.s.Answered++
		}
	}
	v := judgeInterchange(ic, x.s.policy, x.acks && ic.Count > 0)
	if v == nil {
		return nil
	}
	e := ReplyHeader(ic)
	x.s.o.Envelope(ic, &e)
	o := newOut(x.s.writers.get(toAnswer, x.s.w, Delimiters(ic)), FormTA1, e)
	o.begin()
	o.ta1(v)
	x.s.Answered++
	return o.w.EndInterchange()
}
