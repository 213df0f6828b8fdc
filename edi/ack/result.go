package ack

import "fondaco/edi"

// Result is one thing that an inbound acknowledgment says, whatever its form:
// the verdict on an interchange, group, transaction or document that was sent.
type Result struct {
	Form  string    `json:"form"`  // TA1, 997, 999, CONTRL, 824, APERAK
	Level edi.Level `json:"level"` // what the verdict is about: interchange, group or transaction

	// What is answered, as its sender numbered it. A form that does not say the
	// number of an outer envelope leaves it empty.
	Interchange  string `json:"interchange,omitempty"`
	Group        string `json:"group,omitempty"`
	FunctionalID string `json:"functionalId,omitempty"`
	Transaction  string `json:"transaction,omitempty"`
	Set          string `json:"set,omitempty"`
	Document     string `json:"document,omitempty"` // 824 and APERAK

	// Who sent what is answered, and to whom: the other way round than the answer.
	SenderQualifier   string `json:"senderQualifier,omitempty"`
	Sender            string `json:"sender,omitempty"`
	ReceiverQualifier string `json:"receiverQualifier,omitempty"`
	Receiver          string `json:"receiver,omitempty"`

	Status   Status    `json:"status"`
	Codes    []string  `json:"codes,omitempty"`
	Fault    *Fault    `json:"fault,omitempty"`
	Segments []Segment `json:"segments,omitempty"`
	Refusal  *Refusal  `json:"refusal,omitempty"`

	// Rest is the verdict on those transactions of an interchange or group that
	// the answer does not list; empty where it says nothing of them.
	Rest Status `json:"rest,omitempty"`
}

// Results gives all that the acknowledgments of the interchange say, outer
// levels first.
func (r *Received) Results() []Result {
	var list []Result
	for i := range r.Answers {
		from := len(list)
		list = r.Answers[i].results(list)
		for j := from; j < len(list); j++ {
			v := &list[j]
			v.SenderQualifier, v.Sender = r.ReceiverQualifier, r.Receiver
			v.ReceiverQualifier, v.Receiver = r.SenderQualifier, r.Sender
			if ic := r.Answers[i].Interchange; ic != nil && ic.Sender != nil && ic.Receiver != nil {
				v.SenderQualifier, v.Sender = ic.Sender.Qualifier, ic.Sender.ID
				v.ReceiverQualifier, v.Receiver = ic.Receiver.Qualifier, ic.Receiver.ID
			}
		}
	}
	return list
}

func (a *Answer) results(list []Result) []Result {
	var outer string
	if ic := a.Interchange; ic != nil {
		form := a.Form
		if form != FormCONTRL {
			form = FormTA1
		}
		v := Result{Form: form, Level: edi.LevelInterchange, Interchange: ic.ControlNumber, Status: ic.Status, Fault: ic.Fault}
		if ic.Code != "" && ic.Code != "000" {
			v.Codes = []string{ic.Code}
		}
		if form == FormCONTRL {
			outer = ic.ControlNumber
			v.Rest = restOf(ic.Status)
		}
		list = append(list, v)
	}
	for i := range a.Groups {
		list = a.Groups[i].results(list, a.Form, outer)
	}
	for i := range a.Refusals {
		list = append(list, a.Refusals[i].result(a.Form))
	}
	return list
}

func (g *Group) results(list []Result, form, interchange string) []Result {
	if form == "" {
		form = Form997
	}
	if g.ControlNumber != "" {
		list = append(list, Result{Form: form, Level: edi.LevelGroup, Interchange: interchange, Group: g.ControlNumber,
			FunctionalID: g.FunctionalID, Status: g.Status, Codes: g.Codes, Fault: g.Fault, Rest: g.rest(form)})
	}
	for i := range g.Transactions {
		t := &g.Transactions[i]
		list = append(list, Result{Form: form, Level: edi.LevelTransaction, Interchange: interchange, Group: g.ControlNumber,
			FunctionalID: g.FunctionalID, Transaction: t.ControlNumber, Set: t.Set, Status: t.Status, Codes: t.Codes, Fault: t.Fault, Segments: t.Segments})
	}
	return list
}

// rest is the verdict on the transactions of a group that are not listed. In a
// group that is taken in part it is known only if the counts say that all that
// were rejected are listed.
func (g *Group) rest(form string) Status {
	if form == FormCONTRL {
		return restOf(g.Status)
	}
	switch g.Status {
	case Accepted, WithError:
		return Accepted
	case Partly:
		rejected := 0
		for i := range g.Transactions {
			if !g.Transactions[i].Status.OK() {
				rejected++
			}
		}
		if g.Accepted+rejected == g.Received {
			return Accepted
		}
		return ""
	case Arrived, "":
		return ""
	}
	return Rejected
}

// restOf is what the action of a CONTRL means for what it does not list.
func restOf(s Status) Status {
	switch s {
	case Accepted, WithError:
		return Accepted
	case Rejected:
		return Rejected
	}
	return ""
}

func (r *Refusal) result(form string) Result {
	v := Result{Form: form, Level: edi.LevelTransaction, Interchange: r.Interchange, Group: r.Group, Transaction: r.Transaction,
		Set: r.Set, Document: r.Document, Status: r.Status, Refusal: r}
	for i := range r.Reasons {
		v.Codes = append(v.Codes, r.Reasons[i].Code)
	}
	return v
}
