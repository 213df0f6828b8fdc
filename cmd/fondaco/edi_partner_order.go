package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"time"

	"fondaco/edi/ack"
	"fondaco/exchange/trading"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// firmOrOnly is the firm that an order names, or the only one on the node.
func (p *program) firmOrOnly(ctx context.Context, order control) (schema.FirmID, error) {
	if order.Firm != "" {
		return firmOf(order)
	}
	firms, err := p.service.Hosted(ctx)
	if err == nil && len(firms) != 1 {
		err = fail(exitUsage, nil, "there are %d firms on this node; name one with --firm, 'fondaco node list' tells the ids", len(firms))
	}
	if err != nil {
		return schema.FirmID{}, err
	}
	return firms[0], nil
}

func (p *program) addTrading(ctx context.Context, order control) (answer control, err error) {
	firm, err := p.firmOrOnly(ctx, order)
	if err != nil {
		return answer, err
	}
	from, err := schema.ParseID(order.Trading.Partner)
	if err != nil {
		return answer, fail(exitUsage, err, "--partner: %v; 'fondaco node list' tells the ids", err)
	}
	if order.Trading.Sender == nil || order.Trading.Receiver == nil {
		return answer, fail(exitUsage, nil, "name the two as interchanges do, by --sender and --receiver, such as ZZ:LUSODIST and 01:364128874")
	}
	if err := p.mustKnow(ctx, firm, schema.FirmID(from)); err != nil {
		return answer, err
	}
	wanted := trading.Partner{Receiver: firm, Sender: schema.FirmID(from), Name: order.Trading.Name}
	if err := order.Trading.apply(&wanted); err != nil {
		return answer, err
	}
	made, token, err := p.trading.AddPartner(ctx, wanted)
	if err != nil {
		return answer, err
	}
	if token != "" {
		p.log.InfoContext(ctx, "trading partner added", slog.String("mailbox", made.Name), slog.Any("firm", firm))
	}
	answer.Token, answer.Partners = token, []tradingPartner{p.toldPartner(made)}
	return answer, nil
}

// mustKnow refuses a firm that neither lives on this node nor is known to the
// one that is to receive its files: a slip of the pen, mostly.
func (p *program) mustKnow(ctx context.Context, firm, other schema.FirmID) error {
	if firms, err := p.service.Hosted(ctx); err != nil || slices.Contains(firms, other) {
		return err
	}
	pages, err := p.service.Read(policy.With(ctx, policy.System(firm)), &partners.Plan{
		Kind: schema.Firms, IDs: []schema.ID{other.ID()}, Fields: []*schema.Field{schema.Firms.Label},
	})
	if err == nil && len(pages[0].Rows) == 0 {
		err = fail(exitUsage, nil, "the firm %s does not know a firm %s; pair the nodes, or take the other one in by 'fondaco node host'", firm, other)
	}
	return err
}

func (p *program) listTrading(ctx context.Context, order control) (answer control, err error) {
	firms, err := p.service.Hosted(ctx)
	if err == nil && order.Firm != "" {
		var firm schema.FirmID
		firm, err = firmOf(order)
		firms = []schema.FirmID{firm}
	}
	for _, firm := range firms {
		list, err := p.trading.Partners(ctx, firm)
		if err != nil {
			return answer, err
		}
		for _, one := range list {
			answer.Partners = append(answer.Partners, p.toldPartner(one))
		}
	}
	slices.SortFunc(answer.Partners, func(a, b tradingPartner) int { return strings.Compare(a.Name, b.Name) })
	// Both of two firms may live here.
	answer.Partners = slices.CompactFunc(answer.Partners, func(a, b tradingPartner) bool { return a.Name == b.Name })
	return answer, err
}

func (p *program) setTrading(ctx context.Context, order control) (answer control, err error) {
	one, err := p.mailbox(ctx, order)
	if err != nil {
		return answer, err
	}
	if err := order.Trading.apply(&one); err != nil {
		return answer, err
	}
	if err := p.trading.SetPartner(ctx, one); err != nil {
		return answer, err
	}
	p.log.InfoContext(ctx, "trading partner changed", slog.String("mailbox", one.Name))
	answer.Partners = []tradingPartner{p.toldPartner(one)}
	return answer, nil
}

func (p *program) mailbox(ctx context.Context, order control) (trading.Partner, error) {
	one, err := p.trading.Mailbox(ctx, order.Trading.Name)
	if schema.Code(err) == schema.CodeNotFound {
		err = fail(exitUsage, err, "no mailbox is named %q; 'fondaco edi partner list' tells the names", order.Trading.Name)
	}
	return one, err
}

