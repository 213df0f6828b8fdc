package partners

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
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
	text, err := json.Marshal([]any{
		a.ID, a.Owner, a.AddressedTo, a.Partnership, a.Purpose, terms, a.ValidFrom, a.ValidUntil, a.Requires,
	})
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

// openAgreements lists the sharing agreements that open records of firms on
// this node to the firm: offered, under an active partnership, and accepted
// in this very wording.
func openAgreements(ctx context.Context, tx pgx.Tx, firm schema.FirmID, partners []schema.FirmID) ([]policy.AgreementRules, error) {
	const statement = `
		SELECT a.id, a.owner_firm_id, a.partnership, a.name, coalesce(a.purpose, ''), a.terms, a.valid_from, a.valid_until, a.requires,
			coalesce(f.time_zone, 'UTC'),
			ARRAY(
				SELECT x.text_sha256
				FROM acceptances x
				WHERE x.sharing_agreement = a.id
					AND x.owner_firm_id = $1
					AND x.answer = 'ACCEPTED'
					AND x.deleted_at IS NULL
					AND NOT EXISTS (
						SELECT FROM acceptances w
						WHERE w.sharing_agreement = a.id
							AND w.owner_firm_id = $1
							AND w.answer <> 'ACCEPTED'
							AND w.id > x.id
							AND w.deleted_at IS NULL)),
			greatest(p.starts_on, g.effective_on), least(p.ends_on, g.expires_on, g.terminated_on),
			a.requires IS NOT NULL AND g.id IS NULL
		FROM sharing_agreements a
		CROSS JOIN LATERAL (
			SELECT s.starts_on, s.ends_on
			FROM partnerships s
			WHERE s.id = a.partnership
				AND s.holder_firm_id IN (a.holder_firm_id, s.owner_firm_id)
				AND s.state = 'ACTIVE'
				AND s.deleted_at IS NULL
			LIMIT 1) p
		LEFT JOIN firms f ON f.holder_firm_id = a.holder_firm_id AND f.id = a.owner_firm_id
		LEFT JOIN agreements g ON g.holder_firm_id = a.holder_firm_id AND g.id = a.requires AND g.deleted_at IS NULL
		WHERE a.addressed_to = $1
			AND a.holder_firm_id = a.owner_firm_id
			AND a.owner_firm_id = ANY ($2)
			AND a.state = 'OFFERED'
			AND a.deleted_at IS NULL
		ORDER BY a.id`
	rows, err := tx.Query(ctx, statement, uuid(firm.ID()), uuids(partners))
	if err != nil {
		return nil, err
	}
	offers, err := pgx.CollectRows(rows, scanOffer)
	if err != nil {
		return nil, err
	}
	var open []policy.AgreementRules
	for _, o := range offers {
		o.agreement.AddressedTo = firm
		if rule, ok := o.rule(); ok {
			open = append(open, rule)
		}
	}
	return open, nil
}

// offer is a sharing agreement with all on which it depends.
type offer struct {
	agreement    schema.SharingAgreement
	zone         string      // of the firm that shares: its days are meant
	accepted     []string    // hashes of the wordings that the recipient accepted
	restsFrom    pgtype.Date // the days of the partnership and of the paper on which it rests
	restsUntil   pgtype.Date
	paperMissing bool
}

func scanOffer(row pgx.CollectableRow) (o offer, err error) {
	a := &o.agreement
	var from, until pgtype.Date
	var partnership, requires pgtype.UUID
	err = row.Scan((*[16]byte)(&a.ID), (*[16]byte)(&a.Owner), &partnership, &a.Name, &a.Purpose, &a.Terms, &from, &until, &requires,
		&o.zone, &o.accepted, &o.restsFrom, &o.restsUntil, &o.paperMissing)
	a.Partnership, a.Requires = partnership.Bytes, requires.Bytes
	a.ValidFrom, a.ValidUntil = date(from), date(until)
	return o, err
}

func date(d pgtype.Date) schema.Date {
	if !d.Valid {
		return schema.Date{}
	}
	return schema.DateOf(d.Time)
}

// rule gives what the agreement opens, if its wording was accepted and the
// paper that it requires is there. Its own days bound it, and those of the
// partnership and the paper.
func (o *offer) rule() (policy.AgreementRules, bool) {
	a := &o.agreement
	rule := policy.AgreementRules{ID: a.ID, Owner: a.Owner, Recipient: a.AddressedTo, Name: a.Name}
	if o.paperMissing || !slices.Contains(o.accepted, AgreementText(a)) || json.Unmarshal(a.Terms, &rule.Terms) != nil {
		return rule, false
	}
	zone, err := time.LoadLocation(o.zone)
	if err != nil {
		zone = time.UTC
	}
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

// raiseEpochs tells the readers of the firms that their rules have changed.
func raiseEpochs(ctx context.Context, tx pgx.Tx, firms ...schema.FirmID) error {
	const statement = `
		INSERT INTO policy_epochs AS e (firm_id, epoch)
		SELECT f, 1
		FROM unnest($1::uuid[]) AS f
		GROUP BY f
		ORDER BY f
		ON CONFLICT (firm_id) DO UPDATE
		SET epoch = e.epoch + 1`
	if _, err := tx.Exec(ctx, statement, uuids(firms)); err != nil {
		return fmt.Errorf("raise epochs: %w", err)
	}
	return nil
}
