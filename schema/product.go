package schema

import "github.com/shopspring/decimal"

// Product is something that is sold.
type Product struct {
	Record
	// Name of the product.
	Name string `fact:"label"`
	// The maker's own number of the product.
	PartNumber string `fact:"required,search,sort,filter,max=60"`
	// Global Trade Item Number: 8, 12, 13 or 14 digits.
	GTIN string `fact:"max=14,filter"`
	// The family to which the product belongs.
	Family string `fact:"filter,max=60"`
	// List price.
	ListPrice Money `fact:"class=commercial"`
	// Whether the product can still be ordered.
	Orderable bool `fact:"filter"`
	// What the product is, in Markdown.
	Description string `fact:"long,search"`
}

// Products are the things that are sold.
var Products = define[Product]("products")

// Promotion is an offer for a time: a price, a discount, a gift.
type Promotion struct {
	Record
	// Name of the promotion.
	Name string `fact:"label"`
	// First day of the promotion.
	StartsOn Date `fact:"required,sort,filter"`
	// Last day of the promotion.
	EndsOn Date `fact:"required,sort,filter"`
	// The products concerned.
	Products []Ref[Product] `fact:"max=1000"`
	// Discount in percent of the list price.
	DiscountPercent decimal.NullDecimal
	// What is offered, in Markdown.
	Description string `fact:"long,search"`
	// What may be spent on it.
	Budget Money `fact:"class=internal"`
}

// Promotions are offers for a time.
var Promotions = define[Promotion]("promotions")
