package gateway

import (
	"context"
	"encoding/json"
	"strconv"

	"fondaco/gateway/encode"
	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/schema"
)

// sampleMax is the most records of a kind that a preview shows.
const sampleMax = 20

// supposition reads what the arguments of sharedView and sharingPreview
// suppose, and the firm through whose eyes they look.
func supposition(args map[string]any) (schema.FirmID, partners.Supposition, error) {
	var s partners.Supposition
	firm, err := sdl.ParseIDOf(schema.Firms, args["firmId"].(string))
	if err != nil {
		return schema.FirmID{}, s, refuse("firmId: %v", err)
	}
	if text, ok := args["sharingAgreementId"].(string); ok {
		if s.Agreement, err = sdl.ParseIDOf(schema.SharingAgreements, text); err != nil {
			return schema.FirmID{}, s, refuse("sharingAgreementId: %v", err)
		}
	}
	if raw, ok := args["terms"].(json.RawMessage); ok {
		s.Terms = []schema.SharingTerm{}
		if err := json.Unmarshal(raw, &s.Terms); err != nil {
			return schema.FirmID{}, s, refuse("terms: want a list of terms such as [{\"kind\":\"Customer\",\"level\":\"ALL\",\"actions\":[\"read\"]}]")
		}
	}
	s.Ended, _ = args["ended"].(bool)
	return schema.FirmID(firm), s, nil
}

// sharingPreview compiles what another firm would see of the records of the
// reader's own firm.
func (q *query) sharingPreview(ctx context.Context, args map[string]any, g operation.Group) (func(*rowWriter), error) {
	firm, suppose, err := supposition(args)
	if err != nil {
		return nil, err
	}
	grants, _ := args["grants"].([]any)
	if len(grants) > pageMax {
		return nil, refuse("grants has %d entries; at most %d are allowed", len(grants), pageMax)
	}
	for _, text := range grants {
		k, id, err := sdl.ParseGlobalID(text.(string))
		if err != nil {
			return nil, refuse("grants: %v", err)
		}
		suppose.Grants = append(suppose.Grants, partners.Record{Kind: k, ID: id})
	}
	sample, ok := args["sample"].(int64)
	if ok && (sample < 0 || sample > sampleMax) {
		return nil, refuse("sample is %d; 0 to %d are allowed", sample, sampleMax)
	}
	found, err := q.gateway.partners.Preview(ctx, firm, suppose, int(sample))
	if err != nil {
		return nil, err
	}
	fields := q.object("SharingPreview", g, map[string]func(operation.Group) func(*rowWriter){
		"at":         leaf(func(w *rowWriter) { w.b = encode.Time(w.b, found.At) }),
		"hindrances": leaf(func(w *rowWriter) { w.names(found.Hindrances) }),
		"kinds": func(part operation.Group) func(*rowWriter) {
			return listed(len(found.Kinds), func(i int) []field { return q.kindPreview(&found.Kinds[i], part) })
		},
	})
	return func(w *rowWriter) { w.fields(fields) }, nil
}

func (q *query) kindPreview(p *partners.KindPreview, g operation.Group) []field {
	number := func(n int) func(operation.Group) func(*rowWriter) {
		return leaf(func(w *rowWriter) { w.b = strconv.AppendInt(w.b, int64(n), 10) })
	}
	names := func(hidden schema.Mask) func(operation.Group) func(*rowWriter) {
		return leaf(func(w *rowWriter) { w.names(maskedNames(p.Kind, hidden)) })
	}
	return q.object("KindPreview", g, map[string]func(operation.Group) func(*rowWriter){
		"kind":         leaf(func(w *rowWriter) { w.text(sdl.KindEnum(p.Kind)) }),
		"before":       number(p.Before),
		"after":        number(p.After),
		"gained":       number(p.Gained),
		"lost":         number(p.Lost),
		"changed":      number(p.Changed),
		"isExact":      leaf(func(w *rowWriter) { w.bool(p.Exact) }),
		"fields":       names(^p.Every),
		"someFields":   names(^(p.Some &^ p.Every)),
		"hiddenFields": names(p.Some),
		"sample": func(part operation.Group) func(*rowWriter) {
			return listed(len(p.Sample), func(i int) []field { return q.previewed(&p.Sample[i], part) })
		},
	})
}

func (q *query) previewed(p *partners.Projection, g operation.Group) []field {
	return q.object("PreviewedRecord", g, map[string]func(operation.Group) func(*rowWriter){
		"id":           leaf(func(w *rowWriter) { w.b = encode.ID(w.b, p.Kind, p.ID[:]) }),
		"fields":       leaf(func(w *rowWriter) { w.b = append(w.b, p.Fields...) }),
		"hiddenFields": leaf(func(w *rowWriter) { w.names(maskedNames(p.Kind, p.Mask)) }),
	})
}

// object compiles the fields that are selected of an object which is known
// as a whole already.
func (q *query) object(name string, g operation.Group, members map[string]func(operation.Group) func(*rowWriter)) []field {
	var fields []field
	for _, part := range q.compiler.op.Collect(q.compiler.op.Type(name), g.Sets...) {
		write := func(w *rowWriter) { w.text(name) } // __typename
		if member := members[part.Field.Name]; member != nil {
			write = member(part)
		}
		fields = append(fields, field{keyOf(part.Key), write})
	}
	return fields
}

// leaf is a member without a selection below it.
func leaf(write func(*rowWriter)) func(operation.Group) func(*rowWriter) {
	return func(operation.Group) func(*rowWriter) { return write }
}

// listed compiles a list of objects.
func listed(n int, one func(i int) []field) func(*rowWriter) {
	all := make([][]field, n)
	for i := range all {
		all[i] = one(i)
	}
	return func(w *rowWriter) {
		w.b = append(w.b, '[')
		for i, fields := range all {
			w.comma(i)
			w.fields(fields)
		}
		w.b = append(w.b, ']')
	}
}
