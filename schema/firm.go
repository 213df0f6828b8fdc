package schema

// Firm is a company that takes part: it owns records, has people and policies
// of its own, and is reached at its own node or hosted by another firm's.
type Firm struct {
	Record
	// The registered name of the company.
	LegalName string `fact:"label"`
	// The name under which the company trades, if it differs.
	TradeName string `fact:"search"`
	// Internet domains that belong to the company.
	Domains []string `fact:"max=50"`
	// D-U-N-S number, nine digits.
	DUNS string `fact:"max=9,filter"`
	// Global Location Number, thirteen digits.
	GLN string `fact:"max=13,filter"`
	// VAT identification number with its country prefix.
	VATID string `fact:"max=20,filter"`
	// Country of the seat, as two letters of ISO 3166-1.
	Country string `fact:"max=2,filter"`
	// What the company does as a partner.
	PartnerTypes []PartnerType
	// Time zone in which its days end, such as Europe/Warsaw.
	TimeZone string `fact:"max=60"`
	// Public key with which its node signs (Ed25519, base64).
	SigningKey string `fact:"system,max=100"`
}

// PartnerType is what a firm does as a partner.
type PartnerType string

// The types of partner.
const (
	Manufacturer     PartnerType = "MANUFACTURER"      // makes the goods
	Distributor      PartnerType = "DISTRIBUTOR"       // sells to resellers
	Reseller         PartnerType = "RESELLER"          // sells to end customers
	ManagedService   PartnerType = "MANAGED_SERVICE"   // runs what it sells
	MarketingPartner PartnerType = "MARKETING_PARTNER" // markets, and sells nothing itself
	ServicesPartner  PartnerType = "SERVICES_PARTNER"  // installs and maintains
	TrainingPartner  PartnerType = "TRAINING_PARTNER"  // trains
)

// Values lists the types of partner.
func (PartnerType) Values() []string {
	return values(Manufacturer, Distributor, Reseller, ManagedService, MarketingPartner, ServicesPartner, TrainingPartner)
}

// Firms are the companies that take part.
var Firms = define[Firm]("firms")

// Partner is what one firm notes about another firm that it works with or
// would like to: also before that firm has a node.
type Partner struct {
	Record
	// Name under which this partner is known here.
	Name string `fact:"label"`
	// The partner as a participant, once it takes part.
	Firm FirmID `fact:"filter"`
	// What the company does as a partner.
	PartnerTypes []PartnerType
	// D-U-N-S number, nine digits.
	DUNS string `fact:"max=9,filter"`
	// Country of the seat, as two letters of ISO 3166-1.
	Country string `fact:"max=2,filter"`
	// The number by which one's own systems know this partner.
	PartnerNumber string `fact:"filter,max=40"`
	// Notes on the partner, in Markdown.
	Description string `fact:"long,class=internal"`
}

// Partners are what a firm notes about the firms it works with.
var Partners = define[Partner]("partners", private)

// Partnership is the link between two firms that agreed to work together.
// Nothing can be shared without one that is active.
type Partnership struct {
	Record
	Addressed
	// Name of the partnership, such as "Iberia distribution".
	Name string `fact:"label"`
	// Where the partnership stands, as far as the firm that invited says.
	State PartnershipState `fact:"required,filter,system"`
	// What the partnership is about.
	Scope string `fact:"long"`
	// First day of the partnership.
	StartsOn Date
	// Last day of the partnership.
	EndsOn Date
}

// PartnershipState is where a partnership stands.
type PartnershipState string

// The states of a partnership.
const (
	PartnershipInvited   PartnershipState = "INVITED"   // offered, and not answered yet
	PartnershipActive    PartnershipState = "ACTIVE"    // both firms agreed
	PartnershipSuspended PartnershipState = "SUSPENDED" // at rest: nothing is shared meanwhile
	PartnershipEnded     PartnershipState = "ENDED"     // over
)

// Values lists the states of a partnership.
func (PartnershipState) Values() []string {
	return values(PartnershipInvited, PartnershipActive, PartnershipSuspended, PartnershipEnded)
}

// Partnerships are the links between firms that work together.
var Partnerships = define[Partnership]("partnerships", lifecycle(&Lifecycle{
	Field: "state", Start: string(PartnershipInvited),
	Transitions: []Transition{
		{values(PartnershipInvited), string(PartnershipActive), "activate"},
		{values(PartnershipActive), string(PartnershipSuspended), "suspend"},
		{values(PartnershipSuspended), string(PartnershipActive), "resume"},
		{values(PartnershipInvited, PartnershipActive, PartnershipSuspended), string(PartnershipEnded), "end"},
	},
}))
