package partners

import (
	"encoding/binary"
	"math/bits"
	"time"

	"fondaco/schema"
)

// postgresEpoch is where PostgreSQL's binary timestamps count from, in microseconds.
var postgresEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// A taker reads the rows of statements. What it copies of them lies together
// in few pieces of memory.
type taker struct {
	cells  [][]byte
	memory []byte
}

// take reads a row of a page's statement, whose first columns are those of
// pagePrinter.columns. raw is valid only until the next row, so all is copied.
func (t *taker) take(raw [][]byte) (place int64, row Row) {
	row = Row{
		ID: schema.ID(raw[1]), Owner: schema.FirmID(raw[2]), Holder: schema.FirmID(raw[3]),
		Version: number(raw[4]), CreatedAt: moment(raw[5]), UpdatedAt: moment(raw[6]), Mask: schema.Mask(number(raw[7])),
		Cells: t.copyCells(raw[fixedColumns:]), key: t.copy(raw[8]),
	}
	if raw[9] != nil {
		row.Version = 1
		eachNumber(raw[9], row.Mask, func(count int64) { row.Version += max(count-1, 0) })
		latest := row.CreatedAt.UnixMicro() - postgresEpoch
		eachNumber(raw[10], row.Mask, func(at int64) { latest = max(latest, at) })
		row.UpdatedAt = time.UnixMicro(postgresEpoch + latest).UTC()
	}
	return number(raw[0]), row
}

// How large the pieces of memory are: each is twice the one before, from what
// one record needs to what a page of 50 does.
const (
	fewCells, manyCells = 16, 512
	fewBytes, manyBytes = 256, 4096
)

func (t *taker) copyCells(raw [][]byte) [][]byte {
	n := len(raw)
	if cap(t.cells)-len(t.cells) < n {
		t.cells = make([][]byte, 0, max(n, fewCells, min(2*cap(t.cells), manyCells)))
	}
	start := len(t.cells)
	for _, c := range raw {
		t.cells = append(t.cells, t.copy(c))
	}
	return t.cells[start:len(t.cells):len(t.cells)]
}

// copy keeps null apart from an empty text.
func (t *taker) copy(c []byte) []byte {
	if c == nil {
		return nil
	}
	if t.memory == nil || cap(t.memory)-len(t.memory) < len(c) {
		t.memory = make([]byte, 0, max(len(c), fewBytes, min(2*cap(t.memory), manyBytes)))
	}
	start := len(t.memory)
	t.memory = append(t.memory, c...)
	return t.memory[start:len(t.memory):len(t.memory)]
}

// eachNumber gives the numbers in a mask of an array in PostgreSQL's binary form:
// its dimensions and the like, and then each with its length. None of them is
// null, so that each has its place.
func eachNumber(array []byte, mask schema.Mask, give func(int64)) {
	const header, stride, size = 20, 12, 4
	for left := uint64(mask); left != 0; left &= left - 1 {
		at := header + stride*bits.TrailingZeros64(left) + size
		if at+8 > len(array) {
			return
		}
		give(number(array[at:]))
	}
}

func number(b []byte) int64 { return int64(binary.BigEndian.Uint64(b)) }

func moment(b []byte) time.Time { return time.UnixMicro(postgresEpoch + number(b)).UTC() }

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
