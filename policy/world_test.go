package policy

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"fondaco/schema"
)

// A world is rows of several firms, and the policy of one of them, as far as
// who may see what can depend on it.
type world struct {
	rules  Rules
	rows   []schema.Entity
	grants map[[2]schema.ID]bool
	snap   *Snapshot
}

var (
	countries = []string{"PT", "ES", ""}
	teams     = []schema.Ref[schema.Team]{{15: 1}, {15: 2}}
	// me asks; the others are in a team of mine, in a team below that, and elsewhere.
	me, colleague, below, stranger = user(1), user(2), user(3), user(4)
)

func user(n byte) schema.Ref[schema.User] { return schema.Ref[schema.User]{0: 2, 15: n} }

func drawUser(t *rapid.T, what string) schema.Ref[schema.User] {
	return rapid.SampledFrom([]schema.Ref[schema.User]{{}, me, colleague, below, stranger}).Draw(t, what)
}

func drawWorld(t *rapid.T) *world {
	w := &world{rules: Rules{Firm: home}, grants: map[[2]schema.ID]bool{}}
	next := byte(50)
	add := func(k *schema.Kind, parent schema.Entity) schema.Entity {
		e := k.New()
		next++
		h := e.Header()
		h.CreatedBy = drawUser(t, "creator")
		h.ID, h.Owner, h.Mask = id(next), rapid.SampledFrom([]schema.FirmID{home, vend, third}).Draw(t, "owner"), schema.AllFields
		if h.Holder = h.Owner; rapid.IntRange(0, 3).Draw(t, "copy") == 0 {
			h.Holder, h.Mask = home, schema.Mask(rapid.Uint64().Draw(t, "mask"))
		}
		if parent != nil {
			_ = k.Parent.Set(e, parent.Header().ID)
		}
		drawFacts(t, e)
		w.rows = append(w.rows, e)
		return e
	}
	for range rapid.IntRange(1, 2).Draw(t, "customers") {
		c := add(schema.Customers, nil)
		c.(*schema.Customer).Country = rapid.SampledFrom(countries).Draw(t, "country")
		c.(*schema.Customer).Assignee = drawUser(t, "assignee")
		c.(*schema.Customer).DUNS = rapid.SampledFrom([]string{"", "000000001", "000000002"}).Draw(t, "duns")
		add(schema.Contacts, c)
		add(schema.Interactions, c)
		d := add(schema.Documents, c)
		add(schema.DocumentVersions, d)
		add(schema.DocumentVersions, d)
	}
	add(schema.Documents, nil)
	add(schema.CustomerOverlays, nil)
	add(schema.DealRegistrations, nil)
	r := add(schema.SalesReports, nil)
	add(schema.SalesReportLines, r)
	add(schema.SalesReportLines, nil)
	w.drawAgreements(t)
	return w
}

func drawFacts(t *rapid.T, e schema.Entity) {
	if a := schema.AudienceOf(e); a != nil {
		a.Audience = rapid.SampledFrom([]schema.AudienceKind{schema.AudienceIsTeam, schema.AudienceIsFirm, schema.AudienceIsFirms}).Draw(t, "audience")
		switch a.Audience {
		case schema.AudienceIsTeam:
			a.AudienceTeam = rapid.SampledFrom(teams).Draw(t, "team")
		case schema.AudienceIsFirms:
			a.AudienceFirms = rapid.SampledFrom([][]schema.FirmID{{home}, {third}, {vend, home}}).Draw(t, "firms")
		}
	}
	if a := schema.AddressOf(e); a != nil {
		a.AddressedTo = rapid.SampledFrom([]schema.FirmID{home, vend}).Draw(t, "to")
		if rapid.Bool().Draw(t, "sent") {
			a.SentAt = noon
		}
	}
}

func (w *world) drawAgreements(t *rapid.T) {
	for n := range rapid.IntRange(0, 3).Draw(t, "agreements") {
		a := drawAgreement(t, byte(10+n), rapid.SampledFrom([]schema.FirmID{vend, third}).Draw(t, "sharer"))
		if rapid.IntRange(0, 2).Draw(t, "rests") == 0 {
			a.Owner = third // which passes on what vend shows it
			source := drawAgreement(t, byte(20+n), vend)
			source.Recipient, a.RestsOn = third, &source
		}
		w.rules.Agreements = append(w.rules.Agreements, a)
		for _, e := range w.rows {
			for _, under := range []schema.ID{id(byte(10 + n)), id(byte(20 + n))} {
				if rapid.Bool().Draw(t, "granted") {
					w.grants[[2]schema.ID{under, e.Header().ID}] = true
				}
			}
		}
	}
	w.rules.Partners = rapid.SampledFrom([][]schema.FirmID{{vend, third}, {vend, third}, {third}, nil}).Draw(t, "partners")
	w.rules.Overrides = drawOverrides(t, rapid.IntRange(0, 2).Draw(t, "overrides"))
}