func (p *program) tokenTrading(ctx context.Context, order control) (answer control, err error) {
	one, err := p.mailbox(ctx, order)
	if err != nil {
		return answer, err
	}
	answer.Token, err = p.trading.NewToken(ctx, one.ID)
	if err == nil {
		p.log.InfoContext(ctx, "token of a mailbox replaced", slog.String("mailbox", one.Name))
	}
	return answer, err
}

func (p *program) sendTrading(ctx context.Context, order control) (answer control, err error) {
	one, err := p.mailbox(ctx, order)
	if err != nil {
		return answer, err
	}
	actor := policy.System(one.Receiver)
	actor.Cause = "command line"
	var test bool
	give(order.Trading.Tests, &test)
	sent, err := p.trading.SendFile(policy.With(ctx, actor), one.ID, bytes.NewReader(order.File), test)
	for _, s := range sent {
		answer.Sendings = append(answer.Sendings, sending{s.Interchange.String(), s.ControlNumber, s.Name})
	}
	return answer, err
}

func (p *program) sentTrading(ctx context.Context, order control) (answer control, err error) {
	firm, err := p.firmOrOnly(ctx, order)
	if err != nil {
		return answer, err
	}
	list, err := p.trading.Sent(policy.With(ctx, policy.System(firm)))
	if err == nil {
		answer.Sent, err = json.Marshal(list)
	}
	return answer, err
}

var ta1Words = map[string]ack.When{"asked": ack.WhenAsked, "always": ack.Always, "never": ack.Never}

// apply puts what was given into a trading partner.
func (a *agreed) apply(p *trading.Partner) error {
	if a.TA1 != nil {
		when, ok := ta1Words[strings.ToLower(*a.TA1)]
		if !ok {
			return fail(exitUsage, nil, "--ta1: %q is no time to send a TA1; it is asked, always or never", *a.TA1)
		}
		p.TA1 = when
	}
	if a.Sender != nil {
		p.SenderQualifier, p.SenderID = qualified(*a.Sender)
	}
	if a.Receiver != nil {
		p.ReceiverQualifier, p.ReceiverID = qualified(*a.Receiver)
	}
	give(a.SenderGroup, &p.SenderGroup)
	give(a.ReceiverGroup, &p.ReceiverGroup)
	give(a.Tests, &p.TestAllowed)
	give(a.ErrorsOnly, &p.ErrorsOnly)
	give(a.Form, &p.Form)
	give(a.AcceptErrors, &p.AcceptErrors)
	give(a.RejectDamaged, &p.RejectDamaged)
	give(a.OnlyAsked, &p.OnlyAsked)
	give(a.ReceiptOnly, &p.ReceiptOnly)
	give(a.AnswerAdvice, &p.AnswerAdvice)
	give(a.HoldReused, &p.HoldReused)
	give(a.Transport, &p.Transport)
	give((*time.Duration)(a.AcknowledgeWithin), &p.AcknowledgeWithin)
	return nil
}

func give[T any](from, to *T) {
	if from != nil {
		*to = *from
	}
}

// qualified reads QUAL:ID; an EDIFACT party may have no qualifier.
func qualified(text string) (qualifier, id string) {
	qualifier, id, ok := strings.Cut(text, ":")
	if !ok {
		return "", text
	}
	return qualifier, id
}

// toldPartner is a trading partner as it is told.
func (p *program) toldPartner(t trading.Partner) tradingPartner {
	var ta1 string
	for word, when := range ta1Words {
		if when == t.TA1 {
			ta1 = word
		}
	}
	name := func(qualifier, id string) *string {
		if qualifier != "" {
			id = qualifier + ":" + id
		}
		return &id
	}
	form, transport := t.Form, t.Transport
	if form == "" {
		form = ack.Form997
	}
	if transport == "" {
		transport = "folder"
	}
	return tradingPartner{
		ID: t.ID.String(), Name: t.Name, Firm: t.Receiver.String(), Partner: t.Sender.String(), Mailbox: p.trading.Folder(t),
		agreed: agreed{
			Sender: name(t.SenderQualifier, t.SenderID), Receiver: name(t.ReceiverQualifier, t.ReceiverID),
			SenderGroup: &t.SenderGroup, ReceiverGroup: &t.ReceiverGroup, Tests: &t.TestAllowed, TA1: &ta1, ErrorsOnly: &t.ErrorsOnly,
			Form: &form, AcceptErrors: &t.AcceptErrors, RejectDamaged: &t.RejectDamaged, OnlyAsked: &t.OnlyAsked,
			ReceiptOnly: &t.ReceiptOnly, AnswerAdvice: &t.AnswerAdvice, HoldReused: &t.HoldReused, Transport: &transport,
			AcknowledgeWithin: (*lapse)(&t.AcknowledgeWithin),
		},
	}
}
