package policy

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"fondaco/schema"
)

// arrange puts paths in the order of their class, and gives the class. Paths
// to one owner stand together, because a statement reads an owner's rows once.
func arrange(k *schema.Kind, paths []Path) ([]Path, string) {
	shaped := make([]shapedPath, len(paths))
	for i := range paths {
		shaped[i] = shape(&paths[i])
	}
	groups := groupByOwner(shaped)
	ordered := make([]Path, 0, len(paths))
	var class strings.Builder
	class.WriteString(k.Name)
	for _, g := range groups {
		class.WriteString(" {")
		for _, p := range g.paths {
			ordered = append(ordered, *p.Path)
			class.WriteString(p.text)
		}
		class.WriteString("}")
	}
	return ordered, class.String()
}

type shapedPath struct {
	*Path
	text string // the path without ids and literals
}

// shape describes a path, and puts the paths to its parent in order.
func shape(p *Path) shapedPath {
	b := make([]byte, 0, 64)
	b = append(b, '(')
	b = append(b, p.Type.String()...)
	b = append(b, ' ')
	b = strconv.AppendUint(b, uint64(p.Mask), 16)
	if p.Type == Member && p.Within != FirmRows {
		b = append(b, " kept"...)
	}
	if p.Named {
		b = append(b, " named"...)
	}
	if !p.Through.IsZero() {
		b = append(b, " through"...)
	}
	if len(p.Except) > 0 {
		b = append(b, " except"...)
	}
	if p.AllTeams {
		b = append(b, " allTeams"...)
	}
	if p.Filter != nil {
		b = append(append(b, ' '), p.Filter.Shape()...)
	}
	parents := make([]shapedPath, len(p.Parent))
	for i := range p.Parent {
		parents[i] = shape(&p.Parent[i])
	}
	slices.SortFunc(parents, comparePaths)
	var ordered []Path
	for _, parent := range parents {
		ordered = append(ordered, *parent.Path)
		b = append(b, parent.text...)
	}
	p.Parent = ordered
	return shapedPath{p, string(append(b, ')'))}
}

func comparePaths(a, b shapedPath) int {
	if c := cmp.Compare(a.Type, b.Type); c != 0 {
		return c
	}
	if c := strings.Compare(a.text, b.text); c != 0 {
		return c
	}
	if c := bytes.Compare(a.Owner[:], b.Owner[:]); c != 0 {
		return c
	}
	if c := bytes.Compare(a.Agreement[:], b.Agreement[:]); c != 0 {
		return c
	}
	return strings.Compare(a.Rule, b.Rule) // names the term
}

// A group is the paths to one owner, or a path to no owner in particular.
type group struct {
	paths []shapedPath
	text  string
}

func groupByOwner(paths []shapedPath) []group {
	slices.SortFunc(paths, comparePaths)
	var groups []group
	place := map[schema.FirmID]int{}
	for _, p := range paths {
		i, known := place[p.Owner]
		if p.Owner.IsZero() || !known {
			i = len(groups)
			place[p.Owner] = i
			groups = append(groups, group{})
		}
		groups[i].paths, groups[i].text = append(groups[i].paths, p), groups[i].text+p.text
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		if c := cmp.Compare(a.paths[0].Type, b.paths[0].Type); c != 0 {
			return c
		}
		if c := strings.Compare(a.text, b.text); c != 0 {
			return c
		}
		return bytes.Compare(a.paths[0].Owner[:], b.paths[0].Owner[:])
	})
	return groups
}
