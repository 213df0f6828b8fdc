package schema

import "time"

// Interaction is something that happened between a firm and a customer: a
// call, an e-mail, a meeting, a note, a resale that a distributor reported.
type Interaction struct {
	Record
	Audience
	// The customer with whom it happened.
	Customer Ref[Customer] `fact:"required,parent"`
	// What sort of interaction it is.
	InteractionType InteractionType `fact:"required,frozen,filter"`
	// When it happened.
	OccurredAt time.Time `fact:"required,sort,filter"`
	// Who began it.
	Direction Direction `fact:"filter"`
	// What it was about, in a line.
	Subject string `fact:"label"`
	// What was said, in Markdown.
	Body string `fact:"long,search"`
	// The names of those who took part.
	Participants []string `fact:"class=personal,max=50"`
	// The interaction to which this one replies.
	ReplyTo Ref[Interaction] `fact:"frozen,filter"`
}

// InteractionType is a sort of interaction.
type InteractionType string

// The sorts of interaction.
const (
	Call    InteractionType = "CALL"    // by telephone, or by video
	Email   InteractionType = "EMAIL"   // by e-mail
	Meeting InteractionType = "MEETING" // face to face
	Note    InteractionType = "NOTE"    // something worth knowing that somebody wrote down
	Resale  InteractionType = "RESALE"  // sold on to the customer, as a distributor reported
)

// Values lists the sorts of interaction.
func (InteractionType) Values() []string { return values(Call, Email, Meeting, Note, Resale) }

// Direction tells who began an interaction.
type Direction string

// The directions.
const (
	Inbound  Direction = "INBOUND"  // the customer began
	Outbound Direction = "OUTBOUND" // the firm began
)

// Values lists the directions.
func (Direction) Values() []string { return values(Inbound, Outbound) }

// Interactions are what happened between firms and customers.
var Interactions = define[Interaction]("interactions")

// Task is something that a person is to do.
type Task struct {
	Record
	Audience
	// The customer whom it concerns, if it concerns one.
	Customer Ref[Customer] `fact:"parent"`
	// What is to be done.
	Title string `fact:"label"`
	// More about it, in Markdown.
	Description string `fact:"long,search"`
	// The person who is to do it.
	Assignee Ref[User] `fact:"class=internal,filter"`
	// The day by which it is to be done.
	DueOn Date `fact:"sort,filter"`
	// When it was done.
	CompletedAt time.Time
}

// Tasks are what people are to do.
var Tasks = define[Task]("tasks")
