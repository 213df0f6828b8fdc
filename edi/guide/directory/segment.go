package directory

import (
	"regexp"
	"strconv"
	"strings"
)

// part is a line of a composite or segment: what stands there, and how often.
type part struct {
	position string // 010; empty in the oldest directories
	id       string // 3139, C080
	required bool
	repeat   int
}

// group is a composite or segment: its parts in order.
type list struct {
	id, name string
	parts    []part
	notes    []dependency
}

// dependency is a note such as D5(040,030).
type dependency struct {
	kind      string
	positions []string
}

var (
	compositeHead = regexp.MustCompile(`^` + marks + `([CE]\d{3}) +(\S.*)$`)
	segmentHead   = regexp.MustCompile(`^` + marks + `([A-Z][A-Z0-9]{2}) +(\S.*)$`)
	partStart     = regexp.MustCompile(`^(\d{3})?` + marks + `([CE]\d{3}|\d{4}) +(\S.*)$`)
	partEnd       = regexp.MustCompile(`^(.*?) +([MC])(?: +(\d+))?(?: +((?:an|a|n)(?:\.\.)?\d+))?$`)
	dependencies  = regexp.MustCompile(`\b(D[1-7])\(([0-9, ]+)\)`)
)

// lists reads EDCD with the head of composites, or EDSD with that of segments.
func (d *Directory) lists(lines []string, head *regexp.Regexp, into map[string]*list) {
	for _, e := range entries(lines) {
		i := 0
		for i < len(e) && !head.MatchString(e[i]) {
			i++
		}
		if i == len(e) {
			continue
		}
		m := head.FindStringSubmatch(e[i])
		l := &list{id: m[1], name: words(m[2])}
		for i++; i < len(e) && strings.TrimSpace(e[i]) != "" && len(l.name) < longest; i++ {
			l.name = words(l.name, e[i])
		}
		d.parts(l, e[i:])
		if into[l.id] == nil && len(l.parts) > 0 {
			into[l.id] = l
		}
	}
}

// parts reads the lines below the head. A line belongs to the list itself when
// it has a position or, where the directory has none, when it does not belong to
// the composite above it.
func (d *Directory) parts(l *list, lines []string) {
	positions := false
	for _, s := range lines {
		positions = positions || len(s) > 3 && onlyDigits(s[:3]) && partStart.MatchString(s)
	}
	inside := false // a composite of a segment
	for i := 0; i < len(lines); i++ {
		s := strings.TrimRight(lines[i], " ")
		if s == "" {
			inside = false
			continue
		}
		if l.dependencies(s) {
			continue
		}
		start := partStart.FindStringSubmatch(s)
		if start == nil {
			continue
		}
		rest, used := joined(start[3], lines[i+1:])
		i += used
		end := partEnd.FindStringSubmatch(rest)
		if end == nil {
			continue
		}
		d.represent(start[2], end)
		if positions && start[1] == "" || inside {
			continue
		}
		inside = !positions && !onlyDigits(start[2]) && l.id[0] != 'C'
		p := part{position: start[1], id: start[2], required: end[2] == "M", repeat: 1}
		if n, err := strconv.Atoi(end[3]); err == nil && n > 0 {
			p.repeat = n
		}
		l.parts = append(l.parts, p)
	}
}

// dependencies takes the notes of a line, if it has any.
func (l *list) dependencies(s string) bool {
	found := dependencies.FindAllStringSubmatch(s, -1)
	for _, n := range found {
		l.notes = append(l.notes, dependency{n[1], strings.FieldsFunc(n[2], func(r rune) bool { return r == ',' || r == ' ' })})
	}
	return found != nil
}

// joined adds the lines on which a wrapped name goes on, and tells how many.
func joined(rest string, lines []string) (string, int) {
	n := 0
	for n < len(lines) && !partEnd.MatchString(rest) && len(rest) < longest && strings.TrimSpace(lines[n]) != "" && !partStart.MatchString(lines[n]) {
		rest += " " + strings.TrimSpace(lines[n])
		n++
	}
	return rest, n
}

// represent keeps the representation of an element that its own list lacks.
func (d *Directory) represent(number string, end []string) {
	if end[4] == "" {
		return
	}
	if e := d.element(number, words(end[1])); e.repr == "" {
		e.repr = end[4]
	}
}

func onlyDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
