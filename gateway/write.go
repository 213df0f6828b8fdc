package gateway

import (
	"strconv"

	"fondaco/gateway/encode"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/schema"
)

// rowWriter writes rows as JSON, in the order of the query.
type rowWriter struct {
	b        []byte
	later    *later
	download func(b []byte, version schema.ID, parts []partItem) []byte
}

func (w *rowWriter) null() { w.b = append(w.b, "null"...) }

func (w *rowWriter) text(s string) { w.b = encode.Text(w.b, s) }

func (w *rowWriter) bool(v bool) { w.b = strconv.AppendBool(w.b, v) }

// comma separates what is written from what was written before it within the
// same brackets.
func (w *rowWriter) comma(i int) {
	if i > 0 {
		w.b = append(w.b, ',')
	}
}

// first writes the only record of a page, or null.
func (w *rowWriter) first(s *selection, page *partners.Page) {
	if page == nil || len(page.Rows) == 0 {
		w.null()
		return
	}
	w.row(s, &page.Rows[0])
}

func (w *rowWriter) row(s *selection, row *partners.Row) {
	w.b = append(w.b, '{')
	for i := range s.items {
		w.comma(i)
		w.b = append(w.b, s.items[i].key...)
		w.item(s, &s.items[i], row)
	}
	w.b = append(w.b, '}')
}

func (w *rowWriter) item(s *selection, it *item, row *partners.Row) {
	switch it.role {
	case 0:
		w.text(it.name)
	case sdl.RoleID:
		w.b = encode.ID(w.b, s.plan.Kind, row.ID[:])
	case sdl.RoleOwner:
		if firm := it.owner.ids[row.Owner.ID()]; firm != nil {
			w.row(it.owner.record, firm)
		} else {
			w.null()
		}
	case sdl.RoleOwnerID:
		w.b = encode.ID(w.b, schema.Firms, row.Owner[:])
	case sdl.RoleVersion:
		w.b = strconv.AppendInt(w.b, row.Version, 10)
	case sdl.RoleCreatedAt:
		w.b = encode.Time(w.b, row.CreatedAt)
	case sdl.RoleUpdatedAt:
		w.b = encode.Time(w.b, row.UpdatedAt)
	case sdl.RoleMasked:
		w.names(maskedNames(s.plan.Kind, row.Mask))
	case sdl.RoleActions:
		w.actions(s.plan.Kind, it, row)
	case sdl.RoleDownload:
		w.b = w.download(w.b, row.ID, it.parts)
	case sdl.RoleValue:
		w.value(it, row)
	case sdl.RoleLinkID:
		if cell := row.Cells[it.cell]; w.known(it, row, cell) {
			w.b = encode.Value(w.b, it.field, row.Cells[it.cell:])
		} else {
			w.null()
		}
	case sdl.RoleLink:
		w.first(it.record, row.Children[it.child])
	case sdl.RoleConnection:
		w.page(it.page, row.Children[it.child])
	}
}

func (w *rowWriter) names(list []string) {
	w.b = append(w.b, '[')
	for i, name := range list {
		w.comma(i)
		w.text(name)
	}
	w.b = append(w.b, ']')
}

// actions are for the firm that owns the record alone.
func (w *rowWriter) actions(k *schema.Kind, it *item, row *partners.Row) {
	var names []string
	if row.Owner == w.later.firm {
		for _, action := range k.Lifecycle.Actions(string(row.Cells[it.cell])) {
			names = append(names, sdl.ActionEnum(action))
		}
	}
	w.names(names)
}

func (w *rowWriter) value(it *item, row *partners.Row) {
	cells := row.Cells[it.cell:]
	switch {
	case it.parts != nil && cells[0] != nil:
		w.money(it.parts, cells)
	case it.judged != nil && cells[0] != nil && row.Owner != w.later.firm:
		w.knownIDs(it, cells[0])
	default:
		w.b = encode.Value(w.b, it.field, cells)
	}
}

