package encode

import (
	"encoding/binary"

	"fondaco/gateway/sdl"
	"fondaco/schema"
)

// Columns is the number of cells that a field has.
func Columns(f *schema.Field) int {
	if f.Type == schema.Amount {
		return 2
	}
	return 1
}

// Value appends the value of a field, from its cells. An Amount is appended
// as an object of amount and currency.
func Value(b []byte, f *schema.Field, cells [][]byte) []byte {
	cell := cells[0]
	if cell == nil {
		return append(b, "null"...)
	}
	switch f.Type {
	case schema.Text, schema.Enum:
		return Text(b, cell)
	case schema.Bool:
		return Bool(b, cell)
	case schema.Int:
		return Long(b, cell)
	case schema.Decimal:
		return Decimal(b, cell, -1)
	case schema.Amount:
		b = append(b, `{"amount":`...)
		b = MoneyAmount(b, cell, cells[1])
		b = append(b, `,"currency":`...)
		return append(Text(b, cells[1]), '}')
	case schema.Day:
		return Day(b, cell)
	case schema.Instant:
		return Instant(b, cell)
	case schema.Link:
		return ID(b, f.Target(), cell)
	case schema.TextList, schema.EnumList:
		return list(b, cell, Text)
	case schema.LinkList:
		target := f.Target()
		return list(b, cell, func(b, item []byte) []byte { return ID(b, target, item) })
	case schema.JSON:
		return JSONB(b, cell)
	default:
		panic("encode: unknown field type of " + f.String())
	}
}

// Bool appends a boolean.
func Bool(b, cell []byte) []byte {
	if len(cell) != 1 {
		return append(b, "null"...)
	}
	if cell[0] != 0 {
		return append(b, "true"...)
	}
	return append(b, "false"...)
}

// ID appends the global id of a record, from the 16 bytes of its uuid.
func ID(b []byte, k *schema.Kind, cell []byte) []byte {
	if len(cell) != 16 {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = sdl.AppendGlobalID(b, k, schema.ID(cell))
	return append(b, '"')
}

// list appends a one-dimensional array. Its binary form is the number of
// dimensions, a flag, the type of the items, then length and lower bound of
// each dimension, and the items, each after its length, -1 for null.
func list(b, cell []byte, item func(b, cell []byte) []byte) []byte {
	if len(cell) < 12 {
		return append(b, "null"...)
	}
	dimensions := binary.BigEndian.Uint32(cell)
	if dimensions == 0 {
		return append(b, "[]"...)
	}
	if dimensions != 1 || len(cell) < 20 {
		return append(b, "null"...)
	}
	start := len(b)
	b = append(b, '[')
	rest := cell[20:]
	for i := range binary.BigEndian.Uint32(cell[12:]) {
		if len(rest) < 4 {
			return append(b[:start], "null"...)
		}
		size := int32(binary.BigEndian.Uint32(rest))
		rest = rest[4:]
		if i > 0 {
			b = append(b, ',')
		}
		if size < 0 {
			b = append(b, "null"...)
			continue
		}
		if int(size) > len(rest) {
			return append(b[:start], "null"...)
		}
		b = item(b, rest[:size:size])
		rest = rest[size:]
	}
	return append(b, ']')
}
