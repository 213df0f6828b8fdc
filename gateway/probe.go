package gateway

import (
	"context"
	"encoding/json"

	"fondaco/gateway/operation"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// sharedCounts compiles how many records other firms have.
func (q *query) sharedCounts(ctx context.Context, args map[string]any, g operation.Group) (func(*rowWriter), error) {
	k := kindOf(args["kind"])
	var filter *policy.Filter
	if raw, ok := args["filter"]; ok && raw != nil {
		var err error
		if filter, err = parseFilter(k, raw); err != nil {
			return nil, err
		}
	}
	if err := q.gateway.probes.take(q.principal); err != nil {
		return nil, err
	}
	found, err := q.gateway.partners.Counts(ctx, k, filter)
	if err != nil {
		return nil, err
	}
	owners := make([]schema.ID, len(found))
	for i, c := range found {
		owners[i] = c.Owner.ID()
	}
	s, err := shapeOf(q, "SharedCount", g.Sets, func(part operation.Group) (func(*rowWriter, partners.Counted), error) {
		switch part.Field.Name {
		case "atLeast":
			return func(w *rowWriter, c partners.Counted) { w.number(c.AtLeast) }, nil
		case "floor":
			return func(w *rowWriter, c partners.Counted) { w.number(c.Floor) }, nil
		case "firm":
			write, err := q.linked(schema.Firms, owners, part.Sets)
			return func(w *rowWriter, c partners.Counted) { write(w, c.Owner.ID()) }, err
		default:
			return func(w *rowWriter, c partners.Counted) { w.id(schema.Firms, c.Owner.ID()) }, nil
		}
	})
	return func(w *rowWriter) { s.list(w, found) }, err
}

// overlaps compiles which own records other firms hold too.
func (q *query) overlaps(ctx context.Context, args map[string]any, g operation.Group) (func(*rowWriter), error) {
	k := kindOf(args["kind"])
	name := "overlaps " + k.Name
	span, from, err := q.span(name, args)
	if err != nil {
		return nil, err
	}
	if err := q.gateway.probes.take(q.principal); err != nil {
		return nil, err
	}
	found, err := q.gateway.partners.Overlaps(ctx, k, partners.Overlap{ID: from.ID, Owner: from.Owner}, span.First)
	if err != nil {
		return nil, err
	}
	ids, owners := make([]schema.ID, len(found.List)), make([]schema.ID, len(found.List))
	for i, o := range found.List {
		ids[i], owners[i] = o.ID, o.Owner.ID()
	}
	page := plainPage[partners.Overlap]{list: found.List, hasNext: found.HasNext, hasPrevious: !from.ID.IsZero(), cursor: func(o partners.Overlap) string {
		return q.placed(name, o.ID, o.Owner)
	}}
	return connection(q, "Overlap", g, page, func(part operation.Group) (func(*rowWriter, partners.Overlap), error) {
		switch part.Field.Name {
		case "firm":
			write, err := q.linked(schema.Firms, owners, part.Sets)
			return func(w *rowWriter, o partners.Overlap) { write(w, o.Owner.ID()) }, err
		case "firmId":
			return func(w *rowWriter, o partners.Overlap) { w.id(schema.Firms, o.Owner.ID()) }, nil
		case "record":
			write, err := q.linked(k, ids, part.Sets)
			return func(w *rowWriter, o partners.Overlap) { write(w, o.ID) }, err
		default:
			return func(w *rowWriter, o partners.Overlap) { w.id(k, o.ID) }, nil
		}
	})
}

// parseFilter reads a filter in the form of the terms of sharing.
func parseFilter(k *schema.Kind, arg any) (*policy.Filter, error) {
	raw, ok := arg.(json.RawMessage)
	if !ok {
		return nil, refuse("filter: want an object such as {\"field\": \"country\", \"op\": \"eq\", \"value\": \"PT\"}")
	}
	f, err := policy.ParseFilter(k, raw)
	if err != nil {
		return nil, refuse("filter: %v", err)
	}
	return f, nil
}
