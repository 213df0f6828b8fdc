package partners

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fondaco/schema"
)

// Command is one thing to be done to one record.
type Command struct {
	// Verb is "create", "update", "delete", or an action of the kind's life-cycle such as "submit".
	Verb string
	Kind *schema.Kind
	// ID is the record; for "create" it may be zero, and is then minted.
	ID schema.ID
	// ExpectedVersion is the version that the caller has seen; a record changed since is a conflict. 0 is not checked,
	// which is for rules of the node alone.
	ExpectedVersion int64
	Values          Values
	// Body holds the bytes of a new DocumentVersion, stored before by PutBody.
	Body *Body
}

// Values are fields by their API names, with canonical values. nil clears a
// field; an absent one is kept.
type Values map[string]any

// Outcome names a record that was written.
type Outcome struct {
	Kind    *schema.Kind
	ID      schema.ID
	Version int64
}

// Hook runs in the transaction of a write, after the records and before the
// commit. A door uses it for rows of its own tables, and touches no others.
type Hook func(ctx context.Context, tx pgx.Tx, outcomes []Outcome) error

// VersionConflict is the cause of a conflict of versions.
type VersionConflict struct { //nolint:errname // a conflict is what it is; its name is that of the API
	Current int64 // the version that the record has now, for this reader
}

// Error says what to do.
func (v *VersionConflict) Error() string {
	return fmt.Sprintf("the record was changed meanwhile and is now at version %d; read it again and repeat the change", v.Current)
}
