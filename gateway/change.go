package gateway

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/encode"
	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// event is a change as one reader sees it. A visible one has its payload.
type event struct {
	change  *schema.Change
	cursor  string
	visible bool
	payload []byte
}

// rendering is what a batch is for all subscribers with one and the same
// view and selection: read and written once.
type rendering struct {
	once   sync.Once
	events []event
	err    error
}

// changes renders the changes of a batch for a subscription. What readers of
// one firm with the same roles, teams and scopes get for the same document is
// the same, and is made once.
func (s *subscription) changes(ctx context.Context, b *batch) ([]event, error) {
	key := s.viewKey()
	b.mu.Lock()
	r := b.rendered[key]
	if r == nil {
		r = &rendering{}
		b.rendered[key] = r
	}
	b.mu.Unlock()
	r.once.Do(func() { r.events, r.err = s.render(ctx, b) })
	if r.err != nil && ctx.Err() == nil {
		return s.render(ctx, b) // the one who was first may have left while reading
	}
	return r.events, r.err
}

// viewKey names all on which the rendering depends.
func (s *subscription) viewKey() string {
	p := s.principal
	var b strings.Builder
	fmt.Fprintf(&b, "%s|%s|%v|%v|%v|%v|%s|%s", p.Firm, p.Actor, p.Roles, p.Teams, p.Scopes, p.Scopes == nil, s.kindNames, s.document)
	if strings.Contains(s.document, "download") { // such tickets are a person's own
		b.WriteString(p.User.String())
	}
	return b.String()
}

// render reads the records of a batch's changes, a plan for each kind, and
// writes a payload for each change that the reader may see.
func (s *subscription) render(ctx context.Context, b *batch) ([]event, error) {
	q := s.gateway.query(ctx, s.op)
	selections := map[*schema.Kind]*selection{}
	plans := map[*schema.Kind]int{}
	for i := range b.changes {
		c := &b.changes[i]
		if !s.wants(c.Kind) || selections[c.Kind] != nil {
			continue
		}
		record, n, err := q.records(c.Kind, changedIDs(b, c.Kind), s.recordSets)
		if err != nil {
			return nil, err
		}
		selections[c.Kind], plans[c.Kind] = record, n
	}
	w, err := q.read(ctx)
	if err != nil {
		return nil, err
	}
	var events []event
	for i := range b.changes {
		c := &b.changes[i]
		if selections[c.Kind] == nil {
			continue
		}
		e := event{change: c, cursor: s.gateway.sealer.seal(forCursor, b.from.Behind(b.next, c.Seq))}
		if row := rowOf(q.pages[plans[c.Kind]], c.ID); row != nil && row.Holder == c.Holder {
			if c.Op != schema.OpCreate && c.Fields&row.Mask == 0 {
				continue // what changed is hidden from this reader: nothing happened
			}
			e.visible = true
			w.b = nil
			s.write(w, &e, row, selections[c.Kind])
			e.payload = w.b
		} else if row != nil {
			continue // another holder's copy of what this reader sees elsewhere
		}
		events = append(events, e)
	}
	return events, nil
}

func changedIDs(b *batch, k *schema.Kind) []schema.ID {
	var ids []schema.ID
	for i := range b.changes {
		if b.changes[i].Kind == k && !slices.Contains(ids, b.changes[i].ID) {
			ids = append(ids, b.changes[i].ID)
		}
	}
	return ids
}

func rowOf(page *partners.Page, id schema.ID) *partners.Row {
	for i := range page.Rows {
		if page.Rows[i].ID == id {
			return &page.Rows[i]
		}
	}
	return nil
}

// write writes {"data":{"changes":{...}}}. Without a row it is a tombstone,
// which tells the id and nothing else.
func (s *subscription) write(w *rowWriter, e *event, row *partners.Row, record *selection) {
	c := e.change
	w.b = append(append(append(w.b, `{"data":{`...), keyOf(s.group.Key)...), '{')
	for i, g := range s.parts {
		w.comma(i)
		w.b = append(w.b, keyOf(g.Key)...)
		switch g.Field.Name {
		case "at":
			w.b = encode.Time(w.b, c.At)
		case "byFirmId":
			if row == nil {
				w.null()
			} else {
				w.b = encode.ID(w.b, schema.Firms, c.Firm[:])
			}
		case "changedFields":
			w.names(changedNames(c, row))
		case "cursor":
			w.text(e.cursor)
		case "id":
			w.b = encode.ID(w.b, c.Kind, c.ID[:])
		case "kind":
			w.text(sdl.KindEnum(c.Kind))
		case "operation":
			w.text(operationOf(c, row))
		case "record":
			if row == nil {
				w.null()
			} else {
				w.row(record, row)
			}
		default:
			w.text("Change")
		}
	}
	w.b = append(w.b, "}}}"...)
}

func changedNames(c *schema.Change, row *partners.Row) []string {
	if row == nil {
		return nil
	}
	return shownNames(c.Kind, c.Fields&row.Mask)
}

func shownNames(k *schema.Kind, m schema.Mask) []string { return maskedNames(k, ^m) }

func operationOf(c *schema.Change, row *partners.Row) string {
	switch {
	case row == nil:
		return "DELETE"
	case c.Op == schema.OpCreate:
		return "CREATE"
	default:
		return "UPDATE"
	}
}

// deciding are the kinds whose changes can take records out of a view.
func deciding(k *schema.Kind) bool {
	switch k {
	case schema.Grants, schema.SharingAgreements, schema.Acceptances, schema.Partnerships, schema.Agreements,
		schema.Memberships, schema.Users, schema.Teams:
		return true
	}
	return false
}

// recordSetsOf gathers what is selected of the field record of a change.
func recordSetsOf(parts []operation.Group) []ast.SelectionSet {
	var sets []ast.SelectionSet
	for _, g := range parts {
		if g.Field.Name == "record" {
			sets = append(sets, g.Sets...)
		}
	}
	return sets
}

// sameView tells whether two principals see the same.
func sameView(a, b policy.Principal) bool {
	return a.Firm == b.Firm && a.User == b.User && a.Actor == b.Actor && slices.Equal(a.Roles, b.Roles) &&
		slices.Equal(a.Teams, b.Teams) && slices.Equal(a.Scopes, b.Scopes) && (a.Scopes == nil) == (b.Scopes == nil)
}
