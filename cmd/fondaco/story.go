package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"fondaco/gateway/auth"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// The story of the demo: a maker of pumps in Poland, distributors in Portugal
// and France, and a marketing partner in Spain. The maker's node hosts the
// French and the Spanish firm; the Portuguese firm has a node of its own.

// storyFiles are the documents that the story brings along.
//
//go:embed story/*
var storyFiles embed.FS

// cast is one person of the story.
type cast struct {
	name, email, locale string
	roles               []string
	id                  schema.ID
}

// house is one firm of the story.
type house struct {
	id     schema.FirmID
	values partners.Values
	people []*cast
}

// story has all firms and people, with ids made for this telling.
type story struct {
	maker, marketing, french, portuguese house
}

func newStory() *story {
	firm := func(name, country, zone, partnerType string, people ...*cast) house {
		for _, p := range people {
			p.id = schema.NewID()
		}
		return house{schema.FirmID(schema.NewID()), partners.Values{
			"legalName": name, "country": country, "timeZone": zone, "partnerTypes": []string{partnerType},
		}, people}
	}
	return &story{
		maker: firm("Wisła Pompy S.A.", "PL", "Europe/Warsaw", "MANUFACTURER",
			&cast{name: "Anna Nowak", email: "anna@wisla.example", locale: "pl", roles: []string{"ADMINISTRATOR", "CHANNEL_MANAGER"}},
			&cast{name: "Piotr Zieliński", email: "piotr@wisla.example", locale: "pl", roles: []string{"SALES"}}),
		marketing: firm("Mercado Sur Marketing S.L.", "ES", "Europe/Madrid", "MARKETING_PARTNER",
			&cast{name: "Lucía Ortega", email: "lucia@mercadosur.example", locale: "es", roles: []string{"CHANNEL_MANAGER", "MARKETING"}}),
		french: firm("Distribution Rhône SARL", "FR", "Europe/Paris", "DISTRIBUTOR",
			&cast{name: "Camille Martin", email: "camille@rhone.example", locale: "fr", roles: []string{"CHANNEL_MANAGER"}}),
		portuguese: firm("Lusitânia Distribuição Lda", "PT", "Europe/Lisbon", "DISTRIBUTOR",
			&cast{name: "João Ferreira", email: "joao@lusitania.example", locale: "pt", roles: []string{"ADMINISTRATOR", "CHANNEL_MANAGER"}},
			&cast{name: "Inês Carvalho", email: "ines@lusitania.example", locale: "pt", roles: []string{"SALES"}}),
	}
}

// password is that with which all people of the demo sign in. It is made anew
// for each data folder, and hashed while PostgreSQL is being made.
type password struct {
	text   string
	hashed func() (string, error)
}

func newPassword() *password {
	const length = 12
	text := strings.ToLower(rand.Text()[:length])
	hash := sync.OnceValues(func() (string, error) { return auth.HashPassword(text) })
	go func() { _, _ = hash() }() // whoever asks gets the error
	return &password{text, hash}
}

// settle takes a firm in and lets its people sign in.
func (n *node) settle(ctx context.Context, h *house, secret *password) error {
	if err := n.service.Host(ctx, h.id, h.values); err != nil {
		return err
	}
	actor := policy.System(h.id)
	actor.Cause = "demo"
	var commands []partners.Command
	for _, p := range h.people {
		commands = append(commands,
			partners.Command{Verb: partners.Create, Kind: schema.Users, ID: p.id, Values: partners.Values{"name": p.name, "email": p.email, "locale": p.locale, "active": true}},
			partners.Command{Verb: partners.Create, Kind: schema.Memberships, Values: partners.Values{"member": p.id, "roles": p.roles}})
	}
	if _, err := n.service.Write(policy.With(ctx, actor), commands); err != nil {
		return err
	}
	hash, err := secret.hashed()
	if err != nil {
		return err
	}
	for _, p := range h.people {
		if err := n.auth.SetPasswordHash(ctx, auth.Account{User: p.id, Firm: h.id, Email: p.email}, hash); err != nil {
			return err
		}
	}
	return nil
}

// teller writes records of the story as one person.
type teller struct {
	ctx  context.Context //nolint:containedctx // it carries the person, and lives as long as the story is told
	node *node
	err  error // the first; after it nothing more is written
}

func (n *node) tellAs(ctx context.Context, p *cast) *teller {
	actor, err := n.service.Principal(ctx, p.id)
	actor.Via, actor.Cause = "gateway", "demo"
	return &teller{policy.With(ctx, actor), n, err}
}

func (t *teller) do(c partners.Command) schema.ID {
	if t.err != nil {
		return schema.ID{}
	}
	outcomes, err := t.node.service.Write(t.ctx, []partners.Command{c})
	if err != nil {
		t.err = fmt.Errorf("tell the story: %w", err)
		return schema.ID{}
	}
	return outcomes[0].ID
}

