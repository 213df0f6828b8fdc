package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"fondaco/exchange/trading"
)

type ediPartner struct {
	Add   partnerAdd   `cmd:"" help:"Agree on files with a firm: make its mailbox, and print once the token that opens it over HTTPS."`
	List  partnerList  `cmd:"" help:"List the trading partners, their names in envelopes, and their mailboxes."`
	Set   partnerSet   `cmd:"" help:"Change what was agreed on; what is not given stays as it is."`
	Token partnerToken `cmd:"" help:"Make a new token for a mailbox, and print it once; the old one opens nothing any more."`
}

// agreed is what two firms have agreed on about the exchange of files: as
// flags of a command, where nil is what was not given, as an order to the node,
// and as the node tells it.
type agreed struct {
	Sender            *string `json:"sender,omitempty" help:"How an interchange names who sends: ISA05:ISA06, or S002 of a UNB; without a qualifier the id alone." placeholder:"QUAL:ID"`
	Receiver          *string `json:"receiver,omitempty" help:"How an interchange names who receives: ISA07:ISA08, or S003 of a UNB." placeholder:"QUAL:ID"`
	SenderGroup       *string `json:"senderGroup,omitempty" help:"How a group names the application that sends (GS02); as the interchange does without it." placeholder:"ID"`
	ReceiverGroup     *string `json:"receiverGroup,omitempty" help:"How a group names the application that receives (GS03)." placeholder:"ID"`
	Tests             *bool   `json:"tests,omitempty" negatable:"" help:"Take test interchanges: they are checked and acknowledged, and nothing is posted."`
	TA1               *string `json:"ta1,omitempty" name:"ta1" help:"When an interchange is acknowledged by itself: asked, always or never." placeholder:"WHEN"`
	ErrorsOnly        *bool   `json:"errorsOnly,omitempty" negatable:"" help:"Leave accepted documents out of the acknowledgment."`
	Form              *string `json:"form,omitempty" help:"Form of the answer to groups of X12: 997 or 999." placeholder:"FORM"`
	AcceptErrors      *bool   `json:"acceptErrors,omitempty" negatable:"" help:"Take a document with errors and note them (E), instead of refusing it (R)."`
	RejectDamaged     *bool   `json:"rejectDamaged,omitempty" negatable:"" help:"Refuse an interchange as a whole if its envelope is wrong."`
	OnlyAsked         *bool   `json:"onlyAsked,omitempty" negatable:"" help:"Send a CONTRL only if it is asked for (UNB 0031), or something is wrong."`
	ReceiptOnly       *bool   `json:"receiptOnly,omitempty" negatable:"" help:"Answer EDIFACT with the receipt of the interchange alone."`
	AnswerAdvice      *bool   `json:"answerAdvice,omitempty" negatable:"" help:"Answer an APERAK with a CONTRL too."`
	HoldReused        *bool   `json:"holdReused,omitempty" negatable:"" help:"Hold other content under a control number that was used, for a person to look at, instead of rejecting it."`
	Transport         *string `json:"transport,omitempty" help:"How documents go to the partner: folder or https." placeholder:"WAY"`
	AcknowledgeWithin *lapse  `json:"acknowledgeWithin,omitempty" help:"How long after its delivery a document has to be acknowledged, such as 24h; 0 for no limit." placeholder:"TIME"`
}

// lapse is a length of time in words, such as 24h0m0s.
type lapse time.Duration

// MarshalText writes it.
func (l lapse) MarshalText() ([]byte, error) { //nolint:unparam // as encoding.TextMarshaler has it
	return []byte(time.Duration(l).String()), nil
}

// UnmarshalText reads it.
func (l *lapse) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is no length of time; write such as 24h or 90m", text)
	}
	*l = lapse(d)
	return nil
}

// tradingPartner is a trading partner as the node tells it.
type tradingPartner struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Firm    string `json:"firm"`
	Partner string `json:"partner"`
	Mailbox string `json:"mailbox"` // its folder
	agreed
}

// partnerOrder is what a command about trading partners asks of the node.
type partnerOrder struct {
	Name    string `json:"name,omitempty"`
	Partner string `json:"partner,omitempty"`
	agreed
}

type partnerAdd struct {
	running
	Name    string `help:"Name of the mailbox, which is that of a folder: small letters, digits and hyphens." required:""`
	Firm    string `help:"Id of the firm on this node; without one, the only firm on it." placeholder:"ID"`
	Partner string `help:"Id of the other firm, which this one knows: on this node, or paired with it." required:"" placeholder:"ID"`
	agreed
}

// Run adds the partner.
func (a *partnerAdd) Run(ctx context.Context, c console) error {
	answer, err := ask(ctx, a.Data, "trading-add", control{Firm: a.Firm, Trading: &partnerOrder{a.Name, a.Partner, a.agreed}})
	if err != nil {
		return err
	}
	p := answer.Partners[0]
	text := fmt.Sprintf("trading partner %s was there already, and stays as it is; 'fondaco edi partner set %s' changes it", p.Name, p.Name)
	if answer.Token != "" {
		text = fmt.Sprintf("trading partner %s\nfiles from it go to %s/in, answers are in %s/out\n%s\nThe token is shown this once. Files are sent with it by: fondaco edi drop FILE --node URL --token TOKEN",
			p.ID, p.Mailbox, p.Mailbox, answer.Token)
	}
	return a.print(c, answer, nil, text)
}

