package policy

import (
	"slices"

	"fondaco/schema"
)

// An inquiry is one question that is put to Casbin, and all that its answer
// holds for: the row scopes and fields of which rules of the same subjects
// with the same effects speak. One of them stands for all.
type inquiry struct {
	scope, fields string // the one that stands for all
	who           uint64 // see form
	places        []placed
}

// placed is a row scope, and the fields of a class or a set.
type placed struct {
	ring RowScope
	mask schema.Mask
}

func (q *inquiry) mark(masks *[rowScopes]schema.Mask) {
	for _, p := range q.places {
		masks[p.ring] |= p.mask
	}
}

// inquire gives the questions that lines on a kind can answer.
func inquire(lines []*line, subjects []string, k *schema.Kind) (list []*inquiry) {
	bits, names, rings := bitsOf(lines, subjects), fieldNames(lines), ringsApart(lines)
	for _, name := range names {
		mask := fieldsNamed(k, name)
		for _, ring := range rings {
			who, word := speakers(lines, bits, ring, name)
			if who == 0 {
				continue
			}
			i := slices.IndexFunc(list, func(q *inquiry) bool { return q.who == who })
			if i < 0 {
				i = len(list)
				list = append(list, &inquiry{scope: word, fields: name, who: who})
			}
			list[i].places = append(list[i].places, placed{ring, mask})
			for same := ring; len(rings) == 1 && same > OwnRows; same-- {
				list[i].places = append(list[i].places, placed{same - 1, mask})
			}
		}
	}
	return list
}

// ringsApart lists the row scopes that lines tell apart: one when all hold for
// all of them, as most do.
func ringsApart(lines []*line) []RowScope {
	for _, l := range lines {
		if l.rings != 1<<rowScopes-1 {
			return []RowScope{FirmRows, SubtreeRows, TeamRows, OwnRows}
		}
	}
	return []RowScope{FirmRows}
}

// bitsOf gives for each line the bit that it sets in a form.
func bitsOf(lines []*line, subjects []string) []uint64 {
	bits := make([]uint64, len(lines))
	for i, l := range lines {
		place := 2 * slices.Index(subjects, l.sub)
		if l.eft == effectDeny {
			place++
		}
		bits[i] = 1 << place
	}
	return bits
}

// speakers tells who allows and who denies a row scope and a class or set, by
// the lines' bits, and the word by which the lines know the scope.
func speakers(lines []*line, bits []uint64, ring RowScope, name string) (who uint64, word string) {
	for i, l := range lines {
		if l.rings&(1<<ring) != 0 && (l.fields == name || l.fields == every) {
			if who |= bits[i]; word == "" {
				word = l.word(ring)
			}
		}
	}
	return who, word
}

// written gives the rules that answer an inquiry.
func written(subjects []string, q *inquiry, t topic) (rules [][]string) {
	for i, subject := range subjects {
		for j, effect := range []string{effectAllow, effectDeny} {
			if q.who&(1<<(2*i+j)) != 0 {
				rules = append(rules, []string{subject, here, t.kind.Name, string(t.action), q.scope, q.fields, effect})
			}
		}
	}
	return rules
}

// fieldNames lists the classes, and the sets that lines name.
func fieldNames(lines []*line) []string {
	names := classNames
	for _, l := range lines {
		if l.fields != every && !slices.Contains(names, l.fields) {
			names = append(slices.Clip(names), l.fields)
		}
	}
	return names
}

// word gives the scope that the line writes for a row scope. Between firms
// rows are told apart by paths: there the word stands as it is.
func (l *line) word(ring RowScope) string {
	if slices.Contains(scopeNames, l.scope) || slices.Contains(beyondNames, l.scope) {
		return ring.String()
	}
	return l.scope
}
