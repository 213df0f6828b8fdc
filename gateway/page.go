package gateway

import (
	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/operation"
	"fondaco/partners"
)

// The bounds of a page, and of a count.
const (
	pageMax  = 100
	countMax = 10001
)

// pageSelection is what a document selects of a page of records.
type pageSelection struct {
	plan  *partners.Plan
	kind  string // CustomerConnection
	parts []pagePart
	later bool
}

// pagePart is a field of a connection, of an edge, of PageInfo or of Count.
type pagePart struct {
	key    []byte
	name   string
	record *selection // with nodes, and node of an edge
	parts  []pagePart // with edges, pageInfo and totalCount
	max    int        // with totalCount
}

// page compiles a connection of the plan's kind: its arguments and what is
// selected of it.
func (c *compiler) page(plan *partners.Plan, g operation.Group) (*pageSelection, error) {
	p := &pageSelection{plan: plan, kind: plan.Kind.Name}
	lists := false
	for _, part := range c.op.Collect(c.op.Type(p.kind+"Connection"), g.Sets...) {
		lists = lists || part.Field.Name != "totalCount" && part.Field.Name != "__typename"
		compiled, err := c.pagePart(p, part)
		if err != nil {
			return nil, at(part.Key, err)
		}
		p.parts = append(p.parts, compiled)
	}
	args, err := c.op.Arguments(g.Field)
	if err != nil {
		return nil, err
	}
	return p, arrange(plan, args, lists)
}

func (c *compiler) pagePart(p *pageSelection, g operation.Group) (pagePart, error) {
	part := pagePart{key: keyOf(g.Key), name: g.Field.Name}
	var err error
	switch part.name {
	case "nodes", "node":
		if part.record, err = c.record(p.plan, g.Sets); err != nil {
			return part, err
		}
		p.later = p.later || part.record.later
	case "edges":
		part.parts, err = c.pageParts(p, p.kind+"Edge", g.Sets)
	case "pageInfo":
		part.parts, err = c.pageParts(p, "PageInfo", g.Sets)
	case "totalCount":
		args, problem := c.op.Arguments(g.Field)
		if problem != nil {
			return part, problem
		}
		most, _ := args["max"].(int64)
		if most < 1 || most > countMax {
			return part, refuse("max must be 1 to %d", countMax)
		}
		part.max = int(most)
		p.plan.CountMax = max(p.plan.CountMax, part.max)
		part.parts, err = c.pageParts(p, "Count", g.Sets)
	}
	return part, err
}

func (c *compiler) pageParts(p *pageSelection, typ string, sets []ast.SelectionSet) ([]pagePart, error) {
	var list []pagePart
	for _, g := range c.op.Collect(c.op.Type(typ), sets...) {
		part, err := c.pagePart(p, g)
		if err != nil {
			return nil, at(g.Key, err)
		}
		list = append(list, part)
	}
	return list, nil
}

// arrange puts the arguments of a list into its plan. lists tells that more
// than the count is selected.
func arrange(plan *partners.Plan, args map[string]any, lists bool) error {
	size := func(name string) (int, bool, error) {
		n, given := args[name].(int64)
		if given && (n < 1 || n > pageMax) {
			return 0, true, refuse("%s must be 1 to %d", name, pageMax)
		}
		return int(n), given, nil
	}
	first, forward, err := size("first")
	if err != nil {
		return err
	}
	last, backward, err := size("last")
	if err != nil {
		return err
	}
	plan.First, plan.Last = first, last
	plan.After, _ = args["after"].(string)
	plan.Before, _ = args["before"].(string)
	switch {
	case forward && backward:
		return refuse("give first or last, not both")
	case lists && !forward && !backward:
		return refuse("give first or last: how many records the page shall have, 1 to %d", pageMax)
	case plan.After != "" && !forward, plan.Before != "" && !backward:
		return refuse("after goes with first, and before with last")
	}
	plan.Search, _ = args["search"].(string)
	if plan.Order, err = order(plan.Kind, args["orderBy"]); err != nil {
		return err
	}
	plan.Where, err = filter(plan.Kind, args["filter"])
	return err
}
