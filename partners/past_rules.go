package partners

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/policy"
	"fondaco/schema"
)

// every rebuilds all rows of a kind that a firm owned at the instant and that
// lie behind the fence, in the order of their ids.
func (q *past) every(ctx context.Context, k *schema.Kind, owner schema.FirmID) ([]*pastRow, error) {
	rows, err := q.tx.Query(ctx, "SELECT r.id FROM records r WHERE r.owner_firm_id = $1 AND r.kind = $2", uuid(owner.ID()), k.Name)
	if err != nil {
		return nil, err
	}
	wanted, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err != nil || len(wanted) == 0 {
		return nil, err
	}
	found, err := pastRows(ctx, q.tx, k, ids(wanted), q.at)
	if err != nil {
		return nil, err
	}
	var list []*pastRow
	for _, r := range found {
		if r.there() {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *pastRow) int {
		x, y := a.entity.Header().ID, b.entity.Header().ID
		return bytes.Compare(x[:], y[:])
	})
	return list, nil
}

// gap notes that something is not known any more on which the answer rests.
func (q *past) gap(r *pastRow, of string) {
	if r.erased != 0 {
		sentence := fmt.Sprintf("values of %s %s were erased: what rests on them cannot be told", of, r.entity.Header().ID)
		if !slices.Contains(q.gaps, sentence) {
			q.gaps = append(q.gaps, sentence)
		}
	}
}

// only notes a gap if one of the fields was erased.
func (q *past) only(r *pastRow, names ...string) {
	k := schema.KindOf(r.entity)
	for _, name := range names {
		if r.erased.Has(k.FieldNamed(name).Bit) {
			q.gap(r, k.Name)
		}
	}
}

// staff gives the people, roles and teams of a firm on the node at the instant.
func (q *past) staff(ctx context.Context, firm schema.FirmID) (*staff, error) {
	s := newStaff(firm)
	active := map[schema.Ref[schema.User]]bool{}
	for _, step := range []struct {
		kind *schema.Kind
		take func(*pastRow)
	}{
		{schema.Users, func(r *pastRow) {
			q.only(r, "active")
			u := r.entity.(*schema.User)
			active[schema.Ref[schema.User](u.ID)] = u.Active
		}},
		{schema.Teams, func(r *pastRow) {
			q.only(r, "parent")
			if t := r.entity.(*schema.Team); !t.Parent.IsZero() {
				s.below[t.Parent] = append(s.below[t.Parent], schema.Ref[schema.Team](t.ID))
			}
		}},
		{schema.Memberships, func(r *pastRow) {
			q.only(r, "member", "team", "roles")
			m := r.entity.(*schema.Membership)
			s.member(m.Member, m.Team, m.Roles, active[m.Member])
		}},
	} {
		list, err := q.every(ctx, step.kind, firm)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			step.take(r)
		}
	}
	return s, nil
}

// overrides gives the own rules of a firm on the node at the instant.
func (q *past) overrides(ctx context.Context, firm schema.FirmID) (string, error) {
	const statement = `
		SELECT v.after
		FROM changes c
		LEFT JOIN change_values v ON v.seq = c.seq AND v.holder_firm_id = c.holder_firm_id AND v.field = $2
		WHERE c.id = $1 AND c.holder_firm_id = $1 AND c.kind = 'Firm' AND c.fields & (1::bigint << $2) <> 0 AND c.at <= $3
		ORDER BY c.seq DESC
		LIMIT 1`
	var raw []byte
	err := q.tx.QueryRow(ctx, statement, uuid(firm.ID()), OverridesBit, q.at).Scan(&raw)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "", nil
	case err != nil:
		return "", err
	case raw == nil:
		q.gaps = append(q.gaps, "the firm's own rules were erased: what they denied or allowed cannot be told")
		return "", nil
	}
	var text string
	return text, json.Unmarshal(raw, &text)
}