type partnerList struct {
	running
	Firm string `help:"Id of a firm; without one, those of all firms on this node." placeholder:"ID"`
}

// Run lists the partners.
func (l *partnerList) Run(ctx context.Context, c console) error {
	answer, err := ask(ctx, l.Data, "trading-list", control{Firm: l.Firm})
	if err != nil {
		return err
	}
	return printList(c.out, l.JSON, answer.Partners, []string{"NAME", "SENDER", "RECEIVER", "ANSWER", "TESTS", "TA1", "BY", "DUE WITHIN", "MAILBOX"}, func(p tradingPartner) []any {
		return []any{p.Name, *p.Sender, *p.Receiver, *p.Form, yes(*p.Tests), *p.TA1, *p.Transport, limit(*p.AcknowledgeWithin), p.Mailbox}
	})
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func limit(l lapse) string {
	if l == 0 {
		return "-"
	}
	return time.Duration(l).String()
}

type partnerSet struct {
	running
	Name string `arg:"" help:"Name of the mailbox, as 'edi partner list' tells it."`
	agreed
}

// Run changes what is given.
func (s *partnerSet) Run(ctx context.Context, c console) error {
	if s.agreed == (agreed{}) {
		return fail(exitUsage, nil, "nothing is to be changed; say what, as by --form 999")
	}
	answer, err := ask(ctx, s.Data, "trading-set", control{Trading: &partnerOrder{Name: s.Name, agreed: s.agreed}})
	return s.print(c, answer, err, "changed")
}

type partnerToken struct {
	running
	Name string `arg:"" help:"Name of the mailbox, as 'edi partner list' tells it."`
}

// Run makes the token.
func (t *partnerToken) Run(ctx context.Context, c console) error {
	answer, err := ask(ctx, t.Data, "trading-token", control{Trading: &partnerOrder{Name: t.Name}})
	return t.print(c, answer, err, answer.Token)
}

type ediSend struct {
	running
	ediFile
	To   string `help:"Name of the partner's mailbox, as 'edi partner list' tells it." required:"" placeholder:"NAME"`
	Test bool   `help:"Mark them as a test."`
}

// Run reads the file and has the node send what is in it.
func (s *ediSend) Run(ctx context.Context, c console) error {
	file, err := s.read(c)
	if err != nil {
		return err
	}
	answer, err := ask(ctx, s.Data, "trading-send", control{Trading: &partnerOrder{Name: s.To, agreed: agreed{Tests: &s.Test}}, File: file})
	if err != nil {
		return err
	}
	return printList(c.out, s.JSON, answer.Sendings, []string{"INTERCHANGE", "CONTROL NUMBER", "FILE"}, func(x sending) []any {
		return []any{x.Interchange, x.ControlNumber, x.Name}
	})
}

// sending is an interchange on its way.
type sending struct {
	Interchange   string `json:"interchange"`
	ControlNumber string `json:"controlNumber"`
	Name          string `json:"name"`
}

type ediSent struct {
	running
	Firm    string `help:"Id of the firm that sent; without one, the only firm on this node." placeholder:"ID"`
	Overdue bool   `help:"Only what was not acknowledged in time. Exit 1: there is some."`
}

// Run lists what was sent.
func (s *ediSent) Run(ctx context.Context, c console) error {
	answer, err := ask(ctx, s.Data, "trading-sent", control{Firm: s.Firm})
	if err != nil {
		return err
	}
	var list []trading.SentStatus
	if err := json.Unmarshal(answer.Sent, &list); err != nil {
		return fail(exitUnavailable, err, "the node's answer cannot be read: %v; it may be of another version", err)
	}
	if s.Overdue {
		list = late(list)
	}
	err = printList(c.out, s.JSON, list, []string{"CONTROL NUMBER", "SET", "NUMBER", "DOCUMENT", "ACKNOWLEDGED", "DUE", "WHY"}, func(d trading.SentStatus) []any {
		return []any{d.ControlNumber, d.Set, d.Number, d.Document, fate(d), due(d), d.Said}
	})
	if err == nil && s.Overdue && len(list) > 0 {
		err = &failure{code: exitFound}
	}
	return err
}

func late(list []trading.SentStatus) (overdue []trading.SentStatus) {
	for _, d := range list {
		if d.Overdue {
			overdue = append(overdue, d)
		}
	}
	return overdue
}

// fate tells the last that the partner said of a document; what it says of its
// content comes after what it says of its form.
func fate(d trading.SentStatus) string {
	words := map[string]string{"A": "accepted", "E": "accepted with errors", "P": "partly accepted", "R": "refused", "8": "arrived"}
	for _, status := range []string{d.Content, d.Syntax, d.Envelope} {
		if status != "" {
			return words[status]
		}
	}
	if d.Overdue {
		return "overdue"
	}
	return "-"
}

func due(d trading.SentStatus) string {
	if d.DueAt == nil {
		return "-"
	}
	return d.DueAt.UTC().Format(time.RFC3339)
}
