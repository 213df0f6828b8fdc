package partnerstest

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// Veil is a node on which much is hidden from a viewer, by construction and
// not by what the service says. A maker shares some records of every kind with
// the viewer's firm, but for what is personal, commercial or internal, and
// keeps others from it, which it shows to a rival. There is a stranger who is
// the rival's partner, and a firm that is nobody's.
//
// What [Veil.Secret] does, the viewers cannot know.
type Veil struct {
	*Node
	Maker, Viewer, Rival, Stranger, Nobody policy.Principal
	// Viewers are those who may see no secret: people of the viewer's firm, an API token of one, and somebody of the
	// firm that is nobody's.
	Viewers []policy.Principal
	// Spared are what the viewers' operations had better not end, or they would see nothing more: the partnership and
	// the agreements.
	Spared []schema.ID
	// Shown and Hidden are the maker's records, Own those of the viewer's firm.
	Shown, Hidden, Own IDs

	far bool // the viewer's firm is on another node
	rng *rand.Rand
	// under and rivals are the agreements under which the maker shares records of a kind, with the viewer's firm and with the rival.
	under, rivals map[*schema.Kind]schema.ID
}

// IDs are ids of records, by their kind.
type IDs map[*schema.Kind][]schema.ID

// side is where a new record stands.
type side uint8

const (
	shown  side = iota // the maker's, and the viewers see it
	hidden             // the maker's, a rival's or a stranger's, and they do not
	own                // of the viewer's firm
)

// NewVeil makes firms and records on a node.
func NewVeil(n *Node, seed uint64) *Veil {
	n.t.Helper()
	maker, viewer := n.Firm("Wisła Works", "PL"), n.Firm("Tejo", "PT")
	partnership := n.Partnership(maker, viewer)
	v := newVeil(n, seed, maker, viewer)
	v.people()
	v.open(partnership, func(terms string) schema.ID { return n.Share(maker, viewer, partnership, terms) })
	return v
}

// NewFarVeil makes firms and records on a node of the maker's; the viewer's
// firm is on another node, with which the partnership is. share lets that firm
// see what the terms say.
func NewFarVeil(n *Node, seed uint64, maker, viewer policy.Principal, partnership schema.ID, share func(terms string) schema.ID) *Veil {
	n.t.Helper()
	v := newVeil(n, seed, maker, viewer)
	v.far = true
	v.open(partnership, share)
	return v
}

func newVeil(n *Node, seed uint64, maker, viewer policy.Principal) *Veil {
	v := &Veil{Node: n, Maker: maker, Viewer: viewer, Shown: IDs{}, Hidden: IDs{}, Own: IDs{}, rng: dice(seed, 7)}
	v.Rival, v.Stranger, v.Nobody = n.Firm("Rival", "ES"), n.Firm("Stranger", "FR"), n.Firm("Nobody", "DE")
	return v
}

// open lets the firms share, and fills the node with records.
func (v *Veil) open(partnership schema.ID, share func(terms string) schema.ID) {
	v.t.Helper()
	rival := v.Partnership(v.Maker, v.Rival)
	v.Partnership(v.Stranger, v.Rival)
	v.under = agree(v.Shown, nil, share)
	v.rivals = agree(v.Hidden, []schema.Class{schema.Personal, schema.Commercial}, func(terms string) schema.ID {
		return v.Share(v.Maker, v.Rival, rival, terms)
	})
	v.Spared = append(slices.Clone(v.Shown[schema.SharingAgreements]), partnership)
	v.Shown.add(schema.Firms, v.Maker.Firm.ID())
	v.Hidden.add(schema.Firms, v.Rival.Firm.ID())
	v.Own.add(schema.Firms, v.Viewer.Firm.ID())
	v.Shown.add(schema.Partnerships, partnership)
	v.Hidden.add(schema.Partnerships, rival)
	for range 3 { // a kind may need others, which come later in the order of names
		for _, k := range schema.Kinds() {
			v.create(v.Maker, k, shown)
			v.create(v.Maker, k, hidden)
			if k != schema.Acceptances && !v.far { // it could end what the viewers see
				v.create(v.Viewer, k, own)
			}
		}
	}
}

