package gateway

import (
	"context"
	"time"

	"fondaco/gateway/encode"
	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// whyThen asks for the reasons that held at a past time, of who asks itself or
// of another viewer.
func (q *query) whyThen(ctx context.Context, at time.Time, r partners.Record, f *schema.Field, a policy.Action, as any, node bool,
) (*partners.PastExplanation, error) {
	if node {
		return nil, refuse("node does not go with at: what had been sent to a node is in the audit")
	}
	viewer := partners.Viewer{User: q.principal.User}
	if text, given := as.(string); given {
		var err error
		if viewer, err = viewerOf(text); err != nil {
			return nil, err
		}
	}
	return q.gateway.partners.At(at).Why(ctx, r, f, a, viewer)
}

// then gives the time of which is asked: now, if none is named.
func (q *query) then(args map[string]any) (at time.Time, name string) {
	if at, past := args["at"].(time.Time); past {
		return at, instantName(at)
	}
	return q.gateway.partners.Now(), ""
}

// seenRecord compiles one record as somebody sees it, or saw it.
func (q *query) seenRecord(ctx context.Context, args map[string]any, g operation.Group) (func(*rowWriter), error) {
	viewer, err := viewerOf(args["viewerId"].(string))
	if err != nil {
		return nil, err
	}
	k, id, err := sdl.ParseGlobalID(args["recordId"].(string))
	if err != nil {
		return nil, refuse("recordId: %v", err)
	}
	at, _ := q.then(args)
	found, err := q.gateway.partners.At(at).Record(ctx, viewer, partners.Record{Kind: k, ID: id})
	if schema.Code(err) == schema.CodeNotFound {
		return (*rowWriter).null, nil
	}
	if err != nil {
		return nil, err
	}
	s, err := shapeOf(q, "SeenRecord", g.Sets, func(part operation.Group) (func(*rowWriter, partners.PastRecord), error) {
		return seen(k, found, part), nil
	})
	return func(w *rowWriter) { s.write(w, found.List[0]) }, err
}

// seenRecords compiles the records of a kind as somebody sees them, or saw
// them.
func (q *query) seenRecords(ctx context.Context, args map[string]any, g operation.Group) (func(*rowWriter), error) {
	text, k := args["viewerId"].(string), kindOf(args["kind"])
	viewer, err := viewerOf(text)
	if err != nil {
		return nil, err
	}
	at, then := q.then(args)
	name := "seen " + text + " " + k.Name + then
	span, from, err := q.span(name, args)
	if err != nil {
		return nil, err
	}
	found, err := q.gateway.partners.At(at).Read(ctx, viewer, k, span)
	if err != nil {
		return nil, err
	}
	page := plainPage[partners.PastRecord]{list: found.List, hasNext: found.HasNext, hasPrevious: !from.ID.IsZero(), cursor: func(r partners.PastRecord) string {
		return q.placed(name, r.ID, schema.FirmID{})
	}}
	if found.HasNext {
		page.end = q.placed(name, found.Through, schema.FirmID{})
	}
	return connection(q, "SeenRecord", g, page, func(part operation.Group) (func(*rowWriter, partners.PastRecord), error) {
		return seen(k, found, part), nil
	})
}

// seen compiles a field of a record as it is seen.
func seen(k *schema.Kind, all *partners.PastRecords, part operation.Group) func(*rowWriter, partners.PastRecord) {
	switch part.Field.Name {
	case "createdAt":
		return func(w *rowWriter, r partners.PastRecord) { w.b = encode.Time(w.b, r.CreatedAt) }
	case "erased":
		return func(w *rowWriter, r partners.PastRecord) { w.names(shownNames(k, r.Erased)) }
	case "fields":
		return func(w *rowWriter, r partners.PastRecord) { w.b = append(w.b, r.Fields...) }
	case "gaps":
		return func(w *rowWriter, _ partners.PastRecord) { w.names(all.Gaps) }
	case "id":
		return func(w *rowWriter, r partners.PastRecord) { w.id(k, r.ID) }
	case "seenFields":
		return func(w *rowWriter, r partners.PastRecord) { w.names(shownNames(k, r.Mask)) }
	case "uncertain":
		return func(w *rowWriter, r partners.PastRecord) { w.bool(r.Uncertain) }
	case "updatedAt":
		return func(w *rowWriter, r partners.PastRecord) { w.b = encode.Time(w.b, r.UpdatedAt) }
	case "version":
		return func(w *rowWriter, r partners.PastRecord) { w.number(r.Version) }
	default:
		return func(w *rowWriter, r partners.PastRecord) { w.names(shownNames(k, r.Withheld)) }
	}
}
