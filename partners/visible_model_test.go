package partners_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// A model is a world as it lies in the tables, all of it in memory. What each
// reader sees of it is found out here by package policy alone, one record
// after another, without any SQL of package partners.
type model struct {
	w    *world
	now  time.Time
	rows map[*schema.Kind][]schema.Entity
	own  map[schema.ID]schema.Entity // by id, the row that lies with its owner; else the header of a copy
	// reached counts, by the path, the rows that were reached.
	reached map[policy.PathType]int
	passed  int // of these, the rows that their owner's partner passes on
}

// visibleRow is what one reader sees of a row.
type visibleRow struct {
	entity schema.Entity
	mask   schema.Mask
}

func newModel(t *testing.T, w *world) *model {
	t.Helper()
	m := &model{
		w: w, now: w.Now(), rows: map[*schema.Kind][]schema.Entity{}, own: map[schema.ID]schema.Entity{}, reached: map[policy.PathType]int{},
	}
	conn := owner(t, w.Node)
	for _, k := range schema.Kinds() {
		list, err := partners.AllRows(t.Context(), conn, k)
		if err != nil {
			t.Fatalf("load %s: %v", k, err)
		}
		m.rows[k] = list
		for _, e := range list {
			if h := e.Header(); h.Own() {
				m.own[h.ID] = e
			} else if m.own[h.ID] == nil {
				far := k.New() // its row lies at another node
				far.Header().ID, far.Header().Owner = h.ID, h.Owner
				m.own[h.ID] = far
			}
		}
	}
	return m
}

// parent is what policy asks for the row to which a record belongs.
func (m *model) parent(_ *schema.Kind, id schema.ID) (schema.Entity, bool) {
	e, ok := m.own[id]
	if !ok {
		return nil, false
	}
	if h := e.Header(); !h.DeletedAt.IsZero() {
		// What was deleted opens nothing, but it still has its owner.
		gone := schema.KindOf(e).New()
		gone.Header().ID, gone.Header().Owner = h.ID, h.Owner
		return gone, true
	}
	return e, true
}

func (m *model) granted(agreement, id schema.ID) bool {
	return slices.ContainsFunc(m.rows[schema.Grants], func(e schema.Entity) bool {
		g := e.(*schema.Grant)
		return g.DeletedAt.IsZero() && g.Own() && g.SharingAgreement.ID() == agreement && g.RecordID == id.String()
	})
}

// partnership tells whether two firms have an active one; with an id, whether
// that very one is it.
func (m *model) partnership(a, b schema.FirmID, id schema.ID) bool {
	return slices.ContainsFunc(m.rows[schema.Partnerships], func(e schema.Entity) bool {
		p := e.(*schema.Partnership)
		between := p.Owner == a && p.AddressedTo == b || p.Owner == b && p.AddressedTo == a
		return between && p.State == schema.PartnershipActive && p.DeletedAt.IsZero() && (id.IsZero() || id == p.ID)
	})
}

// accepted tells whether the answer that the firm gave last to an agreement is
// yes, and whether it once said yes to the present wording, and for which teams.
func (m *model) accepted(a *schema.SharingAgreement) (teams []schema.Ref[schema.Team], yes bool) {
	for _, e := range m.rows[schema.Acceptances] { // in the order of ids, which is that of time
		x := e.(*schema.Acceptance)
		if x.Owner != a.AddressedTo || x.SharingAgreement.ID() != a.ID || !x.DeletedAt.IsZero() {
			continue
		}
		if x.Answer != schema.Accepted {
			yes = false
		} else if x.TextSHA256 == partners.AgreementText(a) {
			teams, yes = x.Teams, true
		}
	}
	return teams, yes
}

