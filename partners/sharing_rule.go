package partners

import (
	"context"
	"encoding/json"
	"fmt"

	"fondaco/policy"
	"fondaco/schema"
)

func beforePartnership(_ context.Context, w *writer, _ Command, old, e schema.Entity) error {
	p := e.(*schema.Partnership)
	if p.AddressedTo == w.principal.Firm {
		return invalid("addressedTo", "a firm cannot be its own partner; name the other firm")
	}
	if old == nil {
		p.SentAt = w.now // an invitation is seen at once
	}
	return nil
}

func beforeSharingAgreement(ctx context.Context, w *writer, c Command, old, e schema.Entity) error {
	a := e.(*schema.SharingAgreement)
	var terms []schema.SharingTerm
	if err := json.Unmarshal(a.Terms, &terms); err != nil {
		return invalid("terms", "want a list of terms such as [{\"kind\":\"Customer\",\"level\":\"ALL\",\"actions\":[\"read\"]}]")
	}
	if err := policy.CheckTerms(terms); err != nil {
		return invalid("terms", "%v", err)
	}
	if c.Verb == "offer" {
		a.SentAt = w.now
	}
	if old == nil {
		if err := w.checkPartnership(ctx, a); err != nil {
			return err
		}
	}
	if a.RestsOn.IsZero() || a.State != schema.SharingDraft && c.Verb != "offer" {
		return nil
	}
	return w.checkReshare(ctx, a, terms, c.Verb == "offer")
}

// checkPartnership refuses an agreement under a partnership with another firm
// than the one to which it opens.
func (w *writer) checkPartnership(ctx context.Context, a *schema.SharingAgreement) error {
	const statement = `
		SELECT EXISTS (
			SELECT FROM partnerships p
			WHERE p.id = $1 AND p.deleted_at IS NULL
				AND ((p.owner_firm_id = $2 AND p.addressed_to = $3) OR (p.owner_firm_id = $3 AND p.addressed_to = $2)))`
	var fits bool
	err := w.tx.QueryRow(ctx, statement, uuid(a.Partnership.ID()), uuid(w.principal.Firm.ID()), uuid(a.AddressedTo.ID())).Scan(&fits)
	if err == nil && !fits {
		return invalid("partnership", "want a partnership between your firm and the one to which the agreement is addressed")
	}
	return err
}

// beforeAcceptance finds the offer, and notes whose it is and which wording
// is answered. A wording that the caller names must be the present one.
func beforeAcceptance(ctx context.Context, w *writer, _ Command, old, e schema.Entity) error {
	if old != nil {
		return nil
	}
	a := e.(*schema.Acceptance)
	text, owner, err := w.offered(ctx, a)
	if err != nil {
		return err
	}
	if a.TextSHA256 != "" && a.TextSHA256 != text {
		return &schema.Error{Code: schema.CodeConflict, Field: "textSha256", Message: "the offer was changed since it was read; read it again"}
	}
	a.TextSHA256, a.AddressedTo, a.SentAt = text, owner, w.now
	return nil
}

// offered gives the hash and the owner of the offer that is answered, which
// must be addressed to the principal's firm and be in its sight.
func (w *writer) offered(ctx context.Context, a *schema.Acceptance) (string, schema.FirmID, error) {
	var none schema.FirmID
	if a.Partnership.IsZero() == a.SharingAgreement.IsZero() {
		return "", none, invalid("partnership", "name the offer that is answered: a partnership or a sharing agreement")
	}
	kind, id := schema.SharingAgreements, a.SharingAgreement.ID()
	if !a.Partnership.IsZero() {
		kind, id = schema.Partnerships, a.Partnership.ID()
	}
	rows, err := w.seen(ctx, kind, policy.Read, id)
	if err != nil {
		return "", none, err
	}
	row, ok := rows[id]
	if !ok {
		return "", none, invalid(kind.Field, "no such %s", kind)
	}
	offer, err := loadRow(ctx, w.tx, kind, row.Holder, id, false)
	if err != nil || offer == nil {
		return "", none, fmt.Errorf("load offer %s: %w", id, err)
	}
	if schema.AddressOf(offer).AddressedTo != w.principal.Firm {
		return "", none, invalid(kind.Field, "this %s is not addressed to your firm", kind)
	}
	return offerText(offer), offer.Header().Owner, nil
}

func offerText(offer schema.Entity) string {
	switch o := offer.(type) {
	case *schema.SharingAgreement:
		return AgreementText(o)
	case *schema.Partnership:
		return PartnershipText(o)
	}
	panic(fmt.Sprintf("partners: %T is no offer", offer))
}

