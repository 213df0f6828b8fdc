package schema

// User is a person of a firm, who can sign in.
type User struct {
	Record
	// Full name, in the order in which the person writes it.
	Name string `fact:"label"`
	// E-mail address, with which the person signs in.
	Email string `fact:"required,search,filter,max=254"`
	// Language of the person: en, pt, pl, fr or es.
	Locale string `fact:"max=10"`
	// Time zone of the person, such as Europe/Lisbon.
	TimeZone string `fact:"max=60"`
	// Whether the person may sign in.
	Active bool
}

// Users are the people of a firm.
var Users = define[User]("users", private)

// Team is a group of people within one firm.
type Team struct {
	Record
	// Name of the team.
	Name string `fact:"label"`
	// What the team does.
	Description string `fact:"long"`
	// The team of which this one is a part, if it is: people of that team whose role reaches the records of their team
	// and of those below it reach the records of this one.
	Parent Ref[Team] `fact:"filter"`
}

// Teams are the groups of people within a firm.
var Teams = define[Team]("teams", private)

// Membership gives a person roles in the firm, and a place in a team.
type Membership struct {
	Record
	// The person.
	Member Ref[User] `fact:"required,frozen,filter"`
	// The team, or none for the firm as a whole.
	Team Ref[Team] `fact:"frozen,filter"`
	// What the person may do.
	Roles []Role
}

// Role is what a person may do within the firm.
type Role string

// The roles.
const (
	Administrator  Role = "ADMINISTRATOR"   // manages people, policies and partnerships
	ChannelManager Role = "CHANNEL_MANAGER" // manages partners, sharing, deals and programmes
	Sales          Role = "SALES"           // works with customers and deals
	Support        Role = "SUPPORT"         // works with customers and their cases
	Marketing      Role = "MARKETING"       // works with promotions and campaigns
	Finance        Role = "FINANCE"         // sees trade documents and settles claims
	ReadOnly       Role = "READ_ONLY"       // reads and changes nothing
	Auditor        Role = "AUDITOR"         // reads everything, the share ledger too
)

// Values lists the roles.
func (Role) Values() []string {
	return values(Administrator, ChannelManager, Sales, Support, Marketing, Finance, ReadOnly, Auditor)
}

// Memberships give people roles and teams.
var Memberships = define[Membership]("memberships", private)
