package mapping

import (
	"errors"
	"fmt"
	"slices"

	"fondaco/edi"
)

// RecordError is why [Write] has ended: it cannot read a record, or the record is
// no valid transaction, or the transaction would not say what the record does.
type RecordError struct {
	Record int // its number, from 1; empty lines are none
	Line   int // where it stands in what was read, from 1
	Column int // the byte of the line where it was noticed, from 1; 0 where the record was read as a whole
	// Findings are what is wrong, and all else that the validator found, in the
	// transaction that the record would be. Their positions are those in what would
	// have been written.
	Findings []edi.Finding
	Err      error
}

// Error names the record and what is wrong with it.
func (e *RecordError) Error() string { return fmt.Sprintf("record %d: %v", e.Record, e.Err) }

// Unwrap gives what is wrong with the record.
func (e *RecordError) Unwrap() error { return e.Err }

// placed is an error at a byte of a line.
type placed struct {
	at  int
	err error
}

func (e *placed) Error() string { return fmt.Sprintf("at byte %d of the line: %v", e.at, e.err) }
func (e *placed) Unwrap() error { return e.err }

// faulty reads how many errors were in the document that the record comes from. If
// there were any, it is not known that the record says all of it.
func (c *writing) faulty() error {
	n, err := c.fill.literal()
	if err != nil || string(n) == "0" {
		return err
	}
	return fmt.Errorf(`it was made of a document with errors (%s), and may lack some of what that says; look through it, and take "errors" out of the line`, n)
}

// unreadable is an error about the record that is being read.
func (c *writing) unreadable(err error) error {
	e := &RecordError{Record: c.lines, Line: c.row, Err: err}
	if p, ok := errors.AsType[*placed](err); ok {
		e.Column = c.indent + p.at
	}
	return e
}

// refused is an error about a record that was read; n records are before it.
func (c *writing) refused(n, line int, list []edi.Finding, err error) error {
	return &RecordError{Record: n + 1, Line: line, Findings: slices.Clone(list), Err: err}
}
