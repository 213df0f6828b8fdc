package partners

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/policy"
	"fondaco/schema"
)

// AgreementText gives the hash, in hexadecimal digits, of what the recipient
// of a sharing agreement accepts: everything in it but its name. Both nodes
// compute it from their own row.
func AgreementText(a *schema.SharingAgreement) string {
	var terms any
	_ = json.Unmarshal(a.Terms, &terms) // jsonb does not keep the order of keys; encoding it anew sorts them
	said := []any{a.ID, a.Owner, a.AddressedTo, a.Partnership, a.Purpose, terms, a.ValidFrom, a.ValidUntil, a.Requires}
	if !a.RestsOn.IsZero() {
		said = append(said, a.RestsOn)
	}
	text, err := json.Marshal(said)
	if err != nil {
		panic("partners: a sharing agreement always encodes: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// PartnershipText is [AgreementText] for a partnership.
func PartnershipText(p *schema.Partnership) string {
	text, err := json.Marshal([]any{p.ID, p.Owner, p.AddressedTo, p.Scope, p.StartsOn, p.EndsOn})
	if err != nil {
		panic("partners: a partnership always encodes: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// offerRows is what sharing agreements say and all on which they depend, as
// they lie with the firms that share. Of the acceptances count those that no
// later answer took back.
const offerRows = `
	SELECT a.id, a.version, a.owner_firm_id, a.addressed_to, a.partnership, a.name, coalesce(a.purpose, ''), a.state, a.terms, a.valid_from, a.valid_until, a.requires, a.rests_on,
		coalesce(f.time_zone, 'UTC'),
		coalesce((
			SELECT jsonb_agg(jsonb_build_object('text', x.text_sha256, 'teams', coalesce(x.teams, '{}')) ORDER BY x.id)
			FROM acceptances x
			WHERE x.sharing_agreement = a.id
				AND x.owner_firm_id = a.addressed_to
				AND x.answer = 'ACCEPTED'
				AND x.deleted_at IS NULL
				AND NOT EXISTS (
					SELECT FROM acceptances w
					WHERE w.sharing_agreement = a.id
						AND w.owner_firm_id = a.addressed_to
						AND w.answer <> 'ACCEPTED'
						AND w.id > x.id
						AND w.deleted_at IS NULL)), '[]'),
		greatest(p.starts_on, g.effective_on), least(p.ends_on, g.expires_on, g.terminated_on),
		p.id IS NULL,
		a.requires IS NOT NULL AND g.id IS NULL
	FROM sharing_agreements a
	LEFT JOIN LATERAL (
		SELECT s.id, s.starts_on, s.ends_on
		FROM partnerships s
		WHERE s.id = a.partnership
			AND s.holder_firm_id IN (a.holder_firm_id, s.owner_firm_id)
			AND s.state = 'ACTIVE'
			AND s.deleted_at IS NULL
		LIMIT 1) p ON true
	LEFT JOIN firms f ON f.holder_firm_id = a.holder_firm_id AND f.id = a.owner_firm_id
	LEFT JOIN agreements g ON g.holder_firm_id = a.holder_firm_id AND g.id = a.requires AND g.deleted_at IS NULL
	WHERE a.holder_firm_id = a.owner_firm_id
		AND a.deleted_at IS NULL`

// offers are those addressed to the firm $1 by the firms $2.
const offers = offerRows + `
		AND a.addressed_to = $1
		AND a.owner_firm_id = ANY ($2)`

// openAgreements lists the sharing agreements that open records of firms on
// this node to the firm: offered, under an active partnership, and accepted
// in this very wording.
func openAgreements(ctx context.Context, tx pgx.Tx, firm schema.FirmID, partners []schema.FirmID) ([]policy.AgreementRules, error) {
	all, err := loadOffers(ctx, tx, offers+"\n\t\tAND a.state = 'OFFERED'", uuid(firm.ID()), uuids(partners))
	if err != nil {
		return nil, err
	}
	var open []policy.AgreementRules
	for _, o := range all {
		if rule, ok := o.rule(); ok && o.open() {
			open = append(open, rule)
		}
	}
	return open, nil
}

// offer is a sharing agreement with all on which it depends.
type offer struct {
	agreement          schema.SharingAgreement
	zone               string      // of the firm that shares: its days are meant
	accepted           []accepted  // the wordings that the recipient accepted, the oldest first
	restsFrom          pgtype.Date // the days of the partnership and of the paper on which it rests
	restsUntil         pgtype.Date
	partnershipMissing bool
	paperMissing       bool
	source             *offer // the agreement on which it rests, if it rests on one; nil while that is unknown here
}

// accepted is a wording that was accepted, by its hash, and for which teams.
type accepted struct {
	Text  string                    `json:"text"`
	Teams []schema.Ref[schema.Team] `json:"teams"`
}

func scanOffer(row pgx.CollectableRow) (o offer, err error) {
	a := &o.agreement
	var from, until pgtype.Date
	var partnership, requires, restsOn pgtype.UUID
	err = row.Scan((*[16]byte)(&a.ID), &a.Version, (*[16]byte)(&a.Owner), (*[16]byte)(&a.AddressedTo), &partnership, &a.Name, &a.Purpose, &a.State, &a.Terms, &from, &until, &requires, &restsOn,
		&o.zone, &o.accepted, &o.restsFrom, &o.restsUntil, &o.partnershipMissing, &o.paperMissing)
	a.Partnership, a.Requires, a.RestsOn = partnership.Bytes, requires.Bytes, restsOn.Bytes
	a.ValidFrom, a.ValidUntil = date(from), date(until)
	return o, err
}

func date(d pgtype.Date) schema.Date {
	if !d.Valid {
		return schema.Date{}
	}
	return schema.DateOf(d.Time)
}

// open tells whether the agreement stands: it is offered, its wording was
// accepted, and there are the partnership, the paper and the other agreement on
// which it rests.
func (o *offer) open() bool {
	return o.agreement.State == schema.SharingOffered && !o.partnershipMissing && !o.paperMissing && o.answer() != nil &&
		(o.agreement.RestsOn.IsZero() || o.source != nil && o.source.open())
}

// answer gives the last acceptance of the very wording, nil if there is none.
func (o *offer) answer() *accepted {
	text := AgreementText(&o.agreement)
	for i := len(o.accepted) - 1; i >= 0; i-- {
		if o.accepted[i].Text == text {
			return &o.accepted[i]
		}
	}
	return nil
}

// rule gives what the agreement opens, once it stands; false if its terms
// cannot be read. Its own days bound it, and those of the partnership and the
// paper.
func (o *offer) rule() (policy.AgreementRules, bool) {
	a := &o.agreement
	rule := policy.AgreementRules{ID: a.ID, Owner: a.Owner, Recipient: a.AddressedTo, Name: a.Name, Version: a.Version, Purpose: a.Purpose}
	if answer := o.answer(); answer != nil {
		rule.Teams = answer.Teams
	}
	if json.Unmarshal(a.Terms, &rule.Terms) != nil {
		return rule, false
	}
	if !a.RestsOn.IsZero() {
		// Without the agreement on which it rests it would mean the own records, which is never so.
		if o.source == nil {
			return rule, false
		}
		source, ok := o.source.rule()
		if !ok {
			return rule, false
		}
		rule.RestsOn = &source
	}
	zone, err := time.LoadLocation(o.zone)
	if err != nil {
		zone = time.UTC
	}
	rule.Zone = zone
	for _, d := range []schema.Date{a.ValidFrom, date(o.restsFrom)} {
		if !d.IsZero() && d.Time(zone).After(rule.From) {
			rule.From = d.Time(zone)
		}
	}
	for _, d := range []schema.Date{a.ValidUntil, date(o.restsUntil)} {
		if !d.IsZero() && (rule.Until.IsZero() || d.End(zone).Before(rule.Until)) {
			rule.Until = d.End(zone)
		}
	}
	return rule, true
}
