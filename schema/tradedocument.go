package schema

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// TradeDocument is a paper of trade, such as an order, an invoice or a quote,
// in the books of the firm that received or sent it. It is addressed to the
// firm on the other side, which so sees what arrived, or what is meant for it.
type TradeDocument struct {
	Record
	Addressed
	// Number of the document, as whoever issued it gave it.
	DocumentNumber string `fact:"label"`
	// What sort of paper it is.
	DocumentType TradeDocumentType `fact:"required,frozen,filter"`
	// Whether it came from the firm on the other side, or goes to it.
	Flow Flow `fact:"required,frozen"`
	// What it does to an earlier paper with the same number.
	Purpose DocumentPurpose
	// Where it stands.
	State TradeState `fact:"required,filter,system"`
	// The day on which it was issued.
	IssuedOn Date `fact:"required,sort,filter"`
	// The day for which delivery is asked or promised.
	DeliveryOn Date
	// The day on which the goods leave or left.
	ShippedOn Date
	// The day on which payment is due.
	DueOn Date
	// The last day on which it binds whoever issued it.
	ValidUntil Date
	// The currency of the prices.
	Currency string `fact:"max=3"`
	// Name of the buyer, as stated in the document.
	BuyerName string `fact:"search"`
	// Number by which the document names the buyer.
	BuyerNumber string `fact:"max=40"`
	// Name of the seller, as stated in the document.
	SellerName string `fact:"search"`
	// Number by which the document names the seller.
	SellerNumber string `fact:"max=40"`
	// Name of the place to which the goods go.
	ShipToName string
	// Number by which the document names the place to which the goods go.
	ShipToNumber string `fact:"max=40"`
	// Town to which the goods go.
	ShipToCity string `fact:"max=100"`
	// Country to which the goods go, as stated.
	ShipToCountry string `fact:"max=3"`
	// All parties that the document names, each with its role, numbers and address.
	Parties json.RawMessage `fact:"class=personal"`
	// Number of the order that it answers, ships or charges.
	OrderNumber string `fact:"filter,max=60"`
	// Number of the contract, quote or price authorisation behind it.
	ContractNumber string `fact:"max=60"`
	// Number of the shipment.
	ShipmentNumber string `fact:"max=60"`
	// Number of the invoice.
	InvoiceNumber string `fact:"max=60"`
	// Other papers that the document names, each with the sort of its number.
	RelatedDocuments json.RawMessage
	// Terms of payment, as stated.
	PaymentTerms string `fact:"max=500,class=commercial"`
	// Terms of delivery, as stated.
	DeliveryTerms string
	// Who carries the goods.
	Carrier string
	// Number under which the carrier tracks the goods.
	TrackingNumber string `fact:"max=60"`
	// Sum of the lines.
	LinesTotal Money `fact:"class=commercial"`
	// Sum of allowances and charges; allowances are negative.
	ChargesTotal Money `fact:"class=commercial"`
	// Sum of the taxes.
	TaxTotal Money `fact:"class=commercial"`
	// What the whole document amounts to.
	Total Money `fact:"class=commercial"`
	// What else the document says, in words.
	Note string `fact:"long"`
	// The customer that the buyer is, as far as this firm found out.
	Customer Ref[Customer] `fact:"class=internal,filter,system"`
	// The transaction set from which it came.
	TransactionSet Ref[TransactionSet] `fact:"class=internal,frozen,filter"`
	// The day of the order that it answers, ships or charges.
	OrderedOn Date
}

// TradeDocumentType is a sort of paper of trade.
type TradeDocumentType string

// The sorts.
const (
	TradeOrder         TradeDocumentType = "ORDER"             // purchase order (X12 850, EDIFACT ORDERS)
	OrderChange        TradeDocumentType = "ORDER_CHANGE"      // the buyer changes an order (860, ORDCHG)
	OrderResponse      TradeDocumentType = "ORDER_RESPONSE"    // the seller answers an order or its change (855, 865, ORDRSP)
	ShipmentNotice     TradeDocumentType = "SHIPMENT_NOTICE"   // what is on its way (856, DESADV)
	ReceivingAdvice    TradeDocumentType = "RECEIVING_ADVICE"  // what arrived (861, RECADV)
	TradeInvoice       TradeDocumentType = "INVOICE"           // what is to be paid (810, INVOIC)
	TradeAdjustment    TradeDocumentType = "ADJUSTMENT"        // a credit or debit (812)
	RemittanceAdvice   TradeDocumentType = "REMITTANCE_ADVICE" // what was paid (820, REMADV)
	TradeQuoteRequest  TradeDocumentType = "QUOTE_REQUEST"     // the buyer asks for prices (840, REQOTE)
	TradeQuote         TradeDocumentType = "QUOTE"             // the seller offers prices (843, QUOTES)
	OtherTradeDocument TradeDocumentType = "OTHER"             // anything else
)

// Values lists the sorts.
func (TradeDocumentType) Values() []string {
	return values(TradeOrder, OrderChange, OrderResponse, ShipmentNotice, ReceivingAdvice, TradeInvoice, TradeAdjustment,
		RemittanceAdvice, TradeQuoteRequest, TradeQuote, OtherTradeDocument)
}

