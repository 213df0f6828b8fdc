package operations

import (
	"strings"
	"testing"
	"testing/fstest"
)

const sdl = `
type Query { node(id: ID!): Node, pump(id: ID!): Pump }
interface Node { id: ID! }
interface Made implements Node { id: ID!, maker: String }
type Pump implements Node & Made { id: ID!, maker: String, name: String, state: State!, parts(first: Int): [Pump!] }
type Valve implements Node { id: ID!, size: Int }
enum State { ON OFF }
`

func load(t *testing.T, files map[string]string) (*Set, error) {
	t.Helper()
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Load(sdl, dir)
}

func TestTypesFollowTheSchema(t *testing.T) {
	t.Parallel()
	set, err := load(t, map[string]string{
		"pumps.graphql": `query One($id: ID!, $n: Int) { pump(id: $id) { ...Row parts(first: $n) { again: id } } }
			fragment Row on Pump { id name state }`,
		"makers.graphql": `query Maker($id: ID!) { node(id: $id) { id ... on Made { maker } } }`,
		"nodes.graphql":  `query Any($id: ID!) { node(id: $id) { __typename id ... on Pump { ...Row } } }`,
	})
	if err != nil {
		t.Fatal(err)
	}
	out := set.TypeScript()
	for file, wants := range map[string][]string{
		"pumps.gen.ts": {
			`export type Row = { id: string; name: string | null; state: State };`,
			`export type OneVariables = { id: string; n?: number | null };`,
			`export type OneData = { pump: { parts: readonly ({ again: string })[] | null } & Row | null };`,
			`import type { State } from "./types.gen";`,
			`fragment Row on Pump`,
		},
		"nodes.gen.ts": {
			`import type { Row } from "./pumps.gen";`,
			`export type AnyData = { node: ({ __typename: "Pump"; id: string } & Row) | ({ __typename: "Valve"; id: string }) | null };`,
		},
		"makers.gen.ts": {`export type MakerData = { node: { id: string } & Partial<{ maker: string | null }> | null };`},
		"types.gen.ts":  {`export type State = "ON" | "OFF";`},
	} {
		for _, want := range wants {
			if !strings.Contains(string(out[file]), want) {
				t.Errorf("%s lacks %q:\n%s", file, want, out[file])
			}
		}
	}
}

func TestMistakesAreNamed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"a field that is not there":    {`query A { pump(id: "1") { colour } }`, "colour"},
		"an argument that is missing":  {`query A { pump { id } }`, "id"},
		"a fragment that is not there": {`query A { pump(id: "1") { ...Row } }`, "Row"},
		"an operation without a name":  {`{ pump(id: "1") { id } }`, "no name"},
		"no GraphQL at all":            {`pump pump`, "a.graphql"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := load(t, map[string]string{"a.graphql": test.text}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Load(%q) = %v, want an error that names %q", test.text, err, test.want)
			}
		})
	}
}
