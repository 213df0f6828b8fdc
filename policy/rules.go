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
	// Closed are the other sharing agreements that are addressed to Firm. They open nothing, and are here so that
	// an explanation can tell what is missing.
	Closed []ClosedAgreement
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
	Version   int64  // of its text, for explanations
	Purpose   string // for explanations
	// Zone is where the days of the firm that shares begin and end; nil for UTC. The last day of a term ends there.
	Zone *time.Location
	// Teams are the recipient's teams for which it was accepted; none for all its people.
	Teams []schema.Ref[schema.Team]
	// Requires are the papers and partnerships without which it opens nothing.
	Requires []Requirement
	// RestsOn is the agreement by which a third firm lets Owner pass on what that firm shares; nil for an agreement
	// on Owner's own records.
	RestsOn *AgreementRules
}

// Requirement is something on which a sharing agreement rests, such as a
// non-disclosure agreement.
type Requirement struct {
	Name  string
	ID    schema.ID
	From  time.Time // not in force before; zero for no limit
	Until time.Time // not in force from then on; zero for no limit
}

// ClosedAgreement is a sharing agreement that opens nothing.
type ClosedAgreement struct {
	AgreementRules
	// Standing tells where it stands: never ACCEPTED.
	Standing Standing
}

// A window is a time within which something is in force.
type window struct{ from, until time.Time }

func (w window) holds(now time.Time) bool {
	return !now.Before(w.from) && (w.until.IsZero() || now.Before(w.until))
}

// windows gives the times within which the agreement is in force: its own,
// those of what it requires, and those of the agreement on which it rests.
func (r *AgreementRules) windows() []window {
	all := []window{{r.From, r.Until}}
	for _, q := range r.Requires {
		all = append(all, window{q.From, q.Until})
	}
	if r.RestsOn != nil {
		all = append(all, r.RestsOn.windows()...)
	}
	return all
}

// live tells whether the agreement opens anything at an instant.
func (r *AgreementRules) live(now time.Time) bool {
	for _, w := range r.windows() {
		if !w.holds(now) {
			return false
		}
	}
	return true
}

// turns lists the instants at which the agreement, or a term of it, begins or
// ends.
func (r *AgreementRules) turns() (all []time.Time) {
	windows := r.windows()
	for one := r; one != nil; one = one.RestsOn {
		for i := range one.Terms {
			windows = append(windows, one.window(&one.Terms[i]))
		}
	}
	for _, w := range windows {
		for _, at := range []time.Time{w.from, w.until} {
			if !at.IsZero() {
				all = append(all, at)
			}
		}
	}
	return all
}

// window gives the time within which a term opens anything, beside the
// agreement's own.
func (r *AgreementRules) window(t *schema.SharingTerm) window {
	if t.ValidUntil.IsZero() {
		return window{}
	}
	zone := r.Zone
	if zone == nil {
		zone = time.UTC
	}
	return window{until: t.ValidUntil.End(zone)}
}