// DocumentPurpose tells what a document does to an earlier one.
type DocumentPurpose string

// The purposes.
const (
	PurposeOriginal     DocumentPurpose = "ORIGINAL"     // it is the first of its number
	PurposeChange       DocumentPurpose = "CHANGE"       // it changes what it names
	PurposeReplacement  DocumentPurpose = "REPLACEMENT"  // it stands in place of the one before
	PurposeCancellation DocumentPurpose = "CANCELLATION" // it takes the one before back
	PurposeConfirmation DocumentPurpose = "CONFIRMATION" // it repeats in writing what was agreed
	PurposeDuplicate    DocumentPurpose = "DUPLICATE"    // it is a copy, and changes nothing
)

// Values lists the purposes.
func (DocumentPurpose) Values() []string {
	return values(PurposeOriginal, PurposeChange, PurposeReplacement, PurposeCancellation, PurposeConfirmation, PurposeDuplicate)
}

// TradeState is where a paper of trade stands. Which states there are depends
// on its sort: an invoice is paid, a notice of a shipment is received.
type TradeState string

// The states of a paper of trade.
const (
	TradeOpen      TradeState = "OPEN"      // stated, and not answered yet
	TradeAccepted  TradeState = "ACCEPTED"  // agreed to as it stands
	TradeAmended   TradeState = "AMENDED"   // agreed to with changes
	TradeRefused   TradeState = "REFUSED"   // turned down
	TradeShipped   TradeState = "SHIPPED"   // the goods are on their way
	TradeFulfilled TradeState = "FULFILLED" // delivered, received or paid in full
	TradeDisputed  TradeState = "DISPUTED"  // the other side disagrees
	TradeReplaced  TradeState = "REPLACED"  // a later paper stands in its place
	TradeCanceled  TradeState = "CANCELED"  // taken back
)

// Values lists the states of a paper of trade.
func (TradeState) Values() []string {
	return values(TradeOpen, TradeAccepted, TradeAmended, TradeRefused, TradeShipped, TradeFulfilled, TradeDisputed, TradeReplaced, TradeCanceled)
}

// TradeDocuments are orders, invoices and other papers of trade.
var TradeDocuments = define[TradeDocument]("tradeDocuments", readOnly)

// TradeDocumentLine is one line of a paper of trade.
type TradeDocumentLine struct {
	Record
	// The document.
	TradeDocument Ref[TradeDocument] `fact:"required,parent"`
	// Place of the line in the document, from 1 upwards.
	LineNumber *int64 `fact:"required,frozen"`
	// Number of the line of the order that this one is about.
	OrderLineNumber string `fact:"max=20"`
	// Number of the order, where the document has several.
	OrderNumber string `fact:"max=60"`
	// The maker's or seller's number of the product, as stated.
	PartNumber string `fact:"filter,search,max=60"`
	// The buyer's number of the product, as stated.
	BuyerPartNumber string `fact:"max=60"`
	// Global Trade Item Number, as stated.
	GTIN string `fact:"max=14"`
	// Description of the product, as stated.
	ProductDescription string `fact:"max=500"`
	// How many are ordered, confirmed, shipped or charged; negative for what comes back.
	Quantity decimal.NullDecimal
	// Unit of the quantity, by its code in the document.
	UnitOfMeasure string `fact:"max=3"`
	// Price of one unit, up to six decimals.
	UnitPrice decimal.NullDecimal `fact:"class=commercial"`
	// What the line amounts to.
	Amount decimal.NullDecimal `fact:"class=commercial"`
	// What the seller makes of the line.
	Answer LineAnswer
	// The day for which delivery is asked or promised.
	DeliveryOn Date
	// The package in which it is, by the number on its label.
	PackageNumber string `fact:"max=60"`
	// Number of the lot or batch.
	LotNumber string `fact:"max=60"`
	// Serial numbers of what is delivered.
	SerialNumbers []string `fact:"max=1000"`
	// Number of the paper that is paid, in a remittance advice.
	PaidDocumentNumber string `fact:"max=60"`
	// The product, as far as this firm found out.
	Product Ref[Product] `fact:"class=internal,system"`
}

// LineAnswer is what one side makes of a line of the other side.
type LineAnswer string

// The answers to a line.
const (
	LineAccepted    LineAnswer = "ACCEPTED"    // as it stands
	LineChanged     LineAnswer = "CHANGED"     // with another quantity, price or day
	LineSubstituted LineAnswer = "SUBSTITUTED" // with another product
	LineBackordered LineAnswer = "BACKORDERED" // later, when there are goods
	LineHeld        LineAnswer = "HELD"        // not decided yet
	LineRejected    LineAnswer = "REJECTED"    // not at all
	LineDeleted     LineAnswer = "DELETED"     // the line is taken out
)

// Values lists the answers to a line.
func (LineAnswer) Values() []string {
	return values(LineAccepted, LineChanged, LineSubstituted, LineBackordered, LineHeld, LineRejected, LineDeleted)
}

// TradeDocumentLines are the lines of papers of trade.
var TradeDocumentLines = define[TradeDocumentLine]("tradeDocumentLines", readOnly)
