package guide

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"fondaco/edi"
)

// CheckOptions shape what Check writes.
type CheckOptions struct {
	Options
	Reader   edi.Options
	Name     string // of the file, at the beginning of each line; "-" if empty
	JSON     bool   // one JSON object a line instead of text
	Language string // of the messages; English if empty
	Remedies bool   // add what to do about each finding
}

// Summary counts what Check saw.
type Summary struct {
	Interchanges int `json:"interchanges"`
	Groups       int `json:"groups"`
	Transactions int `json:"transactions"`
	Accepted     int `json:"accepted"` // transactions without errors
	Errors       int `json:"errors"`
	Warnings     int `json:"warnings"`
}

// Check validates what r reads and writes every finding to w as it goes, so
// that memory does not grow with the file. A text line reads
//
//	file:line:col offset path id message
//
// and a JSON line holds the finding with "file", "message" and "remedy", the
// last line a "summary". The error is about reading or writing, never about
// what was found.
func Check(w io.Writer, r io.Reader, lib *Library, o CheckOptions) (Summary, error) {
	return CheckSource(w, NewValidator(edi.NewReader(r, o.Reader), lib, o.Options), o)
}

// CheckSource does so with what a Source gives that has validated already: a
// Validator, or an edi.Parallel of several.
func CheckSource(w io.Writer, src edi.Source, o CheckOptions) (Summary, error) {
	texts, err := Messages(o.Language)
	if err != nil {
		return Summary{}, err
	}
	if o.Name == "" {
		o.Name = "-"
	}
	c := &checker{w: bufio.NewWriter(w), o: o, texts: texts}
	for err == nil {
		var e *edi.Event
		if e, err = src.Next(); err == nil {
			c.event(e)
		}
	}
	c.list(src.File())
	if o.JSON {
		c.json(map[string]Summary{"summary": c.sum})
	}
	if flushed := c.w.Flush(); flushed != nil {
		return c.sum, fmt.Errorf("write findings: %w", flushed)
	}
	if err == io.EOF {
		err = nil
	}
	return c.sum, err
}

type checker struct {
	w     *bufio.Writer
	o     CheckOptions
	texts *Catalogue
	sum   Summary
}

// event writes the findings of an envelope when it is complete.
func (c *checker) event(e *edi.Event) {
	switch e.Kind {
	case edi.InterchangeStart:
		c.sum.Interchanges++
	case edi.GroupStart:
		c.sum.Groups++
	case edi.TransactionStart:
		c.sum.Transactions++
	case edi.TransactionEnd:
		if e.Transaction.OK() {
			c.sum.Accepted++
		}
		c.list(&e.Transaction.Findings)
	case edi.GroupEnd:
		c.list(&e.Group.Findings)
	case edi.InterchangeEnd:
		c.list(&e.Interchange.Findings)
	}
}

func (c *checker) list(l *edi.Findings) {
	c.sum.Errors += l.Errors
	c.sum.Warnings += l.Warnings
	for i := range l.List {
		c.finding(&l.List[i])
	}
	if l.Dropped > 0 && !c.o.JSON {
		fmt.Fprintf(c.w, "%s: %d more findings of this envelope are not shown\n", c.o.Name, l.Dropped)
	}
}

func (c *checker) finding(f *edi.Finding) {
	if c.o.JSON {
		c.json(jsonFinding{c.o.Name, f, f.Path.String(), c.texts.Message(f), c.texts.Remedy(f)})
		return
	}
	fmt.Fprintf(c.w, "%s:%d:%d %d %s %s %s", c.o.Name, f.Position.Line, f.Position.Column, f.Position.Offset, orDash(f.Path.String()), f.ID, c.texts.Message(f))
	if f.Severity == edi.Warning {
		fmt.Fprint(c.w, " (warning)")
	}
	fmt.Fprintln(c.w)
	if remedy := c.texts.Remedy(f); c.o.Remedies && remedy != "" {
		fmt.Fprintf(c.w, "\t%s\n", remedy)
	}
}

type jsonFinding struct {
	File string `json:"file"`
	*edi.Finding
	Where   string `json:"where"`
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
}

func (c *checker) json(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers alone
	}
	fmt.Fprintf(c.w, "%s\n", b)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
