package ack

import (
	"bytes"

	"fondaco/edi"
)

// edifactStream answers one EDIFACT interchange.
type edifactStream struct {
	s     *Stream
	body  bytes.Buffer // what is said of groups and messages
	group bytes.Buffer // of the messages of the group at hand
	out   *edifactOut  // writes into body
	in    *edifactOut  // writes into group
	e     Envelope
	tally tally
	wrong bool
	other bool // there is a message that is no acknowledgment
	any   bool
}

// newEDIFACTStream returns nil for an interchange that is not answered whatever
// it holds.
func newEDIFACTStream(s *Stream, ic *edi.Interchange) *edifactStream {
	if ic.Header.Kind() == 0 || ic.Interactive() {
		return nil
	}
	x := &edifactStream{s: s, e: ReplyHeader(ic)}
	d := Delimiters(ic)
	x.out = newEDIFACTOut(s.writers.get(toBody, &x.body, d), x.e)
	x.in = newEDIFACTOut(s.writers.get(toGroup, &x.group, d), x.e)
	x.out.begun, x.in.begun = x.out.w.Segments(), x.in.w.Segments()
	return x
}

func (x *edifactStream) message(t *edi.Transaction) {
	x.any = true
	if isAcknowledgment(t, x.s.policy) {
		x.tally.accepted++
		return
	}
	x.other = true
	if t.OK() {
		if x.tally.add(Accepted); !x.s.policy.ErrorsOnly {
			x.in.accepted(t)
		}
		return
	}
	v := JudgeTransaction(t, x.s.policy)
	x.tally.add(v.Status)
	x.in.ucm(&v)
}

// groupEnd moves what was said of the group's messages behind its UCF.
func (x *edifactStream) groupEnd(g *edi.Group) error {
	v := x.tally.verdict(g)
	x.tally = tally{}
	x.wrong = x.wrong || v.Status != Accepted
	if err := x.in.w.Flush(); err != nil {
		return err
	}
	if !g.Implicit() && (x.group.Len() > 0 || !x.s.policy.ErrorsOnly || v.Status != Accepted) {
		x.out.ucf(&v)
	}
	if err := x.out.w.Flush(); err != nil {
		return err
	}
	_, err := x.group.WriteTo(&x.body)
	return err
}

// end writes the CONTRL if one is due.
func (x *edifactStream) end(ic *edi.Interchange) error {
	v := judgeUNB(ic, x.s.policy)
	asked := !x.s.policy.OnlyAsked || ic.AckRequested() || x.wrong || v.Status != Accepted
	if x.any && !x.other || !asked {
		return nil
	}
	x.s.o.Envelope(ic, &x.e)
	o := newEDIFACTOut(x.s.writers.get(toAnswer, x.s.w, Delimiters(ic)), x.e)
	o.begin()
	o.beginMessage(o.contrl()...)
	o.uci(v)
	if v.Status.OK() {
		if err := o.w.Flush(); err != nil {
			return err
		}
		if _, err := x.body.WriteTo(x.s.w); err != nil {
			return err
		}
		o.extra = x.out.w.Segments() - x.out.begun + x.in.w.Segments() - x.in.begun
	}
	o.endMessage()
	x.s.Answered++
	return o.end()
}
