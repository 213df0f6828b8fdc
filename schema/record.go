package schema

import (
	"encoding/json"
	"time"
)

// Record is the header that every kind embeds.
//
// A record has one owner, the firm that states it, and lies with a holder. On
// the owner's node the two are the same. Another node keeps a copy under the
// firm that was given it: holder is then that firm, and the copy may lack
// fields that were not shared.
type Record struct {
	ID    ID
	Owner FirmID
	// Holder keeps this row: the owner, or a firm on this node that was given a copy.
	Holder FirmID
	// Version counts the changes. A viewer to whom fields are hidden is told how often those it may see were changed.
	Version    int64
	CreatedAt  time.Time
	CreatedBy  Ref[User]
	UpdatedAt  time.Time
	UpdatedBy  Ref[User]
	DeletedAt  time.Time // soft deletion; the row is purged by retention
	Provenance Provenance
	// Mask has the bit of each field that this row really holds; a copy lacks those that were not shared.
	Mask Mask
	// FieldVersions has, at a field's bit number, how often it was given a value, from 1, and FieldTimes when that was last.
	FieldVersions []int64
	FieldTimes    []time.Time
	// Custom holds the firm's own fields, by name; they are shared with nobody.
	Custom json.RawMessage
	// Unknown holds what a newer peer sent and this version does not know, by field name.
	Unknown json.RawMessage
}

// Header gives the record's header, to read and to write.
func (r *Record) Header() *Record { return r }

// Own tells whether the row lies with its owner.
func (r *Record) Own() bool { return r.Owner == r.Holder }

// Entity is a pointer to a struct of some kind, such as *Customer.
type Entity interface{ Header() *Record }

// Mask is a set of fields of one kind, a bit each.
type Mask uint64

// AllFields has every bit.
const AllFields = ^Mask(0)

// Has tells whether the bit is set.
func (m Mask) Has(bit int) bool { return m&(1<<bit) != 0 }

// With gives m with the bit set.
func (m Mask) With(bit int) Mask { return m | 1<<bit }

// Provenance tells by which way a record came to be.
type Provenance string

// The ways.
const (
	ByGraphQL    Provenance = "GRAPHQL"    // by the GraphQL interface
	ByPortal     Provenance = "PORTAL"     // by the web application
	ByEDI        Provenance = "EDI"        // from an EDI document
	ByImport     Provenance = "IMPORT"     // by an import of many
	ByFederation Provenance = "FEDERATION" // from another firm's node
	BySystem     Provenance = "SYSTEM"     // by a rule of this node
)

// Values lists the provenances.
func (Provenance) Values() []string {
	return values(ByGraphQL, ByPortal, ByEDI, ByImport, ByFederation, BySystem)
}

// Audience narrows who sees a record that a path reaches already. It never
// opens anything by itself.
type Audience struct {
	// Who is meant to see this: one team, the whole firm, or the firms named.
	Audience AudienceKind `fact:"required,class=internal"`
	// The team that sees this, if the audience is a team.
	AudienceTeam Ref[Team] `fact:"class=internal"`
	// The partner firms that see this beside the author's, if the audience is firms.
	AudienceFirms []FirmID `fact:"class=internal"`
}

func (a *Audience) audience() *Audience { return a }

// AudienceOf gives the audience of a record, or nil for a kind without one.
func AudienceOf(e Entity) *Audience {
	if a, ok := e.(interface{ audience() *Audience }); ok {
		return a.audience()
	}
	return nil
}

// AudienceKind is the breadth of an audience.
type AudienceKind string

// The breadths.
const (
	AudienceIsTeam  AudienceKind = "TEAM"  // the members of one team of the author's firm
	AudienceIsFirm  AudienceKind = "FIRM"  // everybody in the author's firm
	AudienceIsFirms AudienceKind = "FIRMS" // the author's firm and the partner firms named
)

// Values lists the breadths.
func (AudienceKind) Values() []string {
	return values(AudienceIsTeam, AudienceIsFirm, AudienceIsFirms)
}

// Addressed is embedded by what one firm says to another: offers, acceptances,
// submissions, decisions. From the moment it is sent the firm addressed may
// read it, without any sharing agreement.
type Addressed struct {
	// The firm to which this is addressed.
	AddressedTo FirmID `fact:"required,frozen"`
	// When it was sent; until then the firm addressed does not see it.
	SentAt time.Time `fact:"system"`
}

func (a *Addressed) addressed() *Addressed { return a }

// AddressOf gives the address of a record, or nil for a kind without one.
func AddressOf(e Entity) *Addressed {
	if a, ok := e.(interface{ addressed() *Addressed }); ok {
		return a.addressed()
	}
	return nil
}

func values[T ~string](all ...T) []string {
	s := make([]string, len(all))
	for i, v := range all {
		s[i] = string(v)
	}
	return s
}
