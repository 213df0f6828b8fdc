package federation_test

import (
	"fmt"
	"strings"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// create makes a customer with what belongs to it, a product, and what names
// them, each of them at random.
func (s *shifts) create() {
	n := len(s.did)
	name := fmt.Sprint("Name ", n)
	add := func(k *schema.Kind, values partners.Values) {
		s.write(s.A.Admin, partners.Command{Verb: partners.Create, Kind: k, ID: schema.NewID(), Values: values})
	}
	customers := func(p policy.Principal) {
		s.write(p, partners.Command{Verb: partners.Create, Kind: schema.Customers, ID: schema.NewID(), Values: partners.Values{
			"name": name, "customerType": "ORGANISATION", "status": s.status(), "country": s.country(),
		}})
	}
	customers(s.A.Admin)
	if len(s.theirs) < 2 {
		customers(s.guest.Admin)
	}
	add(schema.Contacts, partners.Values{"customer": s.any(schema.Customers), "name": name})
	add(schema.Products, partners.Values{"name": name, "partNumber": name, "family": s.family()})
	if n < 4 || s.rng.IntN(2) == 0 {
		day := schema.Date{Year: 2026, Month: 3, Day: 1}
		add(schema.Promotions, partners.Values{"name": name, "startsOn": day, "endsOn": day, "products": s.products()})
	}
	about := one(s, append(s.theirs, s.made[schema.Customers]...)...)
	values := partners.Values{"interactionType": "NOTE", "occurredAt": s.A.Now(), "subject": name, "customer": about}
	if first := s.any(schema.Interactions); !first.IsZero() && s.rng.IntN(2) == 0 {
		values["replyTo"], values["customer"] = first, s.about[first]
	}
	s.audience(values)
	add(schema.Interactions, values)
	add(schema.Documents, s.audience(partners.Values{
		"customer": s.any(schema.Customers), "title": name, "documentType": "PRICE_LIST", "status": "ACTIVE",
	}))
	if document := s.any(schema.Documents); !document.IsZero() {
		s.version(document, name)
	}
}

func (s *shifts) version(document schema.ID, name string) {
	body, err := s.A.PutBody(policy.With(s.t.Context(), s.A.Admin), strings.NewReader(name), 1<<10)
	if err != nil {
		s.t.Fatal(err)
	}
	s.write(s.A.Admin, partners.Command{
		Verb: partners.Create, Kind: schema.DocumentVersions, ID: schema.NewID(), Body: &body,
		Values: partners.Values{"document": document, "fileName": name},
	})
}

func (s *shifts) status() string { return one(s, "ACTIVE", "ACTIVE", "PROSPECT") }

func (s *shifts) family() string { return one(s, "ovens", "ovens", "mixers") }

// update changes one thing by which somebody may come to see something, or
// nothing of the kind.
func (s *shifts) update() {
	set := func(k *schema.Kind, values partners.Values) {
		if id := s.any(k); !id.IsZero() {
			s.write(s.A.Admin, partners.Command{Verb: partners.Update, Kind: k, ID: id, Values: values})
		}
	}
	name := fmt.Sprint("Other ", len(s.did))
	switch s.rng.IntN(10) {
	case 0, 1:
		set(schema.Customers, partners.Values{"country": s.country()})
	case 2:
		set(schema.Customers, partners.Values{"status": s.status(), "country": s.country()})
	case 3, 4:
		set(schema.Products, partners.Values{"family": s.family()})
	case 5:
		set(schema.Documents, s.audience(partners.Values{}))
	case 6, 7:
		set(schema.Promotions, partners.Values{"products": s.products()})
	default:
		set(one(s, schema.Customers, schema.Contacts, schema.Products, schema.Promotions), partners.Values{"name": name})
	}
}
