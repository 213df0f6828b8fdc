package schema

import "github.com/shopspring/decimal"

// InventoryReport tells what a firm has in stock, or what moved in its stores
// in a period (X12 846 and 852, EDIFACT INVRPT), in the books of the firm that
// received or sent it. It is addressed to the firm on the other side.
type InventoryReport struct {
	Record
	Addressed
	// Number of the report as whoever issued it gave it.
	ReportNumber string `fact:"label"`
	// Whether it tells of stock or of movements.
	ReportType InventoryReportType `fact:"required,frozen"`
	// Whether it came from the firm on the other side, or goes to it.
	Flow Flow `fact:"required,frozen"`
	// The day of the report.
	ReportedOn Date `fact:"required,sort,filter"`
	// First day of the period reported on.
	PeriodStartsOn Date
	// Last day of the period reported on.
	PeriodEndsOn Date
	// Name of the firm that reports, as stated.
	ReporterName string `fact:"search"`
	// The currency of the prices.
	Currency string `fact:"max=3"`
	// The transaction set from which it came.
	TransactionSet Ref[TransactionSet] `fact:"class=internal,frozen,filter"`
}

// InventoryReportType is a sort of report about stock.
type InventoryReportType string

// The sorts.
const (
	StockReport    InventoryReportType = "STOCK"    // what lies where on a day (846, INVRPT)
	ActivityReport InventoryReportType = "ACTIVITY" // what was sold, received and adjusted in a period (852)
)

// Values lists the sorts.
func (InventoryReportType) Values() []string { return values(StockReport, ActivityReport) }

// InventoryReports tell what firms have in stock.
var InventoryReports = define[InventoryReport]("inventoryReports", readOnly)

// InventoryReportItem is one product at one place.
type InventoryReportItem struct {
	Record
	// The report.
	InventoryReport Ref[InventoryReport] `fact:"required,parent"`
	// Place of the item in the report, from 1 upwards.
	LineNumber *int64 `fact:"required,frozen"`
	// Number of the warehouse or store, as stated.
	LocationNumber string `fact:"filter,max=40"`
	// Name of the warehouse or store, as stated.
	LocationName string
	// The maker's number of the product, as stated.
	PartNumber string `fact:"filter,search,max=60"`
	// The reporting firm's own number of the product, as stated.
	DistributorPartNumber string `fact:"max=60"`
	// Global Trade Item Number, as stated.
	GTIN string `fact:"max=14"`
	// Description of the product, as stated.
	ProductDescription string `fact:"max=500"`
	// Unit of the quantities, by its code in the document.
	UnitOfMeasure string `fact:"max=3"`
	// How many lie there.
	OnHand decimal.NullDecimal
	// How many of them can be sold.
	Available decimal.NullDecimal
	// How many of them are promised to somebody.
	Committed decimal.NullDecimal
	// How many are ordered and not there yet.
	OnOrder decimal.NullDecimal
	// How many are on their way.
	InTransit decimal.NullDecimal
	// How many were sold in the period.
	Sold decimal.NullDecimal
	// How many came back in the period.
	Returned decimal.NullDecimal
	// How many were received in the period.
	Received decimal.NullDecimal
	// By how many the stock was corrected in the period.
	Adjusted decimal.NullDecimal
	// The day on which more are expected.
	ExpectedOn Date
	// Price of one unit, up to six decimals.
	UnitPrice decimal.NullDecimal `fact:"class=commercial"`
	// The product, as far as this firm found out.
	Product Ref[Product] `fact:"class=internal,system"`
}

// InventoryReportItems are the products in reports about stock.
var InventoryReportItems = define[InventoryReportItem]("inventoryReportItems", readOnly)