func (w *rowWriter) money(parts []partItem, cells [][]byte) {
	w.b = append(w.b, '{')
	for i, part := range parts {
		w.comma(i)
		w.b = append(w.b, part.key...)
		switch part.name {
		case "amount":
			w.b = encode.MoneyAmount(w.b, cells[0], cells[1])
		case "currency":
			w.b = encode.Text(w.b, cells[1])
		default:
			w.text("Money")
		}
	}
	w.b = append(w.b, '}')
}

// known tells whether the id in a cell may be shown; see later.go.
func (w *rowWriter) known(it *item, row *partners.Row, cell []byte) bool {
	return cell != nil && (it.judged == nil || row.Owner == w.later.firm || w.later.links[it.judged][schema.ID(cell)])
}

func (w *rowWriter) knownIDs(it *item, cell []byte) {
	w.b = append(w.b, '[')
	written := 0
	for _, id := range idsIn(it.field, cell) {
		if w.later.links[it.judged][id] {
			w.comma(written)
			w.b = encode.ID(w.b, it.judged, id[:])
			written++
		}
	}
	w.b = append(w.b, ']')
}

// page writes a connection.
func (w *rowWriter) page(p *pageSelection, page *partners.Page) {
	w.b = append(w.b, '{')
	for i := range p.parts {
		part := &p.parts[i]
		w.comma(i)
		w.b = append(w.b, part.key...)
		switch part.name {
		case "nodes":
			w.nodes(part.record, page)
		case "edges":
			w.edges(p, part.parts, page)
		case "pageInfo":
			w.pageInfo(part.parts, page)
		case "totalCount":
			w.count(part, page)
		default:
			w.text(p.kind + "Connection")
		}
	}
	w.b = append(w.b, '}')
}

func (w *rowWriter) nodes(s *selection, page *partners.Page) {
	w.b = append(w.b, '[')
	for i := range page.Rows {
		w.comma(i)
		w.row(s, &page.Rows[i])
	}
	w.b = append(w.b, ']')
}

func (w *rowWriter) edges(p *pageSelection, parts []pagePart, page *partners.Page) {
	w.b = append(w.b, '[')
	for i := range page.Rows {
		w.comma(i)
		w.parts(parts, func(part *pagePart) {
			switch part.name {
			case "cursor":
				w.text(page.Rows[i].Cursor())
			case "node":
				w.row(part.record, &page.Rows[i])
			default:
				w.text(p.kind + "Edge")
			}
		})
	}
	w.b = append(w.b, ']')
}

func (w *rowWriter) parts(parts []pagePart, one func(*pagePart)) {
	w.b = append(w.b, '{')
	for i := range parts {
		w.comma(i)
		w.b = append(w.b, parts[i].key...)
		one(&parts[i])
	}
	w.b = append(w.b, '}')
}

func (w *rowWriter) pageInfo(parts []pagePart, page *partners.Page) {
	w.parts(parts, func(part *pagePart) {
		switch part.name {
		case "hasNextPage":
			w.bool(page.HasNext)
		case "hasPreviousPage":
			w.bool(page.HasPrevious)
		case "startCursor":
			w.cursor(page, 0)
		case "endCursor":
			w.cursor(page, len(page.Rows)-1)
		default:
			w.text("PageInfo")
		}
	})
}

func (w *rowWriter) cursor(page *partners.Page, i int) {
	if len(page.Rows) == 0 {
		w.null()
		return
	}
	w.text(page.Rows[i].Cursor())
}

// count writes a Count. The page was counted as far as the furthest of all
// that ask for it.
func (w *rowWriter) count(part *pagePart, page *partners.Page) {
	w.parts(part.parts, func(inner *pagePart) {
		switch inner.name {
		case "value":
			w.b = strconv.AppendInt(w.b, int64(min(page.Count, part.max)), 10)
		case "isExact":
			w.bool(page.CountExact && page.Count <= part.max)
		default:
			w.text("Count")
		}
	})
}
