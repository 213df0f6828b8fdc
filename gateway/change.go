package gateway

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/encode"
	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/schema"
)

// event is a change as one reader sees it. A visible one has its payload.
type event struct {
	change  *schema.Change
	cursor  string
	visible bool
	payload []byte
}

// shareFor is how long a rendering is shared. Whoever comes later, since its
// client reads slowly, has the batch read anew: what was taken away meanwhile is
// not in it.
const shareFor = 100 * time.Millisecond

// rendering is what a batch is for all subscribers with one and the same
// view and selection: read and written once.
type rendering struct {
	began    time.Time
	once     sync.Once
	events   []event
	err      error
	personal bool                    // for the person alone who was first
	by       schema.Ref[schema.User] // who that was
}

// changes renders the changes of a batch for a subscription. What readers of
// one firm with the same roles, teams and scopes get for the same document is
// the same, unless the rules make it depend on the person, and is made once.
func (s *subscription) changes(ctx context.Context, b *batch) ([]event, error) {
	class := s.class()
	r := b.rendering(class, s.gateway.now())
	r.once.Do(func() {
		r.by = s.principal.User
		r.events, r.personal, r.err = s.renderShared(ctx, b)
	})
	if r.personal && r.by != s.principal.User {
		r = b.rendering(class+s.principal.User.String(), s.gateway.now())
		r.once.Do(func() { r.events, r.err = s.render(ctx, b) })
	}
	if r.err != nil && ctx.Err() == nil {
		return s.render(ctx, b) // the one who was first may have left while reading
	}
	return r.events, r.err
}

// rendering gives that of a key, or a new one to be made.
func (b *batch) rendering(key string, now time.Time) *rendering {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.rendered[key]
	if r == nil || now.Sub(r.began) >= shareFor {
		r = &rendering{began: now}
		b.rendered[key] = r
	}
	return r
}

// class names all on which the rendering depends, but for the person.
func (s *subscription) class() string {
	p := s.principal
	return fmt.Sprintf("%s|%s|%v|%v|%v|%v|%s|%s|", p.Firm, p.Actor, p.Roles, p.Teams, p.Scopes, p.Scopes == nil, s.kindNames, s.document)
}

// renderShared also tells whether what was rendered is for this person alone.
// It is asked before and after, since the rules may change in between, and
// of all kinds, since a record is read with what belongs to it.
func (s *subscription) renderShared(ctx context.Context, b *batch) (events []event, personal bool, err error) {
	personal = strings.Contains(s.document, "download") // such tickets are a person's own
	for _, after := range []bool{false, true} {
		if !personal {
			if personal, err = s.gateway.partners.Personal(ctx); err != nil {
				return nil, true, err
			}
		}
		if !after {
			if events, err = s.render(ctx, b); err != nil {
				return nil, true, err
			}
		}
	}
	return events, personal, nil
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
		e := event{change: c, cursor: s.gateway.sealer.sealCursor(b.from.Behind(b.next, c.Seq))}
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

// decides tells whether a change can take records out of the view of a
// firm's readers, or bring some into it.
func decides(c *schema.Change, firm schema.FirmID) bool {
	switch c.Kind {
	case schema.Grants, schema.SharingAgreements, schema.Acceptances, schema.Partnerships, schema.Agreements:
		return true
	case schema.Firms: // the rules of its own
		return c.Holder == firm && c.Fields.Has(partners.OverridesBit)
	}
	return ofPeople(c, firm)
}

// ofPeople tells whether a change may have changed who reads for a firm.
func ofPeople(c *schema.Change, firm schema.FirmID) bool {
	switch c.Kind {
	case schema.Memberships, schema.Users, schema.Teams:
		return c.Holder == firm
	}
	return false
}

// concernsPeople tells whether some change of the batch may have changed who
// reads for a firm.
func (b *batch) concernsPeople(firm schema.FirmID) bool {
	return slices.ContainsFunc(b.changes, func(c schema.Change) bool { return ofPeople(&c, firm) })
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
