package gateway

import (
	"context"

	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// sharedView compiles a record as another firm may hold it. It is told to
// people who may share the record, and of records of their own firm alone:
// whoever else asks learns what anybody learns of a record that is not there.
func (q *query) sharedView(ctx context.Context, args map[string]any, g operation.Group) (func(*rowWriter), error) {
	k, id, err := sdl.ParseGlobalID(args["id"].(string))
	if err != nil {
		return nil, refuse("%v", err)
	}
	firm, err := sdl.ParseIDOf(schema.Firms, args["firmId"].(string))
	if err != nil {
		return nil, refuse("%v", err)
	}
	pages, err := q.gateway.partners.Read(ctx, &partners.Plan{Kind: k, Action: policy.Share, IDs: []schema.ID{id}})
	if err != nil {
		return nil, err
	}
	if len(pages[0].Rows) == 0 || pages[0].Rows[0].Owner != q.principal.Firm {
		return (*rowWriter).null, nil
	}
	seen, err := q.gateway.partners.Project(ctx, schema.FirmID(firm), k, []schema.ID{id})
	if err != nil {
		return nil, err
	}
	return func(w *rowWriter) { w.fields(q.projected(k, seen, g)) }, nil
}

func (q *query) projected(k *schema.Kind, seen []partners.Projection, g operation.Group) []field {
	var mask schema.Mask
	raw := "null"
	if len(seen) > 0 {
		mask, raw = seen[0].Mask, string(seen[0].Fields)
	}
	var fields []field
	for _, part := range q.compiler.op.Collect(q.compiler.op.Type("SharedView"), g.Sets...) {
		var write func(*rowWriter)
		switch part.Field.Name {
		case "visible":
			write = func(w *rowWriter) { w.bool(len(seen) > 0) }
		case "fields":
			write = func(w *rowWriter) { w.b = append(w.b, raw...) }
		case "hiddenFields":
			write = func(w *rowWriter) { w.names(maskedNames(k, mask)) }
		default:
			write = func(w *rowWriter) { w.text("SharedView") }
		}
		fields = append(fields, field{keyOf(part.Key), write})
	}
	return fields
}
