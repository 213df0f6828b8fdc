package sdl_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/sdl"
	"fondaco/schema"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const golden = "../testdata/schema.graphql"

func TestTextIsGolden(t *testing.T) {
	t.Parallel()
	if *update {
		if err := os.WriteFile(golden, []byte(sdl.Text()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), sdl.Text()); diff != "" {
		t.Errorf("the schema differs from %s; if that is meant, run with -update (-golden +now):\n%s", golden, diff)
	}
}

func TestEveryElementIsDescribed(t *testing.T) {
	t.Parallel()
	check := func(where, doc string) {
		if doc == "" || strings.Contains(doc, "(not described)") {
			t.Errorf("%s has no description", where)
		}
	}
	for name, d := range sdl.Schema().Types {
		if d.BuiltIn {
			continue
		}
		check(name, d.Description)
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			check(name+"."+f.Name, f.Description)
			for _, arg := range f.Arguments {
				check(name+"."+f.Name+"("+arg.Name+")", arg.Description)
			}
		}
		for _, v := range d.EnumValues {
			check(name+"."+v.Name, v.Description)
		}
	}
}

func TestEveryMemberIsInTheSchema(t *testing.T) {
	t.Parallel()
	for _, k := range schema.Kinds() {
		def := sdl.Schema().Types[k.Name]
		if def == nil || def.Kind != ast.Object {
			t.Fatalf("no object type %s", k.Name)
		}
		for _, m := range sdl.Members(k) {
			if def.Fields.ForName(m.Name) == nil {
				t.Errorf("type %s lacks %s", k.Name, m.Name)
			}
		}
	}
}

func TestGlobalIDsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, k := range schema.Kinds() {
		id := schema.NewID()
		text := sdl.GlobalID(k, id)
		kind, got, err := sdl.ParseGlobalID(text)
		if err != nil || kind != k || got != id {
			t.Errorf("ParseGlobalID(%q) = %v, %v, %v; want %v, %v", text, kind, got, err, k, id)
		}
	}
}

func TestForeignGlobalIDsAreRefused(t *testing.T) {
	t.Parallel()
	good := sdl.GlobalID(schema.Customers, schema.NewID())
	for _, text := range []string{
		"", "x", good + "=", good + "A", good[:len(good)-1], strings.ToUpper(good), good + "\n",
		"Q3VzdG9tZXI6", "Tm9uZTowMTkwMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA", strings.Repeat("A", 5000),
		sdl.GlobalID(schema.Customers, schema.ID{}),
	} {
		if k, id, err := sdl.ParseGlobalID(text); err == nil {
			t.Errorf("ParseGlobalID(%q) = %v, %v; want an error", text, k, id)
		}
	}
}

func FuzzParseGlobalID(f *testing.F) {
	f.Add(sdl.GlobalID(schema.Customers, schema.NewID()))
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		k, id, err := sdl.ParseGlobalID(s)
		if err == nil && sdl.GlobalID(k, id) != s {
			t.Errorf("ParseGlobalID(%q) gives an id that is written %q", s, sdl.GlobalID(k, id))
		}
	})
}
