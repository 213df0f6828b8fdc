package operation

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// The weights of what is selected.
const (
	costObject   = 1
	costMutation = 10
	costCap      = 1 << 30 // sums stop growing here, and so cannot overflow
)

// costs are those of fields that take more than their objects.
var costs = map[string]int{
	"sharingPreview":     200, // it reads every kind twice, as two readers
	"replacePolicyRules": 200, // it asks thousands of questions
	"policyRules":        20,
	"seenRecord":         20,
	"sharedCounts":       20,
	"why":                20,
}

// entryCosts are those of each entry of a page, beside that of its objects.
var entryCosts = map[string]int{
	"SeerConnection":       2, // the rules of each firm are read
	"SeenRecordConnection": 2, // rows are rebuilt from the ledger
}

// Cost tells what an operation may cost at most, before anything is read: a
// scalar nothing, an object 1, a page 1 and what its objects cost as many
// times as first or last asks for, a mutation 10; and some things more, that take
// more.
func (op *Operation) Cost() int {
	cost := op.costOf(op.RootType(), op.Def.SelectionSet)
	if op.Def.Operation == ast.Mutation {
		cost += costMutation * len(op.Root())
	}
	return cost
}

// costOf sums what the fields cost that sets select of a type. Of an abstract
// type all is summed that any fragment selects.
func (op *Operation) costOf(on *ast.Definition, sets ...ast.SelectionSet) int {
	total := 0
	for _, g := range op.all(on, sets) {
		if len(g.Sets) == 0 || strings.HasPrefix(g.Field.Name, "__") {
			continue
		}
		total = min(total+op.costOfGroup(g), costCap)
	}
	return total
}

func (op *Operation) costOfGroup(g Group) int {
	t := op.schema.Types[g.Field.Definition.Type.Name()]
	if size, paged := op.pageSize(g.Field); paged {
		return min(1+size*(entryCosts[t.Name]+op.costOf(t, g.Sets...)), costCap)
	}
	inner := op.costOf(t, g.Sets...)
	if more := costs[g.Field.Name]; more > 0 {
		return more + inner
	}
	if size := op.listSize(g.Field); size >= 0 {
		return min(size*(costObject+inner), costCap)
	}
	// What a page consists of is counted with the page.
	switch {
	case g.Field.Definition.Type.Elem != nil:
		return costObject + inner
	case t.Name == "PageInfo" || t.Name == "Count" || t.Name == "Money":
		return 0
	}
	return costObject + inner
}

// pageSize gives first or last of a field that has pages.
func (op *Operation) pageSize(f *ast.Field) (int, bool) {
	if f.Definition.Arguments.ForName("first") == nil {
		return 0, false
	}
	for _, name := range []string{"first", "last"} {
		if n, ok := op.intArgument(f, name); ok {
			return max(0, n), true
		}
	}
	return 0, true
}

func (op *Operation) intArgument(f *ast.Field, name string) (int, bool) {
	arg := f.Arguments.ForName(name)
	if arg == nil {
		return 0, false
	}
	value, _, err := op.argument(arg, f.Definition.Arguments.ForName(name))
	n, ok := value.(int64)
	return int(n), ok && err == nil
}

// listSize gives the number of ids of a field such as nodes(ids:), -1 for others.
func (op *Operation) listSize(f *ast.Field) int {
	arg := f.Arguments.ForName("ids")
	if arg == nil {
		return -1
	}
	value, _, err := op.argument(arg, f.Definition.Arguments.ForName("ids"))
	list, ok := value.([]any)
	if !ok || err != nil {
		return 0
	}
	return len(list)
}

// all gathers what is selected of a type, of an abstract one for every
// concrete type that a fragment names.
func (op *Operation) all(on *ast.Definition, sets []ast.SelectionSet) []Group {
	if on.Kind == ast.Object {
		return op.Collect(on, sets...)
	}
	var groups []Group
	seen := map[*ast.Field]bool{}
	for _, t := range op.schema.PossibleTypes[on.Name] {
		for _, g := range op.Collect(t, sets...) {
			if !seen[g.Field] {
				seen[g.Field] = true
				groups = append(groups, g)
			}
		}
	}
	return groups
}
