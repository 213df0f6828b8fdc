package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

type ediCommand struct {
	Inspect  ediInspect  `cmd:"" help:"Explain every segment of a file in plain words."`
	Validate ediValidate `cmd:"" help:"Find all that is wrong with a file. Exit 0: nothing but warnings; 1: errors; 2: unreadable."`
	Ack      ediAck      `cmd:"" help:"Write the acknowledgment of a file: TA1 and 997."`
	JSON     ediJSON     `cmd:"" name:"json" help:"Write a file as JSON, segment by segment and without loss; or the records in it."`
	Write    ediWrite    `cmd:"" help:"Write JSON made by 'edi json' back as the file that it came from, byte for byte."`
	Drop     ediDrop     `cmd:"" help:"Send a file to a node, as a trading partner does."`
}

// ediFile is an EDI file that a command reads; "-" is standard input.
type ediFile struct {
	File string `arg:"" help:"The file; - is standard input."`
}

func (f ediFile) open(c console) (io.ReadCloser, error) {
	if f.File == "-" {
		return io.NopCloser(c.in), nil
	}
	file, err := os.Open(f.File)
	if err != nil {
		return nil, fail(exitUsage, err, "the file cannot be read: %v", err)
	}
	return file, nil
}

func library() *guide.Library { return guide.NewLibrary(sets.Files()) }

// unreadable gives the exit code 2 to what is no EDI at all.
func unreadable(err error) error {
	if err == nil {
		return nil
	}
	return fail(exitUsage, err, "%v", err)
}

type ediInspect struct {
	ediFile
	Color string `help:"Colour the text: auto, always or never." enum:"auto,always,never" default:"auto"`
	Lang  string `help:"Language of the messages." default:"en"`
}

// Run explains the file.
func (e *ediInspect) Run(c console) error {
	in, err := e.open(c)
	if err != nil {
		return err
	}
	defer in.Close()
	return unreadable(guide.Explain(c.out, in, library(), guide.ExplainOptions{Color: colored(e.Color, c.out), Language: e.Lang}))
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
	JSON     bool   `help:"Write one JSON object a line."`
	Remedies bool   `help:"Say what to do about each finding."`
	Lang     string `help:"Language of the messages." default:"en"`
}

// Run validates the file.
func (e *ediValidate) Run(c console) error {
	in, err := e.open(c)
	if err != nil {
		return err
	}
	defer in.Close()
	sum, err := guide.Check(c.out, in, library(), guide.CheckOptions{Name: e.File, JSON: e.JSON, Remedies: e.Remedies, Language: e.Lang})
	if err != nil {
		return unreadable(err)
	}
	if !e.JSON {
		fmt.Fprintf(c.err, "%d interchanges, %d transactions, %d accepted; %d errors, %d warnings\n",
			sum.Interchanges, sum.Transactions, sum.Accepted, sum.Errors, sum.Warnings)
	}
	if sum.Errors > 0 {
		return &failure{code: exitFound}
	}
	return nil
}

type ediAck struct {
	ediFile
	JSON          bool   `help:"Write the verdict as JSON instead of as EDI."`
	ControlNumber int    `help:"Control number of the first acknowledgment." default:"1"`
	TA1           string `help:"When to send a TA1: asked, always or never." enum:"asked,always,never" default:"asked"`
	ErrorsOnly    bool   `help:"Leave accepted transactions out of the 997."`
	AcceptErrors  bool   `help:"Accept transactions with errors, and note them (E instead of R)."`
}

// Run writes the acknowledgments of the file, one for each interchange.
func (a *ediAck) Run(c console) error {
	in, err := a.open(c)
	if err != nil {
		return err
	}
	defer in.Close()
	report, err := edi.Collect(guide.NewValidator(edi.NewReader(in, edi.Options{}), library(), guide.Options{RequireGuide: true}))
	if err != nil {
		return unreadable(err)
	}
	when := map[string]ack.When{"asked": ack.WhenAsked, "always": ack.Always, "never": ack.Never}[a.TA1]
	policy := ack.Policy{TA1: when, ErrorsOnly: a.ErrorsOnly, AcceptErrors: a.AcceptErrors}
	for i, ic := range report.Interchanges {
		if err := a.answer(c, ic, policy, a.ControlNumber+i); err != nil {
			return err
		}
	}
	return nil
}

func (a *ediAck) answer(c console, ic *edi.Interchange, policy ack.Policy, number int) error {
	answer := ack.For(ic, policy)
	if a.JSON {
		return json.NewEncoder(c.out).Encode(answer)
	}
	if answer.Empty() {
		fmt.Fprintf(c.err, "interchange %s is not to be acknowledged\n", ic.ControlNumber())
		return nil
	}
	envelope := ack.Reply(ic)
	envelope.Interchange.ControlNumber, envelope.GroupControl, envelope.FirstTransaction = number, number, 1
	envelope.Interchange.Date = time.Now().UTC()
	return unreadable(answer.Write(edi.NewWriter(c.out, edi.WriterOptions{Newline: "\n"}), envelope))
}

type ediWrite struct{ ediFile }

// Run writes JSON back as EDI.
func (e *ediWrite) Run(c console) error {
	in, err := e.open(c)
	if err != nil {
		return err
	}
	defer in.Close()
	return unreadable(edi.DecodeJSON(c.out, in))
}

type ediDrop struct {
	ediFile
	Node  string `help:"Address of the node." env:"FONDACO_NODE_URL" required:"" placeholder:"URL"`
	Token string `help:"Token of the mailbox." env:"FONDACO_TOKEN" required:"" placeholder:"TOKEN"`
}

// Run sends the file. It is safe to repeat: the same file twice changes
// nothing twice.
func (e *ediDrop) Run(ctx context.Context, c console) error {
	in, err := e.open(c)
	if err != nil {
		return err
	}
	defer in.Close()
	body, err := io.ReadAll(in)
	if err != nil {
		return fail(exitUsage, err, "the file cannot be read: %v", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(e.Node, "/")+"/edi/in", bytes.NewReader(body))
	if err != nil {
		return fail(exitUsage, err, "the address of the node: %v", err)
	}
	request.Header.Set("Authorization", "Bearer "+e.Token)
	request.Header.Set("Content-Type", "application/octet-stream")
	request.Header.Set("X-File-Name", filepath.Base(e.File))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fail(exitUnavailable, err, "the node does not answer, and nothing was sent: %v; send the file again later", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return fail(exitUnavailable, err, "the node's answer was cut off: %v; send the file again, which changes nothing twice", err)
	}
	if response.StatusCode != http.StatusOK {
		return fail(exitUsage, errors.New(response.Status), "the node refused the file: %s: %s", response.Status, bytes.TrimSpace(answer))
	}
	_, err = c.out.Write(answer)
	return err
}

type ediJSON struct {
	ediFile
	Mapped bool `help:"Write the records that the documents become, instead of the segments."`
}

// Run writes the file as JSON.
func (e *ediJSON) Run(c console) error {
	in, err := e.open(c)
	if err != nil {
		return err
	}
	defer in.Close()
	if !e.Mapped {
		return unreadable(edi.EncodeJSON(c.out, in))
	}
	guides := library()
	return unreadable(mapping.JSON(c.out, in, guides, mapping.NewLibrary(sets.Files())))
}
