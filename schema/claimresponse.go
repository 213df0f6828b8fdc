package schema

import "github.com/shopspring/decimal"

// ClaimResponse is the answer to a claim (X12 849). It belongs to the firm
// that is to pay, or that received the answer as a file, and is addressed to
// the firm on the other side.
type ClaimResponse struct {
	Record
	Addressed
	// Number of the answer.
	ResponseNumber string `fact:"label"`
	// The claim that is answered, if it is known here.
	RebateClaim Ref[RebateClaim] `fact:"frozen,filter"`
	// Number of the claim that is answered.
	ClaimNumber string `fact:"filter,max=60"`
	// Whether it came from the firm on the other side, or goes to it.
	Flow Flow `fact:"required,frozen"`
	// Where the answer stands.
	State ClaimResponseState `fact:"required,filter,system"`
	// The day of the answer.
	RespondedOn Date `fact:"required,sort,filter"`
	// The currency of the amounts.
	Currency string `fact:"max=3"`
	// What was claimed in all.
	ClaimedTotal Money `fact:"class=commercial"`
	// What is paid in all.
	ApprovedTotal Money `fact:"class=commercial"`
	// Number of the credit memo.
	CreditMemoNumber string `fact:"max=60"`
	// The day of the credit memo.
	CreditedOn Date
	// Name of the firm that claims, as stated.
	ClaimantName string `fact:"search"`
	// Name of the firm that answers, as stated.
	ResponderName string
	// Why the claim as a whole is turned down, by its code.
	ReasonCode string `fact:"max=10"`
	// Why the claim is answered so, in words.
	Reason string `fact:"long"`
	// The transaction set from which it came.
	TransactionSet Ref[TransactionSet] `fact:"class=internal,frozen,filter"`
}

// ClaimResponseState is where the answer to a claim stands.
type ClaimResponseState string

// The states of an answer to a claim.
const (
	ResponsePending  ClaimResponseState = "UNDER_REVIEW"    // being looked at
	ResponseApproved ClaimResponseState = "APPROVED"        // to be paid as claimed
	ResponsePartly   ClaimResponseState = "PARTLY_APPROVED" // to be paid in part
	ResponseRejected ClaimResponseState = "REJECTED"        // not to be paid
	ResponseCredited ClaimResponseState = "CREDITED"        // paid
)

// Values lists the states of an answer to a claim.
func (ClaimResponseState) Values() []string {
	return values(ResponsePending, ResponseApproved, ResponsePartly, ResponseRejected, ResponseCredited)
}

// ClaimResponses are the answers to claims.
var ClaimResponses = define[ClaimResponse]("claimResponses", lifecycle(&Lifecycle{
	Field: "state", Start: string(ResponsePending),
	Transitions: []Transition{
		{values(ResponsePending), string(ResponseApproved), "approve"},
		{values(ResponsePending), string(ResponsePartly), "approvePartly"},
		{values(ResponsePending), string(ResponseRejected), "reject"},
		{values(ResponseApproved, ResponsePartly), string(ResponseCredited), "credit"},
	},
	Editable: map[string][]string{
		string(ResponseApproved): {"creditMemoNumber", "creditedOn"}, string(ResponsePartly): {"creditMemoNumber", "creditedOn"},
		string(ResponseRejected): {}, string(ResponseCredited): {},
	},
}))

// ClaimResponseLine is the answer to one line of a claim.
type ClaimResponseLine struct {
	Record
	// The answer.
	ClaimResponse Ref[ClaimResponse] `fact:"required,parent"`
	// Place of the line in the answer, from 1 upwards.
	LineNumber *int64 `fact:"required,frozen"`
	// The line of the claim that is answered, if it is known here.
	RebateClaimLine Ref[RebateClaimLine] `fact:"filter"`
	// What is decided on the line.
	Answer LineAnswer
	// Why, by its code.
	ReasonCode string `fact:"max=10"`
	// What the claimant may do about it, by its code.
	FollowUpCode string `fact:"max=10"`
	// Why, in words.
	Reason string `fact:"max=500"`
	// Number of the authorisation under which was claimed.
	AuthorizationNumber string `fact:"max=60"`
	// The distributor's invoice.
	InvoiceNumber string `fact:"max=60"`
	// The maker's number of the product, as stated.
	PartNumber string `fact:"search,max=60"`
	// The distributor's number of the product, as stated.
	DistributorPartNumber string `fact:"max=60"`
	// Global Trade Item Number, as stated.
	GTIN string `fact:"max=14"`
	// How many are paid for.
	Quantity decimal.NullDecimal
	// Unit of the quantity, by its code in the document.
	UnitOfMeasure string `fact:"max=3"`
	// The special price of one unit, as the firm that pays knows it.
	AuthorizedPrice decimal.NullDecimal `fact:"class=commercial"`
	// What was claimed for the line.
	ClaimedAmount decimal.NullDecimal `fact:"class=commercial"`
	// What is paid for the line.
	ApprovedAmount decimal.NullDecimal `fact:"class=commercial"`
}

// ClaimResponseLines are the answers to lines of claims.
var ClaimResponseLines = define[ClaimResponseLine]("claimResponseLines")
