package main

import (
	"fmt"
	"io"
	"os"

	"fondaco/edi/guide"
	"fondaco/edi/x9"
)

type ediInspect struct {
	ediFile
	ediRules
	ediLanguage
	Color string `help:"Colour the text: auto, always or never." enum:"auto,always,never" default:"auto"`
}

// Run explains the file.
func (e *ediInspect) Run(c console) error {
	if err := e.check(); err != nil {
		return err
	}
	o, lib, err := e.options()
	if err != nil {
		return err
	}
	in, out, err := e.open(c)
	if err != nil {
		return err
	}
	defer in.Close()
	r, images := imageCashLetter(in)
	if images {
		return fail(exitUsage, x9.ErrFormat, "%s is an image cash letter, which has records and no segments; 'fondaco edi json' shows them", e.File)
	}
	return e.unreadable(guide.Explain(out, r, lib, guide.ExplainOptions{Options: o, Color: colored(e.Color, c.out), Language: e.Language}))
}

// colored tells whether to colour what is written: on a terminal, unless
// NO_COLOR is set.
func colored(wish string, w io.Writer) bool {
	if wish != "auto" {
		return wish == "always"
	}
	return os.Getenv("NO_COLOR") == "" && terminal(w)
}

type ediValidate struct {
	ediFile
	ediRules
	ediLanguage
	JSON     bool `help:"Write one JSON object a line."`
	Remedies bool `help:"Say what to do about each finding."`
}

// Run validates the file.
func (e *ediValidate) Run(c console) error {
	if err := e.check(); err != nil {
		return err
	}
	o, lib, err := e.options()
	if err != nil {
		return err
	}
	in, out, err := e.open(c)
	if err != nil {
		return err
	}
	defer in.Close()
	r, images := imageCashLetter(in)
	var sum guide.Summary
	if images {
		sum, err = checkImages(out, r, e.File, e.JSON)
	} else {
		sum, err = guide.Check(out, r, lib, guide.CheckOptions{Options: o, Name: e.File, JSON: e.JSON, Remedies: e.Remedies, Language: e.Language})
	}
	if err != nil {
		return e.unreadable(err)
	}
	if !e.JSON {
		tellSummary(c.err, sum, images)
	}
	if sum.Errors > 0 {
		return &failure{code: exitFound}
	}
	return nil
}

func tellSummary(w io.Writer, sum guide.Summary, images bool) {
	if !images {
		fmt.Fprintf(w, "%d interchanges, %d transactions, %d accepted; ", sum.Interchanges, sum.Transactions, sum.Accepted)
	}
	fmt.Fprintf(w, "%d errors, %d warnings\n", sum.Errors, sum.Warnings)
}
