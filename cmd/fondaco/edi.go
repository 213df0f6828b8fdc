package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

type ediCommand struct {
	Inspect   ediInspect   `cmd:"" help:"Explain every segment of a file in plain words."`
	Validate  ediValidate  `cmd:"" help:"Find all that is wrong with a file. Exit 0: nothing but warnings; 1: errors; 2: unreadable."`
	Ack       ediAck       `cmd:"" help:"Write the acknowledgment of a file: TA1, 997, 999 or CONTRL."`
	JSON      ediJSON      `cmd:"" name:"json" help:"Write a file as JSON, segment by segment and without loss; or the records in it."`
	Write     ediWrite     `cmd:"" help:"Write JSON made by 'edi json' back as the file that it came from, byte for byte."`
	Sample    ediSample    `cmd:"" help:"Make up a valid document from a guide, or one for each rule that can be broken."`
	Diff      ediDiff      `cmd:"" help:"Tell in what two guides differ. Exit 0: in nothing; 1: in something."`
	Guide     ediGuide     `cmd:"" help:"List, show and check guides: the descriptions of sets and messages."`
	Directory ediDirectory `cmd:"" help:"Read the directories of UN/EDIFACT."`
	Drop      ediDrop      `cmd:"" help:"Send a file to a node, as a trading partner does."`
	Partner   ediPartner   `cmd:"" help:"Agree with other firms on the exchange of files."`
	Send      ediSend      `cmd:"" help:"Have a node send the documents of a file to a trading partner, with control numbers of its own."`
	Sent      ediSent      `cmd:"" help:"List what was sent to trading partners, how they acknowledged it, and what is overdue."`
}

// ediFile is an EDI file that a command reads; "-" is standard input.
type ediFile struct {
	File string `arg:"" help:"The file; - is standard input."`
}

// read reads the whole file.
func (f ediFile) read(c console) ([]byte, error) {
	in, _, err := f.open(c)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	body, err := io.ReadAll(in)
	if err != nil {
		return nil, fail(exitUsage, err, "the file cannot be read: %v; send it again when it can", err)
	}
	return body, nil
}

// open opens the file. A person at a terminal sees how far a long reading has
// come; what the command writes goes to the writer that is returned with it.
func (f ediFile) open(c console) (io.ReadCloser, io.Writer, error) {
	in, size := io.NopCloser(c.in), int64(0)
	if f.File != "-" {
		file, err := os.Open(f.File)
		if err != nil {
			return nil, nil, notReadable(err)
		}
		info, err := file.Stat()
		if err == nil && info.IsDir() {
			err = &fs.PathError{Op: "read", Path: f.File, Err: errors.New("is a folder")}
		}
		if err != nil {
			file.Close()
			return nil, nil, notReadable(err)
		}
		in, size = file, info.Size()
	}
	if !terminal(c.err) {
		return in, c.out, nil
	}
	p := newProgress(in, size, c.err)
	return p, p.beside(c.out), nil
}

func notReadable(err error) error {
	return fail(exitUsage, err, "the file cannot be read: %v; give the path of an EDI file, or - for standard input", err)
}

// unreadable gives the exit code 2 to what is no EDI at all, and says what it
// may be instead.
func (f ediFile) unreadable(err error) error {
	var format *edi.FormatError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &format) && format.Encoding != "":
		return fail(exitUsage, err, "%s: no interchange found: the file is in %s; convert it first, for example with: %s", f.File, format.Encoding, format.Remedy)
	case errors.Is(err, edi.ErrNoInterchange):
		return fail(exitUsage, err, "%s: no interchange found: nothing in it begins as X12 (ISA), EDIFACT (UNA, UNB, UNH) or TRADACOMS (STX) does; "+
			"if it is compressed or encrypted, unpack it first", f.File)
	case errors.Is(err, edi.ErrUnsupported):
		return fail(exitUsage, err, "%s: %v; 'fondaco edi json' reads it segment by segment, without a guide", f.File, err)
	}
	return fail(exitUsage, err, "%s: %v", f.File, err)
}

// ediGuides says which guides a command uses.
type ediGuides struct {
	Guides string `help:"Folder with guides of your own, which count before those that come with the program." type:"existingdir" placeholder:"DIR"`
}

func (g ediGuides) library() *guide.Library {
	if g.Guides == "" {
		return guide.NewLibrary(sets.Files())
	}
	return guide.NewLibrary(os.DirFS(g.Guides), sets.Files())
}

// named is the guide in a file, or the one of this name in the library.
func (g ediGuides) named(name string) (*guide.Guide, error) {
	lib := g.library()
	text, err := os.ReadFile(name)
	if err != nil {
		found, loading := lib.Load(name)
		if loading == nil {
			return found, nil
		}
		if !errors.Is(loading, guide.ErrNoGuide) {
			return nil, fail(exitUsage, loading, "%v", loading)
		}
		return nil, fail(exitUsage, loading, "%s is neither a file nor a guide; 'fondaco edi guide list' names the guides", name)
	}
	found, err := lib.Read(filepath.ToSlash(name), string(text))
	if err != nil {
		return nil, fail(exitUsage, err, "the guide cannot be used: %v; 'fondaco edi guide check' tells whether it is in order", err)
	}
	return found, nil
}

// ediRules are the flags of commands that validate.
type ediRules struct {
	ediGuides
	Guide string `help:"Validate the transactions of its set with this guide: a file, or a name that 'guide list' gives." placeholder:"FILE"`
}

// options gives the options of a validation, and the library for the rest.
func (r ediRules) options() (guide.Options, *guide.Library, error) {
	var o guide.Options
	if r.Guide != "" {
		g, err := r.named(r.Guide)
		if err != nil {
			return o, nil, err
		}
		o.Guide = g
	}
	return o, r.library(), nil
}

// ediLanguage is the language of messages.
type ediLanguage struct {
	Language string `help:"Language of the messages: en, pt, pl, fr or es." default:"en" aliases:"lang"`
}

func (l ediLanguage) check() error {
	if _, err := guide.Messages(l.Language); err != nil {
		return fail(exitUsage, err, "%v", err)
	}
	return nil
}

// plural is a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
