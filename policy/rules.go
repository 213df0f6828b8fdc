package policy

import (
	"time"

	"fondaco/schema"
)

// Rules is all that decides for the readers of one firm. It is loaded in one
// transaction, and [Compile] makes a [Snapshot] of it.
type Rules struct {
	// Firm is the firm whose readers ask.
	Firm schema.FirmID
	// Epoch is the state of the firm's policy from which this was read.
	Epoch int64
	// Overrides are the lines by which the firm's administrator departs from the shipped rules; see CheckOverrides.
	Overrides string
	// Agreements are the sharing agreements in which Firm is the recipient and whose text it accepted. Those that
	// are suspended, revoked or lack what they require are left out.
	Agreements []AgreementRules
	// Partners are the firms whose partnership with Firm is active. They open nothing by themselves.
	Partners []schema.FirmID
}

// AgreementRules is a sharing agreement as far as it decides.
type AgreementRules struct {
	ID        schema.ID
	Owner     schema.FirmID // the firm that shares
	Recipient schema.FirmID // the firm to which it opens
	Terms     []schema.SharingTerm
	From      time.Time // opens nothing before; zero for no limit
	Until     time.Time // opens nothing from then on; zero for no limit
	Name      string
}

// live tells whether the agreement opens anything at an instant.
func (r *AgreementRules) live(now time.Time) bool {
	return !now.Before(r.From) && (r.Until.IsZero() || now.Before(r.Until))
}

// turn gives the next instant after now at which the agreement begins or ends, zero for none.
func (r *AgreementRules) turn(now time.Time) time.Time {
	switch {
	case r.From.After(now):
		return r.From
	case r.Until.After(now):
		return r.Until
	}
	return time.Time{}
}
