package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"fondaco/edi/guide"
)

type ediSample struct {
	ediGuides
	Set     string `arg:"" help:"The set or message, as 850 or ORDERS; or a guide by its name or file."`
	Release string `aliases:"version" help:"The version, as 005010 or D01B; the first that there is if it is left out." placeholder:"VERSION"`
	Seed    uint64 `help:"Chooses among the documents that the guide allows; the same number gives the same document." default:"1"`
	Broken  string `help:"Write into this folder, one document for each rule that can be broken, with nothing else wrong with it." placeholder:"DIR"`
}

// Run makes the document up.
func (s *ediSample) Run(c console) error {
	g, err := s.guide()
	if err != nil {
		return err
	}
	o := guide.SampleOptions{Seed: s.Seed}
	if s.Broken != "" {
		return s.broken(c, g, o)
	}
	document, err := guide.Sample(g, o)
	if err != nil {
		return fail(exitUsage, err, "%s allows no document with seed %d: %v; try another --seed, or look for rules that contradict one another", g.Name, s.Seed, err)
	}
	_, err = c.out.Write(document)
	return err
}

// guide is the one asked for: by name or file, or by set and version.
func (s *ediSample) guide() (*guide.Guide, error) {
	names, err := s.library().List()
	if err != nil {
		return nil, fail(exitUsage, err, "the guides cannot be listed: %v", err)
	}
	version := strings.ReplaceAll(s.Release, ".", "")
	for _, name := range names {
		if path.Base(name) == s.Set && (version == "" || strings.EqualFold(path.Base(path.Dir(name)), version)) {
			return s.named(name)
		}
	}
	if s.Release != "" {
		return nil, fail(exitUsage, guide.ErrNoGuide, "there is no guide for %s in version %s; 'fondaco edi guide list' names those there are", s.Set, s.Release)
	}
	return s.named(s.Set)
}

// broken writes a document for each rule, named after the finding that it has.
func (s *ediSample) broken(c console, g *guide.Guide, o guide.SampleOptions) error {
	list, err := guide.Broken(g, o)
	if err != nil {
		return fail(exitUsage, err, "%s allows no document with seed %d: %v; try another --seed", g.Name, s.Seed, err)
	}
	if err := os.MkdirAll(s.Broken, 0o750); err != nil {
		return fail(exitUsage, err, "the folder cannot be made: %v; name another one with --broken", err)
	}
	for _, b := range list {
		name := filepath.Join(s.Broken, b.ID+".edi")
		if err := os.WriteFile(name, b.Document, 0o600); err != nil {
			return fail(exitUsage, err, "the document cannot be written: %v; name another folder with --broken", err)
		}
		fmt.Fprintf(c.out, "%s %s\n", name, b.Path)
	}
	return nil
}

type ediDiff struct {
	ediGuides
	A string `arg:"" help:"A guide: a name that 'guide list' gives, or a file."`
	B string `arg:"" help:"The guide to compare it with."`
}

// Run compares the guides. As with diff(1) the exit code is 1 if they differ.
func (d *ediDiff) Run(c console) error {
	a, err := d.named(d.A)
	if err != nil {
		return err
	}
	b, err := d.named(d.B)
	if err != nil {
		return err
	}
	differences := guide.Diff(a, b)
	var failed []error
	for _, x := range differences {
		_, err := fmt.Fprintln(c.out, x)
		failed = append(failed, err)
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	if len(differences) > 0 {
		return &failure{code: exitFound}
	}
	return nil
}
