package directory

import (
	"regexp"
	"strings"
)

// kind says what a text of a directory lists.
type kind uint8

const (
	kindNone kind = iota
	kindElements
	kindComposites
	kindSegments
	kindCodes
)

// kindOf tells it from the name: EDSD.01B, TRSD.96A, IDCD.99B, UNCL-1.96A.
func kindOf(name string) kind {
	stem, _, found := strings.Cut(name, ".")
	if !found {
		return kindNone
	}
	stem, _, _ = strings.Cut(stem, "_")
	switch stem {
	case "EDED", "TRED", "IDED":
		return kindElements
	case "EDCD", "TRCD", "IDCD":
		return kindComposites
	case "EDSD", "TRSD", "IDSD":
		return kindSegments
	case "UNCL", "UNCL-1", "UNCL-2":
		return kindCodes
	}
	return kindNone
}

var messageName = regexp.MustCompile(`^([A-Z]{6})_([A-Z])\.(\d\d[A-Z])(\.TXT)?$`)

func isMessage(name string) bool { return messageName.MatchString(name) }

// entries cuts a list at its ruling lines. What stands before the first is the
// introduction.
func entries(lines []string) [][]string {
	var list [][]string
	from := -1
	for i, l := range lines {
		if !isRule(l) {
			continue
		}
		if from >= 0 {
			list = append(list, lines[from:i])
		}
		from = i + 1
	}
	if from >= 0 {
		list = append(list, lines[from:])
	}
	return list
}

func isRule(l string) bool {
	l = strings.TrimSpace(l)
	return len(l) >= 50 && strings.Trim(l, "-") == ""
}

// marks are the signs of change before a line, and what a line may begin with.
const marks = `[ +*#|X&-]*`

// longest is how far a name may go on over several lines, against texts that
// are made to hurt.
const longest = 300

// words joins what a wrapped name consists of.
func words(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}
