package schema

// PartnerProfile is what a firm states of itself: its names and numbers, its
// places and whom to ask (X12 816 and 838, EDIFACT PARTIN), in the books of the
// firm that received or sent it. It is addressed to the firm on the other side.
type PartnerProfile struct {
	Record
	Addressed
	// Name of the firm that is described.
	Name string `fact:"label"`
	// Number of the document that stated it.
	ProfileNumber string `fact:"max=60"`
	// Whether it came from the firm on the other side, or goes to it.
	Flow Flow `fact:"required,frozen"`
	// What it does to what was stated before.
	Purpose DocumentPurpose
	// The day on which it was stated.
	IssuedOn Date `fact:"required,sort,filter"`
	// First day on which it holds.
	ValidFrom Date
	// The firm's number in the books of whoever states it.
	PartnerNumber string `fact:"max=40"`
	// D-U-N-S number, nine digits.
	DUNS string `fact:"max=9"`
	// Global Location Number, thirteen digits.
	GLN string `fact:"max=13"`
	// VAT identification number with its country prefix.
	VATID string `fact:"max=20"`
	// The currency in which it trades.
	Currency string `fact:"max=3"`
	// What else is stated, in words.
	Note string `fact:"long"`
	// The partner that it is about, as far as this firm found out.
	Partner Ref[Partner] `fact:"class=internal,filter,system"`
	// The transaction set from which it came.
	TransactionSet Ref[TransactionSet] `fact:"class=internal,frozen,filter"`
}

// PartnerProfiles are what firms state of themselves.
var PartnerProfiles = define[PartnerProfile]("partnerProfiles", readOnly)

// PartnerProfileSite is a part of a firm, or a place where it works.
type PartnerProfileSite struct {
	Record
	// The profile.
	PartnerProfile Ref[PartnerProfile] `fact:"required,parent"`
	// Place of the site in the profile, from 1 upwards.
	LineNumber *int64 `fact:"required,frozen"`
	// Line number of the site to which this one belongs, if it belongs to another one.
	BelongsTo *int64
	// What the site is for, by its code in the document.
	RoleCode string `fact:"max=10"`
	// What is to be done about the site: whether it is new, changed or gone.
	Change ItemChange
	// Name of the site.
	Name string `fact:"search"`
	// Number by which the document names the site.
	SiteNumber string `fact:"max=40"`
	// D-U-N-S number, nine digits, perhaps with four more for the site.
	DUNS string `fact:"max=13"`
	// Global Location Number, thirteen digits.
	GLN string `fact:"max=13"`
	// Street and number.
	Street string
	// Town.
	City string `fact:"max=100"`
	// Postal code.
	PostalCode string `fact:"max=20"`
	// Province, state or district.
	Region string `fact:"max=100"`
	// Country, as stated.
	Country string `fact:"max=3"`
	// Whom to ask.
	ContactName string `fact:"class=personal"`
	// What the contact does, by its code in the document.
	ContactRole string `fact:"max=10"`
	// E-mail address of the contact.
	ContactEmail string `fact:"class=personal,max=254"`
	// Telephone number of the contact.
	ContactPhone string `fact:"class=personal,max=40"`
	// First day on which the site holds.
	ValidFrom Date
	// Last day on which the site holds.
	ValidUntil Date
}

// PartnerProfileSites are the parts and places of firms.
var PartnerProfileSites = define[PartnerProfileSite]("partnerProfileSites", readOnly)
