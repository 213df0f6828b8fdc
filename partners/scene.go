package partners

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"fondaco/policy"
	"fondaco/schema"
)

// A scene is one transaction in which a firm asks what another one sees of
// its records. Each sight is a writer that writes nothing.
type scene struct {
	to            schema.FirmID
	asker         *writer // who asks
	before, after *writer // the other firm as such, as things stand and as supposed
	supposes      bool
	from, until   time.Time
	hindrances    []string
}

// set compiles the rules of the other firm as they stand and as supposed, and
// then lets the transaction touch the asking firm's rows alone.
func (sc *scene) set(ctx context.Context, suppose Supposition) error {
	a := sc.asker
	stands, err := loadRules(ctx, a.tx, sc.to)
	if err != nil {
		return fmt.Errorf("load the rules of firm %s: %w", sc.to, err)
	}
	sc.supposes = !suppose.none()
	supposed, err := sc.suppose(ctx, stands, suppose)
	if err != nil {
		return err
	}
	if err := fence(ctx, a.tx, a.principal.Firm); err != nil {
		return err
	}
	if sc.before, err = sc.sight(stands, lens{owner: a.principal.Firm}); err != nil {
		return err
	}
	after := lens{owner: a.principal.Firm, agreement: suppose.Agreement, granted: suppose.Grants}
	if sc.after, err = sc.sight(supposed, after); err != nil {
		return err
	}
	return sc.checkGrants(ctx, suppose.Grants)
}

func (sc *scene) sight(rules policy.Rules, l lens) (*writer, error) {
	set, err := compile(rules)
	if err != nil {
		return nil, err
	}
	a := sc.asker
	return &writer{service: a.service, tx: a.tx, rules: set, principal: policy.Node(sc.to), now: a.now, lens: l}, nil
}

// suppose gives the other firm's rules as they would be.
func (sc *scene) suppose(ctx context.Context, rules policy.Rules, s Supposition) (policy.Rules, error) {
	if s.none() {
		return rules, nil
	}
	// What stands stays as it is; only the slices that are changed are made anew.
	rules.Agreements = slices.DeleteFunc(slices.Clone(rules.Agreements), func(r policy.AgreementRules) bool { return r.ID == s.Agreement })
	switch {
	case s.Ended && s.Agreement.IsZero():
		return rules, invalid("sharingAgreement", "name the sharing agreement that is supposed to end")
	case s.Agreement.IsZero() && len(s.Grants) > 0:
		return rules, invalid("sharingAgreement", "name the sharing agreement under which records are supposed to be granted")
	case s.Terms != nil:
		if err := policy.CheckTerms(s.Terms); err != nil {
			return rules, invalid("terms", "%v", err)
		}
	}
	rule, err := sc.supposed(ctx, rules, s)
	if err != nil || s.Ended {
		return rules, err
	}
	rules.Agreements = append(rules.Agreements, rule)
	if !slices.Contains(rules.Partners, rule.Owner) {
		rules.Partners = append(slices.Clone(rules.Partners), rule.Owner)
	}
	return rules, nil
}

// supposed gives the agreement that is supposed to open, and notes what
// hinders it.
func (sc *scene) supposed(ctx context.Context, rules policy.Rules, s Supposition) (policy.AgreementRules, error) {
	firm := sc.asker.principal.Firm
	if s.Agreement.IsZero() {
		if !slices.Contains(rules.Partners, firm) {
			sc.hinder("the partnership between the two firms must be active")
		}
		return policy.AgreementRules{ID: schema.NewID(), Owner: firm, Recipient: sc.to, Terms: s.Terms, Name: "supposed"}, nil
	}
	var none policy.AgreementRules
	o, err := sc.offer(ctx, s.Agreement)
	if err != nil {
		return none, err
	}
	rule, ok := o.rule()
	if !ok {
		return none, invalid("terms", "the terms of the sharing agreement cannot be read")
	}
	if s.Terms != nil {
		rule.Terms = s.Terms
	}
	if !o.agreement.RestsOn.IsZero() {
		sc.hinder("the records that it passes on are those of another firm, and are not in this preview")
	}
	if o.partnershipMissing {
		sc.hinder("the partnership under which the agreement is made must be active")
	}
	if o.paperMissing {
		sc.hinder("the paper that the agreement requires must be there")
	}
	sc.from, sc.until = rule.From, rule.Until
	if !rule.Until.IsZero() && !sc.asker.now.Before(rule.Until) {
		sc.hinder("the agreement, or what it rests on, has run out")
	}
	rule.From, rule.Until = time.Time{}, time.Time{}
	return rule, nil
}

