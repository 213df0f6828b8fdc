package partners

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fondaco/policy"
)

// A template is a condition with marks, cut at them.
type template []string

// The marks in a template, which no condition has in its text: for the
// reader's firm, for the alias of the record, and around the number and the
// type of a column.
const (
	readerMark = "\x01"
	recordMark = "\x02"
	columnMark = "\x03"
)

func parse(text string) template {
	var t template
	for text != "" {
		at := strings.IndexAny(text, readerMark+recordMark+columnMark)
		if at < 0 {
			return append(t, text)
		}
		if at > 0 {
			t = append(t, text[:at])
		}
		end := at + 1
		if text[at:end] == columnMark {
			end += strings.Index(text[end:], columnMark) + 1
		}
		t, text = append(t, text[at:end]), text[end:]
	}
	return t
}

// fill prints the template with what stands for its marks.
func (t template) fill(reader func() string, alias string, column func(int) string) string {
	var b strings.Builder
	for _, part := range t {
		switch part[:1] {
		case readerMark:
			b.WriteString(reader())
		case recordMark:
			b.WriteString(alias)
		case columnMark:
			number, _, _ := strings.Cut(part[1:], " ")
			i, _ := strconv.Atoi(number)
			b.WriteString(column(i))
		default:
			b.WriteString(part)
		}
	}
	return b.String()
}

func (t template) equal(other template) bool { return slices.Equal(t, other) }

// A column has one literal of each firm of an ownerWay. The literals of a
// list stand one behind the other, with where each firm's begin and end.
type column struct {
	sqlType  string // of one firm's literal
	values   any    // a slice of them
	from, to []int32
	sent     [3]*array // values, from and to, ready to be sent
}

// ready makes the lists ready to be sent, when all firms have their place.
func (c *column) ready() {
	switch v := c.values.(type) {
	case []string:
		c.sent[0] = newArray(v)
	case []bool:
		c.sent[0] = newArray(v)
	case []int64:
		c.sent[0] = newArray(v)
	case []time.Time:
		c.sent[0] = newArray(v)
	case [][16]byte:
		c.sent[0] = newArray(v)
	}
	c.sent[1], c.sent[2] = newArray(c.from), newArray(c.to)
}

func newColumn(value any, sqlType string) *column {
	c := &column{sqlType: sqlType}
	switch v := value.(type) {
	case string:
		c.values = []string{v}
	case bool:
		c.values = []bool{v}
	case int64:
		c.values = []int64{v}
	case time.Time:
		c.values = []time.Time{v}
	case [16]byte:
		c.values = [][16]byte{v}
	default:
		c.values, c.from = value, []int32{1}
		c.to = []int32{int32(c.len())}
	}
	return c
}

// append adds the literals of another firm to a column of the same type. The
// other column is left as it is.
func (c *column) append(other *column) {
	if c.from != nil {
		behind := int32(c.len())
		for i := range other.from {
			c.from, c.to = append(c.from, behind+other.from[i]), append(c.to, behind+other.to[i])
		}
	}
	switch v := c.values.(type) {
	case []string:
		c.values = append(v, other.values.([]string)...)
	case []bool:
		c.values = append(v, other.values.([]bool)...)
	case []int64:
		c.values = append(v, other.values.([]int64)...)
	case []time.Time:
		c.values = append(v, other.values.([]time.Time)...)
	case [][16]byte:
		c.values = append(v, other.values.([][16]byte)...)
	}
}

func (c *column) len() int {
	switch v := c.values.(type) {
	case []string:
		return len(v)
	case []bool:
		return len(v)
	case []int64:
		return len(v)
	case []time.Time:
		return len(v)
	case [][16]byte:
		return len(v)
	}
	return 0
}

// at prints the literal of the firm at a place.
func (c *column) at(args *policy.Args, place string) string {
	values, cast := c.list(args)
	if c.from == nil {
		return "(" + values + ")[" + place + "]" + cast
	}
	from, to := c.bounds(args)
	return "(" + values + ")[(" + from + ")[" + place + "]:(" + to + ")[" + place + "]]" + cast
}

// lists prints what a walk over the firms has of the column: the literals, or
// where each firm's begin and end.
func (c *column) lists(args *policy.Args) []string {
	if c.from == nil {
		values, _ := c.list(args)
		return []string{values}
	}
	from, to := c.bounds(args)
	return []string{from, to}
}

// walked prints the literal of the firm of a row o, whose lists have the
// names of the column with this number.
func (c *column) walked(args *policy.Args, number int) string {
	values, cast := c.list(args)
	if c.from == nil {
		return "o." + walkName(number, 0) + cast
	}
	return "(" + values + ")[o." + walkName(number, 0) + ":o." + walkName(number, 1) + "]" + cast
}

// walkName is how a list of a column is called in a walk.
func walkName(column, list int) string { return "v" + strconv.Itoa(column) + string(rune('a'+list)) }

// list prints the literals of all firms, and the cast that makes of one of
// them what its condition has: numbers travel as text, which loses no digit.
func (c *column) list(args *policy.Args) (values, cast string) {
	base := strings.TrimSuffix(c.sqlType, "[]")
	if _, text := c.values.([]string); text && base != "text" {
		base, cast = "text", "::"+c.sqlType
	}
	return args.Once(c, c.sent[0]) + "::" + base + "[]", cast
}

func (c *column) bounds(args *policy.Args) (from, to string) {
	return args.Once(&c.from, c.sent[1]) + "::int[]", args.Once(&c.to, c.sent[2]) + "::int[]"
}
