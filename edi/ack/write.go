package ack

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"fondaco/edi"
)

// Envelope is what the acknowledgment is sent in. Control numbers and time are
// the caller's, who alone knows what it has used.
type Envelope struct {
	Standard         edi.Standard // X12 unless it is EDIFACT
	Interchange      edi.InterchangeHeader
	Sender, Receiver string // of the group, GS02 and GS03
	GroupControl     int    // GS06
	FirstTransaction int    // ST02 of the first 997, or the message reference; the next ones follow
	Version          string // GS08, 004010 or 005010; 004010 if empty, and 005010 for a 999. D96A or D01B for an APERAK

	// EDIFACT alone: the syntax identifier and version of the UNB, UNOC:3 for
	// example, UNOA:3 if empty; and the addresses behind those of sender and receiver.
	Syntax                         string
	SenderRouting, ReceiverRouting string
}

// Reply fills in what the received interchange tells about its answer:
// addresses the other way round, version and usage. The caller sets control
// numbers and date.
func Reply(ic *edi.Interchange) Envelope {
	e := ReplyHeader(ic)
	for _, g := range ic.Groups {
		if g.Header.Kind() != 0 {
			e.ReplyGroup(g)
			break
		}
	}
	return e
}

// ReplyHeader is Reply for one who follows the events of a file and knows no
// more than the header of the interchange; ReplyGroup adds the first group.
func ReplyHeader(ic *edi.Interchange) Envelope {
	var e Envelope
	h := &e.Interchange
	e.Standard = ic.Standard()
	h.SenderQualifier, h.Sender = ic.Receiver()
	h.ReceiverQualifier, h.Receiver = ic.Sender()
	h.Version, h.Usage = ic.Version(), ic.Usage()
	if e.Standard == edi.X12 {
		h.Sender, h.Receiver = address(h.Sender), address(h.Receiver)
		h.SenderQualifier, h.ReceiverQualifier = fit(h.SenderQualifier, 2), fit(h.ReceiverQualifier, 2)
		h.Version, h.Usage = fit(h.Version, 5), fit(h.Usage, 1)
		if h.Usage != "T" && h.Usage != "I" {
			h.Usage = "P"
		}
	}
	e.Sender, e.Receiver = h.Sender, h.Receiver
	if e.Standard == edi.EDIFACT {
		id, version := ic.Syntax()
		e.Syntax = id + ":" + version
		e.SenderRouting, e.ReceiverRouting = ic.Header.Text(3, 3), ic.Header.Text(2, 3)
	}
	return e
}

// ReplyGroup fills in what a group tells about the answer to it.
func (e *Envelope) ReplyGroup(g *edi.Group) {
	if e.Standard == edi.EDIFACT {
		return
	}
	for _, a := range []struct {
		to   *string
		from string
	}{{&e.Sender, g.Receiver()}, {&e.Receiver, g.Sender()}} {
		if id := address(a.from); len(id) >= 2 {
			*a.to = id
		}
	}
	e.Version = answerVersion(g.Version())
}

// address is an identifier as an answer can carry it. Senders pad with whatever
// looks like a space to them, and what is too long has no room.
func address(id string) string {
	id = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, id)
	id = strings.TrimSpace(id)
	return strings.TrimRight(id[:min(len(id), 15)], " ")
}

// fit is a value of the only width that its place has room for, and nothing, for
// which the writer has a default, where it has another.
func fit(v string, width int) string {
	if len(v) != width {
		return ""
	}
	return v
}

// answerVersion is the version of the answer to a group. The form of a 997 has
// changed once: what is older than 005010 is answered as 004010, whose dates
// have a century, and what is newer as 005010.
func answerVersion(v string) string {
	if v >= "005010" && len(v) >= 6 {
		return "005010"
	}
	return "004010"
}

// Write sends the answer as an interchange of its own: the TA1 first, then one
// 997 or 999 for each group; or one CONTRL. It flushes w. An empty answer is an
// error, since an interchange without content acknowledges nothing.
func (a *Answer) Write(w *edi.Writer, e Envelope) error {
	if a.Empty() {
		return errors.New("write acknowledgment: there is nothing to acknowledge")
	}
	var err error
	if standardOf(a.Form) == edi.EDIFACT {
		err = a.writeCONTRL(w, e)
	} else {
		err = a.writeX12(w, e)
	}
	if err != nil {
		return fmt.Errorf("write acknowledgment: %w", err)
	}
	return nil
}

func (a *Answer) writeX12(w *edi.Writer, e Envelope) error {
	o := newOut(w, a.Form, e)
	o.begin()
	if a.Interchange != nil {
		o.ta1(a.Interchange)
	}
	if len(a.Groups) > 0 {
		o.beginGroup(functionalAcknowledgment, o.version)
		for i := range a.Groups {
			o.group(&a.Groups[i])
		}
		o.endGroup()
	}
	return w.EndInterchange() // the writer keeps its first error
}
