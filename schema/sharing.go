package schema

import "encoding/json"

// SharingAgreement tells what one firm lets another see and do with its
// records. It opens nothing before the other firm has accepted this very
// text, and nothing after it was suspended, revoked or has expired.
type SharingAgreement struct {
	Record
	Addressed
	// Name of the agreement, such as "Customers in Portugal".
	Name string `fact:"label"`
	// Where the agreement stands, as far as the firm that shares says.
	State SharingState `fact:"required,filter,system"`
	// The partnership under which it is made.
	Partnership Ref[Partnership] `fact:"required,frozen,filter"`
	// For what the other firm may use what it sees (GDPR, article 5.1.b).
	Purpose string `fact:"long"`
	// What is opened, kind by kind; see SharingTerm.
	Terms json.RawMessage `fact:"required"`
	// First day on which it opens anything.
	ValidFrom Date
	// Last day on which it opens anything; the day ends in the time zone of the firm that shares.
	ValidUntil Date
	// A paper, such as a non-disclosure agreement, without which this agreement opens nothing.
	Requires Ref[Agreement] `fact:"filter"`
	// The agreement by which another firm allowed that its records are passed on; this one dies with it.
	RestsOn Ref[SharingAgreement] `fact:"frozen,filter"`
}

// SharingTerm is one entry of the terms of a sharing agreement.
type SharingTerm struct {
	// Kind is the kind of record opened, such as "Customer".
	Kind string `json:"kind"`
	// Level is how much of them is opened.
	Level ShareLevel `json:"level"`
	// Filter chooses records by their fields: with level FILTER always, with COUNTS and OVERLAP if not all are
	// meant. Its language is that of package policy.
	Filter json.RawMessage `json:"filter,omitempty"`
	// Actions are what the other firm may do: read, comment, attach, edit, export.
	Actions []string `json:"actions"`
	// Classes are the classes of fields that are shown beside the basic ones, whatever fields they come to have.
	Classes []Class `json:"classes,omitempty"`
	// FieldSets are the sets of fields that are shown beside the basic ones, each of a fixed version, such as
	// "contact@1": a field that a later release adds is not in it.
	FieldSets []string `json:"fieldSets,omitempty"`
	// Teams are the teams of the other firm that may use the term, by their ids; empty for all its people. What is
	// opened to teams alone is not copied to the other firm's node.
	Teams []ID `json:"teams,omitempty"`
	// Floor is the number below which nothing is told with level COUNTS, 5 at least.
	Floor int64 `json:"floor,omitempty"`
	// Keys are the fields that must be equal for a record to be held by both firms, with level OVERLAP.
	Keys []string `json:"keys,omitempty"`
	// ValidUntil is the last day of the term, if it ends before the agreement.
	ValidUntil Date `json:"validUntil,omitzero"`
	// Reshare allows the other firm to open what the term opens to one more firm, by an agreement that rests on
	// this one. Nobody can pass it on from there.
	Reshare bool `json:"reshare,omitempty"`
}

// ShareLevel is how much of a firm's records of a kind a term opens.
type ShareLevel string

// The levels.
const (
	ShareHidden   ShareLevel = "HIDDEN"   // nothing, and the agreement says so
	ShareCounts   ShareLevel = "COUNTS"   // how many there are, once they are not too few; none can be read
	ShareOverlap  ShareLevel = "OVERLAP"  // which of the other firm's own records both firms hold; none can be read
	ShareFilter   ShareLevel = "FILTER"   // those that meet the filter
	ShareGranted  ShareLevel = "GRANTED"  // those granted one by one
	ShareChildren ShareLevel = "CHILDREN" // those that belong to a record that is open
	ShareAll      ShareLevel = "ALL"      // all of them
)

// Values lists the levels, the most closed first.
func (ShareLevel) Values() []string {
	return values(ShareHidden, ShareCounts, ShareOverlap, ShareFilter, ShareGranted, ShareChildren, ShareAll)
}

// SharingState is where a sharing agreement stands.
type SharingState string

// The states of a sharing agreement.
const (
	SharingDraft     SharingState = "DRAFT"     // being written; the other firm does not see it
	SharingOffered   SharingState = "OFFERED"   // sent; open once the other firm accepts
	SharingSuspended SharingState = "SUSPENDED" // at rest: opens nothing meanwhile
	SharingRevoked   SharingState = "REVOKED"   // taken back for good
)