// people gives the firms those who act.
func (v *Veil) people() {
	for _, firm := range []struct {
		admin policy.Principal
		ids   IDs
	}{{v.Maker, v.Hidden}, {v.Viewer, v.Own}} {
		firm.ids.add(schema.Users, firm.admin.User.ID())
		firm.ids.add(schema.Teams, v.Create(firm.admin, schema.Teams, partners.Values{"name": "Team"}))
	}
	seller := v.Person(v.Viewer.Firm, "Seller", schema.Sales)
	v.Own.add(schema.Users, seller.User.ID())
	token := v.Viewer
	token.Actor, token.Scopes = policy.ActorToken, []policy.Scope{{Kind: "*", Action: policy.Read}, {Kind: "Customer", Action: "*"}}
	v.Viewers = []policy.Principal{v.Viewer, seller, token, v.Nobody}
}

// dice give the same draws for the same seed.
func dice(seed, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, stream)) //nolint:gosec // draws of a test, no secret
}

func (l IDs) add(k *schema.Kind, id schema.ID) { l[k] = append(l[k], id) }

// agree lets a firm see records of every kind that can be shared, by as few
// agreements as can hold the terms.
func agree(ids IDs, classes []schema.Class, share func(terms string) schema.ID) map[*schema.Kind]schema.ID {
	const most = 20 // terms of an agreement
	under := map[*schema.Kind]schema.ID{}
	var kinds []*schema.Kind
	conclude := func() {
		id := share(string(terms(kinds, classes)))
		ids.add(schema.SharingAgreements, id)
		for _, k := range kinds {
			under[k] = id
		}
		kinds = nil
	}
	for _, k := range schema.Kinds() {
		if k.Parent != nil {
			continue
		}
		family := familyOf(k)
		if len(kinds)+len(family) > most {
			conclude()
		}
		kinds = append(kinds, family...)
	}
	conclude()
	return under
}

// familyOf lists a kind and what belongs to it, as far as that can be shared.
func familyOf(k *schema.Kind) []*schema.Kind {
	var list []*schema.Kind
	if policy.CheckTerms([]schema.SharingTerm{term(k, nil)}) == nil {
		list = append(list, k)
	}
	for _, child := range k.Children() {
		list = append(list, familyOf(child)...)
	}
	return list
}

func term(k *schema.Kind, classes []schema.Class) schema.SharingTerm {
	t := schema.SharingTerm{Kind: k.Name, Level: schema.ShareGranted, Actions: []string{"read", "comment", "attach", "export"}, Classes: classes}
	switch {
	case k == schema.Customers:
		t.Level, t.Filter = schema.ShareFilter, json.RawMessage(`{"field": "country", "op": "eq", "value": "PT"}`)
	case k.Parent != nil:
		t.Level = schema.ShareChildren
	}
	return t
}

func terms(kinds []*schema.Kind, classes []schema.Class) json.RawMessage {
	list := make([]schema.SharingTerm, len(kinds))
	for i, k := range kinds {
		list[i] = term(k, classes)
	}
	raw, err := json.Marshal(list)
	if err != nil {
		panic("partnerstest: terms always encode: " + err.Error())
	}
	return raw
}

// Secret does something at random at a node that no viewer can know, and gives
// its name. It is false where the node refused it.
func (v *Veil) Secret(n *Node, seed uint64) (string, bool) {
	at := *v
	at.Node, at.rng = n, dice(seed, 9)
	k := One(at.rng, schema.Kinds())
	switch draw := at.rng.IntN(14); {
	case draw < 3:
		return "a new " + k.Name, !at.create(v.Maker, k, hidden).IsZero()
	case draw < 5:
		return "the rival's " + k.Name, !at.create(v.Rival, k, hidden).IsZero()
	case draw < 6:
		return "the stranger's " + k.Name, !at.create(v.Stranger, k, hidden).IsZero()
	case draw < 9:
		return at.changeMasked()
	case draw < 11:
		return at.changeHidden(k)
	case draw < 12:
		return "a " + k.Name + " is deleted", at.do(v.Maker, partners.Command{Verb: partners.Delete, Kind: k, ID: at.pick(at.Hidden, k)})
	case draw < 13:
		return "the rival is granted a " + k.Name, at.grantRival(k)
	default:
		return at.step()
	}
}

