package gateway

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/encode"
	"fondaco/gateway/introspect"
	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// query is the reading of one operation, or of one payload: the fields of
// type Query that are selected, and the plans that they need. All plans are
// read from one snapshot of the database.
type query struct {
	gateway   *Gateway
	principal policy.Principal
	compiler  compiler
	plans     []*partners.Plan
	pages     []*partners.Page
	watched   []watch
	errors    []error
}

// watch is a selection of which rows may need a later read.
type watch struct {
	record *selection
	page   *pageSelection
	plan   int
}

// field is a root field that is ready to be written once the plans are read.
type field struct {
	key   []byte
	write func(*rowWriter)
}

func (g *Gateway) query(ctx context.Context, op *operation.Operation) *query {
	p, _ := policy.From(ctx)
	return &query{gateway: g, principal: p, compiler: compiler{op: op}}
}

// roots compiles what sets select of type Query. A field that cannot be
// compiled is null and leaves an error; the others are not concerned.
func (q *query) roots(ctx context.Context, sets ...ast.SelectionSet) []field {
	var list []field
	for _, g := range q.compiler.op.Collect(q.gateway.schema.Query, sets...) {
		write, err := q.root(ctx, g)
		if err != nil {
			q.errors = append(q.errors, at(g.Key, err))
			write = (*rowWriter).null
		}
		list = append(list, field{keyOf(g.Key), write})
	}
	return list
}

func (q *query) root(ctx context.Context, g operation.Group) (func(*rowWriter), error) {
	args, problem := q.compiler.op.Arguments(g.Field)
	if problem != nil {
		return nil, problem
	}
	switch g.Field.Name {
	case "__typename":
		return func(w *rowWriter) { w.text("Query") }, nil
	case "__schema":
		return q.introspection(func(b []byte) []byte { return introspect.Schema(b, q.compiler.op, q.gateway.schema, g.Sets) }), nil
	case "__type":
		name, _ := args["name"].(string)
		return q.introspection(func(b []byte) []byte { return introspect.Type(b, q.compiler.op, q.gateway.schema, name, g.Sets) }), nil
	case "viewer":
		return q.viewer(g)
	case "cursor":
		return q.cursor(ctx)
	case "node":
		return q.node(args["id"].(string), g)
	case "nodes":
		return q.nodes(args["ids"].([]any), g)
	case "sharedView":
		return q.sharedView(ctx, args, g)
	case "sharingPreview":
		return q.sharingPreview(ctx, args, g)
	case "why":
		return q.why(ctx, args, g)
	case "who":
		return q.who(ctx, args, g)
	case "what":
		return q.what(ctx, args, g)
	case "seenRecord":
		return q.seenRecord(ctx, args, g)
	case "seenRecords":
		return q.seenRecords(ctx, args, g)
	case "sharedCounts":
		return q.sharedCounts(ctx, args, g)
	case "overlaps":
		return q.overlaps(ctx, args, g)
	case "policyRules":
		return q.policyRules(ctx, g)
	}
	for _, k := range schema.Kinds() {
		switch g.Field.Name {
		case k.Field:
			return q.one(k, args["id"].(string), g)
		case k.Plural:
			return q.list(k, g)
		}
	}
	return nil, refuse("field %s has no plan", g.Field.Name)
}

func (q *query) introspection(write func([]byte) []byte) func(*rowWriter) {
	return func(w *rowWriter) { w.b = write(w.b) }
}

// cursor gives where the ledger stands before anything is read: what is read
// afterwards is as new, or newer.
func (q *query) cursor(ctx context.Context) (func(*rowWriter), error) {
	place, err := q.gateway.partners.Position(ctx)
	if err != nil {
		return nil, err
	}
	return func(w *rowWriter) { w.text(q.gateway.sealer.sealCursor(place)) }, nil
}

// add takes a plan in, and gives its place.
func (q *query) add(plan *partners.Plan) int {
	q.plans = append(q.plans, plan)
	return len(q.plans) - 1
}

// list compiles a connection at the root.
func (q *query) list(k *schema.Kind, g operation.Group) (func(*rowWriter), error) {
	plan := &partners.Plan{Kind: k}
	page, err := q.compiler.page(plan, g)
	if err != nil {
		return nil, err
	}
	n := q.add(plan)
	q.watched = append(q.watched, watch{page: page, plan: n})
	return func(w *rowWriter) { w.page(page, q.pages[n]) }, nil
}

// one compiles a record that is named by its id.
func (q *query) one(k *schema.Kind, text string, g operation.Group) (func(*rowWriter), error) {
	id, err := sdl.ParseIDOf(k, text)
	if err != nil {
		return nil, refuse("%v", err)
	}
	return q.record(k, id, g.Sets)
}

