package policy

import "fondaco/schema"

// The places of roles and actions, like those of kinds, number the cells of a
// memo. They are found by switches, because a look-up in a map takes longer
// than all the rest of a decision.

// rolePlace gives the place in roleNames of a role that people can have, -1
// for any other text: the roles of machines are given by no membership.
func rolePlace(r schema.Role) int {
	switch r {
	case schema.Administrator:
		return 0
	case schema.ChannelManager:
		return 1
	case schema.Sales:
		return 2
	case schema.Support:
		return 3
	case schema.Marketing:
		return 4
	case schema.Finance:
		return 5
	case schema.ReadOnly:
		return 6
	case schema.Auditor:
		return 7
	}
	return -1
}

// The places after those of people's roles.
const (
	placeEDI = 8 + iota
	placeSystem
	placeMember
	placeAddressed // the firm addressed, in rules between firms
	placeChild     // what belongs to an open record, in rules between firms
	subjectCount
)

// subjectNamed gives the subject of the rules that has a place.
func subjectNamed(place int, k *schema.Kind) string {
	switch place {
	case placeAddressed:
		return addressed
	case placeChild:
		return childPrefix + k.Name
	}
	return rolePrefix + roleNames[place]
}

// actionPlace gives the place of an action in Actions, -1 for any other text.
func actionPlace(a Action) int {
	switch a {
	case Read:
		return 0
	case Create:
		return 1
	case Edit:
		return 2
	case Comment:
		return 3
	case Attach:
		return 4
	case Assign:
		return 5
	case Share:
		return 6
	case Approve:
		return 7
	case Delete:
		return 8
	case Export:
		return 9
	case Transfer:
		return 10
	case Administer:
		return 11
	case Send:
		return 12
	case Receive:
		return 13
	}
	return -1
}

const actionCount = 14
