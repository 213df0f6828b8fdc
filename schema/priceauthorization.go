package schema

import "github.com/shopspring/decimal"

// PriceAuthorization lets a distributor sell certain products to an end
// customer at a special price, and claim the difference (X12 845). It belongs
// to the firm that grants it, or that received it, and is addressed to the
// firm on the other side.
type PriceAuthorization struct {
	Record
	Addressed
	// Number of the authorisation.
	AuthorizationNumber string `fact:"label"`
	// Whether it came from the firm on the other side, or goes to it.
	Flow Flow `fact:"required,frozen"`
	// Where it stands.
	State AuthorizationState `fact:"required,filter,system"`
	// Number of the request of the distributor.
	RequestNumber string `fact:"max=60"`
	// Counts the versions of the authorisation, as stated.
	RevisionNumber string `fact:"max=20"`
	// The day on which it was issued.
	IssuedOn Date
	// First day on which it holds.
	ValidFrom Date `fact:"required,sort,filter"`
	// Last day on which it holds.
	ValidUntil Date `fact:"filter"`
	// The currency of the prices.
	Currency string `fact:"max=3"`
	// Name of the distributor, as stated.
	DistributorName string `fact:"search"`
	// Name of the firm that makes the goods, as stated.
	MakerName string
	// Name of the end customer.
	EndCustomerName string `fact:"search"`
	// Number by which the end customer is named.
	EndCustomerNumber string `fact:"max=40"`
	// Town of the end customer.
	EndCustomerCity string `fact:"max=100"`
	// Country of the end customer.
	EndCustomerCountry string `fact:"max=3"`
	// The customer that the end customer is.
	Customer Ref[Customer] `fact:"class=internal,filter"`
	// The deal registration from which it arose.
	DealRegistration Ref[DealRegistration] `fact:"filter"`
	// Who answers questions about it.
	ContactName string `fact:"class=personal"`
	// E-mail address of the contact.
	ContactEmail string `fact:"class=personal,max=254"`
	// Telephone number of the contact.
	ContactPhone string `fact:"class=personal,max=40"`
	// Terms and remarks, in Markdown.
	Note string `fact:"long"`
	// The transaction set from which it came.
	TransactionSet Ref[TransactionSet] `fact:"class=internal,frozen,filter"`
}

// AuthorizationState is where a price authorisation stands.
type AuthorizationState string

// The states of a price authorisation.
const (
	AuthorizationRequested AuthorizationState = "REQUESTED" // asked for, or being written
	AuthorizationApproved  AuthorizationState = "APPROVED"  // granted, and not told yet
	AuthorizationActive    AuthorizationState = "ACTIVE"    // told to the distributor: it may sell under it
	AuthorizationExhausted AuthorizationState = "EXHAUSTED" // all quantities are claimed
	AuthorizationExpired   AuthorizationState = "EXPIRED"   // its time is over
	AuthorizationRevoked   AuthorizationState = "REVOKED"   // taken back
	AuthorizationDenied    AuthorizationState = "DENIED"    // not granted
)

// Values lists the states of a price authorisation.
func (AuthorizationState) Values() []string {
	return values(AuthorizationRequested, AuthorizationApproved, AuthorizationActive, AuthorizationExhausted, AuthorizationExpired,
		AuthorizationRevoked, AuthorizationDenied)
}

// PriceAuthorizations let distributors sell at special prices.
var PriceAuthorizations = define[PriceAuthorization]("priceAuthorizations", lifecycle(&Lifecycle{
	Field: "state", Start: string(AuthorizationRequested),
	Transitions: []Transition{
		{values(AuthorizationRequested), string(AuthorizationApproved), "approve"},
		{values(AuthorizationRequested), string(AuthorizationDenied), "reject"},
		{values(AuthorizationApproved), string(AuthorizationActive), "activate"},
		{values(AuthorizationActive), string(AuthorizationExhausted), "exhaust"},
		{values(AuthorizationApproved, AuthorizationActive), string(AuthorizationExpired), "expire"},
		{values(AuthorizationApproved, AuthorizationActive), string(AuthorizationRevoked), "revoke"},
	},
	Editable: map[string][]string{
		string(AuthorizationApproved): {"note"}, string(AuthorizationActive): {"validUntil", "customer", "note"},
		string(AuthorizationExhausted): {}, string(AuthorizationExpired): {}, string(AuthorizationRevoked): {}, string(AuthorizationDenied): {},
	},
}))

// PriceAuthorizationLine is one product at a special price.
type PriceAuthorizationLine struct {
	Record
	// The authorisation.
	PriceAuthorization Ref[PriceAuthorization] `fact:"required,parent"`
	// Place of the line in the authorisation, from 1 upwards.
	LineNumber *int64 `fact:"required,frozen"`
	// The maker's number of the product.
	PartNumber string `fact:"filter,search,max=60"`
	// The distributor's number of the product.
	DistributorPartNumber string `fact:"max=60"`
	// Global Trade Item Number.
	GTIN string `fact:"max=14"`
	// Description of the product.
	ProductDescription string `fact:"max=500"`
	// The product, if it is one that this firm knows.
	Product Ref[Product]
	// Unit that is priced, by its code.
	UnitOfMeasure string `fact:"max=3"`
	// The special price of one unit, up to six decimals.
	AuthorizedPrice decimal.NullDecimal `fact:"class=commercial"`
	// The price that the distributor pays without the authorisation.
	PurchasePrice decimal.NullDecimal `fact:"class=commercial"`
	// The price at which the distributor sells on.
	ResalePrice decimal.NullDecimal `fact:"class=commercial"`
	// Discount in percent of the purchase price.
	DiscountPercent decimal.NullDecimal `fact:"class=commercial"`
	// What the distributor may claim for one unit.
	ClaimPerUnit decimal.NullDecimal `fact:"class=commercial"`
	// The least quantity of one sale.
	MinimumQuantity decimal.NullDecimal
	// The quantity that may be sold in all.
	MaximumQuantity decimal.NullDecimal
	// The quantity that was claimed so far.
	ClaimedQuantity decimal.NullDecimal `fact:"system"`
	// First day on which this price holds, if it is another one than the authorisation's.
	ValidFrom Date
	// Last day on which this price holds, if it is another one than the authorisation's.
	ValidUntil Date
	// What is decided on the line.
	Answer LineAnswer
}

// PriceAuthorizationLines are the products at special prices.
var PriceAuthorizationLines = define[PriceAuthorizationLine]("priceAuthorizationLines")
