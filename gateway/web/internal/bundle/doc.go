// Package bundle builds the web app from its sources with esbuild's Go API: no
// Node is needed. "go generate" writes what it gives; a test builds again and
// compares, so that what is committed is what the sources say.
//
// Its steps: the kinds' fields and classes as TypeScript, the GraphQL
// documents as TypeScript (package operations), the bundle with a name for
// each file that holds a hash of its content, the page that loads it, the
// licences of what is inside.
package bundle
