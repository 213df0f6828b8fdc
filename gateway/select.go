package gateway

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/encode"
	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/schema"
)

// selection is what a document selects of records of one kind: the plan by
// which they are read, and what is written of each, in the order of the query.
// Several selections can share a plan, as edges and nodes of one page do.
type selection struct {
	plan  *partners.Plan
	items []item
	// later is set if something below needs a second read; see later.go.
	later bool
}

// item is one field of a record in the response.
type item struct {
	key    []byte // `"name":`
	role   sdl.Role
	name   string         // for __typename, with role 0
	field  *schema.Field  // with RoleValue, RoleLink, RoleLinkID, RoleActions
	cell   int            // the first of the field's cells
	child  int            // in Plan.Children, with RoleLink and RoleConnection
	record *selection     // with RoleLink
	page   *pageSelection // with RoleConnection
	owner  *ownerSite     // with RoleOwner
	parts  []partItem     // with RoleValue of an Amount, and with RoleDownload
	judged *schema.Kind   // with links whose ids are shown only if their target may be known
}

// partItem is a field of a small object such as Money.
type partItem struct {
	key  []byte
	name string
}

func keyOf(key string) []byte { return append(encode.Text(nil, key), ':') }

// compiler turns the selections of one operation into plans.
type compiler struct {
	op     *operation.Operation
	owners []*ownerSite
}

// record compiles what sets select of records of the plan's kind. typ is
// their type in the schema.
func (c *compiler) record(plan *partners.Plan, sets []ast.SelectionSet) (*selection, error) {
	s := &selection{plan: plan}
	for _, g := range c.op.Collect(c.op.Type(plan.Kind.Name), sets...) {
		it := item{key: keyOf(g.Key)}
		if g.Field.Name == "__typename" {
			it.name = plan.Kind.Name
		} else if err := c.member(s, &it, sdl.MemberNamed(plan.Kind, g.Field.Name), g); err != nil {
			return nil, at(g.Key, err)
		}
		s.items = append(s.items, it)
	}
	return s, nil
}

// member compiles one field of a record.
func (c *compiler) member(s *selection, it *item, m *sdl.Member, g operation.Group) (err error) {
	it.role, it.field = m.Role, m.Field
	switch m.Role {
	case sdl.RoleValue:
		it.cell = want(s.plan, m.Field)
		if m.Field.Type == schema.Amount {
			it.parts = c.small("Money", g)
		}
		if m.Field.Type == schema.LinkList {
			s.judge(it)
		}
	case sdl.RoleDownload:
		it.parts = c.small("Download", g)
	case sdl.RoleActions:
		it.cell = want(s.plan, m.Field)
	case sdl.RoleLinkID:
		it.cell = want(s.plan, m.Field)
		s.judge(it)
	case sdl.RoleLink:
		it.cell = want(s.plan, m.Field)
		below := &partners.Plan{Kind: m.Kind}
		if it.record, err = c.record(below, g.Sets); err != nil {
			return err
		}
		it.child = addChild(s.plan, m.Field, below)
		s.later = s.later || it.record.later
	case sdl.RoleConnection:
		below := &partners.Plan{Kind: m.Kind}
		if it.page, err = c.page(below, g); err != nil {
			return err
		}
		it.child = addChild(s.plan, m.Field, below)
		s.later = s.later || it.page.later
	case sdl.RoleOwner:
		it.owner = &ownerSite{}
		if it.owner.record, err = c.record(&partners.Plan{Kind: schema.Firms}, g.Sets); err != nil {
			return err
		}
		c.owners = append(c.owners, it.owner)
		s.later = true
	}
	return nil
}

// judge marks an item whose ids are to be shown only where the record that
// they name may be known to the reader; see later.go. Firms are known to all,
// and internal fields are never shown to another firm.
func (s *selection) judge(it *item) {
	if target := it.field.Target(); target != schema.Firms && it.field.Class != schema.Internal {
		it.judged, s.later = target, true
	}
}

func (c *compiler) small(typ string, g operation.Group) []partItem {
	var list []partItem
	for _, part := range c.op.Collect(c.op.Type(typ), g.Sets...) {
		list = append(list, partItem{keyOf(part.Key), part.Field.Name})
	}
	return list
}

// want asks a plan for a field, once, and gives the place of its first cell.
func want(plan *partners.Plan, f *schema.Field) int {
	cell := 0
	for _, other := range plan.Fields {
		if other == f {
			return cell
		}
		cell += encode.Columns(other)
	}
	plan.Fields = append(plan.Fields, f)
	return cell
}

func addChild(plan *partners.Plan, link *schema.Field, below *partners.Plan) int {
	plan.Children = append(plan.Children, &partners.Child{Link: link, Plan: below})
	return len(plan.Children) - 1
}

// maskedNames lists the fields that a mask hides.
func maskedNames(k *schema.Kind, m schema.Mask) []string {
	var names []string
	for _, f := range k.Fields {
		if !m.Has(f.Bit) {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return names
}
