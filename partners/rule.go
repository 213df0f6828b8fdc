package partners

import (
	"context"

	"fondaco/schema"
)

// rule is the behaviour of one kind, beside what all kinds do alike. Both
// parts run in the transaction of the write; old is nil for a new record.
type rule struct {
	// before completes and checks the record that is about to be written.
	before func(ctx context.Context, w *writer, c Command, old, e schema.Entity) error
	// after does what follows from what was written.
	after func(ctx context.Context, w *writer, c Command, old, e schema.Entity) error
	// arrived does what follows when another firm's record, or a change of it, arrives at this node.
	arrived func(ctx context.Context, w *writer, e schema.Entity) error
	// decides is set where the records decide who may do what.
	decides bool
}

func ruleOf(k *schema.Kind) rule {
	switch k {
	case schema.Users, schema.Memberships, schema.Agreements:
		return rule{decides: true}
	case schema.Teams:
		return rule{before: beforeTeam, decides: true}
	case schema.Partnerships:
		return rule{before: beforePartnership, decides: true}
	case schema.SharingAgreements:
		return rule{before: beforeSharingAgreement, decides: true}
	case schema.Acceptances:
		return rule{before: beforeAcceptance, after: afterAcceptance, arrived: arrivedAcceptance, decides: true}
	case schema.Grants:
		return rule{before: beforeGrant, after: afterGrant}
	case schema.Customers:
		return rule{after: relabel}
	case schema.Interactions:
		return rule{before: beforeInteraction}
	case schema.Documents:
		return rule{after: relabel}
	case schema.DocumentVersions:
		return rule{before: beforeDocumentVersion, after: afterDocumentVersion, arrived: arrivedDocumentVersion}
	case schema.DealRegistrations:
		return rule{before: beforeDeal, after: afterDeal, arrived: arrivedDeal}
	case schema.DealDecisions:
		return rule{before: beforeDecision}
	case schema.PriceAuthorizations, schema.PriceLists, schema.RebateClaims, schema.ClaimResponses:
		return rule{before: beforePaper, after: relabel}
	case schema.PriceAuthorizationLines, schema.PriceListItems, schema.RebateClaimLines, schema.ClaimResponseLines:
		return rule{before: beforePaperLine, after: relabel}
	}
	return rule{after: relabel}
}

// relabel keeps the key by which granted records are listed.
func relabel(ctx context.Context, w *writer, _ Command, old, e schema.Entity) error {
	k := schema.KindOf(e)
	if old == nil || k.Label == nil || schema.SameValue(k.Label.Value(old), k.Label.Value(e)) {
		return nil
	}
	_, err := w.tx.Exec(ctx, "UPDATE reach SET sort_key = fondaco_key($2) WHERE record_id = $1", uuid(e.Header().ID), k.Label.Value(e))
	return err
}
