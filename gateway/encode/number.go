package encode

import (
	"encoding/binary"
	"strconv"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"fondaco/schema"
)

// Long appends a bigint as a string.
func Long(b, cell []byte) []byte {
	if len(cell) != 8 {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = strconv.AppendInt(b, int64(binary.BigEndian.Uint64(cell)), 10)
	return append(b, '"')
}

// The sign of a numeric.
const (
	positive = 0x0000
	negative = 0x4000
)

// Decimal appends a numeric as a string with at least so many decimals, or
// with those that it was stored with if places is negative.
//
// A numeric is a count of digits, the weight of the first, a sign and a
// display scale, 16 bits each, and the digits, base 10000.
func Decimal(b, cell []byte, places int) []byte {
	if len(cell) < 8 {
		return append(b, "null"...)
	}
	count := int(binary.BigEndian.Uint16(cell))
	weight := int(int16(binary.BigEndian.Uint16(cell[2:])))
	sign := binary.BigEndian.Uint16(cell[4:])
	scale := int(binary.BigEndian.Uint16(cell[6:]))
	if len(cell) != 8+2*count || sign != positive && sign != negative || scale > 0x3fff {
		return append(b, "null"...) // NaN and the infinities too
	}
	digit := func(place int) int { // the digit that weighs 10000^place
		i := weight - place
		if i < 0 || i >= count {
			return 0
		}
		return int(binary.BigEndian.Uint16(cell[8+2*i:])) % 10000
	}
	b = append(b, '"')
	if sign == negative {
		b = append(b, '-')
	}
	b = strconv.AppendInt(b, int64(digit(max(weight, 0))), 10)
	for place := weight - 1; place >= 0; place-- {
		b = appendFour(b, digit(place))
	}
	if scale = max(scale, places); scale > 0 {
		b = append(b, '.')
		end := len(b) + scale
		for place := -1; len(b) < end; place-- {
			b = appendFour(b, digit(place))
		}
		b = b[:end]
	}
	return append(b, '"')
}

func appendFour(b []byte, n int) []byte {
	return append(b, byte('0'+n/1000), byte('0'+n/100%10), byte('0'+n/10%10), byte('0'+n%10))
}

// MoneyAmount appends the amount of a Money as a string, with all the minor
// units of its currency.
func MoneyAmount(b, amount, currency []byte) []byte {
	if amount == nil {
		return append(b, "null"...)
	}
	return Decimal(b, amount, minorUnits(currency))
}

var units sync.Map // by currency; ISO 4217 bounds it

func minorUnits(currency []byte) int {
	if n, known := units.Load(string(currency)); known {
		return n.(int)
	}
	m, err := schema.NewMoney(decimal.Zero, string(currency))
	if err != nil {
		return -1
	}
	amount, _, _ := strings.Cut(m.String(), " ")
	_, decimals, _ := strings.Cut(amount, ".")
	units.Store(string(currency), len(decimals))
	return len(decimals)
}
