package policy

import "slices"

// sourcesOf lists the lines as they were written, those that deny first, each
// once and with its source. Casbin itself names one rule of several, and none
// when it says no for want of any.
func sourcesOf(lines []*line) []string {
	var denies, allows []string
	for i := range lines {
		list := &allows
		if lines[i].eft == effectDeny {
			list = &denies
		}
		if !slices.Contains(*list, lines[i].source) {
			*list = append(*list, lines[i].source)
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
