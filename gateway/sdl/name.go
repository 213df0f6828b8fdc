package sdl

import (
	"strings"
	"unicode"

	"fondaco/schema"
)

// words splits a name in camelCase or PascalCase: DealRegistration to "deal registration".
func words(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// upperSnake turns requestAction into REQUEST_ACTION.
func upperSnake(name string) string {
	return strings.ToUpper(strings.ReplaceAll(words(name), " ", "_"))
}

// capital turns requestAction into RequestAction.
func capital(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// a puts the indefinite article before a noun.
func a(noun string) string {
	if strings.ContainsRune("aeio", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// KindEnum is the value of the enum RecordKind that stands for k.
func KindEnum(k *schema.Kind) string { return upperSnake(k.Name) }

// ActionEnum is the enum value that stands for an action of a lifecycle.
func ActionEnum(action string) string { return upperSnake(action) }

// OrderEnum is the value of the kind's order enum that stands for f; nil is
// the order of creation.
func OrderEnum(f *schema.Field) string {
	if f == nil {
		return "CREATED_AT"
	}
	return upperSnake(f.Name)
}

// connectionName names the records of kind child on their parent: its plural
// without the name of the parent (customerOverlays on Customer: overlays).
func connectionName(parent, child *schema.Kind) string {
	rest, cut := strings.CutPrefix(child.Plural, parent.Field)
	if !cut || rest == "" || !unicode.IsUpper(rune(rest[0])) {
		return child.Plural
	}
	return strings.ToLower(rest[:1]) + rest[1:]
}
