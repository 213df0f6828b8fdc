package gateway

import (
	"context"
	"time"

	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/schema"
)

// who compiles those who see a record.
func (q *query) who(ctx context.Context, args map[string]any, g operation.Group) (func(*rowWriter), error) {
	text := args["recordId"].(string)
	k, id, err := sdl.ParseGlobalID(text)
	if err != nil {
		return nil, refuse("recordId: %v", err)
	}
	then, past := args["at"].(time.Time)
	name := "who " + text + instantName(then)
	span, from, err := q.span(name, args)
	if err != nil {
		return nil, err
	}
	found := &partners.PastSeers{}
	if record := (partners.Record{Kind: k, ID: id}); past {
		found, err = q.gateway.partners.At(then).Who(ctx, record, span)
	} else {
		var now *partners.Seers
		if now, err = q.gateway.partners.Who(ctx, record, span); err == nil {
			found.Seers = *now
		}
	}
	if err != nil {
		return nil, err
	}
	page := plainPage[*partners.Seer]{hasNext: found.HasNext, hasPrevious: !from.ID.IsZero(), cursor: func(s *partners.Seer) string {
		return q.placed(name, s.ID(), schema.FirmID{})
	}}
	for i := range found.List {
		page.list = append(page.list, &found.List[i])
	}
	page.more = func(part operation.Group) (func(*rowWriter), error) { return q.whoMore(k, found, part) }
	return connection(q, "Seer", g, page, func(part operation.Group) (func(*rowWriter, *partners.Seer), error) {
		return q.seer(k, page.list, part)
	})
}

// whoMore compiles what is told of those who saw a record at a past time.
func (q *query) whoMore(k *schema.Kind, found *partners.PastSeers, part operation.Group) (func(*rowWriter), error) {
	if part.Field.Name == "gaps" {
		return func(w *rowWriter) { w.names(found.Gaps) }, nil
	}
	list := make([]*partners.Seer, len(found.Uncertain))
	for i, v := range found.Uncertain {
		list[i] = &partners.Seer{Viewer: v}
	}
	s, err := shapeOf(q, "Seer", part.Sets, func(inner operation.Group) (func(*rowWriter, *partners.Seer), error) { return q.seer(k, list, inner) })
	return func(w *rowWriter) { s.list(w, list) }, err
}

// instantName tells the cursors of one time from those of another.
func instantName(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " at " + at.UTC().Format(time.RFC3339Nano)
}

func (q *query) seer(k *schema.Kind, all []*partners.Seer, part operation.Group) (func(*rowWriter, *partners.Seer), error) {
	gather := func(one func(*partners.Seer) schema.ID) (ids []schema.ID) {
		for _, s := range all {
			ids = append(ids, one(s))
		}
		return ids
	}
	firm := func(s *partners.Seer) schema.ID { return s.Firm.ID() }
	user := func(s *partners.Seer) schema.ID { return s.User.ID() }
	switch part.Field.Name {
	case "fields":
		return func(w *rowWriter, s *partners.Seer) { w.names(shownNames(k, s.Mask)) }, nil
	case "firm":
		write, err := q.linked(schema.Firms, gather(firm), part.Sets)
		return func(w *rowWriter, s *partners.Seer) { write(w, firm(s)) }, err
	case "firmId":
		return func(w *rowWriter, s *partners.Seer) { w.id(schema.Firms, firm(s)) }, nil
	case "user":
		write, err := q.linked(schema.Users, gather(user), part.Sets)
		return func(w *rowWriter, s *partners.Seer) { write(w, user(s)) }, err
	case "userId":
		return func(w *rowWriter, s *partners.Seer) { w.id(schema.Users, user(s)) }, nil
	default:
		paths, err := q.seerPaths(k, all, part)
		return func(w *rowWriter, s *partners.Seer) { paths.list(w, s.Paths) }, err
	}
}

func (q *query) seerPaths(k *schema.Kind, all []*partners.Seer, g operation.Group) (shape[partners.SeerPath], error) {
	var agreements []schema.ID
	for _, s := range all {
		for _, p := range s.Paths {
			agreements = append(agreements, p.Agreement)
		}
	}
	return shapeOf(q, "SeerPath", g.Sets, func(part operation.Group) (func(*rowWriter, partners.SeerPath), error) {
		switch part.Field.Name {
		case "agreement":
			write, err := q.linked(schema.SharingAgreements, agreements, part.Sets)
			return func(w *rowWriter, p partners.SeerPath) { write(w, p.Agreement) }, err
		case "agreementId":
			return func(w *rowWriter, p partners.SeerPath) { w.id(schema.SharingAgreements, p.Agreement) }, nil
		case "fields":
			return func(w *rowWriter, p partners.SeerPath) { w.names(shownNames(k, p.Mask)) }, nil
		default:
			return func(w *rowWriter, p partners.SeerPath) { w.text(sdl.AccessEnum(p.Type.String())) }, nil
		}
	})
}

