package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
	"fondaco/edi/x9"
)

type ediWrite struct {
	ediFile
	ediGuides
	ediLanguage
	Mapped   bool   `help:"Read records, one on a line as 'json --mapped' writes them, and write the documents that they become."`
	Sender   string `help:"With --mapped: who sends, as ID or QUALIFIER:ID." placeholder:"ID"`
	Receiver string `help:"With --mapped: who receives, as ID or QUALIFIER:ID." placeholder:"ID"`
	Test     bool   `help:"With --mapped: mark the interchanges as a test."`
}

// Run writes JSON back as EDI. The form says by its name what it stands for.
func (e *ediWrite) Run(c console) error {
	in, out, err := e.open(c)
	if err != nil {
		return err
	}
	defer in.Close()
	if e.Mapped {
		return e.records(c, out, in)
	}
	r := bufio.NewReaderSize(in, 64<<10)
	prefix, _ := r.Peek(peekSize)
	switch {
	case bytes.Contains(prefix, []byte(`"fondaco.edi.x9/`)):
		return e.unreadable(x9.DecodeJSON(out, r))
	case bytes.HasPrefix(bytes.TrimSpace(prefix), []byte(`{"kind":`)):
		return fail(exitUsage, nil, "%s holds records; write them as documents with --mapped, --sender and --receiver", e.File)
	}
	return e.unreadable(edi.DecodeJSON(out, r))
}

// records writes documents. Those before the first record that cannot be one are
// valid, and stay written.
func (e *ediWrite) records(c console, out io.Writer, in io.Reader) error {
	if e.Sender == "" || e.Receiver == "" {
		return fail(exitUsage, nil, "say between whom the documents go, by --sender and --receiver, such as ZZ:LUSODIST and 01:364128874")
	}
	texts, err := guide.Messages(e.Language)
	if err != nil {
		return err
	}
	o := mapping.WriteOptions{Date: time.Now(), Test: e.Test}
	o.SenderQualifier, o.Sender = qualified(e.Sender)
	o.ReceiverQualifier, o.Receiver = qualified(e.Receiver)
	w := bufio.NewWriterSize(out, 64<<10)
	err = errors.Join(mapping.Write(w, in, e.library(), mapping.NewLibrary(sets.Files()), o), w.Flush())
	wrong, ok := errors.AsType[*mapping.RecordError](err)
	if !ok {
		return e.unreadable(err)
	}
	for i := range wrong.Findings {
		f := &wrong.Findings[i]
		fmt.Fprintf(c.err, "%s:%d %s %s %s\n", e.File, wrong.Line, f.Path, f.ID, texts.Message(f))
	}
	place, code := fmt.Sprintf("%s:%d", e.File, wrong.Line), exitFound
	if wrong.Column > 0 { // it is not even a record
		place, code = fmt.Sprintf("%s:%d", place, wrong.Column), exitUsage
	}
	return fail(code, err, "%s: %v; the documents before it are written, without the end of their interchange", place, wrong)
}
