package schema

import "time"

// DealRegistration is a partner's claim on a deal with an end customer,
// addressed to the firm whose goods it wants to sell. It belongs to the
// partner, and is frozen once submitted; what the vendor makes of it is the
// vendor's own DealDecision.
type DealRegistration struct {
	Record
	Addressed
	// Name of the deal, such as "Pumping station, phase 2".
	Name string `fact:"label"`
	// Where the registration stands, as far as the partner says.
	State DealState `fact:"required,filter,system"`
	// The customer, if it is one that the vendor shares.
	Customer Ref[Customer] `fact:"filter"`
	// Name of the end customer.
	CompanyName string `fact:"required,search,filter"`
	// Web site of the end customer.
	CompanyWebsite string
	// VAT identification number of the end customer.
	CompanyVATID string `fact:"max=20"`
	// D-U-N-S number of the end customer.
	CompanyDUNS string `fact:"max=9"`
	// Town of the end customer.
	CompanyCity string `fact:"max=100"`
	// Country of the end customer, as two letters of ISO 3166-1.
	CompanyCountry string `fact:"required,max=2,filter"`
	// Products to be sold.
	Products []Ref[Product] `fact:"max=200"`
	// What the deal may be worth.
	EstimatedDealSize Money `fact:"required"`
	// The day on which it may be closed.
	EstimatedCloseOn Date `fact:"required,sort,filter"`
	// More about the deal, in Markdown.
	Description string `fact:"long,search"`
	// The partner's own notes; the vendor does not see them.
	InternalNotes string `fact:"long,class=internal"`
}

// DealState is where a registration stands as far as the partner says.
type DealState string

// The partner's states of a registration.
const (
	DealDraft     DealState = "DRAFT"     // being written; the vendor does not see it
	DealSubmitted DealState = "SUBMITTED" // sent to the vendor, and frozen
	DealWithdrawn DealState = "WITHDRAWN" // taken back
	DealWon       DealState = "WON"       // the customer bought
	DealLost      DealState = "LOST"      // the customer did not buy
)

// Values lists the partner's states.
func (DealState) Values() []string {
	return values(DealDraft, DealSubmitted, DealWithdrawn, DealWon, DealLost)
}

// DealRegistrations are partners' claims on deals.
var DealRegistrations = define[DealRegistration]("dealRegistrations", lifecycle(&Lifecycle{
	Field: "state", Start: string(DealDraft),
	Transitions: []Transition{
		{values(DealDraft), string(DealSubmitted), "submit"},
		{values(DealDraft, DealSubmitted), string(DealWithdrawn), "withdraw"},
		{values(DealSubmitted), string(DealWon), "win"},
		{values(DealSubmitted), string(DealLost), "lose"},
	},
	Editable: map[string][]string{
		string(DealSubmitted): {"internalNotes"}, string(DealWithdrawn): {}, string(DealWon): {"internalNotes"},
		string(DealLost): {"internalNotes"},
	},
}))

// DealDecision is what a vendor makes of a partner's deal registration: the
// review, the conflict found, the protection granted. It belongs to the vendor.
type DealDecision struct {
	Record
	Addressed
	// The registration that is decided on.
	DealRegistration Ref[DealRegistration] `fact:"required,frozen,filter"`
	// Where the review stands.
	ReviewStatus ReviewStatus `fact:"required,filter,system"`
	// Whether another registration or customer stands in the way. The partner learns that, and never whose it is.
	Conflict bool `fact:"system,filter"`
	// What the vendor has to say to the partner.
	Comments string `fact:"long"`
	// From when the deal is protected for the partner.
	ProtectionStartsAt time.Time `fact:"system"`
	// Until when the deal is protected for the partner.
	ProtectionEndsAt time.Time `fact:"system"`
	// When the registration reached the vendor, which decides who came first.
	ReceivedAt time.Time `fact:"required,frozen,system"`
	// The registrations that stand in the way.
	ConflictingRegistrations []Ref[DealRegistration] `fact:"class=internal,system"`
	// The customers of the vendor's own that the end customer may be.
	MatchingCustomers []Ref[Customer] `fact:"class=internal,system"`
	// How the conflicts were found, with the score of each, in Markdown.
	ConflictReport string `fact:"long,class=internal,system"`
}

// ReviewStatus is where the vendor's review of a registration stands.
type ReviewStatus string

// The states of a review.
const (
	UnderReview    ReviewStatus = "UNDER_REVIEW"    // being looked at
	ActionRequired ReviewStatus = "ACTION_REQUIRED" // the partner is to add or correct something
	DealApproved   ReviewStatus = "APPROVED"        // accepted and protected
	DealRejected   ReviewStatus = "REJECTED"        // refused
	DealExpired    ReviewStatus = "EXPIRED"         // the protection has run out
)

// Values lists the states of a review.
func (ReviewStatus) Values() []string {
	return values(UnderReview, ActionRequired, DealApproved, DealRejected, DealExpired)
}

// DealDecisions are what vendors make of deal registrations.
var DealDecisions = define[DealDecision]("dealDecisions", readOnly, lifecycle(&Lifecycle{
	Field: "reviewStatus", Start: string(UnderReview),
	Transitions: []Transition{
		{values(UnderReview), string(ActionRequired), "requestAction"},
		{values(UnderReview, ActionRequired), string(DealApproved), "approve"},
		{values(UnderReview, ActionRequired), string(DealRejected), "reject"},
		{values(DealApproved), string(DealApproved), "extend"},
		{values(DealApproved), string(DealExpired), "expire"},
	},
}))
