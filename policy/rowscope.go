package policy

import (
	"slices"

	"fondaco/schema"
)

// RowScope is how far a rule reaches among the records of the reader's own
// firm. Each scope holds all that the one before it holds.
type RowScope uint8

// The row scopes. A record's keeper is who it is assigned to; of a record
// that nobody is assigned to, or whose kind knows no assignee, who created
// it.
const (
	OwnRows     RowScope = iota // those that the person keeps
	TeamRows                    // and those that a member of one of the person's teams keeps
	SubtreeRows                 // and those that a member of a team below those keeps
	FirmRows                    // all of them, and all that other firms open
)

// rowScopes is how many row scopes there are.
const rowScopes = 4

// The words of rules for row scopes. A rule that denies takes away what lies
// beyond a scope, so that what one may do with a wide scope, one may do with
// the narrower ones too.
var (
	scopeNames  = []string{"own", "team", "subtree", scopeFirm}
	beyondNames = []string{"beyond:own", "beyond:team", "beyond:subtree"}
)

// String gives the word of the rules for the scope.
func (r RowScope) String() string { return scopeNames[r] }

// widest gives the widest scope at which the mask has a bit of want.
func widest(within [rowScopes]schema.Mask, want schema.Mask) (RowScope, bool) {
	for r := FirmRows; ; r-- {
		if within[r]&want != 0 {
			return r, true
		}
		if r == OwnRows {
			return OwnRows, false
		}
	}
}

// ringsOf lists the row scopes at which a rule with this word holds: a rule
// that allows holds for all narrower scopes, one that denies for all wider
// ones. Words that are no row scopes, as those of agreements, hold for all.
func ringsOf(scope string) []RowScope {
	all := []RowScope{OwnRows, TeamRows, SubtreeRows, FirmRows}
	if i := slices.Index(scopeNames, scope); i >= 0 {
		return all[:i+1]
	}
	if i := slices.Index(beyondNames, scope); i >= 0 {
		return all[i+1:]
	}
	return all
}

// KeeperField gives the field that names who a record of the kind is assigned
// to, nil for kinds that know no assignee.
func KeeperField(k *schema.Kind) *schema.Field {
	f := k.FieldNamed("assignee")
	if f == nil || f.Type != schema.Link || f.Target() != schema.Users {
		return nil
	}
	return f
}

// keeper gives the person who keeps a record, zero if nobody does.
func keeper(e schema.Entity) schema.Ref[schema.User] {
	if f := KeeperField(schema.KindOf(e)); f != nil {
		if id, ok := f.Value(e).(schema.ID); ok {
			return schema.Ref[schema.User](id)
		}
	}
	return e.Header().CreatedBy
}

// keepers lists the people whose records lie within a scope narrower than the
// firm, for a principal.
func (p *Principal) keepers(within RowScope) []schema.Ref[schema.User] {
	list := []schema.Ref[schema.User]{p.User}
	if within >= TeamRows {
		list = append(list, p.TeamMembers...)
	}
	if within >= SubtreeRows {
		list = append(list, p.SubtreeMembers...)
	}
	slices.SortFunc(list, func(a, b schema.Ref[schema.User]) int { return slices.Compare(a[:], b[:]) })
	list = slices.Compact(list)
	// Nobody keeps the records that the node itself made, and who is nobody keeps none.
	return slices.DeleteFunc(list, func(u schema.Ref[schema.User]) bool { return u.IsZero() })
}

// rowScopeOf gives the narrowest scope in which a record of the own firm
// lies for the principal.
func (p *Principal) rowScopeOf(e schema.Entity) RowScope {
	if !e.Header().Own() {
		return FirmRows
	}
	who := keeper(e)
	switch {
	case who.IsZero():
		return FirmRows
	case who == p.User:
		return OwnRows
	case slices.Contains(p.TeamMembers, who):
		return TeamRows
	case slices.Contains(p.SubtreeMembers, who):
		return SubtreeRows
	}
	return FirmRows
}
