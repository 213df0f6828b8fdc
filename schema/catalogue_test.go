package schema_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/schema"
)

var (
	update  = flag.Bool("update", false, "write the golden files anew")
	release = flag.String("release", "", "write testdata/kinds.released.txt anew, as the promise of this version")
)

const (
	catalogueFile = "testdata/kinds.txt"
	releasedFile  = "testdata/kinds.released.txt"
)

// TestCatalogue shows every change of a kind in review, as a line of text.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	got := catalogue()
	if *update {
		write(t, catalogueFile, got)
	}
	want, err := os.ReadFile(catalogueFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the kinds differ from %s; run go test ./schema -update and look at the difference (-want +got):\n%s", catalogueFile, diff)
	}
}

// TestReleasedCatalogueIsKept refuses what would change the meaning of a
// record for a peer that still runs the last release.
func TestReleasedCatalogueIsKept(t *testing.T) {
	t.Parallel()
	if *release != "" {
		write(t, releasedFile, "# The catalogue of version "+*release+", on which peers rely: nothing in it goes.\n"+catalogue())
	}
	released, err := os.ReadFile(releasedFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range brokenPromises(parse(string(released)), parse(catalogue())) {
		t.Error(broken)
	}
}

func TestBrokenPromises(t *testing.T) {
	t.Parallel()
	const released = "Tree trees\n" +
		"  0 name text basic required max=200\n" +
		"  1 owner link internal ->User\n" +
		"  2 leaf enum basic Leaf=NEEDLE|BROAD\n"
	for _, test := range []struct{ name, old, new, want string }{
		{"nothing changes", "", "", ""},
		{"a field comes last", "Leaf=NEEDLE|BROAD\n", "Leaf=NEEDLE|BROAD\n  3 height int basic\n", ""},
		{"an enum gets a value", "NEEDLE|BROAD", "NEEDLE|BROAD|NONE", ""},
		{"a text may be longer", "max=200", "max=300", ""},
		{"a field is no longer required", "required ", "", ""},
		{"a field is shown to fewer", "0 name text basic", "0 name text personal", ""},
		{"a kind goes", "Tree trees", "Bush bushes", "kind Tree was removed or renamed"},
		{"a plural changes", "Tree trees", "Tree tree", "kind Tree was listed as trees, and is as tree"},
		{"a field goes", "  2 leaf enum basic Leaf=NEEDLE|BROAD\n", "", "Tree.leaf was removed or renamed"},
		{"a field is renamed", "1 owner", "1 keeper", "Tree.owner was removed or renamed"},
		{"a field moves", "  1 owner link internal ->User\n  2 leaf", "  1 leaf", "Tree.owner was removed or renamed; Tree.leaf had bit 2, and has 1"},
		{"a field gets another type", "name text", "name int", "Tree.name was text, and is int"},
		{"a link leads elsewhere", "->User", "->Team", "Tree.owner led to User, and leads to Team"},
		{"an enum loses a value", "NEEDLE|BROAD", "NEEDLE", "Tree.leaf had the value BROAD, and has it no more"},
		{"an enum is renamed", "Leaf=", "Foliage=", "Tree.leaf was of enum Leaf, and is of Foliage"},
		{"a text must be shorter", "max=200", "max=100", "Tree.name could have 200, and can have 100"},
		{"a field becomes required", "leaf enum basic", "leaf enum basic required", "Tree.leaf was optional, and is required"},
		{"a field is shown to more", "link internal", "link basic", "Tree.owner was of class internal, and is of the more open basic"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			broken := brokenPromises(parse(released), parse(strings.Replace(released, test.old, test.new, 1)))
			if got := strings.Join(broken, "; "); got != test.want {
				t.Errorf("brokenPromises = %q, want %q", got, test.want)
			}
		})
	}
}

// catalogue prints all kinds as text, one line a field.
func catalogue() string {
	var b strings.Builder
	for _, k := range schema.Kinds() {
		fmt.Fprintf(&b, "%s %s", k, k.Plural)
		for _, fact := range []struct {
			holds bool
			name  string
		}{{k.Private, "private"}, {k.ReadOnly, "read-only"}, {k.HasAudience, "audience"}, {k.HasAddress, "addressed"}} {
			if fact.holds {
				b.WriteString(" " + fact.name)
			}
		}
		b.WriteByte('\n')
		for _, f := range k.Fields {
			fmt.Fprintf(&b, "%s\n", strings.TrimRight(fmt.Sprintf("  %2d %-25s %-8s %-10s %s", f.Bit, f.Name, typeNames[f.Type], f.Class, facts(f)), " "))
		}
		if l := k.Lifecycle; l != nil {
			for _, step := range l.Transitions {
				fmt.Fprintf(&b, "  %s --%s--> %s\n", strings.Join(step.From, "|"), step.Action, step.To)
			}
		}
	}
	return b.String()
}

