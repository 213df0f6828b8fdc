package main

import (
	"errors"
	"fmt"
	"os"

	"fondaco/edi/guide/directory"
)

type ediDirectory struct {
	Import directoryImport `cmd:"" help:"Turn a directory as UNECE publishes it into guides."`
}

type directoryImport struct {
	ZIP      string   `arg:"" name:"zip" help:"The ZIP file, as it was downloaded." type:"existingfile"`
	To       string   `help:"Folder for the guides, which --guides of the other commands takes." required:"" placeholder:"DIR"`
	Messages []string `help:"Only these messages, as ORDERS,INVOIC." placeholder:"NAMES"`
	Codes    bool     `help:"The code lists too."`
	Compact  bool     `help:"Leave out segments and elements that no message uses."`
}

// Run imports the directory.
func (d *directoryImport) Run(c console) error {
	file, err := os.Open(d.ZIP)
	if err != nil {
		return notReadable(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return notReadable(err)
	}
	o := directory.Options{Messages: d.Messages, Compact: d.Compact}
	if d.Codes {
		o.Codes = directory.AllCodes
	}
	report, err := directory.Import(file, info.Size(), directory.Folder(d.To), o)
	if err != nil {
		if errors.Is(err, directory.ErrNoDirectory) {
			return fail(exitUsage, err, "%s: %v; take the whole ZIP file of one directory, such as d96a.zip", d.ZIP, err)
		}
		return fail(exitUsage, err, "%s: %v", d.ZIP, err)
	}
	for _, f := range report.Failed {
		fmt.Fprintf(c.err, "%s was left out: %v\n", f.Message, f.Err)
	}
	fmt.Fprintf(c.out, "%s: %s, %s, %s, %s in %s/%s\n", report.Version, plural(len(report.Messages), "message"), plural(report.Segments, "segment"),
		plural(report.Composites, "composite"), plural(report.Elements, "element"), d.To, report.Folder)
	if len(report.Failed) > 0 {
		return &failure{code: exitFound}
	}
	return nil
}
