package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"fondaco/edi/guide"
	"fondaco/edi/x9"
)

// imageCheck validates an image cash letter.
type imageCheck struct {
	out    *bufio.Writer
	name   string
	asJSON bool
	sum    guide.Summary
	err    error // the first one in writing
}

// checkImages writes what is wrong with an image cash letter, as guide.Check
// does of an EDI file.
func checkImages(out io.Writer, r io.Reader, name string, asJSON bool) (guide.Summary, error) {
	c := &imageCheck{out: bufio.NewWriter(out), name: name, asJSON: asJSON}
	err := x9.Check(r, c.found)
	return c.sum, errors.Join(err, c.err, c.out.Flush())
}

func (c *imageCheck) found(f *x9.Finding) {
	if f.Severity == x9.Error {
		c.sum.Errors++
	} else {
		c.sum.Warnings++
	}
	var err error
	if c.asJSON {
		err = json.NewEncoder(c.out).Encode(f)
	} else {
		_, err = fmt.Fprintf(c.out, "%s: %s\n", c.name, f)
	}
	if c.err == nil {
		c.err = err
	}
}
