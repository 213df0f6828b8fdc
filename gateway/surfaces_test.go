package gateway_test

import (
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/gatewaytest"
	"fondaco/gateway/sdl"
)

// TestEveryRootFieldHasATestOfTwoWorlds: the fields of Query and Mutation are
// driven as they stand in the schema definition (TestTwoWorldsByTheGateway
// fails on one that no document had); those of Subscription, and types that the
// drivers do not know how to draw, by name.
func TestEveryRootFieldHasATestOfTwoWorlds(t *testing.T) {
	t.Parallel()
	driven := map[string]bool{"changes": true} // by TestTwoWorldsByStreams
	for _, f := range gatewaytest.Roots("subscription") {
		if !driven[f.Name] {
			t.Errorf("the subscription %s has no test of two worlds", f.Name)
		}
	}
	scalars := map[string]bool{
		"Boolean": true, "Date": true, "DateTime": true, "Decimal": true, "Float": true, "ID": true, "Int": true, "JSON": true, "Long": true, "String": true,
	}
	for name, def := range sdl.Schema().Types {
		if def.Kind == ast.Scalar && !scalars[name] {
			t.Errorf("of the scalar %s the driver of the gateway draws no values", name)
		}
	}
	t.Logf("%d queries, %d mutations, %d subscriptions", len(gatewaytest.Roots("query")), len(gatewaytest.Roots("mutation")), len(gatewaytest.Roots("subscription")))
}