// changeMasked changes what is masked in a record that the viewers see.
func (v *Veil) changeMasked() (string, bool) {
	var list []*schema.Field
	for _, k := range schema.Kinds() {
		for _, f := range k.Fields {
			masked := f.Class == schema.Internal || f.Class != schema.Basic && !k.HasAddress && (k.Parent == nil || !k.Parent.Target().HasAddress)
			if masked && !f.System && !f.Frozen && !decides(f) && len(v.Shown[k]) > 0 {
				list = append(list, f)
			}
		}
	}
	f := One(v.rng, list)
	return "another " + f.String(), v.do(v.Maker, partners.Command{
		Verb: partners.Update, Kind: f.Kind, ID: v.pick(v.Shown, f.Kind), Values: partners.Values{f.Name: v.draw(hidden).Value(f)},
	})
}

// changeHidden changes something of a record that stays hidden.
func (v *Veil) changeHidden(k *schema.Kind) (string, bool) {
	f := One(v.rng, k.Fields)
	if decides(f) || f.System || f.Frozen {
		return f.String(), false
	}
	return "a hidden " + f.String(), v.do(v.Maker, partners.Command{
		Verb: partners.Update, Kind: k, ID: v.pick(v.Hidden, k), Values: partners.Values{f.Name: v.draw(hidden).Value(f)},
	})
}

// decides tells whether a field is one of those by which a record is hidden,
// or by which the disclosed conflict of deals is found.
func decides(f *schema.Field) bool {
	return f.Parent || strings.HasPrefix(f.Name, "audience") || f.Name == "addressedTo" || f.Name == "country" ||
		f.Kind == schema.DealRegistrations && strings.HasPrefix(f.Name, "company")
}

func (v *Veil) grantRival(k *schema.Kind) bool {
	from := One(v.rng, []IDs{v.Shown, v.Hidden})
	return v.do(v.Maker, partners.Command{Verb: partners.Create, Kind: schema.Grants, Values: partners.Values{
		"sharingAgreement": v.rivals[k], "recordKind": k.Name, "recordId": v.pick(from, k).String(),
	}})
}

// step takes a hidden record a step further in its course.
func (v *Veil) step() (string, bool) {
	var list []*schema.Kind
	for _, k := range schema.Kinds() {
		if k.Lifecycle != nil && len(v.Hidden[k]) > 0 {
			list = append(list, k)
		}
	}
	k := One(v.rng, list)
	action := One(v.rng, k.Lifecycle.Transitions).Action
	return action + " " + k.Name, v.do(v.Maker, partners.Command{Verb: action, Kind: k, ID: v.pick(v.Hidden, k)})
}

// create makes a record of a kind on one of the sides, and gives its id; zero
// where the node refuses it.
func (v *Veil) create(by policy.Principal, k *schema.Kind, at side) schema.ID {
	if slices.Contains([]*schema.Kind{schema.Firms, schema.Users, schema.Memberships, schema.Grants}, k) {
		return schema.ID{}
	}
	d := v.draw(at)
	values := partners.Values{}
	for _, f := range k.Fields {
		stated := f.Required || f.Parent && at == shown || v.rng.IntN(3) > 0
		if f.System && !k.ReadOnly || !stated {
			continue
		}
		if value := d.Value(f); value != nil {
			values[f.Name] = value
		}
	}
	v.place(by, k, values, at)
	c := partners.Command{Verb: partners.Create, Kind: k, ID: schema.NewID(), Values: values}
	if k == schema.DocumentVersions {
		delete(values, "number")
		body, err := v.PutBody(policy.With(v.t.Context(), by), strings.NewReader(One(v.rng, Words())), 100)
		if err != nil {
			v.t.Fatalf("put bytes: %v", err)
		}
		c.Body = &body
	}
	if !v.do(by, c) {
		return schema.ID{}
	}
	[]IDs{shown: v.Shown, hidden: v.Hidden, own: v.Own}[at].add(k, c.ID)
	if at == shown && k.Parent == nil && k != schema.Customers && !v.under[k].IsZero() {
		system := policy.System(v.Maker.Firm) // no one role may share all kinds
		system.Cause = "test"
		v.do(system, partners.Command{Verb: partners.Create, Kind: schema.Grants, Values: partners.Values{
			"sharingAgreement": v.under[k], "recordKind": k.Name, "recordId": c.ID.String(),
		}})
	}
	return c.ID
}

