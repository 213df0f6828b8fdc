package policy

import (
	"context"

	"fondaco/schema"
)

// Principal is on whose behalf something is done. A door proves who it is;
// what it may do is decided here.
type Principal struct {
	// Firm is the firm for which the principal acts.
	Firm schema.FirmID
	// User is the person, zero when nobody in person acts.
	User schema.Ref[schema.User]
	// Actor is what sort of principal it is.
	Actor ActorKind
	// Roles are the person's roles in the firm; they count for USER and TOKEN alone.
	Roles []schema.Role
	// Teams are the teams to which the person belongs.
	Teams []schema.Ref[schema.Team]
	// TeamMembers are the people of the person's teams, SubtreeMembers those of the teams below them: whose records
	// the row scopes team and subtree reach. Without them these scopes reach no further than the person's own.
	TeamMembers, SubtreeMembers []schema.Ref[schema.User]
	// Scopes narrow what an API token may do. Nil does not narrow; an empty list allows nothing.
	Scopes []Scope
	// Via is the door: gateway, federation, trading, system.
	Via string
	// Cause is the request or document that led to it.
	Cause string
}

// ActorKind is a sort of principal.
type ActorKind string

// The sorts of principal. Any other text may do nothing.
const (
	ActorUser   ActorKind = "USER"   // a person who signed in: acts by the roles that the person has
	ActorToken  ActorKind = "TOKEN"  // an API token of a person: what the person may, within its scopes
	ActorEDI    ActorKind = "EDI"    // a trading partner's mailbox: acts by the role EDI of the firm that receives
	ActorNode   ActorKind = "NODE"   // a firm itself as reader, for what is sent to its node: no member of it
	ActorSystem ActorKind = "SYSTEM" // a rule of the node: acts by the role SYSTEM of its firm
)

// Scope is one thing that an API token may do. "*" stands for every kind, or
// for every action.
type Scope struct {
	Kind   string `json:"kind"`
	Action Action `json:"action"`
}

// System is the principal of a rule of the node that works for a firm.
func System(firm schema.FirmID) Principal {
	return Principal{Firm: firm, Actor: ActorSystem, Via: "system"}
}

// Node is the firm itself as reader: what it may see is what may be sent to
// its node.
func Node(firm schema.FirmID) Principal {
	return Principal{Firm: firm, Actor: ActorNode, Via: "federation"}
}

type principalKey struct{}

// With gives a context that carries the principal.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// From gives the principal that ctx carries, false if it carries none.
func From(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(principalKey{}).(Principal)
	return p, ok
}

// scoped tells whether the scopes of a token let it take the action.
func (p *Principal) scoped(k *schema.Kind, a Action) bool {
	if p.Scopes == nil {
		return true
	}
	for i := range p.Scopes {
		s := &p.Scopes[i]
		if (s.Kind == "*" || s.Kind == k.Name) && (s.Action == "*" || s.Action == a) {
			return true
		}
	}
	return false
}
