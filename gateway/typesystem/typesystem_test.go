package typesystem_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"

	"fondaco/gateway/sdl"
	"fondaco/gateway/typesystem"
)

func TestTheWholeSchemaBuilds(t *testing.T) {
	t.Parallel()
	built, err := typesystem.Build(sdl.Schema(), typesystem.Options{})
	if err != nil {
		t.Fatal(err)
	}
	names := func(seq func(func(string) bool)) []string {
		return slices.DeleteFunc(slices.Sorted(seq), func(name string) bool { return strings.HasPrefix(name, "__") })
	}
	want := names(maps.Keys(sdl.Schema().Types))
	if diff := cmp.Diff(want, names(maps.Keys(built.TypeMap()))); diff != "" {
		t.Errorf("types (-parsed +built):\n%s", diff)
	}
	for name, def := range sdl.Schema().Types {
		object, ok := built.Type(name).(*graphql.Object)
		if !ok || strings.HasPrefix(name, "__") {
			continue
		}
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			other := object.Fields()[f.Name]
			if other == nil || other.Type.String() != f.Type.String() {
				t.Errorf("%s.%s is %v, want %s", name, f.Name, other, f.Type)
			}
		}
	}
}