func drawAgreement(t *rapid.T, n byte, owner schema.FirmID) AgreementRules {
	a := agreementOf(n, owner)
	for range rapid.IntRange(1, 5).Draw(t, "terms") {
		a.Terms = append(a.Terms, drawTerm(t))
	}
	a.From = rapid.SampledFrom([]time.Time{{}, {}, noon.Add(-time.Hour), noon.Add(time.Hour)}).Draw(t, "from")
	a.Until = rapid.SampledFrom([]time.Time{{}, {}, noon.Add(2 * time.Hour), noon}).Draw(t, "until")
	a.Teams = rapid.SampledFrom([][]schema.Ref[schema.Team]{nil, nil, nil, teams[:1]}).Draw(t, "acceptedFor")
	a.Requires = rapid.SampledFrom([][]Requirement{
		nil, nil, {{Name: "NDA", From: noon.Add(-time.Hour)}}, {{Name: "NDA", Until: noon.Add(-time.Hour)}},
	}).Draw(t, "requires")
	if rapid.IntRange(0, 3).Draw(t, "relaxed") > 0 {
		relax(&a)
	}
	return a
}

// relax takes away most of what keeps an agreement closed: of several
// conditions each of which fails now and then, one nearly always would.
func relax(a *AgreementRules) {
	a.From, a.Until, a.Teams, a.Requires = time.Time{}, time.Time{}, nil, nil
	for i := range a.Terms {
		t := &a.Terms[i]
		t.ValidUntil, t.Teams = schema.Date{}, nil
		t.Reshare = t.Reshare || len(t.Actions) > 0 && t.Floor == 0 && len(t.Keys) == 0
	}
}

func drawTerm(t *rapid.T) schema.SharingTerm {
	k := rapid.SampledFrom([]*schema.Kind{
		schema.Customers, schema.Customers, schema.Customers, schema.Contacts, schema.Interactions, schema.Interactions,
		schema.Documents, schema.DocumentVersions, schema.SalesReports, schema.SalesReportLines,
	}).Draw(t, "kind")
	levels := []schema.ShareLevel{
		schema.ShareAll, schema.ShareAll, schema.ShareGranted, schema.ShareGranted, schema.ShareHidden, schema.ShareCounts,
	}
	switch {
	case k.Parent != nil:
		levels = append(levels, schema.ShareChildren, schema.ShareChildren, schema.ShareChildren)
	case k == schema.Customers:
		levels = append(levels, schema.ShareFilter, schema.ShareFilter, schema.ShareOverlap)
	}
	term := schema.SharingTerm{Kind: k.Name, Level: rapid.SampledFrom(levels).Draw(t, "level")}
	if term.Level == schema.ShareHidden {
		return term
	}
	term.Actions = []string{"read"}
	filtered := term.Level == schema.ShareFilter
	switch term.Level {
	case schema.ShareCounts:
		term.Floor, filtered = 5, k == schema.Customers && rapid.Bool().Draw(t, "filtered")
	case schema.ShareOverlap:
		term.Keys, filtered = []string{"duns", "gln"}, rapid.Bool().Draw(t, "filtered")
	default:
		if rapid.Bool().Draw(t, "comment") {
			term.Actions = append(term.Actions, "comment", "export")
		}
		term.Reshare = rapid.Bool().Draw(t, "reshare")
	}
	if filtered {
		term.Filter = []byte(`{"not":{"field":"country","op":"eq","value":"PT"}}`)
	}
	drawFields(t, k, &term)
	term.Teams = rapid.SampledFrom([][]schema.ID{nil, nil, nil, {teams[0].ID()}, {teams[1].ID()}}).Draw(t, "termTeams")
	term.ValidUntil = rapid.SampledFrom([]schema.Date{{}, {}, {}, schema.DateOf(noon), schema.DateOf(noon).AddDays(-1)}).Draw(t, "validUntil")
	return term
}

