package main

import (
	"bufio"
	"io"

	"fondaco/edi"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
	"fondaco/edi/x9"
)

type ediJSON struct {
	ediFile
	ediGuides
	Mapped bool `help:"Write the records that the documents become, instead of the segments."`
}

// Run writes the file as JSON.
func (e *ediJSON) Run(c console) error {
	in, out, err := e.open(c)
	if err != nil {
		return err
	}
	defer in.Close()
	if e.Mapped {
		return e.unreadable(mapping.JSON(out, in, e.library(), mapping.NewLibrary(sets.Files())))
	}
	r, images := imageCashLetter(in)
	if images {
		return e.unreadable(x9.EncodeJSON(out, r))
	}
	return e.unreadable(edi.EncodeJSON(out, r))
}

// peekSize is enough to tell what a file is.
const peekSize = 512

// imageCashLetter tells whether a file is an image cash letter, and gives a
// reader that still has all of it.
func imageCashLetter(in io.Reader) (io.Reader, bool) {
	r := bufio.NewReaderSize(in, 64<<10)
	prefix, _ := r.Peek(peekSize) // what there is of a short file; a reading error comes again
	_, _, found := x9.Detect(prefix)
	return r, found
}
