package partners

import (
	"context"
	"slices"

	"fondaco/policy"
	"fondaco/schema"
)

// beforeInteraction dates an interaction that has no date, and keeps a reply
// within the audience of what it replies to. The audience of an interaction
// never changes: replies rest on it.
func beforeInteraction(ctx context.Context, w *writer, _ Command, old, e schema.Entity) error {
	i := e.(*schema.Interaction)
	if i.OccurredAt.IsZero() {
		i.OccurredAt = w.now
	}
	if old != nil {
		before := old.(*schema.Interaction)
		if i.Audience.Audience != before.Audience.Audience || i.AudienceTeam != before.AudienceTeam || !slices.Equal(i.AudienceFirms, before.AudienceFirms) {
			return invalid("audience", "cannot be changed any more; write a new %s for another audience", schema.Interactions)
		}
		return nil
	}
	if i.ReplyTo.IsZero() {
		return nil
	}
	return w.checkReply(ctx, i)
}

func (w *writer) checkReply(ctx context.Context, i *schema.Interaction) error {
	rows, err := w.seen(ctx, schema.Interactions, policy.Read, i.ReplyTo.ID())
	if err != nil {
		return err
	}
	row, ok := rows[i.ReplyTo.ID()]
	if !ok {
		return invalid("replyTo", "no such Interaction")
	}
	found, err := loadRow(ctx, w.tx, schema.Interactions, row.Holder, i.ReplyTo.ID(), false)
	if err != nil || found == nil {
		return err
	}
	above := found.(*schema.Interaction)
	if above.Customer != i.Customer {
		return invalid("replyTo", "belongs to another customer")
	}
	if !within(&i.Audience, i.Owner, &above.Audience, above.Owner) {
		return invalid("audience", "a reply is seen by no more people than what it replies to; choose a narrower audience")
	}
	return nil
}

// within tells whether an audience lies within another one. A firm that is
// named may always answer the firm that named it.
func within(a *schema.Audience, owner schema.FirmID, above *schema.Audience, aboveOwner schema.FirmID) bool {
	if owner != aboveOwner {
		// The list of firms named above is kept from those who are named, so an answer goes to the author alone.
		return a.Audience != schema.AudienceIsFirms || len(a.AudienceFirms) == 1 && a.AudienceFirms[0] == aboveOwner
	}
	switch above.Audience {
	case schema.AudienceIsTeam:
		return a.Audience == schema.AudienceIsTeam && a.AudienceTeam == above.AudienceTeam
	case schema.AudienceIsFirm:
		return a.Audience != schema.AudienceIsFirms
	}
	for _, f := range a.AudienceFirms {
		if !slices.Contains(above.AudienceFirms, f) {
			return false
		}
	}
	return true
}