// ownRules are the rules for the asking firm's own people at the instant, as
// far as the firm's own records go.
func (q *past) ownRules(ctx context.Context) (*policy.Snapshot, error) {
	text, err := q.overrides(ctx, q.principal.Firm)
	if err != nil {
		return nil, err
	}
	return policy.Salvage(policy.Rules{Firm: q.principal.Firm, Overrides: text})
}

// rulesFor are the rules for another firm at the instant, as far as the asking
// firm made them: the agreements between the two, and whether they were
// partners.
func (q *past) rulesFor(ctx context.Context, reader schema.FirmID) (policy.Rules, error) {
	rules := policy.Rules{Firm: reader}
	offers, err := q.offers(ctx, q.principal.Firm, reader, func(a *schema.SharingAgreement) bool { return a.RestsOn.IsZero() })
	if err != nil {
		return rules, err
	}
	further, err := q.passedOn(ctx, reader)
	if err != nil {
		return rules, err
	}
	offers = append(offers, further...)
	for i := range offers {
		o := &offers[i]
		rule, ok := o.rule()
		switch {
		case !ok:
		case o.open():
			rules.Agreements = append(rules.Agreements, rule)
		case o.agreement.Owner == q.principal.Firm: // what a partner does not pass on, or not yet, is its own affair
			rules.Closed = append(rules.Closed, policy.ClosedAgreement{AgreementRules: rule, Standing: o.standing(&rule, q.at)})
		}
	}
	between, err := q.partnerships(ctx, q.principal.Firm, reader)
	for _, r := range between {
		if r.entity.(*schema.Partnership).State == schema.PartnershipActive {
			rules.Partners = []schema.FirmID{q.principal.Firm}
		}
	}
	return rules, err
}

// passedOn rebuilds the sharing agreements by which partners passed records of
// the asking firm on to another one.
func (q *past) passedOn(ctx context.Context, reader schema.FirmID) ([]offer, error) {
	// On what an agreement rests is frozen, and its row stays when it is taken back.
	const statement = `
		SELECT DISTINCT a.owner_firm_id
		FROM sharing_agreements a
		JOIN sharing_agreements s ON s.holder_firm_id = $1 AND s.id = a.rests_on AND s.owner_firm_id = $1
		WHERE a.holder_firm_id = a.owner_firm_id AND a.addressed_to = $2`
	own := q.principal.Firm
	between, err := firmsOf(ctx, q.tx, statement, uuid(own.ID()), uuid(reader.ID()))
	if err != nil {
		return nil, err
	}
	var list []offer
	for _, firm := range between {
		sources, err := q.offers(ctx, own, firm, func(*schema.SharingAgreement) bool { return true })
		if err != nil {
			return nil, err
		}
		of := func(a *schema.SharingAgreement) int {
			return slices.IndexFunc(sources, func(s offer) bool { return s.agreement.ID == a.RestsOn.ID() && s.carries(a) })
		}
		found, err := q.offers(ctx, firm, reader, func(a *schema.SharingAgreement) bool { return of(a) >= 0 })
		if err != nil {
			return nil, err
		}
		for i := range found {
			found[i].source = &sources[of(&found[i].agreement)]
		}
		list = append(list, found...)
	}
	return list, nil
}