// place puts a record where the viewers see it, or do not.
func (v *Veil) place(by policy.Principal, k *schema.Kind, values partners.Values, at side) {
	to := map[schema.FirmID]schema.FirmID{v.Maker.Firm: v.Rival.Firm, v.Rival.Firm: v.Maker.Firm, v.Stranger.Firm: v.Rival.Firm, v.Viewer.Firm: v.Maker.Firm}[by.Firm]
	if at == shown {
		to = v.Viewer.Firm
	}
	if k.HasAddress {
		values["addressedTo"] = to.ID()
	}
	if k.HasAudience {
		delete(values, "audienceTeam")
		delete(values, "audienceFirms")
		values["audience"] = One(v.rng, []string{"FIRM", "FIRMS"})
		if at == shown {
			values["audience"] = "FIRMS"
		}
		if values["audience"] == "FIRMS" {
			values["audienceFirms"] = []schema.ID{to.ID()}
		}
	}
	switch k {
	case schema.Customers:
		values["country"] = One(v.rng, []string{"DE", "ES"})
		if at == shown {
			values["country"] = "PT"
		}
	case schema.SharingAgreements:
		values["terms"] = terms([]*schema.Kind{schema.Customers, schema.Contacts}, nil)
		delete(values, "requires")
	case schema.Acceptances:
		delete(values, "textSha256")
		delete(values, One(v.rng, []string{"partnership", "sharingAgreement"}))
	case schema.DealRegistrations:
		if at != own { // that two deals conflict is told; so they don't
			values["companyName"], values["companyCountry"] = "Quincaillerie Zéphyr", "FR"
			for _, name := range []string{"companyVatId", "companyDuns", "companyWebsite"} {
				delete(values, name)
			}
		}
	}
}

// draw gives what draws values of records on a side.
func (v *Veil) draw(at side) *Draw {
	return &Draw{Rand: v.rng, Words: Words(), Link: func(f *schema.Field) schema.ID {
		choice := []IDs{v.Shown}
		switch {
		case at == own:
			choice = []IDs{v.Own, v.Own, v.Shown}
		case at == shown && !f.Parent:
			choice = []IDs{v.Shown, v.Hidden}
		case at == hidden && f.Parent && !f.Kind.HasAudience:
			choice = []IDs{v.Hidden}
		case at == hidden:
			// What is hidden for its audience, or as it concerns its firm alone, may hang on what is shown.
			choice = []IDs{v.Hidden, v.Shown}
		}
		return v.pick(One(v.rng, choice), f.Target())
	}}
}

// pick gives one of the ids of a kind; zero if there is none.
func (v *Veil) pick(ids IDs, k *schema.Kind) schema.ID {
	if len(ids[k]) == 0 {
		return schema.ID{}
	}
	return One(v.rng, ids[k])
}

// do carries out a command for a firm, and tells whether the node did not
// refuse it. A fault is none of its answers.
func (v *Veil) do(by policy.Principal, c partners.Command) bool {
	if c.Kind.ReadOnly && c.Verb == partners.Create || c.Verb == partners.Delete {
		by = policy.System(by.Firm)
		by.Cause = "test"
	}
	_, err := v.Write(policy.With(v.t.Context(), by), []partners.Command{c})
	if code := schema.Code(err); err != nil && (code == schema.CodeInternal || code == schema.CodeUnavailable) {
		v.t.Fatalf("%s %s %v: %v", c.Verb, c.Kind, c.Values, err)
	}
	return err == nil
}