// viewerOf reads through whose eyes records are looked at.
func viewerOf(text string) (partners.Viewer, error) {
	k, id, err := sdl.ParseGlobalID(text)
	switch {
	case err != nil:
		return partners.Viewer{}, refuse("viewerId: %v", err)
	case k == schema.Users:
		return partners.Viewer{User: schema.Ref[schema.User](id)}, nil
	case k == schema.Firms:
		return partners.Viewer{Firm: schema.FirmID(id)}, nil
	}
	return partners.Viewer{}, refuse("viewerId: want the id of a person of your firm or of a partner on this node, or of another firm")
}

// what compiles the records of a kind that somebody sees.
func (q *query) what(ctx context.Context, args map[string]any, g operation.Group) (func(*rowWriter), error) {
	text, k := args["viewerId"].(string), kindOf(args["kind"])
	viewer, err := viewerOf(text)
	if err != nil {
		return nil, err
	}
	then, past := args["at"].(time.Time)
	name := "what " + text + " " + k.Name + instantName(then)
	span, from, err := q.span(name, args)
	if err != nil {
		return nil, err
	}
	var found *partners.PastSightings
	if past {
		found, err = q.gateway.partners.At(then).What(ctx, viewer, k, span)
	} else {
		found, err = q.whatNow(ctx, viewer, k, span)
	}
	if err != nil {
		return nil, err
	}
	page := plainPage[partners.PastSighting]{list: found.List, hasNext: found.HasNext, hasPrevious: !from.ID.IsZero(), cursor: func(s partners.PastSighting) string {
		return q.placed(name, s.ID, schema.FirmID{})
	}}
	if found.HasNext && past {
		page.end = q.placed(name, found.Through, schema.FirmID{})
	}
	page.more = func(operation.Group) (func(*rowWriter), error) {
		return func(w *rowWriter) { w.names(found.Gaps) }, nil
	}
	return connection(q, "Sighting", g, page, func(part operation.Group) (func(*rowWriter, partners.PastSighting), error) {
		return q.sighting(k, found.List, part)
	})
}

func (q *query) whatNow(ctx context.Context, viewer partners.Viewer, k *schema.Kind, span partners.Span) (*partners.PastSightings, error) {
	now, err := q.gateway.partners.What(ctx, viewer, k, span)
	if err != nil {
		return nil, err
	}
	found := &partners.PastSightings{HasNext: now.HasNext}
	for _, s := range now.List {
		found.List = append(found.List, partners.PastSighting{Sighting: s})
	}
	return found, nil
}

func (q *query) sighting(k *schema.Kind, all []partners.PastSighting, part operation.Group) (func(*rowWriter, partners.PastSighting), error) {
	ids, owners := make([]schema.ID, len(all)), make([]schema.ID, len(all))
	for i, s := range all {
		ids[i], owners[i] = s.ID, s.Owner.ID()
	}
	switch part.Field.Name {
	case "erased":
		return func(w *rowWriter, s partners.PastSighting) { w.names(shownNames(k, s.Erased)) }, nil
	case "fields":
		return func(w *rowWriter, s partners.PastSighting) { w.names(shownNames(k, s.Mask)) }, nil
	case "id":
		return func(w *rowWriter, s partners.PastSighting) { w.id(k, s.ID) }, nil
	case "owner":
		write, err := q.linked(schema.Firms, owners, part.Sets)
		return func(w *rowWriter, s partners.PastSighting) { write(w, s.Owner.ID()) }, err
	case "ownerId":
		return func(w *rowWriter, s partners.PastSighting) { w.id(schema.Firms, s.Owner.ID()) }, nil
	case "uncertain":
		return func(w *rowWriter, s partners.PastSighting) { w.bool(s.Uncertain) }, nil
	default:
		write, err := q.linked(k, ids, part.Sets)
		return func(w *rowWriter, s partners.PastSighting) { write(w, s.ID) }, err
	}
}

// kindOf reads a value of the enum RecordKind.
func kindOf(arg any) *schema.Kind {
	for _, k := range schema.Kinds() {
		if sdl.KindEnum(k) == arg {
			return k
		}
	}
	panic("gateway: a value of an enum is one of its values")
}
