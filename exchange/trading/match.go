package trading

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"fondaco/edi/mapping"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// matcher recognises end customers among the receiver's own: by keys that are
// exact, and by a name only where country and town are the same too.
type matcher struct {
	s                *Service
	receiver, sender schema.FirmID
	known            map[string]match // by party, in this interchange
	parties          []*mapping.Party
	numbers          map[string]schema.ID // the sender's numbers that are to be remembered
	products         map[string]schema.ID // by part number
	claims           map[string]schema.ID // by their numbers: what the receiver claimed from the sender
}

// match is what was found out about a party.
type match struct {
	customer schema.ID
	state    schema.MatchState
	create   *mapping.Party // a customer that is to be made, at its first use
}

// candidate is a customer as it is compared.
type candidate struct {
	id                                  schema.ID
	name, city, country, vat, duns, gln string
}

// partyKey is what makes two mentions in one interchange the same party.
func partyKey(p *mapping.Party) string {
	return strings.Join([]string{vatKey(p.VATID), p.DUNS, p.GLN, p.Number, nameKey(p.Name), nameKey(p.City), p.Country}, "\x00")
}

// nameKey is a name without case, accents and punctuation.
func nameKey(s string) string {
	return strings.Join(strings.FieldsFunc(policy.Key(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// vatKey is a tax number without what people write between its signs.
func vatKey(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s))
}

// add notes a party that will be asked for.
func (m *matcher) add(p *mapping.Party) {
	if p == nil || p.Name == "" && p.VATID == "" && p.DUNS == "" && p.GLN == "" && p.Number == "" {
		return
	}
	key := partyKey(p)
	if _, known := m.known[key]; !known {
		m.known[key] = match{}
		m.parties = append(m.parties, p)
	}
}

// batch is how many parties are looked up together.
const batch = 40

// resolve looks all parties up.
func (m *matcher) resolve(ctx context.Context) error {
	for len(m.parties) > 0 {
		some := m.parties[:min(batch, len(m.parties))]
		m.parties = m.parties[len(some):]
		numbers, err := m.remembered(ctx, some)
		if err != nil {
			return err
		}
		var plans []*partners.Plan
		for _, p := range some {
			list, err := m.plans(p, numbers[p.Number])
			if err != nil {
				return err
			}
			plans = append(plans, list...)
		}
		pages, err := m.s.o.Partners.Read(ctx, plans...)
		if err != nil {
			return fmt.Errorf("look for customers: %w", err)
		}
		for _, p := range some {
			m.known[partyKey(p)] = decide(p, m.candidates(pages[:stages]))
			pages = pages[stages:]
		}
	}
	return nil
}

// The plans for one party, the surest key first.
const (
	byVAT = iota
	byDUNS
	byGLN
	byNumber
	byName
	stages
)

func matchFields() []*schema.Field {
	var fields []*schema.Field
	for _, name := range []string{"name", "city", "country", "vatId", "duns", "gln"} {
		fields = append(fields, schema.Customers.FieldNamed(name))
	}
	return fields
}

func (m *matcher) plans(p *mapping.Party, number schema.ID) ([]*partners.Plan, error) {
	vats := []any{}
	if p.VATID != "" {
		vats = append(vats, p.VATID, vatKey(p.VATID))
	}
	exact := [][]any{byVAT: vats, byDUNS: texts(p.DUNS), byGLN: texts(p.GLN)}
	fields := []string{byVAT: "vatId", byDUNS: "duns", byGLN: "gln"}
	list := make([]*partners.Plan, stages)
	for i := range list {
		list[i] = &partners.Plan{Kind: schema.Customers, Fields: matchFields(), IDs: []schema.ID{}}
	}
	for i, values := range exact {
		if len(values) == 0 {
			continue
		}
		where, err := policy.Compare(schema.Customers.FieldNamed(fields[i]), policy.OpIn, values...)
		if err != nil {
			return nil, fmt.Errorf("look for a customer by %s: %w", fields[i], err)
		}
		list[i].IDs, list[i].Where, list[i].First = nil, where, 10
	}
	if !number.IsZero() {
		list[byNumber].IDs = []schema.ID{number}
	}
	if nameKey(p.Name) != "" {
		list[byName].IDs, list[byName].Search, list[byName].First = nil, nameKey(p.Name), 50
	}
	return list, nil
}

func texts(s string) []any {
	if s == "" {
		return nil
	}
	return []any{s}
}

// candidates gives the receiver's own customers among the pages.
func (m *matcher) candidates(pages []*partners.Page) [stages][]candidate {
	var all [stages][]candidate
	for i, page := range pages {
		for _, row := range page.Rows {
			if row.Owner != m.receiver {
				continue
			}
			c := row.Cells
			all[i] = append(all[i], candidate{row.ID, string(c[0]), string(c[1]), string(c[2]), string(c[3]), string(c[4]), string(c[5])})
		}
	}
	return all
}

// decide chooses a customer. A name alone never does: where a customer of that
// name could be meant, a person decides.
func decide(p *mapping.Party, found [stages][]candidate) match {
	for _, list := range found[:byNumber] {
		switch len(list) {
		case 0:
		case 1:
			return match{customer: list[0].id, state: schema.Matched}
		default:
			return match{state: schema.Ambiguous}
		}
	}
	if list := found[byNumber]; len(list) > 0 {
		if nameKey(list[0].name) == nameKey(p.Name) {
			return match{customer: list[0].id, state: schema.Matched}
		}
		return match{state: schema.Ambiguous} // the sender calls somebody else by this number now
	}
	return decideByName(p, found[byName])
}

// decideByName looks at customers of a similar name.
func decideByName(p *mapping.Party, found []candidate) match {
	var same, possible []candidate
	for _, c := range found {
		if nameKey(c.name) != nameKey(p.Name) {
			continue
		}
		switch {
		case differ(c.city, p.City), differ(c.country, countryOf(p)), differ(c.duns, p.DUNS), differ(c.gln, p.GLN), differ(vatKey(c.vat), vatKey(p.VATID)):
		case p.City != "" && nameKey(c.city) == nameKey(p.City) && c.country != "" && c.country == countryOf(p):
			same = append(same, c)
		default:
			possible = append(possible, c)
		}
	}
	switch {
	case len(same) == 1:
		return match{customer: same[0].id, state: schema.Matched}
	case len(same) > 1 || len(possible) > 0:
		return match{state: schema.Ambiguous}
	}
	return match{state: schema.Unmatched, create: p}
}

// differ tells that both are stated and are not the same.
func differ(a, b string) bool { return a != "" && b != "" && nameKey(a) != nameKey(b) }

// countryOf is the country in two letters; documents may give other codes,
// which are no key.
func countryOf(p *mapping.Party) string {
	if len(p.Country) != 2 {
		return ""
	}
	return strings.ToUpper(p.Country)
}

// remembered gives the customers that the sender has meant by its numbers.
func (m *matcher) remembered(ctx context.Context, parties []*mapping.Party) (map[string]schema.ID, error) {
	var numbers []string
	for _, p := range parties {
		if p.Number != "" {
			numbers = append(numbers, p.Number)
		}
	}
	rows, err := m.s.pool.Query(ctx, `
		SELECT c.number, c.customer_id
		FROM trading_customers c
		WHERE c.receiver_firm_id = $1 AND c.sender_firm_id = $2 AND c.number = ANY ($3)`, m.receiver, m.sender, numbers)
	if err != nil {
		return nil, fmt.Errorf("look for the sender's numbers: %w", err)
	}
	known := map[string]schema.ID{}
	var number string
	var id schema.ID
	_, err = pgx.ForEachRow(rows, []any{&number, (*[16]byte)(&id)}, func() error {
		known[number] = id
		return nil
	})
	return known, err
}

// of gives what was found out about a party. Its first use tells to create the
// customer, the next ones name it.
func (m *matcher) of(p *mapping.Party) (match, bool) {
	if p == nil {
		return match{state: schema.Unmatched}, false
	}
	key := partyKey(p)
	found, known := m.known[key]
	if !known {
		return match{state: schema.Unmatched}, false
	}
	first := found.create != nil && found.customer.IsZero()
	if first {
		found.customer = schema.NewID()
		m.known[key] = found
	}
	if p.Number != "" && !found.customer.IsZero() {
		m.numbers[p.Number] = found.customer
	}
	return found, first
}

// existing is the customer that a party is, zero if it is none that is known.
func (m *matcher) existing(p *mapping.Party) schema.ID {
	if p == nil {
		return schema.ID{}
	}
	return m.known[partyKey(p)].customer
}

// customerOf is the customer that is made of a party: not confirmed by anybody.
func customerOf(p *mapping.Party) *schema.Customer {
	name := p.Name
	if name == "" {
		name = strings.TrimSpace("Unnamed " + p.VATID + p.DUNS + p.GLN + p.Number)
	}
	c := &schema.Customer{
		Name: name, CustomerType: schema.Organisation, Status: schema.Unconfirmed, Street: p.Street, City: p.City, PostalCode: p.PostalCode,
		Region: p.Region, Country: countryOf(p), VATID: vatKey(p.VATID),
	}
	if len(p.DUNS) == 9 {
		c.DUNS = p.DUNS
	}
	if len(p.GLN) == 13 {
		c.GLN = p.GLN
	}
	return c
}

// addClaim notes the number of a claim that will be asked for.
func (m *matcher) addClaim(number string) {
	if number != "" {
		m.claims[number] = schema.ID{}
	}
}

// addProduct notes a part number that will be asked for.
func (m *matcher) addProduct(number string) {
	if number != "" {
		m.products[number] = schema.ID{}
	}
}

// resolveProducts finds the receiver's own products by their part numbers; a
// number that two of them have names neither.
func (m *matcher) resolveProducts(ctx context.Context) error {
	whichever := func([][]byte) bool { return true }
	return m.resolveNumbers(ctx, m.products, []*schema.Field{schema.Products.FieldNamed("partNumber")}, whichever)
}

// resolveClaims finds the claims that an answer is about.
func (m *matcher) resolveClaims(ctx context.Context) error {
	number, to, flow := schema.RebateClaims.FieldNamed("claimNumber"), schema.RebateClaims.FieldNamed("addressedTo"), schema.RebateClaims.FieldNamed("flow")
	return m.resolveNumbers(ctx, m.claims, []*schema.Field{number, to, flow}, func(cells [][]byte) bool {
		return bytes.Equal(cells[1], m.sender[:]) && string(cells[2]) == string(schema.Sent)
	})
}

// resolveNumbers finds the receiver's own records by a number, which stands for
// none where several have it. The number is in the first of the fields; fits
// tells by all of them whether a record can be meant.
func (m *matcher) resolveNumbers(ctx context.Context, numbers map[string]schema.ID, fields []*schema.Field, fits func(cells [][]byte) bool) error {
	field := fields[0]
	for some := range slices.Chunk(slices.Sorted(maps.Keys(numbers)), 100) {
		values := make([]any, len(some))
		for i, n := range some {
			values[i] = n
		}
		where, err := policy.Compare(field, policy.OpIn, values...)
		if err != nil {
			return fmt.Errorf("look for %s: %w", field.Kind.Plural, err)
		}
		pages, err := m.s.o.Partners.Read(ctx, &partners.Plan{Kind: field.Kind, Fields: fields, Where: where, First: partners.PageLimit})
		if err != nil {
			return fmt.Errorf("look for %s: %w", field.Kind.Plural, err)
		}
		seen := map[string]int{}
		for _, row := range pages[0].Rows {
			if row.Owner != m.receiver || !fits(row.Cells) {
				continue
			}
			number := string(row.Cells[0])
			if seen[number]++; seen[number] == 1 {
				numbers[number] = row.ID
			} else {
				numbers[number] = schema.ID{}
			}
		}
	}
	return nil
}

// product is the product with a part number, zero if it is not known.
func (m *matcher) product(number string) schema.ID { return m.products[number] }

// claim is the claim with a number, zero if it is not known.
func (m *matcher) claim(number string) schema.ID { return m.claims[number] }
