package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/parser"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"fondaco/gateway/encode"
	"fondaco/gateway/gatewaytest"
	"fondaco/gateway/sdl"
	"fondaco/gateway/typesystem"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// The oracle answers documents the slow and simple way: graphql-go walks
// them, and every field of every record is a read of its own. What the
// gateway compiles must come out the same.

type oracle struct {
	node   *partnerstest.Node
	schema graphql.Schema
}

// oracleRow is a record, and oraclePage a page below one, or at the root.
type (
	oracleRow struct {
		kind *schema.Kind
		row  partners.Row
	}
	oraclePage struct {
		kind *schema.Kind
		page *partners.Page
	}
	oracleEdge struct {
		kind *schema.Kind
		row  partners.Row
	}
	oracleInfo struct{ page *partners.Page }
)

func newOracle(t *testing.T, node *partnerstest.Node) *oracle {
	t.Helper()
	o := &oracle{node: node}
	var err error
	o.schema, err = typesystem.Build(sdl.Schema(), typesystem.Options{
		Resolve: func(parent *ast.Definition, f *ast.FieldDefinition) graphql.FieldResolveFn {
			return func(p graphql.ResolveParams) (any, error) { return o.resolve(p, parent, f.Name) }
		},
		ResolveType: func(v any) string { return v.(oracleRow).kind.Name },
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *oracle) resolve(p graphql.ResolveParams, parent *ast.Definition, name string) (any, error) {
	switch source := p.Source.(type) {
	case oracleRow:
		return o.member(p, source, sdl.MemberNamed(source.kind, name))
	case oraclePage:
		return o.connection(p, source, name)
	case oracleEdge:
		if name == "cursor" {
			return source.row.Cursor(), nil
		}
		return oracleRow(source), nil
	case oracleInfo:
		page := source.page
		switch {
		case name == "hasNextPage":
			return page.HasNext, nil
		case name == "hasPreviousPage":
			return page.HasPrevious, nil
		case len(page.Rows) == 0:
			return nil, nil
		case name == "startCursor":
			return page.Rows[0].Cursor(), nil
		}
		return page.Rows[len(page.Rows)-1].Cursor(), nil
	case map[string]any:
		if parent.Name != "Query" {
			return source[name], nil
		}
	}
	for _, k := range schema.Kinds() {
		switch name {
		case k.Field:
			return o.one(p.Context, k, p.Args["id"].(string))
		case k.Plural:
			return o.page(p, k, nil, schema.ID{})
		}
	}
	k, _, err := sdl.ParseGlobalID(p.Args["id"].(string)) // node
	if err != nil {
		return nil, err
	}
	return o.one(p.Context, k, p.Args["id"].(string))
}

func (o *oracle) read(ctx context.Context, plan *partners.Plan) (*partners.Page, error) {
	pages, err := o.node.Read(ctx, plan)
	if err != nil {
		return nil, err
	}
	return pages[0], nil
}

func (o *oracle) one(ctx context.Context, k *schema.Kind, text string) (any, error) {
	id, err := sdl.ParseIDOf(k, text)
	if err != nil {
		return nil, err
	}
	page, err := o.read(ctx, &partners.Plan{Kind: k, IDs: []schema.ID{id}})
	if err != nil || len(page.Rows) == 0 {
		return nil, err
	}
	return oracleRow{k, page.Rows[0]}, nil
}

// page reads a page of a kind, of all records or of those whose link is up.
func (o *oracle) page(p graphql.ResolveParams, k *schema.Kind, link *schema.Field, up schema.ID) (any, error) {
	plan := &partners.Plan{Kind: k, CountMax: 10001}
	if link != nil {
		where, err := policy.ParseFilter(k, json.RawMessage(fmt.Sprintf(`{"field":%q,"op":"eq","value":%q}`, link.Name, up)))
		if err != nil {
			return nil, err
		}
		plan.Where = where
	}
	plan.First, _ = p.Args["first"].(int)
	plan.Last, _ = p.Args["last"].(int)
	if orders, _ := p.Args["orderBy"].([]any); len(orders) == 1 {
		by := orders[0].(map[string]any)
		one := partners.Order{Desc: by["direction"] == "DESC"}
		for _, f := range k.Fields {
			if f.Sort && sdl.OrderEnum(f) == by["field"] {
				one.Field = f
			}
		}
		plan.Order = []partners.Order{one}
	}
	page, err := o.read(p.Context, plan)
	return oraclePage{k, page}, err
}

func (o *oracle) connection(p graphql.ResolveParams, s oraclePage, name string) (any, error) {
	var list []any
	switch name {
	case "nodes":
		for _, row := range s.page.Rows {
			list = append(list, oracleRow{s.kind, row})
		}
	case "edges":
		for _, row := range s.page.Rows {
			list = append(list, oracleEdge{s.kind, row})
		}
	case "pageInfo":
		return oracleInfo{s.page}, nil
	case "totalCount":
		most := p.Args["max"].(int)
		return map[string]any{"value": min(most, s.page.Count), "isExact": s.page.Count <= most}, nil
	}
	if list == nil {
		list = []any{}
	}
	return list, nil
}

func (o *oracle) member(p graphql.ResolveParams, s oracleRow, m *sdl.Member) (any, error) {
	switch m.Role {
	case sdl.RoleID:
		return sdl.GlobalID(s.kind, s.row.ID), nil
	case sdl.RoleOwnerID:
		return sdl.GlobalID(schema.Firms, s.row.Owner.ID()), nil
	case sdl.RoleOwner:
		return o.one(p.Context, schema.Firms, sdl.GlobalID(schema.Firms, s.row.Owner.ID()))
	case sdl.RoleVersion:
		return int(s.row.Version), nil
	case sdl.RoleCreatedAt:
		return schema.FormatInstant(s.row.CreatedAt), nil
	case sdl.RoleUpdatedAt:
		return schema.FormatInstant(s.row.UpdatedAt), nil
	case sdl.RoleMasked:
		names := []any{}
		for _, f := range sdl.Members(s.kind) { // in the order of their names
			if f.Role == sdl.RoleValue || f.Role == sdl.RoleLink {
				if !s.row.Mask.Has(f.Field.Bit) {
					names = append(names, f.Name)
				}
			}
		}
		return names, nil
	case sdl.RoleConnection:
		return o.page(p, m.Kind, m.Field, s.row.ID)
	}
	page, err := o.read(p.Context, &partners.Plan{Kind: s.kind, IDs: []schema.ID{s.row.ID}, Fields: []*schema.Field{m.Field}})
	if err != nil {
		return nil, err
	}
	cells := page.Rows[0].Cells
	if m.Role == sdl.RoleLink && cells[0] != nil {
		return o.one(p.Context, m.Kind, sdl.GlobalID(m.Kind, schema.ID(cells[0])))
	}
	var value any
	err = json.Unmarshal(encode.Value(nil, m.Field, cells), &value)
	if m.Field.Target() == nil || m.Field.Target() == schema.Firms || s.row.Owner == firmOf(p.Context) {
		return value, err
	}
	return o.known(p.Context, m.Field.Target(), value)
}

// known leaves the ids of records that the reader sees.
func (o *oracle) known(ctx context.Context, k *schema.Kind, value any) (any, error) {
	switch v := value.(type) {
	case string:
		if target, err := o.one(ctx, k, v); target == nil {
			return nil, err
		}
	case []any:
		kept := []any{}
		for _, id := range v {
			one, err := o.known(ctx, k, id)
			if err != nil {
				return nil, err
			}
			if one != nil {
				kept = append(kept, one)
			}
		}
		return kept, nil
	}
	return value, nil
}

func firmOf(ctx context.Context) schema.FirmID {
	p, _ := policy.From(ctx)
	return p.Firm
}

// documents draws random documents.
type documents struct {
	t    *rapid.T
	b    strings.Builder
	next int
}

func (d *documents) chance(percent int) bool {
	return rapid.IntRange(1, 100).Draw(d.t, "chance") <= percent
}

// field begins a field, sometimes under an alias and with a directive behind
// its arguments.
func (d *documents) field(name, args string) {
	if d.chance(25) {
		d.next++
		fmt.Fprintf(&d.b, "a%d: ", d.next)
	}
	d.b.WriteString(name + args)
	switch {
	case d.chance(5):
		d.b.WriteString(" @skip(if: true)")
	case d.chance(6):
		d.b.WriteString(" @include(if: true)")
	}
}

func (d *documents) pageArgs(k *schema.Kind) string {
	size := []string{"first", "last"}[rapid.IntRange(0, 1).Draw(d.t, "direction")]
	args := fmt.Sprintf("(%s: %d", size, rapid.IntRange(1, 4).Draw(d.t, "size"))
	if d.chance(50) {
		fields := []*schema.Field{nil}
		for _, f := range k.Fields {
			if f.Sort {
				fields = append(fields, f)
			}
		}
		args += fmt.Sprintf(", orderBy: {field: %s, direction: %s}", sdl.OrderEnum(rapid.SampledFrom(fields).Draw(d.t, "order")),
			rapid.SampledFrom([]string{"ASC", "DESC"}).Draw(d.t, "direction"))
	}
	return args + ")"
}

func (d *documents) page(k *schema.Kind, depth int) {
	d.b.WriteString(" { __typename ")
	if d.chance(70) {
		d.b.WriteString("nodes")
		d.record(k, depth)
	}
	if d.chance(30) {
		d.b.WriteString("edges { cursor node")
		d.record(k, depth)
		d.b.WriteString("} ")
	}
	if d.chance(30) {
		d.b.WriteString("pageInfo { hasNextPage hasPreviousPage startCursor endCursor } ")
	}
	if d.chance(30) {
		fmt.Fprintf(&d.b, "totalCount(max: %d) { value isExact } ", rapid.IntRange(1, 5).Draw(d.t, "max"))
	}
	d.b.WriteString("} ")
}

func (d *documents) record(k *schema.Kind, depth int) {
	d.b.WriteString(" { id ")
	for range rapid.IntRange(1, 5).Draw(d.t, "fields") {
		m := rapid.SampledFrom(sdl.Members(k)).Draw(d.t, "member")
		d.next++
		fmt.Fprintf(&d.b, "m%d: ", d.next) // a key of its own, so that no two selections disagree
		switch m.Role {
		case sdl.RoleConnection, sdl.RoleLink, sdl.RoleOwner:
			d.object(m, depth)
		case sdl.RoleValue:
			d.b.WriteString(m.Name + " ")
			if m.Field.Type == schema.Amount {
				d.b.WriteString("{ currency amount } ")
			}
		case sdl.RoleActions, sdl.RoleDownload:
			d.b.WriteString("__typename ")
		default:
			d.b.WriteString(m.Name + " ")
		}
	}
	if d.chance(20) {
		fmt.Fprintf(&d.b, "... on %s { __typename version } ... on Record { ownerId } ", k)
	}
	d.b.WriteString("} ")
}

func (d *documents) object(m *sdl.Member, depth int) {
	switch {
	case depth == 0:
		d.b.WriteString("__typename ")
	case m.Role == sdl.RoleConnection:
		d.b.WriteString(m.Name + d.pageArgs(m.Kind))
		d.page(m.Kind, depth-1)
	default:
		d.b.WriteString(m.Name)
		d.record(m.Kind, depth-1)
	}
}

func TestCompiledDocumentsAnswerAsTheExecutorDoes(t *testing.T) {
	t.Parallel()
	node := partnerstest.Open(t)
	s := gatewaytest.Serve(t, node)
	maker, partner := s.Firm("Maker", "PL"), s.Firm("Partner", "PT")
	s.Share(maker, partner, s.Partnership(maker, partner), `[{"kind":"Customer","level":"FILTER","filter":{"field":"country","op":"eq","value":"PT"},"actions":["read"]},
		{"kind":"Contact","level":"CHILDREN","actions":["read"],"classes":["personal"]},{"kind":"Interaction","level":"CHILDREN","actions":["read"]},
		{"kind":"Promotion","level":"ALL","actions":["read"]}]`)
	product := s.Create(maker, schema.Products, partners.Values{"name": "Pump", "partNumber": "P-1", "listPrice": money(t, "9", "EUR")})
	s.Create(maker, schema.Promotions, partners.Values{"name": "Spring", "startsOn": day(t, "2026-03-01"), "endsOn": day(t, "2026-04-01"), "products": []schema.ID{product}})
	for i, country := range []string{"PT", "PL", "PT", "ES"} {
		c := s.Create(maker, schema.Customers, partners.Values{"name": fmt.Sprint("Customer ", i), "customerType": "ORGANISATION", "status": "ACTIVE", "country": country,
			"email": "a@example.com", "annualRevenue": money(t, "1", "PLN"), "assignee": maker.User.ID()})
		s.Create(maker, schema.Contacts, partners.Values{"customer": c, "name": fmt.Sprint("Contact ", i), "email": "c@example.com"})
		s.Create(maker, schema.Tasks, partners.Values{"customer": c, "title": fmt.Sprint("Task ", i), "dueOn": day(t, "2026-05-01")})
		s.Create(maker, schema.Interactions, partners.Values{"customer": c, "interactionType": "NOTE", "occurredAt": s.Now(), "subject": "Note",
			"audience": "FIRMS", "audienceFirms": []schema.ID{partner.Firm.ID()}})
		if country == "PT" {
			s.Create(partner, schema.CustomerOverlays, partners.Values{"customer": c, "rating": "HOT"})
		}
	}
	o := newOracle(t, node)
	kinds := []*schema.Kind{schema.Customers, schema.Contacts, schema.Interactions, schema.Tasks, schema.Promotions, schema.CustomerOverlays,
		schema.SharingAgreements, schema.Partnerships, schema.Firms, schema.Users, schema.Memberships}
	//nolint:paralleltest // the processor is busy already
	for name, p := range map[string]policy.Principal{"the owner": maker, "a partner": partner} {
		client := s.As(p)
		ctx := policy.With(t.Context(), p)
		t.Run("for "+name, rapid.MakeCheck(func(r *rapid.T) {
			d := &documents{t: r}
			k := rapid.SampledFrom(kinds).Draw(r, "kind")
			d.b.WriteString("{ ")
			d.field(k.Plural, d.pageArgs(k))
			d.page(k, 2)
			d.b.WriteString("}")
			got := client.Do(d.b.String(), nil) //nolint:contextcheck // the client has the context of its test
			if len(got.Errors) > 0 {
				if got.Errors[0].Extensions["code"] == "LIMIT" {
					r.Skip("too large")
				}
				r.Fatalf("%s: %s", d.b.String(), got.Body)
			}
			doc, err := parser.Parse(parser.ParseParams{Source: d.b.String()})
			if err != nil {
				r.Fatal(err)
			}
			want := graphql.Execute(graphql.ExecuteParams{Schema: o.schema, AST: doc, Context: ctx})
			if len(want.Errors) > 0 {
				r.Fatalf("%s: the oracle fails: %v", d.b.String(), want.Errors)
			}
			if diff := cmp.Diff(plainJSON(r, want.Data), plainJSON(r, got.Data)); diff != "" {
				r.Errorf("%s (-executor +compiled):\n%s", d.b.String(), diff)
			}
		}))
	}
}

func plainJSON(t *rapid.T, v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		t.Fatal(err)
	}
	return plain
}
