package x9

import (
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Severity says how much a finding weighs.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Finding is one thing that is wrong with a file.
type Finding struct {
	ID       string   `json:"id"` // stable, as x9.bundle.amount
	Severity Severity `json:"severity"`
	Record   int      `json:"record"` // counted from 1
	Type     string   `json:"type,omitempty"`
	Offset   int64    `json:"offset"`
	Field    string   `json:"field,omitempty"`
	Value    string   `json:"value,omitempty"`
	Expected string   `json:"expected,omitempty"`
}

// String says the finding in one line.
func (f *Finding) String() string {
	s := fmt.Sprintf("record %d", f.Record)
	if f.Type != "" {
		s += " (type " + f.Type + ")"
	}
	if f.Field != "" {
		s += ", " + f.Field + " " + strconv.Quote(f.Value)
	}
	s += ": " + texts[f.ID]
	if f.Expected != "" {
		s += ", expected " + f.Expected
	}
	return s
}

// texts say what each finding means.
var texts = map[string]string{
	"x9.record.junk":         "these bytes are no record",
	"x9.record.length":       "the record has not the length of its type",
	"x9.record.misplaced":    "a record of this type has no place here",
	"x9.image.length":        "the image has not the length that its record declares",
	"x9.image.view":          "the image follows no record that describes it",
	"x9.bundle.items":        "the number of items in the bundle is wrong",
	"x9.bundle.amount":       "the sum of the bundle's items is wrong",
	"x9.bundle.images":       "the number of images in the bundle is wrong",
	"x9.bundle.open":         "the bundle has no control record",
	"x9.cash-letter.open":    "the cash letter has no control record",
	"x9.cash-letter.bundles": "the number of bundles in the cash letter is wrong",
	"x9.cash-letter.items":   "the number of items in the cash letter is wrong",
	"x9.cash-letter.amount":  "the sum of the cash letter's items is wrong",
	"x9.cash-letter.images":  "the number of images in the cash letter is wrong",
	"x9.file.open":           "the file has no control record",
	"x9.file.cash-letters":   "the number of cash letters is wrong",
	"x9.file.records":        "the number of records is wrong",
	"x9.file.items":          "the number of items in the file is wrong",
	"x9.file.amount":         "the sum of all items is wrong",
	"x9.field.number":        "this is no number",
}

// totals are what a control record has to say of the records before it.
type totals struct {
	parts, items, amount, images, records int64
	credits, creditAmount                 int64
}

func (t *totals) add(u totals) {
	t.items += u.items
	t.amount += u.amount
	t.images += u.images
	t.credits += u.credits
	t.creditAmount += u.creditAmount
}

// level is how deep the checker stands.
type level uint8

const (
	outside level = iota
	inFile
	inCashLetter
	inBundle
)

// Checker compares the control records of a file with what is there. Feed it
// every record, then call End.
type Checker struct {
	found                    func(*Finding)
	in                       level
	file, cashLetter, bundle totals
	view                     bool // a record of type 50 waits for its image
	last                     *Finding
}

// NewChecker returns a Checker that calls found for each finding.
func NewChecker(found func(*Finding)) *Checker { return &Checker{found: found} }

// Check reads all of r and calls found for each finding. The error is about
// reading, never about what was found.
func Check(r io.Reader, found func(*Finding)) error {
	c := NewChecker(found)
	x := NewReader(r)
	for {
		rec, err := x.Next()
		if errors.Is(err, io.EOF) {
			c.End()
			return nil
		}
		if err != nil {
			return err
		}
		c.Record(rec)
	}
}

// Record looks at one record.
func (c *Checker) Record(r *Record) {
	c.file.records++
	if r.junk {
		c.tell(r, "x9.record.junk", "", "", "")
		return
	}
	c.last = &Finding{Record: r.number, Type: r.typ, Offset: r.offset}
	c.shape(r)
	switch r.typ {
	case "01":
		c.enter(r, outside, inFile)
	case "10":
		c.enter(r, inFile, inCashLetter)
		c.cashLetter = totals{}
	case "20":
		c.enter(r, inCashLetter, inBundle)
		c.bundle = totals{}
	case "25", "31":
		c.item(r)
	case "61", "62":
		c.credit(r)
	case "50":
		c.view = true
	case "52":
		c.image(r)
	case "70":
		c.endBundle(r)
	case "90":
		c.endCashLetter(r)
	case "99":
		c.endFile(r)
	case "85", "75", "68":
		if c.in < inFile {
			c.tell(r, "x9.record.misplaced", "", "", "")
		}
	default:
		if c.in < inBundle {
			c.tell(r, "x9.record.misplaced", "", "", "")
		}
	}
}

// End tells what is still open at the end of the file.
func (c *Checker) End() {
	for _, l := range []struct {
		at level
		id string
	}{{inBundle, "x9.bundle.open"}, {inCashLetter, "x9.cash-letter.open"}, {inFile, "x9.file.open"}} {
		if c.in >= l.at && c.last != nil {
			f := *c.last
			f.ID, f.Severity = l.id, Error
			c.found(&f)
		}
	}
}

func (c *Checker) tell(r *Record, id, name, value, expected string) {
	c.found(&Finding{ID: id, Severity: Error, Record: r.number, Type: r.typ, Offset: r.offset, Field: name, Value: value, Expected: expected})
}

// shape judges the length of a record.
func (c *Checker) shape(r *Record) {
	switch r.typ {
	case "27", "34":
		return
	case "52":
		if r.declared >= 0 && r.declared != r.imageLen || r.declared < 0 {
			c.tell(r, "x9.image.length", "", strconv.FormatInt(r.imageLen, 10), strconv.FormatInt(r.declared, 10))
		}
		return
	}
	if len(r.text) != width {
		c.tell(r, "x9.record.length", "", strconv.Itoa(len(r.text)), strconv.Itoa(width))
	}
}

// enter begins a level. What is still open in there ends without its control
// record, and what is missing around it is noticed once.
func (c *Checker) enter(r *Record, from, to level) {
	if c.in > from {
		id := map[level]string{inBundle: "x9.bundle.open", inCashLetter: "x9.cash-letter.open", inFile: "x9.file.open"}[c.in]
		c.tell(r, id, "", "", "")
		if c.in == inBundle {
			c.cashLetter.add(c.bundle)
		}
		if c.in >= inCashLetter && from < inCashLetter {
			c.file.add(c.cashLetter)
		}
	}
	if c.in < from {
		c.tell(r, "x9.record.misplaced", "", "", "")
	}
	switch to {
	case inCashLetter:
		c.file.parts++
	case inBundle:
		c.cashLetter.parts++
	case outside, inFile:
	}
	c.in = to
}

func (c *Checker) item(r *Record) {
	if c.in < inBundle {
		c.tell(r, "x9.record.misplaced", "", "", "")
	}
	c.bundle.items++
	c.bundle.amount += c.number(r, "amount")
}

// credit counts a credit, which may stand in a bundle or before it.
func (c *Checker) credit(r *Record) {
	t := &c.bundle
	switch {
	case c.in < inCashLetter:
		c.tell(r, "x9.record.misplaced", "", "", "")
		return
	case c.in < inBundle:
		t = &c.cashLetter
	}
	t.credits++
	t.creditAmount += c.number(r, "amount")
}

func (c *Checker) image(r *Record) {
	if c.in < inBundle {
		c.tell(r, "x9.record.misplaced", "", "", "")
	}
	if !c.view {
		c.tell(r, "x9.image.view", "", "", "")
	}
	c.view = false
	c.bundle.images++
}

func (c *Checker) number(r *Record, name string) int64 {
	n, ok := r.amount(name)
	if !ok {
		c.tell(r, "x9.field.number", name, r.Field(name), "")
	}
	return n
}

// compare judges one number of a control record. Some count the credits in, as
// the record itself says.
func (c *Checker) compare(r *Record, id, name string, want, credits int64) {
	got, ok := r.amount(name)
	if r.Field("creditsIncluded") == "1" {
		want += credits
	}
	if !ok {
		c.tell(r, "x9.field.number", name, r.Field(name), strconv.FormatInt(want, 10))
	} else if got != want {
		c.tell(r, id, name, r.Field(name), strconv.FormatInt(want, 10))
	}
}

func (c *Checker) endBundle(r *Record) {
	if c.in != inBundle {
		c.tell(r, "x9.record.misplaced", "", "", "")
		return
	}
	b := &c.bundle
	c.compare(r, "x9.bundle.items", "items", b.items, b.credits)
	c.compare(r, "x9.bundle.amount", "amount", b.amount, b.creditAmount)
	c.compare(r, "x9.bundle.images", "images", b.images, 0)
	c.cashLetter.add(*b)
	c.in = inCashLetter
}

func (c *Checker) endCashLetter(r *Record) {
	if c.in == inBundle {
		c.tell(r, "x9.bundle.open", "", "", "")
		c.cashLetter.add(c.bundle)
		c.in = inCashLetter
	}
	if c.in != inCashLetter {
		c.tell(r, "x9.record.misplaced", "", "", "")
		return
	}
	t := &c.cashLetter
	c.compare(r, "x9.cash-letter.bundles", "bundles", t.parts, 0)
	c.compare(r, "x9.cash-letter.items", "items", t.items, t.credits)
	c.compare(r, "x9.cash-letter.amount", "amount", t.amount, t.creditAmount)
	c.compare(r, "x9.cash-letter.images", "images", t.images, 0)
	c.file.add(*t)
	c.in = inFile
}

func (c *Checker) endFile(r *Record) {
	if c.in > inFile {
		c.tell(r, "x9.cash-letter.open", "", "", "")
		if c.in == inBundle {
			c.cashLetter.add(c.bundle)
		}
		c.file.add(c.cashLetter)
		c.in = inFile
	}
	if c.in != inFile {
		c.tell(r, "x9.record.misplaced", "", "", "")
		return
	}
	c.compare(r, "x9.file.cash-letters", "cashLetters", c.file.parts, 0)
	c.compare(r, "x9.file.records", "records", c.file.records, 0)
	c.compare(r, "x9.file.items", "items", c.file.items, c.file.credits)
	c.compare(r, "x9.file.amount", "amount", c.file.amount, c.file.creditAmount)
	c.file = totals{}
	c.in = outside
}
