package operation_test

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
)

func parse(text string) *operation.Document {
	return operation.Parse(sdl.Schema(), operation.DefaultLimits(), text)
}

func code(d *operation.Document) string {
	if len(d.Errors) == 0 {
		return ""
	}
	return d.Errors[0].Extensions["code"].(string)
}

func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if strings.Contains(format, "%") {
			fmt.Fprintf(&b, format, i)
		} else {
			b.WriteString(format)
		}
	}
	return b.String()
}

// attacks are documents made to exhaust a server. The first ones killed or
// stopped other servers.
func attacks() map[string][2]string {
	doubling := "{...F0} "
	for i := range 40 {
		doubling += fmt.Sprintf("fragment F%d on Query { ...F%d a%d: __typename ...F%d } ", i, i+1, i, i+1)
	}
	doubling += "fragment F40 on Query { __typename }"
	return map[string][2]string{
		"a cycle of two fragments in 85 bytes": {
			"{...A ...B} fragment A on Query{__typename ...B} fragment B on Query{__typename ...A}", operation.CodeValidate},
		"a fragment within itself":           {"{...A} fragment A on Query{...A}", operation.CodeValidate},
		"a cycle through an inline fragment": {"{...A} fragment A on Query{... on Query {...B}} fragment B on Query{... {...A}}", operation.CodeValidate},
		"a cycle through a field":            {"{...A} fragment A on Query{viewer{firm{...B}}} fragment B on Firm{owner{...B}}", operation.CodeValidate},
		"a cycle that no operation reaches":  {"{__typename} fragment A on Query{...B} fragment B on Query{...A}", operation.CodeValidate},
		"the same field 4000 times":          {"{" + repeat(4000, "__typename ") + "}", operation.CodeLimit},
		"the same field 11 times":            {"{" + repeat(11, "__typename ") + "}", operation.CodeLimit},
		"the same object field 4000 times":   {"{" + repeat(4000, "viewer{firmId} ") + "}", operation.CodeLimit},
		"the same field in inline fragments": {"{" + repeat(100, "...{__typename}") + "}", operation.CodeLimit},
		"selections 1600 deep":               {"{" + repeat(1600, "viewer{") + "__typename" + repeat(1600, "}") + "}", operation.CodeLimit},
		"selections 13 deep":                 {"{viewer{" + repeat(11, "firm{") + "id" + repeat(11, "}") + "}}", operation.CodeLimit},
		"depth hidden in fragments": {"{viewer{firm{...A}}} fragment A on Firm{owner{owner{owner{owner{...B}}}}} " +
			"fragment B on Firm{owner{owner{owner{owner{owner{owner{owner{id}}}}}}}}", operation.CodeLimit},
		"a list nested 1000 deep":            {"{nodes(ids:" + repeat(1000, "[") + repeat(1000, "]") + "){id}}", operation.CodeLimit},
		"a list nested 6 deep":               {"{nodes(ids:[[[[[[]]]]]]){id}}", operation.CodeLimit},
		"an illegal character at the end":    {"{__typename}" + strings.Repeat(" ", 16000) + "\x00", operation.CodeParse},
		"80 KB":                              {"{__typename}" + strings.Repeat(" ", 80000), operation.CodeLimit},
		"31 aliases":                         {"{" + repeat(31, "a%d: __typename ") + "}", operation.CodeLimit},
		"fragments that double each other":   {doubling, operation.CodeLimit},
		"one fragment spread 600 times":      {"{" + repeat(600, "...A ") + "} fragment A on Query{__typename}", operation.CodeLimit},
		"60 directives":                      {"{" + repeat(20, "viewer @include(if:true) @skip(if:false) @include(if:true) {firmId} ") + "}", operation.CodeLimit},
		"6 directives at one place":          {"{viewer" + repeat(6, " @include(if:true)") + "{firmId}}", operation.CodeLimit},
		"6 operations":                       {repeat(6, "query Q%d {__typename} "), operation.CodeLimit},
		"101 variables":                      {"query(" + repeat(101, "$v%d: Int ") + "){__typename}", operation.CodeLimit},
		"introspection 21 deep":              {"{__schema{queryType{" + repeat(19, "ofType{") + "name" + repeat(19, "}") + "}}}", operation.CodeLimit},
		"introspection of lists in a circle": {"{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}", operation.CodeValidate},
		"type definitions":                   {"type A {a: Int} {__typename}", operation.CodeParse},
		"nothing":                            {"", operation.CodeParse},
		"fragments alone":                    {"fragment A on Query {__typename}", operation.CodeParse},
		"an open string":                     {`{node(id:"`, operation.CodeParse},
		"an open block string":               {`{node(id:"""` + strings.Repeat("x", 10000), operation.CodeParse},
		"a surrogate escape":                 {`{node(id:"\ud83d"){id}}`, ""},
		"two fields of a subscription":       {"subscription {changes{id} a: changes{id}}", operation.CodeValidate},
		"an unknown field":                   {"{customrs{id}}", operation.CodeValidate},
		"250 fragments with one field":       {"{" + repeat(250, "...F%d ") + "}" + repeat(250, "fragment F%d on Query{__typename}"), operation.CodeLimit},
		"120 fragments with one field":       {"{" + repeat(120, "...F%d ") + "}" + repeat(120, "fragment F%d on Query{__typename}"), ""},
		"braces that never close":            {strings.Repeat("{", 16000), operation.CodeLimit},
		"parentheses that never close":       {"{a" + strings.Repeat("(", 1900), operation.CodeLimit},
		"numbers with many digits":           {"{customers(first:" + strings.Repeat("9", 15000) + "){nodes{id}}}", operation.CodeValidate},
		"comments alone":                     {strings.Repeat("#\n", 8000), operation.CodeLimit},
		"commas alone":                       {strings.Repeat(",", 16000), operation.CodeParse},
		"a byte order mark in the middle":    {"{\ufeff__typename\ufeff}", ""},
		"invalid UTF-8":                      {"{node(id:\"\xff\xfe\"){id}}", ""},
	}
}