func (q *query) record(k *schema.Kind, id schema.ID, sets []ast.SelectionSet) (func(*rowWriter), error) {
	record, n, err := q.records(k, []schema.ID{id}, sets)
	if err != nil {
		return nil, err
	}
	return func(w *rowWriter) { w.first(record, q.pages[n]) }, nil
}

func (q *query) records(k *schema.Kind, ids []schema.ID, sets []ast.SelectionSet) (*selection, int, error) {
	record, err := q.compiler.record(&partners.Plan{Kind: k, IDs: ids}, sets)
	if err != nil {
		return nil, 0, err
	}
	n := q.add(record.plan)
	q.watched = append(q.watched, watch{record: record, plan: n})
	return record, n, nil
}

func (q *query) node(text string, g operation.Group) (func(*rowWriter), error) {
	k, id, err := sdl.ParseGlobalID(text)
	if err != nil {
		return nil, refuse("%v", err)
	}
	return q.record(k, id, g.Sets)
}

// nodes compiles records of any kinds, a plan for each kind.
func (q *query) nodes(ids []any, g operation.Group) (func(*rowWriter), error) {
	if len(ids) > pageMax {
		return nil, refuse("ids has %d entries; at most %d are allowed", len(ids), pageMax)
	}
	type place struct {
		kind *schema.Kind
		id   schema.ID
	}
	type found struct {
		record *selection
		plan   int
	}
	var places []place
	byKind := map[*schema.Kind][]schema.ID{}
	for _, text := range ids {
		k, id, err := sdl.ParseGlobalID(text.(string))
		if err != nil {
			return nil, refuse("%v", err)
		}
		places = append(places, place{k, id})
		byKind[k] = append(byKind[k], id)
	}
	plans := map[*schema.Kind]found{}
	for _, k := range schema.Kinds() {
		if byKind[k] == nil {
			continue
		}
		record, n, err := q.records(k, byKind[k], g.Sets)
		if err != nil {
			return nil, err
		}
		plans[k] = found{record, n}
	}
	return func(w *rowWriter) {
		w.b = append(w.b, '[')
		for i, p := range places {
			w.comma(i)
			w.byID(plans[p.kind].record, q.pages[plans[p.kind].plan], p.id)
		}
		w.b = append(w.b, ']')
	}, nil
}

// byID writes the row of a page with this id, or null.
func (w *rowWriter) byID(s *selection, page *partners.Page, id schema.ID) {
	for i := range page.Rows {
		if page.Rows[i].ID == id {
			w.row(s, &page.Rows[i])
			return
		}
	}
	w.null()
}

// viewer compiles who is asking.
func (q *query) viewer(g operation.Group) (func(*rowWriter), error) {
	p := q.principal
	var fields []field
	for _, part := range q.compiler.op.Collect(q.compiler.op.Type("Viewer"), g.Sets...) {
		write := (*rowWriter).null
		var err error
		switch part.Field.Name {
		case "__typename":
			write = func(w *rowWriter) { w.text("Viewer") }
		case "actor":
			write = func(w *rowWriter) { w.text(string(p.Actor)) }
		case "roles":
			write = func(w *rowWriter) { w.names(texts(p.Roles)) }
		case "firmId":
			write = func(w *rowWriter) { w.b = encode.ID(w.b, schema.Firms, p.Firm[:]) }
		case "firm":
			write, err = q.record(schema.Firms, p.Firm.ID(), part.Sets)
		case "userId":
			if !p.User.IsZero() {
				write = func(w *rowWriter) { w.b = encode.ID(w.b, schema.Users, p.User[:]) }
			}
		case "user":
			if !p.User.IsZero() {
				write, err = q.record(schema.Users, p.User.ID(), part.Sets)
			}
		}
		if err != nil {
			return nil, at(part.Key, err)
		}
		fields = append(fields, field{keyOf(part.Key), write})
	}
	return func(w *rowWriter) { w.fields(fields) }, nil
}

func texts[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = string(s)
	}
	return all
}

// fields writes an object.
func (w *rowWriter) fields(list []field) {
	w.b = append(w.b, '{')
	for i, f := range list {
		w.comma(i)
		w.b = append(w.b, f.key...)
		f.write(w)
	}
	w.b = append(w.b, '}')
}

// read reads all plans, and afterwards what their rows need.
func (q *query) read(ctx context.Context) (*rowWriter, error) {
	w := &rowWriter{later: newLater(q.principal.Firm), download: q.gateway.downloads(q.principal)}
	if len(q.plans) == 0 {
		return w, nil
	}
	var err error
	if q.pages, err = q.gateway.partners.Read(ctx, q.plans...); err != nil {
		return nil, err
	}
	for _, watched := range q.watched {
		if watched.record != nil {
			w.later.gather(watched.record, q.pages[watched.plan])
		} else {
			w.later.page(watched.page, q.pages[watched.plan])
		}
	}
	return w, w.later.read(ctx, q.gateway.partners, q.compiler.owners)
}
