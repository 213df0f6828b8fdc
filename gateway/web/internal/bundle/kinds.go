package bundle

import (
	"fmt"
	"strconv"
	"strings"

	"fondaco/schema"
)

// kinds is what the app must know of fields beyond the API: how delicate each
// is, to show what an agreement opens before it is signed.
func kinds() []byte {
	var b strings.Builder
	b.WriteString("// Generated from package schema by \"go generate\". Do not edit.\n\n")
	b.WriteString("export type Class = \"basic\" | \"personal\" | \"commercial\" | \"internal\";\n\n")
	b.WriteString("/** The fields of each kind that can be shared, with their class. */\n")
	b.WriteString("export const fieldClasses: Record<string, Record<string, Class>> = {\n")
	for _, k := range schema.Kinds() {
		if k.Private {
			continue
		}
		var fields []string
		for _, f := range k.Fields {
			fields = append(fields, fmt.Sprintf("%s: %s", f.Name, strconv.Quote(string(f.Class))))
		}
		fmt.Fprintf(&b, "  %s: { %s },\n", k.Name, strings.Join(fields, ", "))
	}
	b.WriteString("};\n")
	return []byte(b.String())
}
