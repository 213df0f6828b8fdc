package partners

import (
	"slices"

	"fondaco/policy"
	"fondaco/schema"
)

// staff is the people of a firm with their roles, and its tree of teams: of
// which principals are made without asking for each by itself.
type staff struct {
	firm   schema.FirmID
	people map[schema.Ref[schema.User]]*policy.Principal // those who may sign in
	teams  map[schema.Ref[schema.Team]][]schema.Ref[schema.User]
	below  map[schema.Ref[schema.Team]][]schema.Ref[schema.Team]
}

func newStaff(firm schema.FirmID) *staff {
	return &staff{
		firm: firm, people: map[schema.Ref[schema.User]]*policy.Principal{}, teams: map[schema.Ref[schema.Team]][]schema.Ref[schema.User]{},
		below: map[schema.Ref[schema.Team]][]schema.Ref[schema.Team]{},
	}
}

// member takes in a membership of a person, in a team or in none.
func (s *staff) member(user schema.Ref[schema.User], team schema.Ref[schema.Team], roles []schema.Role, active bool) {
	if !team.IsZero() {
		s.teams[team] = append(s.teams[team], user)
	}
	if !active {
		return
	}
	p := s.people[user]
	if p == nil {
		p = &policy.Principal{Firm: s.firm, User: user, Actor: policy.ActorUser}
		s.people[user] = p
	}
	if !team.IsZero() {
		p.Teams = append(p.Teams, team)
	}
	p.Roles = append(p.Roles, roles...)
}

// principal gives a person as loadRoles would; false for somebody without any
// role.
func (s *staff) principal(user schema.Ref[schema.User]) (policy.Principal, bool) {
	known := s.people[user]
	if known == nil || len(known.Roles) == 0 {
		return policy.Principal{}, false
	}
	p := *known
	p.Roles = slices.Clone(p.Roles)
	slices.Sort(p.Roles)
	p.Roles = slices.Compact(p.Roles)
	met := slices.Clone(p.Teams)
	for i := 0; i < len(met); i++ {
		members := s.teams[met[i]]
		if i < len(p.Teams) {
			p.TeamMembers = append(p.TeamMembers, members...)
		} else {
			p.SubtreeMembers = append(p.SubtreeMembers, members...)
		}
		for _, part := range s.below[met[i]] {
			if !slices.Contains(met, part) {
				met = append(met, part)
			}
		}
	}
	return p, true
}

// candidates gives all people as those who may turn out to see a record.
func (s *staff) candidates() []candidate {
	var list []candidate
	for user := range s.people {
		if p, ok := s.principal(user); ok {
			list = append(list, candidate{Viewer{User: user}, p})
		}
	}
	return list
}
