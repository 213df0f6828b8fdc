package policy

import (
	"slices"

	"fondaco/schema"
)

// matching lists the rules that speak of a subject, kind and action, those
// that deny first, each as it was written and with its source. Casbin itself
// names one rule of several, and none when it says no for want of any.
func (s *shard) matching(subject string, k *schema.Kind, a Action) []string {
	subjects := s.inherited(subject)
	var denies, allows []string
	for _, l := range s.lines {
		if !l.speaksOf(k, a) || !slices.Contains(subjects, l.sub) {
			continue
		}
		list := &allows
		if l.eft == effectDeny {
			list = &denies
		}
		if !slices.Contains(*list, l.source) {
			*list = append(*list, l.source)
		}
	}
	return append(denies, allows...)
}

// inherited gives the subject and all from which it inherits.
func (s *shard) inherited(subject string) []string {
	all := []string{subject}
	for i := 0; i < len(all); i++ {
		for _, e := range s.edges {
			if e.role == all[i] && !slices.Contains(all, e.from) {
				all = append(all, e.from)
			}
		}
	}
	return all
}