func (t *teller) create(k *schema.Kind, v partners.Values) schema.ID {
	return t.do(partners.Command{Verb: partners.Create, Kind: k, Values: v})
}

func (t *teller) act(k *schema.Kind, id schema.ID, verb string) {
	t.do(partners.Command{Verb: verb, Kind: k, ID: id})
}

// createAll makes many records of one kind in one transaction.
func (t *teller) createAll(k *schema.Kind, all []partners.Values) []schema.ID {
	list := make([]schema.ID, len(all))
	if t.err != nil {
		return list
	}
	commands := make([]partners.Command, len(all))
	for i, v := range all {
		commands[i] = partners.Command{Verb: partners.Create, Kind: k, Values: v}
	}
	outcomes, err := t.node.service.Write(t.ctx, commands)
	if err != nil {
		t.err = fmt.Errorf("tell the story: %w", err)
		return list
	}
	for i, o := range outcomes {
		list[i] = o.ID
	}
	return list
}

// tale is what the maker's node begins with, from a JSON file.
type tale struct {
	Products  []json.RawMessage `json:"products"`
	Customers []json.RawMessage `json:"customers"`
	Contacts  []struct {
		Customer string          `json:"customer"`
		Contact  json.RawMessage `json:"contact"`
	} `json:"contacts"`
	Notes []struct {
		Customer string `json:"customer"`
		Subject  string `json:"subject"`
		Body     string `json:"body"`
		DaysAgo  int    `json:"daysAgo"`
		Shared   string `json:"shared"` // the firm that is named as audience, if one is
	} `json:"notes"`
	Terms map[string]json.RawMessage `json:"terms"`
}

func readTale() (*tale, error) {
	text, err := storyFiles.ReadFile("story/records.json")
	if err != nil {
		return nil, err
	}
	var t tale
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return &t, d.Decode(&t)
}

// values reads the fields of a record from JSON.
func values(k *schema.Kind, raw json.RawMessage) (partners.Values, error) {
	e := k.New()
	unknown, err := schema.DecodeFields(e, raw)
	if err != nil {
		return nil, err
	}
	for name := range unknown {
		return nil, fmt.Errorf("story: %s has no field %s", k, name)
	}
	v := partners.Values{}
	for _, f := range k.Fields {
		if value := f.Value(e); value != nil {
			v[f.Name] = value
		}
	}
	return v, nil
}

func (t *teller) fromJSON(k *schema.Kind, list []json.RawMessage) (map[string]schema.ID, error) {
	var all []partners.Values
	for _, raw := range list {
		v, err := values(k, raw)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	names := map[string]schema.ID{}
	for i, id := range t.createAll(k, all) {
		names[all[i][k.Label.Name].(string)] = id
	}
	return names, t.err
}

// tellMaker writes what the maker has of its own: products, customers and
// contacts. It gives the customers by name.
func (n *node) tellMaker(ctx context.Context, s *story) (map[string]schema.ID, error) {
	told, err := readTale()
	if err != nil {
		return nil, err
	}
	t := n.tellAs(ctx, s.maker.people[0])
	if _, err := t.fromJSON(schema.Products, told.Products); err != nil {
		return nil, err
	}
	customers, err := t.fromJSON(schema.Customers, told.Customers)
	if err != nil {
		return nil, err
	}
	var contacts []partners.Values
	for _, c := range told.Contacts {
		v, err := values(schema.Contacts, c.Contact)
		if err != nil {
			return nil, err
		}
		v["customer"] = customers[c.Customer]
		contacts = append(contacts, v)
	}
	t.createAll(schema.Contacts, contacts)
	return customers, t.err
}

// tellNotes writes the maker's notes. Partners are named as audience only
// once they are partners.
func (n *node) tellNotes(ctx context.Context, s *story, customers map[string]schema.ID) error {
	told, err := readTale()
	if err != nil {
		return err
	}
	t := n.tellAs(ctx, s.maker.people[0])
	firms := map[string]schema.FirmID{"PT": s.portuguese.id, "ES": s.marketing.id}
	var notes []partners.Values
	for _, note := range told.Notes {
		v := partners.Values{
			"customer": customers[note.Customer], "interactionType": "NOTE", "subject": note.Subject, "body": note.Body,
			"occurredAt": n.service.Now().Add(-time.Duration(note.DaysAgo) * 24 * time.Hour),
		}
		if firm, ok := firms[note.Shared]; ok {
			v["audience"], v["audienceFirms"] = "FIRMS", []schema.ID{firm.ID()}
		}
		notes = append(notes, v)
	}
	t.createAll(schema.Interactions, notes)
	return t.err
}
