package policy

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"github.com/shopspring/decimal"

	"fondaco/schema"
)

// celFilter writes a filter in the language of CEL. Values stand in a list
// beside it, the record's fields in a map r; an amount is two entries.
func celFilter(f *Filter, values *[]any) string {
	var all []string
	for _, one := range f.list {
		all = append(all, celFilter(one, values))
	}
	switch f.op {
	case OpAnd:
		return "(" + strings.Join(all, " && ") + ")"
	case OpOr:
		return "(" + strings.Join(all, " || ") + ")"
	case OpNot:
		return "!" + all[0]
	case OpIsNull:
		return fmt.Sprintf("((r.%s == null) == %v)", f.field.Name, f.values[0])
	default:
	}
	return fmt.Sprintf("(r.%s != null && %s)", f.field.Name, celComparison(f, values))
}

func celComparison(f *Filter, values *[]any) string {
	name := "r." + f.field.Name
	at := func(i int) string {
		*values = append(*values, celValue(f.values[i]))
		return fmt.Sprintf("v[%d]", len(*values)-1)
	}
	if m, ok := f.values[0].(schema.Money); ok {
		*values = append(*values, m.Currency)
		currency := fmt.Sprintf("%s_currency == v[%d]", name, len(*values)-1)
		if f.op == OpNe {
			return fmt.Sprintf("(!(%s) || %s != %s)", currency, name, at(0))
		}
		if f.op == OpBetween {
			return fmt.Sprintf("(%s && %s >= %s && %s <= %s)", currency, name, at(0), name, at(1))
		}
		return fmt.Sprintf("(%s && %s %s %s)", currency, name, celSymbols[f.op], at(0))
	}
	switch f.op {
	case OpIn:
		var list []any
		for _, v := range f.values {
			list = append(list, celValue(v))
		}
		*values = append(*values, list)
		return fmt.Sprintf("%s in v[%d]", name, len(*values)-1)
	case OpBetween:
		return fmt.Sprintf("%s >= %s && %s <= %s", name, at(0), name, at(1))
	case OpStartsWith:
		return fmt.Sprintf("string(%s).startsWith(string(%s))", name, at(0))
	case OpHas:
		return fmt.Sprintf("%s in %s", at(0), name)
	default:
		return fmt.Sprintf("%s %s %s", name, celSymbols[f.op], at(0))
	}
}

var celSymbols = map[Op]string{OpEq: "==", OpNe: "!=", OpLt: "<", OpLte: "<=", OpGt: ">", OpGte: ">="}

// celValue gives a canonical value as CEL knows it: decimals as whole
// millionths, which is exact for those drawn here.
func celValue(v any) any {
	switch v := v.(type) {
	case schema.ID:
		return v.String()
	case decimal.Decimal:
		return v.Shift(6).IntPart()
	case schema.Money:
		return v.Amount.Shift(6).IntPart()
	case schema.Date:
		return v.Time(time.UTC)
	case []schema.ID:
		var list []any
		for _, one := range v {
			list = append(list, one.String())
		}
		return list
	case []string:
		var list []any
		for _, one := range v {
			list = append(list, one)
		}
		return list
	}
	return v
}

func celRecord(e schema.Entity) map[string]any {
	r := map[string]any{}
	for _, f := range schema.KindOf(e).Fields {
		v := f.Value(e)
		if r[f.Name] = nil; v != nil && f.Type != schema.JSON {
			r[f.Name] = celValue(v)
		}
		if m, ok := v.(schema.Money); ok {
			r[f.Name+"_currency"] = m.Currency
		}
	}
	return r
}

