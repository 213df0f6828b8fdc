package directory

import (
	"regexp"
	"strings"
)

// element is a data element of the directory.
type element struct {
	number, name, repr string
	codes              []code
}

type code struct{ value, name string }

var (
	elementHead = regexp.MustCompile(`^` + marks + `(\d{4}) +(\S.*)$`)
	reprLine    = regexp.MustCompile(`^` + marks + `Repr: *(an|a|n)(\.\.)?(\d+)`)
	usageTag    = regexp.MustCompile(` *\[[BIC]\] *$`)
)

// elementList reads EDED or, with its codes, UNCL.
func (d *Directory) elementList(lines []string, codes bool) {
	for _, e := range entries(lines) {
		d.elementEntry(e, codes)
	}
}

func (d *Directory) elementEntry(lines []string, codes bool) {
	i := 0
	for i < len(lines) && !elementHead.MatchString(lines[i]) {
		i++
	}
	if i == len(lines) {
		return
	}
	m := elementHead.FindStringSubmatch(lines[i])
	name := usageTag.ReplaceAllString(m[2], "")
	for i++; i < len(lines) && strings.TrimSpace(lines[i]) != "" && len(name) < longest; i++ {
		name = words(name, usageTag.ReplaceAllString(lines[i], ""))
	}
	e := d.element(m[1], words(name))
	for ; i < len(lines); i++ {
		if m := reprLine.FindStringSubmatch(lines[i]); m != nil {
			if e.repr = m[1] + m[2] + m[3]; codes {
				e.codeList(lines[i+1:])
			}
			return
		}
	}
}

// element returns the element with this number, a new one if need be.
func (d *Directory) element(number, name string) *element {
	e := d.elements[number]
	if e == nil {
		e = &element{number: number, name: name}
		d.elements[number] = e
	}
	return e
}

var codeLine = regexp.MustCompile(`^[+*#|X& -]( *)(\S{1,17}) +(\S.*)$`)

// The columns of a code list: a code begins at the tenth at most, the rest of a
// wrapped name at the thirteenth, the description behind that.
const (
	lastCodeColumn = 9
	lastNameColumn = 12
)

// codeList reads the values that follow a representation in UNCL.
func (e *element) codeList(lines []string) {
	if len(e.codes) > 0 {
		return
	}
	note, named := false, false
	for _, l := range lines {
		body := strings.TrimLeft(l, " ")
		switch {
		case body == "":
			note, named = false, false
			continue
		case strings.HasPrefix(strings.TrimLeft(body, "+*#|X "), "Note:"):
			note = true
			continue
		case note:
			continue
		}
		m := codeLine.FindStringSubmatch(l)
		if m != nil && len(m[1])+1 <= lastCodeColumn {
			e.codes = append(e.codes, code{m[2], words(m[3])})
			named = true
			continue
		}
		last := len(e.codes) - 1
		if column := len(l) - len(body); named && column <= lastNameColumn && len(e.codes[last].name) < longest {
			last := &e.codes[last]
			last.name = words(last.name, body)
			continue
		}
		named = false
	}
}
