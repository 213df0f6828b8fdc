package gateway_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/gatewaytest"
	"fondaco/gateway/sdl"
	"fondaco/partners/partnerstest"
)

type introspected struct {
	Schema struct {
		QueryType, MutationType, SubscriptionType struct{ Name string }
		Types                                     []introspectedType
		Directives                                []struct {
			Name         string
			IsRepeatable bool
			Args         []inputValue
		}
	} `json:"__schema"`
}

type introspectedType struct {
	Kind, Name, Description string
	SpecifiedByURL          *string
	Fields                  []struct {
		Name, Description string
		Args              []inputValue
		Type              typeRef
		IsDeprecated      bool
	}
	InputFields   []inputValue
	Interfaces    []typeRef
	PossibleTypes []typeRef
	EnumValues    []struct{ Name, Description string }
}

type inputValue struct {
	Name, Description string
	Type              typeRef
	DefaultValue      *string
}

type typeRef struct {
	Kind, Name string
	OfType     *typeRef
}

func (t typeRef) String() string {
	switch t.Kind {
	case "NON_NULL":
		return t.OfType.String() + "!"
	case "LIST":
		return "[" + t.OfType.String() + "]"
	}
	return t.Name
}

const introspection = `query IntrospectionQuery { __schema {
	description queryType { name kind } mutationType { name kind } subscriptionType { name kind } types { ...FullType }
	directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL isOneOf
	fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
	inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
	enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
	ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`

func TestIntrospectionTellsTheSchema(t *testing.T) {
	t.Parallel()
	s := gatewaytest.Serve(t, partnerstest.Open(t))
	c := s.As(s.Firm("Maker", "PL"))
	var got introspected
	c.Must(introspection, nil, &got)
	if got.Schema.QueryType.Name != "Query" || got.Schema.MutationType.Name != "Mutation" || got.Schema.SubscriptionType.Name != "Subscription" {
		t.Errorf("roots are %+v", got.Schema)
	}
	if len(got.Schema.Types) != len(sdl.Schema().Types) {
		t.Errorf("%d types, want %d", len(got.Schema.Types), len(sdl.Schema().Types))
	}
	for _, typ := range got.Schema.Types {
		compareType(t, typ, sdl.Schema().Types[typ.Name])
	}
	if again := c.Do(introspection, nil); !json.Valid(again.Data) || again.Body != c.Do(introspection, nil).Body {
		t.Error("the answer differs from one time to the next")
	}
	r := c.Do(`{ none: __type(name: "None") { name } __type(name: "Date") { __typename specifiedByURL fields { name } } }`, nil)
	same(t, r.Data, `{"none":null,"__type":{"__typename":"__Type","specifiedByURL":"https://scalars.graphql.org/andimarek/local-date","fields":null}}`)
}

func compareType(t *testing.T, got introspectedType, want *ast.Definition) {
	t.Helper()
	if want == nil || got.Kind != string(want.Kind) || got.Description != want.Description {
		t.Errorf("type %s is %s %q", got.Name, got.Kind, got.Description)
		return
	}
	for _, f := range got.Fields {
		def := want.Fields.ForName(f.Name)
		if def == nil || f.Type.String() != def.Type.String() || f.Description != def.Description || len(f.Args) != len(def.Arguments) {
			t.Errorf("%s.%s is %+v", got.Name, f.Name, f)
			continue
		}
		for _, a := range f.Args {
			arg := def.Arguments.ForName(a.Name)
			if arg == nil || a.Type.String() != arg.Type.String() || (a.DefaultValue == nil) != (arg.DefaultValue == nil) {
				t.Errorf("%s.%s(%s) is %+v", got.Name, f.Name, a.Name, a)
			}
		}
	}
	for _, f := range got.InputFields {
		def := want.Fields.ForName(f.Name)
		if def == nil || f.Type.String() != def.Type.String() || (f.DefaultValue == nil) != (def.DefaultValue == nil) {
			t.Errorf("%s.%s is %+v", got.Name, f.Name, f)
		}
	}
	if len(got.EnumValues) != len(want.EnumValues) || len(got.Interfaces) != len(want.Interfaces) {
		t.Errorf("%s has %d values and %d interfaces", got.Name, len(got.EnumValues), len(got.Interfaces))
	}
	if want.IsAbstractType() && len(got.PossibleTypes) != len(sdl.Schema().PossibleTypes[want.Name]) {
		t.Errorf("%s has %d possible types", got.Name, len(got.PossibleTypes))
	}
}

// TestOtherClientsReadTheSameSchema lets graphql-js build a schema from our
// introspection and one from our text, and compares them. It needs node and
// the package graphql beside the audits.
func TestOtherClientsReadTheSameSchema(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("FONDACO_GRAPHQL_AUDIT")
	if folder == "" {
		t.Skip("NOT RUN: set FONDACO_GRAPHQL_AUDIT to a folder in which the package graphql is installed")
	}
	s := gatewaytest.Serve(t, partnerstest.Open(t))
	c := s.As(s.Firm("Maker", "PL"))
	text, err := filepath.Abs("testdata/schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	const script = `
		import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema, validateSchema } from "graphql";
		import { readFileSync } from "node:fs";
		const [url, token, file] = process.argv.slice(1);
		const query = getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true });
		const r = await fetch(url, { method: "POST", headers: { "content-type": "application/json", authorization: "Bearer " + token }, body: JSON.stringify({ query }) });
		const { data, errors } = await r.json();
		if (errors) throw new Error(JSON.stringify(errors));
		const served = buildClientSchema(data), written = buildSchema(readFileSync(file, "utf8"));
		const problems = validateSchema(written);
		if (problems.length) throw new Error(problems.join("\n"));
		if (printSchema(lexicographicSortSchema(served)) !== printSchema(lexicographicSortSchema(written))) throw new Error("the schemas differ");
		console.log("equal, " + Object.keys(served.getTypeMap()).length + " types");`
	command := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", script, s.URL+"/graphql", c.Token, text)
	command.Dir = folder
	out, err := command.CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "equal") {
		t.Errorf("%v: %s", err, out)
	}
	t.Logf("%s", out)
}
