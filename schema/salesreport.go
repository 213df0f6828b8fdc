package schema

import "github.com/shopspring/decimal"

// SalesReport is what a distributor reports to have sold on in a period (X12
// 867, EDIFACT SLSRPT), in the books of the firm that received it. It is
// addressed to the distributor, which so sees what arrived.
type SalesReport struct {
	Record
	Addressed
	// Number of the report as the distributor gave it.
	ReportNumber string `fact:"label"`
	// The distributor that reports, as named in the document.
	DistributorName string `fact:"search"`
	// The day of the report.
	ReportedOn Date `fact:"required,sort,filter"`
	// First day of the period reported on.
	PeriodStartsOn Date `fact:"filter"`
	// Last day of the period reported on.
	PeriodEndsOn Date `fact:"filter"`
	// The currency of the prices.
	Currency string `fact:"max=3"`
	// The transaction set from which it came.
	TransactionSet Ref[TransactionSet] `fact:"class=internal,frozen,filter"`
}

// SalesReports are distributors' reports of what they sold on.
var SalesReports = define[SalesReport]("salesReports", readOnly)

// SalesReportLine is one sale, or return, in a sales report.
type SalesReportLine struct {
	Record
	// The report.
	SalesReport Ref[SalesReport] `fact:"required,parent"`
	// Place of the line in the report, from 1 upwards.
	LineNumber *int64 `fact:"required,frozen,sort,filter"`
	// The distributor's invoice.
	InvoiceNumber string `fact:"label,max=60"`
	// The day of the sale.
	SoldOn Date `fact:"sort,filter"`
	// The maker's number of the product, as reported.
	PartNumber string `fact:"filter,search,max=60"`
	// The distributor's number of the product, as reported.
	DistributorPartNumber string `fact:"filter,max=60"`
	// Description of the product, as reported.
	ProductDescription string `fact:"max=500"`
	// How many were sold; negative for a return.
	Quantity decimal.NullDecimal `fact:"required"`
	// Unit of the quantity, by its code in the document.
	UnitOfMeasure string `fact:"max=3"`
	// Price of one unit, up to six decimals.
	UnitPrice decimal.NullDecimal `fact:"class=commercial"`
	// Serial numbers of what was sold.
	SerialNumbers []string `fact:"max=1000"`
	// Name of the end customer, as reported.
	EndCustomerName string `fact:"search"`
	// Town of the end customer, as reported.
	EndCustomerCity string `fact:"max=100"`
	// Country of the end customer, as reported.
	EndCustomerCountry string `fact:"max=3"`
	// Number of the price authorisation that the distributor claims.
	AuthorizationNumber string `fact:"filter,max=60"`
	// Number of the deal registration that the distributor names.
	RegistrationNumber string `fact:"filter,max=60"`
	// The customer that the end customer is, as far as the receiver found out.
	Customer Ref[Customer] `fact:"class=internal,filter,system"`
	// The product that was sold, as far as the receiver found out.
	Product Ref[Product] `fact:"class=internal,filter,system"`
	// How the end customer was matched.
	MatchState MatchState `fact:"required,class=internal,filter,system"`
}

// MatchState tells whether the end customer of a line was recognised.
type MatchState string

// The states of a match.
const (
	Matched   MatchState = "MATCHED"   // one customer, by an exact key
	Ambiguous MatchState = "AMBIGUOUS" // several customers could be meant
	Unmatched MatchState = "UNMATCHED" // no customer was known; an unconfirmed one was made
)

// Values lists the states of a match.
func (MatchState) Values() []string { return values(Matched, Ambiguous, Unmatched) }

// SalesReportLines are the lines of sales reports.
var SalesReportLines = define[SalesReportLine]("salesReportLines", readOnly)
