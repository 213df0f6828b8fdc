package partners

import (
	"encoding/binary"
	"time"

	"fondaco/schema"
)

// postgresEpoch is where PostgreSQL's binary timestamps count from, in microseconds.
var postgresEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// takeRow reads a row of a page's statement, whose first columns are those of
// pagePrinter.columns. raw is valid only until the next row, so all is copied.
func takeRow(raw [][]byte) (place int64, key *string, row Row) {
	if raw[8] != nil {
		k := string(raw[8])
		key = &k
	}
	row = Row{
		ID: schema.ID(raw[1]), Owner: schema.FirmID(raw[2]), Holder: schema.FirmID(raw[3]),
		Version: number(raw[4]), CreatedAt: moment(raw[5]), UpdatedAt: moment(raw[6]), Mask: schema.Mask(number(raw[7])),
		Cells: copyCells(raw[fixedColumns:]),
	}
	if raw[9] != nil {
		row.Version = 1
		eachNumber(raw[9], row.Mask, func(count int64) { row.Version += max(count-1, 0) })
		latest := row.CreatedAt.UnixMicro() - postgresEpoch
		eachNumber(raw[10], row.Mask, func(at int64) { latest = max(latest, at) })
		row.UpdatedAt = time.UnixMicro(postgresEpoch + latest).UTC()
	}
	return number(raw[0]), key, row
}

// eachNumber gives the numbers in a mask of an array in PostgreSQL's binary form:
// its dimensions and the like, and then each with its length.
func eachNumber(array []byte, mask schema.Mask, give func(int64)) {
	const header = 20
	for bit, rest := 0, array[min(header, len(array)):]; len(rest) >= 4; bit++ {
		size := int32(binary.BigEndian.Uint32(rest))
		if rest = rest[4:]; size != 8 { // null, which no field has
			continue
		}
		if mask.Has(bit) {
			give(number(rest))
		}
		rest = rest[8:]
	}
}

func number(b []byte) int64 { return int64(binary.BigEndian.Uint64(b)) }

func moment(b []byte) time.Time { return time.UnixMicro(postgresEpoch + number(b)).UTC() }

// copyCells copies the cells into one piece of memory.
func copyCells(raw [][]byte) [][]byte {
	size := 0
	for _, c := range raw {
		size += len(c)
	}
	cells, memory := make([][]byte, len(raw)), make([]byte, 0, size)
	for i, c := range raw {
		if c == nil {
			continue
		}
		start := len(memory)
		memory = append(memory, c...)
		cells[i] = memory[start:len(memory):len(memory)]
	}
	return cells
}

// columnOf gives the place of a field's first cell in a plan's rows, or -1.
func columnOf(p *Plan, field *schema.Field) int {
	place := 0
	for _, f := range p.Fields {
		if f == field {
			return place
		}
		place += len(f.Columns())
	}
	return -1
}