//nolint:paralleltest // it looks at the CPU time of its thread
func TestAttacksAreRefusedAtOnce(t *testing.T) {
	parse("{__typename}") // what is made once is not counted
	for name, attack := range attacks() {
		t.Run(name, func(t *testing.T) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			start := threadTime(t)
			d := parse(attack[0])
			took := threadTime(t) - start
			if got := code(d); got != attack[1] {
				t.Errorf("Parse(%.80q) has code %q (%v), want %q", attack[0], got, d.Errors, attack[1])
			}
			// The bar is 5 ms; the race detector multiplies it.
			if took > 100*time.Millisecond {
				t.Errorf("Parse(%.80q) took %v of CPU time", attack[0], took)
			}
			t.Logf("%v", took)
		})
	}
}

// threadTime is the CPU time that the calling thread has used.
func threadTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func TestGoodDocumentsPass(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a list with children": `query Q($n: Int!, $where: CustomerFilter) {
			customers(first: $n, filter: $where, orderBy: [{field: NAME}]) {
				totalCount { value isExact }
				edges { cursor node { id name interactions(first: 10) { nodes { id subject } } } }
			}
		}`,
		"a shared fragment": `query A { a: viewer { ...V } } query B { viewer { ...V } } fragment V on Viewer { firmId roles }`,
		"interfaces":        `{ node(id: "x") { id ... on Record { version } ... on Customer { name } } }`,
		"a mutation":        `mutation M($i: CreateCustomerInput!) { createCustomer(input: $i) { customer { id } userErrors { message ... on VersionConflict { currentVersion } } } }`,
		"a subscription":    `subscription { changes(kinds: [CUSTOMER]) { cursor record { id } } }`,
		"introspection":     `{ __schema { types { name fields { name type { name ofType { name ofType { name } } } } } } }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := parse(text); len(d.Errors) > 0 {
				t.Errorf("Parse = %v, want no errors", d.Errors)
			}
		})
	}
}

func TestNothingIsSuggested(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"{customrs(first:1){nodes{id}}}", "{customers(frst:1){nodes{id}}}", "{node(id:1){... on Custmer{name}}}",
		"query($a: CustomrFilter){__typename}", `{customers(first:1,orderBy:{field:NAM}){nodes{id}}}`, "{viewer}",
		`{customers(first:1,filter:{nam:{eq:"x"}}){nodes{id}}}`, "{__typename @includes(if:true)}",
	} {
		d := parse(text)
		if len(d.Errors) == 0 {
			t.Errorf("Parse(%q) found nothing", text)
		}
		for _, e := range d.Errors {
			if strings.Contains(strings.ToLower(e.Message), "did you mean") {
				t.Errorf("Parse(%q) suggests: %s", text, e.Message)
			}
		}
	}
}

func TestStoreKeepsWhatIsUsedAndStaysBounded(t *testing.T) {
	t.Parallel()
	s := operation.NewStore(sdl.Schema(), operation.DefaultLimits(), 64<<10)
	first, bad := s.Document("{__typename}"), s.Document("{nothing}")
	if s.Document("{__typename}") != first || s.Document("{nothing}") != bad {
		t.Error("a document is parsed anew although it is kept")
	}
	for i := range 2000 {
		s.Document(fmt.Sprintf("{a%d: __typename}", i))
		s.Document("{__typename}")
	}
	if s.Document("{__typename}") != first {
		t.Error("the document used most was dropped")
	}
	if n := s.Len(); n > 64<<10/256 {
		t.Errorf("the store holds %d documents", n)
	}
}

func FuzzParse(f *testing.F) {
	for _, a := range attacks() {
		if len(a[0]) < 2000 {
			f.Add(a[0])
		}
	}
	f.Fuzz(func(_ *testing.T, text string) {
		d := parse(text)
		if len(d.Errors) > 0 {
			return
		}
		op, err := d.Operation("", nil)
		if err != nil {
			return
		}
		op.Cost()
		for _, g := range op.Root() {
			_, _ = op.Arguments(g.Field)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		parse(`query Q($n: Int!) { customers(first: $n) { nodes { id name interactions(first: 10) { nodes { id subject } } } } }`)
	}
}
