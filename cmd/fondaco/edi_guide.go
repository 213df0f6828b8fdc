package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"fondaco/edi/guide"
)

type ediGuide struct {
	List  guideList  `cmd:"" help:"Name all guides."`
	Show  guideShow  `cmd:"" help:"Show the segments of a guide, and on demand their elements."`
	Check guideCheck `cmd:"" help:"Check a guide of your own: its grammar, and that it only restricts what it extends. Exit 1: it is wrong."`
}

type guideList struct {
	ediGuides
	Like string `arg:"" optional:"" help:"Only those whose name contains this."`
}

// Run names the guides.
func (l *guideList) Run(c console) error {
	lib := l.library()
	names, err := lib.List()
	if err != nil {
		return fail(exitUsage, err, "the guides cannot be listed: %v", err)
	}
	out := bufio.NewWriter(c.out)
	broken := false
	for _, name := range names {
		if !strings.Contains(name, l.Like) {
			continue
		}
		g, err := lib.Load(name)
		if err != nil {
			broken = true
			fmt.Fprintf(out, "%-24s cannot be read: %v\n", name, err)
			continue
		}
		fmt.Fprintf(out, "%-24s %s\n", name, g.Title)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if broken {
		return &failure{code: exitFound}
	}
	return nil
}

type guideShow struct {
	ediGuides
	Name     string `arg:"" help:"A name that 'guide list' gives, or a file."`
	Path     string `arg:"" optional:"" help:"Only this place and what is below it, as PTD/QTY."`
	Elements bool   `short:"e" help:"Show the elements of each segment."`
	Codes    bool   `short:"c" help:"And the codes that they take."`
}

// Run shows the guide.
func (s *guideShow) Run(c console) error {
	g, err := s.named(s.Name)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(c.out)
	fmt.Fprintf(out, "%s  %s (%s)\n", g.Name, g.Title, g.Group)
	found := false
	for _, u := range g.Uses() {
		if s.Path != "" && u.Path != s.Path && !strings.HasPrefix(u.Path, s.Path+"/") {
			continue
		}
		found = true
		s.use(out, u)
	}
	if !found {
		return fail(exitUsage, guide.ErrNoGuide, "%s has no place %s; without a place, 'guide show' names them all", g.Name, s.Path)
	}
	return out.Flush()
}

// use writes one place, and the loop that begins with it.
func (s *guideShow) use(w io.Writer, u *guide.Use) {
	depth := 0
	for l := u.Loop; l != nil; l = l.Parent {
		depth++
	}
	pad := strings.Repeat("  ", depth)
	if u.Starts && u.Loop != nil {
		fmt.Fprintf(w, "%sloop %s  %s %s%s\n", strings.Repeat("  ", depth-1), u.Loop.ID, required(u.Loop.Required), times(u.Loop.Max), doubt(u.Loop.Unconfirmed))
	}
	fmt.Fprintf(w, "%s%-4s %s %-7s %s%s\n", pad, u.ID, required(u.Required), times(u.Max), u.Segment.Name, doubt(u.Unconfirmed))
	if !s.Elements && !s.Codes {
		return
	}
	for i := range u.Segment.Fields {
		s.field(w, pad+"  ", fmt.Sprintf("%02d", i+1), &u.Segment.Fields[i])
	}
}

// field writes an element, or a composite and its components.
func (s *guideShow) field(w io.Writer, pad, position string, f *guide.Field) {
	about := f.Number()
	if e := f.Element; e != nil {
		about = fmt.Sprintf("%-4s %s %d/%d", e.Number, e.TypeName(), e.Min, e.Max)
	}
	repeat := ""
	if f.Repeat > 1 {
		repeat = " repeats " + strconv.Itoa(f.Repeat)
	}
	fmt.Fprintf(w, "%s%s %s %-14s %s%s%s\n", pad, position, f.Usage, about, f.Name(), repeat, doubt(f.Unconfirmed))
	if f.Composite != nil {
		for i := range f.Composite.Fields {
			s.field(w, pad+"   ", fmt.Sprintf("%s-%d", position, i+1), &f.Composite.Fields[i])
		}
	}
	if f.Element == nil || !s.Codes {
		return
	}
	for _, c := range f.Element.Codes {
		fmt.Fprintf(w, "%s     %-4s %s\n", pad, c.Value, c.Name)
	}
}

func required(r bool) string {
	if r {
		return "M"
	}
	return "O"
}

func times(n int) string {
	if n == 0 {
		return ">1"
	}
	return strconv.Itoa(n)
}

func doubt(unconfirmed bool) string {
	if unconfirmed {
		return " (unconfirmed)"
	}
	return ""
}

type guideCheck struct {
	ediGuides
	Name string `arg:"" help:"The file, or a name that 'guide list' gives."`
}

// Run checks the guide.
func (k *guideCheck) Run(c console) error {
	g, err := k.named(k.Name)
	if cause := errors.Unwrap(err); err != nil && !errors.Is(err, guide.ErrNoGuide) {
		return fail(exitFound, err, "%v", cause)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s is in order: %s %s, %s\n", k.Name, g.Version, g.Set, plural(len(g.Uses()), "place"))
	return err
}