// offers rebuilds sharing agreements of one firm with another, those that are
// meant, and all on which they depended, as the statement offers reads what
// stands.
func (q *past) offers(ctx context.Context, owner, reader schema.FirmID, meant func(*schema.SharingAgreement) bool) ([]offer, error) {
	agreements, err := q.every(ctx, schema.SharingAgreements, owner)
	if err != nil {
		return nil, err
	}
	answers, err := q.every(ctx, schema.Acceptances, reader)
	if err != nil {
		return nil, err
	}
	between, err := q.partnerships(ctx, owner, reader)
	if err != nil {
		return nil, err
	}
	zone, err := q.zone(ctx, owner)
	if err != nil {
		return nil, err
	}
	var list []offer
	for _, r := range agreements {
		a := r.entity.(*schema.SharingAgreement)
		if a.AddressedTo != reader || !meant(a) {
			continue
		}
		q.only(r, "state", "terms", "partnership", "validFrom", "validUntil", "requires", "restsOn")
		o := offer{agreement: *a, zone: zone, accepted: q.acceptedOf(a.ID, answers), partnershipMissing: true}
		for _, b := range between {
			if s := b.entity.(*schema.Partnership); s.ID == a.Partnership.ID() && s.State == schema.PartnershipActive {
				o.partnershipMissing, o.restsFrom, o.restsUntil = false, pgDate(s.StartsOn), pgDate(s.EndsOn)
			}
		}
		if err := q.paper(ctx, &o); err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// acceptedOf gives the wordings of an agreement that were accepted, of which
// no later answer took any back.
func (q *past) acceptedOf(agreement schema.ID, answers []*pastRow) []accepted {
	var list []accepted
	for _, r := range answers { // in the order of ids, which is that of time
		x := r.entity.(*schema.Acceptance)
		if x.SharingAgreement.ID() != agreement {
			continue
		}
		q.only(r, "answer", "textSha256", "teams")
		if x.Answer != schema.Accepted {
			list = nil
			continue
		}
		list = append(list, accepted{x.TextSHA256, x.Teams})
	}
	return list
}

// paper adds the paper that an agreement requires.
func (q *past) paper(ctx context.Context, o *offer) error {
	if o.agreement.Requires.IsZero() {
		return nil
	}
	id := o.agreement.Requires.ID()
	found, err := pastRows(ctx, q.tx, schema.Agreements, []schema.ID{id}, q.at)
	if err != nil {
		return err
	}
	r := found[id]
	if o.paperMissing = !r.there() || r.entity.Header().Holder != o.agreement.Owner; o.paperMissing {
		return nil
	}
	q.only(r, "effectiveOn", "expiresOn", "terminatedOn")
	g := r.entity.(*schema.Agreement)
	o.restsFrom, o.restsUntil = pgDate(later(date(o.restsFrom), g.EffectiveOn)), pgDate(earlier(date(o.restsUntil), g.ExpiresOn, g.TerminatedOn))
	return nil
}

// partnerships rebuilds those between two firms.
func (q *past) partnerships(ctx context.Context, a, b schema.FirmID) ([]*pastRow, error) {
	var list []*pastRow
	for _, way := range [][2]schema.FirmID{{a, b}, {b, a}} {
		all, err := q.every(ctx, schema.Partnerships, way[0])
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			if r.entity.(*schema.Partnership).AddressedTo == way[1] {
				q.only(r, "state", "startsOn", "endsOn")
				list = append(list, r)
			}
		}
	}
	return list, nil
}

// zone is the time zone of a firm at the instant.
func (q *past) zone(ctx context.Context, firm schema.FirmID) (string, error) {
	found, err := pastRows(ctx, q.tx, schema.Firms, []schema.ID{firm.ID()}, q.at)
	if r := found[firm.ID()]; r.there() {
		q.only(r, "timeZone")
		if f := r.entity.(*schema.Firm); f.TimeZone != "" {
			return f.TimeZone, err
		}
	}
	return "UTC", err
}

func pgDate(d schema.Date) pgtype.Date {
	if d.IsZero() {
		return pgtype.Date{}
	}
	return pgtype.Date{Time: d.Time(time.UTC), Valid: true}
}

// later gives the latest of the days that are stated, earlier the earliest.
func later(days ...schema.Date) schema.Date {
	return outermost(days, func(a, b time.Time) bool { return a.After(b) })
}

func earlier(days ...schema.Date) schema.Date {
	return outermost(days, func(a, b time.Time) bool { return a.Before(b) })
}

func outermost(days []schema.Date, further func(a, b time.Time) bool) (found schema.Date) {
	for _, d := range days {
		if !d.IsZero() && (found.IsZero() || further(d.Time(time.UTC), found.Time(time.UTC))) {
			found = d
		}
	}
	return found
}