// afterAcceptance lets an answer take effect at once where the firm that
// offered lives on this node too.
func afterAcceptance(ctx context.Context, w *writer, _ Command, old, e schema.Entity) error {
	if old != nil {
		return nil
	}
	here, err := w.hosted(ctx, schema.AddressOf(e).AddressedTo)
	if err != nil || !here {
		return err
	}
	return w.takeAnswer(ctx, e.(*schema.Acceptance))
}

func arrivedAcceptance(ctx context.Context, w *writer, e schema.Entity) error {
	return w.takeAnswer(ctx, e.(*schema.Acceptance))
}

// takeAnswer makes a partnership active once the other firm has accepted its
// wording. A sharing agreement needs no step: it is open while an acceptance
// of its wording stands.
func (w *writer) takeAnswer(ctx context.Context, a *schema.Acceptance) error {
	if a.Partnership.IsZero() || a.Answer != schema.Accepted {
		return nil
	}
	owner, back, err := w.as(ctx, a.AddressedTo)
	if err != nil {
		return err
	}
	e, err := loadRow(ctx, w.tx, schema.Partnerships, a.AddressedTo, a.Partnership.ID(), true)
	if err != nil {
		return err
	}
	p, _ := e.(*schema.Partnership)
	if p != nil && p.Own() && p.State == schema.PartnershipInvited && p.AddressedTo == a.Owner && PartnershipText(p) == a.TextSHA256 {
		if _, err := owner.act(ctx, Command{Verb: "activate", Kind: schema.Partnerships, ID: p.ID}); err != nil {
			return err
		}
	}
	return back()
}

// beforeGrant completes a grant from its agreement, and refuses one that the
// terms do not foresee.
func beforeGrant(ctx context.Context, w *writer, _ Command, old, e schema.Entity) error {
	if old != nil {
		return nil
	}
	g := e.(*schema.Grant)
	found, err := loadRow(ctx, w.tx, schema.SharingAgreements, w.principal.Firm, g.SharingAgreement.ID(), false)
	if err != nil {
		return err
	}
	a, _ := found.(*schema.SharingAgreement)
	if a == nil || !a.Own() || !a.DeletedAt.IsZero() {
		return invalid("sharingAgreement", "no such SharingAgreement of your firm")
	}
	g.AddressedTo, g.SentAt = a.AddressedTo, w.now
	kind := schema.KindNamed(g.RecordKind)
	id, err := schema.ParseID(g.RecordID)
	if kind == nil || err != nil {
		return invalid("recordId", "want the kind and the id of a record")
	}
	if !foresees(a, kind) {
		return invalid("recordKind", "the agreement %q has no term of level GRANTED for a %s; choose another agreement", a.Name, kind)
	}
	record, err := loadRow(ctx, w.tx, kind, w.principal.Firm, id, false)
	if err != nil {
		return err
	}
	seen, err := w.seen(ctx, kind, policy.Share, id)
	if err != nil {
		return err
	}
	if _, ok := seen[id]; !ok || record == nil || !record.Header().Own() {
		return invalid("recordId", "no such %s of your firm, or your roles do not let you share it", kind)
	}
	return nil
}

func foresees(a *schema.SharingAgreement, k *schema.Kind) bool {
	var terms []schema.SharingTerm
	if json.Unmarshal(a.Terms, &terms) != nil {
		return false
	}
	for _, t := range terms {
		if t.Kind == k.Name && t.Level == schema.ShareGranted {
			return true
		}
	}
	return false
}

// afterGrant keeps the points by which granted records are reached. They are
// rows, and bump no epoch.
func afterGrant(ctx context.Context, w *writer, _ Command, _, e schema.Entity) error {
	g := e.(*schema.Grant)
	if !g.DeletedAt.IsZero() {
		_, err := w.tx.Exec(ctx, "DELETE FROM reach WHERE grant_id = $1", uuid(g.ID))
		return err
	}
	id, err := schema.ParseID(g.RecordID)
	if err != nil {
		return err
	}
	kind := schema.KindNamed(g.RecordKind)
	key := "NULL"
	if kind.Label != nil {
		key = "c.sort_key"
	}
	statement := fmt.Sprintf(`
		INSERT INTO reach (agreement_id, record_id, kind, firm_id, grant_id, owner_firm_id, sort_key)
		SELECT $1, c.id, $2, $3, $4, $5, %s
		FROM %s c
		WHERE c.holder_firm_id = $5 AND c.id = $6
		ON CONFLICT (agreement_id, record_id) DO NOTHING`, key, kind.Table)
	tag, err := w.tx.Exec(ctx, statement, uuid(g.SharingAgreement.ID()), kind.Name, uuid(g.AddressedTo.ID()), uuid(g.ID), uuid(g.Owner.ID()), uuid(id))
	if err == nil && tag.RowsAffected() == 0 {
		return &schema.Error{Code: schema.CodeConflict, Kind: "Grant", Field: "recordId", Message: "is granted under this agreement already"}
	}
	return err
}
