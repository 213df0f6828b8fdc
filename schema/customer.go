package schema

// Customer is an organisation or a person that buys, or may come to buy, from
// one of the firms, and on which firms work together.
type Customer struct {
	Record
	// Name of the organisation, or full name of the person.
	Name string `fact:"label"`
	// Whether this is an organisation or a person.
	CustomerType CustomerType `fact:"required,filter"`
	// Where the relation with the customer stands.
	Status CustomerStatus `fact:"required,filter"`
	// Web site.
	Website string `fact:"search"`
	// Line of business.
	Industry string `fact:"filter,max=100"`
	// Segment in which the owner counts the customer.
	Segment string `fact:"filter,max=60"`
	// Street and house number.
	Street string
	// Town.
	City string `fact:"filter,search,max=100"`
	// Postal code.
	PostalCode string `fact:"max=20"`
	// State, province or voivodeship.
	Region string `fact:"max=100"`
	// Country, as two letters of ISO 3166-1.
	Country string `fact:"max=2,filter,sort"`
	// E-mail address of the customer.
	Email string `fact:"class=personal,search,max=254"`
	// Telephone number of the customer.
	Phone string `fact:"class=personal,max=40"`
	// Number of people who work there.
	Employees *int64
	// D-U-N-S number, nine digits.
	DUNS string `fact:"max=9,filter"`
	// Global Location Number, thirteen digits.
	GLN string `fact:"max=13,filter"`
	// VAT identification number with its country prefix.
	VATID string `fact:"max=20,filter"`
	// The number by which the owner's systems know the customer.
	CustomerNumber string `fact:"class=internal,filter,max=40"`
	// Yearly revenue with the customer.
	AnnualRevenue Money `fact:"class=commercial"`
	// Credit limit granted to the customer.
	CreditLimit Money `fact:"class=internal"`
	// What to know about the customer, in Markdown.
	Description string `fact:"long,class=internal,search"`
	// The person who looks after the customer.
	Assignee Ref[User] `fact:"class=internal,filter"`
}

// CustomerType tells an organisation from a person.
type CustomerType string

// The types of customer.
const (
	Organisation CustomerType = "ORGANISATION" // a company, an authority, an association
	Person       CustomerType = "PERSON"       // a natural person
)

// Values lists the types of customer.
func (CustomerType) Values() []string { return values(Organisation, Person) }

// CustomerStatus is where the relation with a customer stands.
type CustomerStatus string

// The states of a relation.
const (
	Unconfirmed CustomerStatus = "UNCONFIRMED" // arisen from a document, and not looked at by anybody yet
	Prospect    CustomerStatus = "PROSPECT"    // may come to buy
	Active      CustomerStatus = "ACTIVE"      // buys
	Inactive    CustomerStatus = "INACTIVE"    // bought once
)

// Values lists the states of a relation.
func (CustomerStatus) Values() []string { return values(Unconfirmed, Prospect, Active, Inactive) }

// Customers are the organisations and people that firms sell to together.
var Customers = define[Customer]("customers")

// CustomerOverlay is a firm's private view of a customer that may belong to
// another firm: its own number, rating and notes beside the shared record.
type CustomerOverlay struct {
	Record
	// The customer.
	Customer Ref[Customer] `fact:"required,frozen,filter"`
	// The number by which one's own systems know the customer.
	CustomerNumber string `fact:"filter,max=40"`
	// What one's own firm thinks of the customer.
	Rating Rating `fact:"filter"`
	// Private notes, in Markdown.
	Notes string `fact:"long,search"`
}

// Rating is how warm a customer is.
type Rating string

// The ratings.
const (
	Cold Rating = "COLD" // hardly likely to buy soon
	Warm Rating = "WARM" // interested
	Hot  Rating = "HOT"  // about to buy
)

// Values lists the ratings.
func (Rating) Values() []string { return values(Cold, Warm, Hot) }

// CustomerOverlays are firms' private views of customers.
var CustomerOverlays = define[CustomerOverlay]("customerOverlays", private)

// Preference is something a customer prefers, as one firm has learnt it.
type Preference struct {
	Record
	Audience
	// The customer.
	Customer Ref[Customer] `fact:"required,parent"`
	// What it is about, such as "contact hours".
	Topic string `fact:"label"`
	// What the customer prefers.
	Value string `fact:"required,max=1000,search"`
}

// Preferences are what customers prefer.
var Preferences = define[Preference]("preferences")

// Goal is something a customer wants to reach, as one firm has learnt it.
type Goal struct {
	Record
	Audience
	// The customer.
	Customer Ref[Customer] `fact:"required,parent"`
	// What is to be reached.
	Title string `fact:"label"`
	// The measure to reach, such as "20 % less energy".
	Target string `fact:"max=500"`
	// The day by which it is to be reached.
	DueOn Date `fact:"sort,filter"`
	// Whether it was reached.
	Reached bool `fact:"filter"`
}

// Goals are what customers want to reach.
var Goals = define[Goal]("goals")

// Contact is a person who speaks for a customer.
type Contact struct {
	Record
	// The customer for whom the person speaks.
	Customer Ref[Customer] `fact:"required,parent"`
	// Full name, in the order in which the person writes it.
	Name string `fact:"label"`
	// Position in the organisation.
	JobTitle string `fact:"max=100"`
	// E-mail address.
	Email string `fact:"class=personal,search,max=254"`
	// Telephone number.
	Phone string `fact:"class=personal,max=40"`
	// How the person likes to be reached.
	ContactPreference string `fact:"class=personal,max=100"`
	// Whether the person agreed that particulars are passed to partner firms.
	MayShareInfo bool
	// Whether the person agreed to be contacted.
	MayContact bool
}

// Contacts are the people who speak for customers.
var Contacts = define[Contact]("contacts")
