package partners_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// A world is a node with firms that did at random what firms can do: they
// write records of all kinds, become partners, share, grant, and take back.
type world struct {
	*partnerstest.Node
	t     *testing.T
	rng   *rand.Rand
	firms []*worldFirm
	ids   map[*schema.Kind][]schema.ID
	tried map[string]int // how many commands of a kind and verb were carried out, or refused
}

type worldFirm struct {
	id     schema.FirmID
	people []policy.Principal
	team   schema.ID
	own    map[*schema.Kind][]schema.ID
}

// words are few, so that filters, searches and orders meet the same again.
var words = []string{"Águas", "Łódź", "pump", "Straße", "50% off", "a_b", "Porto", "PORTO", `C:\pump`}

var epoch = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func newWorld(t *testing.T, seed uint64) *world {
	t.Helper()
	return populate(t, partnerstest.Open(t), seed)
}

// populate makes a world of a node.
func populate(t *testing.T, n *partnerstest.Node, seed uint64) *world {
	t.Helper()
	w := &world{
		Node: n, t: t, rng: rand.New(rand.NewPCG(seed, 1)),
		ids: map[*schema.Kind][]schema.ID{}, tried: map[string]int{},
	}
	for i := range 2 + w.rng.IntN(3) {
		w.addFirm(fmt.Sprintf("Firm %d", i))
	}
	w.receiveCopies()
	for _, f := range w.firms {
		for range 5 {
			w.create(f, schema.Customers)
		}
		for range 10 {
			w.create(f, one(w, schema.Customers.Children()))
		}
	}
	for range 2 * len(w.firms) {
		w.share()
	}
	for range 150 {
		w.step()
	}
	for range 4 * len(w.firms) { // the last, so that worlds of a seed stay what they are
		w.passOn()
	}
	return w
}

func (w *world) addFirm(name string) {
	admin := w.Firm(name, "PT")
	f := &worldFirm{id: admin.Firm, own: map[*schema.Kind][]schema.ID{}}
	f.team = w.Create(admin, schema.Teams, partners.Values{"name": "Team"})
	sales := w.Person(f.id, "Seller", schema.Sales)
	w.Create(admin, schema.Memberships, partners.Values{"member": sales.User.ID(), "team": f.team})
	marketing := w.Person(f.id, "Marketer", schema.Marketing)
	for _, p := range []policy.Principal{admin, sales, marketing, w.Person(f.id, "Auditor", schema.Auditor)} {
		again, err := w.Principal(w.t.Context(), p.User.ID())
		if err != nil {
			w.t.Fatal(err)
		}
		again.Via, again.Cause = "gateway", "test"
		f.people = append(f.people, again)
		w.note(f, schema.Users, p.User.ID())
	}
	w.firms = append(w.firms, f)
	w.note(f, schema.Firms, f.id.ID())
	w.note(f, schema.Teams, f.team)
}

// note keeps the id of a record, to refer to it later.
func (w *world) note(f *worldFirm, k *schema.Kind, id schema.ID) {
	w.ids[k], f.own[k] = append(w.ids[k], id), append(f.own[k], id)
}

// receiveCopies gives the first firm some records of a firm on another node,
// each with some of its fields.
func (w *world) receiveCopies() {
	sender, to := schema.FirmID(schema.NewID()), w.firms[0]
	introduce(w.t, w.Node, to.id, sender, "Far away")
	in := partners.Incoming{From: sender, To: to.id, Cause: "test"}
	for range 4 {
		mask := schema.Customers.FieldsOf(schema.Basic)
		for _, f := range schema.Customers.Fields {
			if w.rng.IntN(2) == 0 {
				mask = mask.With(f.Bit)
			}
		}
		c := &schema.Customer{
			Name: w.word(), CustomerType: schema.Organisation, Status: schema.Active, Country: "PT", Phone: "+351 21", CustomerNumber: "7",
			AnnualRevenue: w.money(), Description: w.word(),
		}
		fields, err := schema.EncodeFields(c, mask)
		if err != nil {
			w.t.Fatal(err)
		}
		id := schema.NewID()
		in.Puts = append(in.Puts, partners.Projection{
			Kind: schema.Customers, ID: id, Owner: sender, Version: 1, Mask: mask, Fields: fields, CreatedAt: epoch, UpdatedAt: epoch,
		})
		w.ids[schema.Customers] = append(w.ids[schema.Customers], id)
	}
	applied, err := w.Apply(w.t.Context(), in)
	if err != nil || len(applied.Refused) > 0 {
		w.t.Fatalf("receive copies: %v, %v", applied, err)
	}
}

