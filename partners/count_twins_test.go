package partners_test

import (
	"fmt"
	"testing"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// levelDriver asks, one operation after another, in all ways for customers
// that may be counted and compared, and not be read.
type levelDriver struct {
	t   *testing.T
	ids []schema.ID
	// counts is set to leave the counts out.
	noCounts bool
}

// Name names the driver.
func (levelDriver) Name() string { return "counts and overlaps" }

// levelOps is how many operations there are.
const levelOps = 16

// Run carries out one operation.
func (d levelDriver) Run(n *partnerstest.Node, viewer policy.Principal, op uint64) []byte {
	ctx := policy.With(d.t.Context(), viewer)
	k := schema.Customers
	compare := func(name string, value any) *policy.Filter {
		f, err := policy.Compare(k.FieldNamed(name), policy.OpEq, value)
		if err != nil {
			panic(err)
		}
		return f
	}
	filters := []*policy.Filter{
		nil, compare("country", "PT"), compare("country", "DE"), policy.Not(compare("country", "DE")), compare("status", "ACTIVE"),
		policy.Or(compare("country", "PT"), compare("country", "ES")), compare("vatId", "PT3"), compare("name", "PT 3"),
	}
	if op < uint64(len(filters)) {
		if d.noCounts {
			return nil
		}
		return said(n.Counts(ctx, k, filters[op]))
	}
	read := func(p *partners.Plan) []byte { return said(n.Read(ctx, p)) }
	switch op - uint64(len(filters)) {
	case 0:
		return said(n.Overlaps(ctx, k, partners.Overlap{}, 50))
	case 1:
		return said(n.Overlaps(ctx, k, partners.Overlap{}, 1))
	case 2:
		return read(&partners.Plan{Kind: k, Fields: k.Fields, First: 50, CountMax: 50})
	case 3:
		return read(&partners.Plan{Kind: k, Fields: k.Fields, First: 50, Search: "PT"})
	case 4:
		return read(&partners.Plan{Kind: k, IDs: d.ids})
	case 5:
		return said(n.Project(ctx, viewer.Firm, k, d.ids))
	case 6:
		return said(n.Why(ctx, partners.Record{Kind: k, ID: d.ids[0]}, nil, policy.Read, nil))
	}
	return said(n.Who(ctx, partners.Record{Kind: k, ID: d.ids[0]}, partners.Span{First: 10}))
}

// TestCountsAndOverlapsTellNothingElse: of two nodes that differ in records
// that may be counted and compared, but in no count that is told and in no
// key, a viewer gets the same by every way; and where a count differs, it is
// the counts alone that do.
func TestCountsAndOverlapsTellNothingElse(t *testing.T) {
	t.Parallel()
	var maker, distributor, seller policy.Principal
	var ids []schema.ID
	twins := partnerstest.NewTwins(t, func(n *partnerstest.Node) {
		maker, distributor = n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
		seller = n.Person(distributor.Firm, "Seller", schema.Sales)
		partnership := n.Partnership(maker, distributor)
		n.Share(maker, distributor, partnership, countedCustomers)
		n.Share(maker, distributor, partnership, comparedCustomers)
		for i := range 12 {
			ids = append(ids, n.Create(maker, schema.Customers, taxed(fmt.Sprintf("PT %d", i), fmt.Sprintf("PT%d", i))))
		}
		for i := range 6 {
			ids = append(ids, n.Create(maker, schema.Customers, customer(fmt.Sprintf("DE %d", i), "DE")))
		}
		for _, vat := range []string{"PT1", "PT3", "PT99"} {
			n.Create(distributor, schema.Customers, taxed("Ours "+vat, vat))
		}
	})
	viewers := []policy.Principal{distributor, seller, policy.Node(distributor.Firm)}
	ops := make([]uint64, levelOps)
	for i := range ops {
		ops[i] = uint64(i)
	}
	do := func(c partners.Command) func(*partnerstest.Node) bool {
		return func(n *partnerstest.Node) bool {
			n.Do(maker, c)
			return true
		}
	}
	create := func(values partners.Values) func(*partnerstest.Node) bool {
		return do(partners.Command{Verb: partners.Create, Kind: schema.Customers, Values: values})
	}
	change := func(i int, values partners.Values) func(*partnerstest.Node) bool {
		return do(partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: ids[i], Values: values})
	}
	compared := 0
	for _, secret := range []partnerstest.Secret{
		{Name: "another name and town", Do: change(0, partners.Values{"name": "Águas do Porto", "city": "Porto", "phone": "1"})},
		{Name: "one more, below the next step", Do: create(taxed("New", "PT77"))},
		{Name: "one fewer, above the last step", Do: do(partners.Command{Verb: partners.Delete, Kind: schema.Customers, ID: ids[17]})},
		{Name: "a key that nobody else has", Do: change(5, partners.Values{"vatId": "PT55"})},
		{Name: "a key twice", Do: change(6, partners.Values{"vatId": "PT3"})},
	} {
		compared += twins.Compare(t, secret, viewers, []partnerstest.Driver{levelDriver{t: t, ids: ids}}, ops)
	}
	for i := range 4 { // 18 become 22
		create(customer(fmt.Sprintf("DE more %d", i), "DE"))(twins.B)
	}
	if got := twins.Differing(t, viewers, []partnerstest.Driver{levelDriver{t: t, ids: ids}}, ops); got == 0 {
		t.Error("a count over the next step is not told: the test tests nothing")
	}
	if got := twins.Differing(t, viewers, []partnerstest.Driver{levelDriver{t: t, ids: ids, noCounts: true}}, ops); got != 0 {
		t.Errorf("%d answers other than counts differ", got)
	}
	change(7, partners.Values{"vatId": "PT99"})(twins.B)
	if got := twins.Differing(t, viewers[:2], []partnerstest.Driver{levelDriver{t: t, ids: ids, noCounts: true}}, ops); got != 2 {
		t.Errorf("%d answers differ by a record that both hold, want one for each person, by its list of them", got)
	}
	t.Logf("%d operations", compared)
}