// Values lists the states of a sharing agreement.
func (SharingState) Values() []string {
	return values(SharingDraft, SharingOffered, SharingSuspended, SharingRevoked)
}

// SharingAgreements tell what firms let each other see and do.
var SharingAgreements = define[SharingAgreement]("sharingAgreements", lifecycle(&Lifecycle{
	Field: "state", Start: string(SharingDraft),
	Transitions: []Transition{
		{values(SharingDraft), string(SharingOffered), "offer"},
		{values(SharingOffered), string(SharingSuspended), "suspend"},
		{values(SharingSuspended), string(SharingOffered), "resume"},
		{values(SharingDraft, SharingOffered, SharingSuspended), string(SharingRevoked), "revoke"},
	},
	// What the other firm accepted cannot change under its hands.
	Editable: map[string][]string{
		string(SharingOffered): {}, string(SharingSuspended): {}, string(SharingRevoked): {},
	},
}))

// Acceptance is a firm's answer to an offer of another firm, over the hash of
// the very text that it was offered.
type Acceptance struct {
	Record
	Addressed
	// The partnership that is answered, if it is one.
	Partnership Ref[Partnership] `fact:"frozen,filter"`
	// The sharing agreement that is answered, if it is one.
	SharingAgreement Ref[SharingAgreement] `fact:"frozen,filter"`
	// The answer.
	Answer Answer `fact:"required,frozen,filter"`
	// SHA-256 of the text that is answered, in hexadecimal digits.
	TextSHA256 string `fact:"required,frozen,max=64"`
	// The teams of the answering firm that may use what was accepted; none for all its people.
	Teams []Ref[Team] `fact:"class=internal"`
}

// Answer is an answer to an offer.
type Answer string

// The answers.
const (
	Accepted  Answer = "ACCEPTED"  // agreed to, word for word
	Declined  Answer = "DECLINED"  // turned down
	Withdrawn Answer = "WITHDRAWN" // accepted once, and taken back by the firm that accepted
)

// Values lists the answers.
func (Answer) Values() []string { return values(Accepted, Declined, Withdrawn) }

// Acceptances are the answers to offers.
var Acceptances = define[Acceptance]("acceptances")

// Grant opens a single record to another firm, under a sharing agreement
// whose terms allow it for that kind.
type Grant struct {
	Record
	Addressed
	// The sharing agreement under which it is granted.
	SharingAgreement Ref[SharingAgreement] `fact:"required,frozen,filter"`
	// The kind of the record granted.
	RecordKind string `fact:"required,frozen,filter,max=60"`
	// The record granted.
	RecordID string `fact:"required,frozen,filter,max=36"`
	// Why it was granted, for whoever asks later.
	Reason string `fact:"max=500"`
}

// Grants open single records to other firms.
var Grants = define[Grant]("grants")

// Agreement is a paper between two firms: a partner agreement, a
// non-disclosure agreement, a data processing agreement, a special price
// agreement.
type Agreement struct {
	Record
	Addressed
	// Name of the agreement.
	Name string `fact:"label"`
	// What sort of paper it is.
	AgreementType AgreementType `fact:"required,filter"`
	// The document that holds its text.
	Document Ref[Document]
	// First day on which it is in force.
	EffectiveOn Date `fact:"required"`
	// Last day on which it is in force, if it ends.
	ExpiresOn Date
	// The day on which it was signed by this firm's side.
	SignedOn Date
	// When it was ended early.
	TerminatedOn Date
}

// AgreementType is a sort of paper between firms.
type AgreementType string

// The sorts.
const (
	PartnerAgreement AgreementType = "PARTNER" // partner agreement
	NDA              AgreementType = "NDA"     // non-disclosure agreement
	DPA              AgreementType = "DPA"     // data processing agreement
	SPA              AgreementType = "SPA"     // special price agreement
)

// Values lists the sorts.
func (AgreementType) Values() []string { return values(PartnerAgreement, NDA, DPA, SPA) }

// Agreements are the papers between firms.
var Agreements = define[Agreement]("agreements")
