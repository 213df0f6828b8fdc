package gateway

import (
	"context"

	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/schema"
)

// sharedView compiles a record as another firm sees it, or would. It is told
// to people who may share the record, and of records of their own firm alone:
// whoever else asks learns what anybody learns of a record that is not there.
func (q *query) sharedView(ctx context.Context, args map[string]any, g operation.Group) (func(*rowWriter), error) {
	k, id, err := sdl.ParseGlobalID(args["id"].(string))
	if err != nil {
		return nil, refuse("id: %v", err)
	}
	firm, suppose, err := supposition(args)
	if err != nil {
		return nil, err
	}
	record := partners.Record{Kind: k, ID: id}
	if granted, _ := args["granted"].(bool); granted {
		suppose.Grants = []partners.Record{record}
	}
	seen, err := q.gateway.partners.SharedView(ctx, firm, record, suppose)
	if schema.Code(err) == schema.CodeNotFound {
		return (*rowWriter).null, nil
	}
	if err != nil {
		return nil, err
	}
	raw, hidden := []byte("null"), maskedNames(k, 0)
	if seen.After != nil {
		raw, hidden = seen.After.Fields, maskedNames(k, seen.After.Mask)
	}
	fields := q.object("SharedView", g, map[string]func(operation.Group) func(*rowWriter){
		"visible":      leaf(func(w *rowWriter) { w.bool(seen.After != nil) }),
		"fields":       leaf(func(w *rowWriter) { w.b = append(w.b, raw...) }),
		"hiddenFields": leaf(func(w *rowWriter) { w.names(hidden) }),
		"hindrances":   leaf(func(w *rowWriter) { w.names(seen.Hindrances) }),
	})
	return func(w *rowWriter) { w.fields(fields) }, nil
}
