package policy

import (
	"time"

	"fondaco/schema"
)

// Standing is where a sharing agreement stands in the eyes of both firms. It
// is nobody's to set: it follows from what each firm states, and from the
// time.
type Standing string

// The standings.
const (
	StandsDraft      Standing = "DRAFT"       // being written; the other firm does not see it
	StandsOffered    Standing = "OFFERED"     // sent, and not answered in its present wording
	StandsDeclined   Standing = "DECLINED"    // turned down by the other firm, or its acceptance taken back
	StandsAccepted   Standing = "ACCEPTED"    // in force
	StandsNotYet     Standing = "NOT_YET"     // accepted, and begins later
	StandsSuspended  Standing = "SUSPENDED"   // at rest by the firm that shares
	StandsRevoked    Standing = "REVOKED"     // taken back for good
	StandsExpired    Standing = "EXPIRED"     // over
	StandsUnrested   Standing = "UNRESTED"    // what it requires, or rests on, is not in force
	StandsPartedWith Standing = "PARTED_WITH" // the partnership under which it was made is not active
)

// StandingOf tells where a sharing agreement stands: what the firm that shares
// states, what the recipient answered to the present wording, whether the
// partnership is active, and the times within which it is in force.
func StandingOf(state schema.SharingState, answer schema.Answer, partnership bool, r *AgreementRules, now time.Time) Standing {
	switch {
	case state == schema.SharingRevoked:
		return StandsRevoked
	case state == schema.SharingDraft:
		return StandsDraft
	case !r.Until.IsZero() && !now.Before(r.Until):
		return StandsExpired
	case state == schema.SharingSuspended:
		return StandsSuspended
	case answer == "":
		return StandsOffered
	case answer != schema.Accepted:
		return StandsDeclined
	case !partnership:
		return StandsPartedWith
	case now.Before(r.From):
		return StandsNotYet
	case !r.live(now):
		return StandsUnrested
	}
	return StandsAccepted
}

// missing says what would have to happen for the agreement to open anything.
func (s Standing) missing() string {
	switch s {
	case StandsDraft:
		return "it is a draft: the firm that shares has to offer it"
	case StandsOffered:
		return "its present wording was not accepted: the recipient has to accept it"
	case StandsDeclined:
		return "the recipient declined it, or took its acceptance back"
	case StandsNotYet:
		return "it has not begun"
	case StandsSuspended:
		return "it is suspended: the firm that shares has to resume it"
	case StandsRevoked:
		return "it was revoked: a new agreement is needed"
	case StandsExpired:
		return "it has expired: a new agreement is needed"
	case StandsUnrested:
		return "what it requires is not in force"
	case StandsPartedWith:
		return "the partnership of the two firms is not active"
	case StandsAccepted:
	}
	return ""
}
