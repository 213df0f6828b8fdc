// Package web is the web app and the handler that serves it. The app is
// written in TypeScript with Preact; it reads and writes by the GraphQL
// interface alone, as any partner's program does, so that policy is applied
// in one place.
//
// Where what lies:
//
//	app/               the sources: screens/, ui/ (parts that screens share), style/, locales/
//	app/operations/    every GraphQL document of the app; the .gen.ts files are made from them
//	npm/               the packages that run in the browser, as published, each with its licence
//	dist/              the build, committed and embedded
//	internal/bundle    the build: esbuild by its Go API, no Node
//
// A change of the sources is followed by "go generate ./gateway/web"; a test
// builds again and fails when dist is not what the sources say. Another test
// holds the first load under its budget of bytes.
//
// How the app is made: main.tsx asks who is signed in; app.tsx picks the
// screen for the address; client.ts holds one normalised cache for all
// screens; the subscription "changes" has the questions on screen asked again
// whose answers may be others now (refresh.ts says which). A change by another
// firm to what is on screen shows as a badge. What people type is kept in the browser at each
// key and dropped when the server has it (drafts.ts).
//
// A new language is one file: locales/pt.json beside en.json, with "pt" added
// to the list in i18n.ts; a test compares the keys and the plural forms.
//
// npm is for the type-check alone: "npm ci && npm run check" in this folder.
package web

//go:generate go run ./internal/generate
