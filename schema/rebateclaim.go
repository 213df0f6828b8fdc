package schema

import (
	"time"

	"github.com/shopspring/decimal"
)

// RebateClaim asks for the difference between what a distributor paid and the
// special price at which it was to sell on (X12 844, ship and debit). It
// belongs to the firm that claims, or that received the claim as a file, and
// is addressed to the firm on the other side.
type RebateClaim struct {
	Record
	Addressed
	// Number of the claim.
	ClaimNumber string `fact:"label"`
	// Whether it came from the firm on the other side, or goes to it.
	Flow Flow `fact:"required,frozen"`
	// Where it stands, as far as the firm that claims says.
	State ClaimState `fact:"required,filter,system"`
	// The day of the claim.
	ClaimedOn Date `fact:"required,sort,filter"`
	// First day of the period of the sales.
	PeriodStartsOn Date
	// Last day of the period of the sales.
	PeriodEndsOn Date
	// Name of the firm that claims, as stated.
	ClaimantName string `fact:"search"`
	// The currency of the amounts.
	Currency string `fact:"max=3"`
	// What is claimed in all.
	ClaimedTotal Money `fact:"class=commercial"`
	// Number of the authorisation, where all lines have the same.
	AuthorizationNumber string `fact:"max=60"`
	// Number of the debit memo of the firm that claims.
	DebitMemoNumber string `fact:"max=60"`
	// Who answers questions about the claim.
	ContactName string `fact:"class=personal"`
	// E-mail address of the contact.
	ContactEmail string `fact:"class=personal,max=254"`
	// Telephone number of the contact.
	ContactPhone string `fact:"class=personal,max=40"`
	// Remarks, in Markdown.
	Note string `fact:"long"`
	// When the claim reached the firm that is to pay.
	ReceivedAt time.Time `fact:"system"`
	// The transaction set from which it came.
	TransactionSet Ref[TransactionSet] `fact:"class=internal,frozen,filter"`
}

// ClaimState is where a claim stands as far as the firm that claims says.
type ClaimState string

// The states of a claim.
const (
	ClaimDraft     ClaimState = "DRAFT"     // being written; the other firm does not see it
	ClaimSubmitted ClaimState = "SUBMITTED" // sent, and frozen
	ClaimWithdrawn ClaimState = "WITHDRAWN" // taken back
)

// Values lists the states of a claim.
func (ClaimState) Values() []string { return values(ClaimDraft, ClaimSubmitted, ClaimWithdrawn) }

// RebateClaims ask for the difference to a special price.
var RebateClaims = define[RebateClaim]("rebateClaims", lifecycle(&Lifecycle{
	Field: "state", Start: string(ClaimDraft),
	Transitions: []Transition{
		{values(ClaimDraft), string(ClaimSubmitted), "submit"},
		{values(ClaimDraft, ClaimSubmitted), string(ClaimWithdrawn), "withdraw"},
	},
	Editable: map[string][]string{string(ClaimSubmitted): {}, string(ClaimWithdrawn): {}},
}))

// RebateClaimLine is one sale for which a difference is claimed.
type RebateClaimLine struct {
	Record
	// The claim.
	RebateClaim Ref[RebateClaim] `fact:"required,parent"`
	// Place of the line in the claim, from 1 upwards.
	LineNumber *int64 `fact:"required,frozen"`
	// Number of the authorisation under which was sold.
	AuthorizationNumber string `fact:"filter,max=60"`
	// The distributor's invoice.
	InvoiceNumber string `fact:"filter,max=60"`
	// The day of the sale.
	SoldOn Date
	// The maker's number of the product, as stated.
	PartNumber string `fact:"filter,search,max=60"`
	// The distributor's number of the product, as stated.
	DistributorPartNumber string `fact:"max=60"`
	// Global Trade Item Number, as stated.
	GTIN string `fact:"max=14"`
	// Description of the product, as stated.
	ProductDescription string `fact:"max=500"`
	// How many were sold; negative for a return.
	Quantity decimal.NullDecimal `fact:"required"`
	// Unit of the quantity, by its code in the document.
	UnitOfMeasure string `fact:"max=3"`
	// What the distributor paid for one unit.
	PurchasePrice decimal.NullDecimal `fact:"class=commercial"`
	// The special price of one unit.
	AuthorizedPrice decimal.NullDecimal `fact:"class=commercial"`
	// The price at which the distributor sold one unit.
	ResalePrice decimal.NullDecimal `fact:"class=commercial"`
	// What is claimed for one unit.
	ClaimPerUnit decimal.NullDecimal `fact:"class=commercial"`
	// What is claimed for the line.
	ClaimedAmount decimal.NullDecimal `fact:"class=commercial"`
	// Serial numbers of what was sold.
	SerialNumbers []string `fact:"max=1000"`
	// Name of the end customer, as stated.
	EndCustomerName string `fact:"search"`
	// Number by which the end customer is named.
	EndCustomerNumber string `fact:"max=40"`
	// Town of the end customer, as stated.
	EndCustomerCity string `fact:"max=100"`
	// Country of the end customer, as stated.
	EndCustomerCountry string `fact:"max=3"`
	// Where the check of the line stands.
	CheckState ClaimLineState `fact:"required,class=internal,filter,system"`
	// What the check found, by its code.
	ExceptionCode string `fact:"class=internal,system,max=40"`
	// The line of the authorisation under which the sale falls.
	PriceAuthorizationLine Ref[PriceAuthorizationLine] `fact:"class=internal,filter,system"`
	// The line of a sales report that tells of the same sale.
	SalesReportLine Ref[SalesReportLine] `fact:"class=internal,filter,system"`
	// The product that was sold, as far as this firm found out.
	Product Ref[Product] `fact:"class=internal,system"`
	// The customer that the end customer is, as far as this firm found out.
	Customer Ref[Customer] `fact:"class=internal,system"`
}

// ClaimLineState is where the check of a line of a claim stands.
type ClaimLineState string

// The states of a line of a claim.
const (
	ClaimLineReceived  ClaimLineState = "RECEIVED"  // not checked yet
	ClaimLineMatched   ClaimLineState = "MATCHED"   // it agrees with the authorisation and the sale
	ClaimLineException ClaimLineState = "EXCEPTION" // something does not agree; the code tells what
	ClaimLineApproved  ClaimLineState = "APPROVED"  // to be paid as claimed
	ClaimLineAdjusted  ClaimLineState = "ADJUSTED"  // to be paid with another amount
	ClaimLineRejected  ClaimLineState = "REJECTED"  // not to be paid
	ClaimLineAnswered  ClaimLineState = "ANSWERED"  // the claimant was told
	ClaimLineCredited  ClaimLineState = "CREDITED"  // paid
)

// Values lists the states of a line of a claim.
func (ClaimLineState) Values() []string {
	return values(ClaimLineReceived, ClaimLineMatched, ClaimLineException, ClaimLineApproved, ClaimLineAdjusted, ClaimLineRejected,
		ClaimLineAnswered, ClaimLineCredited)
}

// RebateClaimLines are the sales for which differences are claimed.
var RebateClaimLines = define[RebateClaimLine]("rebateClaimLines")
