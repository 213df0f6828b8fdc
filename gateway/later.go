package gateway

import (
	"context"

	"fondaco/partners"
	"fondaco/schema"
)

// Two things are not known before rows are read, and are read after them in
// one go, whatever the number of rows:
//
//   - the firms that own the rows, where they are selected;
//   - whether the reader may know of the records that the links of other
//     firms' rows name. An id alone tells that there is something, and since
//     when, so it is shown only where the reader sees that record. The ids in
//     the rows of the reader's own firm are the firm's own words.

// ownerSite is a place in a document where the owner of records is selected.
type ownerSite struct {
	record *selection
	ids    map[schema.ID]*partners.Row // found once they are read
	asked  []schema.ID
}

// later gathers what is to be read after rows, and holds what was found.
type later struct {
	firm    schema.FirmID
	links   map[*schema.Kind]map[schema.ID]bool // true once seen
	pending map[*schema.Kind][]schema.ID
}

func newLater(firm schema.FirmID) *later {
	return &later{firm: firm, links: map[*schema.Kind]map[schema.ID]bool{}, pending: map[*schema.Kind][]schema.ID{}}
}

// gather notes what the rows of a page need.
func (l *later) gather(s *selection, page *partners.Page) {
	if !s.later || page == nil {
		return
	}
	for i := range page.Rows {
		l.row(s, &page.Rows[i])
	}
}

func (l *later) row(s *selection, row *partners.Row) {
	for i := range s.items {
		it := &s.items[i]
		switch {
		case it.owner != nil:
			it.owner.ask(row.Owner.ID())
		case it.judged != nil && row.Owner != l.firm:
			for _, id := range idsIn(it.field, row.Cells[it.cell]) {
				l.link(it.judged, id)
			}
		case it.record != nil:
			l.gather(it.record, row.Children[it.child])
		case it.page != nil:
			l.page(it.page, row.Children[it.child])
		}
	}
}

func (l *later) page(p *pageSelection, page *partners.Page) {
	if !p.later {
		return
	}
	for _, part := range p.parts {
		for _, inner := range append(part.parts, part) {
			if inner.record != nil {
				l.gather(inner.record, page)
			}
		}
	}
}

func (o *ownerSite) ask(id schema.ID) {
	if o.ids == nil {
		o.ids = map[schema.ID]*partners.Row{}
	}
	if _, known := o.ids[id]; !known {
		o.ids[id] = nil
		o.asked = append(o.asked, id)
	}
}

func (l *later) link(k *schema.Kind, id schema.ID) {
	if l.links[k] == nil {
		l.links[k] = map[schema.ID]bool{}
	}
	if _, known := l.links[k][id]; !known {
		l.links[k][id] = false
		l.pending[k] = append(l.pending[k], id)
	}
}

// read reads what was gathered, and what that needs in turn.
func (l *later) read(ctx context.Context, s *partners.Service, owners []*ownerSite) error {
	for {
		var plans []*partners.Plan
		var take []func(*partners.Page)
		for _, o := range owners {
			if len(o.asked) == 0 {
				continue
			}
			o.record.plan.IDs, o.asked = o.asked, nil
			plans = append(plans, o.record.plan)
			take = append(take, func(page *partners.Page) {
				for i := range page.Rows {
					o.ids[page.Rows[i].ID] = &page.Rows[i]
				}
				l.gather(o.record, page)
			})
		}
		for k, ids := range l.pending {
			plans = append(plans, &partners.Plan{Kind: k, IDs: ids})
			take = append(take, func(page *partners.Page) {
				for _, row := range page.Rows {
					l.links[k][row.ID] = true
				}
			})
		}
		if len(plans) == 0 {
			return nil
		}
		clear(l.pending)
		pages, err := s.Read(ctx, plans...)
		if err != nil {
			return err
		}
		for i, page := range pages {
			take[i](page)
		}
	}
}

// idsIn gives the ids in the cell of a Link or a LinkList.
func idsIn(f *schema.Field, cell []byte) []schema.ID {
	if len(cell) < 16 {
		return nil
	}
	if f.Type == schema.Link {
		return []schema.ID{schema.ID(cell)}
	}
	var list []schema.ID
	for rest := cell[min(20, len(cell)):]; len(rest) >= 20; rest = rest[20:] { // each id after its length
		list = append(list, schema.ID(rest[4:20]))
	}
	return list
}
