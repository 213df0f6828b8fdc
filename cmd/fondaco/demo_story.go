package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"fondaco/exchange/trading"
	"fondaco/gateway/auth"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// told is what people need to know of a story that was told: it is written
// when the story is complete, for its owner alone.
type told struct {
	Password  string `json:"password"`
	APIToken  string `json:"apiToken"` // of the distributor's channel manager, at its own node
	EDIToken  string `json:"ediToken"` // of the French distributor's mailbox, at the maker's node
	EDIFile   string `json:"ediFile"`
	Maker     string `json:"maker"` // ids of firms
	Partner   string `json:"partner"`
	French    string `json:"french"`
	Marketing string `json:"marketing"`
	Agreement string `json:"agreement"` // under which the maker shares its Portuguese customers
}

type login struct {
	Firm  string   `json:"firm"`
	Name  string   `json:"name"`
	Email string   `json:"email"`
	Roles []string `json:"roles"`
	Node  string   `json:"node"`
}

const toldFile = "story.json"

func readTold(data string) (*told, error) {
	text, err := os.ReadFile(filepath.Join(data, toldFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var t told
	if err := json.Unmarshal(text, &t); err != nil {
		return nil, fail(exitUsage, err, "%s is damaged; run 'fondaco demo --reset' to begin anew", filepath.Join(data, toldFile))
	}
	return &t, nil
}

// tell tells the story: the firms settle, the maker's records are written,
// the two nodes pair, and agreements are offered and accepted. What does not
// wait for one another is told at once.
func (d *demo) tell(ctx context.Context) (*told, error) {
	s := newStory()
	t := &told{
		Password: d.password.text, Maker: s.maker.id.String(), Partner: s.portuguese.id.String(),
		French: s.french.id.String(), Marketing: s.marketing.id.String(), EDIFile: filepath.Join(d.Data, "sales-report.edi"),
	}
	if err := d.settle(ctx, s); err != nil {
		return nil, err
	}
	var customers map[string]schema.ID
	g, both := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		customers, err = d.tellHosted(both, s)
		return err
	})
	g.Go(func() (err error) {
		t.Agreement, err = d.tellPaired(both, s)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if err := d.maker.tellNotes(ctx, s, customers); err != nil {
		return nil, err
	}
	if err := d.tellKeys(ctx, s, t); err != nil {
		return nil, err
	}
	const portuguese = 5
	partner := d.distributor.tellAs(ctx, s.portuguese.people[0])
	if _, err := partner.await(&partners.Plan{Kind: schema.Customers}, portuguese); err != nil { //nolint:contextcheck // a teller carries its own
		return nil, err
	}
	if d.databases.cluster != nil {
		// Before the story is said to be told, nothing of it can get lost.
		if err := d.databases.cluster.Flushed(ctx); err != nil {
			return nil, err
		}
	}
	text, err := json.MarshalIndent(t, "", "  ") //nolint:gosec // the logins of a demo, for its owner alone to read
	if err != nil {
		return nil, err
	}
	return t, keep(filepath.Join(d.Data, toldFile), string(text)+"\n")
}

// settle takes in the two firms that have nodes of their own.
func (d *demo) settle(ctx context.Context, s *story) error {
	var g errgroup.Group
	g.Go(func() error { return d.distributor.settle(ctx, &s.portuguese, d.password) })
	g.Go(func() error { return d.maker.settle(ctx, &s.maker, d.password) })
	return g.Wait()
}

// tellHosted tells what happens on the maker's node alone: what the maker has,
// and what it shares with the firms that are guests there. It gives the
// customers by name.
func (d *demo) tellHosted(ctx context.Context, s *story) (map[string]schema.ID, error) {
	customers, err := d.maker.tellMaker(ctx, s)
	if err != nil {
		return nil, err
	}
	g, both := errgroup.WithContext(ctx)
	g.Go(func() error {
		_, err := d.tellGuest(both, s, &s.french, "Distribution in France", "FR")
		return err
	})
	g.Go(func() error {
		agreement, err := d.tellGuest(both, s, &s.marketing, "Marketing in Spain", "ES")
		if err != nil {
			return err
		}
		maker := d.maker.tellAs(both, s.maker.people[0])
		maker.create(schema.Grants, partners.Values{
			"sharingAgreement": agreement, "recordKind": "Customer", "recordId": customers["Aguas de la Axarquía"].String(), "reason": "Joint open day",
		})
		partner := d.maker.tellAs(both, s.marketing.people[0])
		partner.registerDeal(s.maker.id)
		return errors.Join(maker.err, partner.err)
	})
	return customers, g.Wait()
}

// tellGuest takes a firm in on the maker's node, as the maker's partner to
// whom it shares what the terms say. It gives the sharing agreement.
func (d *demo) tellGuest(ctx context.Context, s *story, guest *house, name, terms string) (schema.ID, error) {
	if err := d.maker.settle(ctx, guest, d.password); err != nil {
		return schema.ID{}, err
	}
	tale, err := readTale()
	if err != nil {
		return schema.ID{}, err
	}
	maker, partner := d.maker.tellAs(ctx, s.maker.people[0]), d.maker.tellAs(ctx, guest.people[0])
	partnership := maker.create(schema.Partnerships, partners.Values{"name": name, "addressedTo": guest.id.ID()})
	if err := errors.Join(maker.err, partner.err); err != nil {
		return schema.ID{}, err
	}
	partner.create(schema.Acceptances, partners.Values{"partnership": partnership, "answer": "ACCEPTED"})
	if partner.err != nil {
		return schema.ID{}, partner.err
	}
	agreement := maker.offer(guest.id, partnership, name, tale.Terms[terms])
	if maker.err != nil {
		return schema.ID{}, maker.err
	}
	partner.create(schema.Acceptances, partners.Values{"sharingAgreement": agreement, "answer": "ACCEPTED"})
	return agreement, partner.err
}

func (t *teller) offer(to schema.FirmID, partnership schema.ID, name string, terms json.RawMessage) schema.ID {
	id := t.create(schema.SharingAgreements, partners.Values{
		"name": name, "addressedTo": to.ID(), "partnership": partnership, "terms": terms,
		"purpose": "Selling and servicing pumps together.",
	})
	t.act(schema.SharingAgreements, id, "offer")
	return id
}

// registerDeal registers the deal with which a later one will conflict.
func (t *teller) registerDeal(vendor schema.FirmID) {
	size, err := schema.ParseMoney("64000.00", "EUR")
	if err != nil {
		t.err = err
		return
	}
	deal := t.create(schema.DealRegistrations, partners.Values{
		"name": "Irrigation station in Badajoz", "addressedTo": vendor.ID(), "companyName": "Regadíos de la Raya, S.A.",
		"companyWebsite": "https://www.regadios-raya.example", "companyCity": "Badajoz", "companyCountry": "ES",
		"estimatedDealSize": size, "estimatedCloseOn": schema.DateOf(t.node.service.Now()).AddDays(120),
	})
	t.act(schema.DealRegistrations, deal, "submit")
}

// tellPaired pairs the two nodes, and lets the maker share its Portuguese
// customers with the distributor's node. It gives the sharing agreement.
//
//nolint:contextcheck // each teller carries the context of its person
func (d *demo) tellPaired(ctx context.Context, s *story) (string, error) {
	maker, partner := d.maker.tellAs(ctx, s.maker.people[0]), d.distributor.tellAs(ctx, s.portuguese.people[0])
	if err := errors.Join(maker.err, partner.err); err != nil {
		return "", err
	}
	invitation, err := d.maker.federation.Invite(maker.ctx, s.maker.id)
	if err != nil {
		return "", err
	}
	answer, err := d.distributor.federation.Join(partner.ctx, s.portuguese.id, invitation)
	if err != nil {
		return "", err
	}
	if err := d.maker.federation.Accept(maker.ctx, s.maker.id, answer); err != nil {
		return "", err
	}
	partnership, err := partner.await(&partners.Plan{Kind: schema.Partnerships}, 1)
	if err != nil {
		return "", err
	}
	partner.create(schema.Acceptances, partners.Values{"partnership": partnership, "answer": "ACCEPTED"})
	active, err := policy.Compare(schema.Partnerships.FieldNamed("state"), policy.OpEq, string(schema.PartnershipActive))
	if err != nil {
		return "", err
	}
	if _, err := maker.await(&partners.Plan{Kind: schema.Partnerships, IDs: []schema.ID{partnership}, Where: active}, 1); err != nil {
		return "", errors.Join(partner.err, err)
	}
	tale, err := readTale()
	if err != nil {
		return "", err
	}
	agreement := maker.offer(s.portuguese.id, partnership, "Customers in Portugal", tale.Terms["PT"])
	if maker.err != nil {
		return "", maker.err
	}
	if _, err := partner.await(&partners.Plan{Kind: schema.SharingAgreements}, 1); err != nil {
		return "", err
	}
	partner.create(schema.Acceptances, partners.Values{"sharingAgreement": agreement, "answer": "ACCEPTED"})
	return agreement.String(), errors.Join(maker.err, partner.err)
}

// await waits until the person sees so many records of a plan, and gives the
// last of them.
func (t *teller) await(plan *partners.Plan, count int) (schema.ID, error) {
	if t.err != nil {
		return schema.ID{}, t.err
	}
	const patience, pause = 30 * time.Second, 100 * time.Millisecond // news wake it, the pause is for what is no news
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	if plan.IDs == nil {
		plan.Order, plan.First = []partners.Order{{}}, partners.PageLimit
	}
	for {
		news := t.node.service.News()
		pages, err := t.node.service.Read(ctx, plan)
		if err != nil {
			return schema.ID{}, err
		}
		if rows := pages[0].Rows; len(rows) >= count {
			return rows[len(rows)-1].ID, nil
		}
		select {
		case <-ctx.Done():
			return schema.ID{}, fmt.Errorf("wait for %d %s at %s: %w", count, plan.Kind.Plural, t.node.options.PublicURL, ctx.Err())
		case <-news:
		case <-time.After(pause):
		}
	}
}

// tellKeys makes the API token and the mailbox with which people try the API
// and EDI, and lays the EDI file ready.
func (d *demo) tellKeys(ctx context.Context, s *story, t *told) (err error) {
	_, t.APIToken, err = d.distributor.auth.CreateToken(ctx, auth.NewToken{User: s.portuguese.people[0].id, Name: "demo", Lifetime: 90 * 24 * time.Hour})
	if err != nil {
		return err
	}
	_, t.EDIToken, err = d.maker.trading.AddPartner(policy.With(ctx, policy.System(s.maker.id)), trading.Partner{
		Receiver: s.maker.id, Sender: s.french.id, Name: "rhone", ReceiverQualifier: "ZZ", ReceiverID: "WISLA", SenderQualifier: "ZZ", SenderID: "RHONE", TestAllowed: true,
	})
	if err != nil {
		return err
	}
	file, err := storyFiles.ReadFile("story/sales-report.edi")
	if err != nil {
		return err
	}
	return keep(t.EDIFile, string(file))
}

// logins are the people of the story, and where they sign in.
func (s *story) logins(maker, distributor string) []login {
	var list []login
	for _, h := range []struct {
		house *house
		node  string
	}{{&s.maker, maker}, {&s.portuguese, distributor}, {&s.french, maker}, {&s.marketing, maker}} {
		for _, p := range h.house.people {
			list = append(list, login{h.house.values["legalName"].(string), p.name, p.email, p.roles, h.node})
		}
	}
	return list
}
