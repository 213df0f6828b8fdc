package operation_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/gateway/operation"
)

func operationOf(t *testing.T, text string, vars map[string]json.RawMessage) *operation.Operation {
	t.Helper()
	d := parse(text)
	if len(d.Errors) > 0 {
		t.Fatal(d.Errors)
	}
	op, err := d.Operation("", vars)
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func TestCostIsKnownBeforehand(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`{__typename}`:                           0,
		`{viewer{firmId}}`:                       1,
		`{customers(first: 50){nodes{id name}}}`: 51,
		`{customers(first: 50){nodes{id name} pageInfo{endCursor} totalCount{value}}}`:                                   51,
		`{customers(first: 50){nodes{id interactions(first: 10){nodes{id}}}}}`:                                           1 + 50*(1+1+10),
		`query($n: Int = 20){customers(last: $n){nodes{id}}}`:                                                            21,
		`{nodes(ids: ["a", "b", "c"]){id ... on Customer {assignee {id}}}}`:                                              6,
		`{customers(first: 100){nodes{interactions(first: 100){nodes{customer{interactions(first: 100){nodes{id}}}}}}}}`: 1 + 100*(1+1+100*(1+1+1+100)),
		`mutation{createTeam(input:{name:"x"}){team{id}}}`:                                                               12,
	} {
		if got := operationOf(t, text, nil).Cost(); got != want {
			t.Errorf("Cost(%s) = %d, want %d", text, got, want)
		}
	}
}

func TestFieldsAreCollectedInTheOrderOfTheQuery(t *testing.T) {
	t.Parallel()
	op := operationOf(t, `query($yes: Boolean = true) {
		z: viewer { firmId } ...F a: viewer { roles } gone: viewer @skip(if: $yes) { roles }
		... on Query @include(if: false) { never: viewer { roles } } z: viewer { userId }
	}
	fragment F on Query { m: viewer { firmId } z: viewer { actor } }`, nil)
	var keys []string
	for _, g := range op.Root() {
		keys = append(keys, g.Key)
	}
	if diff := cmp.Diff([]string{"z", "m", "a"}, keys); diff != "" {
		t.Errorf("Root (-want +got):\n%s", diff)
	}
	var inner []string
	for _, g := range op.Collect(op.Type("Viewer"), op.Root()[0].Sets...) {
		inner = append(inner, g.Key)
	}
	if diff := cmp.Diff([]string{"firmId", "actor", "userId"}, inner); diff != "" {
		t.Errorf("Collect (-want +got):\n%s", diff)
	}
}
