package policy

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"fondaco/schema"
)

// A stage is a suite with all its words made into ids, rows and a snapshot.
type stage struct {
	*Suite
	home    schema.FirmID
	snap    *Snapshot
	rows    map[string]schema.Entity
	byID    map[schema.ID]schema.Entity
	granted map[[2]schema.ID]bool
}

// called gives the id of what a suite calls by a word.
func called(word string) schema.ID {
	sum := sha256.Sum256([]byte("fondaco policy test: " + word))
	id := schema.ID(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80 // the form of a UUID of version 7
	return id
}

func (s *stage) firm(word string) schema.FirmID {
	if word == "home" {
		return s.home
	}
	return schema.FirmID(called("firm " + word))
}

// refs gives references to what is called by words.
func refs[T any](sort string, words []string) []schema.Ref[T] {
	var list []schema.Ref[T]
	for _, word := range words {
		list = append(list, schema.Ref[T](called(sort+" "+word)))
	}
	return list
}

// stage builds the rows of a suite, and compiles its rules after the firm's own.
func (s *Suite) stage(home schema.FirmID, overrides string) (*stage, error) {
	st := &stage{
		Suite: s, home: home, rows: map[string]schema.Entity{}, byID: map[schema.ID]schema.Entity{}, granted: map[[2]schema.ID]bool{},
	}
	for name, row := range s.Rows {
		e, err := st.row(name, row)
		if err != nil {
			return nil, fmt.Errorf("row %s: %w", name, err)
		}
		st.rows[name], st.byID[e.Header().ID] = e, e
	}
	rules := Rules{Firm: home, Overrides: overrides + "\n" + strings.ReplaceAll(s.Rules, ", home,", ", "+home.String()+",")}
	for _, word := range s.Partners {
		rules.Partners = append(rules.Partners, st.firm(word))
	}
	for _, a := range s.Agreements {
		r, err := st.agreement(&a, home)
		if err != nil {
			return nil, fmt.Errorf("agreement %s: %w", a.Name, err)
		}
		rules.Agreements = append(rules.Agreements, r)
	}
	var err error
	if st.snap, err = Compile(rules); err != nil {
		return nil, err
	}
	if problems := st.snap.Problems(); len(problems) > 0 {
		return nil, problems[0]
	}
	return st, nil
}

func (s *stage) agreement(a *SuiteAgreement, to schema.FirmID) (AgreementRules, error) {
	r := AgreementRules{
		ID: called("agreement " + a.Name), Name: a.Name, Owner: s.firm(a.From), Recipient: to, Until: a.Until,
		Teams: refs[schema.Team]("team", a.Teams),
	}
	for _, name := range a.Granted {
		s.granted[[2]schema.ID{r.ID, called("row " + name)}] = true
	}
	for _, term := range a.Terms {
		if teams, ok := term["teams"].([]any); ok {
			for i := range teams {
				teams[i] = called("team " + fmt.Sprint(teams[i]))
			}
		}
		raw, err := jsonOf(term)
		if err != nil {
			return r, err
		}
		var t schema.SharingTerm
		if err := json.Unmarshal(raw, &t); err != nil {
			return r, err
		}
		r.Terms = append(r.Terms, t)
	}
	if a.RestsOn != nil {
		source, err := s.agreement(a.RestsOn, r.Owner)
		r.RestsOn = &source
		return r, err
	}
	return r, nil
}

func (s *stage) row(name string, row SuiteRow) (schema.Entity, error) {
	kind := schema.KindNamed(row.Kind)
	if kind == nil {
		return nil, fmt.Errorf("kind %q is not known", row.Kind)
	}
	e := kind.New()
	raw, err := jsonOf(row.Values)
	if err != nil {
		return nil, err
	}
	if unknown, err := schema.DecodeFields(e, raw); err != nil || len(unknown) > 0 {
		return nil, fmt.Errorf("values of fields that %s does not have: %v %w", kind, unknown, err)
	}
	h := e.Header()
	h.ID, h.Owner, h.Mask = called("row "+name), s.firm(row.Owner), schema.AllFields
	if h.Holder = h.Owner; row.Holder != "" {
		h.Holder = s.firm(row.Holder)
	}
	if row.Keeper != "" {
		h.CreatedBy = schema.Ref[schema.User](called("person " + row.Keeper))
	}
	if row.Parent != "" {
		if kind.Parent == nil {
			return nil, fmt.Errorf("kind %s belongs to no other record", kind)
		}
		if err := kind.Parent.Set(e, called("row "+row.Parent)); err != nil {
			return nil, err
		}
	}
	return e, s.address(e, row)
}

// address sets for whom a row is meant.
func (s *stage) address(e schema.Entity, row SuiteRow) error {
	if a := schema.AudienceOf(e); a != nil {
		a.Audience = schema.AudienceIsFirm
		if row.Team != "" {
			a.Audience, a.AudienceTeam = schema.AudienceIsTeam, schema.Ref[schema.Team](called("team "+row.Team))
		}
		for _, name := range row.Names {
			a.Audience, a.AudienceFirms = schema.AudienceIsFirms, append(a.AudienceFirms, s.firm(name))
		}
	} else if row.Team != "" || len(row.Names) > 0 {
		return fmt.Errorf("kind %s has no audience", row.Kind)
	}
	if a := schema.AddressOf(e); a != nil && row.To != "" {
		a.AddressedTo, a.SentAt = s.firm(row.To), s.At
	} else if row.To != "" {
		return fmt.Errorf("kind %s is addressed to nobody", row.Kind)
	}
	return nil
}

// principals gives the people and machines of a test, one after another.
func (s *stage) principals(t *SuiteTest) []Principal {
	user := t.User
	if user == "" {
		user = "me"
	}
	base := Principal{
		Firm: s.home, Actor: ActorUser, User: schema.Ref[schema.User](called("person " + user)), Teams: refs[schema.Team]("team", t.Teams),
		TeamMembers: refs[schema.User]("person", t.With), SubtreeMembers: refs[schema.User]("person", t.Below),
	}
	for _, scope := range t.Scopes {
		kind, action, _ := strings.Cut(scope, ":")
		base.Actor, base.Scopes = ActorToken, append(base.Scopes, Scope{kind, Action(action)})
	}
	if len(t.Roles) > 0 {
		for _, role := range t.Roles {
			base.Roles = append(base.Roles, schema.Role(role))
		}
		return []Principal{base}
	}
	var list []Principal
	for _, who := range t.Who {
		p := base
		switch who {
		case roleEDI:
			p = Principal{Firm: s.home, Actor: ActorEDI}
		case roleSystem:
			p = System(s.home)
		case "NODE":
			p = Node(s.home)
		case "NOBODY":
		default:
			p.Roles = []schema.Role{schema.Role(who)}
		}
		list = append(list, p)
	}
	return list
}