var typeNames = map[schema.FieldType]string{
	schema.Text: "text", schema.Bool: "bool", schema.Int: "int", schema.Decimal: "decimal", schema.Amount: "amount",
	schema.Day: "day", schema.Instant: "instant", schema.Enum: "enum", schema.Link: "link", schema.TextList: "texts",
	schema.EnumList: "enums", schema.LinkList: "links", schema.JSON: "json",
}

func facts(f *schema.Field) string {
	var list []string
	for _, fact := range []struct {
		holds bool
		name  string
	}{
		{f.Kind.Label == f, "label"}, {f.Parent, "parent"}, {f.Required, "required"}, {f.Frozen, "frozen"}, {f.System, "system"},
		{f.Search, "search"}, {f.Sort, "sort"}, {f.Filter, "filter"}, {f.Long, "long"},
	} {
		if fact.holds {
			list = append(list, fact.name)
		}
	}
	if slices.Contains([]schema.FieldType{schema.Text, schema.TextList, schema.EnumList, schema.LinkList}, f.Type) {
		list = append(list, "max="+strconv.Itoa(f.Max))
	}
	if f.Enum != nil {
		list = append(list, f.EnumName()+"="+strings.Join(f.Enum, "|"))
	}
	if f.Target() != nil {
		list = append(list, "->"+f.Target().Name)
	}
	return strings.Join(list, " ")
}

// A promise is what a line of a catalogue says of a field.
type promise struct {
	bit, typ, class string
	facts           []string
}

// A catalogued kind has its plural and its fields by name, and their names in order.
type cataloguedKind struct {
	name, plural string
	names        []string
	fields       map[string]promise
}

func parse(text string) []cataloguedKind {
	var list []cataloguedKind
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) < 2 || words[0] == "#":
		case line[0] != ' ':
			list = append(list, cataloguedKind{name: words[0], plural: words[1], fields: map[string]promise{}})
		case words[0][0] >= '0' && words[0][0] <= '9':
			k := &list[len(list)-1]
			k.names = append(k.names, words[1])
			k.fields[words[1]] = promise{words[0], words[2], words[3], words[4:]}
		}
	}
	return list
}

// brokenPromises tells what the present catalogue breaks of a released one.
func brokenPromises(released, present []cataloguedKind) []string {
	var broken []string
	for _, was := range released {
		i := slices.IndexFunc(present, func(k cataloguedKind) bool { return k.name == was.name })
		if i < 0 {
			broken = append(broken, fmt.Sprintf("kind %s was removed or renamed", was.name))
			continue
		}
		is := present[i]
		if was.plural != is.plural {
			broken = append(broken, fmt.Sprintf("kind %s was listed as %s, and is as %s", was.name, was.plural, is.plural))
		}
		for _, name := range was.names {
			field := was.name + "." + name
			now, ok := is.fields[name]
			if !ok {
				broken = append(broken, field+" was removed or renamed")
				continue
			}
			for _, b := range was.fields[name].brokenBy(now) {
				broken = append(broken, field+" "+b)
			}
		}
	}
	return broken
}

func (p promise) brokenBy(now promise) []string {
	var broken []string
	refuse := func(cond bool, format string, args ...any) {
		if cond {
			broken = append(broken, fmt.Sprintf(format, args...))
		}
	}
	openness := func(class string) int { return slices.Index(schema.Classes(), schema.Class(class)) }
	refuse(p.bit != now.bit, "had bit %s, and has %s", p.bit, now.bit)
	refuse(p.typ != now.typ, "was %s, and is %s", p.typ, now.typ)
	refuse(openness(now.class) < openness(p.class), "was of class %s, and is of the more open %s", p.class, now.class)
	refuse(slices.Contains(now.facts, "required") && !slices.Contains(p.facts, "required"), "was optional, and is required")
	refuse(p.fact("->") != now.fact("->"), "led to %s, and leads to %s", p.fact("->"), now.fact("->"))
	most, less := p.fact("max="), now.fact("max=")
	a, _ := strconv.Atoi(most)
	b, _ := strconv.Atoi(less)
	refuse(p.typ == now.typ && b < a, "could have %s, and can have %s", most, less)
	name, values := p.enum()
	nameNow, valuesNow := now.enum()
	refuse(name != nameNow, "was of enum %s, and is of %s", name, nameNow)
	for _, v := range values {
		refuse(name == nameNow && !slices.Contains(valuesNow, v), "had the value %s, and has it no more", v)
	}
	return broken
}

func (p promise) fact(prefix string) string {
	for _, f := range p.facts {
		if rest, ok := strings.CutPrefix(f, prefix); ok {
			return rest
		}
	}
	return ""
}

func (p promise) enum() (name string, values []string) {
	for _, f := range p.facts {
		if name, list, ok := strings.Cut(f, "="); ok && name != "max" {
			return name, strings.Split(list, "|")
		}
	}
	return "", nil
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
