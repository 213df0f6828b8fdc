package mapping

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"fondaco/schema"
)

// A document may spread a quantity over stores, as an 852 does with its SDQ:
// two lists side by side, stores and storeQuantities, in the object of the
// quantity. A record has a line for each store instead.
const (
	storesOf     = "stores"
	quantitiesOf = "storeQuantities"
	locationOf   = "locationNumber"
)

// byStore gives what is said of a line as what is said at each store; first
// comes what is said of no store. It is one where no stores are named.
func (b *binding) byStore(own said) []said {
	spread := own.spread()
	if len(spread) == 0 || b.child.FieldNamed(locationOf) == nil {
		return []said{own}
	}
	rest := said{}
	for name, f := range own {
		if !ofAny(spread, name) {
			rest[name] = f
		}
	}
	plain := said{} // what every line says
	left := false
	for name, f := range rest {
		if f := b.child.FieldNamed(name); f != nil && f.Type == schema.Decimal && rest[joined(name, "quantity")] != nil {
			left = true
			continue
		}
		plain[name] = f
	}
	var list []said
	if left {
		list = append(list, rest)
	}
	for _, store := range own.stores(spread) {
		line := said{}
		line.over(plain)
		if place := own[locationOf]; place == nil || place.Text != store.Text {
			delete(line, "locationName") // it is that of another place
		}
		delete(line, "lineNumber")
		line[locationOf] = store
		for _, name := range spread {
			texts, amounts := own[joined(name, storesOf)], own[joined(name, quantitiesOf)]
			if i := slices.Index(texts.Texts, store.Text); i >= 0 && i < len(amounts.Texts) {
				line[name] = &Field{Name: name, Text: amounts.Texts[i], Origin: nth(amounts.Origins, i)}
			}
		}
		list = append(list, line)
	}
	return list
}

// spread are the quantities that are spread over stores.
func (s said) spread() []string {
	var list []string
	for name, f := range s {
		quantity, ok := strings.CutSuffix(name, "Stores")
		if ok && len(f.Texts) > 0 && s[joined(quantity, quantitiesOf)] != nil {
			list = append(list, quantity)
		}
	}
	slices.Sort(list)
	return list
}

// ofAny tells whether a name is that of a quantity, or of what is said beside it.
func ofAny(quantities []string, name string) bool {
	return slices.ContainsFunc(quantities, func(q string) bool {
		rest, ok := strings.CutPrefix(name, q)
		return ok && (rest == "" || rest == "Quantity" || strings.HasPrefix(rest, "Store"))
	})
}

// stores are those that are named, in the order of their numbers.
func (s said) stores(spread []string) []*Field {
	var list []*Field
	for _, name := range spread {
		f := s[joined(name, storesOf)]
		for i, store := range f.Texts {
			if !slices.ContainsFunc(list, func(other *Field) bool { return other.Text == store }) {
				list = append(list, &Field{Name: locationOf, Text: store, Origin: nth(f.Origins, i)})
			}
		}
	}
	slices.SortFunc(list, func(a, b *Field) int { return strings.Compare(a.Text, b.Text) })
	return list
}

// renumber counts lines anew, where some of them have been made of one.
func (b *binding) renumber(lines []schema.Entity) {
	f := b.child.FieldNamed("lineNumber")
	for i, l := range lines {
		_ = f.Set(l, int64(i+1)) // it is an Int
	}
}

// spreads tells whether a rule of lines has room for stores.
func spreads(r *rule) bool {
	return slices.ContainsFunc(r.rules, func(sub *rule) bool { return sub.loop != nil && ruleNamed(sub.rules, storesOf) >= 0 })
}

// stating are the lines that tell what a document says of a field once for all
// of them: of the place, those that name it, since a store has no more than a
// number.
func (b *binding) stating(f *schema.Field, lines []schema.Entity) []schema.Entity {
	if !strings.HasPrefix(f.Name, "location") {
		return lines
	}
	var named []schema.Entity
	for _, l := range lines {
		if b.named(l) {
			named = append(named, l)
		}
	}
	if len(named) == 0 {
		return lines
	}
	return named
}

func (b *binding) named(line schema.Entity) bool {
	f := b.child.FieldNamed("locationName")
	return f != nil && f.Value(line) != nil
}

// storeLines are the lines from the first on that say the same of one product
// at different stores, other than the place of the whole document.
func (b *binding) storeLines(lines []schema.Entity, place string) int {
	n := 0
	seen := map[string]bool{place: true}
	for _, l := range lines {
		store, _ := textOf(b.child.FieldNamed(locationOf), l)
		if store == "" || seen[store] || b.named(l) || !b.sameProduct(lines[0], l) {
			break
		}
		seen[store] = true
		n++
	}
	return n
}

func (b *binding) sameProduct(a, c schema.Entity) bool {
	for _, f := range b.child.Fields {
		if f.Type == schema.Decimal && f.Name != "unitPrice" || f.Name == "lineNumber" || f.Name == locationOf || f.Type == schema.Link {
			continue
		}
		if !schema.SameValue(f.Value(a), f.Value(c)) {
			return false
		}
	}
	return true
}

// spread makes one entry of the lines of a product, its quantities spread over
// the stores.
func (b *binding) spread(r *rule, lines []schema.Entity) *Object {
	o := b.object(r.rules, "", lines[0])
	for _, sub := range r.rules {
		f := b.child.FieldNamed(sub.name)
		if sub.loop == nil || f == nil || ruleNamed(sub.rules, storesOf) < 0 {
			continue
		}
		movement := b.movement(f, lines)
		at := slices.IndexFunc(o.Fields, func(f Field) bool { return f.Name == sub.name })
		switch {
		case movement == nil:
		case at < 0:
			o.Fields = append(o.Fields, Field{Name: sub.name, Object: movement})
		default:
			o.Fields[at].Object = movement
		}
	}
	return o
}

// movement is one quantity of a product at its stores, nil where none states it.
func (b *binding) movement(f *schema.Field, lines []schema.Entity) *Object {
	total := decimal.Zero
	var stores, amounts []string
	for _, l := range lines {
		amount, _ := textOf(f, l)
		store, _ := textOf(b.child.FieldNamed(locationOf), l)
		d, err := decimal.NewFromString(amount)
		if err != nil {
			continue // it is not stated
		}
		total = total.Add(d)
		stores, amounts = append(stores, store), append(amounts, amount)
	}
	if len(stores) == 0 {
		return nil
	}
	o := &Object{}
	unit, _ := textOf(b.child.FieldNamed("unitOfMeasure"), lines[0])
	o.say("quantity", total.String())
	o.say("unitOfMeasure", unit)
	o.say("storeUnit", unit)
	o.Fields = append(o.Fields, Field{Name: storesOf, Texts: stores}, Field{Name: quantitiesOf, Texts: amounts})
	return o
}