// step does something at random.
func (w *world) step() {
	f := one(w, w.firms)
	switch n := w.rng.IntN(20); {
	case n < 9:
		w.create(f, one(w, schema.Kinds()))
	case n < 12:
		w.create(f, one(w, schema.Customers.Children()))
	case n < 13:
		w.do(f, partners.Command{Verb: partners.Delete, Kind: schema.Grants, ID: w.pick(schema.Grants)})
	case n < 16:
		k := one(w, schema.Kinds())
		field := one(w, k.Fields)
		w.do(f, partners.Command{Verb: partners.Update, Kind: k, ID: w.pick(k), Values: partners.Values{field.Name: w.value(f, field)}})
	case n < 17:
		k := one(w, append(schema.Kinds(), schema.Customers, schema.Documents, schema.Interactions))
		id := w.pick(k)
		if own := f.own[k]; len(own) > 0 {
			id = one(w, own)
		}
		w.do(f, partners.Command{Verb: partners.Delete, Kind: k, ID: id})
	case n < 19:
		w.act()
	default:
		w.share()
	}
}

// passOn lets a firm pass on what another one shares with it, to a third one.
func (w *world) passOn() {
	source := w.pick(schema.SharingAgreements)
	for _, f := range w.firms {
		to := one(w, w.firms)
		partnership := w.do(f, partners.Command{Verb: partners.Create, Kind: schema.Partnerships, Values: partners.Values{"name": w.word(), "addressedTo": to.id.ID()}})
		w.do(to, partners.Command{Verb: partners.Create, Kind: schema.Acceptances, Values: partners.Values{"partnership": partnership, "answer": "ACCEPTED"}})
		values := partners.Values{"name": "Passed on", "addressedTo": to.id.ID(), "partnership": partnership, "terms": w.passable(), "restsOn": source}
		outcomes, err := w.Write(policy.With(w.t.Context(), f.people[0]), []partners.Command{{Verb: partners.Create, Kind: schema.SharingAgreements, Values: values}})
		if err != nil {
			continue // it is another firm to which that agreement is addressed
		}
		w.tried["SharingAgreement passed on"]++
		id := outcomes[0].ID
		w.note(f, schema.SharingAgreements, id)
		w.do(f, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: id})
		w.do(to, partners.Command{Verb: partners.Create, Kind: schema.Acceptances, Values: partners.Values{"sharingAgreement": id, "answer": "ACCEPTED"}})
	}
}

// passable are terms that most agreements of the world let be passed on.
func (w *world) passable() json.RawMessage {
	return json.RawMessage(one(w, []string{
		`[{"kind": "Customer", "level": "ALL", "actions": ["read", "comment"]}]`,
		`[{"kind": "Customer", "level": "FILTER", "filter": {"field": "country", "op": "ne", "value": "ES"}, "actions": ["read"]}]`,
		`[{"kind": "Customer", "level": "ALL", "actions": ["read"]}, {"kind": "Contact", "level": "CHILDREN", "actions": ["read"]}]`,
	}))
}

// act takes a step of the life-cycle of some record, as its owner.
func (w *world) act() {
	k := one(w, []*schema.Kind{
		schema.DealRegistrations, schema.DealRegistrations, schema.DealDecisions, schema.SharingAgreements, schema.Partnerships,
	})
	step := one(w, k.Lifecycle.Transitions)
	id := w.pick(k)
	for _, f := range w.firms {
		w.do(f, partners.Command{Verb: step.Action, Kind: k, ID: id})
	}
}

// share lets one firm open something to another, now and then without an end.
func (w *world) share() {
	a, b := one(w, w.firms), one(w, w.firms)
	if a == b {
		return
	}
	partnership := w.do(a, partners.Command{Verb: partners.Create, Kind: schema.Partnerships, Values: partners.Values{"name": w.word(), "addressedTo": b.id.ID()}})
	if w.rng.IntN(6) > 0 {
		w.do(b, partners.Command{Verb: partners.Create, Kind: schema.Acceptances, Values: partners.Values{"partnership": partnership, "answer": "ACCEPTED"}})
	}
	giver, taker := a, b
	if w.rng.IntN(2) == 0 {
		giver, taker = b, a
	}
	values := partners.Values{"name": w.word(), "addressedTo": taker.id.ID(), "partnership": partnership, "terms": w.terms()}
	for _, limit := range []string{"validFrom", "validUntil"} {
		if w.rng.IntN(4) == 0 {
			values[limit] = schema.DateOf(w.Now()).AddDays(10 * (w.rng.IntN(3) - 1))
		}
	}
	if w.rng.IntN(4) == 0 {
		values["requires"] = w.do(giver, partners.Command{Verb: partners.Create, Kind: schema.Agreements, Values: partners.Values{
			"name": w.word(), "addressedTo": taker.id.ID(), "agreementType": "NDA", "effectiveOn": schema.DateOf(w.Now()).AddDays(10 * (w.rng.IntN(3) - 2)),
		}})
	}
	id := w.do(giver, partners.Command{Verb: partners.Create, Kind: schema.SharingAgreements, Values: values})
	w.do(giver, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: id})
	answers := []string{"ACCEPTED"}
	if w.rng.IntN(5) == 0 {
		answers = append(answers, one(w, []string{"WITHDRAWN", "DECLINED", "ACCEPTED"}))
	}
	w.grant(giver, id)
	for _, answer := range answers {
		w.do(taker, partners.Command{Verb: partners.Create, Kind: schema.Acceptances, Values: partners.Values{"sharingAgreement": id, "answer": answer}})
	}
}

