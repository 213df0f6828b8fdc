package schema_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"fondaco/schema"
)

// TestEverythingHasHelp: the comments of this package are what users read.
func TestEverythingHasHelp(t *testing.T) {
	t.Parallel()
	for _, k := range schema.Kinds() {
		checkSentence(t, "kind "+k.Name, k.Doc())
		for _, f := range k.Fields {
			checkSentence(t, "field "+f.String(), f.Doc())
			if f.Enum == nil {
				continue
			}
			checkSentence(t, "enum "+f.EnumName(), f.EnumTypeDoc())
			for _, value := range f.Enum {
				if f.EnumDoc(value) == "" {
					t.Errorf("value %s of enum %s has no help: write a comment behind the constant", value, f.EnumName())
				}
			}
		}
	}
}

func checkSentence(t *testing.T, what, doc string) {
	t.Helper()
	if doc == "" {
		t.Errorf("%s has no help: write a comment above it, for users", what)
		return
	}
	first, _ := utf8.DecodeRuneInString(doc)
	if !unicode.IsUpper(first) || !strings.HasSuffix(doc, ".") {
		t.Errorf("help of %s is no sentence: %q", what, doc)
	}
	if strings.Contains(doc, "\t") || strings.Contains(strings.ReplaceAll(doc, "\n\n", ""), "\n") {
		t.Errorf("help of %s has its lines as they stand in the source: %q", what, doc)
	}
}

func TestHelpOfEnumValue(t *testing.T) {
	t.Parallel()
	const want = "may come to buy"
	if got := schema.Customers.FieldNamed("status").EnumDoc("PROSPECT"); got != want {
		t.Errorf("EnumDoc(PROSPECT) = %q, want %q", got, want)
	}
	if got := schema.Customers.FieldNamed("status").EnumDoc("GONE"); got != "" {
		t.Errorf("EnumDoc(GONE) = %q, want none", got)
	}
}
