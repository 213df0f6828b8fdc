package encode

import (
	"encoding/binary"
	"math"
	"time"
)

// PostgreSQL counts days and microseconds from 2000-01-01.
var (
	epochDays   = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Unix() / 86400
	epochMicros = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
)

// Day appends a date.
func Day(b, cell []byte) []byte {
	if len(cell) != 4 {
		return append(b, "null"...)
	}
	days := int32(binary.BigEndian.Uint32(cell))
	t := time.Unix((epochDays+int64(days))*86400, 0).UTC()
	if days == math.MaxInt32 || days == math.MinInt32 || t.Year() < 1 || t.Year() > 9999 {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = t.AppendFormat(b, time.DateOnly)
	return append(b, '"')
}

// Instant appends a timestamptz.
func Instant(b, cell []byte) []byte {
	if len(cell) != 8 {
		return append(b, "null"...)
	}
	micros := int64(binary.BigEndian.Uint64(cell))
	if micros > math.MaxInt64-epochMicros {
		return append(b, "null"...) // infinity
	}
	return Time(b, time.UnixMicro(epochMicros+micros))
}

// Time appends an instant; the zero time is null.
func Time(b []byte, t time.Time) []byte {
	t = t.UTC()
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = t.AppendFormat(b, "2006-01-02T15:04:05.999999Z")
	return append(b, '"')
}
