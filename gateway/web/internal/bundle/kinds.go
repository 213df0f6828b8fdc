package bundle

import (
	"fmt"
	"strconv"
	"strings"

	"fondaco/policy"
	"fondaco/schema"
)

const generated = "// Generated from package schema by \"go generate\". Do not edit.\n\n"

// kinds is what every screen must know of fields beyond the API: how delicate
// each is, to tell what is hidden from what does not exist.
func kinds() []byte {
	var b strings.Builder
	b.WriteString(generated)
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

const factTypes = `export type FactType = "text" | "long" | "bool" | "int" | "decimal" | "money" | "day" | "instant" | "enum" | "link" | "texts" | "enums" | "links" | "json";

/** What can be said of a field before the server is asked. */
export interface Fact {
  type: FactType;
  /** The values of an enum, and its name. */
  of?: readonly string[];
  name?: string;
  /** The kind to which a link leads. */
  to?: string;
  /** Most characters of a text, most entries of a list. */
  max?: number;
  /** A country, by two letters. */
  country?: true;
  required?: true;
  frozen?: true;
  /** Lists, and the terms of agreements, can choose by it. */
  filter?: true;
}

/** What can be said of a kind. */
export interface KindFacts {
  /** The link to the record that it belongs to. */
  parent?: string;
  audience?: true;
  /** Records of it are sent to one firm, and never shared under an agreement. */
  addressed?: true;
  /** Not shared with anybody. */
  private?: true;
  /** Sets of fields that an agreement can open, each with what is in it. */
  sets?: Record<string, readonly string[]>;
  fields: Record<string, Fact>;
}

`

// facts is what forms are made of; it is loaded when somebody first opens one.
func facts() []byte {
	var b strings.Builder
	b.WriteString(generated)
	b.WriteString(factTypes)
	b.WriteString("export const facts: Record<string, KindFacts> = {\n")
	for _, k := range schema.Kinds() {
		fmt.Fprintf(&b, "  %s: {", k.Name)
		if k.Parent != nil {
			fmt.Fprintf(&b, " parent: %q,", k.Parent.Name)
		}
		if k.HasAudience {
			b.WriteString(" audience: true,")
		}
		if k.HasAddress {
			b.WriteString(" addressed: true,")
		}
		if k.Private {
			b.WriteString(" private: true,")
		}
		writeSets(&b, k)
		b.WriteString(" fields: {\n")
		for _, f := range k.Fields {
			if !f.System || f.Filter {
				fmt.Fprintf(&b, "    %s: { %s },\n", f.Name, fact(f))
			}
		}
		b.WriteString("  } },\n")
	}
	b.WriteString("};\n")
	return []byte(b.String())
}

func writeSets(b *strings.Builder, k *schema.Kind) {
	var sets []string
	for _, set := range policy.FieldSets(k) {
		var names []string
		for _, f := range k.Fields {
			if set.Fields.Has(f.Bit) {
				names = append(names, strconv.Quote(f.Name))
			}
		}
		sets = append(sets, fmt.Sprintf("%q: [%s]", set.Name, strings.Join(names, ", ")))
	}
	if len(sets) > 0 {
		fmt.Fprintf(b, " sets: { %s },", strings.Join(sets, ", "))
	}
}

func fact(f *schema.Field) string {
	parts := []string{"type: " + strconv.Quote(factType(f))}
	if len(f.Enum) > 0 {
		values := make([]string, len(f.Enum))
		for i, v := range f.Enum {
			values[i] = strconv.Quote(v)
		}
		parts = append(parts, "of: ["+strings.Join(values, ", ")+"]", "name: "+strconv.Quote(f.EnumName()))
	}
	if to := f.Target(); to != nil {
		parts = append(parts, "to: "+strconv.Quote(to.Name))
	}
	if limited := f.Type == schema.Text || f.Type == schema.TextList || f.Type == schema.LinkList; limited && f.Max > 0 {
		parts = append(parts, "max: "+strconv.Itoa(f.Max))
	}
	if isCountry(f) {
		parts = append(parts, "country: true")
	}
	if f.Required && !f.System {
		parts = append(parts, "required: true")
	}
	if f.Frozen {
		parts = append(parts, "frozen: true")
	}
	if f.Filter {
		parts = append(parts, "filter: true")
	}
	return strings.Join(parts, ", ")
}

// isCountry tells whether a field holds a country as two letters, rather than
// as a partner happened to write it.
func isCountry(f *schema.Field) bool {
	const code = 2
	return f.Type == schema.Text && f.Max == code && strings.HasSuffix(strings.ToLower(f.Name), "country")
}

func factType(f *schema.Field) string {
	switch f.Type {
	case schema.Text:
		if f.Long {
			return "long"
		}
		return "text"
	case schema.Bool:
		return "bool"
	case schema.Int:
		return "int"
	case schema.Decimal:
		return "decimal"
	case schema.Amount:
		return "money"
	case schema.Day:
		return "day"
	case schema.Instant:
		return "instant"
	case schema.Enum:
		return "enum"
	case schema.Link:
		return "link"
	case schema.TextList:
		return "texts"
	case schema.EnumList:
		return "enums"
	case schema.LinkList:
		return "links"
	case schema.JSON:
		return "json"
	}
	panic("bundle: no form for the type of " + f.String())
}