// snapshot compiles the rules of a firm from the records that state them.
func (m *model) snapshot(t *testing.T, firm schema.FirmID) *policy.Snapshot {
	t.Helper()
	rules := policy.Rules{Firm: firm}
	for _, e := range m.rows[schema.SharingAgreements] {
		a := e.(*schema.SharingAgreement)
		if a.AddressedTo != firm {
			continue
		}
		if r, ok := m.agreement(t, a); ok {
			rules.Agreements = append(rules.Agreements, r)
		}
	}
	for _, other := range m.w.firms {
		if m.partnership(firm, other.id, schema.ID{}) {
			rules.Partners = append(rules.Partners, other.id)
		}
	}
	s, err := policy.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// agreement gives what a sharing agreement opens, false if it is not in force
// beside its days.
func (m *model) agreement(t *testing.T, a *schema.SharingAgreement) (r policy.AgreementRules, ok bool) {
	t.Helper()
	teams, yes := m.accepted(a)
	if !yes || !a.Own() || a.State != schema.SharingOffered || !a.DeletedAt.IsZero() || !m.partnership(a.AddressedTo, a.Owner, a.Partnership.ID()) {
		return r, false
	}
	r = policy.AgreementRules{ID: a.ID, Owner: a.Owner, Recipient: a.AddressedTo, Name: a.Name, Teams: teams}
	if err := json.Unmarshal(a.Terms, &r.Terms); err != nil {
		t.Fatal(err)
	}
	if !a.RestsOn.IsZero() {
		source, ok := m.own[a.RestsOn.ID()].(*schema.SharingAgreement)
		if !ok {
			return r, false
		}
		first, ok := m.agreement(t, source)
		if !ok {
			return r, false
		}
		r.RestsOn = &first
	}
	from, until := []schema.Date{a.ValidFrom}, []schema.Date{a.ValidUntil}
	if !a.Requires.IsZero() {
		paper, ok := m.own[a.Requires.ID()].(*schema.Agreement)
		if !ok || !paper.DeletedAt.IsZero() || paper.Owner != a.Owner {
			return r, false
		}
		from, until = append(from, paper.EffectiveOn), append(until, paper.ExpiresOn, paper.TerminatedOn)
	}
	for _, d := range from {
		if !d.IsZero() && d.Time(time.UTC).After(r.From) {
			r.From = d.Time(time.UTC)
		}
	}
	for _, d := range until {
		if !d.IsZero() && (r.Until.IsZero() || d.End(time.UTC).Before(r.Until)) {
			r.Until = d.End(time.UTC)
		}
	}
	return r, true
}

// visible is what a reader sees of a kind.
func (m *model) visible(s *policy.Snapshot, p policy.Principal, k *schema.Kind) map[schema.ID]visibleRow {
	view := s.View(p, k, policy.Read, m.now)
	seen := map[schema.ID]visibleRow{}
	for _, e := range m.rows[k] {
		if !e.Header().DeletedAt.IsZero() {
			continue
		}
		if mask, ok := view.Match(e, m.parent, m.granted); ok {
			seen[e.Header().ID] = visibleRow{e, mask & k.Every()}
			m.note(view, e)
		}
	}
	return seen
}

// note counts the paths by which a row is reached.
func (m *model) note(view policy.View, e schema.Entity) {
	for _, path := range view.Paths {
		view.Paths = []policy.Path{path}
		if _, ok := view.Match(e, m.parent, m.granted); ok {
			m.reached[path.Type]++
			if a, ok := m.own[path.Agreement].(*schema.SharingAgreement); ok && !a.RestsOn.IsZero() {
				m.passed++
			}
		}
	}
}

// version is what a reader is told of a row: how often the fields that it sees
// were changed.
func (r visibleRow) version() int64 {
	h := r.entity.Header()
	if r.mask == schema.KindOf(r.entity).Every() {
		return h.Version
	}
	count := int64(1)
	for i, v := range h.FieldVersions {
		if r.mask.Has(i) {
			count += v - 1
		}
	}
	return count
}

// value is a field as the reader sees it.
func (r visibleRow) value(f *schema.Field) any {
	if !r.mask.Has(f.Bit) {
		return nil
	}
	return f.Value(r.entity)
}
