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
)

func drawWorld(t *rapid.T) *world {
	w := &world{rules: Rules{Firm: home}, grants: map[[2]schema.ID]bool{}}
	next := byte(50)
	add := func(k *schema.Kind, parent schema.Entity) schema.Entity {
		e := k.New()
		next++
		h := e.Header()
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
		a := agreementOf(byte(10+n), rapid.SampledFrom([]schema.FirmID{vend, third}).Draw(t, "sharer"))
		for range rapid.IntRange(1, 5).Draw(t, "terms") {
			a.Terms = append(a.Terms, drawTerm(t))
		}
		a.From = rapid.SampledFrom([]time.Time{{}, noon.Add(-time.Hour), noon.Add(time.Hour)}).Draw(t, "from")
		a.Until = rapid.SampledFrom([]time.Time{{}, {}, noon.Add(2 * time.Hour), noon}).Draw(t, "until")
		w.rules.Agreements = append(w.rules.Agreements, a)
		for _, e := range w.rows {
			if rapid.Bool().Draw(t, "granted") {
				w.grants[[2]schema.ID{a.ID, e.Header().ID}] = true
			}
		}
	}
	w.rules.Overrides = drawOverrides(t, rapid.IntRange(0, 2).Draw(t, "overrides"))
}

func drawTerm(t *rapid.T) schema.SharingTerm {
	k := rapid.SampledFrom([]*schema.Kind{
		schema.Customers, schema.Customers, schema.Customers, schema.Contacts, schema.Interactions, schema.Interactions,
		schema.Documents, schema.DocumentVersions, schema.SalesReports, schema.SalesReportLines,
	}).Draw(t, "kind")
	term := shareTerm(k.Name, schema.ShareAll)
	levels := []schema.ShareLevel{schema.ShareAll, schema.ShareGranted}
	switch {
	case k.Parent != nil:
		levels = append(levels, schema.ShareChildren, schema.ShareChildren, schema.ShareChildren)
	case k == schema.Customers:
		levels = append(levels, schema.ShareFilter)
	}
	if term.Level = rapid.SampledFrom(levels).Draw(t, "level"); term.Level == schema.ShareFilter {
		term.Filter = []byte(`{"not":{"field":"country","op":"eq","value":"PT"}}`)
	}
	if rapid.Bool().Draw(t, "comment") {
		term.Actions = append(term.Actions, "comment", "export")
	}
	for _, c := range openClasses() {
		if rapid.Bool().Draw(t, "class") {
			term.Classes = append(term.Classes, c)
		}
	}
	return term
}

// drawOverrides makes lines that no check refuses.
func drawOverrides(t *rapid.T, n int) string {
	text := ""
	for range n {
		text += "p, role:" + rapid.SampledFrom([]string{"SALES", "SUPPORT", "FINANCE", "MEMBER"}).Draw(t, "role") + ", " + home.String() + ", " +
			rapid.SampledFrom([]string{"Customer", "Contact|Interaction", "Document", "DocumentVersion|Customer", "SalesReport"}).Draw(t, "types") + ", " +
			rapid.SampledFrom([]string{"read", "comment", "read|export", every}).Draw(t, "actions") + ", firm, " +
			rapid.SampledFrom([]string{"basic", "personal", "commercial|internal", every}).Draw(t, "classes") + ", " +
			rapid.SampledFrom([]string{"allow", "deny"}).Draw(t, "effect") + "\n"
	}
	return text
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
