package partnerstest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"

	"fondaco/schema"
)

// Draw draws values for fields. There are few of each, so that filters,
// searches and orders meet the same ones again.
type Draw struct {
	*rand.Rand
	// Words are the texts.
	Words []string
	// Link gives the record that a field names; zero is none.
	Link func(f *schema.Field) schema.ID
}

// Words are texts that a search, an order or a pattern could stumble over.
func Words() []string {
	return []string{"Águas", "Łódź", "pump", "Straße", "50% off", "a_b", "Porto", "PORTO", `C:\pump`}
}

// drawn is the day about which days and instants are drawn.
var drawn = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// One gives one of a list.
func One[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// Value draws a canonical value for a field, nil where there is nothing to
// name.
func (d *Draw) Value(f *schema.Field) any {
	switch f.Type {
	case schema.Text:
		return d.text(f)
	case schema.Bool:
		return d.IntN(2) == 0
	case schema.Int:
		return int64(d.IntN(3))
	case schema.Decimal:
		return decimal.New(int64(d.IntN(30)), -1)
	case schema.Amount:
		return d.money()
	case schema.Day:
		return schema.DateOf(drawn).AddDays(d.IntN(4))
	case schema.Instant:
		return drawn.Add(time.Duration(d.IntN(4)) * time.Microsecond)
	case schema.Enum:
		return One(d.Rand, f.Enum)
	case schema.TextList:
		return []string{One(d.Rand, d.Words), One(d.Rand, d.Words)}
	case schema.EnumList:
		return []string{One(d.Rand, f.Enum)}
	case schema.JSON:
		return json.RawMessage(fmt.Sprintf(`[{"code": %d}]`, d.IntN(3)))
	case schema.Link:
		if id := d.Link(f); !id.IsZero() {
			return id
		}
	case schema.LinkList:
		if id := d.Link(f); !id.IsZero() {
			return []schema.ID{id}
		}
	}
	return nil
}

func (d *Draw) text(f *schema.Field) any {
	switch {
	case f.Max <= 3:
		return One(d.Rand, []string{"PT", "ES", "PL"})
	case f.Max < 20:
		return One(d.Rand, []string{"7", "8"})
	default:
		return One(d.Rand, d.Words)
	}
}

func (d *Draw) money() schema.Money {
	m, err := schema.NewMoney(decimal.New(int64(d.IntN(30)), -1), One(d.Rand, []string{"EUR", "PLN"}))
	if err != nil {
		panic("partnerstest: a small amount is one: " + err.Error())
	}
	return m
}
