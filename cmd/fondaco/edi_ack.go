package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
)

type ediAck struct {
	ediFile
	ediRules
	JSON          bool   `help:"Write the verdict as JSON, an object for each interchange, instead of as EDI."`
	ControlNumber int    `help:"Control number of the first acknowledgment; the next ones follow." default:"1"`
	Form          string `help:"How to answer X12 groups: 997 or 999. EDIFACT is answered with CONTRL." enum:"997,999" default:"997"`
	TA1           string `name:"ta1" aliases:"ta-1" help:"When to send a TA1: asked, always or never." enum:"asked,always,never" default:"asked"`
	ErrorsOnly    bool   `help:"Leave accepted transactions out of the answer."`
	AcceptErrors  bool   `help:"Accept transactions with errors, and note them (E instead of R)."`
	RejectDamaged bool   `help:"Reject an interchange whose envelope is wrong, instead of noting it."`
	RejectCode    string `help:"Reject every interchange with this code: 025 for a duplicate." placeholder:"CODE"`
	OnlyAsked     bool   `help:"Write a CONTRL only if the sender asks for it or something is wrong."`
	Receipt       bool   `help:"Confirm that EDIFACT interchanges have arrived, and nothing else."`
}

func (a *ediAck) policy() ack.Policy {
	when := map[string]ack.When{"asked": ack.WhenAsked, "always": ack.Always, "never": ack.Never}[a.TA1]
	return ack.Policy{TA1: when, Form: a.Form, ErrorsOnly: a.ErrorsOnly, AcceptErrors: a.AcceptErrors, RejectDamaged: a.RejectDamaged,
		RejectCode: a.RejectCode, OnlyAsked: a.OnlyAsked, ReceiptOnly: a.Receipt}
}

// Run writes the acknowledgments of the file, one for each interchange.
func (a *ediAck) Run(c console) error {
	o, lib, err := a.options()
	if err != nil {
		return err
	}
	in, out, err := a.open(c)
	if err != nil {
		return err
	}
	defer in.Close()
	o.RequireGuide = true
	v := guide.NewValidator(edi.NewReader(in, edi.Options{}), lib, o)
	if a.JSON {
		return a.unreadable(a.verdicts(out, v))
	}
	return a.unreadable(a.answers(c, out, v))
}

// answers writes the acknowledgments while the file is read.
func (a *ediAck) answers(c console, out io.Writer, src edi.Source) error {
	number := a.ControlNumber
	now := time.Now().UTC()
	s := ack.NewStream(out, ack.StreamOptions{
		Newline: "\n",
		Policy:  func(*edi.Interchange) ack.Policy { return a.policy() },
		Envelope: func(_ *edi.Interchange, e *ack.Envelope) {
			e.Interchange.Date, e.Interchange.ControlNumber = now, number
			e.GroupControl, e.FirstTransaction = number, 1
			number++
		},
	})
	for {
		e, err := src.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		silent := s.Silent
		if err := s.Event(e); err != nil {
			return err
		}
		if s.Silent > silent {
			fmt.Fprintf(c.err, "interchange %s is not to be acknowledged\n", e.Interchange.ControlNumber())
		}
	}
}

// verdicts writes what an acknowledgment says as JSON, one interchange at a time.
func (a *ediAck) verdicts(out io.Writer, src edi.Source) error {
	one := &oneInterchange{Source: src}
	for !one.done {
		report, err := edi.Collect(one)
		if err != nil {
			return err
		}
		for _, ic := range report.Interchanges {
			if err := json.NewEncoder(out).Encode(ack.For(ic, a.policy())); err != nil {
				return err
			}
		}
		one.ended = false
	}
	return nil
}

// oneInterchange ends after each interchange of another source.
type oneInterchange struct {
	edi.Source
	ended, done bool
}

// Next returns the next event, and io.EOF behind an interchange.
func (o *oneInterchange) Next() (*edi.Event, error) {
	if o.ended {
		return nil, io.EOF
	}
	e, err := o.Source.Next()
	if err != nil {
		o.done = true
		return nil, err
	}
	o.ended = e.Kind == edi.InterchangeEnd
	return e, nil
}