// shared are the kinds of which terms are made, the more fruitful ones more often.
var shared = []*schema.Kind{
	schema.Customers, schema.Customers, schema.Customers, schema.Contacts, schema.Contacts, schema.Interactions, schema.Interactions,
	schema.Documents, schema.Documents, schema.DocumentVersions, schema.Preferences, schema.Goals, schema.Tasks, schema.Products,
	schema.Promotions, schema.DealRegistrations, schema.SalesReports, schema.SalesReportLines, schema.Interchanges,
}

func (w *world) terms() json.RawMessage {
	list := []schema.SharingTerm{{Kind: "Customer", Level: one(w, []schema.ShareLevel{"ALL", "FILTER", "GRANTED"})}}
	for range 1 + w.rng.IntN(4) {
		k := one(w, shared)
		levels := []schema.ShareLevel{"ALL", "FILTER", "GRANTED"}
		if k.Parent != nil {
			levels = append(levels, "CHILDREN", "CHILDREN", "CHILDREN")
		}
		list = append(list, schema.SharingTerm{Kind: k.Name, Level: one(w, levels)})
	}
	for i := range list {
		t := &list[i]
		t.Actions, t.Reshare = []string{"read", "comment", "attach"}, i != 2
		for _, class := range []schema.Class{schema.Personal, schema.Commercial} {
			if w.rng.IntN(2) == 0 {
				t.Classes = append(t.Classes, class)
			}
		}
		if t.Level == schema.ShareFilter {
			t.Filter = w.filterText(schema.KindNamed(t.Kind))
		}
	}
	raw, err := json.Marshal(list)
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

// filterText is a filter in the form of sharing terms.
func (w *world) filterText(k *schema.Kind) json.RawMessage {
	var list []string
	for _, f := range k.Fields {
		if !f.Filter || w.rng.IntN(3) > 0 {
			continue
		}
		leaf := fmt.Sprintf(`{"field": %q, "op": "isNull", "value": %t}`, f.Name, w.rng.IntN(2) == 0)
		if w.rng.IntN(3) > 0 {
			value, err := f.EncodeValue(w.value(one(w, w.firms), f))
			if err != nil {
				w.t.Fatal(err)
			}
			leaf = fmt.Sprintf(`{"field": %q, "op": %q, "value": %s}`, f.Name, one(w, []string{"eq", "ne"}), value)
		}
		if w.rng.IntN(4) == 0 {
			leaf = `{"not": ` + leaf + `}`
		}
		list = append(list, leaf)
	}
	return json.RawMessage(`{"` + one(w, []string{"and", "or", "or"}) + `": [` + strings.Join(append(list, `{"field": "`+firstFilter(k)+`", "op": "isNull", "value": false}`), ",") + `]}`)
}

func firstFilter(k *schema.Kind) string {
	for _, f := range k.Fields {
		if f.Filter {
			return f.Name
		}
	}
	panic("no field of " + k.Name + " can be filtered by")
}

// grant opens some records of a firm under its agreement, of kinds that the
// agreement foresees, and of others.
func (w *world) grant(f *worldFirm, agreement schema.ID) {
	for range 12 {
		k := one(w, shared)
		id := w.pick(k)
		if own := f.own[k]; len(own) > 0 {
			id = one(w, own)
		}
		w.do(f, partners.Command{Verb: partners.Create, Kind: schema.Grants, Values: partners.Values{
			"sharingAgreement": agreement, "recordKind": k.Name, "recordId": id.String(),
		}})
	}
}

// create makes a record of a kind with random values.
func (w *world) create(f *worldFirm, k *schema.Kind) {
	if k == schema.Users || k == schema.Memberships || k == schema.Firms || k == schema.Grants {
		return
	}
	values := partners.Values{}
	for _, field := range k.Fields {
		if (field.System && !k.ReadOnly) || (!field.Required && (w.rng.IntN(3) == 0 || field.Target() != nil && len(w.ids[field.Target()]) == 0)) {
			continue
		}
		values[field.Name] = w.value(f, field)
	}
	if k.HasAudience {
		w.audience(f, values)
	}
	if k == schema.Acceptances {
		delete(values, "textSha256")
		delete(values, one(w, []string{"partnership", "sharingAgreement"}))
	}
	c := partners.Command{Verb: partners.Create, Kind: k, Values: values}
	if k == schema.DocumentVersions {
		delete(values, "number")
		body, err := w.PutBody(policy.With(w.t.Context(), f.people[0]), strings.NewReader(w.word()), 100)
		if err != nil {
			w.t.Fatal(err)
		}
		c.Body = &body
	}
	w.do(f, c)
}

func (w *world) audience(f *worldFirm, values partners.Values) {
	kind := one(w, []string{"TEAM", "FIRM", "FIRMS", "FIRMS", "FIRMS"})
	values["audience"] = kind
	delete(values, "audienceTeam")
	delete(values, "audienceFirms")
	switch kind {
	case "TEAM":
		values["audienceTeam"] = f.team
	case "FIRMS":
		var firms []schema.ID
		for _, other := range w.firms {
			if other != f && (w.rng.IntN(3) > 0 || len(w.firms) == 2) {
				firms = append(firms, other.id.ID())
			}
		}
		values["audienceFirms"] = firms
	}
}

// do carries out a command for somebody of the firm who may, and gives the record's
// id. What is refused for a reason is part of the world; a fault is not.
func (w *world) do(f *worldFirm, c partners.Command) schema.ID {
	p := f.people[0]
	if c.Kind == schema.Customers || c.Kind.Parent != nil {
		p = f.people[w.rng.IntN(2)]
	}
	if c.Verb == partners.Delete || c.Kind.ReadOnly && c.Verb == partners.Create {
		p = policy.System(f.id)
		p.Cause = "test"
	}
	outcomes, err := w.Write(policy.With(w.t.Context(), p), []partners.Command{c})
	if err != nil {
		if code := schema.Code(err); code == schema.CodeInternal || code == schema.CodeUnavailable {
			w.t.Fatalf("%s %s %v: %v", c.Verb, c.Kind, c.Values, err)
		}
		w.tried[c.Kind.Name+" "+c.Verb+" refused"]++
		return c.ID
	}
	w.tried[c.Kind.Name+" "+c.Verb]++
	if c.Verb == partners.Create {
		w.note(f, c.Kind, outcomes[0].ID)
	}
	return outcomes[0].ID
}

// value draws a canonical value for a field of a record of the firm; never
// null. What is referred to is mostly the firm's own.
func (w *world) value(firm *worldFirm, f *schema.Field) any {
	link := func() schema.ID {
		if own := firm.own[f.Target()]; len(own) > 0 && f.Target() != schema.Firms && w.rng.IntN(6) > 0 {
			return one(w, own)
		}
		return w.pick(f.Target())
	}
	switch f.Type {
	case schema.Text:
		if f.Max <= 3 {
			return one(w, []string{"PT", "ES", "PL"})
		}
		if f.Max < 20 {
			return one(w, []string{"7", "8"})
		}
		return w.word()
	case schema.Bool:
		return w.rng.IntN(2) == 0
	case schema.Int:
		return int64(w.rng.IntN(3))
	case schema.Decimal:
		return decimal.New(int64(w.rng.IntN(30)), -1)
	case schema.Amount:
		return w.money()
	case schema.Day:
		return schema.DateOf(epoch).AddDays(w.rng.IntN(4))
	case schema.Instant:
		return epoch.Add(time.Duration(w.rng.IntN(4)) * time.Microsecond)
	case schema.Enum:
		return one(w, f.Enum)
	case schema.Link:
		return link()
	case schema.TextList:
		return []string{w.word(), w.word()}
	case schema.EnumList:
		return []string{one(w, f.Enum)}
	case schema.LinkList:
		return []schema.ID{link(), link()}
	case schema.JSON:
		if f.Kind == schema.SharingAgreements {
			return w.terms()
		}
		return json.RawMessage(fmt.Sprintf(`[{"code": %d}]`, w.rng.IntN(3)))
	}
	panic("no value for " + f.String())
}

func (w *world) money() schema.Money {
	m, err := schema.NewMoney(decimal.New(int64(w.rng.IntN(30)), -1), one(w, []string{"EUR", "PLN"}))
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

func (w *world) word() string { return one(w, words) }

// pick gives the id of some record of a kind, or of none at all.
func (w *world) pick(k *schema.Kind) schema.ID {
	if k == nil || len(w.ids[k]) == 0 {
		return schema.NewID()
	}
	return one(w, w.ids[k])
}

func one[T any](w *world, list []T) T { return list[w.rng.IntN(len(list))] }
