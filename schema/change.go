package schema

import "time"

// Change is a line of the ledger: who did what to which record, and which
// fields it touched. It holds no values.
type Change struct {
	Seq     int64
	At      time.Time // by the clock of the node that wrote the line
	Holder  FirmID
	Owner   FirmID
	Kind    *Kind
	ID      ID
	Version int64
	Op      Op
	Fields  Mask
	Actor   Ref[User] // zero for a rule of the node
	Firm    FirmID    // the firm for which the actor acted
	Via     string    // the door: gateway, federation, trading, system
	Cause   string    // the request or document that led to it
}

// Op is what happened to a record.
type Op string

// What can happen to a record.
const (
	OpCreate Op = "CREATE"
	OpUpdate Op = "UPDATE"
	OpDelete Op = "DELETE"
	OpRedact Op = "REDACT" // a copy was taken back by its owner
)
