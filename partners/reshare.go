package partners

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// A firm may pass on what another one shares with it, where a term of that
// firm's says so: by a sharing agreement of its own that rests on the other
// one. It opens rows of the first firm, as far as both agreements reach, and
// whatever ends the first ends it too. All three firms must live on this node:
// of a copy somewhere else the first firm could not tell who reads it, nor take
// it back.

// loadOffers reads sharing agreements in the order of their ids, and those on
// which they rest. The statement is offers, or begins with offerRows.
func loadOffers(ctx context.Context, tx pgx.Tx, statement string, args ...any) ([]offer, error) {
	rows, err := tx.Query(ctx, statement+"\n\tORDER BY a.id", args...)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, scanOffer)
	if err != nil {
		return nil, err
	}
	var sources []schema.ID
	for i := range all {
		if id := all[i].agreement.RestsOn.ID(); !id.IsZero() {
			sources = append(sources, id)
		}
	}
	if len(sources) == 0 {
		return all, nil
	}
	if rows, err = tx.Query(ctx, offerRows+"\n\t\tAND a.id = ANY ($1)", uuids(sources)); err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, scanOffer)
	for i := range all {
		o := &all[i]
		for j := range found {
			if s := &found[j]; s.agreement.ID == o.agreement.RestsOn.ID() && s.carries(&o.agreement) {
				o.source = s
			}
		}
	}
	return all, err
}

// carries tells whether another agreement may rest on this one at all.
func (o *offer) carries(a *schema.SharingAgreement) bool {
	return o.agreement.AddressedTo == a.Owner && o.agreement.Owner != a.AddressedTo && o.agreement.RestsOn.IsZero()
}

// fenceOf lists the firms whose rows readers under these rules may ever touch:
// their own firm, its partners, and the firms whose records a partner passes on.
func fenceOf(rules *policy.Rules) []schema.FirmID {
	list := append([]schema.FirmID{rules.Firm}, rules.Partners...)
	for _, a := range rules.Agreements {
		if a.RestsOn != nil && !slices.Contains(list, a.RestsOn.Owner) {
			list = append(list, a.RestsOn.Owner)
		}
	}
	return list
}

// checkReshare refuses to pass on what may not be; to offer it also while the
// agreement on which it rests opens nothing.
func (w *writer) checkReshare(ctx context.Context, a *schema.SharingAgreement, terms []schema.SharingTerm, now bool) error {
	if err := fenceHosted(ctx, w.tx); err != nil {
		return err
	}
	found, err := loadOffers(ctx, w.tx, offerRows+"\n\t\tAND a.id = $1 AND a.addressed_to = $2", uuid(a.RestsOn.ID()), uuid(w.principal.Firm.ID()))
	if back := fence(ctx, w.tx, w.rules.fence...); err == nil {
		err = back
	}
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return invalid("restsOn", "want an agreement by which a firm that lives on this node shares with yours")
	}
	source := &found[0]
	rule, ok := source.rule()
	switch {
	case !source.agreement.RestsOn.IsZero():
		return invalid("restsOn", "rests on another agreement itself; what was passed on once cannot be passed on")
	case source.agreement.Owner == a.AddressedTo:
		return invalid("addressedTo", "are the firm whose records they are; name another one")
	case !ok || now && (!source.open() || !inForce(&rule, w)):
		return &schema.Error{Code: schema.CodeConflict, Field: "restsOn", Message: "opens nothing now; it has to be in force before it can be passed on"}
	}
	if err := policy.CheckReshare(rule.Terms, terms); err != nil {
		return invalid("terms", "%v", err)
	}
	return nil
}

// inForce tells whether the days of an agreement, and of what it requires,
// hold now.
func inForce(r *policy.AgreementRules, w *writer) bool {
	return !w.now.Before(r.From) && (r.Until.IsZero() || w.now.Before(r.Until))
}

// raise tells the readers of firms that their rules have changed, after a
// change of a kind that decides; with them the firms to which one of them
// passes on what another shares with it.
func (w *writer) raise(ctx context.Context, k *schema.Kind, firms []schema.FirmID) error {
	if k == schema.SharingAgreements || k == schema.Acceptances || k == schema.Partnerships || k == schema.Agreements {
		more, err := w.dependent(ctx, firms)
		if err != nil {
			return err
		}
		firms = append(firms, more...)
	}
	return raiseEpochs(ctx, w.tx, firms...)
}

// dependent lists the firms to which one of the firms passes something on.
func (w *writer) dependent(ctx context.Context, firms []schema.FirmID) ([]schema.FirmID, error) {
	const statement = `
		SELECT DISTINCT a.addressed_to
		FROM sharing_agreements a
		WHERE a.rests_on IS NOT NULL AND a.holder_firm_id = a.owner_firm_id AND a.owner_firm_id = ANY ($1) AND a.addressed_to IS NOT NULL`
	if err := fenceHosted(ctx, w.tx); err != nil {
		return nil, err
	}
	list, err := firmsOf(ctx, w.tx, statement, uuids(firms))
	if err != nil {
		return nil, err
	}
	return list, fence(ctx, w.tx, w.rules.fence...)
}

// passedTo lists the firms to which partners pass on records of the asking
// firm. It needs a fence around all firms that live here.
func (q *inquiry) passedTo(ctx context.Context) ([]schema.FirmID, error) {
	const statement = `
		SELECT DISTINCT a.addressed_to
		FROM sharing_agreements a
		JOIN sharing_agreements s ON s.holder_firm_id = $1 AND s.id = a.rests_on AND s.owner_firm_id = $1
		WHERE a.holder_firm_id = a.owner_firm_id AND a.addressed_to IS NOT NULL AND a.addressed_to <> $1`
	return firmsOf(ctx, q.tx, statement, uuid(q.principal.Firm.ID()))
}

// firmsOf reads a statement that gives the ids of firms.
func firmsOf(ctx context.Context, tx pgx.Tx, statement string, args ...any) ([]schema.FirmID, error) {
	rows, err := tx.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (firm schema.FirmID, err error) {
		return firm, row.Scan((*[16]byte)(&firm))
	})
}