// randomValue draws one of few values of a field, so that equal ones are
// met; of a list, one entry.
func randomValue(r *rand.Rand, f *schema.Field) any {
	n := r.IntN(4)
	switch f.Type {
	case schema.Text, schema.TextList:
		return []string{"Łódź", "Porto", "Port", "P"}[n]
	case schema.Enum, schema.EnumList:
		return f.Enum[n%len(f.Enum)]
	case schema.Bool:
		return n%2 == 0
	case schema.Int:
		return []int64{-1, 0, 7, 9007199254740993}[n]
	case schema.Decimal:
		return decimal.RequireFromString([]string{"-0.000001", "0", "1.10", "99.95"}[n])
	case schema.Amount:
		return money([]string{"-1", "0.01", "12.50", "99"}[n], []string{"EUR", "PLN"}[r.IntN(2)])
	case schema.Day:
		return schema.DateOf(noon).AddDays(n - 2)
	case schema.Instant:
		return noon.Add(time.Duration(n-2) * time.Microsecond)
	case schema.Link, schema.LinkList:
		return id(byte(1 + n))
	case schema.JSON:
	}
	return nil
}

func randomRecord(t *testing.T, r *rand.Rand, k *schema.Kind) schema.Entity {
	t.Helper()
	e := k.New()
	for _, f := range k.Fields {
		if r.IntN(3) == 0 || f.Type == schema.JSON {
			continue
		}
		v := randomValue(r, f)
		switch f.Type {
		case schema.TextList, schema.EnumList:
			v = []string{v.(string), randomValue(r, f).(string)}
		case schema.LinkList:
			v = []schema.ID{v.(schema.ID)}
		default:
		}
		if err := f.Set(e, v); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// randomFilter draws a filter over any fields of the kind, with every
// comparison but contains, which chooses nothing that is shared.
func randomFilter(t *testing.T, r *rand.Rand, k *schema.Kind, depth int) *Filter {
	t.Helper()
	if depth > 1 && r.IntN(2) == 0 {
		f := &Filter{kind: k, op: []Op{OpAnd, OpOr, OpNot}[r.IntN(3)]}
		for range 1 + r.IntN(3) {
			f.list = append(f.list, randomFilter(t, r, k, depth-1))
		}
		if f.op == OpNot {
			f.list = f.list[:1]
		}
		return f
	}
	f := k.Fields[r.IntN(len(k.Fields))]
	ops := FilterOps(f)
	op := ops[r.IntN(len(ops))]
	for op == OpContains {
		op = ops[r.IntN(len(ops))]
	}
	values := []any{randomValue(r, f)}
	switch op {
	case OpIsNull:
		values = []any{r.IntN(2) == 0}
	case OpIn, OpBetween:
		values = append(values, randomValue(r, f))
		if m, ok := values[0].(schema.Money); ok {
			values[1] = schema.Money{Amount: values[1].(schema.Money).Amount, Currency: m.Currency}
		}
	default:
	}
	leaf, err := Compare(f, op, values...)
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}

// A filter holds for the records for which the same, said in CEL, holds.
func TestOracleCELOfFilters(t *testing.T) {
	t.Parallel()
	env, err := cel.NewEnv(cel.Variable("r", cel.MapType(cel.StringType, cel.DynType)), cel.Variable("v", cel.ListType(cel.DynType)))
	if err != nil {
		t.Fatal(err)
	}
	asked, held, seed := 0, 0, rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	for asked < *cases {
		k := schema.Kinds()[r.IntN(len(schema.Kinds()))]
		f := randomFilter(t, r, k, 4)
		var values []any
		text := celFilter(f, &values)
		ast, issues := env.Compile(text)
		if issues.Err() != nil {
			t.Fatalf("%s: %v", text, issues.Err())
		}
		program, err := env.Program(ast)
		if err != nil {
			t.Fatal(err)
		}
		for range 40 {
			e := randomRecord(t, r, k)
			want, _, err := program.Eval(map[string]any{"r": celRecord(e), "v": values})
			if err != nil {
				t.Fatalf("seed %d: %s of %+v: %v", seed, text, e, err)
			}
			if got := f.Match(e); got != want.Value() {
				t.Fatalf("seed %d: %s.Match(%+v) = %v, CEL says %v of %s, %v", seed, f, e, got, want, text, values)
			} else if got {
				held++
			}
			asked++
		}
	}
	t.Logf("%d filters on rows, of which %d held", asked, held)
}
