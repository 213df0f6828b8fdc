package schema

import "github.com/shopspring/decimal"

// PriceList tells at which prices a firm sells to another one in a time (X12
// 832, EDIFACT PRICAT). It is addressed to the firm on the other side.
type PriceList struct {
	Record
	Addressed
	// Name or number of the price list.
	Name string `fact:"label"`
	// Whether it came from the firm on the other side, or goes to it.
	Flow Flow `fact:"required,frozen"`
	// Where it stands.
	State PriceListState `fact:"required,filter,system"`
	// Whether it holds all prices, or only those that change.
	Extent PriceListExtent
	// The day on which it was issued.
	IssuedOn Date
	// First day on which the prices hold.
	ValidFrom Date `fact:"required,sort,filter"`
	// Last day on which the prices hold.
	ValidUntil Date
	// The currency of the prices.
	Currency string `fact:"max=3"`
	// Name of the seller, as stated.
	SellerName string `fact:"search"`
	// Where the prices hold, as stated.
	Region string `fact:"max=100"`
	// More about the price list, in Markdown.
	Description string `fact:"long,search"`
	// The transaction set from which it came.
	TransactionSet Ref[TransactionSet] `fact:"class=internal,frozen,filter"`
}

// PriceListState is where a price list stands.
type PriceListState string

// The states of a price list.
const (
	PriceListDraft     PriceListState = "DRAFT"     // being written; the other firm does not see it
	PriceListPublished PriceListState = "PUBLISHED" // told to the other firm
	PriceListWithdrawn PriceListState = "WITHDRAWN" // holds no more
)

// Values lists the states of a price list.
func (PriceListState) Values() []string {
	return values(PriceListDraft, PriceListPublished, PriceListWithdrawn)
}

// PriceListExtent tells how much a price list holds.
type PriceListExtent string

// The extents.
const (
	FullPriceList    PriceListExtent = "FULL"    // all prices: what is not in it is not sold
	PriceListChanges PriceListExtent = "CHANGES" // what has changed since the one before
)

// Values lists the extents.
func (PriceListExtent) Values() []string { return values(FullPriceList, PriceListChanges) }

// PriceLists are the prices at which firms sell to each other.
var PriceLists = define[PriceList]("priceLists", lifecycle(&Lifecycle{
	Field: "state", Start: string(PriceListDraft),
	Transitions: []Transition{
		{values(PriceListDraft), string(PriceListPublished), "publish"},
		{values(PriceListDraft, PriceListPublished), string(PriceListWithdrawn), "withdraw"},
	},
	Editable: map[string][]string{
		string(PriceListPublished): {"validUntil", "description"}, string(PriceListWithdrawn): {},
	},
}))

// PriceListItem is one product with its price.
type PriceListItem struct {
	Record
	// The price list.
	PriceList Ref[PriceList] `fact:"required,parent"`
	// Place of the item in the list, from 1 upwards.
	LineNumber *int64 `fact:"required,frozen"`
	// The maker's or seller's number of the product.
	PartNumber string `fact:"filter,search,max=60"`
	// Global Trade Item Number.
	GTIN string `fact:"max=14"`
	// Description of the product.
	ProductDescription string `fact:"search,max=500"`
	// The group of products to which it belongs.
	Category string `fact:"max=100"`
	// What has become of the item since the list before.
	Change ItemChange
	// Unit that is priced, by its code.
	UnitOfMeasure string `fact:"max=3"`
	// Price of one unit for the firm addressed, up to six decimals.
	UnitPrice decimal.NullDecimal `fact:"class=commercial"`
	// Price that is suggested for those who buy from it.
	SuggestedPrice decimal.NullDecimal `fact:"class=commercial"`
	// List price, before any discount.
	ListPrice decimal.NullDecimal `fact:"class=commercial"`
	// Discount in percent of the list price.
	DiscountPercent decimal.NullDecimal `fact:"class=commercial"`
	// The least quantity for which the price holds.
	MinimumQuantity decimal.NullDecimal
	// First day on which this price holds, if it is another one than the list's.
	ValidFrom Date
	// Last day on which this price holds, if it is another one than the list's.
	ValidUntil Date
	// The product, if it is one that this firm knows.
	Product Ref[Product]
}

// ItemChange tells what has become of an item of a list.
type ItemChange string

// The changes.
const (
	ItemAdded   ItemChange = "ADDED"   // it is new
	ItemChanged ItemChange = "CHANGED" // its price or description is another one
	ItemRemoved ItemChange = "REMOVED" // it is not sold any more
	ItemSame    ItemChange = "SAME"    // nothing has changed
)

// Values lists the changes.
func (ItemChange) Values() []string { return values(ItemAdded, ItemChanged, ItemRemoved, ItemSame) }

// PriceListItems are the products in price lists.
var PriceListItems = define[PriceListItem]("priceListItems")
