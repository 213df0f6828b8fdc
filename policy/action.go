package policy

// Action is what somebody wants to do with a record.
type Action string

// The actions. The list is closed: a rule that names another one is refused.
const (
	Read       Action = "read"
	Create     Action = "create"
	Edit       Action = "edit"
	Comment    Action = "comment"    // state something beside it: a note on a customer
	Attach     Action = "attach"     // put a document beside it
	Assign     Action = "assign"     // choose who looks after it
	Share      Action = "share"      // open it to another firm, or close it again
	Approve    Action = "approve"    // decide on what another firm asks for
	Delete     Action = "delete"     // withdraw it
	Export     Action = "export"     // take many of them out at once
	Transfer   Action = "transfer"   // give it to another owner
	Administer Action = "administer" // change who may do what
	Send       Action = "send"       // let it leave to another firm as a message
	Receive    Action = "receive"    // take it in from another firm's message
)

// Actions lists all actions.
func Actions() []Action {
	return []Action{Read, Create, Edit, Comment, Attach, Assign, Share, Approve, Delete, Export, Transfer,
		Administer, Send, Receive}
}

// shareable are the actions that a sharing agreement can allow.
func shareable() []Action { return []Action{Read, Comment, Attach, Edit, Export} }