func (sc *scene) hinder(sentence string) { sc.hindrances = append(sc.hindrances, sentence) }

// offer reads an agreement of the asking firm, which the asking person must
// be able to read.
func (sc *scene) offer(ctx context.Context, id schema.ID) (*offer, error) {
	a := sc.asker
	missing := invalid("sharingAgreement", "no such SharingAgreement of your firm with that firm")
	found, err := loadOffers(ctx, a.tx, offers+"\n\t\tAND a.id = $3", uuid(sc.to.ID()), uuids([]schema.FirmID{a.principal.Firm}), uuid(id))
	if err != nil {
		return nil, err
	}
	seen, err := a.seen(ctx, schema.SharingAgreements, policy.Read, id)
	if err != nil {
		return nil, err
	}
	if _, ok := seen[id]; !ok || len(found) == 0 {
		return nil, missing
	}
	if found[0].agreement.State == schema.SharingRevoked {
		return nil, invalid("sharingAgreement", "the agreement was revoked for good; make a new one")
	}
	return &found[0], nil
}

// checkGrants refuses to suppose what could not be granted.
func (sc *scene) checkGrants(ctx context.Context, grants []Record) error {
	for i, g := range grants {
		ok, err := sc.shareable(ctx, g)
		if err != nil {
			return err
		}
		if !ok {
			return invalid(fmt.Sprintf("grants[%d]", i), "no such %s of your firm, or your roles do not let you share it", g.Kind)
		}
		granted := func(p policy.Path) bool { return p.Type == policy.Grant && p.Agreement == sc.after.lens.agreement }
		if !slices.ContainsFunc(sc.after.rules.View(sc.after.principal, g.Kind, policy.Read, sc.asker.now).Paths, granted) {
			return invalid(fmt.Sprintf("grants[%d]", i), "the agreement has no term of level GRANTED for a %s; choose another agreement", g.Kind)
		}
	}
	return nil
}

// shareable tells whether a record is the asking firm's own and the asking
// person may share it.
func (sc *scene) shareable(ctx context.Context, r Record) (bool, error) {
	rows, err := sc.asker.seen(ctx, r.Kind, policy.Share, r.ID)
	row, ok := rows[r.ID]
	return ok && row.Owner == sc.asker.principal.Firm, err
}

// project gives records as the other firm sees them, without the values that
// the asking person may not read.
func (sc *scene) project(ctx context.Context, sight *writer, k *schema.Kind, wanted []schema.ID) ([]Projection, error) {
	list, err := sight.projections(ctx, k, wanted)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	own, err := sc.asker.seen(ctx, k, policy.Read, wanted...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := withhold(&list[i], own[list[i].ID].Mask); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// withhold takes out of a projection the values of fields outside the mask.
// That they are shown stays told.
func withhold(p *Projection, may schema.Mask) error {
	if p.Mask&^may == 0 {
		return nil
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(p.Fields, &values); err != nil {
		return err
	}
	for _, f := range p.Kind.Fields {
		if !may.Has(f.Bit) {
			delete(values, f.Name)
		}
	}
	var err error
	p.Fields, err = json.Marshal(values)
	return err
}
