package directory

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// message is the structure of one message, as its segment table draws it.
type message struct {
	name    string // ORDERS
	version string // D.96A
	agency  string
	title   string
	rows    []row
}

// row is a segment, or the head of a segment group.
type row struct {
	group    bool
	id       string // the tag, or the number of the group
	required bool
	max      int
	depth    int // how many groups it stands in, itself included
	closes   int // how many of them end with it
}

var (
	groupRow   = regexp.MustCompile(`(?i)-+ *segment +group +(\d+) *-* +([MC]) +(\d+) *-*\+?([-+| ]*)$`)
	segmentRow = regexp.MustCompile(`^(?:\d{4,5})?` + marks + `\b([A-Z][A-Z0-9]{2}) +(.*?) +([MC]) +(\d+) *([-+| ]*)$`)
	field      = regexp.MustCompile(`^ *(Version|Release|Contr\. Agency|Message Type) *: *(\S+)`)
)

var errNoTable = errors.New("no segment table from UNH to UNT was found")

// parseMessage reads a message specification.
func parseMessage(f textFile) (*message, error) {
	n := messageName.FindStringSubmatch(f.name)
	m := &message{name: n[1], version: n[2] + "." + n[3], agency: "UN", title: title(f.lines)}
	for _, l := range f.lines {
		if a := field.FindStringSubmatch(l); a != nil && a[1] == "Contr. Agency" {
			m.agency = a[2]
			break
		}
	}
	for _, l := range f.lines {
		r, ok := parseRow(strings.TrimRight(l, " "))
		if !ok {
			continue
		}
		if !r.group && (r.id == "UNH" || r.id == "UIH") {
			m.rows = m.rows[:0] // a picture may have come before
		} else if len(m.rows) == 0 {
			continue
		}
		if m.rows = append(m.rows, r); r.id == "UNT" || r.id == "UIT" {
			return m, m.settle()
		}
	}
	return nil, errNoTable
}

// title is what stands below the kind of recommendation on the first page.
func title(lines []string) string {
	var found []string
	for _, l := range lines {
		l = words(l)
		upper := strings.ToUpper(l)
		switch {
		case strings.HasPrefix(upper, "UN/EDIFACT"), strings.HasSuffix(upper, "RECOMMENDATION"), strings.Contains(upper, "STANDARD MESSAGE"):
		case l == "" && len(found) > 0, strings.Trim(l, "-") == "" && l != "":
			return sentence(strings.Join(found, " "))
		case l != "" && len(found) < 4:
			found = append(found, l)
		}
	}
	return sentence(strings.Join(found, " "))
}

func parseRow(l string) (row, bool) {
	if !strings.ContainsAny(l, "MC") {
		return row{}, false
	}
	if g := groupRow.FindStringSubmatchIndex(l); g != nil {
		r := row{group: true, id: l[g[2]:g[3]], required: l[g[4]:g[5]] == "M"}
		r.max, _ = strconv.Atoi(l[g[6]:g[7]])
		r.depth = bars(l[g[7]:])
		return r, r.depth > 0
	}
	s := segmentRow.FindStringSubmatch(l)
	if s == nil {
		return row{}, false
	}
	r := row{id: s[1], required: s[3] == "M"}
	r.max, _ = strconv.Atoi(s[4])
	r.depth, r.closes = bars(s[5]), strings.Count(s[5], "+")
	return r, true
}

// bars counts the lines that pass by, turn or end at the right of a row.
func bars(s string) int { return strings.Count(s, "|") + strings.Count(s, "+") }

// settle makes sure that the drawing makes sense: groups open one at a time,
// begin with a required segment and end where they should.
func (m *message) settle() error {
	open := 0
	for i := range m.rows {
		r := &m.rows[i]
		if r.group {
			if r.depth > open+1 {
				return fmt.Errorf("segment group %s stands %d deep, inside of %d", r.id, r.depth, open)
			}
			open = r.depth
			if i+1 == len(m.rows) || m.rows[i+1].group {
				return fmt.Errorf("segment group %s does not begin with a segment", r.id)
			}
			continue
		}
		if extra := r.depth - open; extra > 0 && extra <= r.closes {
			r.depth, r.closes = open, r.closes-extra // drawn as the end of a group that never began
		}
		if r.depth > open {
			return fmt.Errorf("%s stands %d deep, inside of %d groups", r.id, r.depth, open)
		}
		open = r.depth - r.closes
	}
	return nil
}