func drawFields(t *rapid.T, k *schema.Kind, term *schema.SharingTerm) {
	if term.Level == schema.ShareOverlap {
		return
	}
	for _, c := range openClasses() {
		if rapid.Bool().Draw(t, "class") {
			term.Classes = append(term.Classes, c)
		}
	}
	for _, set := range FieldSets(k) {
		if rapid.Bool().Draw(t, "set") {
			term.FieldSets = append(term.FieldSets, set.Name)
		}
	}
}

// drawOverrides makes lines that no check refuses.
func drawOverrides(t *rapid.T, n int) string {
	text := ""
	for range n {
		text += drawOverride(t, rapid.SampledFrom([]string{"allow", "deny"}).Draw(t, "effect"))
	}
	return text
}

func drawOverride(t *rapid.T, effect string) string {
	scopes := scopeNames
	if effect == effectDeny {
		scopes = append([]string{scopeFirm}, beyondNames...)
	}
	types := rapid.SampledFrom([]string{"Customer", "Contact|Interaction", "Document", "DocumentVersion|Customer", "SalesReport", "Customer|Contact"}).Draw(t, "types")
	classes := []string{"basic", "personal", "commercial|internal", every}
	if types == "Customer" || types == "Customer|Contact" {
		classes = append(classes, "contact@1", "basic|contact@1")
	}
	return "p, role:" + rapid.SampledFrom([]string{"SALES", "SUPPORT", "FINANCE", "MEMBER"}).Draw(t, "role") + ", " + home.String() + ", " + types + ", " +
		rapid.SampledFrom([]string{"read", "comment", "read|export", every}).Draw(t, "actions") + ", " +
		rapid.SampledFrom(scopes).Draw(t, "scope") + ", " + rapid.SampledFrom(classes).Draw(t, "classes") + ", " + effect + "\n"
}

func drawPrincipal(t *rapid.T) Principal {
	p := rapid.SampledFrom([]Principal{
		Node(home), System(home), {Firm: home, Actor: ActorEDI}, {Firm: home, Actor: ActorUser}, {Firm: home, Actor: ActorToken},
	}).Draw(t, "principal")
	if p.Actor == ActorUser || p.Actor == ActorToken {
		for _, role := range []schema.Role{schema.Sales, schema.Support, schema.Finance, schema.Auditor} {
			if rapid.Bool().Draw(t, "has") {
				p.Roles = append(p.Roles, role)
			}
		}
		p.User = me
		if rapid.Bool().Draw(t, "teamsKnown") {
			p.TeamMembers, p.SubtreeMembers = []schema.Ref[schema.User]{me, colleague}, []schema.Ref[schema.User]{below}
		}
		p.Teams = rapid.SampledFrom([][]schema.Ref[schema.Team]{nil, teams[:1], teams}).Draw(t, "teams")
	}
	if p.Actor == ActorToken {
		p.Scopes = rapid.SampledFrom([][]Scope{{}, {{every, Read}}, {{"Customer", every}, {"Contact", Read}}}).Draw(t, "scopes")
	}
	return p
}

// compiled compiles the rules once they are final.
func (w *world) compiled(t *rapid.T) *world {
	s, err := Compile(w.rules)
	if err != nil || len(s.Problems()) > 0 {
		t.Fatalf("Compile() = %v, problems %v", err, s.Problems())
	}
	return &world{rules: w.rules, rows: w.rows, grants: w.grants, snap: s}
}

// row gives the row of a record as it lies with its owner.
func (w *world) row(k *schema.Kind, id schema.ID) (schema.Entity, bool) {
	i := slices.IndexFunc(w.rows, func(e schema.Entity) bool { return e.Header().ID == id && schema.KindOf(e) == k })
	if i < 0 {
		return nil, false
	}
	return w.rows[i], true
}

func (w *world) granted(agreement, id schema.ID) bool { return w.grants[[2]schema.ID{agreement, id}] }

// sees asks the view.
func (w *world) sees(p Principal, e schema.Entity, a Action) schema.Mask {
	m, ok := w.snap.View(p, schema.KindOf(e), a, noon).Match(e, w.row, w.granted)
	if !ok {
		return 0
	}
	return m | reachedBit
}

// reachedBit tells a row that is reached without any field from one that is not.
const reachedBit = schema.Mask(1) << 63
