package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fondaco/gateway/gatewaytest"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// streamDriver is the subscription as a way to get something: one that runs
// all the time, and others that take up where the one before left off.
type streamDriver struct {
	*pair
	live    map[*gatewaytest.Client]*gatewaytest.Stream
	cursors map[*gatewaytest.Client]string
	events  int
}

func newStreamDriver(t *testing.T, p *pair) *streamDriver {
	t.Helper()
	d := &streamDriver{pair: p, live: map[*gatewaytest.Client]*gatewaytest.Stream{}, cursors: map[*gatewaytest.Client]string{}}
	for _, n := range []*partnerstest.Node{p.A, p.B} {
		for _, viewer := range append(p.veil.Viewers, p.veil.Maker) {
			c := d.as(n, viewer)
			var got struct{ Cursor string }
			c.Must("{ cursor }", nil, &got)
			d.cursors[c] = got.Cursor
			d.live[c] = c.Subscribe(`subscription($after: String) { changes(after: $after) { cursor at byFirmId changedFields id kind operation record { __typename id version updatedAt maskedFields } } }`, gatewaytest.Vars{"after": got.Cursor})
			d.await(d.live[c], d.mark(c))
		}
	}
	return d
}

// Name names the driver.
func (*streamDriver) Name() string { return "subscriptions" }

// Run lets something happen that the viewer may see or not, and reads what it
// is told until a record of its own comes.
func (d *streamDriver) Run(n *partnerstest.Node, viewer policy.Principal, op uint64) []byte {
	c, r := d.as(n, viewer), rand.New(rand.NewPCG(op, 13))
	before := d.cursors[c]
	d.happen(n, r)
	end := d.mark(c)
	told := d.await(d.live[c], end)
	if r.IntN(2) == 0 {
		return plainAnswer(told)
	}
	docs := &gatewaytest.Documents{Rand: r, NoCursors: true, Used: map[string]bool{}, ID: func(k *schema.Kind) schema.ID { return d.id(r, k) }}
	var watch []string
	for range 5 {
		k := partnerstest.One(r, schema.Kinds())
		if id := d.id(r, k); !id.IsZero() {
			watch = append(watch, sdl.GlobalID(k, id))
		}
	}
	document := fmt.Sprintf("subscription($after: String, $watch: [ID!]) { changes(after: $after, watch: $watch) { cursor id kind changed: changedFields record %s } }",
		docs.Selection("Record", r.IntN(2) == 0))
	again := c.Subscribe(document, gatewaytest.Vars{"watch": watch, "after": before})
	defer again.Close()
	return plainAnswer(fmt.Appendf(told, "%s\n%s", document, d.await(again, end)))
}

// id draws an id that some, all or none of the viewers know.
func (d *streamDriver) id(r *rand.Rand, k *schema.Kind) schema.ID {
	return (&webDriver{pair: d.pair}).id(r, k)
}

// happen lets the maker change something that is shown, or that is masked.
func (d *streamDriver) happen(n *partnerstest.Node, r *rand.Rand) {
	k := schema.Customers
	f := partnerstest.One(r, []*schema.Field{k.Label, k.FieldNamed("city"), k.FieldNamed("phone"), k.FieldNamed("description"), k.FieldNamed("country")})
	draw := &partnerstest.Draw{Rand: r, Words: partnerstest.Words(), Link: func(*schema.Field) schema.ID { return schema.ID{} }}
	id := partnerstest.One(r, d.veil.Shown[k])
	if f.Name != "country" && r.IntN(3) == 0 { // with another country it might be hidden no more
		id = partnerstest.One(r, d.veil.Hidden[k])
	}
	command := partners.Command{Verb: partners.Update, Kind: k, ID: id, Values: partners.Values{f.Name: draw.Value(f)}}
	_, err := n.Write(policy.With(context.Background(), d.veil.Maker), []partners.Command{command})
	if err != nil && schema.Code(err) == schema.CodeInternal {
		panic(err)
	}
}

// mark lets the viewer make a record of its own, by which the end of what it
// is told is known.
func (*streamDriver) mark(c *gatewaytest.Client) string {
	var got struct {
		CreateCustomer struct{ Customer struct{ ID string } }
	}
	c.Must(`mutation { createCustomer(input: {name: "Mark", customerType: ORGANISATION, status: ACTIVE}) { customer { id } } }`, nil, &got)
	return got.CreateCustomer.Customer.ID
}

// await reads a stream until the record comes, and remembers where that was.
func (d *streamDriver) await(s *gatewaytest.Stream, id string) []byte {
	var b []byte
	for {
		raw := s.Next()
		d.events++
		b = append(append(b, raw...), '\n')
		if bytes.Contains(raw, []byte(`"id":"`+id+`"`)) {
			var got struct{ Changes struct{ Cursor string } }
			if json.Unmarshal(raw, &got) == nil {
				for c, live := range d.live {
					if live == s {
						d.cursors[c] = got.Changes.Cursor
					}
				}
			}
			return b
		}
	}
}

// TestTwoWorldsByStreams: what happens unseen is told by no subscription, be
// it open all the time or taken up again, by no event and by no place in the
// order of those that come.
func TestTwoWorldsByStreams(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	d := newStreamDriver(t, p)
	secrets, compared, seen := 0, 0, 0
	seed := *twinSeed<<32 + 1<<20
	for secrets < *twinSecrets/2 {
		var names []string
		for range 4 {
			name, done := p.veil.Secret(p.B, seed)
			if seed++; done {
				names = append(names, name)
				secrets++
			}
		}
		p.Pass(time.Second)
		did := partnerstest.Secret{Name: strings.Join(names, ", "), Do: func(*partnerstest.Node) bool { return true }}
		compared += p.Compare(t, did, p.veil.Viewers, []partnerstest.Driver{d}, []uint64{seed << 8})
		seen += p.Differing(t, []policy.Principal{p.veil.Maker}, []partnerstest.Driver{d}, []uint64{seed << 8})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d secrets, %d times what four viewers were told, %d events in all; the maker was told %d times of a secret", secrets, compared, d.events, seen)
	if compared == 0 || seen == 0 {
		t.Error("nothing was compared, or no secret was told to anybody: the test tests nothing")
	}
}
