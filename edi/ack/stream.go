package ack

import (
	"errors"
	"fmt"
	"io"

	"fondaco/edi"
)

// StreamOptions shape what a Stream writes.
type StreamOptions struct {
	// Policy says how the sender of an interchange is answered; with the zero
	// Policy if it is nil.
	Policy func(ic *edi.Interchange) Policy
	// Envelope completes the envelope of an interchange that is to be written,
	// as Reply does: with control numbers and the time. It is called once for
	// each, and may be called twice for one that is answered.
	Envelope func(ic *edi.Interchange, e *Envelope)
	Newline  string // after each segment, as edi.WriterOptions has it
}

// Stream acknowledges a file while it is being read, as For and Write do
// afterwards. It holds neither the file nor what was found of it: an X12 answer
// is written as the transactions pass, and its TA1, whose verdict comes last,
// in an interchange of its own behind it. A CONTRL begins with the verdict on
// the whole, so what it says of the messages is kept until then; with
// Policy.ErrorsOnly that is little. The same holds for Policy.RejectDamaged.
type Stream struct {
	w       io.Writer
	o       StreamOptions
	policy  Policy
	writers writers
	x12     *x12Stream
	edifact *edifactStream
	// Answered counts the interchanges written, Silent those of which there was
	// nothing to say.
	Answered, Silent int
}

// NewStream returns a Stream that writes to w.
func NewStream(w io.Writer, o StreamOptions) *Stream {
	if o.Policy == nil {
		o.Policy = func(*edi.Interchange) Policy { return Policy{} }
	}
	if o.Envelope == nil {
		o.Envelope = func(*edi.Interchange, *Envelope) {}
	}
	return &Stream{w: w, o: o, writers: writers{newline: o.Newline}}
}

// Run acknowledges all that src reads. When reading fails, what was written of
// the interchange at hand is not complete, and must not be sent.
func (s *Stream) Run(src edi.Source) error {
	for {
		e, err := src.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.Event(e); err != nil {
			return err
		}
	}
}

// Event takes the next event of a validator. The answer to an interchange is
// complete once its InterchangeEnd was taken. The error is about writing.
func (s *Stream) Event(e *edi.Event) error {
	var err error
	switch e.Kind {
	case edi.InterchangeStart:
		s.policy = s.o.Policy(e.Interchange)
		s.x12, s.edifact = nil, nil
		if e.Interchange.Standard() == edi.EDIFACT {
			s.edifact = newEDIFACTStream(s, e.Interchange)
		} else {
			s.x12 = &x12Stream{s: s, acks: true}
		}
	case edi.GroupStart:
		s.groupStart(e)
	case edi.TransactionEnd:
		s.transaction(e)
	case edi.GroupEnd:
		err = s.groupEnd(e)
	case edi.InterchangeEnd:
		err = s.interchangeEnd(e)
	}
	if err != nil {
		return fmt.Errorf("write acknowledgment: %w", err)
	}
	return nil
}

func (s *Stream) groupStart(e *edi.Event) {
	if s.x12 != nil {
		s.x12.groupStart(e.Interchange, e.Group)
	}
}

func (s *Stream) transaction(e *edi.Event) {
	switch {
	case s.x12 != nil:
		s.x12.transaction(e.Transaction)
	case s.edifact != nil:
		s.edifact.message(e.Transaction)
	}
}

func (s *Stream) groupEnd(e *edi.Event) error {
	if s.x12 != nil {
		s.x12.groupEnd(e.Group)
		return nil
	}
	if s.edifact != nil {
		return s.edifact.groupEnd(e.Group)
	}
	return nil
}

func (s *Stream) interchangeEnd(e *edi.Event) error {
	before := s.Answered
	var err error
	switch {
	case s.x12 != nil:
		err = s.x12.end(e.Interchange)
	case s.edifact != nil:
		err = s.edifact.end(e.Interchange)
	}
	if err == nil && s.Answered == before {
		s.Silent++
	}
	return err
}

// Delimiters are those to answer an interchange with: its own, or the usual
// ones of its standard where those cannot be used.
func Delimiters(ic *edi.Interchange) edi.Delimiters {
	d := ic.Header.Delimiters()
	if ic.Standard() == edi.EDIFACT {
		if d.Element == 0 || d.Terminator == "" || d.Component == 0 || !distinct(d) {
			return edi.EDIFACTDelimiters
		}
		return d
	}
	if d.Element == 0 || d.Component == 0 || len(d.Terminator) != 1 || ic.Version() >= "00402" && d.Repetition == 0 || !distinct(d) || inText(d) {
		return edi.X12Delimiters
	}
	return d
}

// inText tells whether a delimiter is of the characters that every answer is made
// of: where nothing can be released, nothing could be said with it.
func inText(d edi.Delimiters) bool {
	used := edi.ClassOf([]byte{d.Element, d.Component, d.Terminator[0]})
	if d.Repetition != 0 {
		used |= edi.ClassOf([]byte{d.Repetition})
	}
	return used&(edi.Upper|edi.Lower|edi.Digit|edi.Space) != 0
}

// distinct tells whether no two delimiters are the same byte.
func distinct(d edi.Delimiters) bool {
	seen := [256]bool{}
	for _, b := range [...]byte{d.Element, d.Component, d.Repetition, d.Release, d.Terminator[0]} {
		if b != 0 && seen[b] {
			return false
		}
		seen[b] = true
	}
	return true
}

// writers keeps a Writer for each use, since a file has many interchanges and
// most have the same delimiters.
type writers struct {
	newline string
	list    [3]*edi.Writer
	to      [3]*target
	made    [3]edi.Delimiters
}

// target is where a Writer writes to, which changes.
type target struct{ w io.Writer }

// Write writes to the present one.
func (t *target) Write(b []byte) (int, error) { return t.w.Write(b) }

// The uses.
const (
	toAnswer = iota
	toBody
	toGroup
)

// get returns the Writer for a use, that of before if the delimiters allow.
func (p *writers) get(use int, w io.Writer, d edi.Delimiters) *edi.Writer {
	if p.list[use] != nil && p.made[use] == d {
		p.to[use].w = w
		return p.list[use]
	}
	p.to[use], p.made[use] = &target{w}, d
	p.list[use] = edi.NewWriter(p.to[use], edi.WriterOptions{Delimiters: d, Newline: p.newline})
	return p.list[use]
}
