package gateway

import (
	"context"
	"fmt"
	"strings"

	"github.com/graphql-go/graphql"
	gast "github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/kinds"
	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/operation"
	"fondaco/gateway/typesystem"
)

// executor runs the fields of a mutation by graphql-go: one after another, in
// the order of the document, each with a result or an error of its own. A
// payload is a leaf to it, since the planner gives it as bytes already.
//
// graphql-go is never given a document of a stranger. What it runs is made
// here, of fields that were validated, coerced and collected before.
type executor struct{ schema graphql.Schema }

// step carries out one field of a mutation.
type step func(key string) error

func newExecutor(s *ast.Schema) (*executor, error) {
	built, err := typesystem.Build(s, typesystem.Options{
		Leaf: func(def *ast.Definition) bool { return strings.HasSuffix(def.Name, "Payload") },
		Resolve: func(parent *ast.Definition, _ *ast.FieldDefinition) graphql.FieldResolveFn {
			if parent != s.Mutation {
				return nil
			}
			return resolve
		},
	})
	if err != nil {
		return nil, err
	}
	return &executor{built}, nil
}

// resolve runs the step that came as root value. It must not panic: graphql-go
// answers a panic with the end of the process, or with its text to the client.
func resolve(p graphql.ResolveParams) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	key, _ := p.Info.Path.Key.(string)
	return key, p.Info.RootValue.(map[string]any)["step"].(step)(key)
}

// run carries out the groups. The steps keep their own results and errors;
// the error returned is one of the executor itself.
func (e *executor) run(groups []operation.Group, do step) error {
	var fields []gast.Selection
	ran := map[string]bool{}
	for i, g := range groups {
		fields = append(fields, &gast.Field{
			Kind: kinds.Field, Loc: &gast.Location{Start: i}, // the executor orders fields by their place
			Alias: name(g.Key), Name: name(g.Field.Name),
		})
	}
	result := graphql.Execute(graphql.ExecuteParams{
		Schema: e.schema,
		Root:   map[string]any{"step": step(func(key string) error { ran[key] = true; return do(key) })},
		AST: gast.NewDocument(&gast.Document{Definitions: []gast.Node{&gast.OperationDefinition{
			Kind: kinds.OperationDefinition, Operation: gast.OperationTypeMutation,
			SelectionSet: &gast.SelectionSet{Kind: kinds.SelectionSet, Selections: fields},
		}}}),
		// When its context ends, Execute returns and leaves its goroutine running. The steps honour the context of the
		// request themselves.
		Context: context.Background(),
	})
	if len(ran) != len(groups) {
		return fmt.Errorf("the executor ran %d of %d fields: %v", len(ran), len(groups), result.Errors)
	}
	return nil
}

func name(s string) *gast.Name { return gast.NewName(&gast.Name{Kind: kinds.Name, Value: s}) }
